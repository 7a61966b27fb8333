/* SPDX-License-Identifier: Apache-2.0 */
/* play_test.c - packets, endpoints, variables, patterns, baselines */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "run/play.h"
#include "conformance/suite.h"
#include "contract.h"

#define HEAD                                                                   \
	"title t\nclause GEN-01\nhost A inside 192.168.1.10\n"                 \
	"host S outside 198.51.100.7\n"

/* Plays a text against the reference. */
static struct conf_outcome play(const char *text)
{
	struct conf_engine engine = contract_open("ref", &conf_none);
	const struct conf_player player = {.engine = &engine};
	char error[CONF_ERROR_SIZE];
	struct conf_outcome out;
	struct conf_case *c;

	if (conf_case_parse(text, strlen(text), "x.case", NULL, 0, &c, error) !=
	    CONF_OK)
		fail_msg("%s", error);
	conf_play(&player, c, &out);
	conf_case_free(c);
	conf_engine_close(&engine);
	return out;
}

static void expect(const char *text, enum rep_verdict verdict, const char *why)
{
	struct conf_outcome out = play(text);

	if (out.verdict != verdict || strstr(out.reason, why) == NULL)
		fail_msg("%s\n%s \"%s\", expected %s \"%s\"", text,
			 rep_verdict_name(out.verdict), out.reason,
			 rep_verdict_name(verdict), why);
}

#define UDP                                                                    \
	"0 inside sends udp A:5000 > S:53 \"q\"\n"                             \
	" outside gets udp NAT:$p > S:53\n"

static void evaluates(void **state)
{
	(void)state;
	expect(HEAD UDP "check 2 + 3 * 4 == 14\ncheck (2 + 3) * 4 == 20\n"
			"check 7 % 4 == 3\ncheck 0x10 - 1 == 15\n"
			"check $p not in 1-1023\ncheck 5 % 0 == 0\n",
	       REP_PASS, "");
	expect(HEAD UDP "check $q == 1\n", REP_ERROR, "$q is not bound");
	expect(HEAD UDP "check $q[7] == 1\n", REP_ERROR, "$q[7] is not bound");
	expect(HEAD UDP "check $p == 1\n", REP_FAIL, "61000 and 1");
	expect(HEAD UDP "forget $p\ncheck $p == 1\n", REP_ERROR, "not bound");
}

static void holds_variables(void **state)
{
	static const char again[] = "+1 inside sends udp A:5001 > S:53\n"
				    " outside gets udp NAT:$p > S:53\n";
	static const char two[] = "+1 inside sends udp A:5000 > S:53\n"
				  " outside gets udp NAT:$q > S:53\n";
	char text[1024];

	(void)state;
	snprintf(text, sizeof(text), "%s%s%s", HEAD, UDP, again);
	expect(text, REP_FAIL, "udp.source differs");
	snprintf(text, sizeof(text), "%s%s%s", HEAD, UDP, two);
	expect(text, REP_FAIL, "$q and $p hold the same endpoint");
	snprintf(text, sizeof(text), "%s$p may equal $q\n%s%s", HEAD, UDP, two);
	expect(text, REP_PASS, "");
}

static void repeats(void **state)
{
	(void)state;
	expect(HEAD "repeat 3 i {\nrepeat 2 k {\n"
		    "+1 inside sends udp A:2000 + $i * 2 + $k > S:53\n"
		    " outside gets udp NAT:$p[$i * 2 + $k] > S:53\n}\n}\n"
		    "check $p[5] == 61005\n",
	       REP_PASS, "");
	expect(HEAD UDP "repeat 0 i {\ncheck 1 == 2\n}\n", REP_PASS, "");
	expect(HEAD UDP "repeat 9999999 i {\n}\n", REP_ERROR, "rounds");
	expect(HEAD UDP "at 1\nat 0.5\n", REP_ERROR, "time cannot go back");
}

static void proves_something(void **state)
{
	(void)state;
	expect(HEAD "0 outside sends udp S:53 > NAT:61000\n", REP_ERROR,
	       "nothing was proved");
	expect(HEAD "0 inside sends udp A:1 > S:2 ttl 999\n", REP_ERROR,
	       "999 does not fit");
	expect(HEAD "0 inside sends udp A:70000 > S:2\n", REP_ERROR,
	       "out of range");
	expect(HEAD "0 inside sends udp A:1 > S:2 fill 9999999\n", REP_ERROR,
	       "too long");
}

