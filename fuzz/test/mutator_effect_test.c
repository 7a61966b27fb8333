/* SPDX-License-Identifier: Apache-2.0 */
/* mutator_effect_test.c - does each mutation do what its name says? */
#include "mutator_kit.h"

#define TIMES 300u

static unsigned int seed_packets(void)
{
	static uint8_t data[KIT_SIZE];

	return kit_count(data, kit_seed(data, sizeof(data)));
}

/* Runs it on the seed; calls check() on what came of it, if anything did. */
static void each(void **state, const char *name, void (*check)(struct work *w))
{
	struct kit *kit = *state;
	struct work *w = fuzz_mutator_work(kit->mutator);
	const struct mutation *mutation = kit_find(name);
	static uint8_t data[KIT_SIZE];
	const size_t len = kit_seed(data, sizeof(data));

	for (uint32_t seed = 0; seed < TIMES; seed++) {
		kit_load(w, data, len, seed);
		if (mutation->run(w))
			check(w);
	}
}

/* ---- the list -------------------------------------------------------- */

static void is_shorter(struct work *w)
{
	assert_in_range(w->num, 1, seed_packets() - 1);
}

static void is_longer(struct work *w)
{
	assert_in_range(w->num, seed_packets() + 1, FUZZ_MAX_PACKETS);
}

static void has_all(struct work *w)
{
	assert_int_equal(w->num, seed_packets());
}

static void order(void **state)
{
	each(state, "delete", is_shorter);
	each(state, "truncate", is_shorter);
	each(state, "duplicate", is_longer);
	each(state, "repeat", is_longer);
	each(state, "retransmit", is_longer);
	each(state, "swap", has_all);
	each(state, "move", has_all);
	each(state, "frame", has_all);
	each(state, "field", has_all);
	each(state, "spoil", has_all);
	each(state, "step", has_all);
}

static bool is_sum_good(const uint8_t *data, uint32_t len)
{
	uint8_t copy[2048];

	if (len > sizeof(copy))
		return true;
	memcpy(copy, data, len);
	sums_repair(copy, len);
	return memcmp(copy, data, len) == 0;
}

static void checksums(void **state)
{
	struct kit *kit = *state;
	struct work *w = fuzz_mutator_work(kit->mutator);
	static uint8_t data[KIT_SIZE];
	const size_t len = kit_seed(data, sizeof(data));
	unsigned int num_spoilt = 0, num_repaired = 0;

	for (uint32_t seed = 0; seed < TIMES; seed++) {
		kit_load(w, data, len, seed);
		assert_true(mutate_spoil(w));
		for (unsigned int i = 0; i < w->num; i++)
			num_spoilt += !is_sum_good(w->packets[i].data,
						   w->packets[i].len);
		assert_true(mutate_repair(w));
		for (unsigned int i = 0; i < w->num; i++)
			num_repaired += !is_sum_good(w->packets[i].data,
						     w->packets[i].len);
	}
	/* A few get the value they had; repairing takes all or one. */
	assert_in_range(num_spoilt, TIMES * 7 / 10, TIMES);
	assert_in_range(num_repaired, 1, num_spoilt * 6 / 10);
}

/* ---- TCP and fragments ----------------------------------------------- */

/* Octets of the host's stream that the packets hold, each counted once. */
static uint64_t stream_of(struct work *w)
{
	uint64_t held = 0;

	for (unsigned int i = 0; i < w->num; i++) {
		const struct layout l = layout_of(w->packets[i].data,
						  w->packets[i].len);

		if (l.proto != IPP_TCP || w->packets[i].side != CONF_INSIDE)
			continue;
		for (uint32_t k = 0; k < l.payload_len; k++) {
			const uint32_t at = l.seq + k - 1000;

			if (at < 60)
				held |= UINT64_C(1) << at;
		}
	}
	return held;
}

