/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c - the reference engine's life (masq/masq.h)
 */
#include <stdlib.h>
#include <string.h>

#include "linux22/engine.h"

const struct masq_quirk masq_quirks[MASQ_NUM_QUIRKS] = {
#define X(id, name, rule, what) {name, rule, what},
	MASQ_QUIRK_LIST(X)
#undef X
};

#define MAX_ENTRIES_LIMIT      (1u << 20)
#define MAX_DESTINATIONS_LIMIT (1u << 20)
#define MTU_MIN                68u

/* Edits of all streams together; an entry has up to 2 x 32. */
#define NUM_EDITS 8192u

#define ADDR(a, b, c, d)                                                       \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

void masq_config_init(struct masq_config *c)
{
	memset(c, 0, sizeof(*c));
	c->inside = (struct masq_interface){
		.addr = ADDR(192, 168, 1, 1),
		.len = 24,
		.mtu = 1500,
		.mac = {2, 0, 0, 0, 0, 1},
	};
	c->outside = (struct masq_interface){
		.addr = ADDR(203, 0, 113, 1),
		.len = 24,
		.mtu = 1500,
		.mac = {2, 0, 0, 0, 0, 2},
	};
	c->gateway = ADDR(203, 0, 113, 254);
	c->rule.source[0] = (struct masq_net){
		.addr = ADDR(192, 168, 1, 0),
		.len = 24,
	};
	c->rule.num_sources = 1;
	c->quirks = MASQ_QUIRKS_ALL;
	c->uptime = UINT64_C(300) * 1000000000u;
	c->next_port = POOL_FIRST;
	/* Three pools of 40960, and as many forwarded connections. */
	c->max_entries = 4 * POOL_FREE;
	c->max_destinations = 8192;
}

static bool is_interface_valid(const struct masq_interface *i)
{
	return i->len >= 1 && i->len <= 30 && i->mtu >= MTU_MIN && i->addr != 0;
}

static bool is_portfw_valid(const struct masq_portfw *r)
{
	return (r->proto == PROTO_TCP || r->proto == PROTO_UDP) &&
	       r->local_port >= 1 && r->local_port < POOL_FIRST &&
	       r->preference > 0;
}

static bool is_config_valid(const struct masq_config *c)
{
	if (!is_interface_valid(&c->inside) || !is_interface_valid(&c->outside))
		return false;
	if (c->rule.num_sources > MASQ_MAX_SOURCES || c->rule.dest.len > 32 ||
	    c->num_portfw > MASQ_MAX_PORTFW ||
	    c->num_bindings > MASQ_MAX_BINDINGS ||
	    c->num_neighbours > MASQ_MAX_NEIGHBOURS)
		return false;
	for (unsigned int i = 0; i < c->rule.num_sources; i++)
		if (c->rule.source[i].len > 32)
			return false;
	for (unsigned int i = 0; i < c->num_portfw; i++)
		if (!is_portfw_valid(&c->portfw[i]))
			return false;
	for (unsigned int i = 0; i < c->num_bindings; i++)
		if (c->bindings[i].ops == NULL)
			return false;
	return c->next_port >= POOL_FIRST && c->next_port <= POOL_LAST &&
	       c->max_entries >= 1 && c->max_entries <= MAX_ENTRIES_LIMIT &&
	       c->max_destinations >= 1 &&
	       c->max_destinations <= MAX_DESTINATIONS_LIMIT;
}

/* What open and reset have in common. */
static void start(struct masq_engine *e)
{
	memset(&e->stats, 0, sizeof(e->stats));
	pool_reset(e);
	state_reset(e);
	portfw_reset(e);
	binding_reset(e);
}

enum masq_status masq_engine_new(const struct masq_config *config,
				 struct masq_engine **out_engine)
{
	struct masq_engine *e;
	enum masq_status status;

	*out_engine = NULL;
	if (!is_config_valid(config))
		return MASQ_ERR_CONFIG;
	e = calloc(1, sizeof(*e));
	if (e == NULL)
		return MASQ_ERR_NOMEM;
	e->quirks = config->quirks;
	status = router_init(&e->router, config, &linux22_nat, e, &e->stats);
	if (status == MASQ_OK)
		status = table_init(&e->table, config->max_entries);
	if (status == MASQ_OK && !has_quirk(e, MASQ_QUIRK(SEQ_PAIR))) {
		e->streams = stream_pool_new(NUM_EDITS);
		if (e->streams == NULL)
			status = MASQ_ERR_NOMEM;
	}
	if (status != MASQ_OK) {
		masq_engine_free(e);
		return status;
	}
	wheel_init(&e->wheel, life_node, e, 0);
	start(e);
	*out_engine = e;
	return MASQ_OK;
}

