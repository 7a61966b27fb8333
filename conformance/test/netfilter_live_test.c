/* SPDX-License-Identifier: Apache-2.0 */
/*
 * netfilter_live_test.c - the facts about the running kernel, by the probe
 *
 * What is expected was measured on Linux 6.1 and 6.18 by other means than the
 * engine: raw packets, real waiting. A kernel that does otherwise is news.
 * Exit 77: no such router can be had here; the reason is printed.
 */
#include <stdio.h>
#include <string.h>

#include "conformance/probe.h"
#include "conformance/registry.h"
#include "support.h"

#define MAX_FACTS 96u

struct expected {
	const char *id, *value;
	const char *detail; /* NULL = any: it is random, or how many */
};

static struct conf_fact facts[MAX_FACTS];
static size_t num_facts;

static void on_fact(void *ctx, const struct conf_fact *fact)
{
	(void)ctx;
	assert_true(num_facts < MAX_FACTS);
	facts[num_facts++] = *fact;
}

static const struct conf_fact *find(const char *id)
{
	for (size_t i = 0; i < num_facts; i++)
		if (strcmp(facts[i].id, id) == 0)
			return &facts[i];
	fail_msg("there is no fact %s", id);
	return NULL;
}

static void check(const char *engine, const struct expected *rows, size_t num)
{
	bool good = true;

	for (size_t i = 0; i < num; i++) {
		const struct conf_fact *fact = find(rows[i].id);

		if (strcmp(fact->value, rows[i].value) == 0 &&
		    (rows[i].detail == NULL ||
		     strcmp(fact->detail, rows[i].detail) == 0))
			continue;
		print_error("%s %s: expected \"%s\" (%s), got \"%s\" (%s)\n",
			    engine, rows[i].id, rows[i].value,
			    rows[i].detail != NULL ? rows[i].detail : "*",
			    fact->value, fact->detail);
		good = false;
	}
	assert_true(good);
}

static void probe(const char *engine)
{
	const struct conf_config config = {.settings = NULL};
	const struct conf_probe ask = {
		.engine = engine, .config = &config, .found = on_fact};
	char error[CONF_ERROR_SIZE];

	num_facts = 0;
	if (conf_probe_run(&ask, error) != CONF_OK)
		fail_msg("%s: %s", engine, error);
	assert_int_equal(num_facts, conf_probe_num());
}

#define QUOTE "quote rewritten, its checksums good"
#define CUT   "reassembled, cut again"

/* With both sets of rules. */
static const struct expected both[] = {
	/* Endpoint-independent until two mappings clash. */
	{"mapping.udp", "endpoint-independent", ""},
	{"mapping.tcp", "endpoint-independent", ""},
	{"mapping.icmp", "endpoint-independent", "identifier kept"},
	{"mapping.determinism", "no", "another name where the first is taken"},
	{"filtering.udp", "address-and-port-dependent", ""},
	{"filtering.tcp", "address-and-port-dependent", ""},
	{"ports.preservation", "yes", ""},
	{"ports.overloading", "yes", ""},
	{"ports.parity", "yes", ""},
	{"ports.contiguity", "yes", ""},
	{"ports.order", "the inside port", "the first is 5000"},
	{"timers.udp", "30 s", ""},
	/* 120 s only after 2 s of real time. */
	{"timers.udp-assured", "30 s",
	 "its clock leaves out what the kernel times by real seconds"},
	{"timers.udp-refresh-out", "yes", ""},
	{"timers.udp-refresh-in", "yes", ""},
	{"timers.tcp-syn-sent", "120 s", ""},
	{"timers.tcp-syn-recv", "60 s", ""},
	{"timers.tcp-established", "432000 s", ""},
	{"timers.tcp-close", "10 s", ""},
	{"timers.icmp", "30 s", ""},
	{"tcp.simultaneous-open", "yes", ""},
	{"tcp.rst", "passed on", "the mapping is still there"},
	{"tcp.rst-far", "dropped", "the mapping is still there"},
	{"tcp.midstream", "makes a mapping", ""}, /* tcp_loose */
	{"udp.zero-checksum", "outbound none, inbound none", ""},
	{"icmp.port-unreachable", "translated", QUOTE},
	{"icmp.host-unreachable", "translated", QUOTE},
	{"icmp.too-big", "translated", QUOTE},
	{"icmp.source-quench", "translated", QUOTE},
	{"icmp.redirect", "dropped", ""},
	{"icmp.time-exceeded", "translated", QUOTE},
	{"icmp.parameter-problem", "translated", QUOTE},
	{"icmp.bad-checksum", "dropped", ""},
	{"icmp.error-out", "translated", QUOTE},
	{"icmp.query-id", "kept", NULL},
	{"icmp.query-types", "echo, timestamp, information, mask", ""},
	{"fragments.out", CUT, "last one first: " CUT},
	{"fragments.in", CUT, "last one first: " CUT},
	{"ip.ttl", "one less, both ways", ""},
	{"ip.ttl-out", "ICMP time-exceeded/transit", ""},
	{"ip.big-df", "ICMP unreachable/too-big", "MTU 1500"},
	{"ip.big", "2 fragments", ""},
	{"ip.fields", "identification kept, TOS kept, DF kept", ""},
	{"ip.protocol", "address translated", "ESP: address translated"},
	{"helpers.ftp-port", "rewritten", "a hole is open"},
	{"helpers.ftp-pasv", "left as it is", "the data connection opens"},
	{"helpers.irc-dcc", "rewritten",
	 "a hole is open; its source is changed"},
	{"helpers.tftp", "not helped", ""},
};

