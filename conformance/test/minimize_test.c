/* SPDX-License-Identifier: Apache-2.0 */
/* minimize_test.c - delta debugging, names, and all of it on small traces */
#include <string.h>

#include "masq/wire.h"
#include "minimize/hole.h"
#include "support.h"

/* ---- ddmin --------------------------------------------------------------- */

struct needed {
	size_t items[8];
	size_t num;
	unsigned int tests;
};

static bool has_all(void *ctx, const size_t *items, size_t num)
{
	struct needed *n = ctx;
	size_t found = 0;

	n->tests++;
	for (size_t i = 0; i < num; i++) {
		if (i > 0)
			assert_true(items[i] > items[i - 1]);
		for (size_t k = 0; k < n->num; k++)
			found += items[i] == n->items[k];
	}
	return found == n->num;
}

static size_t run_ddmin(struct needed *n, size_t *items, size_t num)
{
	n->tests = 0;
	for (size_t i = 0; i < num; i++)
		items[i] = i;
	return conf_ddmin(items, num, has_all, n);
}

static void test_ddmin(void **state)
{
	struct needed needs[] = {
		{.items = {0}, .num = 1},
		{.items = {2999}, .num = 1},
		{.items = {0, 1500, 2999}, .num = 3},
		{.items = {7, 8, 9, 10, 1001, 1003, 1005, 2000}, .num = 8},
	};
	size_t items[3000];

	(void)state;
	for (size_t k = 0; k < sizeof(needs) / sizeof(needs[0]); k++) {
		size_t num = run_ddmin(&needs[k], items, 3000);

		assert_int_equal(num, needs[k].num);
		assert_memory_equal(items, needs[k].items,
				    num * sizeof(*items));
		/* Far from one test for each item. */
		assert_true(needs[k].tests < 400);
	}
}

static bool never(void *ctx, const size_t *items, size_t num)
{
	(void)ctx, (void)items, (void)num;
	return false;
}

static void test_ddmin_ends(void **state)
{
	struct needed none = {.num = 0};
	size_t items[5] = {0, 1, 2, 3, 4};

	(void)state;
	assert_int_equal(conf_ddmin(items, 5, never, NULL), 5);
	assert_int_equal(items[4], 4);
	assert_int_equal(run_ddmin(&none, items, 5), 0);
	assert_int_equal(run_ddmin(&none, items, 0), 0);
}

/* Two of three are enough: what is left cannot lose one more. */
static bool two_of_three(void *ctx, const size_t *items, size_t num)
{
	size_t found = 0;

	(void)ctx;
	for (size_t i = 0; i < num; i++)
		found += items[i] == 3 || items[i] == 40 || items[i] == 90;
	return found >= 2;
}

static void test_ddmin_choice(void **state)
{
	size_t items[100];

	(void)state;
	for (size_t i = 0; i < 100; i++)
		items[i] = i;
	assert_int_equal(conf_ddmin(items, 100, two_of_three, NULL), 2);
}

/* ---- Endpoints ----------------------------------------------------------- */

static bool is_good(const struct packet *p)
{
	struct packet other = *p;

	fix_all(&other);
	return memcmp(other.data, p->data, p->len) == 0;
}

static void test_destination(void **state)
{
	struct packet p = make_udp(PEER, 53, OUTSIDE_ADDR, 61000, "odd");
	struct packet t = make_tcp(PEER, 80, OUTSIDE_ADDR, 61000, 0x12, "x");
	struct packet e = make_icmp(PEER, OUTSIDE_ADDR, 0, 0, 61000u << 16,
				    "pong", 4);
	struct min_endpoint from, to;

	(void)state;
	min_set_destination(p.data, p.len, OUTSIDE_ADDR, 61007);
	min_set_destination(t.data, t.len, OUTSIDE_ADDR + 1, 1);
	min_set_destination(e.data, e.len, OUTSIDE_ADDR, 61001);
	assert_true(is_good(&p) && is_good(&t) && is_good(&e));
	assert_true(min_ends(p.data, p.len, &from, &to));
	assert_int_equal(to.port, 61007);
	assert_int_equal(from.port, 53);
	assert_true(min_ends(t.data, t.len, &from, &to));
	assert_int_equal(to.addr, OUTSIDE_ADDR + 1);
	assert_true(min_ends(e.data, e.len, &from, &to));
	assert_int_equal(to.port, 61001);
	/* A bad checksum stays bad, none stays none. */
	put16(&p, 26, 0);
	min_set_destination(p.data, p.len, OUTSIDE_ADDR, 9);
	assert_int_equal(p.data[26] | p.data[27], 0);
	put16(&t, 36, 0x1234);
	min_set_destination(t.data, t.len, OUTSIDE_ADDR, 9);
	assert_false(is_good(&t));
}

