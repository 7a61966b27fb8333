/* SPDX-License-Identifier: Apache-2.0 */
/* say_ftp.c - FTP: PORT, PASV and 227, and what looks like them (RFC 959) */
#include "mutator.h"
#include "mutator/phrase.h"

static void target(struct talk *talk, uint32_t addr, uint32_t port)
{
	struct phrase *t = &talk->text;
	const uint32_t numbers[] = {addr >> 24,      addr >> 16 & 255,
				    addr >> 8 & 255, addr & 255,
				    port >> 8,       port & 255};

	for (unsigned int i = 0; i < 6; i++) {
		if (i != 0)
			phrase_plain(t,
				     t->is_plain || !rng_one_in(&t->w->rng, 64)
					     ? ","
					     : ".");
		phrase_number(t, numbers[i]);
	}
	if (!t->is_plain && rng_one_in(&t->w->rng, 32))
		phrase_plain(t, ",7");
}

static void say_port(struct talk *talk, uint32_t own)
{
	phrase_word(&talk->text, "PORT");
	phrase_blank(&talk->text);
	target(talk, talk_addr(talk, own), talk_port(talk));
	phrase_end(&talk->text);
}

static void say_227(struct talk *talk, uint32_t own)
{
	static const char *const words[] = {
		"227 Entering Passive Mode (",
		"227 Entering Passive Mode (",
		"227 Entering Passive Mode (",
		"227 entering passive mode (",
		"227-Entering Passive Mode (",
		"227 =",
		"227 Entering Passive Mode. ",
		"228 Entering Passive Mode (",
		"226 Done\r\n227 Entering Passive Mode (",
	};
	struct phrase *t = &talk->text;

	phrase_plain(t, t->is_plain ? words[0] : RNG_PICK(&t->w->rng, words));
	target(talk, talk_addr(talk, own), talk_port(talk));
	if (t->is_plain || !rng_one_in(&t->w->rng, 16))
		phrase_plain(t, ")");
	if (rng_one_in(&t->w->rng, 4))
		phrase_plain(t, ".");
	phrase_end(t);
}

/* RFC 2428: nobody here knows them, and nothing is to come of them. */
static void say_extended(struct talk *talk, uint32_t own)
{
	struct phrase *t = &talk->text;

	switch (rng_below(&t->w->rng, 3)) {
	case 0:
		phrase_word(t, "EPRT |1|");
		phrase_number(t, own >> 24);
		phrase_plain(t, ".1.1.10|");
		phrase_number(t, talk_port(talk));
		phrase_plain(t, "|");
		break;
	case 1:
		phrase_word(t, "EPSV");
		break;
	default:
		phrase_plain(t, "229 Entering Extended Passive Mode (|||");
		phrase_number(t, talk_port(talk));
		phrase_plain(t, "|)");
		break;
	}
	phrase_end(t);
}

static void other_command(struct phrase *t)
{
	static const char *const lines[] = {
		"USER anonymous\r\n",
		"TYPE I\r\n",
		"RETR a\r\n",
		"NOOP\r\n",
		"POST / HTTP/1.1\r\n",
		"SITE PORT 1,2,3,4,5,6\r\n",
		"ABOR\r\n",
		"\r\n",
		"xPASV\r\n",
		"PASV \r\n",
	};

	phrase_plain(t, RNG_PICK(&t->w->rng, lines));
}

static void other_reply(struct phrase *t)
{
	static const char *const lines[] = {
		"220 ready\r\n",
		"220-hello\r\n",
		"220-hello\r\n227 no target\r\n220 end\r\n",
		"211-Features:\r\n PASV\r\n",
		"211 End\r\n",
		"211-\r\n",
		"425 no connection\r\n",
		"502 refused\r\n",
		"200 PORT command successful.\r\n",
		"2",
		"22",
	};

	phrase_plain(t, RNG_PICK(&t->w->rng, lines));
}

static void say_command(struct talk *talk, uint32_t own)
{
	struct phrase *t = &talk->text;

	if (!t->is_plain && rng_one_in(&t->w->rng, 4))
		other_command(t);
	switch (rng_below(&t->w->rng, 8)) {
	case 0:
	case 1:
	case 2:
	case 3:
		say_port(talk, own);
		break;
	case 4:
	case 5:
		phrase_word(t, "PASV");
		phrase_end(t);
		break;
	case 6:
		say_extended(talk, own);
		break;
	default:
		other_command(t);
		break;
	}
	/* Several in a segment. */
	if (!t->is_plain && rng_one_in(&t->w->rng, 8))
		say_port(talk, own);
}

static void say_reply(struct talk *talk, uint32_t own)
{
	struct phrase *t = &talk->text;

	if (!t->is_plain && rng_one_in(&t->w->rng, 4))
		other_reply(t);
	if (t->is_plain || !rng_one_in(&t->w->rng, 4))
		say_227(talk, own);
	else
		other_reply(t);
	if (!t->is_plain && rng_one_in(&t->w->rng, 12))
		say_227(talk, own);
}

void say_ftp(struct talk *talk)
{
	struct phrase *t = &talk->text;
	/* PASV first, its answer then, is a dialogue of its own. */
	const bool is_pasv = talk->step < 2 && rng_one_in(&t->w->rng, 2);
	bool is_command = talk->step % 2 == 0 || rng_one_in(&t->w->rng, 3);

	if (talk->step == 1)
		is_command = rng_one_in(&t->w->rng, 6);
	/* The client's end of it, or the server's, may be inside. */
	talk->from_inside = is_command != talk->is_inbound;
	if (is_command && is_pasv && talk->step == 0) {
		phrase_word(t, "PASV");
		phrase_end(t);
	} else if (is_command) {
		say_command(talk, talk->is_inbound ? talk->peer : talk->inside);
	} else {
		say_reply(talk, talk->is_inbound ? talk->inside : talk->peer);
	}
}
