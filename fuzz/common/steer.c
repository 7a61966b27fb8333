/* SPDX-License-Identifier: Apache-2.0 */
/* steer.c - packets for one helper, and what it may open */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "edit.h"
#include "finding.h"
#include "helpers/registry.h"
#include "masq/helper.h"
#include "masq/masq.h"
#include "octets.h"
#include "packet.h"
#include "steer.h"

#define MAX_VARIANTS 64u
#define LOW_PORTS    1024u

static struct {
	enum conf_helper helper;
	uint8_t proto;
	struct fuzz_player *players;
	/* The variants that have the helper. */
	unsigned int usable[MAX_VARIANTS];
	unsigned int num_usable;
	uint16_t ports[MAX_VARIANTS][CONF_MAX_LIST];
	unsigned int num_ports[MAX_VARIANTS];
	struct fuzz_octets *octets;
	uint8_t data[FUZZ_MAX_PACKET];
} it;

static const struct conf_load *load_of(const struct conf_settings *settings)
{
	for (unsigned int i = 0; i < settings->num_loads; i++)
		if (settings->loads[i].helper == it.helper)
			return &settings->loads[i];
	return NULL;
}

static bool wants(const struct conf_settings *settings)
{
	return load_of(settings) != NULL;
}

/* Those given, or its defaults. */
static void note_ports(unsigned int variant, const struct helper_module *module)
{
	const struct conf_load *load = load_of(&it.players[variant].settings);
	const uint16_t *ports = module->default_ports;
	unsigned int num = HELPER_MAX_PORTS;

	if (load->ports.num_values != 0) {
		ports = load->ports.values;
		num = load->ports.num_values;
	}
	for (unsigned int i = 0; i < num && i < CONF_MAX_LIST; i++)
		if (ports[i] != 0)
			it.ports[variant][it.num_ports[variant]++] = ports[i];
}

bool fuzz_helper_begin(enum conf_helper helper)
{
	const struct fuzz_play play = {
		.address = fuzz_engine_address(),
		.is_watched = true,
		.is_collecting = true,
		.wants = wants,
	};
	const struct helper_module *module =
		helper_find(conf_helper_names[helper]);

	it.helper = helper;
	it.octets = fuzz_octets_new();
	if (module == NULL || it.octets == NULL) {
		fprintf(stderr, "helper %s is not built in\n",
			conf_helper_names[helper]);
		return false;
	}
	it.proto = module->ops[0]->proto;
	if (!fuzz_players_open(&it.players, &play))
		return false;
	for (unsigned int i = 0; i < fuzz_num_variants && i < MAX_VARIANTS; i++)
		if (it.players[i].engine.ops != NULL) {
			it.usable[it.num_usable++] = i;
			note_ports(i, module);
		}
	return it.num_usable > 0;
}

/* ---- steering --------------------------------------------------------- */

static bool is_port(unsigned int variant, uint16_t port)
{
	for (unsigned int i = 0; i < it.num_ports[variant]; i++)
		if (it.ports[variant][i] == port)
			return true;
	return false;
}

/*
 * What comes from inside goes to the helper's port, what comes from outside
 * comes from it. A port that is even stays as it is: helpers meet holes.
 */
void fuzz_helper_steer(const struct fuzz_input *input, struct conf_packet *p)
{
	const unsigned int variant = input->variant;
	const struct conf_layout ip = conf_layout_of(p->data, p->len);
	const uint32_t at = ip.header_len + (p->side == CONF_INSIDE ? 2u : 0u);
	const uint32_t sum_at = ip.header_len +
				(it.proto == CONF_PROTO_TCP ? 16u : 6u);
	struct masq_buf b = {.data = it.data, .len = p->len, .cap = p->len};
	uint16_t port;

	if (!ip.is_whole || !ip.is_first || ip.proto != it.proto ||
	    p->len > sizeof(it.data) || ip.payload.len < 8)
		return;
	port = masq_get16(ip.all, at);
	if (is_port(variant, port) || port % 2 == 0 ||
	    is_port(variant, masq_get16(ip.payload, 0)) ||
	    is_port(variant, masq_get16(ip.payload, 2)))
		return;
	memcpy(it.data, p->data, p->len);
	/* UDP without a sum stays without one. */
	fuzz_put16(&b, at, it.ports[variant][port / 2 % it.num_ports[variant]],
		   masq_get16(ip.all, sum_at) != 0 ? sum_at : 0);
	p->data = it.data;
}

/* ---- what it opened --------------------------------------------------- */

struct entries {
	struct masq_entry_info all[512];
	size_t num;
};

