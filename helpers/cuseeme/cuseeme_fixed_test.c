/* SPDX-License-Identifier: Apache-2.0 */
/* cuseeme_fixed_test.c - the parser, quirks off, and chance */
#include "cuseeme/cuseeme.h"
#include "cuseeme/cuseeme_parse.h"
#include "kit.h"

#define assert_sent(...) kit_assert_payload(__VA_ARGS__)

#define REFLECTOR KIT_IP(198, 51, 100, 48)
#define PORT      7648
#define CLIENT    "\xc0\xa8\x01\x0a"
#define ROUTER    "\xcb\0\x71\x01"
#define OTHER     "\xc6\x33\x64\x05"
#define FLAGS     "\0\x01\x02\x03\x04\x05\x06\x07"

/* A message up to its data type, and OpenContinue up to its clients. */
#define HEAD(dest, source)                                                     \
	"\0\x01\x1d\xe0" dest "\0\x01\x1d\xe0" source "\0\0\0\x01\0\x01"
#define LIST(count)                                                            \
	"\0\x65\0\x50" count "\0\0\0\x07\x05"                                  \
	"alice\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x01\0\x04"
#define VIDEO "\0\x01\0\x1a"

/* ---- the parser ------------------------------------------------------ */

static void test_parse_cut(void **state)
{
	static const char text[] = HEAD(ROUTER, CLIENT) LIST("\x01\x02")
		OTHER FLAGS;

	(void)state;
	for (uint32_t len = 0; len < sizeof(text); len++) {
		uint8_t *copy = test_malloc(len + 1);
		const struct masq_view v = {.data = copy, .len = len};
		struct cuseeme_msg msg;

		memcpy(copy, text, len);
		msg = cuseeme_parse(v);
		assert_int_equal(msg.is_message, len >= 26);
		assert_int_equal(msg.dest, len < 26 ? 0 : 0xcb007101);
		assert_int_equal(msg.source, len < 26 ? 0 : 0xc0a8010a);
		assert_int_equal(msg.has_list, len > 56);
		assert_int_equal(msg.count, len > 56 ? 0x102 : 0);
		assert_int_equal(cuseeme_find_client(v, 1, 0xc6336405),
				 len >= 68 ? 56 : 0);
		test_free(copy);
	}
}

static void test_find_client(void **state)
{
	static const char text[] = HEAD(ROUTER, CLIENT) LIST("\0\x02")
		OTHER FLAGS ROUTER FLAGS ROUTER FLAGS;
	uint8_t copy[sizeof(text)];
	const struct masq_view v = {.data = copy, .len = sizeof(text) - 1};

	(void)state;
	memcpy(copy, text, sizeof(text));
	assert_int_equal(cuseeme_find_client(v, 0, 0xc6336405), 0);
	assert_int_equal(cuseeme_find_client(v, 1, 0xcb007101), 0);
	assert_int_equal(cuseeme_find_client(v, 2, 0xcb007101), 68);
	assert_int_equal(cuseeme_find_client(v, 65535, 0xcb007101), 68);
	assert_int_equal(cuseeme_find_client(v, 65535, 1), 0);
}

/* ---- quirks off ------------------------------------------------------ */

static struct kit *open_kit(uint64_t quirks)
{
	struct masq_config config;

	kit_config(&config, quirks);
	kit_load(&config, &masq_cuseeme_module, NULL);
	return kit_open(&config);
}

static const struct kit_result *out(struct kit *kit, const void *data,
				    uint32_t len)
{
	return kit_udp(kit, MASQ_INSIDE, KIT_CLIENT, PORT, REFLECTOR, PORT,
		       data, len);
}

static const struct kit_result *in(struct kit *kit, const void *data,
				   uint32_t len)
{
	return kit_udp(kit, MASQ_OUTSIDE, REFLECTOR, PORT, KIT_MASQ, 61000,
		       data, len);
}

