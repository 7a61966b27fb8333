/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame.c - link-layer headers of what we write
 *
 * A record without MACs gets locally administered ones that show who sent
 * it: 02:00:00:00:00:NN, NN = the side, + 0x80 for the router's neighbour
 * there. The shipped captures use the same.
 */
#include "frame.h"

#include "bytes.h"

#define ETHERTYPE_LEAST   0x0600
#define ETHERNET_DATA_MAX 1500

static void put_router_mac(const struct cap_record *record, uint8_t out[6])
{
	memcpy(out, (const uint8_t[6]){0x02, 0, 0, 0, 0, 0x00}, 6);
	out[5] = (uint8_t)record->side;
}

static void put_neighbour_mac(const struct cap_record *record, uint8_t out[6])
{
	put_router_mac(record, out);
	out[5] |= 0x80;
}

static void put_source(const struct cap_record *record, uint8_t out[6])
{
	if (record->is_ethernet)
		memcpy(out, record->src_mac, 6);
	else if (record->dir == CAP_SENT)
		put_router_mac(record, out);
	else
		put_neighbour_mac(record, out);
}

/*
 * The group address of an IPv4 destination, RFC 1112 section 6.4: its low
 * 23 bits after 01:00:5e.
 */
static void put_multicast_mac(const struct cap_record *record, uint8_t out[6])
{
	struct cap_bytes bytes = {record->data, record->len};
	uint32_t group = 0;

	memcpy(out, (const uint8_t[6]){0x01, 0x00, 0x5e, 0, 0, 0}, 6);
	if (record->ethertype == CAP_ETHERTYPE_IPV4 &&
	    cap_bytes_skip(&bytes, 16) && cap_bytes_be32(&bytes, &group))
		cap_put_be32(out + 2, 0x5e000000 | (group & 0x7fffff));
}

static void put_destination(const struct cap_record *record, uint8_t out[6])
{
	if (record->has_dst_mac) {
		memcpy(out, record->dst_mac, 6);
		return;
	}
	if (record->dir == CAP_SENT) {
		put_neighbour_mac(record, out);
		return;
	}
	switch (record->cast) {
	case CAP_CAST_HOST:
		put_router_mac(record, out);
		break;
	case CAP_CAST_BROADCAST:
		memset(out, 0xff, 6);
		break;
	case CAP_CAST_MULTICAST:
		put_multicast_mac(record, out);
		break;
	case CAP_CAST_OTHER: /* neither the router nor who sent it */
		put_neighbour_mac(record, out);
		out[4] = 0x01;
		break;
	}
}

void cap_frame_sll2(const struct cap_record *record,
		    uint8_t out[CAP_SLL2_HEADER])
{
	memset(out, 0, CAP_SLL2_HEADER);
	cap_put_be16(out, record->ethertype);
	cap_put_be32(out + 4, (uint32_t)record->side); /* ifindex */
	cap_put_be16(out + 8, 1);                      /* ARPHRD_ETHER */
	out[10] = record->dir == CAP_SENT ? 4 : (uint8_t)record->cast;
	out[11] = 6; /* length of the address */
	put_source(record, out + 12);
}

void cap_frame_ethernet(const struct cap_record *record,
			uint8_t out[CAP_ETHERNET_HEADER])
{
	uint16_t type = record->ethertype;

	/* An 802.3 frame has the length of its data there. */
	if (type < ETHERTYPE_LEAST)
		type = (uint16_t)(record->wire_len < ETHERNET_DATA_MAX
					  ? record->wire_len
					  : ETHERNET_DATA_MAX);
	put_destination(record, out);
	put_source(record, out + 6);
	cap_put_be16(out + 12, type);
}
