/* SPDX-License-Identifier: Apache-2.0 */
/* kit.c - the engine, its packets and results, for the helpers' tests */
#include <stdlib.h>

#include "kit.h"

enum {
	IP_HEADER = 20,
	TCP_HEADER = 20,
	UDP_HEADER = 8,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	STORE_SIZE = 1 << 20, /* octets, for the results of one packet */
	FIRST_ISN = 1000,
	OUTSIDE_ISN = 5000
};

/* ---- life ------------------------------------------------------------ */

void kit_config(struct masq_config *config, uint64_t quirks)
{
	masq_config_init(config);
	config->quirks = quirks;
	config->max_entries = 512;
	config->max_destinations = 16;
}

static unsigned int count_ports(const int32_t *ports)
{
	unsigned int n = 0;

	while (ports != NULL && n < HELPER_MAX_PORTS && ports[n] != 0)
		n++;
	return n;
}

void kit_load_in(struct masq_config *config, const struct helper_module *module,
		 const int32_t *ports, const int32_t *in_ports,
		 const struct helper_options *options)
{
	if (helper_load(config, module, ports, count_ports(ports), in_ports,
			count_ports(in_ports), options) != MASQ_OK)
		fail_msg("helper %s cannot be loaded", module->name);
}

void kit_load(struct masq_config *config, const struct helper_module *module,
	      const int32_t *ports)
{
	static struct helper_options options;

	helper_options_init(&options);
	kit_load_in(config, module, ports, NULL, &options);
}

struct kit *kit_open(const struct masq_config *config)
{
	struct kit *kit = calloc(1, sizeof(*kit));

	assert_non_null(kit);
	kit->store = malloc(STORE_SIZE);
	assert_non_null(kit->store);
	kit->config = *config;
	kit->now = UINT64_C(1000000000);
	assert_int_equal(masq_engine_new(config, &kit->engine), MASQ_OK);
	return kit;
}

struct kit *kit_open_with(const struct helper_module *module, uint64_t quirks)
{
	struct masq_config config;

	kit_config(&config, quirks);
	kit_load(&config, module, NULL);
	return kit_open(&config);
}

void kit_close(struct kit *kit)
{
	masq_engine_free(kit->engine);
	free(kit->store);
	free(kit);
}

/* ---- results --------------------------------------------------------- */

static void check_sums(const struct kit_result *r, struct masq_view packet,
		       uint32_t hlen)
{
	const struct masq_view segment = masq_from(packet, hlen);
	uint64_t sum = masq_sum(masq_slice(packet, 0, hlen));

	assert_int_equal(masq_fold(sum), 0xffff);
	assert_int_equal(masq_get16(packet, 2), packet.len);
	if ((masq_get16(packet, 6) & 0x3fff) != 0) /* a fragment */
		return;
	if (r->proto == PROTO_UDP && masq_get16(segment, 6) == 0)
		return;
	if (r->proto != PROTO_TCP && r->proto != PROTO_UDP)
		return;
	sum = masq_sum(segment) +
	      masq_sum_pseudo(r->src, r->dst, r->proto, segment.len);
	assert_int_equal(masq_fold(sum), 0xffff);
}

static void take_apart(struct kit *kit, struct kit_result *r)
{
	const struct masq_view packet = {.data = r->data, .len = r->len};
	const uint32_t hlen = (masq_get8(packet, 0) & 15) * 4u;
	const struct masq_view segment = masq_from(packet, hlen);
	struct masq_view payload;
	uint32_t header = UDP_HEADER;

	r->proto = masq_get8(packet, 9);
	r->src = masq_get32(packet, 12);
	r->dst = masq_get32(packet, 16);
	r->sport = masq_get16(segment, 0);
	r->dport = masq_get16(segment, 2);
	if (r->proto == PROTO_TCP) {
		r->seq = masq_get32(segment, 4);
		r->ack = masq_get32(segment, 8);
		r->flags = masq_get8(segment, 13);
		header = (masq_get8(segment, 12) >> 4) * 4u;
	}
	payload = masq_from(segment, header);
	r->payload = payload.data;
	r->payload_len = payload.len;
	if (!kit->no_checks)
		check_sums(r, packet, hlen);
}

static void emit(void *ctx, const struct masq_result *result)
{
	struct kit *kit = ctx;
	struct kit_result *r;

	if (kit->num_results == KIT_MAX_RESULTS ||
	    result->len > STORE_SIZE - kit->stored)
		fail_msg("the kit has no room for more results");
	r = &kit->results[kit->num_results++];
	memset(r, 0, sizeof(*r));
	r->side = result->side;
	r->len = result->len;
	r->data = kit->store + kit->stored;
	memcpy(kit->store + kit->stored, result->data, result->len);
	kit->stored += result->len;
	take_apart(kit, r);
}