static void test_quote(void **state)
{
	struct packet q = make_udp(OUTSIDE_ADDR, 61000, PEER, 53, "question");
	struct packet p = make_icmp(PEER, OUTSIDE_ADDR, 3, 3, 0, q.data, q.len);
	struct min_endpoint from;
	struct packet quoted = {.len = q.len};

	(void)state;
	min_set_quoted(p.data, p.len, OUTSIDE_ADDR, 61005);
	assert_true(is_good(&p));
	assert_true(min_quoted_source(p.data, p.len, &from));
	assert_int_equal(from.port, 61005);
	memcpy(quoted.data, p.data + 28, q.len);
	assert_true(is_good(&quoted));
	min_rename(p.data, p.len, 53, 5000);
	assert_true(is_good(&p));
	memcpy(quoted.data, p.data + 28, q.len);
	assert_true(is_good(&quoted));
	/* Cut short: nothing is touched that is not there. */
	for (uint32_t len = 0; len < p.len; len++) {
		min_set_quoted(p.data, len, 1, 2);
		min_set_destination(p.data, len, 3, 4);
		min_rename(p.data, len, 4, 5);
	}
}

static struct masq_view text(const char *s)
{
	return (struct masq_view){.data = (const uint8_t *)s,
				  .len = (uint32_t)strlen(s)};
}

static void test_holes(void **state)
{
	struct min_hole hole;
	uint16_t port = 0;

	(void)state;
	assert_true(min_hole_find(&hole, text("PORT 192,168,1,10,4,5\r\n"),
				  text("PORT 203,0,113,1,238,73\r\n"), 61001));
	assert_true(min_hole_read(&hole, text("PORT 203,0,113,1,238,72\r\n"),
				  &port));
	assert_int_equal(port, 61000);
	assert_false(min_hole_read(&hole, text("PORT 203,0,113\r\n"), &port));
	assert_true(min_hole_find(&hole, text("DCC CHAT chat 1 5000"),
				  text("DCC CHAT chat 3405803777 61002"),
				  61002));
	assert_true(min_hole_read(&hole, text("DCC CHAT chat 3405803777 61009"),
				  &port));
	assert_int_equal(port, 61009);
	assert_true(min_hole_find(&hole, text("..ab"), text("..AB"), 0x4142));
	assert_true(min_hole_read(&hole, text("..xy"), &port));
	assert_int_equal(port, 0x7879);
	assert_false(min_hole_find(&hole, text("a"), text("b"), 61002));
}

/* ---- All of it ----------------------------------------------------------- */

static void add(struct conf_trace *t, struct packet p, enum conf_side side)
{
	struct conf_stimulus s = {
		.number = t->num,
		.side = side,
		.now = UINT64_C(1000000123) * (t->num + 1),
		.data = p.data,
		.len = p.len,
	};

	assert_true(conf_trace_add(t, &s));
	t->end = s.now;
}

static volatile sig_atomic_t interrupted;
static unsigned int timeout = 20000; /* ms */

static enum conf_status minimise(const char *engine, const char *against,
				 const struct conf_trace *trace,
				 struct conf_minimized *out)
{
	static const struct conf_setting settings[] = {
		{"timeout.udp", "200", 0},
		{"mtu.inside", "1400", 0},
	};
	const struct conf_config config = {.settings = settings,
					   .num_settings = 2};
	const struct conf_minimize m = {
		.oracle = &conf_oracle_exact,
		.engine = engine,
		.against = against,
		.invariants = against == NULL,
		.config = &config,
		.timeout = timeout,
		.interrupted = &interrupted,
	};
	char error[CONF_ERROR_SIZE];
	enum conf_status status = conf_minimize(&m, trace, out, error);

	if (status != CONF_OK)
		assert_true(error[0] != '\0');
	return status;
}

/* Many flows; the answer that shows the fault is to one in the middle. */
static void make_flows(struct conf_trace *t)
{
	*t = (struct conf_trace){.num = 0};
	for (uint16_t i = 0; i < 40; i++)
		add(t,
		    make_udp(INSIDE_HOST, (uint16_t)(2000 + i), PEER, 53,
			     "query"),
		    CONF_INSIDE);
	add(t, make_udp(PEER, 53, OUTSIDE_ADDR, 61020, "answer"), CONF_OUTSIDE);
	for (uint16_t i = 0; i < 40; i++)
		add(t, make_tcp(INSIDE_HOST, 2100, PEER, 80, 0x10, "data"),
		    CONF_INSIDE);
}

static void test_aimed(void **state)
{
	struct conf_minimized out;
	struct min_endpoint from, to;
	struct conf_trace trace;

	(void)state;
	make_flows(&trace);
	assert_int_equal(
		minimise("sabotage:reply-port-stale", "ref", &trace, &out),
		CONF_OK);
	assert_string_equal(out.finding.class, "udp.destination of inside udp");
	assert_int_equal(out.trace.num, 2);
	assert_int_equal(out.finding.at, 1);
	assert_int_equal(out.num_settings, 0);
	/* Query, its result, answer (now to the first port), its result. */
	assert_int_equal(out.played.num, 4);
	assert_true(out.played.items[1].is_result);
	assert_true(min_ends(out.played.items[2].data, out.played.items[2].len,
			     &from, &to));
	assert_int_equal(to.port, 61000);
	/* Simple: no payload, no time between. */
	assert_int_equal(out.trace.items[0].len, 28);
	assert_int_equal(out.trace.items[0].now, out.trace.items[1].now);
	conf_minimized_cleanup(&out);
	conf_trace_cleanup(&trace);
}

