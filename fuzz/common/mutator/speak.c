/* SPDX-License-Identifier: Apache-2.0 */
/*
 * speak.c - a dialogue on a control connection, and what it opens
 *
 * A connection that a helper watches is taken, or opened. What is said comes
 * from say_*.c; here it gets its numbers, is cut into segments, repeated and
 * acknowledged. Then the holes that came of it are used.
 */
#include <string.h>

#include "mutator.h"
#include "mutator/phrase.h"

static const struct voice {
	const char *ops;    /* as the engine lists the helper */
	const char *helper; /* as people name it */
	say_fn *say;
} voices[] = {
	{"ftp", "ftp", say_ftp},
	{"irc", "irc", say_irc},
	{"RealAudio", "raudio", say_raudio},
	{"VDOlive", "vdolive", say_vdolive},
	{"Quake_26", "quake", say_quake},
	{"Quake_27", "quake", say_quake},
	{"cuseeme", "cuseeme", say_cuseeme},
};

/* Who speaks with whom, and how. */
struct dialogue {
	const struct voice *voice;
	const struct masq_binding *binding;
	struct masq_tuple tuple;
	uint32_t masq_addr;
	uint16_t masq_port;
	struct talk talk;
};

static const struct voice *voice_of(const char *ops)
{
	for (size_t i = 0; i < RNG_NUM(voices); i++) {
		if (strcmp(voices[i].ops, ops) == 0)
			return &voices[i];
	}
	return NULL;
}

bool speak_is_heard(struct work *w)
{
	const struct place *place = w->world.place;

	if (w->helper[0] == '\0')
		return true;
	for (unsigned int i = 0;
	     place != NULL && i < place->config->num_bindings; i++) {
		const struct voice *voice =
			voice_of(place->config->bindings[i].ops->name);

		if (voice != NULL && strcmp(voice->helper, w->helper) == 0)
			return true;
	}
	return false;
}

/* A binding of this router, the helper's that is looked for if any. */
static bool choose(struct work *w, struct dialogue *d)
{
	const struct masq_config *c = w->world.place->config;
	const unsigned int num = c->num_bindings;
	const bool is_any = w->helper[0] == '\0' || rng_one_in(&w->rng, 16);
	unsigned int from;

	if (num == 0)
		return false;
	from = rng_below(&w->rng, num);
	for (unsigned int i = 0; i < num; i++) {
		d->binding = &c->bindings[(from + i) % num];
		d->voice = voice_of(d->binding->ops->name);
		if (d->voice != NULL &&
		    (is_any || strcmp(d->voice->helper, w->helper) == 0))
			return true;
	}
	return false;
}

static bool is_watched(const struct dialogue *d,
		       const struct masq_entry_info *e)
{
	const uint16_t port = d->binding->inbound ? e->masq_port : e->peer_port;

	return e->helper != NULL && e->proto == d->binding->ops->proto &&
	       strcmp(e->helper, d->binding->ops->name) == 0 &&
	       port == d->binding->port;
}

/* An entry that the helper watches already. */
static bool find_entry(struct work *w, struct dialogue *d)
{
	const struct world *world = &w->world;
	unsigned int from;

	world_look(w);
	if (world->num_entries == 0)
		return false;
	from = rng_below(&w->rng, world->num_entries);
	for (unsigned int i = 0; i < world->num_entries; i++) {
		const struct masq_entry_info *e =
			&world->entries[(from + i) % world->num_entries];

		if (!is_watched(d, e))
			continue;
		d->tuple = (struct masq_tuple){
			.proto = e->proto,
			.inside_addr = e->inside_addr,
			.inside_port = e->inside_port,
			.peer_addr = e->peer_addr,
			.peer_port = e->peer_port,
		};
		d->masq_addr = e->masq_addr;
		d->masq_port = e->masq_port;
		return true;
	}
	return false;
}

/* Outside asks for a port that is forwarded to an inside server. */
static bool open_inbound(struct work *w, const struct dialogue *d)
{
	const struct masq_config *c = w->world.place->config;

	for (unsigned int i = 0; i < c->num_portfw; i++) {
		const struct masq_portfw *p = &c->portfw[i];

		if (p->proto == IPP_TCP && p->local_port == d->binding->port)
			return tcp_accept(w, p->local_addr, p->local_port,
					  value_peer(w), value_port(w)) != NULL;
	}
	return false;
}

static bool open_new(struct work *w, const struct dialogue *d)
{
	struct ends ends = {
		.src = value_inside(w),
		.sport = value_port(w),
		.dst = value_peer(w),
		.dport = d->binding->port,
	};

	if (d->binding->inbound)
		return open_inbound(w, d);
	if (d->binding->ops->proto == IPP_TCP)
		return tcp_open(w, ends.src, ends.sport, ends.dst,
				ends.dport) != NULL;
	return emit(w, CONF_INSIDE,
		    build_udp(w, &ends, w->text, value_payload(w)));
}

