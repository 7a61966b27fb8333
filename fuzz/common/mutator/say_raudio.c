/* SPDX-License-Identifier: Apache-2.0 */
/* say_raudio.c - RTSP (RFC 2326) and RealAudio's hello (PNA) */
#include "mutator.h"
#include "mutator/phrase.h"

static void first_line(struct phrase *t, const char *method)
{
	phrase_word(t, method);
	phrase_plain(t, " rtsp://a/b RTSP/1.0");
	phrase_end(t);
	phrase_plain(t, "CSeq: ");
	phrase_number(t, 1 + rng_below(&t->w->rng, 9));
	phrase_end(t);
}

static void ports(struct talk *talk)
{
	struct phrase *t = &talk->text;
	const uint32_t port = talk_port(talk);

	phrase_word(t, "client_port");
	phrase_plain(t, "=");
	phrase_number(t, port);
	if (!rng_one_in(&t->w->rng, 4)) {
		phrase_plain(t, "-");
		phrase_number(t, port + 1 +
					 (!t->is_plain &&
					  rng_one_in(&t->w->rng, 12)));
	}
}

static void transport(struct talk *talk)
{
	static const char *const before[] = {
		"RTP/AVP;unicast;",
		"x-real-rdt/udp;",
		"RTP/AVP/TCP;",
		"RTP/AVP;a=\"b;c\";",
		"",
		"RTP/AVP;\r\n ",
	};
	static const char *const behind[] = {
		";mode=play", "",
		";",          ",RTP/AVP;client_port=4000-4001",
		" ",          ";client_port=1-2",
	};
	struct phrase *t = &talk->text;

	phrase_word(t, "Transport:");
	phrase_blank(t);
	phrase_plain(t, t->is_plain ? before[0] : RNG_PICK(&t->w->rng, before));
	ports(talk);
	phrase_plain(t, t->is_plain ? behind[0] : RNG_PICK(&t->w->rng, behind));
	phrase_end(t);
}

static void body(struct phrase *t)
{
	static const char *const lengths[] = {
		"Content-Length: 5\r\n",
		"Content-Length: 0\r\n",
		"content-length:  7 \r\n",
		"Content-Length: 99999999\r\n",
		"Content-Length: 5x\r\n",
		"Content-Length:\r\n",
		"",
	};

	phrase_plain(t, RNG_PICK(&t->w->rng, lengths));
	if (rng_one_in(&t->w->rng, 3))
		phrase_plain(t, RNG_PICK(&t->w->rng, lengths));
	phrase_plain(t, "\r\n");
	phrase_plain(t, "hello");
}

static void say_rtsp(struct talk *talk)
{
	static const char *const methods[] = {
		"SETUP",    "SETUP",   "SETUP", "SETUP",
		"DESCRIBE", "OPTIONS", "PLAY",  "SET_PARAMETER",
	};
	struct phrase *t = &talk->text;

	if (talk->step == 0 && rng_one_in(&t->w->rng, 2)) {
		first_line(t,
			   rng_one_in(&t->w->rng, 2) ? "OPTIONS" : "DESCRIBE");
		phrase_plain(t, "\r\n");
		return;
	}
	/* Media between the requests. */
	if (rng_one_in(&t->w->rng, 12)) {
		phrase_plain(t, "$");
		phrase_put8(t, 0);
		phrase_put16(t, 4);
		phrase_plain(t, "data");
	}
	first_line(t, RNG_PICK(&t->w->rng, methods));
	if (rng_one_in(&t->w->rng, 8)) {
		body(t);
		if (rng_one_in(&t->w->rng, 3))
			return;
		first_line(t, "SETUP");
	}
	transport(talk);
	phrase_end(t);
}

static void option(struct phrase *t, uint16_t number, uint16_t length)
{
	phrase_put16(t, number);
	phrase_put16(t, t->is_plain || !rng_one_in(&t->w->rng, 24)
				? length
				: (uint16_t)value_number(t->w, 2));
}

static void say_pna(struct talk *talk)
{
	struct phrase *t = &talk->text;

	phrase_plain(t, "PNA");
	phrase_put16(t, rng_one_in(&t->w->rng, 12) ? 256 : 10);
	for (uint32_t i = 1 + rng_below(&t->w->rng, 3); i != 0; i--) {
		if (rng_one_in(&t->w->rng, 8)) {
			option(t, (uint16_t)rng_below(&t->w->rng, 90), 3);
			phrase_plain(t, "abc");
			continue;
		}
		option(t, rng_one_in(&t->w->rng, 2) ? 1 : 7, 2);
		phrase_put16(t, (uint16_t)talk_port(talk));
	}
	if (t->is_plain || !rng_one_in(&t->w->rng, 8))
		phrase_put16(t, 0);
	phrase_plain(t, "R");
	if (!t->is_plain && rng_one_in(&t->w->rng, 8))
		t->len -= rng_below(&t->w->rng, t->len);
}

void say_raudio(struct talk *talk)
{
	struct work *w = talk->text.w;

	talk->from_inside = !rng_one_in(&w->rng, 12);
	if (rng_one_in(&w->rng, 3))
		say_pna(talk);
	else
		say_rtsp(talk);
}
