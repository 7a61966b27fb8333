/* SPDX-License-Identifier: Apache-2.0 */
/* sample.c - a run in which everything happens, and the one before it */
#include "sample.h"

const struct rep_run sample_run = {
	.engine = "./libmynat.so",
	.version = "0.1.0",
	.command = "masqcheck run --engine ./libmynat.so --shard 1/2",
	.seed = UINT64_MAX,
	.shard = "1/2",
	.started = "2024-02-29T12:00:00Z",
};

const struct rep_run sample_old_run = {.engine = "ref"};

static const char *const clauses[] = {"RFC4787-REQ-1", "RFC4787-REQ-2"};
static const char *const req9[] = {"RFC4787-REQ-9"};
static const char *const invariants[] = {
	"INV-02: the TTL falls by one",
	"INV-09: no inside address leaves",
};
static const char *const captures[] = {
	"evidence/udp-two-servers.expected.pcap",
	"evidence/udp-two-servers.actual.pcap",
};
static const struct rep_field fields[] = {
	{"udp.source", "61000", "61001"},
	{"udp.checksum", "0x1234 (good)", "0x1233 (good)"},
	{"payload", "\"a|b`c\"", "\"\x1b[2J\n\""},
};

const struct rep_case sample_cases[] = {
	{.id = "rfc4787/req-01/udp-two-servers",
	 .title = "An inside endpoint keeps its outside endpoint",
	 .file = "cases/rfc4787/req-01/udp-two-servers.case",
	 .line = 12,
	 .verdict = REP_FAIL,
	 .clauses = clauses,
	 .num_clauses = 2,
	 .level = "MUST",
	 .sentence = "A NAT MUST have an \"Endpoint-Independent Mapping\" "
		     "behavior.",
	 .what = "outside gets   udp NAT:$p > T:53 \"query\"",
	 .expected = "udp 203.0.113.1:61000 > T:53 \"query\"",
	 .actual = "udp 203.0.113.1:61001 > T:53 \"query\"\n"
		   "udp 203.0.113.1:61002 > T:53 \"query\"\n",
	 .fields = fields,
	 .num_fields = 3,
	 .invariants = invariants,
	 .num_invariants = 2,
	 .captures = captures,
	 .num_captures = 2,
	 .repeat = "masqcheck run --engine ./libmynat.so --seed 7 "
		   "rfc4787/req-01/udp-two-servers",
	 .duration = 1234567},
	{.id = "rfc4787/req-09/hairpin",
	 .title = "Hairpinning | `two` inside <hosts> & more",
	 .verdict = REP_XPASS,
	 .clauses = req9,
	 .num_clauses = 1,
	 .level = "MUST",
	 .reason = "listed in mynat.expect:3 as a known failure",
	 .duration = 1000},
	{.id = "rfc4787/req-09/source # and \\ 100%",
	 .title = "A name that TAP could take for a directive",
	 .verdict = REP_XFAIL,
	 .reason = "no hairpinning # yet"},
	{.id = "rfc4787-extra/pass", .verdict = REP_PASS, .duration = 20000},
	{.id = "linux22/ftp/port-grows",
	 .title = "A longer PORT shifts the stream",
	 .verdict = REP_UNIMPLEMENTED,
	 .reason = "the engine has no helper ftp"},
	{.id = "linux22/irc/dcc", .verdict = REP_SKIP, .reason = "slow"},
	{.id = "attack/bell\a/\xff\xe2\x80\xae",
	 .title = "Octets \x01 from \xc3\x28 anywhere ```` ]]> &amp;",
	 .file = "cases/attack/bell.case",
	 .verdict = REP_ERROR,
	 .reason = "engine died\nwith signal 11"},
	{.id = "attack",
	 .title = "An id of one component",
	 .verdict = REP_PASS},
};
const size_t sample_num_cases = sizeof(sample_cases) / sizeof(sample_cases[0]);

const struct rep_case sample_old_cases[] = {
	{.id = "rfc4787/req-01/udp-two-servers", .verdict = REP_PASS},
	{.id = "rfc4787/req-09/hairpin", .verdict = REP_XFAIL},
	{.id = "rfc4787/req-09/source # and \\ 100%", .verdict = REP_FAIL},
	{.id = "rfc4787-extra/pass", .verdict = REP_FAIL},
	{.id = "linux22/ftp/port-grows", .verdict = REP_UNIMPLEMENTED},
	{.id = "linux22/irc/dcc", .verdict = REP_PASS},
	{.id = "linux22/irc/gone|`gone`", .verdict = REP_FAIL},
};
const size_t sample_num_old_cases = sizeof(sample_old_cases) /
				    sizeof(sample_old_cases[0]);