/* Through an error's quote, and by time: the gap must stay. */
static void test_quote_and_time(void **state)
{
	struct packet q = make_udp(OUTSIDE_ADDR, 61030, PEER, 53, "query");
	struct conf_minimized out;
	struct conf_trace trace;

	(void)state;
	make_flows(&trace);
	add(&trace, make_icmp(PEER, OUTSIDE_ADDR, 3, 3, 0, q.data, q.len),
	    CONF_OUTSIDE);
	assert_int_equal(minimise("sabotage:errors-lost", "ref", &trace, &out),
			 CONF_OK);
	assert_string_equal(out.finding.class,
			    "missing inside icmp unreachable");
	assert_int_equal(out.trace.num, 2);
	conf_minimized_cleanup(&out);
	trace.items[trace.num - 1].now += UINT64_C(100) * 1000000000;
	assert_int_equal(minimise("sabotage:clock-fast", "ref", &trace, &out),
			 CONF_OK);
	assert_true(out.trace.num <= 3);
	assert_true(out.trace.items[out.trace.num - 1].now >
		    out.trace.items[0].now);
	conf_minimized_cleanup(&out);
	conf_trace_cleanup(&trace);
}

static void test_kinds(void **state)
{
	static const struct {
		const char *engine, *class;
	} rows[] = {
		{"sabotage:crash", "crash"},
		{"sabotage:gives-up", "failure in packet of sabotage:gives-up"},
		{"sabotage:ttl-kept", "INV-"},
	};
	struct conf_minimized out;
	struct conf_trace trace;

	(void)state;
	make_flows(&trace);
	add(&trace, make_tcp(INSIDE_HOST, 2100, PEER, 80, 0, "x"), CONF_INSIDE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		interrupted = 0;
		assert_int_equal(minimise(rows[i].engine, NULL, &trace, &out),
				 CONF_OK);
		if (strncmp(out.finding.class, rows[i].class,
			    strlen(rows[i].class)) != 0)
			fail_msg("%s: %s", rows[i].engine, out.finding.class);
		assert_int_equal(out.trace.num, 1);
		conf_minimized_cleanup(&out);
	}
	conf_trace_cleanup(&trace);
}

static void test_hang(void **state)
{
	struct conf_minimized out;
	struct conf_trace trace = {.num = 0};

	(void)state;
	add(&trace, make_tcp(INSIDE_HOST, 2100, PEER, 80, 0, "x"), CONF_INSIDE);
	timeout = 300;
	assert_int_equal(minimise("sabotage:hang", NULL, &trace, &out),
			 CONF_OK);
	assert_string_equal(out.finding.class,
			    "hang in packet of sabotage:hang");
	assert_int_equal(out.trace.items[0].len, 40);
	conf_minimized_cleanup(&out);
	conf_trace_cleanup(&trace);
}

static void test_nothing(void **state)
{
	struct conf_minimized out;
	struct conf_trace trace, none = {.num = 0};

	(void)state;
	make_flows(&trace);
	assert_int_equal(minimise("ref", "ref", &trace, &out), CONF_OK);
	assert_string_equal(out.finding.class, "");
	conf_minimized_cleanup(&out);
	assert_int_equal(minimise("sabotage:crash", NULL, &none, &out),
			 CONF_OK);
	assert_string_equal(out.finding.class, "");
	conf_minimized_cleanup(&out);
	assert_int_equal(minimise("ref:none", NULL, &trace, &out),
			 CONF_ERR_CONFIG);
	conf_minimized_cleanup(&out);
	/* Interrupted before anything is known. */
	interrupted = 1;
	assert_int_equal(minimise("sabotage:ttl-kept", "ref", &trace, &out),
			 CONF_OK);
	assert_true(out.interrupted);
	conf_minimized_cleanup(&out);
	interrupted = 0;
	conf_trace_cleanup(&trace);
}

static int reset(void **state)
{
	(void)state;
	interrupted = 0;
	timeout = 20000;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ddmin),
		cmocka_unit_test(test_ddmin_ends),
		cmocka_unit_test(test_ddmin_choice),
		cmocka_unit_test(test_destination),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_holes),
		cmocka_unit_test_setup(test_aimed, reset),
		cmocka_unit_test_setup(test_quote_and_time, reset),
		cmocka_unit_test_setup(test_kinds, reset),
		cmocka_unit_test_setup(test_hang, reset),
		cmocka_unit_test_setup(test_nothing, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
