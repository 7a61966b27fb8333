/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reasm_load_test.c - reassembly against a naive one, and under load
 */
#include <stdlib.h>

#include "kit.h"
#include "wire/reasm.h"

enum {
	MAX_PARTS = 24,
	NUM_DATAGRAMS = 6
};

static void set_fragment(struct masq_pkt *p, uint16_t id, uint32_t offset,
			 bool more, const uint8_t *payload, uint32_t len)
{
	const struct kit_packet spec = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 17,
		.bare = true,
		.ip_id = id,
		.frag = (uint16_t)(offset / 8 | (more ? 0x2000 : 0)),
		.payload = payload,
		.payload_len = len,
	};

	p->buf.cap = IP_MAX_LEN;
	p->buf.len = kit_build(&spec, p->buf.data);
	pkt_parse(p, pkt_view(p));
	p->drop = MASQ_DROP_NONE;
	p->routed = false;
}

/* A datagram cut at random multiples of 8, its parts in random order. */
struct datagram {
	uint8_t payload[4000];
	uint32_t len;
	unsigned int num_parts, num_sent;
	uint32_t cut[MAX_PARTS + 1]; /* part i: cut[i] to cut[i + 1] */
	unsigned int order[MAX_PARTS];
};

static void make_datagram(struct datagram *d, uint64_t *seed)
{
	d->len = 1 + kit_below(seed, sizeof(d->payload));
	for (uint32_t i = 0; i < d->len; i++)
		d->payload[i] = (uint8_t)kit_random(seed);
	d->num_parts = d->num_sent = 0;
	d->cut[0] = 0;
	while (d->cut[d->num_parts] < d->len) {
		uint32_t next = d->cut[d->num_parts] +
				8 * (1 + kit_below(seed, 60));

		if (next > d->len || d->num_parts == MAX_PARTS - 1)
			next = d->len;
		d->order[d->num_parts] = d->num_parts;
		d->cut[++d->num_parts] = next;
	}
	for (unsigned int i = d->num_parts - 1; i > 0; i--) {
		const unsigned int j = kit_below(seed, i + 1);
		const unsigned int part = d->order[i];

		d->order[i] = d->order[j];
		d->order[j] = part;
	}
}

/* Sends the next part; true if the datagram is then complete. */
static bool send_part(struct reasm *r, struct masq_pkt *p, struct datagram *d,
		      uint16_t id)
{
	const unsigned int part = d->order[d->num_sent++];
	const uint32_t from = d->cut[part], to = d->cut[part + 1];

	set_fragment(p, id, from, to != d->len, d->payload + from, to - from);
	return reasm_add(r, p, 0) == REASM_COMPLETE;
}

/* Several datagrams at once, parts interleaved: all come out whole. */
static void test_random_order(void **state)
{
	static struct datagram all[NUM_DATAGRAMS];
	struct reasm *r = reasm_new();
	struct masq_pkt p = {.buf = {.data = malloc(IP_MAX_LEN)}};
	uint64_t seed = 7;

	(void)state;
	assert_non_null(r);
	assert_non_null(p.buf.data);
	for (unsigned int i = 0; i < NUM_DATAGRAMS; i++)
		make_datagram(&all[i], &seed);
	for (int n = 0; n < 20000; n++) {
		const unsigned int i = kit_below(&seed, NUM_DATAGRAMS);
		struct datagram *d = &all[i];

		if (!send_part(r, &p, d, (uint16_t)(i + 1))) {
			assert_true(d->num_sent < d->num_parts);
			assert_int_equal(p.drop, MASQ_DROP_HELD);
			continue;
		}
		assert_int_equal(d->num_sent, d->num_parts);
		assert_int_equal(pkt_payload_len(&p), d->len);
		assert_memory_equal(pkt_payload(&p).data, d->payload, d->len);
		make_datagram(d, &seed);
	}
	free(p.buf.data);
	reasm_free(r);
}

struct load {
	struct reasm *r;
	struct masq_pkt p;
	uint8_t payload[1480];
};

static void open_load(struct load *l)
{
	memset(l, 0, sizeof(*l));
	l->r = reasm_new();
	l->p.buf.data = malloc(IP_MAX_LEN);
	assert_non_null(l->r);
	assert_non_null(l->p.buf.data);
}

static void close_load(struct load *l)
{
	reasm_free(l->r);
	free(l->p.buf.data);
}

/* First halves of num datagrams with ids from first on, a tick apart. */
static void send_halves(struct load *l, unsigned int first, unsigned int num)
{
	for (unsigned int i = first; i < first + num; i++) {
		set_fragment(&l->p, (uint16_t)i, 0, true, l->payload, 1480);
		assert_int_equal(reasm_add(l->r, &l->p, i), REASM_HELD);
		assert_int_equal(l->p.drop, MASQ_DROP_HELD);
	}
}

