/* SPDX-License-Identifier: Apache-2.0 */
/* ref_dump.c - the entries and counters of the reference engine as text */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/decode.h"
#include "ref.h"

/* Where the text goes. */
struct sink {
	conf_text_fn *text;
	void *ctx;
	uint64_t num_entries;
};

/* Room for a line of the long format. */
#define LINE_SIZE 512

static void say(const struct sink *sink, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(const struct sink *sink, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (len > 0)
		sink->text(sink->ctx, line,
			   (size_t)len < sizeof(line) ? (size_t)len
						      : sizeof(line) - 1);
}

enum conf_status conf_ref_dump_table(struct masq_engine *engine,
				     conf_text_fn *text, void *ctx)
{
	size_t len = masq_proc_format(engine, NULL, 0);
	char *table = malloc(len);

	if (table == NULL)
		return CONF_ERR_ENGINE;
	len = masq_proc_format(engine, table, len);
	text(ctx, table, len);
	free(table);
	return CONF_OK;
}

static const char *proto_name(uint8_t proto)
{
	return proto == 6 ? "tcp" : proto == 17 ? "udp" : "icmp";
}

/* " no-daddr,hashed" */
static void say_flags(const struct sink *sink, uint16_t flags)
{
	static const struct {
		uint16_t bit;
		const char *name;
	} names[] = {
		{MASQ_NO_DADDR, "no-daddr"}, {MASQ_NO_DPORT, "no-dport"},
		{MASQ_NO_SADDR, "no-saddr"}, {MASQ_NO_SPORT, "no-sport"},
		{MASQ_DLOOSE, "dloose"},     {MASQ_NO_REPLY, "no-reply"},
		{MASQ_HASHED, "hashed"},     {MASQ_OUT_SEQ, "out-seq"},
		{MASQ_IN_SEQ, "in-seq"},     {MASQ_MPORT, "mport"},
	};
	const char *before = " ";

	say(sink, "  flags");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(flags & names[i].bit))
			continue;
		say(sink, "%s%s", before, names[i].name);
		before = ",";
		flags &= (uint16_t)~names[i].bit;
	}
	if (flags != 0)
		say(sink, "%s0x%04x", before, flags);
	else if (before[0] == ' ')
		say(sink, " none");
}

static void say_record(const struct sink *sink, const char *name, bool used,
		       uint32_t init, int32_t delta, int32_t previous)
{
	if (used || init != 0 || delta != 0 || previous != 0)
		say(sink,
		    "  %s-shift %+" PRId32 " (before %" PRIu32 ": %+" PRId32
		    ")",
		    name, delta, init, previous);
}

static void say_entry(void *ctx, const struct masq_entry_info *e)
{
	struct sink *sink = ctx;
	char inside[CONF_ADDR_SIZE], masq[CONF_ADDR_SIZE], peer[CONF_ADDR_SIZE];

	sink->num_entries++;
	say(sink, "%-4s %s:%u as %s:%u to %s:%u  %s", proto_name(e->proto),
	    conf_addr_text(inside, e->inside_addr), e->inside_port,
	    conf_addr_text(masq, e->masq_addr), e->masq_port,
	    conf_addr_text(peer, e->peer_addr), e->peer_port,
	    masq_state_name(e->state));
	if (e->armed)
		say(sink, "  expires %" PRId64 ".%02d s", e->expires / 100,
		    abs((int)(e->expires % 100)));
	else
		say(sink, "  never expires");
	say_flags(sink, e->flags);
	if (e->is_child)
		say(sink, "  parent %s:%u", proto_name(e->parent_proto),
		    e->parent_port);
	if (e->num_children > 0)
		say(sink, "  children %" PRIu32, e->num_children);
	if (e->helper != NULL)
		say(sink, "  helper %s", e->helper);
	say_record(sink, "out", (e->flags & MASQ_OUT_SEQ) != 0, e->out_init,
		   e->out_delta, e->out_prev);
	say_record(sink, "in", (e->flags & MASQ_IN_SEQ) != 0, e->in_init,
		   e->in_delta, e->in_prev);
	say(sink, "\n");
}

enum conf_status conf_ref_dump_long(struct masq_engine *engine, uint64_t quirks,
				    conf_text_fn *text, void *ctx)
{
	struct sink sink = {.text = text, .ctx = ctx};
	struct masq_stats stats;

	masq_stats_get(engine, &stats);
	masq_table_each(engine, say_entry, &sink);
	say(&sink,
	    "entries: %" PRIu64 "; free ports: udp %" PRIu32 ", tcp %" PRIu32
	    ", icmp %" PRIu32 "; next port %u; "
	    "always-defrag %" PRId32 "\n",
	    sink.num_entries, stats.free_ports[0], stats.free_ports[1],
	    stats.free_ports[2], stats.rover, stats.always_defrag);
	say(&sink, "quirks:");
	for (unsigned int i = 0; i < conf_num_quirks(); i++)
		if ((quirks & conf_quirk_bit(i)) != 0)
			say(&sink, " %s", conf_quirk_at(i)->name);
	say(&sink, "%s\n", quirks == 0 ? " none" : "");
	return CONF_OK;
}

enum conf_status conf_ref_dump_counters(struct masq_engine *engine,
					conf_text_fn *text, void *ctx)
{
	struct sink sink = {.text = text, .ctx = ctx};
	struct masq_stats stats;

	masq_stats_get(engine, &stats);
	say(&sink, "entries.alive %" PRIu32 "\n", stats.num_entries);
	say(&sink, "entries.created %" PRIu64 "\n", stats.num_created);
	say(&sink, "entries.expired %" PRIu64 "\n", stats.num_expired);
	say(&sink, "entries.of-helpers %" PRIu64 "\n", stats.num_children);
	say(&sink, "payloads.edited %" PRIu64 "\n", stats.num_edits);
	say(&sink, "icmp-errors.translated %" PRIu64 "\n",
	    stats.num_errors_translated);
	say(&sink, "icmp-errors.own %" PRIu64 "\n", stats.num_own_errors);
	for (unsigned int i = MASQ_DROP_NONE + 1; i < MASQ_NUM_DROPS; i++)
		if (stats.drops[i] > 0)
			say(&sink, "drops.%s %" PRIu64 "\n",
			    masq_drop_name((enum masq_drop)i), stats.drops[i]);
	return CONF_OK;
}