static const struct expected plain[] = {
	{"hairpin.udp", "no", "answer: ICMP unreachable/port"},
	{"hairpin.tcp", "no", "answer: RST"},
	{"timers.tcp-fin-wait", "60 s", ""},
	{"timers.tcp-close-wait", "60 s", ""},
	{"timers.tcp-time-wait", "120 s", ""},
	{"tcp.unsolicited-syn", "RST", ""},
	{"tcp.unsolicited-ack", "RST", ""},
	{"tcp.bad-checksum", "outbound untranslated, inbound dropped", ""},
	{"udp.unsolicited", "ICMP unreachable/port", ""},
	{"udp.bad-checksum", "outbound untranslated, inbound dropped", ""},
	{"icmp.reply-out", "untranslated", ""},
	{"ip.ttl-in", "ICMP time-exceeded/transit",
	 "its quote shows the external address"},
};

/* What is INVALID, and what is for the router itself, is dropped. */
static const struct expected strict[] = {
	{"hairpin.udp", "no", "answer: ICMP unreachable/port"},
	{"hairpin.tcp", "no", "answer: RST"},
	{"tcp.unsolicited-syn", "nothing", ""},
	{"tcp.unsolicited-ack", "nothing", ""},
	{"tcp.bad-checksum", "outbound dropped, inbound dropped", ""},
	{"udp.unsolicited", "nothing", ""},
	{"udp.bad-checksum", "outbound dropped, inbound dropped", ""},
	{"icmp.reply-out", "dropped", ""},
};

static void test_plain(void **state)
{
	unsigned int low, high;

	(void)state;
	probe("netfilter");
	check("netfilter", both, sizeof(both) / sizeof(both[0]));
	check("netfilter", plain, sizeof(plain) / sizeof(plain[0]));
	/* Drawn from 1024 to 65535: what is seen of it comes near the ends. */
	assert_int_equal(
		sscanf(find("ports.range")->value, "%u-%u", &low, &high), 2);
	assert_in_range(low, 1024, 2048);
	assert_in_range(high, 64000, 65535);
}

static void test_strict(void **state)
{
	(void)state;
	probe("netfilter:strict");
	check("netfilter:strict", both, sizeof(both) / sizeof(both[0]));
	check("netfilter:strict", strict, sizeof(strict) / sizeof(strict[0]));
}

/* Helpers that only the address asks for. */
static void test_extras(void **state)
{
	static const struct expected rows[] = {
		{"helpers.tftp", "answers get in", NULL}};

	(void)state;
	probe("netfilter:tftp,sip");
	check("netfilter:tftp,sip", rows, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_extras),
	};
	const struct conf_config config = {.settings = NULL};
	char error[CONF_ERROR_SIZE];
	struct conf_engine engine;
	enum conf_status status;

	status = conf_engine_open(&engine, "netfilter", &config, error);
	if (status == CONF_ERR_UNAVAILABLE) {
		printf("SKIP: %s\n", error);
		return 77;
	}
	if (status == CONF_OK)
		conf_engine_close(&engine);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
