/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helper.h - what the helpers of the naive router share
 *
 * A helper is shown the octets of a stream or datagram before they are
 * changed, and what it wants to have changed it notes as an edit: so many
 * octets from a position on become a text. stream.c then makes the segment
 * from the octets that arrived and all edits that are known, first or
 * repeated, which is the same.
 */
#ifndef FUZZ_NAIVE_HELPER_H
#define FUZZ_NAIVE_HELPER_H

#include "model.h"

enum {
	MAX_EDITS = 32, /* of a direction */
	MAX_TEXT = 60,
	MAX_STREAMS = 128, /* connections with a helper */
	MAX_HOLES = 8,
	MAX_KEPT = 4096,
	LOW_PORT = 1024,
};

struct edit {
	uint32_t at; /* sequence number as the sender counts */
	uint32_t old_len;
	uint8_t text[MAX_TEXT];
	uint32_t len;
};

/* One direction of a connection. */
struct way {
	bool is_begun;
	bool is_followed;             /* nothing is missing up to next */
	uint32_t next;                /* first octet not seen */
	bool has_data;                /* an octet was seen */
	struct edit edits[MAX_EDITS]; /* in order of position */
	unsigned int num_edits;
	uint32_t shift;             /* of edits that are too old to be kept */
	bool has_lost;              /* one of them was not too old */
	uint32_t lost_at, lost_end; /* by the sender's numbers */
	uint32_t lost_start;        /* by the receiver's */
	uint32_t words[4];          /* the helper's */
};

struct stream {
	bool is_used;
	struct way ways[2];     /* out, in */
	uint32_t words[4];      /* the helper's */
	uint8_t kept[MAX_KEPT]; /* what it wants to see again */
};

struct hook {
	struct model *m;
	struct entry *e;
	bool outward;
	bool in_order;         /* TCP: nothing is missing before it */
	uint32_t masq_addr;    /* for children and texts */
	struct masq_view data; /* what has not been shown before */
	uint32_t at;           /* TCP: sequence number of it */
	struct way *way;       /* TCP */
	struct packet *p;      /* UDP */
};

struct helper {
	uint8_t proto;
	uint16_t ports[2]; /* default; 0 = none */
	void (*show)(struct hook *h);
};
extern const struct helper nv_ftp, nv_irc, nv_quake, nv_raudio, nv_vdolive,
	nv_cuseeme;

/* Notes an edit of the octets from offset in h->data on. */
void nv_edit(struct hook *h, uint32_t offset, uint32_t old_len,
	     const uint8_t *text, uint32_t len);
/* A new child; LISTEN, linked. NULL: no port, no room. */
struct entry *nv_new_child(struct hook *h, uint8_t proto, uint16_t inside_port,
			   uint32_t peer, uint16_t peer_port, uint16_t flags);
/* "192,168,1,10,4,5"; returns its length. */
uint32_t nv_format_target(uint8_t out[MAX_TEXT], uint32_t addr, uint16_t port);
/* Does a stream begin like a request for a web server? */
bool nv_may_be_http(struct masq_view data);
/* May the entry have one more child that nobody has used? */
bool nv_has_room(const struct hook *h);
/* RealAudio: one that is open for the port already, or a new one. */
struct entry *nv_audio_hole(struct hook *h, uint16_t port);
/* What a client of RTSP sends. */
void nv_rtsp(struct hook *h);

/* A TCP segment of an entry with a helper goes by; false: it must not. */
bool nv_stream(struct model *m, struct entry *e, struct packet *p, bool outward,
	       uint32_t masq_addr);

#endif /* FUZZ_NAIVE_HELPER_H */
