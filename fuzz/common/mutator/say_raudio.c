/* SPDX-License-Identifier: Apache-2.0 */
/* say_raudio.c - RTSP (RFC 2326) and RealAudio's hello (PNA) */
#include <string.h>

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

/* One port or a pair, those of before now and then. */
static void ports(struct talk *talk, uint32_t *port)
{
	struct phrase *t = &talk->text;

	if (*port == 0 || !rng_one_in(&t->w->rng, 3))
		*port = talk_port(talk);
	phrase_word(t, "client_port");
	phrase_plain(t, "=");
	phrase_number(t, *port);
	if (rng_one_in(&t->w->rng, 4))
		return;
	phrase_plain(t, "-");
	phrase_number(t,
		      *port + 1 + (!t->is_plain && rng_one_in(&t->w->rng, 12)));
}

/* A list of transports, as RealPlayer offers them; most have one. */
static void transport(struct talk *talk)
{
	static const char *const before[] = {
		"RTP/AVP;unicast;",       "x-real-rdt/udp;",
		"RTP/AVP/TCP;",           "RTP/AVP;a=\"b;c\";",
		"RTP/AVP;a=\"b\\\";c\";", "",
		"RTP/AVP;\r\n ",          "RTP/AVP; ",
		"RTP/AVP;a=\"",           "RTP/AVP;x",
	};
	static const char *const behind[] = {
		";mode=play",       "",        ";",  ";a=\"b,c\"", " ",
		";client_port=1-2", "\r\n ;a", " b",
	};
	struct phrase *t = &talk->text;
	uint32_t port = 0;

	phrase_word(t, "Transport");
	if (!t->is_plain && rng_one_in(&t->w->rng, 16))
		phrase_plain(t, " ");
	phrase_plain(t, ":");
	phrase_blank(t);
	for (;;) {
		phrase_plain(t, t->is_plain ? before[rng_below(&t->w->rng, 4)]
					    : RNG_PICK(&t->w->rng, before));
		ports(talk, &port);
		phrase_plain(t, t->is_plain ? behind[rng_below(&t->w->rng, 4)]
					    : RNG_PICK(&t->w->rng, behind));
		if (!rng_one_in(&t->w->rng, 3))
			break;
		phrase_plain(t, ",");
	}
	phrase_end(t);
}

/* The length of a body; of several the last is right. */
static void lengths(struct phrase *t, uint32_t len)
{
	static const char *const odd[] = {
		"Content-Length: 99999999\r\n",
		"Content-Length: 5x\r\n",
		"Content-Length:\r\n",
		"Content-Length: 5\r\n 5\r\n",
		"Content-Length: 5\r\r\n",
		"Content-Length : 5\r\n",
		" Content-Length: 5\r\n",
		"Content-Length: 16777216\r\n",
		"",
	};

	for (uint32_t i = 1 + rng_one_in(&t->w->rng, 3); i != 0; i--) {
		if (!t->is_plain && rng_one_in(&t->w->rng, 6)) {
			phrase_plain(t, RNG_PICK(&t->w->rng, odd));
			continue;
		}
		phrase_word(t, "Content-Length:");
		phrase_blank(t);
		phrase_number(t, i == 1 ? len : rng_below(&t->w->rng, 40));
		phrase_end(t);
	}
}

/* What nobody is to take for a message, or does not reach its end. */
static void body(struct talk *talk)
{
	static const char *const texts[] = {
		"hello",
		"",
		"\r\n\r\n",
		"SETUP a RTSP/1.0\r\nTransport: a;client_port=4002\r\n\r\n",
	};
	struct phrase *t = &talk->text;
	const char *text = RNG_PICK(&t->w->rng, texts);
	uint32_t times = rng_one_in(&t->w->rng, 4) ? 12 : 1;

	lengths(t, (uint32_t)strlen(text) * times);
	if (rng_one_in(&t->w->rng, 2))
		transport(talk);
	phrase_plain(t, "\r\n");
	while (times-- != 0)
		phrase_plain(t, text);
}

/* Media between messages (RFC 2326 10.12). */
static void media(struct phrase *t)
{
	static const uint16_t sizes[] = {0, 4, 255, 256, 600};
	const uint16_t size = RNG_PICK(&t->w->rng, sizes);

	phrase_plain(t, "$");
	phrase_put8(t, 0);
	phrase_put16(t, size);
	for (uint32_t i = 0; i < size; i++)
		phrase_put8(t, 'm');
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
	if (rng_one_in(&t->w->rng, 12))
		media(t);
	first_line(t, RNG_PICK(&t->w->rng, methods));
	if (rng_one_in(&t->w->rng, 6)) {
		body(talk);
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
