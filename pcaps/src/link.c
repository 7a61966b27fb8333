/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.c - link-layer headers, from their octets to the fields of a record
 *
 * One function for each link type, in a table. Layouts are those of
 * https://www.tcpdump.org/linktypes.html; multi-octet fields are big endian
 * unless said otherwise.
 */
#define _DEFAULT_SOURCE /* for the types in pcap.h */

#include "link.h"

#include <pcap/pcap.h>

/* ARPHRD_ numbers of Linux: what kind of interface a cooked record is of. */
enum {
	ARPHRD_ETHERNET = 1,
	ARPHRD_FRAD = 770,
	ARPHRD_WLAN_FIRST = 801, /* 802.11, Prism and radiotap headers */
	ARPHRD_WLAN_LAST = 803,
	ARPHRD_NETLINK_MONITOR = 824,
};

/* Least Ethernet type; below, the field is the length of an 802.3 frame. */
#define ETHERTYPE_LEAST 0x0600

static bool is_vlan_tag(uint16_t ethertype)
{
	return ethertype == 0x8100 || /* 802.1Q */
	       ethertype == 0x88a8 || /* 802.1ad */
	       ethertype == 0x9100;   /* its predecessor */
}

/*
 * Walks over nested VLAN tags, each a priority and id (2) and the Ethernet
 * type of what follows (2), until ethertype is that of the payload. The id 0
 * only carries a priority: untagged.
 */
static bool take_vlan_tags(struct cap_bytes *bytes, struct cap_record *record)
{
	uint16_t tag;

	while (is_vlan_tag(record->ethertype)) {
		if (!cap_bytes_be16(bytes, &tag) ||
		    !cap_bytes_be16(bytes, &record->ethertype))
			return false;
		if (record->vlan == 0)
			record->vlan = tag & 0x0fff;
	}
	return true;
}

/* Ethernet: destination (6), source (6), type or 802.3 length (2). */
static bool parse_ethernet(struct cap_bytes *bytes, struct cap_record *record,
			   struct cap_link_view *view)
{
	(void)view;
	if (!cap_bytes_copy(bytes, record->dst_mac, 6) ||
	    !cap_bytes_copy(bytes, record->src_mac, 6) ||
	    !cap_bytes_be16(bytes, &record->ethertype) ||
	    !take_vlan_tags(bytes, record))
		return false;
	record->is_ethernet = true;
	record->has_dst_mac = true;
	if (record->ethertype < ETHERTYPE_LEAST)
		record->ethertype = CAP_ETHERTYPE_LLC;
	return true;
}

/* What both cooked headers mean by their fields. */
static bool finish_cooked(struct cap_bytes *bytes, struct cap_record *record,
			  struct cap_link_view *view, uint16_t packet_type,
			  uint16_t arphrd, uint16_t address_len)
{
	view->has_packet_type = true;
	view->packet_type = packet_type < 255 ? (uint8_t)packet_type : 255;
	record->is_ethernet = arphrd == ARPHRD_ETHERNET && address_len == 6;
	if (!record->is_ethernet)
		memset(record->src_mac, 0, 6);
	/* On these the protocol field is no Ethernet type. */
	if (arphrd == ARPHRD_FRAD || arphrd == ARPHRD_NETLINK_MONITOR ||
	    (arphrd >= ARPHRD_WLAN_FIRST && arphrd <= ARPHRD_WLAN_LAST))
		record->ethertype = 0;
	return take_vlan_tags(bytes, record);
}

/*
 * LINUX_SLL: packet type (2), ARPHRD (2), address length (2), address (8),
 * protocol (2).
 */
static bool parse_sll(struct cap_bytes *bytes, struct cap_record *record,
		      struct cap_link_view *view)
{
	uint16_t packet_type;
	uint16_t arphrd;
	uint16_t address_len;

	if (!cap_bytes_be16(bytes, &packet_type) ||
	    !cap_bytes_be16(bytes, &arphrd) ||
	    !cap_bytes_be16(bytes, &address_len) ||
	    !cap_bytes_copy(bytes, record->src_mac, 6) ||
	    !cap_bytes_skip(bytes, 2) ||
	    !cap_bytes_be16(bytes, &record->ethertype))
		return false;
	return finish_cooked(bytes, record, view, packet_type, arphrd,
			     address_len);
}

/*
 * LINUX_SLL2: protocol (2), reserved (2), ifindex (4), ARPHRD (2), packet
 * type (1), address length (1), address (8).
 */
