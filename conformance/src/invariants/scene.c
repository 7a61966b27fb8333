/* SPDX-License-Identifier: Apache-2.0 */
/* scene.c - what the settings say about addresses and ports */
#include "checker.h"

static uint32_t mask_of(uint8_t len)
{
	return len == 0 ? 0 : UINT32_MAX << (32 - len);
}

bool inv_in_net(uint32_t addr, const struct conf_net *net)
{
	return ((addr ^ net->addr) & mask_of(net->len)) == 0;
}

static bool is_on_link(uint32_t addr, const struct conf_interface *interface)
{
	return ((addr ^ interface->addr) & mask_of(interface->len)) == 0;
}

bool inv_is_inside(const struct conf_checker *c, uint32_t addr)
{
	return is_on_link(addr, &c->settings.inside);
}

bool inv_is_own(const struct conf_checker *c, uint32_t addr)
{
	return addr == c->settings.inside.addr ||
	       addr == c->settings.outside.addr;
}

bool inv_is_external(const struct conf_checker *c, uint32_t addr)
{
	if (inv_is_own(c, addr))
		return true;
	for (unsigned int i = 0; i < c->settings.num_portfw; i++)
		if (c->settings.portfw[i].local_addr == addr)
			return true;
	return false;
}

bool inv_is_masked(const struct conf_checker *c, uint32_t saddr, uint32_t daddr)
{
	const struct conf_settings *s = &c->settings;

	if (!inv_in_net(daddr, &s->dest))
		return false;
	for (unsigned int i = 0; i < s->num_sources; i++)
		if (inv_in_net(saddr, &s->sources[i]))
			return true;
	return false;
}

const struct conf_portfw *inv_portfw(const struct conf_checker *c,
				     uint8_t proto, uint32_t addr,
				     uint16_t port)
{
	for (unsigned int i = 0; i < c->settings.num_portfw; i++) {
		const struct conf_portfw *f = &c->settings.portfw[i];

		if (f->proto == proto && f->local_addr == addr &&
		    f->local_port == port)
			return f;
	}
	return NULL;
}

bool inv_has_helper(const struct conf_checker *c, enum conf_helper helper)
{
	for (unsigned int i = 0; i < c->settings.num_loads; i++)
		if (c->settings.loads[i].helper == helper)
			return true;
	return false;
}

/* Ports that are helped where no list is given, and often where one is. */
static const struct {
	uint8_t proto;
	uint16_t ports[2]; /* 0 = none */
} defaults[CONF_NUM_HELPERS] = {
	[CONF_HELPER_FTP] = {CONF_PROTO_TCP, {21}},
	[CONF_HELPER_IRC] = {CONF_PROTO_TCP, {6667}},
	[CONF_HELPER_QUAKE] = {CONF_PROTO_UDP, {26000, 27000}},
	[CONF_HELPER_RAUDIO] = {CONF_PROTO_TCP, {554, 7070}},
	[CONF_HELPER_VDOLIVE] = {CONF_PROTO_TCP, {7000}},
	[CONF_HELPER_CUSEEME] = {CONF_PROTO_UDP, {7648}},
};

static void note_port(struct inv_ports *ports, uint8_t proto, uint16_t port)
{
	uint64_t *words = proto == CONF_PROTO_TCP ? ports->tcp : ports->udp;

	if (port != 0)
		words[port / 64] |= UINT64_C(1) << port % 64;
}

static void note_list(struct inv_ports *ports, uint8_t proto,
		      const struct conf_list *list)
{
	for (unsigned int i = 0; i < list->num_values; i++)
		note_port(ports, proto, (uint16_t)list->values[i]);
}

/* GEN-01: a list leaves the defaults behind its end; so both may count. */
void inv_note_helper_ports(struct conf_checker *c)
{
	struct inv_ports *ports = &c->helper_ports;

	for (unsigned int i = 0; i < c->settings.num_loads; i++) {
		const struct conf_load *load = &c->settings.loads[i];
		const uint8_t proto = defaults[load->helper].proto;

		note_port(ports, proto, defaults[load->helper].ports[0]);
		note_port(ports, proto, defaults[load->helper].ports[1]);
		note_list(ports, proto, &load->ports);
		if (load->helper == CONF_HELPER_FTP)
			note_list(ports, CONF_PROTO_TCP,
				  &c->settings.ftp_in_ports);
	}
}

bool inv_helper_port(const struct conf_checker *c, uint8_t proto, uint16_t port)
{
	const uint64_t *words = proto == CONF_PROTO_TCP ? c->helper_ports.tcp
							: c->helper_ports.udp;

	return (proto == CONF_PROTO_TCP || proto == CONF_PROTO_UDP) &&
	       (words[port / 64] >> port % 64 & 1) != 0;
}

bool inv_is_sender(const struct conf_checker *c, uint32_t addr)
{
	const struct conf_interface *sides[] = {&c->settings.inside,
						&c->settings.outside};

	for (unsigned int i = 0; i < 2; i++) {
		uint32_t host = ~mask_of(sides[i]->len);

		if (is_on_link(addr, sides[i]) &&
		    ((addr & host) == 0 || (addr & host) == host))
			return false;
	}
	return addr >> 24 != 0 && addr >> 24 != 127 && addr >> 28 < 0xe &&
	       !inv_is_own(c, addr);
}
