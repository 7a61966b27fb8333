/* SPDX-License-Identifier: Apache-2.0 */
/* waivers_test.c - differences that are known: classes, kinds, sides, inputs */
#include "captures.h"
#include "conformance/waivers.h"
#include "equivalence/eqv.h"

static struct conf_waivers waivers;

static void load(const char *text)
{
	char error[CONF_ERROR_SIZE];

	conf_waivers_cleanup(&waivers);
	captures_write_text("waive.txt", text);
	if (conf_waivers_read(&waivers, captures_path("waive.txt"), error) !=
	    CONF_OK)
		fail_msg("%s", error);
}

static const struct conf_waiver *match(const char *name, const char *ours,
				       const char *theirs, const char *input)
{
	const struct conf_waiver_scope scope = {"ref", "netfilter", input};
	struct conf_divergence d = {.verdict = CONF_DIFFERENT};

	snprintf(d.name, sizeof(d.name), "%s", name);
	snprintf(d.expected_kind, sizeof(d.expected_kind), "%s", ours);
	snprintf(d.actual_kind, sizeof(d.actual_kind), "%s", theirs);
	return conf_waivers_match(&waivers, &d, &scope);
}

static void test_class_and_engine(void **state)
{
	(void)state;
	load("# known\n"
	     "field:* [net*]  a reason\n"
	     "time  another\n"
	     "side [other*] of another\n");
	assert_string_equal(match("field:ip.ttl", "", "", NULL)->reason,
			    "a reason");
	assert_string_equal(match("time", "", "", NULL)->reason, "another");
	assert_null(match("side", "", "", NULL));
	assert_int_equal(waivers.items[0].num_waived, 1);
	assert_int_equal(waivers.items[1].line, 3);
}

/* A class alone is all kinds; with a kind it is that one only. */
static void test_kind(void **state)
{
	(void)state;
	load("extra-packet:own-reset  it answers\n"
	     "field:ip.ttl:own-*  other first\n"
	     "missing-packet  whatever\n");
	assert_non_null(match("extra-packet", "", "own-reset", NULL));
	assert_null(match("extra-packet", "", "own-unreachable", NULL));
	assert_null(match("extra-packet", "", "delivered-reset", NULL));
	assert_non_null(match("field:ip.ttl", "own-icmp", "own-icmp", NULL));
	assert_null(
		match("field:ip.ttl", "delivered-udp", "delivered-udp", NULL));
	assert_null(match("field:ip.tos", "own-icmp", "own-icmp", NULL));
	/* Of what is missing the kind is that of the one that is there. */
	assert_non_null(match("missing-packet", "own-icmp", "", NULL));
	load("missing-packet:own-icmp  x\n");
	assert_non_null(match("missing-packet", "own-icmp", "", NULL));
}

/* The engine of a line may be the one that is expected. */
static void test_side(void **state)
{
	(void)state;
	load("extra-packet:own-reset [ref]  ref answers\n");
	assert_non_null(match("missing-packet", "own-reset", "", NULL));
	assert_null(match("extra-packet", "", "own-reset", NULL));
	load("side:own-reset [ref]  ref answers\n");
	assert_non_null(match("side", "own-reset", "delivered-tcp", NULL));
	assert_null(match("side", "delivered-tcp", "own-reset", NULL));
}

static void test_input(void **state)
{
	(void)state;
	load("side [net*] {linux22/ftp/*}  there only\n"
	     "time {*/x-*.pcap} without an engine\n");
	assert_non_null(match("side", "", "", "linux22/ftp/active"));
	assert_null(match("side", "", "", "linux22/irc/chat"));
	assert_null(match("side", "", "", NULL));
	assert_non_null(match("time", "", "", "pcaps/x-1.pcap"));
}

static void test_broken_lines(void **state)
{
	static const char *const lines[] = {
		"side [net reason\n", "side [] reason\n",   "side [net*]\n",
		"side {a reason\n",   "side {} reason\n",   "side {a}\n",
		"side [a] {b}\n",     "side [a] {} text\n",
	};
	char error[CONF_ERROR_SIZE];

	(void)state;
	conf_waivers_cleanup(&waivers);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		captures_write_text("waive.txt", lines[i]);
		assert_int_equal(conf_waivers_read(&waivers,
						   captures_path("waive.txt"),
						   error),
				 CONF_ERR_CONFIG);
		assert_non_null(strstr(error, "waive.txt:1"));
	}
}