static bool parse_sll2(struct cap_bytes *bytes, struct cap_record *record,
		       struct cap_link_view *view)
{
	uint16_t arphrd;
	uint8_t packet_type;
	uint8_t address_len;

	if (!cap_bytes_be16(bytes, &record->ethertype) ||
	    !cap_bytes_skip(bytes, 2) ||
	    !cap_bytes_be32(bytes, &view->ifindex) ||
	    !cap_bytes_be16(bytes, &arphrd) ||
	    !cap_bytes_u8(bytes, &packet_type) ||
	    !cap_bytes_u8(bytes, &address_len) ||
	    !cap_bytes_copy(bytes, record->src_mac, 6) ||
	    !cap_bytes_skip(bytes, 2))
		return false;
	view->has_ifindex = true;
	return finish_cooked(bytes, record, view, packet_type, arphrd,
			     address_len);
}

/* IPV4: the packet, and nothing before it. */
static bool parse_ipv4(struct cap_bytes *bytes, struct cap_record *record,
		       struct cap_link_view *view)
{
	(void)bytes;
	(void)view;
	record->ethertype = CAP_ETHERTYPE_IPV4;
	return true;
}

/*
 * RAW: an IPv4 or IPv6 packet, and nothing before it. A wrong version is
 * left for a NAT to judge: it is given as IPv4.
 */
static bool parse_raw(struct cap_bytes *bytes, struct cap_record *record,
		      struct cap_link_view *view)
{
	struct cap_bytes peek = *bytes;
	uint8_t first;

	(void)view;
	record->ethertype = CAP_ETHERTYPE_IPV4;
	if (cap_bytes_u8(&peek, &first) && first >> 4 == 6)
		record->ethertype = CAP_ETHERTYPE_IPV6;
	return true;
}

/* The Ethernet type of a BSD address family; IPv6 has one on each system. */
static uint16_t ethertype_of_family(uint32_t family)
{
	switch (family) {
	case 2: /* AF_INET, everywhere */
		return CAP_ETHERTYPE_IPV4;
	case 10: /* AF_INET6: Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		return CAP_ETHERTYPE_IPV6;
	default:
		return 0;
	}
}

/* LOOP: address family (4). */
static bool parse_loop(struct cap_bytes *bytes, struct cap_record *record,
		       struct cap_link_view *view)
{
	uint32_t family;

	(void)view;
	if (!cap_bytes_be32(bytes, &family))
		return false;
	record->ethertype = ethertype_of_family(family);
	return true;
}

/*
 * NULL: address family (4) in the byte order of the machine that captured,
 * which the file's need not be. Families are small: the order that makes it
 * small is right.
 */
static bool parse_null(struct cap_bytes *bytes, struct cap_record *record,
		       struct cap_link_view *view)
{
	uint32_t family;

	(void)view;
	if (!cap_bytes_be32(bytes, &family))
		return false;
	if (family > 0xffff)
		family = family >> 24 | (family >> 8 & 0xff00) |
			 (family << 8 & 0xff0000) | family << 24;
	record->ethertype = ethertype_of_family(family);
	return true;
}

/* libpcap maps both 12 and 101 in a file to DLT_RAW where that is one. */
static const struct cap_link links[] = {
	{DLT_LINUX_SLL2, "LINUX_SLL2", parse_sll2},
	{DLT_LINUX_SLL, "LINUX_SLL", parse_sll},
	{DLT_EN10MB, "Ethernet", parse_ethernet},
	{DLT_RAW, "RAW", parse_raw},
	{DLT_IPV4, "IPV4", parse_ipv4},
	{DLT_NULL, "NULL", parse_null},
	{DLT_LOOP, "LOOP", parse_loop},
};

const struct cap_link *cap_link_find(int dlt)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (links[i].dlt == dlt)
			return &links[i];
	}
	return NULL;
}

bool cap_link_is_ethernet(const struct cap_link *link)
{
	return link->dlt == DLT_EN10MB;
}

bool cap_link_parse(const struct cap_link *link, struct cap_bytes frame,
		    uint32_t frame_len, struct cap_record *record,
		    struct cap_link_view *view)
{
	uint32_t captured = frame.left;

	if (!link->parse(&frame, record, view))
		return false;
	record->data = frame.at;
	record->len = frame.left;
	/* What was captured was there, whatever the record says. */
	if (frame_len < captured)
		frame_len = captured;
	record->wire_len = frame_len - (captured - frame.left);
	return true;
}
