/* SPDX-License-Identifier: Apache-2.0 */
/* probe/trial.c - a fresh engine, packets to it, what comes of them */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/decode.h"
#include "probe/probe.h"

#define START (SECOND * UINT64_C(1000000000))

bool probe_good(const struct probe *p)
{
	return p->open && p->status == CONF_OK;
}

void probe_close(struct probe *p)
{
	if (p->open)
		conf_engine_close(&p->engine);
	p->open = false;
}

static void forget_evidence(struct conf_fact *fact)
{
	for (size_t i = 0; i < fact->num_evidence; i++)
		free(fact->evidence[i].data);
	fact->num_evidence = 0;
}

bool probe_fresh_with(struct probe *p, const struct conf_setting *extra)
{
	struct conf_config config = *p->ask->config;
	enum conf_status status;

	if (p->status != CONF_OK)
		return false;
	probe_close(p);
	forget_evidence(p->fact);
	conf_results_clear(&p->results);
	if (config.num_settings > 0)
		memcpy(p->all, config.settings,
		       config.num_settings * sizeof(*p->all));
	if (extra != NULL)
		p->all[config.num_settings++] = *extra;
	config.settings = p->all;
	p->start = p->now = START;
	p->id = 0;
	status = conf_engine_open(&p->engine, p->ask->engine, &config,
				  p->error);
	p->open = status == CONF_OK;
	if (!p->open && extra == NULL)
		p->status = status;
	return p->open;
}

bool probe_fresh(struct probe *p)
{
	return probe_fresh_with(p, NULL);
}

bool probe_has_clock(const struct probe *p)
{
	return p->ask->real_time || (p->open && (p->engine.ops->capabilities &
						 CONF_CAN_VIRTUAL_TIME) != 0);
}

static void note(struct probe *p, bool is_result, enum conf_side side,
		 const uint8_t *data, uint32_t len)
{
	struct conf_fact *fact = p->fact;
	struct conf_probe_packet *e = &fact->evidence[fact->num_evidence];

	if (fact->num_evidence == CONF_PROBE_EVIDENCE)
		return;
	*e = (struct conf_probe_packet){
		.is_result = is_result,
		.side = side,
		.now = p->now - p->start,
		.data = malloc(len + 1),
		.len = len,
	};
	if (e->data == NULL)
		return;
	if (len > 0)
		memcpy(e->data, data, len);
	fact->num_evidence++;
}

static void finish(struct probe *p, enum conf_status status)
{
	for (size_t i = 0; i < p->results.num_items; i++) {
		const struct conf_result *r = &p->results.items[i];

		note(p, true, r->side, conf_result_data(&p->results, r),
		     r->len);
	}
	if (status == CONF_OK && !p->results.failed)
		return;
	p->status = CONF_ERR_ENGINE;
	snprintf(p->error, CONF_ERROR_SIZE, "%.100s: %.300s", p->ask->engine,
		 conf_engine_error(&p->engine));
}

void probe_wait(struct probe *p, uint64_t seconds)
{
	struct timespec t = {.tv_sec = (time_t)seconds};

	if (!probe_good(p))
		return;
	if ((p->engine.ops->capabilities & CONF_CAN_VIRTUAL_TIME) == 0 &&
	    p->ask->real_time)
		(void)nanosleep(&t, NULL);
	p->now += seconds * SECOND;
	conf_results_clear(&p->results);
	finish(p, p->engine.ops->advance(p->engine.state, p->now,
					 conf_results_emit, &p->results));
}

void probe_send_raw(struct probe *p, enum conf_side side, const uint8_t *data,
		    uint32_t len)
{
	struct conf_packet packet = {
		.side = side, .data = data, .len = len, .now = p->now};

	conf_results_clear(&p->results);
	if (!probe_good(p))
		return;
	note(p, false, side, data, len);
	finish(p, p->engine.ops->packet(p->engine.state, &packet,
					conf_results_emit, &p->results));
}

void probe_send(struct probe *p, enum conf_side side, struct run_pkt *pkt)
{
	struct masq_buf b = {.data = p->room, .cap = RUN_MAX_PACKET};

	if (pkt->id == 0)
		pkt->id = ++p->id;
	conf_results_clear(&p->results);
	if (run_pkt_build(pkt, (struct masq_view){.data = NULL}, &b))
		probe_send_raw(p, side, b.data, b.len);
}

bool probe_got(const struct probe *p, enum conf_side side, struct run_pkt *out)
{
	for (size_t i = 0; i < p->results.num_items; i++) {
		const struct conf_result *r = &p->results.items[i];

		if (r->side == side &&
		    run_pkt_decode(out, conf_result_data(&p->results, r),
				   r->len))
			return true;
	}
	return false;
}

bool probe_passed(const struct probe *p, enum conf_side side, uint8_t proto,
		  struct run_pkt *out)
{
	for (size_t i = 0; i < p->results.num_items; i++) {
		const struct conf_result *r = &p->results.items[i];

		if (r->side == side && !r->own_error &&
		    run_pkt_decode(out, conf_result_data(&p->results, r),
				   r->len) &&
		    out->proto == proto)
			return true;
	}
	return false;
}

size_t probe_count(const struct probe *p, enum conf_side side)
{
	size_t num = 0;

	for (size_t i = 0; i < p->results.num_items; i++)
		num += p->results.items[i].side == side;
	return num;
}

const char *probe_answer(const struct probe *p, enum conf_side side,
			 char out[64])
{
	const char *type, *code;
	struct run_pkt pkt;

	snprintf(out, 64, "nothing");
	if (!probe_got(p, side, &pkt))
		return out;
	type = conf_icmp_type_name(pkt.type);
	code = conf_icmp_code_name(pkt.type, pkt.code);
	if (pkt.proto == CONF_PROTO_TCP && (pkt.flags & RST) != 0)
		snprintf(out, 64, "RST");
	else if (pkt.proto == CONF_PROTO_ICMP && type != NULL)
		snprintf(out, 64, "ICMP %.24s%s%.24s", type,
			 code != NULL ? "/" : "", code != NULL ? code : "");
	else
		snprintf(out, 64, "a packet of protocol %u", pkt.proto);
	return out;
}