/* ---- kinds of packets --------------------------------------------------- */

static uint8_t octets[64];

static struct conf_packet make(enum conf_side side, uint32_t src, uint32_t dst,
			       uint8_t proto, uint16_t fragment)
{
	struct masq_buf b = {octets, 40, sizeof(octets)};

	memset(octets, 0, sizeof(octets));
	masq_put8(&b, 0, 0x45);
	masq_put16(&b, 2, 40);
	masq_put16(&b, 6, fragment);
	masq_put8(&b, 9, proto);
	masq_put32(&b, 12, src);
	masq_put32(&b, 16, dst);
	return (struct conf_packet){.side = side, .data = octets, .len = 40};
}

#define HOST INSIDE_HOST

static void test_kinds(void **state)
{
	static const struct {
		enum conf_side from, to;
		uint32_t src, dst;
		uint8_t proto;
		uint16_t fragment;
		uint8_t at, value; /* in the transport header */
		const char *kind;
	} rows[] = {
		{CONF_INSIDE, CONF_OUTSIDE, OUTSIDE_ADDR, PEER, 17, 0, 0, 0,
		 "translated-udp"},
		{CONF_INSIDE, CONF_OUTSIDE, HOST, PEER, 6, 0, 13, 0x10,
		 "untranslated-tcp"},
		{CONF_INSIDE, CONF_OUTSIDE, HOST, PEER, 6, 0, 13, 0x14,
		 "untranslated-reset"},
		{CONF_INSIDE, CONF_INSIDE, INSIDE_ADDR, HOST, 1, 0, 0, 11,
		 "own-time-exceeded"},
		{CONF_INSIDE, CONF_INSIDE, OUTSIDE_ADDR, HOST, 1, 0, 0, 0,
		 "own-icmp"},
		{CONF_INSIDE, CONF_INSIDE, HOST, HOST + 1, 17, 0, 0, 0,
		 "forwarded-udp"},
		{CONF_OUTSIDE, CONF_OUTSIDE, OUTSIDE_ADDR, PEER, 1, 0, 0, 3,
		 "own-unreachable"},
		{CONF_OUTSIDE, CONF_OUTSIDE, OUTSIDE_ADDR, PEER, 6, 0, 13, 0x04,
		 "own-reset"},
		{CONF_OUTSIDE, CONF_OUTSIDE, PEER, PEER + 1, 17, 0, 0, 0,
		 "forwarded-udp"},
		{CONF_OUTSIDE, CONF_INSIDE, PEER, HOST, 1, 0, 0, 3,
		 "delivered-icmp-error"},
		{CONF_OUTSIDE, CONF_INSIDE, PEER, HOST, 47, 0, 0, 0,
		 "delivered-other"},
		{CONF_OUTSIDE, CONF_INSIDE, PEER, HOST, 17, 0x2000, 0, 0,
		 "delivered-fragment"},
	};
	const struct conf_rules rules = {.router = {INSIDE_ADDR, OUTSIDE_ADDR}};
	struct conf_settings settings;
	struct conf_equivalence *eq;
	char kind[CONF_KIND_SIZE];

	(void)state;
	conf_settings_init(&settings);
	eq = conf_equivalence_new(&settings, &rules);
	assert_non_null(eq);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct conf_packet packet = make(rows[i].to, rows[i].src,
						 rows[i].dst, rows[i].proto,
						 rows[i].fragment);

		octets[20 + rows[i].at] = rows[i].value;
		eq->has_stimulus = true;
		eq->stimulus[OURS].side = rows[i].from;
		eqv_name_kind(eq, &packet, kind);
		assert_string_equal(kind, rows[i].kind);
	}
	/* Of nothing that can be read there is a kind too. */
	eqv_name_kind(eq, &(struct conf_packet){.side = CONF_INSIDE}, kind);
	assert_string_equal(kind, "delivered-other");
	conf_equivalence_free(eq);
}

static int teardown(void **state)
{
	conf_waivers_cleanup(&waivers);
	return captures_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_class_and_engine),
		cmocka_unit_test(test_kind),
		cmocka_unit_test(test_side),
		cmocka_unit_test(test_input),
		cmocka_unit_test(test_broken_lines),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, captures_setup, teardown);
}
