/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry.h - the table of masqueraded associations
 *
 * Theory of operation. Entries lie in one array taken at open and are named
 * by index (0 = none). An entry is in two indexes, "m" for inbound and "s"
 * for outbound lookups, in one list of the timer wheel, and counted: a use
 * for the table, one for whoever works on it. Work stops the timer, the
 * end of work restarts it (CORE-LKP-04).
 *
 * Linux 2.2 hashes into 256 buckets and takes the newest entry of a bucket
 * that matches. Of these buckets only two things show: the order of
 * /proc/net/ip_masquerade, and that an entry whose peer port was changed
 * without re-hashing is found only if the new port leads to the old bucket
 * (QUAKE-07). So each entry remembers the number of its two buckets and
 * when it was put there; the indexes themselves hash everything that an
 * entry is strict about, and a lookup asks the few kinds of strictness one
 * after the other and takes the newest.
 */
#ifndef MASQ_LINUX22_ENTRY_H
#define MASQ_LINUX22_ENTRY_H

#include "masq/helper.h"
#include "masq/masq.h"
#include "linux22/wheel.h"

/* What an entry compares of its peer: the kinds of strictness. */
enum entry_kind {
	KIND_STRICT = 0, /* address and port */
	KIND_ANY_ADDR,   /* port only */
	KIND_ANY_PORT,   /* address only */
	KIND_ANY,        /* neither */
	NUM_KINDS
};

/* One sequence record (CORE-SEQ-01). */
struct seq_record {
	uint32_t init;
	int32_t delta, prev; /* octets; 16 bits wide with SEQ_PAIR */
};

/* The fields that lookups compare come first: one cache line. */
struct masq_entry {
	uint32_t m_next, s_next; /* chains of the indexes */
	uint32_t ia, ma, oa;
	uint16_t ip, mp, op;
	uint16_t flags; /* enum masq_entry_flag */
	uint8_t proto;
	uint8_t state;              /* enum masq_state */
	uint8_t m_kind, s_kind;     /* enum entry_kind it is indexed under */
	uint8_t m_bucket, s_bucket; /* of CORE-HASH-01 */
	bool s_no_sport;            /* indexed without inside port */
	bool armed;                 /* the timer runs */
	uint8_t binding;  /* index + 1 of the helper's binding, 0 = none */
	uint8_t gaps;     /* of the streams; stream.c */
	int16_t uses;     /* 1 while hashed and nobody works on it */
	uint32_t timeout; /* ticks */
	uint64_t expires; /* tick since boot; see armed */
	struct wheel_node timer;
	uint64_t stamp;      /* when it was hashed: larger is newer */
	uint32_t order_next; /* of a listing being made */
	uint32_t control;    /* parent, 0 = none */
	uint32_t num_children;
	struct seq_record out, in;
	uint32_t words[2]; /* the helper's */
};

/* The association of a lookup: who sent a packet to whom. */
struct flow {
	uint8_t proto;
	uint32_t saddr, daddr;
	uint16_t sport, dport;
};

struct table {
	struct masq_entry *entries;  /* 1..max; [0] is not used */
	uint32_t *m_heads, *s_heads; /* heads_max of each */
	uint32_t heads_max;
	uint32_t mask; /* + 1 of the heads are in use: see table_hash() */
	uint32_t num_hashed;
	uint32_t max;
	uint32_t num_used;  /* entries ever taken from the array */
	uint32_t free_list; /* given back, linked by m_next */
	uint64_t stamp;
	uint32_t m_count[NUM_KINDS], s_count[NUM_KINDS];
	uint32_t no_sport_count;
	uint32_t removals; /* counts what may make a port free */
	/*
	 * The strict entries found last. Packets come in trains: the next one
	 * is likely to want the same entry, and gets it without a search as
	 * long as nothing was hashed or unhashed since.
	 */
	struct masq_entry *last_in, *last_out;
	bool has_stale; /* table_set_port_stale() has been used */
};

/* Takes the memory of max entries. Errors: MASQ_ERR_NOMEM. */
enum masq_status table_init(struct table *t, uint32_t max) MASQ_NODISCARD;
void table_cleanup(struct table *t);

/* Forgets all entries; costs what is alive. */
void table_clear(struct table *t);
/* Octets of memory. */
size_t table_cost(const struct table *t);

/* A zeroed entry, not hashed; NULL if all are taken. */
struct masq_entry *table_alloc(struct table *t);
void table_release(struct table *t, struct masq_entry *e);

static inline uint32_t table_index(const struct table *t,
				   const struct masq_entry *e)
{
	return (uint32_t)(e - t->entries);
}

/* Enters into, takes out of both indexes (CORE-HASH-02 moves to front). */
void table_hash(struct table *t, struct masq_entry *e);
void table_unhash(struct table *t, struct masq_entry *e);

/* The peer port changes, the buckets do not (QUAKE-07). */
void table_set_port_stale(struct table *t, struct masq_entry *e, uint16_t port);

/* CORE-LKP-01: flow is that of an inbound packet. NULL = miss. */
struct masq_entry *table_find_in(struct table *t, const struct flow *flow);
/* CORE-LKP-02: flow is that of an outbound packet. NULL = miss. */
struct masq_entry *table_find_out(struct table *t, const struct flow *flow);

#endif /* MASQ_LINUX22_ENTRY_H */
