/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eqv.h - what the parts of the comparison up to renaming share
 *
 * Two sides tell the same story with other names. A name is an endpoint of
 * the router's outside: protocol, address, and port or ICMP id. Stimuli are
 * written in the names of the expected side; "ours" below are its names,
 * "theirs" those of the other side.
 *
 * pairs     which of their names is which of ours (names.c)
 * flows     inside endpoint, peer, and the pair of names it was seen with
 * numbers   TCP numbers of a flow: how far theirs are ahead of ours, for
 *           each wire and direction, by position (numbers.c)
 */
#ifndef EQUIVALENCE_EQV_H
#define EQUIVALENCE_EQV_H

#include "conformance/equivalence.h"
#include "packet.h"

enum {
	OURS = 0,
	THEIRS = 1,
};

/* Room for a datagram and what a longer text adds to it. */
#define EQV_MAX_PACKET 70000u

struct eqv_end {
	uint32_t addr;
	uint16_t port; /* or ICMP id */
};

static inline bool eqv_same_end(struct eqv_end a, struct eqv_end b)
{
	return a.addr == b.addr && a.port == b.port;
}

/* What hashed things have in common: two keys, an age. */
struct eqv_item {
	uint32_t next[2]; /* chains, index; 0 ends */
	uint32_t hash[2];
	uint64_t last; /* ns, when it was shown */
};

/* Items in an array that grows; index 0 is not used. */
struct eqv_table {
	uint8_t *items;
	size_t size; /* of an item, which begins with a struct eqv_item */
	uint32_t num, max;
	uint32_t *heads[2];
};

/* A pair: keys are ours and theirs. */
struct eqv_pair {
	struct eqv_item item;
	uint8_t proto;
	struct eqv_end name[2];
	struct eqv_end in; /* whom it was for, last; addr 0 = not known */
	uint64_t since;    /* number of the stimulus that showed it first */
};

/* From at on (exclusive) theirs are shift ahead. */
struct eqv_edit {
	uint32_t at; /* our number */
	int32_t shift;
};

#define EQV_MAX_EDITS 256u /* the oldest go first */

struct eqv_numbers {
	struct eqv_edit *edits;
	uint32_t num, max;
	int32_t base; /* shift before the first edit that is kept */
};

enum eqv_dir {
	EQV_OUTBOUND = 0,
	EQV_INBOUND = 1,
};

/* A flow: keys are (inside, peer) and (our name, peer). */
struct eqv_flow {
	struct eqv_item item;
	uint8_t proto;
	bool shared_told; /* that its name serves another */
	struct eqv_end in, peer, name[2];
	struct eqv_numbers *numbers; /* [wire][dir]: 4, or NULL: no shifts */
};

#define EQV_MAX_ADDRS 8

/* Where names stand in a packet (parse.c). */
struct eqv_parsed {
	struct conf_layout ip;
	uint32_t base;   /* of the IP header in the packet */
	uint32_t l4;     /* of the transport header; 0 = none */
	uint32_t sum_at; /* of the transport checksum; 0 = none */
	struct eqv_end src, dst;
	uint32_t src_at, dst_at; /* of ports or ids; 0 = none there */
	bool is_tcp;             /* with seq and ack */
	uint32_t text;           /* of the payload; 0 = none */
	uint32_t text_len;
	uint32_t quote; /* of what an ICMP error quotes; 0 = none */
};

struct conf_equivalence {
	struct conf_rules rules;
	uint64_t quiet[256];              /* ns: shown since then: in use */
	uint64_t lifetime[256];           /* ns: nothing lives longer unseen */
	uint64_t lag;                     /* ns that times may differ */
	uint32_t router[2];               /* its addresses */
	uint32_t inside, inside_mask;     /* the net */
	uint32_t addrs[2][EQV_MAX_ADDRS]; /* outside addresses of a side */
	unsigned int num_addrs[2];
	struct eqv_table pairs, flows, told;
	uint64_t now;     /* ns */
	uint64_t number;  /* stimuli so far */
	bool failed;      /* no memory */
	bool has_numbers; /* a flow has shifts */
	bool has_texts;   /* a name was seen as text */
	/* The stimulus, as each side got it. */
	bool has_stimulus;
	struct conf_packet stimulus[2];
	struct eqv_parsed parsed[2];
	struct masq_buf translated;
	/* The results: ours, and theirs in our names. */
	const struct conf_results *compared;
	struct conf_results renamed;
	struct conf_results whole[2]; /* with datagrams put together */
	struct masq_buf scratch, text;
	/* The first conflict of names that renaming met. */
	size_t index; /* of the result that is renamed */
	struct conf_divergence found;
};

