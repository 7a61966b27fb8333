/* SPDX-License-Identifier: Apache-2.0 */
/* echo.c - answers to, and errors about, what an engine has just sent */
#include <inttypes.h>
#include <string.h>

#include "echo.h"
#include "edit.h"
#include "finding.h"
#include "packet.h"
#include "play.h"

#define IP_LEN     20u
#define ICMP_LEN   8u
#define QUOTED     28u         /* octets of it that an error quotes */
#define MAX_ANSWER 576u        /* no link cuts it */
#define MIDDLE     0xc6336401u /* 198.51.100.1: a router on the way */

static struct fuzz_player *players;

/*
 * A bit for each port of ours that left with a helper's port: if loose, the
 * mapping has the helper for all its peers (CORE-UDP-02).
 */
static uint64_t helped[1024];

/* A packet that left, and what it was before. */
struct passage {
	struct conf_layout before, after;
	struct conf_packet sent; /* data is a copy */
	uint8_t octets[MAX_ANSWER];
	uint8_t original[MAX_ANSWER];
};

static bool is_fixed(const struct conf_settings *settings)
{
	return conf_settings_quirks(settings) == 0 &&
	       settings->inside.mtu >= MAX_ANSWER &&
	       settings->outside.mtu >= MAX_ANSWER;
}

bool fuzz_echo_begin(void)
{
	const struct fuzz_play play = {
		.address = fuzz_engine_address(),
		.is_watched = true,
		.is_collecting = true,
		.wants = is_fixed,
	};

	return fuzz_players_open(&players, &play);
}

/* ---- what left -------------------------------------------------------- */