static void has_stream(struct work *w)
{
	assert_true(stream_of(w) == (UINT64_C(1) << 60) - 1);
	for (unsigned int i = 0; i < w->num; i++)
		assert_true(is_sum_good(w->packets[i].data, w->packets[i].len));
}

static void segments(void **state)
{
	each(state, "split", has_stream);
	each(state, "retransmit", has_stream);
}

static void fragments(void **state)
{
	struct kit *kit = *state;
	const struct kit_effect e = kit_run(kit, "fragment", TIMES);
	const struct kit_effect seed = kit_run(kit, "step", 1);

	/* Held until the rest comes; put together most of the time. */
	assert_true(e.stats.drops[MASQ_DROP_HELD] > TIMES);
	assert_true(e.stats.drops[MASQ_DROP_NONE] >
		    TIMES * (seed.stats.drops[MASQ_DROP_NONE] - 1));
}

static void has_options(struct work *w)
{
	unsigned int num = 0;

	for (unsigned int i = 0; i < w->num; i++) {
		const struct layout l = layout_of(w->packets[i].data,
						  w->packets[i].len);

		num += l.hlen > IP_HEADER;
		assert_true(is_sum_good(w->packets[i].data, w->packets[i].len));
	}
	assert_in_range(num, 0, 1);
}

static void options(void **state)
{
	const struct kit_effect e = kit_run(*state, "options", TIMES);

	each(state, "options", has_options);
	assert_true(e.stats.drops[MASQ_DROP_IP_OPTION] > TIMES / 20);
}

static void has_one_size(struct work *w)
{
	for (unsigned int i = 0; i < w->num; i++)
		assert_true(is_sum_good(w->packets[i].data, w->packets[i].len));
}

/* Some do not fit any more, some must not be cut, some live no longer. */
static void sizes(void **state)
{
	const struct kit_effect seed = kit_run(*state, "step", 1);
	const struct kit_effect e = kit_run(*state, "size", TIMES);
	const uint64_t *drops = e.stats.drops;

	each(state, "size", has_one_size);
	assert_true(drops[MASQ_DROP_TOO_BIG] > TIMES / 50);
	assert_true(drops[MASQ_DROP_TTL] > TIMES / 20);
	assert_true(drops[MASQ_DROP_NONE] >
		    TIMES * (seed.stats.drops[MASQ_DROP_NONE] - 1));
}

/* ---- live ------------------------------------------------------------ */

/* Of what is added, inbound packets mostly meet a mapping. */
static void aimed_packets_arrive(void **state)
{
	const struct kit_effect seed = kit_run(*state, "step", 1);
	const struct kit_effect e = kit_run(*state, "aim", TIMES);
	const unsigned int in = e.num_in - TIMES * seed.num_in;
	const unsigned int through = e.num_in_through -
				     TIMES * seed.num_in_through;

	print_message("aim: %u of %u inbound packets translated\n", through,
		      in);
	assert_true(in > TIMES * 8 / 10);
	assert_true(through > in * 7 / 10);
}

static void errors_are_translated(void **state)
{
	const struct kit_effect e = kit_run(*state, "error", TIMES);

	print_message("error: %u of %u translated\n",
		      (unsigned int)e.stats.num_errors_translated, TIMES);
	assert_true(e.stats.num_errors_translated > TIMES / 4);
	assert_true(e.stats.drops[MASQ_DROP_QUOTE] > TIMES / 50);
}

/* The router falls silent: it is asked more often than it may answer. */
static void complaints_run_out(void **state)
{
	const struct kit_effect e = kit_run(*state, "nag", TIMES);
	const uint64_t causes = e.stats.drops[MASQ_DROP_TTL];

	print_message("nag: %u own errors, %u packets that came too far\n",
		      (unsigned int)e.stats.num_own_errors,
		      (unsigned int)causes);
	assert_true(e.stats.num_own_errors > TIMES / 2);
	assert_true(causes > TIMES);
}

