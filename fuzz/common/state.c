/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.c - what two engines of one mind hold between packets
 *
 * Entries have no common order, so each table is a sum of the hashes of its
 * entries. Only where the sums differ are entries held side by side.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/decode.h"
#include "finding.h"
#include "masq/masq.h"
#include "naive/naive.h"
#include "state.h"

#define MAX_SHOWN 1024u

/* Flags that mean the same to whoever keeps a table. */
#define FLAGS                                                                  \
	(MASQ_NO_DADDR | MASQ_NO_DPORT | MASQ_NO_SPORT | MASQ_DLOOSE |         \
	 MASQ_NO_REPLY | MASQ_MPORT)

struct sum {
	uint64_t hash;
	uint32_t num;
};

struct list {
	struct masq_entry_info entries[MAX_SHOWN];
	size_t num;
};

static bool is_naive(const struct fuzz_player *p)
{
	return p->engine.ops == &fuzz_naive_ops;
}

bool fuzz_state_is_known(const struct fuzz_player *p)
{
	return p->masq != NULL || is_naive(p);
}

static void each(const struct fuzz_player *p, masq_each_fn *fn, void *ctx)
{
	if (p->masq != NULL)
		masq_table_each(p->masq, fn, ctx);
	else
		fuzz_naive_each(p->engine.state, fn, ctx);
}

static void stats_of(const struct fuzz_player *p, struct masq_stats *out)
{
	if (p->masq != NULL)
		masq_stats_get(p->masq, out);
	else
		fuzz_naive_stats(p->engine.state, out);
}

uint64_t fuzz_entry_hash(const struct masq_entry_info *e, uint16_t mask)
{
	uint64_t h = e->proto;

	h = fuzz_mix(h, (uint64_t)e->inside_addr << 32 | e->masq_addr);
	h = fuzz_mix(h, (uint64_t)e->peer_addr << 32 |
				(uint32_t)e->inside_port << 16 | e->masq_port);
	h = fuzz_mix(h, (uint64_t)e->peer_port << 32 | (e->flags & mask));
	h = fuzz_mix(h, (uint64_t)e->state << 32 | e->num_children);
	h = fuzz_mix(h, (uint64_t)e->is_child << 32 |
				(uint32_t)e->parent_proto << 16 |
				e->parent_port);
	return fuzz_mix(h, (uint64_t)e->expires);
}

static void add_entry(void *ctx, const struct masq_entry_info *e)
{
	struct sum *sum = ctx;

	sum->hash += fuzz_entry_hash(e, FLAGS);
	sum->num++;
}

/* ---- side by side, once they differ ------------------------------------ */

static void keep_entry(void *ctx, const struct masq_entry_info *e)
{
	struct list *list = ctx;

	if (list->num < MAX_SHOWN)
		list->entries[list->num++] = *e;
}

#define ORDER(field)                                                           \
	if (a->field != b->field)                                              \
	return a->field < b->field ? -1 : 1

/* By what an entry is, not by what it is doing. */
static int by_name(const void *left, const void *right)
{
	const struct masq_entry_info *a = left, *b = right;

	ORDER(proto);
	ORDER(masq_addr);
	ORDER(masq_port);
	ORDER(peer_addr);
	ORDER(peer_port);
	ORDER(inside_addr);
	ORDER(inside_port);
	return 0;
}

static const char *name_of(char out[128], const struct masq_entry_info *e)
{
	char in[CONF_ADDR_SIZE], peer[CONF_ADDR_SIZE];

	snprintf(out, 128, "%u %s:%u %u %s:%u", e->proto,
		 conf_addr_text(in, e->inside_addr), e->inside_port,
		 e->masq_port, conf_addr_text(peer, e->peer_addr),
		 e->peer_port);
	return out;
}

