/* SPDX-License-Identifier: Apache-2.0 */
/*
 * learn.c - Ethernet addresses, learnt from a capture before it is replayed
 *
 * The router is the one that packets between two nets are sent to, and sent
 * by. A neighbour is a host on the net of its wire; outside, without a
 * gateway, every host is one.
 */
#define _POSIX_C_SOURCE 200809L

#include <string.h>
#include <sys/stat.h>

#include "conformance/decode.h"
#include "learn.h"
#include "masq/wire.h"

struct learner {
	struct cli_config *config;
	const struct conf_settings *settings;
	bool router_known[3]; /* by enum cap_side */
	struct conf_neighbour seen[CONF_MAX_NEIGHBOURS];
	unsigned int num_seen;
	bool is_full; /* said once */
};

static void add(struct learner *l, const char *key, const char *addr,
		const uint8_t mac[6])
{
	char text[96], error[CAP_ERROR_SIZE];

	snprintf(text, sizeof(text), "%s=%s%s%02x:%02x:%02x:%02x:%02x:%02x",
		 key, addr, addr[0] != '\0' ? "=" : "", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
	/* Only memory can be short; then the address stays unknown. */
	if (cap_sidecar_set(&l->config->learnt, text, error) != CAP_OK)
		cli_error("%s", error);
}

static void learn_router(struct learner *l, enum cap_side side,
			 const uint8_t mac[6])
{
	if (l->router_known[side])
		return;
	l->router_known[side] = true;
	add(l, side == CAP_INSIDE ? "inside.mac" : "outside.mac", "", mac);
}

/* Which address would be asked for on the way to addr; 0 = none there. */
static uint32_t next_hop(const struct learner *l, enum cap_side side,
			 uint32_t addr)
{
	const struct conf_settings *s = l->settings;
	const struct conf_interface *i = side == CAP_INSIDE ? &s->inside
							    : &s->outside;
	uint32_t mask = UINT32_MAX << (32 - i->len);

	if (((addr ^ i->addr) & mask) == 0)
		return addr;
	if (side == CAP_INSIDE)
		return 0;
	return s->gateway != 0 ? s->gateway : addr;
}

static void learn_neighbour(struct learner *l, enum cap_side side,
			    uint32_t addr, const uint8_t mac[6])
{
	uint32_t hop = next_hop(l, side, addr);
	char text[CONF_ADDR_SIZE];

	if (hop == 0 || (mac[0] & 1) != 0)
		return;
	for (unsigned int i = 0; i < l->num_seen; i++)
		if (l->seen[i].addr == hop)
			return;
	/* Leaves room for what the user sets. */
	if (l->num_seen + l->settings->num_neighbours >= CONF_MAX_NEIGHBOURS) {
		if (!l->is_full)
			cli_error("more than %d neighbours: the Ethernet "
				  "addresses of some are not known before "
				  "they send",
				  CONF_MAX_NEIGHBOURS);
		l->is_full = true;
		return;
	}
	l->seen[l->num_seen].addr = hop;
	memcpy(l->seen[l->num_seen++].mac, mac, 6);
	add(l, "neighbour", conf_addr_text(text, hop), mac);
}

static bool is_inside_net(const struct learner *l, uint32_t addr)
{
	return next_hop(l, CAP_INSIDE, addr) != 0;
}

static void learn(struct learner *l, const struct cap_record *r)
{
	struct masq_view packet = {.data = r->data, .len = r->len};
	uint32_t source = masq_get32(packet, 12);
	uint32_t dest = masq_get32(packet, 16);
	bool to_router, from_router;

	if (r->ethertype != CAP_ETHERTYPE_IPV4 || !r->is_ethernet ||
	    !r->has_dst_mac || !masq_has(packet, 0, 20) ||
	    (r->dst_mac[0] & 1) != 0)
		return;
	if (r->side == CAP_INSIDE) {
		to_router = is_inside_net(l, source) && !is_inside_net(l, dest);
		from_router = !is_inside_net(l, source) &&
			      is_inside_net(l, dest);
	} else if (r->side == CAP_OUTSIDE) {
		to_router = dest == l->settings->outside.addr;
		from_router = source == l->settings->outside.addr;
	} else {
		return;
	}
	if (to_router) {
		learn_router(l, r->side, r->dst_mac);
		learn_neighbour(l, r->side, source, r->src_mac);
	} else if (from_router) {
		learn_router(l, r->side, r->src_mac);
		learn_neighbour(l, r->side, dest, r->dst_mac);
	}
}

static bool is_regular(const char *path)
{
	struct stat st;

	return path == NULL || (strcmp(path, "-") != 0 &&
				stat(path, &st) == 0 && S_ISREG(st.st_mode));
}

bool cli_learn(struct cli_config *config, const char *path,
	       const char *outside_path, const struct cap_options *options)
{
	struct learner learner = {
		.config = config,
		.settings = &config->settings,
		.router_known = {[CAP_INSIDE] = config->settings.inside.has_mac,
				 [CAP_OUTSIDE] =
					 config->settings.outside.has_mac},
	};
	char error[CAP_ERROR_SIZE];
	struct cap_reader *reader;
	struct cap_record record;
	enum cap_status status;

	if (!is_regular(path) || !is_regular(outside_path))
		return true;
	if (cap_open(path, outside_path, options, &reader, error) != CAP_OK) {
		cli_error("%s", error);
		return false;
	}
	status = CAP_OK;
	if (cap_reader_is_ethernet(reader))
		while ((status = cap_next(reader, &record)) == CAP_OK)
			learn(&learner, &record);
	if (status != CAP_OK && status != CAP_END)
		cli_error("%s", cap_reader_error(reader));
	cap_close(reader);
	return status == CAP_OK || status == CAP_END;
}
