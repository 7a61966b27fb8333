/* SPDX-License-Identifier: Apache-2.0 */
/* raudio_hole.c - children for the UDP ports that a player announces */
#include "common/hole.h"
#include "raudio/raudio_hole.h"

static struct masq_tuple tuple_of(struct masq_hook *hook, uint16_t port)
{
	return (struct masq_tuple){
		.proto = PROTO_UDP,
		.inside_addr = hole_inside_addr(hook),
		.inside_port = port,
		.peer_addr = hook->peer_addr,
	};
}

static uint16_t port_of(struct masq_hook *hook, const struct masq_entry *entry)
{
	struct masq_entry_info info;

	masq_entry_info(hook->engine, entry, &info);
	return info.masq_port;
}

/* The masquerade port of an unused child for the port, 0 = none. */
static uint16_t find_open(struct masq_hook *hook, uint16_t port)
{
	const struct masq_tuple t = tuple_of(hook, port);
	struct masq_entry *child = masq_entry_find_out(hook, &t);
	uint16_t masq_port;

	if (child == NULL)
		return 0;
	masq_port = port_of(hook, child);
	masq_entry_put(hook, child);
	return masq_port;
}

static uint16_t open_new(struct masq_hook *hook, uint16_t port)
{
	const struct masq_tuple t = tuple_of(hook, port);
	struct masq_entry *child;
	uint16_t masq_port;

	if (!hole_has_room(hook))
		return 0;
	child = masq_entry_new_child(hook, &t, MASQ_NO_DPORT);
	if (child == NULL)
		return 0;
	masq_entry_listen(hook, child);
	masq_entry_link(hook, child);
	masq_port = port_of(hook, child);
	masq_entry_put(hook, child);
	return masq_port;
}

uint16_t raudio_open(struct masq_hook *hook, uint32_t port)
{
	uint16_t masq_port = 0;

	if (!hole_may_open(hook, port))
		return 0;
	if (!hole_has_quirk(hook, MASQ_QUIRK(RA_ONCE)))
		masq_port = find_open(hook, (uint16_t)port);
	return masq_port != 0 ? masq_port : open_new(hook, (uint16_t)port);
}

static bool is_pair(const uint16_t ports[2], uint32_t first)
{
	return ports[0] != 0 && ports[1] == ports[0] + 1 &&
	       ((ports[0] ^ first) & 1) == 0;
}

bool raudio_open_pair(struct masq_hook *hook, uint32_t first, uint32_t second,
		      uint16_t out_ports[2])
{
	const bool is_linux = hole_has_quirk(hook, MASQ_QUIRK(RA_ONCE));

	if (!hole_may_open(hook, first) || !hole_may_open(hook, second))
		return false;
	if (!is_linux) {
		out_ports[0] = find_open(hook, (uint16_t)first);
		out_ports[1] = find_open(hook, (uint16_t)second);
		if (is_pair(out_ports, first))
			return true;
	}
	out_ports[0] = open_new(hook, (uint16_t)first);
	/*
	 * Nothing takes a port of the pool without opening it: one that has
	 * the wrong parity stays open for the same announced port.
	 */
	if (!is_linux && ((out_ports[0] ^ first) & 1) != 0)
		out_ports[0] = open_new(hook, (uint16_t)first);
	if (out_ports[0] == 0)
		return false;
	out_ports[1] = open_new(hook, (uint16_t)second);
	return out_ports[1] != 0;
}