static void forget_results(struct kit *kit)
{
	kit->num_results = 0;
	kit->stored = 0;
}

void kit_wait(struct kit *kit, uint64_t ms)
{
	forget_results(kit);
	kit->now += ms * UINT64_C(1000000);
	masq_advance(kit->engine, kit->now, emit, kit);
}

/* ---- packets --------------------------------------------------------- */

const struct kit_result *kit_raw(struct kit *kit, enum masq_side side,
				 const uint8_t *data, uint32_t len)
{
	/* Of its own, so that sanitizers see a read beyond the end. */
	uint8_t *copy = malloc(len == 0 ? 1 : len);
	struct masq_frame frame = {
		.side = side,
		.cast = MASQ_CAST_HOST,
		.now = kit->now,
		.data = copy,
		.len = len,
	};

	assert_non_null(copy);
	memcpy(copy, data, len);
	forget_results(kit);
	kit->drop = masq_packet(kit->engine, &frame, emit, kit);
	free(copy);
	return kit->num_results != 0 ? &kit->results[0] : NULL;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

const struct kit_result *kit_hex(struct kit *kit, enum masq_side side,
				 const char *hex)
{
	uint8_t data[2048] = {0};
	uint32_t n = 0;

	for (; *hex != '\0'; hex++) {
		const int digit = hex_digit(*hex);

		if (digit < 0)
			continue;
		assert_true(n / 2 < sizeof(data));
		data[n / 2] = (uint8_t)(data[n / 2] << 4 | digit);
		n++;
	}
	return kit_raw(kit, side, data, n / 2);
}

static void put_bytes(struct masq_buf *b, uint32_t off, const void *data,
		      uint32_t len)
{
	const bool fits = masq_has(masq_view_of(b), off, len);

	assert_true(fits);
	if (fits && len != 0)
		memcpy(b->data + off, data, len);
}

/* Header and checksums of a datagram whose other octets are in place. */
static void finish_ip(struct masq_buf *b, uint32_t hlen, uint8_t proto,
		      uint32_t src, uint32_t dst, uint32_t sum_at)
{
	const struct masq_view segment = masq_from(masq_view_of(b), hlen);
	uint16_t sum;

	masq_put8(b, 0, (uint8_t)(0x40 | hlen / 4));
	masq_put16(b, 2, (uint16_t)b->len);
	masq_put16(b, 4, 0x1234);
	masq_put16(b, 6, 0x4000);
	masq_put8(b, 8, 64);
	masq_put8(b, 9, proto);
	masq_put32(b, 12, src);
	masq_put32(b, 16, dst);
	sum = masq_fold(masq_sum(masq_slice(masq_view_of(b), 0, hlen)));
	masq_put16(b, 10, (uint16_t)~sum);
	sum = masq_fold(masq_sum(segment) +
			masq_sum_pseudo(src, dst, proto, segment.len));
	masq_put16(b, hlen + sum_at, sum == 0xffff ? 0xffff : (uint16_t)~sum);
}

const struct kit_result *kit_segment(struct kit *kit, enum masq_side side,
				     const struct kit_segment *s)
{
	const uint32_t hlen = IP_HEADER + s->ip_options_len;
	const uint32_t header = TCP_HEADER + s->options_len;
	uint8_t data[65535] = {0};
	struct masq_buf b = {
		.data = data,
		.len = hlen + header + s->payload_len,
		.cap = sizeof(data),
	};

	assert_true(b.len <= b.cap && header <= 60 && hlen <= 60);
	put_bytes(&b, IP_HEADER, s->ip_options, s->ip_options_len);
	masq_put16(&b, hlen, s->sport);
	masq_put16(&b, hlen + 2, s->dport);
	masq_put32(&b, hlen + 4, s->seq);
	masq_put32(&b, hlen + 8, s->ack);
	masq_put8(&b, hlen + 12, (uint8_t)(header / 4 << 4));
	masq_put8(&b, hlen + 13, s->flags);
	masq_put16(&b, hlen + 18, s->urgent);
	masq_put16(&b, hlen + 14, 8760);
	put_bytes(&b, hlen + TCP_HEADER, s->options, s->options_len);
	put_bytes(&b, hlen + header, s->payload, s->payload_len);
	finish_ip(&b, hlen, PROTO_TCP, s->src, s->dst, 16);
	return kit_raw(kit, side, b.data, b.len);
}

const struct kit_result *kit_udp(struct kit *kit, enum masq_side side,
				 uint32_t src, uint16_t sport, uint32_t dst,
				 uint16_t dport, const void *payload,
				 uint32_t len)
{
	uint8_t data[65535] = {0};
	struct masq_buf b = {
		.data = data,
		.len = IP_HEADER + UDP_HEADER + len,
		.cap = sizeof(data),
	};

	assert_true(b.len <= b.cap);
	masq_put16(&b, IP_HEADER, sport);
	masq_put16(&b, IP_HEADER + 2, dport);
	masq_put16(&b, IP_HEADER + 4, (uint16_t)(UDP_HEADER + len));
	put_bytes(&b, IP_HEADER + UDP_HEADER, payload, len);
	finish_ip(&b, IP_HEADER, PROTO_UDP, src, dst, 6);
	return kit_raw(kit, side, b.data, b.len);
}

/* ---- connections ----------------------------------------------------- */

const struct kit_result *kit_conn_at(struct kit *kit,
				     const struct kit_conn *conn,
				     enum masq_side side, uint32_t seq,
				     uint32_t ack, uint8_t flags,
				     const void *payload, uint32_t len)
{
	struct kit_segment s = {
		.src = conn->inside_addr,
		.sport = conn->inside_port,
		.dst = conn->outside_addr,
		.dport = conn->outside_port,
		.seq = seq,
		.ack = ack,
		.flags = flags,
		.options = conn->options,
		.options_len = conn->options_len,
		.payload = payload,
		.payload_len = len,
	};

	if (side == MASQ_OUTSIDE) {
		s.src = conn->outside_addr;
		s.sport = conn->outside_port;
		s.dst = conn->masq_addr;
		s.dport = conn->masq_port;
	}
	return kit_segment(kit, side, &s);
}

static void conn_defaults(struct kit_conn *conn)
{
	if (conn->inside_addr == 0)
		conn->inside_addr = KIT_CLIENT;
	if (conn->inside_port == 0)
		conn->inside_port = 1030;
	if (conn->masq_addr == 0)
		conn->masq_addr = KIT_MASQ;
	if (conn->inside_seq == 0)
		conn->inside_seq = FIRST_ISN;
	if (conn->outside_seq == 0)
		conn->outside_seq = OUTSIDE_ISN;
}

void kit_connect(struct kit *kit, struct kit_conn *conn)
{
	const struct kit_result *r;

	conn_defaults(conn);
	r = kit_conn_at(kit, conn, MASQ_INSIDE, conn->inside_seq, 0, KIT_SYN,
			NULL, 0);
	assert_non_null(r);
	conn->masq_addr = r->src;
	conn->masq_port = r->sport;
	conn->outside_ack = ++conn->inside_seq;
	r = kit_conn_at(kit, conn, MASQ_OUTSIDE, conn->outside_seq,
			conn->outside_ack, KIT_SYN | KIT_ACK, NULL, 0);
	assert_non_null(r);
	conn->inside_ack = ++conn->outside_seq;
	r = kit_conn_at(kit, conn, MASQ_INSIDE, conn->inside_seq,
			conn->inside_ack, KIT_ACK, NULL, 0);
	assert_non_null(r);
}

void kit_accept(struct kit *kit, struct kit_conn *conn)
{
	const struct kit_result *r;

	conn_defaults(conn);
	r = kit_conn_at(kit, conn, MASQ_OUTSIDE, conn->outside_seq, 0, KIT_SYN,
			NULL, 0);
	assert_non_null(r);
	conn->inside_ack = ++conn->outside_seq;
	r = kit_conn_at(kit, conn, MASQ_INSIDE, conn->inside_seq,
			conn->inside_ack, KIT_SYN | KIT_ACK, NULL, 0);
	assert_non_null(r);
	conn->outside_ack = ++conn->inside_seq;
	r = kit_conn_at(kit, conn, MASQ_OUTSIDE, conn->outside_seq,
			conn->outside_ack, KIT_ACK, NULL, 0);
	assert_non_null(r);
}

const struct kit_result *kit_tcp_out(struct kit *kit, struct kit_conn *conn,
				     const void *payload, uint32_t len)
{
	const struct kit_result *r =
		kit_conn_at(kit, conn, MASQ_INSIDE, conn->inside_seq,
			    conn->inside_ack, KIT_PSH | KIT_ACK, payload, len);

	conn->inside_seq += len;
	if (r != NULL)
		conn->outside_ack = r->seq + r->payload_len;
	return r;
}

const struct kit_result *kit_tcp_in(struct kit *kit, struct kit_conn *conn,
				    const void *payload, uint32_t len)
{
	const struct kit_result *r =
		kit_conn_at(kit, conn, MASQ_OUTSIDE, conn->outside_seq,
			    conn->outside_ack, KIT_PSH | KIT_ACK, payload, len);

	conn->outside_seq += len;
	if (r != NULL)
		conn->inside_ack = r->seq + r->payload_len;
	return r;
}