/* table.c */
void eqv_table_init(struct eqv_table *t, size_t size);
void eqv_table_cleanup(struct eqv_table *t);
/*
 * A new item of zeros, with its hashes, linked; NULL without memory. Moves
 * the others. drop() is asked about each item before the table grows.
 */
typedef bool eqv_drop_fn(const struct conf_equivalence *eq, void *item);
void *eqv_table_add(const struct conf_equivalence *eq, struct eqv_table *t,
		    uint32_t hash0, uint32_t hash1, eqv_drop_fn *drop);
/* Takes an item out of the chains, or puts it back under new hashes. */
void eqv_table_unlink(struct eqv_table *t, void *item);
void eqv_table_link(struct eqv_table *t, void *item);

static inline void *eqv_at(const struct eqv_table *t, uint32_t index)
{
	return index == 0 ? NULL : t->items + index * t->size;
}

/* The first item of a chain that may have the hash, then the others. */
static inline void *eqv_first(const struct eqv_table *t, unsigned int key,
			      uint32_t hash)
{
	return t->max == 0 ? NULL
			   : eqv_at(t, t->heads[key][hash & (t->max - 1)]);
}

static inline void *eqv_next(const struct eqv_table *t, unsigned int key,
			     const void *item)
{
	return eqv_at(t, ((const struct eqv_item *)item)->next[key]);
}

static inline uint32_t eqv_mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ b * UINT64_C(0x9e3779b97f4a7c15)) *
		     UINT64_C(0xff51afd7ed558ccd);

	return (uint32_t)(h >> 32 ^ h >> 8);
}

/* names.c */
bool eqv_is_outside(const struct conf_equivalence *eq, unsigned int side,
		    uint32_t addr);
void eqv_add_outside(struct conf_equivalence *eq, unsigned int side,
		     uint32_t addr);

/* The flow, or NULL. peer is not renamed: it is no name. */
struct eqv_flow *eqv_flow_of_inside(const struct conf_equivalence *eq,
				    uint8_t proto, struct eqv_end in,
				    struct eqv_end peer);
struct eqv_flow *eqv_flow_of_name(const struct conf_equivalence *eq,
				  uint8_t proto, struct eqv_end ours,
				  struct eqv_end peer);

/* Their name for one of ours, bound or not. */
struct eqv_end eqv_theirs(struct conf_equivalence *eq, uint8_t proto,
			  struct eqv_end ours, struct eqv_end peer);

enum eqv_verdict {
	EQV_OK = 0,
	EQV_NOT_A_PAIR, /* theirs is not our name: a difference */
	EQV_CHANGED,    /* one side gave a known flow another name */
	EQV_SHARED,     /* a name in use was given to another pair */
};

/* Two results show a flow with these names: learns, or says what is wrong. */
enum eqv_verdict eqv_show(struct conf_equivalence *eq, uint8_t proto,
			  struct eqv_end ours, struct eqv_end theirs,
			  struct eqv_end in, struct eqv_end peer);
/* A stimulus to a name came out inside. */
enum eqv_verdict eqv_show_inbound(struct conf_equivalence *eq, uint8_t proto,
				  struct eqv_end ours, struct eqv_end theirs,
				  struct eqv_end in, struct eqv_end peer);
/* The same of names alone, such as those in a payload. */
enum eqv_verdict eqv_show_name(struct conf_equivalence *eq, uint8_t proto,
			       struct eqv_end ours, struct eqv_end theirs);
/* Are they a pair? Learns nothing. */
enum eqv_verdict eqv_check(struct conf_equivalence *eq, uint8_t proto,
			   struct eqv_end ours, struct eqv_end theirs,
			   struct eqv_end peer);
void eqv_names_cleanup(struct conf_equivalence *eq);