static void begin_talk(struct work *w, struct dialogue *d, uint32_t step)
{
	const struct masq_entry_info *e = world_pick_child(w);

	d->talk = (struct talk){
		.text = {.w = w,
			 .data = w->text,
			 .cap = MAX_TEXT,
			 .is_plain = rng_one_in(&w->rng, 2)},
		.is_inbound = d->binding->inbound,
		.inside = d->tuple.inside_addr,
		.inside_port = d->tuple.inside_port,
		.masq = d->masq_addr,
		.peer = d->tuple.peer_addr,
		.step = step,
	};
	if (e == NULL || e->inside_addr != d->tuple.inside_addr)
		return;
	d->talk.has_hole = true;
	d->talk.hole_inside = e->inside_port;
	d->talk.hole_masq = e->masq_port;
}

/* ---- delivery -------------------------------------------------------- */

static bool send_udp(struct work *w, const struct dialogue *d)
{
	const bool out = d->talk.from_inside;
	const struct ends ends = {
		.src = out ? d->tuple.inside_addr : d->tuple.peer_addr,
		.sport = out ? d->tuple.inside_port : d->tuple.peer_port,
		.dst = out ? d->tuple.peer_addr : d->masq_addr,
		.dport = out ? d->tuple.peer_port : d->masq_port,
	};

	return emit(w, out ? CONF_INSIDE : CONF_OUTSIDE,
		    build_udp(w, &ends, w->text, d->talk.text.len));
}

/* Once more, from the beginning or from somewhere. */
static void send_again(struct work *w, struct conn *c, bool out, uint32_t len)
{
	struct conn before = *c;
	struct half *half = out ? &before.in : &before.out;
	const uint32_t from = rng_one_in(&w->rng, 2)
				      ? 0
				      : rng_below(&w->rng, len + 1);

	half->next -= len - from;
	tcp_send(w, &before, out, F_PSH | F_ACK, w->text + from,
		 rng_one_in(&w->rng, 3) ? rng_below(&w->rng, len - from + 1)
					: len - from);
}

/* A segment that takes another way, or nobody saw: its numbers are missing. */
static void lose(struct conn *c, bool out, uint32_t len)
{
	struct half *half = out ? &c->in : &c->out;

	half->next += len;
}

static bool send_tcp(struct work *w, const struct dialogue *d)
{
	const bool out = d->talk.from_inside;
	const uint32_t len = d->talk.text.len;
	uint32_t from = 0;
	struct conn *c = conns_find(&w->world, d->tuple.inside_addr,
				    d->tuple.inside_port, d->tuple.peer_addr,
				    d->tuple.peer_port);

	if (c == NULL || !c->has_m)
		return false;
	if (rng_one_in(&w->rng, 24))
		lose(c, out, 1 + rng_below(&w->rng, 40));
	while (from < len) {
		uint32_t part = len - from;

		if (part > 1 && rng_one_in(&w->rng, 6))
			part = 1 + rng_below(&w->rng, part - 1);
		if (rng_one_in(&w->rng, 32))
			lose(c, out, part);
		else if (!tcp_send(w, c, out, F_PSH | F_ACK, w->text + from,
				   part))
			return false;
		from += part;
	}
	if (rng_one_in(&w->rng, 5))
		send_again(w, c, out, len);
	if (rng_one_in(&w->rng, 3))
		tcp_send(w, c, !out, F_ACK, NULL, 0);
	return true;
}

/* What else is said in the same breath, in one segment. */
static void say_more(struct work *w, struct dialogue *d)
{
	const bool from_inside = d->talk.from_inside;

	while (d->talk.text.len < MAX_TEXT / 4 && rng_one_in(&w->rng, 3)) {
		const uint32_t len = d->talk.text.len;

		d->talk.step++;
		d->voice->say(&d->talk);
		if (d->talk.from_inside == from_inside)
			continue;
		d->talk.from_inside = from_inside;
		d->talk.text.len = len;
		return;
	}
}

/* Some messages, each as the table then is. False: none was sent. */
static bool converse(struct work *w, struct dialogue *d)
{
	/* Now and then more holes than one connection may have. */
	const bool is_long = rng_one_in(&w->rng, 16);
	const uint32_t num = is_long ? 12 + rng_below(&w->rng, 8)
				     : 1 + rng_below(&w->rng, 4);
	uint32_t port = is_long ? value_port(w) | 0x4000u : 0;

	for (uint32_t i = 0; i < num; i++) {
		const bool is_tcp = d->binding->ops->proto == IPP_TCP;

		begin_talk(w, d, i);
		d->talk.count = port;
		d->voice->say(&d->talk);
		if (is_tcp && !is_long && rng_one_in(&w->rng, 3))
			say_more(w, d);
		port = d->talk.count;
		if (is_tcp ? !send_tcp(w, d) : !send_udp(w, d))
			return i != 0;
		/* Playing has perhaps moved the entry to another port. */
		if (!is_long && !find_entry(w, d))
			break;
	}
	return true;
}

bool mutate_speak(struct work *w)
{
	struct dialogue d = {0};
	const struct masq_entry_info *e;

	if (!choose(w, &d))
		return false;
	if (!find_entry(w, &d) || rng_one_in(&w->rng, 6)) {
		if (!open_new(w, &d) || !find_entry(w, &d))
			return false;
	}
	if (!converse(w, &d))
		return false;
	for (uint32_t i = rng_below(&w->rng, 4); i != 0; i--) {
		e = world_pick_child(w);
		if (e == NULL || !aim_follow(w, e))
			break;
	}
	return true;
}