static void collect(void *ctx, const struct masq_entry_info *info)
{
	struct entries *entries = ctx;

	if (entries->num < sizeof(entries->all) / sizeof(entries->all[0]))
		entries->all[entries->num++] = *info;
}

static bool is_parent(const struct masq_entry_info *parent,
		      const struct masq_entry_info *child, bool is_strict)
{
	return parent->proto == child->parent_proto &&
	       parent->masq_port == child->parent_port &&
	       parent->num_children > 0 &&
	       (!is_strict || parent->inside_addr == child->inside_addr);
}

static void check_hole(const struct fuzz_player *p,
		       const struct entries *entries,
		       const struct masq_entry_info *child)
{
	const bool is_fixed = conf_settings_quirks(&p->settings) == 0;
	const bool is_strict = is_fixed && p->settings.irc_insecure == 0;
	/* Announced, and not used yet; a connection has the port it has. */
	const bool is_waiting = child->state == MASQ_STATE_LISTEN;
	size_t i = 0;

	while (i < entries->num &&
	       !is_parent(&entries->all[i], child, is_strict))
		i++;
	if (i == entries->num && entries->num < 512)
		fuzz_finding("hole", "owner", p->stimulus,
			     "port %u is open for %08" PRIx32
			     ", who has no such control connection",
			     child->masq_port, child->inside_addr);
	if (child->masq_addr != p->settings.outside.addr &&
	    child->masq_addr != p->settings.inside.addr)
		fuzz_finding("hole", "address", p->stimulus,
			     "port %u of %08" PRIx32 ", which is not ours",
			     child->masq_port, child->masq_addr);
	if (is_strict && is_waiting && child->inside_port < LOW_PORTS)
		fuzz_finding("hole", "low-port", p->stimulus,
			     "port %u leads to port %u of %08" PRIx32,
			     child->masq_port, child->inside_port,
			     child->inside_addr);
}

static void check_holes(const struct fuzz_player *p)
{
	static struct entries entries;

	entries.num = 0;
	masq_table_each(p->masq, collect, &entries);
	for (size_t i = 0; i < entries.num; i++)
		if (entries.all[i].is_child)
			check_hole(p, &entries, &entries.all[i]);
}

static void check_streams(const struct fuzz_player *p,
			  const struct conf_packet *stimulus)
{
	const struct conf_result *r = p->results.items;
	struct conf_packet result;
	uint32_t number;

	if (p->results.num_items != 1 || r->side == stimulus->side) {
		fuzz_octets_lose(it.octets, stimulus);
		return;
	}
	result = (struct conf_packet){
		.side = r->side,
		.data = conf_result_data(&p->results, r),
		.len = r->len,
	};
	if (!fuzz_octets_pair(it.octets, stimulus, &result, &number))
		fuzz_finding("stream", "octets", p->stimulus,
			     "at number %" PRIu32
			     " the receiver gets another octet than before",
			     number);
}

/* ---- playing ---------------------------------------------------------- */

static void play(struct fuzz_player *p, struct fuzz_input *input)
{
	const bool is_fixed = conf_settings_quirks(&p->settings) == 0;
	struct masq_stats stats = {0};
	uint64_t num_children = 0, num_expired = 0;
	struct conf_packet stimulus;

	fuzz_octets_reset(it.octets);
	while (fuzz_input_next(input, &stimulus)) {
		fuzz_helper_steer(input, &stimulus);
		fuzz_player_packet(p, &stimulus);
		if (p->masq != NULL)
			masq_stats_get(p->masq, &stats);
		if (stats.num_children != num_children)
			check_holes(p);
		num_children = stats.num_children;
		/* What a mapping knew of streams goes with it. */
		if (stats.num_expired != num_expired)
			fuzz_octets_forget(it.octets);
		num_expired = stats.num_expired;
		if (is_fixed && it.proto == CONF_PROTO_TCP)
			check_streams(p, &stimulus);
	}
}

/* One that has the helper. */
void fuzz_helper_route(struct fuzz_input *input)
{
	if (it.players[input->variant].engine.ops == NULL)
		input->variant = it.usable[input->variant % it.num_usable];
}

void fuzz_helper_run(const uint8_t *data, size_t len)
{
	struct fuzz_input input;
	struct fuzz_player *p;

	if (!fuzz_input_open(&input, data, len))
		return;
	fuzz_helper_route(&input);
	p = fuzz_player_for(it.players, &input);
	play(p, &input);
	fuzz_player_quiesce(p);
	fuzz_player_end(p);
}
