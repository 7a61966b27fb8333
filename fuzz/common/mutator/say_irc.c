/* SPDX-License-Identifier: Apache-2.0 */
/* say_irc.c - IRC: DCC requests, in messages (CTCP, RFC 1459) */
#include "mutator.h"
#include "mutator/phrase.h"

static void envelope(struct phrase *t, bool from_inside)
{
	static const char *const odd[] = {
		"NOTICE you :",          "PRIVMSG you ",  "PRIVMSG :",
		"PRIVMSG you :quoted: ", "privmsg you :", ":a PRIVMSG #b,c :",
		"POST / HTTP/1.1\r\n",
	};

	if (!t->is_plain && rng_one_in(&t->w->rng, 8)) {
		phrase_plain(t, RNG_PICK(&t->w->rng, odd));
		return;
	}
	if (!from_inside)
		phrase_plain(t, ":them!u@h ");
	phrase_plain(t, "PRIVMSG you :");
}

static void name(struct phrase *t)
{
	static const char *const odd[] = {
		"\"a name\"",
		"\"a",
		"",
		"chat",
		"aaaaaaaaaaaaaaaaaaaaaaaaaa",
		"SEND",
		"a\001",
		"\"",
		"a\"b",
	};

	if (t->is_plain || !rng_one_in(&t->w->rng, 5))
		phrase_plain(t, "file.txt");
	else
		phrase_plain(t, RNG_PICK(&t->w->rng, odd));
}

/* Does the answer name an address? Linux 2.2.26 wants one. */
static void answer_numbers(struct talk *talk, uint32_t addr, uint32_t port)
{
	struct phrase *t = &talk->text;

	if (rng_one_in(&t->w->rng, 3)) {
		phrase_number(t, addr);
		phrase_blank(t);
	}
	phrase_number(t, port);
	phrase_blank(t);
	phrase_number(t, rng_below(&t->w->rng, 100000));
}

static void offer_numbers(struct talk *talk)
{
	struct phrase *t = &talk->text;

	phrase_number(t, talk_addr(talk, talk->inside));
	phrase_blank(t);
	phrase_number(t, talk_port(talk));
	if (rng_one_in(&t->w->rng, 2)) {
		phrase_blank(t);
		phrase_number(t, rng_below(&t->w->rng, 100000));
	}
}

void say_irc(struct talk *talk)
{
	static const char *const offers[] = {
		"SEND", "CHAT", "MOVE", "TSEND", "SCHAT", "SEND", "CHAT",
	};
	struct phrase *t = &talk->text;
	const uint32_t kind = talk->has_hole ? rng_below(&t->w->rng, 6) : 0;

	/* RESUME comes from outside for an open hole, ACCEPT answers it. */
	talk->from_inside = kind < 3 || kind == 5;
	envelope(t, talk->from_inside);
	if (t->is_plain || !rng_one_in(&t->w->rng, 24))
		phrase_plain(t, "\001");
	phrase_word(t, "DCC");
	phrase_blank(t);
	if (kind < 3)
		phrase_word(t, RNG_PICK(&t->w->rng, offers));
	else
		phrase_word(t, kind == 5 ? "ACCEPT" : "RESUME");
	phrase_blank(t);
	name(t);
	phrase_blank(t);
	if (kind < 3)
		offer_numbers(talk);
	else if (kind == 5)
		answer_numbers(talk, talk->inside,
			       rng_one_in(&t->w->rng, 4) ? talk_port(talk)
							 : talk->hole_inside);
	else
		answer_numbers(talk, talk->masq,
			       rng_one_in(&t->w->rng, 4) ? talk_port(talk)
							 : talk->hole_masq);
	if (t->is_plain || !rng_one_in(&t->w->rng, 16))
		phrase_plain(t, "\001");
	phrase_end(t);
}
