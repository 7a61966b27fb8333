/* SPDX-License-Identifier: Apache-2.0 */
/* pkt.c - an IPv4 packet as numbers: taken apart */
#include <string.h>

#include "packet.h"
#include "run/pkt.h"

void run_pkt_init(struct run_pkt *pkt, uint8_t proto)
{
	*pkt = (struct run_pkt){
		.ttl = 64,
		.proto = proto,
		.version = RUN_TRUTH,
		.ihl = RUN_TRUTH,
		.len = RUN_TRUTH,
		.doff = RUN_TRUTH,
		.ulen = RUN_TRUTH,
		.trunc = RUN_TRUTH,
		.win = 5840,
		.plain = proto != CONF_PROTO_UDP && proto != CONF_PROTO_TCP &&
			 proto != CONF_PROTO_ICMP,
	};
}

uint32_t run_sum_offset(uint8_t proto)
{
	return proto == CONF_PROTO_TCP    ? 16
	       : proto == CONF_PROTO_UDP  ? 6
	       : proto == CONF_PROTO_ICMP ? 2
					  : 0;
}

uint32_t run_pkt_header(const struct run_pkt *pkt)
{
	if (pkt->plain)
		return 0;
	return pkt->proto == CONF_PROTO_TCP ? 20 + pkt->tcpopt_len : 8;
}

static void copy_options(uint8_t out[40], uint32_t *out_len,
			 struct masq_view options)
{
	*out_len = options.len <= 40 ? options.len : 40;
	if (*out_len > 0)
		memcpy(out, options.data, *out_len);
}

static bool decode_tcp(struct run_pkt *out, struct masq_view v)
{
	uint32_t header = (uint32_t)(masq_get8(v, 12) >> 4) * 4;

	if (v.len < 20 || header < 20 || header > v.len ||
	    (masq_get8(v, 12) & 0xf) != 0)
		return false;
	out->seq = masq_get32(v, 4);
	out->ack = masq_get32(v, 8);
	out->flags = masq_get8(v, 13);
	out->win = masq_get16(v, 14);
	out->urg = masq_get16(v, 18);
	copy_options(out->tcpopt, &out->tcpopt_len,
		     masq_slice(v, 20, header - 20));
	return true;
}

static bool decode_transport(struct run_pkt *out, struct masq_view v)
{
	uint32_t header;

	if (v.len < 8)
		return false;
	if (out->proto == CONF_PROTO_ICMP) {
		out->type = masq_get8(v, 0);
		out->code = masq_get8(v, 1);
		out->rest = masq_get32(v, 4);
	} else {
		out->sport = masq_get16(v, 0);
		out->dport = masq_get16(v, 2);
		if (out->proto == CONF_PROTO_TCP && !decode_tcp(out, v))
			return false;
		if (out->proto == CONF_PROTO_UDP &&
		    masq_get16(v, 4) != (uint16_t)v.len)
			out->ulen = masq_get16(v, 4);
	}
	header = run_pkt_header(out);
	out->payload = v.data + header;
	out->payload_len = v.len - header;
	return true;
}

bool run_pkt_decode(struct run_pkt *out, const uint8_t *data, uint32_t len)
{
	struct conf_layout ip = conf_layout_of(data, len);
	struct masq_view v = ip.payload;
	uint16_t fragment = masq_get16(ip.all, 6);
	uint32_t at;

	run_pkt_init(out, ip.proto);
	if (!ip.has_payload || !ip.is_whole || masq_get8(ip.all, 0) >> 4 != 4)
		return false;
	out->tos = masq_get8(ip.all, 1);
	out->id = masq_get16(ip.all, 4);
	out->evil = (fragment & 0x8000) != 0;
	out->df = (fragment & 0x4000) != 0;
	out->mf = (fragment & 0x2000) != 0;
	out->frag = (fragment & 0x1fffu) * 8;
	out->ttl = masq_get8(ip.all, 8);
	out->saddr = ip.saddr;
	out->daddr = ip.daddr;
	copy_options(out->ipopt, &out->ipopt_len, masq_from(ip.header, 20));
	if (masq_header_sum(ip.header) != 0xffff)
		out->ipsum = (struct run_sum){CASE_SUM_VALUE,
					      masq_get16(ip.all, 10)};
	if (ip.is_fragment || !decode_transport(out, v)) {
		out->plain = true;
		if (ip.is_first) {
			out->sport = masq_get16(v, 0);
			out->dport = masq_get16(v, 2);
		}
		out->payload = v.data;
		out->payload_len = v.len;
		return true;
	}
	if (out->plain)
		return true;
	at = run_sum_offset(out->proto);
	if (out->proto == CONF_PROTO_UDP && masq_get16(v, at) == 0)
		out->csum.kind = CASE_SUM_NONE;
	else if (!conf_transport_sum_good(&ip))
		out->csum.kind = CASE_SUM_BAD;
	out->csum.value = masq_get16(v, at);
	return true;
}