static void say_field(const struct fuzz_player *p, const char *field,
		      const struct masq_entry_info *e, int64_t expected,
		      int64_t actual)
{
	char oracle[32], name[128];

	if (expected == actual)
		return;
	snprintf(oracle, sizeof(oracle), "state:%s", field);
	fuzz_finding(oracle, "-", p->stimulus,
		     "%s: expected %" PRId64 ", got %" PRId64, name_of(name, e),
		     expected, actual);
}

static void say_fields(const struct fuzz_player *p,
		       const struct masq_entry_info *e,
		       const struct masq_entry_info *a)
{
	say_field(p, "flags", a, e->flags & FLAGS, a->flags & FLAGS);
	say_field(p, "state", a, e->state, a->state);
	say_field(p, "expires", a, e->expires, a->expires);
	say_field(p, "children", a, e->num_children, a->num_children);
	say_field(p, "parent", a, e->is_child ? e->parent_port : -1,
		  a->is_child ? a->parent_port : -1);
}

static void say_entries(const struct fuzz_player *p, struct list *expected,
			struct list *actual)
{
	const size_t num = expected->num > actual->num ? expected->num
						       : actual->num;
	char name[128];

	qsort(expected->entries, expected->num, sizeof(expected->entries[0]),
	      by_name);
	qsort(actual->entries, actual->num, sizeof(actual->entries[0]),
	      by_name);
	for (size_t i = 0; i < num; i++) {
		const struct masq_entry_info *e = &expected->entries[i];
		const struct masq_entry_info *a = &actual->entries[i];
		const int order = i >= expected->num ? 1
				  : i >= actual->num ? -1
						     : by_name(e, a);

		if (order == 0)
			say_fields(p, e, a);
		else
			fuzz_finding("state:entries", "-", p->stimulus, "%s %s",
				     name_of(name, order < 0 ? e : a),
				     order < 0 ? "is missing" : "is too many");
	}
}

/* ---- before that ------------------------------------------------------- */

/* False: they differ, in a way that is known. */
static bool compare_entries(const struct fuzz_player *expected,
			    const struct fuzz_player *actual)
{
	static struct list lists[2];
	struct sum e = {0}, a = {0};

	each(expected, add_entry, &e);
	each(actual, add_entry, &a);
	if (e.hash == a.hash && e.num == a.num)
		return true;
	lists[0].num = lists[1].num = 0;
	each(expected, keep_entry, &lists[0]);
	each(actual, keep_entry, &lists[1]);
	say_entries(actual, &lists[0], &lists[1]);
	if (e.num > MAX_SHOWN || a.num > MAX_SHOWN)
		fuzz_finding("state:entries", "-", actual->stimulus,
			     "expected %" PRIu32 ", got %" PRIu32, e.num,
			     a.num);
	return false;
}

bool fuzz_state_compare(const struct fuzz_player *expected,
			const struct fuzz_player *actual)
{
	static const char *const pools[3] = {"udp", "tcp", "icmp"};
	struct masq_stats e, a;

	/* What else differs may come of that. */
	if (!compare_entries(expected, actual))
		return false;
	stats_of(expected, &e);
	stats_of(actual, &a);
	for (unsigned int i = 0; i < 3; i++)
		if (e.free_ports[i] != a.free_ports[i]) {
			fuzz_finding("state:free-ports", "-", actual->stimulus,
				     "%s: expected %" PRIu32 ", got %" PRIu32,
				     pools[i], e.free_ports[i],
				     a.free_ports[i]);
			return false;
		}
	if (e.held_datagrams != a.held_datagrams)
		fuzz_finding("state:fragments", "-", actual->stimulus,
			     "datagrams held: expected %" PRIu32
			     ", got %" PRIu32,
			     e.held_datagrams, a.held_datagrams);
	if (e.rover != a.rover)
		fuzz_finding("state:next-port", "-", actual->stimulus,
			     "expected %u, got %u", e.rover, a.rover);
	return e.rover == a.rover && e.held_datagrams == a.held_datagrams;
}
