/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phrase.h - what helpers read, written right most of the time
 *
 * Everything that is written may now and then be a little wrong: that is the
 * writer's business here, not of those who say what.
 */
#ifndef FUZZ_MUTATOR_PHRASE_H
#define FUZZ_MUTATOR_PHRASE_H

#include "mutator/work.h"

#pragma GCC visibility push(hidden)

struct phrase {
	struct work *w;
	uint8_t *data;
	uint32_t len, cap;
	bool is_plain; /* nothing is wrong with it */
};

/* What a helper listens to: one call says one thing. */
struct talk {
	struct phrase text;
	bool is_inbound;  /* the server is inside */
	bool from_inside; /* set: who says it */
	uint32_t inside, masq, peer;
	uint16_t inside_port;
	/* An open hole of the same inside host, to be named again. */
	bool has_hole;
	uint16_t hole_inside, hole_masq;
	uint32_t step;  /* of a dialogue, from 0 on */
	uint32_t count; /* set: ports are not picked but counted, from here */
};
typedef void say_fn(struct talk *talk);

/* octets as they are */
void phrase_octets(struct phrase *t, const void *data, uint32_t len);
void phrase_put8(struct phrase *t, uint8_t value);
void phrase_put16(struct phrase *t, uint16_t value);
void phrase_put32(struct phrase *t, uint32_t value);
/* A word; its case may change. */
void phrase_word(struct phrase *t, const char *word);
/* As written, always. */
void phrase_plain(struct phrase *t, const char *word);
void phrase_number(struct phrase *t, uint32_t value);
/* One blank, or what is taken for one, or none. */
void phrase_blank(struct phrase *t);
/* CR LF, or what some take for it. */
void phrase_end(struct phrase *t);

/* A port that may be announced; also beyond 16 bits. */
uint32_t talk_port(struct talk *talk);
/* An address that may be announced, own being the right one. */
uint32_t talk_addr(struct talk *talk, uint32_t own);

say_fn say_ftp, say_irc, say_raudio, say_vdolive, say_quake, say_cuseeme;

#pragma GCC visibility pop

#endif /* FUZZ_MUTATOR_PHRASE_H */