/* Is the first half of this datagram still there? Takes it. */
static bool has_half(struct load *l, unsigned int id)
{
	set_fragment(&l->p, (uint16_t)id, 1480, false, l->payload, 8);
	return reasm_add(l->r, &l->p, 500) == REASM_COMPLETE;
}

/*
 * Above 256 KiB the oldest go, until 192 KiB are left. What a fragment
 * costs besides its octets is the implementation's; it is more than nothing
 * and less than half a KiB.
 */
static void test_eviction(void **state)
{
	const unsigned int dear = 1480 + 512, cheap = 1480;
	unsigned int sent = 0, gone;
	struct load l;

	(void)state;
	open_load(&l);
	do
		send_halves(&l, ++sent, 1);
	while (reasm_next(l.r) == 1 + 3000);
	assert_in_range(sent, 256 * 1024 / dear, 256 * 1024 / cheap + 2);
	/* The oldest left tells how many went: about a quarter. */
	gone = (unsigned int)(reasm_next(l.r) - 3000 - 1);
	assert_in_range(gone, 64 * 1024 / dear, 64 * 1024 / cheap + 2);
	assert_false(has_half(&l, gone));
	assert_true(has_half(&l, gone + 1));
	assert_true(has_half(&l, sent));
	close_load(&l);
}

/* A flood of fragments never stops a whole datagram from passing. */
static void test_flood(void **state)
{
	struct load l;

	(void)state;
	open_load(&l);
	for (unsigned int i = 1; i < 40; i++) {
		send_halves(&l, i * 1000, 300);
		send_halves(&l, 999, 1);
		assert_true(has_half(&l, 999));
	}
	close_load(&l);
}

/* Fragments of one octet: descriptors, not octets, are what fills. */
static void test_small_fragments(void **state)
{
	struct load l;

	(void)state;
	open_load(&l);
	for (unsigned int i = 0; i < 8000; i++) {
		set_fragment(&l.p, (uint16_t)(i + 1), 8, true, l.payload, 8);
		assert_int_equal(reasm_add(l.r, &l.p, i), REASM_HELD);
		assert_int_equal(l.p.drop, MASQ_DROP_HELD);
	}
	send_halves(&l, 9999, 1);
	assert_true(has_half(&l, 9999));
	close_load(&l);
}

/* One datagram in 8000 parts: more than the limits hold. */
static void test_many_parts(void **state)
{
	struct load l;
	bool complete = false;

	(void)state;
	open_load(&l);
	for (unsigned int i = 0; i < 8000; i++) {
		set_fragment(&l.p, 1, i * 8, i != 7999, l.payload, 8);
		complete |= reasm_add(l.r, &l.p, 0) == REASM_COMPLETE;
	}
	assert_false(complete);
	send_halves(&l, 9999, 1);
	assert_true(has_half(&l, 9999));
	close_load(&l);
}

/*
 * A refused fragment leaves its queue behind (FRAG-05, oversize). Queues
 * without fragments cost memory too, and the oldest make room for new ones.
 */
static void test_empty_queues(void **state)
{
	struct load l;

	(void)state;
	open_load(&l);
	for (unsigned int i = 1; i <= 4000; i++) {
		set_fragment(&l.p, (uint16_t)i, 65528, true, l.payload, 8);
		assert_int_equal(reasm_add(l.r, &l.p, 0), REASM_HELD);
		assert_int_equal(l.p.drop, MASQ_DROP_FRAGMENT);
	}
	send_halves(&l, 9999, 1);
	assert_true(has_half(&l, 9999));
	close_load(&l);
}

/* Each part fits, but not with the header of the first one. */
static void test_long_header(void **state)
{
	static const uint8_t options[40] = {1};
	const struct kit_packet first = {
		.src = ADDR_C,
		.dst = ADDR_S,
		.proto = 17,
		.bare = true,
		.frag = 0x2000,
		.ip_options = options,
		.ip_options_len = sizeof(options),
		.payload_len = 65472,
	};
	struct load l;

	(void)state;
	open_load(&l);
	set_fragment(&l.p, 1, 65472, false, l.payload, 4);
	assert_int_equal(reasm_add(l.r, &l.p, 0), REASM_HELD);
	l.p.buf.len = kit_build(&first, l.p.buf.data);
	pkt_parse(&l.p, pkt_view(&l.p));
	assert_int_equal(reasm_add(l.r, &l.p, 0), REASM_HELD);
	assert_int_equal(l.p.drop, MASQ_DROP_FRAGMENT);
	assert_true(reasm_next(l.r) == UINT64_MAX);
	close_load(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_order),
		cmocka_unit_test(test_eviction),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_small_fragments),
		cmocka_unit_test(test_many_parts),
		cmocka_unit_test(test_empty_queues),
		cmocka_unit_test(test_long_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
