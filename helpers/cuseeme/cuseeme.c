/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuseeme.c - CU-SeeMe over UDP: addresses in each datagram
 *
 * Every datagram carries its sender's address and perhaps its receiver's;
 * a reflector and a client drop what does not carry the address they
 * expect. So the address of the inside host becomes the router's on the way
 * out and the router's becomes the host's on the way in. Nothing is
 * remembered, no hole is opened, no length changes.
 */
#include "common/hole.h"
#include "cuseeme/cuseeme.h"
#include "cuseeme/cuseeme_parse.h"

enum {
	DEFAULT_PORT = 7648
};

static void write_addr(struct masq_hook *hook, uint32_t at, uint32_t addr)
{
	const uint8_t octets[4] = {(uint8_t)(addr >> 24), (uint8_t)(addr >> 16),
				   (uint8_t)(addr >> 8), (uint8_t)addr};

	/* The parser has seen all four of them. */
	if (masq_hook_write(hook, hook->header_len + at, octets, 4) != MASQ_OK)
		return;
}

/* Is the address in the header to be replaced, own being the host's? */
static bool is_replaced(const struct masq_hook *hook, uint32_t addr,
			uint32_t own)
{
	if (hole_has_quirk(hook, MASQ_QUIRK(CUS_ANY_HOST)))
		return addr != 0;
	return addr == own;
}

/* CUS-03: how many clients of the list are looked at. */
static uint32_t num_visited(const struct masq_hook *hook,
			    const struct cuseeme_msg *msg)
{
	if (!msg->has_list)
		return 0;
	if (hole_has_quirk(hook, MASQ_QUIRK(CUS_COUNT)))
		return (uint32_t)(msg->count >> 8 | (msg->count & 0xff) << 8);
	return msg->count;
}

/* The first client with the address from gets the address to. */
static void replace_client(struct masq_hook *hook,
			   const struct cuseeme_msg *msg, uint32_t from,
			   uint32_t to)
{
	const uint32_t at = cuseeme_find_client(masq_hook_payload(hook),
						num_visited(hook, msg), from);

	if (at != 0)
		write_addr(hook, at, to);
}

/* CUS-01 */
static struct masq_answer cuseeme_out(struct masq_hook *hook)
{
	const struct cuseeme_msg msg = cuseeme_parse(masq_hook_payload(hook));
	const uint32_t own = hole_inside_addr(hook);

	if (!msg.is_message)
		return (struct masq_answer){0};
	if (is_replaced(hook, msg.source, own))
		write_addr(hook, CUSEEME_O_SOURCE, hook->masq_addr);
	if (!hole_has_quirk(hook, MASQ_QUIRK(CUS_LIST_OUT)))
		replace_client(hook, &msg, own, hook->masq_addr);
	return (struct masq_answer){0};
}

/* CUS-02, -03 */
static struct masq_answer cuseeme_in(struct masq_hook *hook)
{
	const struct cuseeme_msg msg = cuseeme_parse(masq_hook_payload(hook));
	const uint32_t own = hole_inside_addr(hook);

	if (!msg.is_message)
		return (struct masq_answer){0};
	if (is_replaced(hook, msg.dest, hook->masq_addr))
		write_addr(hook, CUSEEME_O_DEST, own);
	replace_client(hook, &msg, hook->masq_addr, own);
	return (struct masq_answer){0};
}

static const struct masq_helper_ops cuseeme_udp_ops = {
	.name = "cuseeme",
	.proto = PROTO_UDP,
	.out = cuseeme_out,
	.in = cuseeme_in,
};

static const struct masq_helper_ops *const cuseeme_ops[] = {
	&cuseeme_udp_ops,
	NULL,
};

const struct helper_module masq_cuseeme_module = {
	.name = "cuseeme",
	.ops = cuseeme_ops,
	.default_ports = {DEFAULT_PORT},
	.max_ports = HELPER_MAX_PORTS,
};
