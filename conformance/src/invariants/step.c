/* SPDX-License-Identifier: Apache-2.0 */
/* step.c - one stimulus and its results, put together */
#include "checker.h"

/* How the results of a step divide. */
struct tally {
	unsigned int forwarded; /* datagrams */
	unsigned int errors, redirects, answers;
};

static struct masq_view view_of(const struct conf_packet *packet)
{
	return (struct masq_view){.data = packet->data, .len = packet->len};
}

static struct inv_datagram datagram_of(const struct conf_layout *ip)
{
	const uint8_t ttl = masq_get8(ip->all, 8);

	return (struct inv_datagram){
		.ip = *ip,
		.min_ttl = ttl,
		.max_ttl = ttl,
		.is_piece = ip->is_fragment,
	};
}

static struct inv_datagram whole(struct masq_view octets)
{
	const struct conf_layout ip = conf_layout_of(octets.data, octets.len);

	return datagram_of(&ip);
}

static struct inv_datagram joined(const struct inv_joined *j)
{
	struct inv_datagram d = whole(j->octets);

	d.is_joined = true;
	d.min_ttl = j->min_ttl;
	d.max_ttl = j->max_ttl;
	return d;
}

/* RFC 1812 5.2.2: what must be dropped on sight. */
static bool is_bad_header(const struct conf_layout *ip)
{
	return !ip->has_header || masq_get8(ip->all, 0) >> 4 != 4 ||
	       !ip->is_whole || masq_header_sum(ip->header) != 0xffff;
}

/* The stimulus, joined if it is the last fragment of a datagram. */
static void take_stimulus(struct conf_checker *c)
{
	struct inv_joined j;

	c->p = whole(view_of(&c->stimulus));
	c->p_known = !c->p.ip.is_fragment;
	if (!c->p.ip.is_fragment || is_bad_header(&c->p.ip))
		return;
	c->last_fragment = c->now + 1;
	if (inv_reassembly_add(&c->in, &c->p.ip, c->stimulus.now, &j)) {
		c->p = joined(&j);
		c->p_known = true;
	}
}

static struct conf_layout layout_of(const struct conf_checker *c,
				    const struct conf_result *result)
{
	return conf_layout_of(conf_result_data(&c->results, result),
			      result->len);
}

/* Is a result the router's own message about the stimulus? */
static bool is_own(const struct conf_checker *c, const struct conf_layout *q)
{
	const struct conf_layout *p = &c->p.ip;
	struct masq_view quote = masq_from(q->payload, 8);

	if (!inv_is_icmp_error(q) || q->daddr != p->saddr)
		return false;
	if (c->p_known && !inv_is_icmp_error(p))
		return true;
	/* An error may be sent on to its own sender; an own one quotes it. */
	return q->saddr != p->saddr &&
	       masq_get16(quote, 4) == masq_get16(p->all, 4) &&
	       masq_get8(quote, 9) == p->proto &&
	       masq_get32(quote, 12) == p->saddr &&
	       (!p->is_first ||
		masq_get16(quote, p->header_len) == masq_get16(p->payload, 0));
}

static bool is_answer(const struct conf_checker *c, const struct conf_layout *q)
{
	const struct conf_layout *p = &c->p.ip;

	return p->saddr != p->daddr && q->saddr == p->daddr &&
	       q->daddr == p->saddr && inv_is_external(c, p->daddr);
}

static void note_seen(struct conf_checker *c, const struct inv_pair *pair)
{
	if (pair->direction == INV_PLAIN)
		return;
	if (pair->is_error)
		c->seen.errors++;
	else if (pair->direction == INV_IN)
		c->seen.answers++;
	if (pair->p.is_joined)
		c->seen.datagrams++;
}

