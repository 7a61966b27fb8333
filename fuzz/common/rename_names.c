/* SPDX-License-Identifier: Apache-2.0 */
/* rename_names.c - which names a recording has shown so far */
#include <string.h>

#include "equivalence/eqv.h"
#include "rename_names.h"

#define POOL_FIRST 61000u
#define POOL_LAST  65095u

/* Bit of a protocol, by number of the pool: a result has shown it. */
static uint8_t shown[POOL_LAST - POOL_FIRST + 1];

static uint8_t *shown_at(uint16_t port)
{
	return port >= POOL_FIRST && port <= POOL_LAST
		       ? &shown[port - POOL_FIRST]
		       : NULL;
}

static uint8_t bit_of(uint8_t proto)
{
	return proto == CONF_PROTO_TCP ? 1 : proto == CONF_PROTO_UDP ? 2 : 4;
}

static void show(uint8_t proto, uint16_t port)
{
	uint8_t *at = shown_at(port);

	if (at != NULL)
		*at |= bit_of(proto);
}

static void hide(uint8_t proto, uint16_t port)
{
	uint8_t *at = shown_at(port);

	if (at != NULL)
		*at &= (uint8_t)~bit_of(proto);
}

/*
 * The names of the flows of inside endpoints. Of one that has another name
 * now, the equivalence has forgotten what it knew by the old one.
 */
static struct {
	uint8_t proto;
	struct eqv_end in, peer;
	uint16_t port;
} holders[FUZZ_NAMES_MAX_STIMULI];
static unsigned int num_holders;

static void note_holder(uint8_t proto, struct eqv_end in, struct eqv_end peer,
			uint16_t port)
{
	unsigned int i = 0;

	while (i < num_holders &&
	       (holders[i].proto != proto || !eqv_same_end(holders[i].in, in) ||
		!eqv_same_end(holders[i].peer, peer)))
		i++;
	if (i == FUZZ_NAMES_MAX_STIMULI)
		return;
	if (i == num_holders)
		num_holders++;
	else if (holders[i].port != port)
		hide(proto, holders[i].port);
	holders[i].proto = proto;
	holders[i].in = in;
	holders[i].peer = peer;
	holders[i].port = port;
}

/* What a result that leaves outside shows: its source, and in its text. */
void fuzz_names_show(const struct fuzz_player *p,
		     const struct conf_packet *stimulus,
		     const struct conf_packet *result)
{
	const struct masq_view v = {.data = result->data, .len = result->len};
	struct eqv_place places[EQV_MAX_PLACES];
	struct eqv_parsed at, in;
	unsigned int num;

	if (result->side != CONF_OUTSIDE)
		return;
	eqv_parse(&at, v, 0);
	if (at.src_at != 0 && at.src.addr == p->settings.outside.addr) {
		eqv_parse(&in,
			  (struct masq_view){stimulus->data, stimulus->len}, 0);
		if (stimulus->side == CONF_INSIDE && in.src_at != 0)
			note_holder(at.ip.proto, in.src, in.dst, at.src.port);
		show(at.ip.proto, at.src.port);
	}
	if (at.text == 0)
		return;
	num = eqv_places(places, at.ip.proto,
			 masq_slice(v, at.text, at.text_len));
	for (unsigned int i = 0; i < num; i++)
		show(places[i].proto, places[i].end.port);
}

static bool is_strange(const struct fuzz_player *p, uint8_t proto,
		       struct eqv_end end)
{
	const uint8_t *at = shown_at(end.port);

	return end.addr == p->settings.outside.addr && at != NULL &&
	       (*at & bit_of(proto)) == 0;
}

/*
 * A text that may name an endpoint. What an engine makes of it hangs on more
 * than the name (is the hole still there, was the line cut?), and numbers
 * move with its length: conformance/test permutes captures with such texts,
 * where it is known what came of them.
 */
static bool may_name(const struct conf_packet *stimulus,
		     const struct eqv_parsed *at)
{
	const struct masq_view v = {
		.data = stimulus->data,
		.len = stimulus->len,
	};
	struct eqv_place places[EQV_MAX_PLACES];

	return at->text != 0 &&
	       eqv_places(places, at->ip.proto,
			  masq_slice(v, at->text, at->text_len)) > 0;
}

static bool is_in_net(uint32_t addr, const struct conf_interface *net)
{
	const uint64_t hosts = UINT64_C(1) << (32 - net->len);

	return addr / hosts == net->addr / hosts;
}

/*
 * A number of the pool that no result has shown for that protocol is no name,
 * but may become one: a permuted capture cannot tell the two.
 */
bool fuzz_names_strangers(const struct fuzz_player *p,
			  const struct conf_packet *stimulus)
{
	const struct masq_view v = {
		.data = stimulus->data,
		.len = stimulus->len,
	};
	uint32_t edges[EQV_MAX_EDGES];
	struct eqv_parsed at, in;

	eqv_parse(&at, v, 0);
	/* Whom nobody outside is: no name is learnt of what he says. */
	if (stimulus->side == CONF_OUTSIDE &&
	    is_in_net(at.ip.saddr, &p->settings.inside))
		return true;
	/* Nor the edges of blocks in octets that an edit took away. */
	if (at.is_tcp && eqv_sack_edges(edges, &at, v) > 0)
		return true;
	if (may_name(stimulus, &at) || is_strange(p, at.ip.proto, at.dst) ||
	    is_strange(p, at.ip.proto, at.src))
		return true;
	if (at.quote == 0)
		return false;
	eqv_parse(&in, v, at.quote);
	return is_strange(p, in.ip.proto, in.src) ||
	       is_strange(p, in.ip.proto, in.dst);
}

void fuzz_names_forget(void)
{
	memset(shown, 0, sizeof(shown));
	num_holders = 0;
}
