/* SPDX-License-Identifier: Apache-2.0 */
/*
 * direction.c - on which side a record was seen, and which way it went
 *
 * The rules are told in capture.h, above struct cap_options. Rules by
 * address guess: a router that forwards without masquerading, or a sender
 * that forges the router's address, is told right only by MAC or by SLL2.
 */
#include "direction.h"

#include "fail.h"

/* RFC 5737 and RFC 1918 addresses: 192.168.1.1 and 203.0.113.1. */
#define DEFAULT_INSIDE  0xc0a80101u
#define DEFAULT_OUTSIDE 0xcb007101u

void cap_options_init(struct cap_options *options)
{
	*options = (struct cap_options){
		.inside_addr = DEFAULT_INSIDE,
		.inside_len = 24,
		.outside_addr = DEFAULT_OUTSIDE,
		.outside_len = 24,
	};
}

/* The net mask of a prefix of 0 to 32 bits. */
static uint32_t mask_of(unsigned int prefix_len)
{
	return prefix_len == 0 ? 0 : UINT32_MAX << (32 - prefix_len);
}

static enum cap_status check_options(const struct cap_options *options,
				     unsigned int num_files, char *error)
{
	if (options->inside_len > 32 || options->outside_len > 32)
		return cap_fail(error, CAP_ERR_ARGUMENT,
				"a prefix of %u bits; at most 32 expected",
				options->inside_len > 32
					? options->inside_len
					: options->outside_len);
	if (num_files == 2 && options->file_side != CAP_SIDE_NONE)
		return cap_fail(error, CAP_ERR_ARGUMENT,
				"the side of one file is given, but there are "
				"two files, inside and outside");
	return CAP_OK;
}

static struct cap_wire wire_of(const struct cap_options *options,
			       enum cap_side side)
{
	bool inside = side == CAP_INSIDE;
	struct cap_wire wire = {
		.side = side,
		.addr = inside ? options->inside_addr : options->outside_addr,
		.mask = mask_of(inside ? options->inside_len
				       : options->outside_len),
		.has_mac = inside ? options->has_inside_mac
				  : options->has_outside_mac,
	};

	memcpy(wire.mac, inside ? options->inside_mac : options->outside_mac,
	       6);
	return wire;
}

enum cap_status cap_rules_init(struct cap_rules *rules,
			       const struct cap_options *options,
			       unsigned int num_files, char *error)
{
	struct cap_options defaults;
	enum cap_status status;
	enum cap_side first = CAP_INSIDE;

	if (options == NULL) {
		cap_options_init(&defaults);
		options = &defaults;
	}
	status = check_options(options, num_files, error);
	if (status != CAP_OK)
		return status;

	rules->inside_if = options->inside_if ? options->inside_if : 1;
	rules->outside_if = options->outside_if ? options->outside_if : 2;
	if (rules->inside_if == rules->outside_if)
		return cap_fail(error, CAP_ERR_ARGUMENT,
				"interface %u cannot be both inside and "
				"outside",
				(unsigned int)rules->inside_if);

	if (options->file_side == CAP_OUTSIDE)
		first = CAP_OUTSIDE;
	rules->wire[0] = wire_of(options, first);
	rules->wire[1] = wire_of(options, CAP_OUTSIDE);
	return CAP_OK;
}

static enum cap_side side_of_interface(const struct cap_rules *rules,
				       uint32_t ifindex)
{
	if (ifindex == rules->inside_if)
		return CAP_INSIDE;
	if (ifindex == rules->outside_if)
		return CAP_OUTSIDE;
	return CAP_SIDE_NONE;
}

/* Source and destination of an IPv4 header, as much as there is of it. */
static bool ipv4_addresses(const struct cap_record *record, uint32_t *src,
			   uint32_t *dst)
{
	struct cap_bytes bytes = {record->data, record->len};
	uint8_t version_ihl;

	return record->ethertype == CAP_ETHERTYPE_IPV4 &&
	       cap_bytes_u8(&bytes, &version_ihl) && version_ihl >> 4 == 4 &&
	       cap_bytes_skip(&bytes, 11) && cap_bytes_be32(&bytes, src) &&
	       cap_bytes_be32(&bytes, dst);
}

static bool in_net(const struct cap_wire *wire, uint32_t addr)
{
	return ((addr ^ wire->addr) & wire->mask) == 0;
}

/* True if the router sent what was seen on its wire. */
static bool sent_by_router(const struct cap_wire *wire,
			   const struct cap_record *record)
{
	uint32_t src;
	uint32_t dst;

	if (wire->has_mac && record->is_ethernet)
		return memcmp(record->src_mac, wire->mac, 6) == 0;
	if (!ipv4_addresses(record, &src, &dst))
		return false;
	if (src == wire->addr)
		return true;
	/* Outside, any source but the router may belong to the world. */
	return wire->side == CAP_INSIDE && !in_net(wire, src) &&
	       in_net(wire, dst);
}

/* To whom an arrived frame was addressed, as a host's driver would say. */
static enum cap_cast cast_of(const struct cap_wire *wire,
			     const struct cap_record *record)
{
	static const uint8_t broadcast[6] = {0xff, 0xff, 0xff,
					     0xff, 0xff, 0xff};

	if (!record->has_dst_mac)
		return CAP_CAST_HOST;
	if (memcmp(record->dst_mac, broadcast, 6) == 0)
		return CAP_CAST_BROADCAST;
	if (record->dst_mac[0] & 1)
		return CAP_CAST_MULTICAST;
	if (wire->has_mac && memcmp(record->dst_mac, wire->mac, 6) != 0)
		return CAP_CAST_OTHER;
	return CAP_CAST_HOST;
}

void cap_rules_apply(const struct cap_rules *rules,
		     const struct cap_link_view *view,
		     struct cap_record *record)
{
	const struct cap_wire *wire = &rules->wire[record->file];

	record->side = view->has_ifindex
			       ? side_of_interface(rules, view->ifindex)
			       : wire->side;
	record->cast = CAP_CAST_HOST;
	if (view->has_packet_type) {
		if (view->packet_type <= CAP_CAST_OTHER) {
			record->dir = CAP_ARRIVED;
			record->cast = (enum cap_cast)view->packet_type;
		} else if (view->packet_type == CAP_PACKET_SENT) {
			record->dir = CAP_SENT;
		} else {
			record->dir = CAP_DIR_NONE;
		}
	} else if (sent_by_router(wire, record)) {
		record->dir = CAP_SENT;
	} else {
		record->dir = CAP_ARRIVED;
		record->cast = cast_of(wire, record);
	}
}