static void take_pair(struct conf_checker *c, const struct conf_result *result,
		      const struct inv_datagram *p,
		      const struct inv_datagram *q, bool in_pieces)
{
	struct inv_pair pair = {
		.from = c->stimulus.side,
		.to = result->side,
		.direction = q->ip.daddr != p->ip.daddr   ? INV_IN
			     : q->ip.saddr != p->ip.saddr ? INV_OUT
							  : INV_PLAIN,
		.p = *p,
		.q = *q,
		.before = inv_flow_of(&p->ip),
		.after = inv_flow_of(&q->ip),
		.is_error = inv_is_icmp_error(&p->ip),
		.was_grown = in_pieces,
	};

	if (p->ip.proto != q->ip.proto ||
	    (p->ip.saddr != q->ip.saddr && p->ip.daddr != q->ip.daddr &&
	     !inv_is_external(c, p->ip.daddr))) {
		inv_fail(c, INV_34,
			 "a result is neither the packet that came nor about "
			 "it (protocol %u, came %u)",
			 q->ip.proto, p->ip.proto);
		return;
	}
	note_seen(c, &pair);
	pair.is_helped = inv_is_helped(c, pair.direction, &pair.before,
				       &pair.after);
	inv_check_addresses(c, &pair);
	inv_check_header(c, &pair);
	inv_check_transport(c, &pair);
	inv_check_sums(c, &pair);
	if (pair.is_error)
		inv_check_error(c, &pair);
	else
		inv_check_mapping(c, &pair);
}

/* The one fragment sent is the one that came: nothing was reassembled. */
static bool is_piecewise(const struct conf_checker *c,
			 const struct conf_layout *raw,
			 const struct conf_layout *q)
{
	unsigned int num = 0;

	if (!raw->is_fragment ||
	    ((masq_get16(raw->all, 6) ^ masq_get16(q->all, 6)) & 0x3fff) != 0)
		return false;
	for (size_t i = 0; i < c->results.num_items; i++) {
		struct conf_layout other = layout_of(c, &c->results.items[i]);

		num += other.is_fragment && other.proto == raw->proto;
	}
	return num == 1 && q->payload.len == raw->payload.len;
}

/*
 * A fragment that was sent on by itself, but cut on its way: the first of the
 * pieces shows how it was translated. It may complete its datagram here all
 * the same, if the others were sent on before. Where fragments are taken for
 * whole packets (A29) a helper may have made it longer.
 */
static void note_cut(struct conf_checker *c, const struct inv_datagram *raw,
		     const struct inv_datagram *q)
{
	if (!raw->ip.is_fragment ||
	    ((masq_get16(raw->ip.all, 6) ^ masq_get16(q->ip.all, 6)) &
	     0x1fff) != 0 ||
	    (q->ip.payload.len >= raw->ip.payload.len &&
	     !(inv_excused(c, EX_20_IDLE) && c->settings.num_loads > 0)) ||
	    raw->ip.saddr == q->ip.saddr || raw->ip.daddr != q->ip.daddr)
		return;
	c->has_cut = true;
	c->cut = (struct inv_pair){
		.from = c->stimulus.side,
		.to = CONF_OUTSIDE,
		.direction = INV_OUT,
		.p = *raw,
		.q = *q,
	};
}

/* No datagram was completed by the pieces: they are those of the fragment. */
static void take_cut(struct conf_checker *c, struct tally *tally)
{
	if (!c->has_cut)
		return;
	c->has_cut = false;
	if (tally->forwarded > 0)
		return;
	tally->forwarded++;
	inv_note_piece(c, &c->cut);
}

/* A datagram that was sent on, q in pieces or not. */
static void take_datagram(struct conf_checker *c,
			  const struct conf_result *result,
			  const struct inv_datagram *q, struct tally *tally)
{
	tally->forwarded++;
	if (c->p_known)
		take_pair(c, result, &c->p, q, q->is_joined && !c->p.is_joined);
	else
		inv_note_unknown(c, result->side, q);
}

/* A forwarded result that may be a piece of a datagram. */
static void take_piece(struct conf_checker *c, const struct conf_result *result,
		       const struct inv_datagram *q, struct tally *tally)
{
	const struct inv_datagram raw = whole(view_of(&c->stimulus));
	struct inv_datagram d;
	struct inv_joined j;

	if (is_piecewise(c, &raw.ip, &q->ip)) {
		tally->forwarded++;
		take_pair(c, result, &raw, q, false);
		return;
	}
	c->has_left = true;
	if (result->side == CONF_OUTSIDE)
		note_cut(c, &raw, q);
	if (!inv_reassembly_add(&c->out, &q->ip, result->now, &j))
		return;
	d = joined(&j);
	take_datagram(c, result, &d, tally);
}