void masq_engine_free(struct masq_engine *e)
{
	if (e == NULL)
		return;
	table_cleanup(&e->table);
	stream_pool_free(e->streams);
	router_cleanup(&e->router);
	free(e);
}

void masq_engine_reset(struct masq_engine *e)
{
	table_clear(&e->table);
	if (e->streams != NULL)
		stream_pool_reset(e->streams);
	router_reset(&e->router);
	wheel_reset(&e->wheel, 0);
	start(e);
}

enum masq_drop masq_packet(struct masq_engine *e,
			   const struct masq_frame *frame, masq_emit_fn *emit,
			   void *ctx)
{
	enum masq_drop drop;

	e->router.emit = emit;
	e->router.emit_ctx = ctx;
	router_advance(&e->router, frame->now);
	e->stats.num_packets++;
	drop = router_receive(&e->router, frame);
	e->stats.drops[drop]++;
	return drop;
}

void masq_advance(struct masq_engine *e, uint64_t now, masq_emit_fn *emit,
		  void *ctx)
{
	e->router.emit = emit;
	e->router.emit_ctx = ctx;
	router_advance(&e->router, now);
}

void masq_stats_get(const struct masq_engine *e, struct masq_stats *out)
{
	const struct reasm_held held = reasm_held(e->router.reasm);

	*out = e->stats;
	for (unsigned int i = 0; i < 3; i++)
		out->free_ports[i] = e->free_ports[i];
	out->rover = e->rover;
	out->always_defrag = e->router.always_defrag;
	out->held_octets = held.octets;
	out->held_datagrams = held.datagrams;
	out->held_edits = e->streams != NULL ? stream_pool_held(e->streams) : 0;
}

size_t masq_entry_cost(const struct masq_engine *e)
{
	return table_cost(&e->table) / e->table.max;
}

size_t masq_engine_cost(const struct masq_engine *e)
{
	const size_t streams = e->streams != NULL ? stream_pool_cost(e->streams)
						  : 0;

	return sizeof(*e) + table_cost(&e->table) + reasm_cost() +
	       rate_cost(e->router.rate) + 3 * (IP_MAX_LEN + 129u) + streams;
}

static const char *const status_names[] = {
	[MASQ_OK] = "ok",
	[MASQ_ERR_NOMEM] = "out of memory",
	[MASQ_ERR_CONFIG] = "a configuration value is out of range",
	[MASQ_ERR_TOO_LONG] = "the datagram would be too long",
	[MASQ_ERR_RANGE] = "outside the packet",
	[MASQ_ERR_SPACE] = "the buffer is too small",
};

static const char *const drop_names[MASQ_NUM_DROPS] = {
	[MASQ_DROP_NONE] = "sent",
	[MASQ_DROP_NOT_UNICAST] = "not-unicast",
	[MASQ_DROP_IP_HEADER] = "ip-header",
	[MASQ_DROP_IP_OPTION] = "ip-option",
	[MASQ_DROP_MARTIAN] = "martian",
	[MASQ_DROP_NO_ROUTE] = "no-route",
	[MASQ_DROP_FRAGMENT] = "fragment",
	[MASQ_DROP_HELD] = "held",
	[MASQ_DROP_TTL] = "ttl",
	[MASQ_DROP_TOO_BIG] = "too-big",
	[MASQ_DROP_TRANSPORT] = "transport",
	[MASQ_DROP_CHECKSUM] = "checksum",
	[MASQ_DROP_PROTOCOL] = "protocol",
	[MASQ_DROP_NO_PORT] = "no-port",
	[MASQ_DROP_QUOTE] = "quote",
	[MASQ_DROP_TWICE] = "twice",
	[MASQ_DROP_LEAK] = "leak",
	[MASQ_DROP_HELPER] = "helper",
	[MASQ_DROP_LOCAL] = "local",
};

const char *masq_status_name(enum masq_status status)
{
	if ((size_t)status >= sizeof(status_names) / sizeof(status_names[0]))
		return "?";
	return status_names[status];
}

const char *masq_drop_name(enum masq_drop drop)
{
	return (unsigned int)drop < MASQ_NUM_DROPS ? drop_names[drop] : "?";
}
