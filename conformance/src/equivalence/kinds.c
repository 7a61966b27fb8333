/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kinds.c - what sort of packet a result is: WHERE-WHAT
 *
 * A class says what is different, a kind of which packet: that a router
 * answers with a reset and that it lets a datagram out are both packets too
 * many, and only one of them may be known and accepted.
 */
#include <stdio.h>
#include <string.h>

#include "equivalence/eqv.h"

const struct conf_kind_word conf_kind_words[] = {
	{"own-", "the router answers itself"},
	{"untranslated-", "it leaves outside with an address of the inside"},
	{"translated-", "it leaves outside with the router's address"},
	{"delivered-", "it came from outside and leaves inside"},
	{"forwarded-", "it is of others, or for others: as it came"},
	{"-fragment", "a piece of a datagram"},
	{"-reset", "TCP with RST"},
	{"-tcp", "other TCP"},
	{"-udp", "UDP"},
	{"-unreachable", "ICMP destination unreachable, own- only"},
	{"-time-exceeded", "ICMP time exceeded, own- only"},
	{"-icmp-error", "other ICMP errors"},
	{"-icmp", "other ICMP"},
	{"-other", "other protocols"},
};
const size_t conf_num_kind_words = sizeof(conf_kind_words) /
				   sizeof(conf_kind_words[0]);

static bool is_router(const struct conf_equivalence *eq, uint32_t addr)
{
	return addr == eq->router[0] || addr == eq->router[1];
}

static const char *where_of(const struct conf_equivalence *eq,
			    const struct conf_packet *packet,
			    const struct conf_layout *ip)
{
	enum conf_side from = eq->has_stimulus ? eq->stimulus[OURS].side
					       : CONF_SIDE_NONE;
	bool inside = ((ip->saddr ^ eq->inside) & eq->inside_mask) == 0;

	if (is_router(eq, ip->saddr) &&
	    (from == packet->side ||
	     (from == CONF_SIDE_NONE && ip->proto == CONF_PROTO_ICMP)))
		return "own";
	if (packet->side == CONF_INSIDE)
		return from == CONF_INSIDE ? "forwarded" : "delivered";
	return is_router(eq, ip->saddr) ? "translated"
	       : inside                 ? "untranslated"
					: "forwarded";
}

static const char *icmp_of(uint8_t type, bool own)
{
	switch (type) {
	case 3:
		return own ? "unreachable" : "icmp-error";
	case 11:
		return own ? "time-exceeded" : "icmp-error";
	case 4:
	case 5:
	case 12:
		return "icmp-error";
	default:
		return "icmp";
	}
}

static const char *what_of(const struct conf_layout *ip,
			   struct masq_view packet, bool own)
{
	struct masq_view l4 = masq_from(packet, ip->header_len);

	if (ip->is_fragment)
		return "fragment";
	switch (ip->proto) {
	case CONF_PROTO_TCP:
		return (masq_get8(l4, 13) & 0x04) != 0 ? "reset" : "tcp";
	case CONF_PROTO_UDP:
		return "udp";
	case CONF_PROTO_ICMP:
		return icmp_of(masq_get8(l4, 0), own);
	default:
		return "other";
	}
}

void eqv_name_kind(const struct conf_equivalence *eq,
		   const struct conf_packet *packet, char out[CONF_KIND_SIZE])
{
	struct conf_layout ip = conf_layout_of(packet->data, packet->len);
	const char *where = where_of(eq, packet, &ip);

	snprintf(out, CONF_KIND_SIZE, "%s-%s", where,
		 what_of(&ip, (struct masq_view){packet->data, packet->len},
			 strcmp(where, "own") == 0));
}