static void take_forwarded(struct conf_checker *c,
			   const struct conf_result *result,
			   const struct conf_layout *q, struct tally *tally)
{
	const struct inv_datagram d = datagram_of(q);

	if (q->is_fragment)
		take_piece(c, result, &d, tally);
	else
		take_datagram(c, result, &d, tally);
}

static void take_timed(struct conf_checker *c, const struct conf_result *result,
		       const struct conf_layout *q)
{
	bool is_timeout = inv_is_icmp_error(q) &&
			  masq_get16(q->payload, 0) == 0x0b01 &&
			  inv_is_own(c, q->saddr);

	if (is_timeout && c->last_fragment != 0)
		return;
	inv_fail(c, INV_31, "a packet left %s with no packet as its cause",
		 result->side == CONF_INSIDE ? "inside" : "outside");
}

static void take_result(struct conf_checker *c,
			const struct conf_result *result, struct tally *tally)
{
	struct conf_layout q = layout_of(c, result);

	inv_check_emission(c, result, &q);
	if (!c->has_stimulus || result->now < c->stimulus.now) {
		take_timed(c, result, &q);
		return;
	}
	if (!q.has_payload || !c->p.ip.has_payload)
		return;
	if (is_own(c, &q)) {
		if (masq_get8(q.payload, 0) == 5)
			tally->redirects++;
		else
			tally->errors++;
		inv_check_own(c, result, &q);
	} else if (is_answer(c, &q)) {
		tally->answers += q.is_first;
		inv_check_answer(c, &q);
	} else {
		take_forwarded(c, result, &q, tally);
	}
}

static void check_tally(struct conf_checker *c, const struct tally *tally)
{
	if (tally->forwarded > 1)
		inv_fail(c, INV_15, "%u datagrams were forwarded for one",
			 tally->forwarded);
	if (tally->errors + tally->answers > 1)
		inv_fail(c, INV_15, "the sender got %u messages for one packet",
			 tally->errors + tally->answers);
	if (tally->redirects > 1)
		inv_fail(c, INV_15,
			 "the sender got %u redirects for one packet",
			 tally->redirects);
}

/*
 * Fragments that left for this stimulus must be those of one datagram, all
 * of it: what is left over in c->out was never completed.
 */
static void check_left(struct conf_checker *c, const struct tally *tally)
{
	if (!c->has_left)
		return;
	c->has_left = false;
	for (unsigned int i = 0; i < INV_MAX_QUEUES; i++) {
		const struct inv_queue *q = &c->out.queues[i];

		if (!c->out.used[i])
			continue;
		c->out.used[i] = false;
		if (!c->p_known || inv_excused(c, EX_19_IDLE))
			continue;
		if (q->unknown)
			inv_fail(c, INV_19,
				 "the fragments sent contradict each other");
		else
			inv_fail(c, INV_19,
				 "%u of %u octets left in fragments: the "
				 "datagram is not complete%s",
				 q->num_octets, q->end,
				 tally->forwarded > 0 ? ", another one is"
						      : "");
	}
}

void inv_step(struct conf_checker *c)
{
	struct tally tally = {0};

	if (c->has_stimulus)
		take_stimulus(c);
	for (size_t i = 0; i < c->results.num_items; i++)
		take_result(c, &c->results.items[i], &tally);
	if (!c->has_stimulus)
		return;
	take_cut(c, &tally);
	check_tally(c, &tally);
	check_left(c, &tally);
	if (tally.forwarded + tally.errors + tally.redirects + tally.answers >
		    0 &&
	    is_bad_header(&c->p.ip))
		inv_fail(c, INV_17,
			 "a packet with a bad header was not dropped");
	if (tally.forwarded == 0)
		inv_check_refused(c);
}