/* numbers.c */
int32_t eqv_shift(const struct eqv_numbers *n, uint32_t ours);
/* Notes that at our number theirs grew by diff more; once a position. */
void eqv_note_edit(struct conf_equivalence *eq, struct eqv_flow *flow,
		   enum conf_side wire, enum eqv_dir dir, uint32_t at,
		   int32_t diff);
const struct eqv_numbers *eqv_numbers_of(const struct eqv_flow *flow,
					 enum conf_side wire, enum eqv_dir dir);
void eqv_numbers_free(struct eqv_flow *flow);

void eqv_parse(struct eqv_parsed *out, struct masq_view packet, uint32_t base);
/* Where the numbers of SACK blocks stand. */
#define EQV_MAX_EDGES 8
unsigned int eqv_sack_edges(uint32_t out[EQV_MAX_EDGES],
			    const struct eqv_parsed *p,
			    struct masq_view packet);

/* Writing with checksums carried (edit.c). */
struct eqv_sum {
	uint32_t at;       /* of the checksum */
	uint32_t from, to; /* what it covers */
	bool pseudo;       /* and the addresses */
	bool is_udp;       /* then 0 would mean that there is none */
	uint32_t addrs;    /* where those are */
};

struct eqv_editor {
	struct masq_buf *buf;
	struct eqv_sum sums[4]; /* inner ones first */
	unsigned int num_sums;
};
/*
 * An editor of a packet and, if inner is not NULL, of its quote. With
 * keep_inner the transport checksum of the quote is left alone.
 */
void eqv_editor_init(struct eqv_editor *x, struct masq_buf *buf,
		     const struct eqv_parsed *outer,
		     const struct eqv_parsed *inner, bool keep_inner);
void eqv_put16(struct eqv_editor *x, uint32_t off, uint16_t value);
void eqv_put32(struct eqv_editor *x, uint32_t off, uint32_t value);
/* Replaces the payload of TCP or UDP; lengths follow. */
void eqv_put_text(struct eqv_editor *x, const struct eqv_parsed *p,
		  struct masq_view text);

/* Names in payloads (places.c). */
enum eqv_format {
	EQV_SIX = 0, /* "a,b,c,d,p,p" */
	EQV_DCC,     /* "ADDRESS PORT" */
	EQV_RESUME,  /* DCC RESUME or ACCEPT without an address: a port */
	EQV_DECIMAL, /* a port; RTSP */
	EQV_BE16,    /* a port; PNA, VDO Live */
	EQV_LE16,    /* a port; Quake */
};
struct eqv_place {
	uint32_t at, len; /* of the text in the payload */
	enum eqv_format format;
	uint8_t proto;      /* of the name */
	struct eqv_end end; /* addr 0 = not said */
};
#define EQV_MAX_PLACES 64
/* Returns how many there are, in order; at most EQV_MAX_PLACES. */
unsigned int eqv_places(struct eqv_place *out, uint8_t proto,
			struct masq_view text);
/* Writes a place with another endpoint; returns its length, at most 40. */
uint32_t eqv_place_text(uint8_t out[48], const struct eqv_place *place,
			struct eqv_end end);

/* The stimulus in their names (translate.c); eq->parsed is set. */
void eqv_translate(struct conf_equivalence *eq, const struct conf_packet *ours,
		   struct conf_packet *out);

/* Makes a result of the other side ours, guided by our own (rename.c). */
void eqv_rename(struct conf_equivalence *eq, const struct conf_packet *ours,
		const struct conf_packet *theirs, struct masq_buf *out);

/* What sort of packet a result is (kinds.c). */
void eqv_name_kind(const struct conf_equivalence *eq,
		   const struct conf_packet *packet, char out[CONF_KIND_SIZE]);

/*
 * Puts datagrams together, into eq->whole, if fragments cannot be compared
 * one by one (datagram.c).
 */
enum eqv_cut {
	EQV_CUT_NONE = 0, /* nothing was done */
	EQV_CUT_ALIKE,    /* at the same places, but what follows differs */
	EQV_CUT_RESIZED,  /* names made datagrams longer or shorter */
};
enum eqv_cut eqv_put_together(struct conf_equivalence *eq,
			      const struct conf_results *ours,
			      const struct conf_results *theirs);

#endif /* EQUIVALENCE_EQV_H */
