/* SPDX-License-Identifier: Apache-2.0 */
/* tcp_test.c - states (CORE-TCP): the whole table, V050 to V059, V104 */
#include <stdlib.h>

#include "kit.h"
#include "linux22/engine.h"

/* Packets of a connection C:1025 - M:61000 - S:80 and the state after each. */
struct walk {
	const char *text; /* "out FLAGS" or "in FLAGS"; NULL = the end */
	const char *state;
	uint32_t ticks;
};

static void run_walk(const struct walk *w)
{
	struct kit *k = kit_new();
	char packet[128], entry[128];

	for (; w->text != NULL; w++) {
		const bool is_out = strncmp(w->text, "out ", 4) == 0;
		const char *from = is_out ? "C:1025 > S:80 tcp "
					  : "S:80 > M:61000 tcp ";

		strcpy(packet, from);
		strcat(packet, strchr(w->text, ' ') + 1);
		assert_non_null(kit_send(k, packet));
		strcpy(entry, "tcp C:1025 M:61000 S:80 ");
		strcat(entry, w->state);
		strcat(entry, " ");
		if (strncmp(kit_table(k), entry, strlen(entry)) != 0)
			fail_msg("%s: %s, not %s", w->text, kit_table(k),
				 w->state);
		assert_int_equal(strtoul(k->table + strlen(entry), NULL, 10),
				 w->ticks);
		kit_wait(k, 1000);
	}
	kit_close(k);
}

#define OPEN                                                                   \
	{"out S", "SYN_SENT", 12000}, {"in SA", "ESTABLISHED", 90000},         \
	{                                                                      \
		"out A", "ESTABLISHED", 90000                                  \
	}
#define DONE                                                                   \
	{                                                                      \
		NULL, NULL, 0                                                  \
	}

static void test_V050(void **state)
{
	static const struct walk w[] = {
		OPEN,
		{"out FA", "FIN_WAIT", 12000},
		{"in A", "FIN_WAIT", 12000},
		{"in FA", "TIME_WAIT", 12000},
		{"out A", "TIME_WAIT", 12000},
		DONE,
	};

	(void)state;
	run_walk(w);
}

static void test_V051(void **state)
{
	static const struct walk w[] = {
		OPEN,
		{"in FA", "CLOSE_WAIT", 6000},
		{"out A", "CLOSE_WAIT", 6000},
		{"out PA", "CLOSE_WAIT", 6000},
		{"out FA", "TIME_WAIT", 12000},
		{"in A", "TIME_WAIT", 12000},
		DONE,
	};

	(void)state;
	run_walk(w);
}

static void test_V052(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	expect(k, "C:1025 > S:80 tcp S", "M:61000 > S:80 tcp S");
	expect(k, "S:80 > M:61000 tcp SA", "S:80 > C:1025 tcp SA");
	expect(k, "S:80 > M:61000 tcp R seq 0x12345678", "S:80 > C:1025 tcp R");
	expect_table(k, "tcp C:1025 M:61000 S:80 CLOSE 1000");
	for (int i = 0; i < 2; i++) {
		kit_wait(k, 9990);
		expect(k, "S:80 > M:61000 tcp A", "S:80 > C:1025 tcp A");
		expect_table(k, "tcp C:1025 M:61000 S:80 CLOSE 1000");
	}
	kit_wait(k, 10000);
	expect_table(k, "");
	expect(k, "C:1025 > S:80 tcp A", "M:61001 > S:80 tcp A");
	expect_table(k, "tcp C:1025 M:61001 S:80 ESTABLISHED 90000");
	kit_close(k);
}

static void test_V053(void **state)
{
	static const struct walk w[][2] = {
		{{"out RS", "CLOSE", 1000}, DONE},
		{{"out SF", "SYN_SENT", 12000}, DONE},
		{{"out FA", "TIME_WAIT", 12000}, DONE},
		{{"out PU", "CLOSE", 1000}, DONE},
		{{"out .", "CLOSE", 1000}, DONE},
		{{"out RSFPAU", "CLOSE", 1000}, DONE},
		{{"out A", "ESTABLISHED", 90000}, DONE}, /* V059 */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(w); i++)
		run_walk(w[i]);
}

