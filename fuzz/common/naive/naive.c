/* SPDX-License-Identifier: Apache-2.0 */
/* naive.c - the naive router behind the contract of engine.h */
#include <stdio.h>
#include <stdlib.h>

#include "model.h"
#include "naive.h"

static const uint16_t default_timeouts[NUM_STATES] = {
	[NONE] = 1800,   [ESTABLISHED] = 900, [SYN_SENT] = 120,
	[SYN_RECV] = 60, [FIN_WAIT] = 120,    [TIME_WAIT] = 120,
	[CLOSE] = 10,    [CLOSE_WAIT] = 60,   [LAST_ACK] = 30,
	[LISTEN] = 120,  [STATE_UDP] = 300,   [STATE_ICMP] = 60,
};

const char *fuzz_naive_unmodelled(const void *engine)
{
	const struct model *m = engine;

	return m->loss;
}

void nv_lose(struct model *m, const char *why)
{
	if (m->loss == NULL)
		m->loss = why;
}

static void set_timeout(struct model *m, enum state state, uint32_t seconds)
{
	if (seconds > 0)
		m->timeouts[state] = seconds * 100;
}

static enum conf_status naive_reset(void *engine)
{
	struct model *m = engine;

	m->loss = m->loss_at_open;
	m->is_started = false;
	m->now = m->tick = 0;
	m->num_entries = m->num_alive = m->num_demanded = 0;
	m->num_hashed = 0;
	m->rover = m->settings.next_port;
	m->num_rates = 0;
	m->num_hops = 0;
	m->is_ethernet = false;
	m->ip_id = 0;
	for (unsigned int i = 0; i < 3; i++)
		m->free_ports[i] = 40960;
	nv_reasm_reset(m->reasm);
	nv_streams_reset(m);
	nv_portfw_reset(m);
	return CONF_OK;
}

static void naive_close(void *engine)
{
	struct model *m = engine;

	if (m == NULL)
		return;
	free(m->entries);
	free(m->rates);
	nv_reasm_free(m->reasm);
	free(m->streams);
	free(m->work);
	free(m);
}

/* What of the settings is not modelled, or NULL. */
static const char *check_settings(const struct conf_settings *s)
{
	const uint8_t len = s->inside.len < s->outside.len ? s->inside.len
							   : s->outside.len;

	if (conf_settings_quirks(s) != 0)
		return "quirks";
	if ((s->inside.addr ^ s->outside.addr) >> (32 - len) == 0)
		return "nets that overlap";
	return NULL;
}

static bool allocate(struct model *m)
{
	const size_t room = MAX_DATAGRAM + 1;

	m->entries = malloc(MAX_ENTRIES * sizeof(*m->entries));
	m->rates = malloc(MAX_RATES * sizeof(*m->rates));
	m->reasm = nv_reasm_new();
	m->streams = nv_streams_new();
	m->work = malloc(6 * room);
	if (m->entries == NULL || m->rates == NULL || m->reasm == NULL ||
	    m->streams == NULL || m->work == NULL)
		return false;
	m->before = m->work + room;
	m->own = m->before + room;
	m->slice = m->own + room;
	m->text = m->slice + room;
	return true;
}

static void configure(struct model *m)
{
	const struct conf_settings *s = &m->settings;

	m->loss_at_open = check_settings(s);
	m->max_alive = s->max_entries > 0 ? s->max_entries : UINT32_MAX;
	for (unsigned int i = 0; i < NUM_STATES; i++)
		m->timeouts[i] = default_timeouts[i] * 100u;
	set_timeout(m, ESTABLISHED, s->timeout_tcp);
	set_timeout(m, FIN_WAIT, s->timeout_tcp_fin);
	set_timeout(m, STATE_UDP, s->timeout_udp);
}

static enum conf_status naive_open(const struct conf_config *config,
				   void **out_engine, char *error,
				   size_t error_size)
{
	char text[CONF_ERROR_SIZE] = "no memory for the engine";
	enum conf_status status = CONF_ERR_ENGINE;
	struct model *m = calloc(1, sizeof(*m));

	*out_engine = NULL;
	if (m != NULL && allocate(m))
		status = conf_settings_read(&m->settings, config, text);
	if (status == CONF_OK && config->argument != NULL &&
	    !conf_profile_find(config->argument, &m->settings.profile)) {
		snprintf(text, sizeof(text), "%.80s: there is no such profile",
			 config->argument);
		status = CONF_ERR_CONFIG;
	}
	if (status != CONF_OK) {
		snprintf(error, error_size, "%s", text);
		naive_close(m);
		return status;
	}
	configure(m);
	*out_engine = m;
	return naive_reset(m);
}

static enum conf_status naive_advance(void *engine, uint64_t now,
				      conf_emit_fn *emit, void *ctx)
{
	struct model *m = engine;

	m->emit = emit;
	m->ctx = ctx;
	if (now > m->now)
		m->now = now;
	m->tick = m->now / TICK_NS;
	if (!m->is_started)
		m->boot = m->tick - m->settings.uptime / TICK_NS;
	m->is_started = true;
	if (m->loss == NULL)
		nv_expire(m);
	return CONF_OK;
}

