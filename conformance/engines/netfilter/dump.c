/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dump.c - the kernel's connections as text, one a line, sorted
 *
 *   udp 192.168.1.10:5000 > 198.51.100.1:53 as 203.0.113.1:5000 left 30
 *
 * Of ICMP the id stands in place of the source port.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/decode.h"
#include "conntrack.h"

struct tuple {
	uint32_t src, dst;
	uint16_t sport, dport;
	uint8_t proto;
};

struct lines {
	char (*items)[128];
	size_t num, max;
};

static uint16_t get_be16(const struct nlattr *attr)
{
	return ntohs(mnl_attr_get_u16(attr));
}

static void read_ip(const struct nlattr *nest, struct tuple *out)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
	{
		if (mnl_attr_get_payload_len(attr) != 4)
			continue;
		if (mnl_attr_get_type(attr) == CTA_IP_V4_SRC)
			out->src = ntohl(mnl_attr_get_u32(attr));
		if (mnl_attr_get_type(attr) == CTA_IP_V4_DST)
			out->dst = ntohl(mnl_attr_get_u32(attr));
	}
}

static void read_proto(const struct nlattr *nest, struct tuple *out)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
	{
		uint16_t type = mnl_attr_get_type(attr);
		uint16_t len = mnl_attr_get_payload_len(attr);

		if (type == CTA_PROTO_NUM && len == 1)
			out->proto = mnl_attr_get_u8(attr);
		if (len != 2)
			continue;
		if (type == CTA_PROTO_SRC_PORT || type == CTA_PROTO_ICMP_ID)
			out->sport = get_be16(attr);
		if (type == CTA_PROTO_DST_PORT)
			out->dport = get_be16(attr);
	}
}

static void read_tuple(const struct nlattr *nest, struct tuple *out)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest)
	{
		if (mnl_attr_get_type(attr) == CTA_TUPLE_IP)
			read_ip(attr, out);
		if (mnl_attr_get_type(attr) == CTA_TUPLE_PROTO)
			read_proto(attr, out);
	}
}

static const char *proto_name(uint8_t proto, char room[16])
{
	switch (proto) {
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	default:
		snprintf(room, 16, "ip-%u", proto);
		return room;
	}
}

static bool add_line(struct lines *lines, const struct tuple *t,
		     const struct tuple *reply, uint32_t left)
{
	char src[CONF_ADDR_SIZE], dst[CONF_ADDR_SIZE], as[CONF_ADDR_SIZE];
	uint16_t as_port = t->proto == IPPROTO_ICMP ? reply->sport
						    : reply->dport;
	char number[16];

	if (lines->num == lines->max) {
		size_t max = lines->max > 0 ? lines->max * 2 : 64;
		void *items = realloc(lines->items,
				      max * sizeof(*lines->items));

		if (items == NULL)
			return false;
		lines->items = items;
		lines->max = max;
	}
	snprintf(lines->items[lines->num++], sizeof(*lines->items),
		 "%s %s:%u > %s:%u as %s:%u left %u\n",
		 proto_name(t->proto, number), conf_addr_text(src, t->src),
		 t->sport, conf_addr_text(dst, t->dst), t->dport,
		 conf_addr_text(as, reply->dst), as_port, left);
	return true;
}

static int on_flow(void *ctx, const struct nlmsghdr *message)
{
	struct tuple original = {.src = 0}, reply = {.src = 0};
	const struct nlattr *attr;
	uint32_t left = 0;

	if (message->nlmsg_type == NLMSG_ERROR ||
	    message->nlmsg_type == NLMSG_DONE)
		return 0;
	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg))
	{
		uint16_t type = mnl_attr_get_type(attr);

		if (type == CTA_TUPLE_ORIG)
			read_tuple(attr, &original);
		if (type == CTA_TUPLE_REPLY)
			read_tuple(attr, &reply);
		if (type == CTA_TIMEOUT && mnl_attr_get_payload_len(attr) == 4)
			left = ntohl(mnl_attr_get_u32(attr));
	}
	return add_line(ctx, &original, &reply, left) ? 0 : ENOMEM;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

int nf_conntrack_dump(struct nf_conntrack *ct, conf_text_fn *text, void *ctx)
{
	_Alignas(struct nlmsghdr) char buffer[64];
	struct nlmsghdr *message = nf_put_message(buffer, NFNL_SUBSYS_CTNETLINK,
						  IPCTNL_MSG_CT_GET, NLM_F_DUMP,
						  1);
	struct lines lines = {.num = 0};
	int error = nf_request(ct->requests, message, message->nlmsg_len, 1,
			       on_flow, &lines);

	if (error == 0 && lines.num > 0)
		qsort(lines.items, lines.num, sizeof(*lines.items), compare);
	for (size_t i = 0; i < lines.num && error == 0; i++)
		text(ctx, lines.items[i], strlen(lines.items[i]));
	free(lines.items);
	return error;
}