/* CUS-S4: only what is our own is replaced. */
static void test_own_addresses(void **state)
{
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE);

	(void)state;
	assert_sent(out(kit, KIT_TEXT(HEAD(OTHER, CLIENT) VIDEO)),
		    KIT_TEXT(HEAD(OTHER, ROUTER) VIDEO));
	assert_sent(out(kit, KIT_TEXT(HEAD(OTHER, OTHER) VIDEO)),
		    KIT_TEXT(HEAD(OTHER, OTHER) VIDEO));
	assert_sent(in(kit, KIT_TEXT(HEAD(ROUTER, OTHER) VIDEO)),
		    KIT_TEXT(HEAD(CLIENT, OTHER) VIDEO));
	assert_sent(in(kit, KIT_TEXT(HEAD(OTHER, ROUTER) VIDEO)),
		    KIT_TEXT(HEAD(OTHER, ROUTER) VIDEO));
	kit_close(kit);
}

/* CUS-S1, -S5: the count as it is meant, the list in both directions. */
static void test_lists(void **state)
{
	struct kit *kit = open_kit(MASQ_QUIRKS_NONE);

	(void)state;
	assert_sent(out(kit, KIT_TEXT(HEAD(OTHER, CLIENT) LIST("\0\x02")
					      OTHER FLAGS CLIENT FLAGS)),
		    KIT_TEXT(HEAD(OTHER, ROUTER) LIST("\0\x02")
				     OTHER FLAGS ROUTER FLAGS));
	assert_sent(in(kit, KIT_TEXT(HEAD(OTHER, OTHER) LIST("\0\x02")
					     OTHER FLAGS ROUTER FLAGS)),
		    KIT_TEXT(HEAD(OTHER, OTHER) LIST("\0\x02")
				     OTHER FLAGS CLIENT FLAGS));
	assert_sent(in(kit, KIT_TEXT(HEAD(OTHER, OTHER) LIST("\0\x01")
					     OTHER FLAGS ROUTER FLAGS)),
		    KIT_TEXT(HEAD(OTHER, OTHER) LIST("\0\x01")
				     OTHER FLAGS ROUTER FLAGS));
	assert_sent(in(kit, KIT_TEXT(HEAD(OTHER, OTHER) LIST("\x01\0")
					     OTHER FLAGS ROUTER FLAGS)),
		    KIT_TEXT(HEAD(OTHER, OTHER) LIST("\x01\0")
				     OTHER FLAGS CLIENT FLAGS));
	assert_sent(in(kit, KIT_TEXT("short")), KIT_TEXT("short"));
	assert_sent(out(kit, KIT_TEXT("short")), KIT_TEXT("short"));
	kit_close(kit);
}

/* ---- chance ---------------------------------------------------------- */

/* Only four octets at a place that is known may change. */
static void check(const struct kit_result *r, const uint8_t *data, uint32_t len)
{
	assert_non_null(r);
	assert_int_equal(r->payload_len, len);
	for (uint32_t i = 0; i < len; i++) {
		const bool is_addr = (i >= 4 && i < 8) || (i >= 12 && i < 16) ||
				     (i >= 56 && (i - 56) % 12 < 4);

		assert_true(is_addr || r->payload[i] == data[i]);
	}
}

static void throw(uint64_t seed, uint64_t quirks)
{
	static const char model[] = HEAD(ROUTER, CLIENT) LIST("\0\x02")
		CLIENT FLAGS ROUTER FLAGS;
	struct kit *kit = open_kit(quirks);

	out(kit, KIT_TEXT("x"));
	for (unsigned int i = 0; i < 20; i++) {
		uint8_t data[sizeof(model)];
		uint32_t len = sizeof(model) - 1;

		memcpy(data, model, sizeof(model));
		for (uint32_t n = kit_below(&seed, 6); n != 0; n--)
			data[kit_below(&seed, len)] =
				(uint8_t)kit_random(&seed);
		if (kit_below(&seed, 2) == 0)
			len = kit_below(&seed, len + 1);
		if (kit_below(&seed, 2) == 0)
			check(out(kit, data, len), data, len);
		else
			check(in(kit, data, len), data, len);
	}
	assert_string_equal(kit_entries(kit, 61000), "");
	kit_close(kit);
}

static void test_chance(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++) {
		throw(seed, MASQ_QUIRKS_ALL);
		throw(seed, MASQ_QUIRKS_NONE);
		throw(seed, seed * UINT64_C(0x9e3779b97f4a7c15));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_cut),
		cmocka_unit_test(test_find_client),
		cmocka_unit_test(test_own_addresses),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_chance),
	};

	return cmocka_run_group_tests_name("helpers.cuseeme.fixed", tests, NULL,
					   NULL);
}