static void time_passes(void **state)
{
	const struct kit_effect e = kit_run(*state, "close", TIMES);
	struct kit *kit = *state;
	struct work *w = fuzz_mutator_work(kit->mutator);
	static uint8_t data[KIT_SIZE];
	const size_t len = kit_seed(data, sizeof(data));
	unsigned int num_fired = 0;

	assert_true(e.stats.num_expired > TIMES / 20);
	for (uint32_t seed = 0; seed < TIMES; seed++) {
		struct masq_stats stats;

		kit_load(w, data, len, seed);
		assert_true(mutate_wait(w));
		masq_stats_get(w->world.place->engine, &stats);
		num_fired += stats.num_expired != 0;
	}
	assert_in_range(num_fired, TIMES / 4, TIMES * 9 / 10);
}

static void connections_are_carried_on(void **state)
{
	struct kit *kit = *state;
	struct work *w = fuzz_mutator_work(kit->mutator);
	static uint8_t data[KIT_SIZE];
	const size_t len = kit_seed(data, sizeof(data));
	struct conn *c;

	kit_load(w, data, len, 1);
	c = conns_pick(w);
	assert_non_null(c);
	assert_int_equal(c->in.next, 1060);
	assert_int_equal(c->in.seen, 1060);
	assert_int_equal(c->out.next, 5040);
	assert_int_equal(c->out.seen, 5040);
	assert_int_equal(c->mp, 61000);
	assert_true(tcp_send(w, c, false, F_ACK, (const uint8_t *)"abc", 3));
	assert_int_equal(c->out.next, 5043);
	assert_int_equal(c->out.seen, 5043);
}

static void announcements_open_holes(void **state)
{
	static const char *const helpers[] = {"ftp",    "irc",     "quake",
					      "raudio", "vdolive", "cuseeme"};

	(void)state;
	for (size_t i = 0; i < RNG_NUM(helpers); i++) {
		struct kit kit = {.mutator = fuzz_mutator_new(helpers[i])};
		struct kit_effect e;

		assert_non_null(kit.mutator);
		e = kit_run(&kit, "speak", TIMES);
		print_message("%s: %u edits, %u children in %u\n", helpers[i],
			      (unsigned int)e.stats.num_edits,
			      (unsigned int)e.stats.num_children, TIMES);
		assert_true(e.stats.num_edits > TIMES / 8);
		if (strcmp(helpers[i], "cuseeme") != 0)
			assert_true(e.stats.num_children > TIMES / 8);
		fuzz_mutator_free(kit.mutator);
	}
}

/* A mutator for a helper leaves routers that do not have it. */
static void variants_have_the_helper(void **state)
{
	struct fuzz_mutator *m = fuzz_mutator_new("vdolive");
	struct work *w = fuzz_mutator_work(m);
	unsigned int num_heard = 0, num_seen = 0;
	bool seen[64] = {false};

	(void)state;
	assert_non_null(m);
	w->rng.state = 3;
	for (unsigned int i = 0; i < TIMES; i++) {
		assert_true(mutate_variant(w));
		num_heard += speak_is_heard(w);
		seen[w->variant % 64] = true;
	}
	for (unsigned int i = 0; i < 64; i++)
		num_seen += seen[i];
	assert_in_range(num_heard, TIMES * 9 / 10, TIMES);
	assert_in_range(num_seen, 4, fuzz_num_variants);
	fuzz_mutator_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order),
		cmocka_unit_test(checksums),
		cmocka_unit_test(segments),
		cmocka_unit_test(fragments),
		cmocka_unit_test(options),
		cmocka_unit_test(sizes),
		cmocka_unit_test(aimed_packets_arrive),
		cmocka_unit_test(errors_are_translated),
		cmocka_unit_test(complaints_run_out),
		cmocka_unit_test(time_passes),
		cmocka_unit_test(connections_are_carried_on),
		cmocka_unit_test(announcements_open_holes),
		cmocka_unit_test(variants_have_the_helper),
	};

	return cmocka_run_group_tests(tests, kit_setup, kit_teardown);
}