static void test_V054(void **state)
{
	static const struct walk in[] = {OPEN, {"in .", "CLOSE", 1000}, DONE};
	static const struct walk out[] = {
		OPEN, {"out PU", "CLOSE", 1000}, DONE};

	(void)state;
	run_walk(in);
	run_walk(out);
}

static void test_V055(void **state)
{
	static const char *const after[] = {"in A", "in F", "out A", "out F",
					    "out R"};

	(void)state;
	for (size_t i = 0; i < COUNT(after); i++) {
		const struct walk w[] = {
			{"out S", "SYN_SENT", 12000},
			{after[i], "SYN_SENT", 12000},
			DONE,
		};

		run_walk(w);
	}
}

static void test_V056_V057_V058(void **state)
{
	static const struct walk refused[] = {
		{"out S", "SYN_SENT", 12000},
		{"in RA", "CLOSE", 1000},
		DONE,
	};
	static const struct walk reused[] = {
		{"out F", "TIME_WAIT", 12000},
		{"out S", "SYN_SENT", 12000},
		DONE,
	};
	static const struct walk reopened[] = {
		{"out R", "CLOSE", 1000},
		{"in S", "SYN_RECV", 6000},
		{"in R", "SYN_RECV", 6000},
		{"out S", "ESTABLISHED", 90000},
		DONE,
	};

	(void)state;
	run_walk(refused);
	run_walk(reused);
	run_walk(reopened);
}

/* ---- the whole table ------------------------------------------------- */

/* As in CORE-TCP-03: a row for each event, SYN FIN ACK RST and none. */
static const char *const input[] = {
	"SR ES ES SR SR SR SR SR SR SR", "CL CW SS TW TW TW CL CW LA LI",
	"CL ES SS SR FW TW CL CW CL LI", "CL CL CL SR CL CL CL CL LA LI",
	"CL CL CL CL CL CL CL CL CL CL",
};
static const char *const output[] = {
	"SS ES SS ES SS SS SS SS SS LI", "TW FW SS TW FW TW CL TW LA LI",
	"ES ES SS SR FW TW CL CW LA ES", "CL CL SS CL CL TW CL CL CL CL",
	"CL CL CL CL CL CL CL CL CL CL",
};

/* The states by their codes, and how long they last. */
static const struct {
	const char *mark, *name;
	uint32_t ticks;
} states[] = {
	{"NO", "NONE", 180000},    {"ES", "ESTABLISHED", 90000},
	{"SS", "SYN_SENT", 12000}, {"SR", "SYN_RECV", 6000},
	{"FW", "FIN_WAIT", 12000}, {"TW", "TIME_WAIT", 12000},
	{"CL", "CLOSE", 1000},     {"CW", "CLOSE_WAIT", 6000},
	{"LA", "LAST_ACK", 3000},  {"LI", "LISTEN", 12000},
};

static unsigned int code_of(const char *mark)
{
	unsigned int i = 0;

	while (i < COUNT(states) && strncmp(states[i].mark, mark, 2) != 0)
		i++;
	assert_true(i < COUNT(states));
	return i;
}

/* The event that a set of flags stands for: the first one counts. */
static unsigned int event_of(uint8_t flags)
{
	if ((flags & F_RST) != 0)
		return 3;
	if ((flags & F_SYN) != 0)
		return 0;
	if ((flags & F_FIN) != 0)
		return 1;
	return (flags & F_ACK) != 0 ? 2 : 4;
}