/* An edit makes the two ends count differently from there on. */
static void shifts_sequences(void **state)
{
	struct run_conns conns = {.num = 0};
	size_t i = run_conn_add(&conns, CASE_NO_NAME);
	struct run_conn *conn = &conns.items[i];
	struct run_segment s = {.conn = i, .seq = 100, .len = 10, .flags = 16};
	struct run_pkt pkt = {.seq = 100, .payload_len = 13, .flags = 16};
	struct run_pkt out = {
		.tcpopt = {1, 1, 5, 10, 0, 0, 0, 113, 0, 0, 0, 123},
		.tcpopt_len = 12};

	(void)state;
	run_conn_sent(conn, &s);
	assert_true(run_conn_received(conn, &s, CONF_OUTSIDE, &pkt));
	assert_int_equal(conn->end[0].snd_nxt, 110);
	assert_int_equal(conn->end[1].rcv_nxt, 113);
	/* Sent again: the same place; the edit counts once. */
	assert_true(run_conn_received(conn, &s, CONF_OUTSIDE, &pkt));
	run_conn_through(conn, &s, &out);
	assert_int_equal(out.seq, 100);
	s.seq = 110;
	run_conn_through(conn, &s, &out);
	assert_int_equal(out.seq, 113);
	/* The answer acknowledges what it has seen. */
	s = (struct run_segment){
		.conn = i, .from = 1, .seq = 500, .ack = 113, .flags = 16};
	run_conn_through(conn, &s, &out);
	assert_int_equal(out.seq, 500);
	assert_int_equal(out.ack, 110);
	assert_int_equal(out.tcpopt[7], 110);
	assert_int_equal(out.tcpopt[11], 120);
	s.ack = 100;
	run_conn_through(conn, &s, &out);
	assert_int_equal(out.ack, 100);
	run_conns_cleanup(&conns);
}

/* What is built and taken apart again is the same. */
static void builds_what_it_takes_apart(void **state)
{
	static const struct masq_view none = {.data = NULL, .len = 0};
	struct packet p[3] = {
		make_udp(INSIDE_HOST, 1, PEER, 2, "payload"),
		make_tcp(INSIDE_HOST, 1, PEER, 2, 0x18, "text"),
		make_icmp(INSIDE_HOST, PEER, 8, 0, 0x00010002, "abc", 3),
	};
	uint8_t octets[2048];

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		struct masq_buf out = {.data = octets, .cap = sizeof(octets)};
		char words[512];
		struct run_pkt pkt;

		assert_true(run_pkt_decode(&pkt, p[i].data, p[i].len));
		assert_true(run_pkt_build(&pkt, none, &out));
		assert_int_equal(out.len, p[i].len);
		assert_memory_equal(out.data, p[i].data, out.len);
		assert_true(conf_case_words(NULL, p[i].data, p[i].len, true,
					    words, sizeof(words)));
		for (uint32_t n = 0; n < p[i].len; n++)
			assert_false(run_pkt_decode(&pkt, p[i].data, n));
		assert_false(conf_case_words(NULL, p[i].data, p[i].len, true,
					     words, 20));
	}
}

static void matches_patterns(void **state)
{
	(void)state;
	assert_true(conf_glob("a/b", "a/b"));
	assert_true(conf_glob("a/b", "a/b/c"));
	assert_true(conf_glob("a/", "a/b"));
	assert_false(conf_glob("a/b", "a/bc"));
	assert_true(conf_glob("*port*", "linux22/ftp-port/x"));
	assert_true(conf_glob("a/*/c", "a/b/b/c"));
	assert_true(conf_glob("a/?", "a/b/c"));
	assert_false(conf_glob("", "a"));
	assert_true(conf_glob("*", "a"));
	assert_false(conf_glob("a*b*a*b*a*b*c", "abababababababababababab"));
}

/* Each id is in exactly one shard, whatever else there is. */
static void shards_by_id(void **state)
{
	unsigned int count[4] = {0};
	char id[32];

	(void)state;
	for (unsigned int i = 0; i < 4000; i++) {
		snprintf(id, sizeof(id), "suite/case-%u", i);
		count[conf_id_hash(id) % 4]++;
	}
	for (unsigned int i = 0; i < 4; i++)
		assert_in_range(count[i], 850, 1150);
	assert_int_equal(conf_id_hash("a"), conf_id_hash("a"));
}

static void read_baseline(const char *text, enum conf_status status,
			  const char *why, struct conf_baseline *out)
{
	char path[] = "/tmp/baseline-XXXXXX", error[CONF_ERROR_SIZE] = "";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	assert_int_equal(conf_baseline_read(out, path, error), status);
	assert_non_null(strstr(error, why));
	unlink(path);
}

static void reads_baselines(void **state)
{
	struct conf_baseline b;

	(void)state;
	read_baseline("# why\n\na/*  because of this\n b/c\tand that \r\n",
		      CONF_OK, "", &b);
	assert_int_equal(b.num, 2);
	assert_string_equal(b.items[0].glob, "a/*");
	assert_string_equal(b.items[0].reason, "because of this");
	assert_string_equal(b.items[1].reason, "and that");
	assert_int_equal(b.items[1].line, 4);
	assert_non_null(conf_baseline_match(&b, "a/x"));
	assert_null(conf_baseline_match(&b, "d"));
	assert_int_equal(b.items[0].num_matched, 1);
	conf_baseline_cleanup(&b);
	read_baseline("a/b\n", CONF_ERR_CONFIG,
		      ":1:4: read the end of the "
		      "line, expected a reason",
		      &b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evaluates),
		cmocka_unit_test(holds_variables),
		cmocka_unit_test(repeats),
		cmocka_unit_test(proves_something),
		cmocka_unit_test(shifts_sequences),
		cmocka_unit_test(builds_what_it_takes_apart),
		cmocka_unit_test(matches_patterns),
		cmocka_unit_test(shards_by_id),
		cmocka_unit_test(reads_baselines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