static enum conf_status naive_packet(void *engine,
				     const struct conf_packet *stimulus,
				     conf_emit_fn *emit, void *ctx)
{
	struct model *m = engine;
	enum conf_status status = naive_advance(engine, stimulus->now, emit,
						ctx);

	if (m->loss == NULL)
		nv_receive(m, stimulus);
	return status;
}

/* ---- the listing (CORE-PROC) ----------------------------------------- */

enum {
	LINE = 128,
};

static void put_line(conf_text_fn *text, void *ctx, const char *words)
{
	char line[LINE + 1];

	snprintf(line, sizeof(line), "%-127s\n", words);
	text(ctx, line, LINE);
}

/* CORE-HASH-01: the bucket in which it is listed. */
static unsigned int bucket_of(const struct entry *e)
{
	const bool is_open = (e->flags & (NO_DADDR | NO_DPORT | DLOOSE)) != 0;
	const uint32_t addr = is_open ? e->ma : e->ma ^ e->oa;
	const uint32_t port = is_open ? e->mp : (uint32_t)(e->mp ^ e->op);

	return (e->proto ^ addr ^ port) & 255;
}

static void list_entry(const struct model *m, const struct entry *e,
		       conf_text_fn *text, void *ctx)
{
	char words[LINE];

	snprintf(words, sizeof(words),
		 "%s %08X:%04X %08X:%04X %04X %08X %6d %6d %7llu",
		 e->proto == TCP   ? "TCP"
		 : e->proto == UDP ? "UDP"
				   : "ICMP",
		 e->ia, e->ip, e->oa, e->op, e->mp, nv_next_number(e),
		 nv_shift(e), 0, (unsigned long long)(e->expires - m->tick));
	put_line(text, ctx, words);
}

/* The entry of a bucket that comes behind the one hashed at last. */
static const struct entry *next_in(const struct model *m, unsigned int bucket,
				   uint64_t last)
{
	const struct entry *next = NULL;

	for (unsigned int i = 0; i < m->num_entries; i++) {
		const struct entry *e = &m->entries[i];

		if (e->is_alive && bucket_of(e) == bucket && e->hashed < last &&
		    (next == NULL || e->hashed > next->hashed))
			next = e;
	}
	return next;
}

static enum conf_status naive_dump(void *engine, enum conf_dump what,
				   conf_text_fn *text, void *ctx)
{
	const struct model *m = engine;
	char words[LINE];

	if (what != CONF_DUMP_TABLE)
		return CONF_ERR_UNSUPPORTED;
	snprintf(words, sizeof(words),
		 "Prc FromIP   FPrt ToIP     TPrt Masq Init-seq  Delta PDelta "
		 "Expires (free=%u,%u,%u)",
		 m->free_ports[0], m->free_ports[1], m->free_ports[2]);
	put_line(text, ctx, words);
	for (unsigned int bucket = 0; bucket < 256; bucket++) {
		const struct entry *e = next_in(m, bucket, UINT64_MAX);

		for (; e != NULL; e = next_in(m, bucket, e->hashed))
			list_entry(m, e, text, ctx);
	}
	return CONF_OK;
}

/* ---- what it holds ----------------------------------------------------- */

void fuzz_naive_each(const void *engine, masq_each_fn *each, void *ctx)
{
	const struct model *m = engine;

	for (unsigned int i = 0; i < m->num_entries; i++) {
		const struct entry *e = &m->entries[i];
		struct masq_entry_info info = {
			.proto = e->proto,
			.state = (enum masq_state)e->state,
			.flags = e->flags,
			.inside_addr = e->ia,
			.masq_addr = e->ma,
			.peer_addr = e->oa,
			.inside_port = e->ip,
			.masq_port = e->mp,
			.peer_port = e->op,
			.expires = (int64_t)(e->expires - m->tick),
			.armed = true,
			.num_children = e->num_children,
			.is_child = e->parent != NULL,
		};

		if (!e->is_alive)
			continue;
		if (e->parent != NULL) {
			info.parent_proto = e->parent->proto;
			info.parent_port = e->parent->mp;
		}
		each(ctx, &info);
	}
}

void fuzz_naive_stats(const void *engine, struct masq_stats *out)
{
	const struct model *m = engine;

	*out = (struct masq_stats){
		.rover = m->rover,
		.held_datagrams = nv_reasm_num(m),
	};
	for (unsigned int i = 0; i < 3; i++)
		out->free_ports[i] = m->free_ports[i];
}

const struct conf_engine_ops fuzz_naive_ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(struct conf_engine_ops),
	.name = "naive",
	.capabilities = CONF_CAN_VIRTUAL_TIME | CONF_CAN_FRAGMENTS |
			CONF_CAN_DUMP | CONF_CAN_CONFIGURE |
			CONF_CAN_MARK_ERRORS,
	.open = naive_open,
	.reset = naive_reset,
	.packet = naive_packet,
	.advance = naive_advance,
	.dump = naive_dump,
	.close = naive_close,
};