/* All 64 flags in all ten states, both ways, through whole packets. */
static void test_whole_table(void **state)
{
	struct kit *k = kit_new();
	struct kit_packet out = {.src = ADDR_C,
				 .sport = 1025,
				 .dst = ADDR_S,
				 .dport = 80,
				 .proto = 6};
	struct kit_packet in = {.src = ADDR_S,
				.sport = 80,
				.dst = ADDR_M,
				.dport = 61000,
				.proto = 6};

	(void)state;
	assert_non_null(kit_packet(k, MASQ_INSIDE, &out));
	for (unsigned int n = 0; n < 64 * 10 * 2; n++) {
		const uint8_t flags = n % 64;
		const unsigned int from = n / 64 % 10;
		const bool outbound = n < 640;
		const char *row = (outbound ? output : input)[event_of(flags)];
		const unsigned int to = code_of(row + 3 * from);
		struct masq_entry_info info;

		k->engine->table.entries[1].state = (uint8_t)from;
		out.flags = in.flags = flags;
		assert_non_null(outbound ? kit_packet(k, MASQ_INSIDE, &out)
					 : kit_packet(k, MASQ_OUTSIDE, &in));
		assert_true(kit_entry(k, 6, 61000, &info));
		assert_int_equal(info.state, to);
		assert_int_equal(info.expires, states[to].ticks);
	}
	kit_close(k);
}

static void test_state_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(states); i++)
		assert_string_equal(masq_state_name((enum masq_state)i),
				    states[i].name);
	assert_string_equal(masq_state_name(MASQ_STATE_UDP), "UDP");
	assert_string_equal(masq_state_name(MASQ_STATE_ICMP), "ICMP");
	assert_string_equal(masq_state_name(MASQ_NUM_STATES), "?");
}

/* ---- data offsets ---------------------------------------------------- */

static void test_V104(void **state)
{
	static const struct {
		const char *out, *in;
		unsigned int doff;
	} rows[] = {
		{"drop transport", "local", 0},
		{"M:61000 > S:80 tcp A", "S:80 > C:1025 tcp A", 1},
		{"M:61000 > S:80 tcp A", "S:80 > C:1025 tcp A", 2},
		{"M:61000 > S:80 tcp A", "S:80 > C:1025 tcp A", 3},
		{"M:61000 > S:80 tcp A", "S:80 > C:1025 tcp A", 4},
		{"M:61000 > S:80 tcp A", "S:80 > C:1025 tcp A", 5},
		{"drop transport", "drop transport", 6},
		{"drop transport", "drop transport", 15},
	};
	struct kit *k = kit_new();
	char out[] = "C:1025 > S:80 tcp A doff 00";
	char in[] = "S:80 > M:61000 tcp A doff 00";

	(void)state;
	expect(k, "C:1025 > S:80 tcp A", "M:61000 > S:80 tcp A");
	k->lax = true; /* the checksums are looked at below */
	for (size_t i = 0; i < COUNT(rows); i++) {
		out[sizeof(out) - 3] = (char)('0' + rows[i].doff / 10);
		out[sizeof(out) - 2] = (char)('0' + rows[i].doff % 10);
		memcpy(in + sizeof(in) - 3, out + sizeof(out) - 3, 2);
		/* strtoul() would take "04" for octal; it is the same. */
		expect(k, out, rows[i].out);
		expect(k, in, rows[i].in);
	}
	kit_close(k);
}

/* CSUM-06: the old checksum value counts as payload. */
static void test_short_offset_checksum(void **state)
{
	struct kit *k = kit_new();
	struct kit_line line;
	uint8_t segment[20];
	uint64_t sum;
	const struct kit_result *r;

	(void)state;
	k->lax = true;
	kit_parse("C:1025 > S:80 tcp A doff 4 seq 77", &line);
	r = kit_raw(k, MASQ_INSIDE, MASQ_CAST_HOST, line.data, line.len);
	assert_non_null(r);
	memcpy(segment, line.data + 20, 20);
	segment[0] = 61000 >> 8;
	segment[1] = 61000 & 255;
	sum = masq_sum((struct masq_view){segment, 20}) +
	      masq_sum_pseudo(ADDR_M, ADDR_S, 6, 20);
	assert_int_equal(masq_get16(r->segment, 16), (uint16_t)~masq_fold(sum));
	kit_close(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_V050),
		cmocka_unit_test(test_V051),
		cmocka_unit_test(test_V052),
		cmocka_unit_test(test_V053),
		cmocka_unit_test(test_V054),
		cmocka_unit_test(test_V055),
		cmocka_unit_test(test_V056_V057_V058),
		cmocka_unit_test(test_whole_table),
		cmocka_unit_test(test_state_names),
		cmocka_unit_test(test_V104),
		cmocka_unit_test(test_short_offset_checksum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