static bool is_helper_port(const struct conf_settings *settings,
			   const struct conf_layout *ip)
{
	/* Any port may be one of a helper's: those there are lie there. */
	static const uint16_t ports[] = {21,   2121, 2122,  6666, 6667,
					 7000, 554,  7070,  8554, 7001,
					 7648, 7649, 26000, 27000};
	const uint16_t sport = masq_get16(ip->payload, 0);
	const uint16_t dport = masq_get16(ip->payload, 2);

	if (settings->num_loads == 0)
		return false;
	for (unsigned int i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (ports[i] == sport || ports[i] == dport)
			return true;
	return false;
}

static bool is_helped(const struct conf_layout *after)
{
	const uint16_t port = masq_get16(after->payload, 0);

	return after->proto == CONF_PROTO_UDP &&
	       (helped[port / 64] >> port % 64 & 1) != 0;
}

static void note_helped(const struct fuzz_player *p)
{
	for (size_t i = 0; i < p->results.num_items; i++) {
		const struct conf_result *r = &p->results.items[i];
		const struct conf_layout ip = conf_layout_of(
			conf_result_data(&p->results, r), r->len);
		const uint16_t port = masq_get16(ip.payload, 0);

		if (r->side == CONF_OUTSIDE && ip.is_first &&
		    ip.proto == CONF_PROTO_UDP &&
		    is_helper_port(&p->settings, &ip))
			helped[port / 64] |= UINT64_C(1) << port % 64;
	}
}

/* A whole TCP, UDP or echo packet whose lengths are what they should be. */
static bool is_plain(const struct conf_layout *ip)
{
	const uint32_t doff = (masq_get8(ip->payload, 12) >> 4) * 4u;

	if (!ip->is_whole || ip->is_fragment || ip->header_len != IP_LEN ||
	    ip->total_len > MAX_ANSWER)
		return false;
	switch (ip->proto) {
	case CONF_PROTO_TCP:
		return ip->payload.len >= 20 && doff >= 20 &&
		       doff <= ip->payload.len;
	case CONF_PROTO_UDP:
		return ip->payload.len >= 8 &&
		       masq_get16(ip->payload, 4) == ip->payload.len;
	case CONF_PROTO_ICMP:
		return ip->payload.len >= 8 && masq_get8(ip->payload, 0) == 8 &&
		       masq_get8(ip->payload, 1) == 0;
	default:
		return false;
	}
}

/* Did the stimulus leave outside with another source, and nothing else? */
static bool note_passage(const struct fuzz_player *p,
			 const struct conf_packet *stimulus,
			 struct passage *out)
{
	const struct conf_result *r = p->results.items;

	if (stimulus->side != CONF_INSIDE || p->results.num_items != 1 ||
	    r->side != CONF_OUTSIDE || r->len > MAX_ANSWER ||
	    stimulus->len < r->len)
		return false;
	memcpy(out->octets, conf_result_data(&p->results, r), r->len);
	memcpy(out->original, stimulus->data, r->len);
	out->before = conf_layout_of(out->original, r->len);
	out->after = conf_layout_of(out->octets, r->len);
	return is_plain(&out->before) && is_plain(&out->after) &&
	       out->before.total_len == r->len &&
	       out->before.saddr != out->after.saddr &&
	       out->before.daddr == out->after.daddr &&
	       !is_helper_port(&p->settings, &out->before) &&
	       !is_helped(&out->after);
}

/* ---- what comes back -------------------------------------------------- */

static void put_header(struct masq_buf *b, uint8_t proto, uint32_t saddr,
		       uint32_t daddr)
{
	masq_put16(b, 0, 0x4500);
	masq_put16(b, 2, (uint16_t)b->len);
	masq_put32(b, 4, 0);
	masq_put16(b, 8, (uint16_t)(64u << 8 | proto));
	masq_put32(b, 12, saddr);
	masq_put32(b, 16, daddr);
}

/* The same payload back to where it came from. */
static void make_answer(struct masq_buf *b, const struct passage *t)
{
	const struct masq_view l4 = t->after.payload;

	b->len = IP_LEN +
		 (l4.len < MAX_ANSWER - IP_LEN ? l4.len : MAX_ANSWER - IP_LEN);
	put_header(b, t->after.proto, t->after.daddr, t->after.saddr);
	memcpy(b->data + IP_LEN, l4.data, b->len - IP_LEN);
	if (t->after.proto == CONF_PROTO_ICMP) {
		masq_put8(b, IP_LEN, 0); /* echo reply */
	} else {
		masq_put16(b, IP_LEN, masq_get16(l4, 2));
		masq_put16(b, IP_LEN + 2, masq_get16(l4, 0));
	}
	fuzz_make_sums(b);
}

/* A host unreachable from a router on the way. */
static void make_error(struct masq_buf *b, const struct passage *t)
{
	b->len = IP_LEN + ICMP_LEN + QUOTED;
	put_header(b, CONF_PROTO_ICMP, MIDDLE, t->after.saddr);
	memset(b->data + IP_LEN, 0, ICMP_LEN);
	masq_put8(b, IP_LEN, 3);
	masq_put8(b, IP_LEN + 1, 1);
	memcpy(b->data + IP_LEN + ICMP_LEN, t->octets, QUOTED);
	fuzz_make_sums(b);
}

/*
 * Gives it to the engine; the one result, which must be for the sender. If it
 * is not, and that is known, it has no header.
 */
static struct conf_layout give(struct fuzz_player *p, const struct passage *t,
			       const struct masq_buf *b, const char *what)
{
	const struct conf_packet stimulus = {
		.side = CONF_OUTSIDE,
		.now = p->now,
		.data = b->data,
		.len = b->len,
	};
	struct conf_layout ip = {.has_header = false};
	const struct conf_result *r;

	fuzz_player_packet(p, &stimulus);
	if (p->has_failed)
		return ip;
	r = p->results.items;
	if (p->results.num_items == 1)
		ip = conf_layout_of(conf_result_data(&p->results, r), r->len);
	if (p->results.num_items != 1 || r->side != CONF_INSIDE ||
	    !ip.is_whole || ip.daddr != t->before.saddr)
		fuzz_finding("roundtrip", what, p->stimulus,
			     "%zu results; the %s was for %08" PRIx32,
			     p->results.num_items, what, t->before.saddr);
	else
		return ip;
	return (struct conf_layout){.has_header = false};
}

static void check_answer(struct fuzz_player *p, const struct passage *t)
{
	static uint8_t octets[MAX_ANSWER];
	struct masq_buf b = {.data = octets, .cap = sizeof(octets)};
	const struct masq_view sent = t->before.payload;
	const uint32_t head = t->before.proto == CONF_PROTO_ICMP ? 4u : 8u;
	const uint32_t text = t->before.proto == CONF_PROTO_TCP ? 20u : 8u;
	struct conf_layout ip;

	make_answer(&b, t);
	ip = give(p, t, &b, "answer");
	if (!ip.has_header)
		return;
	if (t->before.proto != CONF_PROTO_ICMP &&
	    (masq_get16(ip.payload, 2) != masq_get16(sent, 0) ||
	     masq_get16(ip.payload, 0) != masq_get16(sent, 2)))
		fuzz_finding("roundtrip", "port", p->stimulus,
			     "port %u, was sent from %u",
			     masq_get16(ip.payload, 2), masq_get16(sent, 0));
	if (t->before.proto == CONF_PROTO_ICMP &&
	    masq_get16(ip.payload, head) != masq_get16(sent, head))
		fuzz_finding("roundtrip", "id", p->stimulus,
			     "id %u, was sent with %u",
			     masq_get16(ip.payload, head),
			     masq_get16(sent, head));
	if (ip.payload.len != sent.len ||
	    !masq_equal(ip.payload, text, sent.data + text, sent.len - text))
		fuzz_finding("roundtrip", "payload", p->stimulus,
			     "is not what was sent");
}

static void check_error(struct fuzz_player *p, const struct passage *t)
{
	static uint8_t octets[MAX_ANSWER];
	struct masq_buf b = {.data = octets, .cap = sizeof(octets)};
	struct conf_layout ip;
	struct masq_view quote;

	make_error(&b, t);
	ip = give(p, t, &b, "error");
	if (!ip.has_header)
		return;
	quote = masq_from(ip.payload, ICMP_LEN);
	if (masq_get32(quote, 12) != t->before.saddr ||
	    masq_get32(quote, 16) != t->before.daddr ||
	    masq_get32(quote, IP_LEN) != masq_get32(t->before.payload, 0))
		fuzz_finding("roundtrip", "quote", p->stimulus,
			     "quotes another packet than was sent");
}

/* The next one that is fixed, and has room for an answer. */
void fuzz_echo_route(struct fuzz_input *input)
{
	while (players[input->variant].engine.ops == NULL)
		input->variant = (input->variant + 1) % fuzz_num_variants;
}

void fuzz_echo_run(const uint8_t *data, size_t len)
{
	static struct passage passage;
	struct conf_packet stimulus;
	struct fuzz_input input;
	struct fuzz_player *p;

	if (!fuzz_input_open(&input, data, len))
		return;
	fuzz_echo_route(&input);
	p = fuzz_player_for(players, &input);
	memset(helped, 0, sizeof(helped));
	while (fuzz_input_next(&input, &stimulus)) {
		fuzz_player_packet(p, &stimulus);
		note_helped(p);
		if (!note_passage(p, &stimulus, &passage))
			continue;
		/* Errors first: an answer may end the connection. */
		check_error(p, &passage);
		check_answer(p, &passage);
	}
	fuzz_player_quiesce(p);
	fuzz_player_end(p);
}
