/* SPDX-License-Identifier: Apache-2.0 */
/* kit_build.c - packets made of structures and of hexadecimal digits */
#include "kit.h"

static void put_bytes(struct masq_buf *b, uint32_t off, const void *data,
		      uint32_t len)
{
	assert_true(masq_has(masq_view_of(b), off, len));
	if (len == 0)
		return;
	if (data != NULL) {
		memcpy(b->data + off, data, len);
		return;
	}
	for (uint32_t i = 0; i < len; i++)
		b->data[off + i] = (uint8_t)('a' + i % 26);
}

void kit_fix_ip_sum(uint8_t *data, uint32_t len)
{
	const uint32_t hlen = (data[0] & 15u) * 4;
	struct masq_buf b = {.data = data, .len = len, .cap = len};

	masq_put16(&b, 10, 0);
	masq_put16(&b, 10,
		   (uint16_t)~masq_fold(
			   masq_sum(masq_slice(masq_view_of(&b), 0, hlen))));
}

static uint32_t header_len(const struct kit_packet *p)
{
	if (p->bare)
		return 0;
	if (p->proto == 6)
		return 20 + p->options_len;
	return p->proto == 1 || p->proto == 17 ? 8 : 0;
}

/* Writes the transport checksum over the segment at hlen. */
static void put_sum(const struct kit_packet *p, struct masq_buf *b,
		    uint32_t hlen)
{
	const struct masq_view segment = masq_from(masq_view_of(b), hlen);
	uint32_t at = hlen + 2;
	uint64_t sum;
	uint16_t value;

	if (p->bare || (p->proto != 1 && p->proto != 6 && p->proto != 17))
		return;
	if (p->proto == 6)
		at = hlen + 16;
	else if (p->proto == 17)
		at = hlen + 6;
	sum = masq_sum(segment);
	if (p->proto != 1)
		sum += masq_sum_pseudo(p->src, p->dst, p->proto, segment.len);
	value = (uint16_t)~masq_fold(sum);
	if (p->proto == 17 && value == 0)
		value = 0xffff;
	if (p->bad_sum)
		value ^= 0x0101;
	masq_put16(b, at, p->has_sum ? p->sum : value);
}

static void put_transport(const struct kit_packet *p, struct masq_buf *b,
			  uint32_t hlen)
{
	const uint32_t header = header_len(p);

	if (header == 0)
		return;
	if (p->proto == 1) {
		masq_put8(b, hlen, p->type);
		masq_put8(b, hlen + 1, p->code);
		masq_put32(b, hlen + 4,
			   p->rest != 0 ? p->rest : (uint32_t)p->id << 16 | 1);
		return;
	}
	masq_put16(b, hlen, p->sport);
	masq_put16(b, hlen + 2, p->dport);
	if (p->proto == 17) {
		masq_put16(b, hlen + 4,
			   p->udp_len != 0 ? p->udp_len
					   : (uint16_t)(8 + p->payload_len));
		return;
	}
	masq_put32(b, hlen + 4, p->seq);
	masq_put32(b, hlen + 8, p->ack);
	masq_put8(b, hlen + 12,
		  (uint8_t)((p->doff != 0 ? p->doff - 1u : header / 4) << 4));
	masq_put8(b, hlen + 13, p->flags);
	masq_put16(b, hlen + 14, 8192);
	put_bytes(b, hlen + 20, p->options, p->options_len);
}

uint32_t kit_build(const struct kit_packet *p, uint8_t *out)
{
	const uint32_t hlen = 20 + p->ip_options_len;
	const uint32_t header = header_len(p);
	struct masq_buf b = {
		.data = out,
		.len = hlen + header + p->payload_len,
		.cap = KIT_MAX_PACKET,
	};

	assert_true(b.len <= b.cap && hlen <= 60 && header <= 60);
	memset(out, 0, hlen + header);
	masq_put8(&b, 0, (uint8_t)(0x40 | hlen / 4));
	masq_put8(&b, 1, p->tos);
	masq_put16(&b, 2, (uint16_t)b.len);
	masq_put16(&b, 4, p->ip_id != 0 ? p->ip_id : 1);
	masq_put16(&b, 6, p->frag);
	masq_put8(&b, 8, p->ttl == 0 && !p->ttl_0 ? 64 : p->ttl);
	masq_put8(&b, 9, p->proto);
	masq_put32(&b, 12, p->src);
	masq_put32(&b, 16, p->dst);
	put_bytes(&b, 20, p->ip_options, p->ip_options_len);
	kit_fix_ip_sum(out, b.len);
	put_bytes(&b, hlen + header, p->payload, p->payload_len);
	put_transport(p, &b, hlen);
	put_sum(p, &b, hlen);
	return b.len;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

static uint32_t parse_hex(const char *hex, uint8_t *out, uint32_t cap)
{
	uint32_t n = 0;

	for (; hex[2 * n] != '\0'; n++) {
		const int high = hex_digit(hex[2 * n]);
		const int low = hex_digit(hex[2 * n + 1]);

		assert_true(high >= 0 && low >= 0 && n < cap);
		out[n] = (uint8_t)(high << 4 | low);
	}
	return n;
}

const struct kit_result *kit_hex(struct kit *k, const char *hex)
{
	uint8_t data[2048];
	const uint32_t len = parse_hex(hex, data, sizeof(data));
	const struct masq_view v = {.data = data, .len = len};
	const bool inside = masq_get32(v, 12) >> 8 == ADDR_C >> 8;

	return kit_raw(k, inside ? MASQ_INSIDE : MASQ_OUTSIDE, MASQ_CAST_HOST,
		       data, len);
}

void kit_expect_hex(struct kit *k, const char *in, const char *out,
		    const char *file, int line)
{
	uint8_t octets[2048];
	const uint32_t len = parse_hex(out, octets, sizeof(octets));
	const struct kit_result *r = kit_hex(k, in);

	_assert_int_equal(k->num_results, 1, file, line);
	_assert_int_equal(r->packet.len, len, file, line);
	_assert_memory_equal(r->packet.data, octets, len, file, line);
}
