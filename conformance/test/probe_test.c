/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe_test.c - the facts about engines whose facts are known
 *
 * What is expected of the reference comes from the specification of Linux
 * 2.2, not from the engine; each row cites the rule. A sabotage engine must
 * change the fact that its fault is about.
 */
#include <stdio.h>
#include <string.h>

#include "conformance/probe.h"
#include "conformance/sabotage.h"
#include "support.h"

#define MAX_FACTS 96u

struct expected {
	const char *id, *value, *detail; /* detail: NULL = any */
	const char *rule;
};

static struct conf_fact facts[MAX_FACTS];
static size_t num_facts;

static void on_fact(void *ctx, const struct conf_fact *fact)
{
	(void)ctx;
	assert_true(num_facts < MAX_FACTS);
	assert_true(fact->title[0] != '\0' && fact->clause[0] != '\0');
	facts[num_facts++] = *fact; /* its packets are gone later */
}

static enum conf_status probe(const char *engine, const char *pattern,
			      const struct conf_setting *settings, size_t num,
			      char error[CONF_ERROR_SIZE])
{
	const struct conf_config config = {.settings = settings,
					   .num_settings = num};
	const struct conf_probe ask = {
		.engine = engine,
		.config = &config,
		.pattern = pattern,
		.found = on_fact,
	};

	num_facts = 0;
	return conf_probe_run(&ask, error);
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
	char error[CONF_ERROR_SIZE];
	bool good = true;

	if (probe(engine, NULL, NULL, 0, error) != CONF_OK)
		fail_msg("%s: %s", engine, error);
	assert_int_equal(num_facts, conf_probe_num());
	for (size_t i = 0; i < num; i++) {
		const struct conf_fact *fact = find(rows[i].id);

		if (strcmp(fact->value, rows[i].value) == 0 &&
		    (rows[i].detail == NULL ||
		     strcmp(fact->detail, rows[i].detail) == 0))
			continue;
		print_error("%s %s (%s): expected \"%s\" (%s), got \"%s\" "
			    "(%s)\n",
			    engine, rows[i].id, rows[i].rule, rows[i].value,
			    rows[i].detail != NULL ? rows[i].detail : "*",
			    fact->value, fact->detail);
		good = false;
	}
	assert_true(good);
}

#define APD "address-and-port-dependent"

/* Facts of both profiles. */
static const struct expected linux22[] = {
	{"mapping.tcp", APD, "", "CORE-ENT-03"},
	{"mapping.icmp", "address-dependent", "identifier replaced",
	 "CORE-ICQ-05"},
	{"mapping.determinism", "yes", "", "CORE-PORT-01"},
	{"filtering.tcp", APD, "", "CORE-LKP-01"},
	{"ports.preservation", "no", NULL, "CORE-PORT-01"},
	{"ports.overloading", "when the ports run out", "", "CORE-PORT-04"},
	{"ports.parity", "no", NULL, "CORE-PORT-01"},
	{"ports.contiguity", "no", NULL, "CORE-PORT-01"},
	{"ports.order", "sequential", "the first is 61000", "CORE-PORT-01"},
	{"ports.range", "61000-65095",
	 "4096 ports towards one peer, then packets are lost",
	 "CORE-PORT-01, CORE-PORT-06"},
	{"hairpin.tcp", "no", NULL, "CORE-LKP-01"},
	{"timers.udp", "300 s", "", "CORE-UDP-01"},
	{"timers.udp-assured", "300 s", "", "CORE-UDP-01"},
	{"timers.udp-refresh-out", "yes", "", "CORE-TMR-03"},
	{"timers.udp-refresh-in", "yes", "", "CORE-TMR-03"},
	{"timers.tcp-syn-sent", "120 s", "", "CORE-TCP-02"},
	{"timers.tcp-syn-recv", "900 s", "", "CORE-TCP-03"},
	{"timers.tcp-established", "900 s", "", "CORE-TCP-02"},
	{"timers.tcp-fin-wait", "120 s", "", "CORE-TCP-02"},
	{"timers.tcp-close-wait", "60 s", "", "CORE-TCP-05"},
	{"timers.tcp-time-wait", "120 s", "", "CORE-TCP-02"},
	{"timers.tcp-close", "10 s", "", "CORE-TCP-04"},
	{"timers.icmp", "60 s", "", "CORE-ICQ-03"},
	{"tcp.simultaneous-open", "yes", "", "CORE-TCP-03"},
	{"tcp.rst", "passed on", "the mapping is still there", "CORE-TCP-04"},
	{"tcp.rst-far", "passed on", "the mapping is still there",
	 "CORE-TCP-01"},
	{"tcp.midstream", "makes a mapping", "", "CORE-TCP-05"},
	{"tcp.bad-checksum", "outbound dropped, inbound dropped", "",
	 "CORE-CSUM-02"},
	{"udp.bad-checksum", "outbound dropped, inbound dropped", "",
	 "CORE-CSUM-02"},
	{"icmp.redirect", "dropped", NULL, "CORE-ICE"},
	{"icmp.parameter-problem", "dropped", NULL, "CORE-ICE"},
	{"icmp.bad-checksum", "dropped", NULL, "CORE-ICE-02"},
	{"icmp.query-id", "replaced", NULL, "CORE-PORT-10"},
	{"icmp.query-types", "echo, timestamp, information, mask", "",
	 "CORE-ICQ-01"},
	{"fragments.out", "reassembled", "last one first: reassembled",
	 "CORE-FRAG-03"},
	{"fragments.in", "reassembled", "last one first: reassembled",
	 "CORE-FRAG-03"},
	{"ip.ttl", "one less, both ways", "", "CORE-INB-08"},
	{"ip.ttl-out", "ICMP time-exceeded/transit", "", "CORE-RICMP-06"},
	{"ip.big-df", "ICMP unreachable/too-big", "MTU 1500", "CORE-RICMP-06"},
	{"ip.big", "2 fragments", "", "CORE-FRAG-10"},
	{"ip.fields", "identification kept, TOS kept, DF kept", "",
	 "CORE-PATH"},
	{"ip.protocol", "dropped", "ESP: dropped", "CORE-OTH-01"},
	{"helpers.ftp-port", "rewritten", "a hole is open", "helpers, FTP"},
	{"helpers.ftp-pasv", "left as it is", "the data connection opens",
	 "helpers, FTP"},
	{"helpers.irc-dcc", "rewritten", "a hole is open", "helpers, IRC"},
	{"helpers.tftp", "not helped", "", "helpers"},
};

static const struct expected quirks[] = {
	{"mapping.udp", "port-dependent", APD " once a peer has answered",
	 "CORE-UDP-03"},
	{"filtering.udp", "port-dependent", APD " once a peer has answered",
	 "CORE-UDP-03"},
	{"hairpin.udp", "no", "internal source from the port of a peer",
	 "CORE-SUR-B22"},
	{"udp.zero-checksum", "outbound good, inbound good", "",
	 "CORE-CSUM-04"},
	{"icmp.port-unreachable", "translated",
	 "quote rewritten, its checksums not all right", "CORE-ICE-30"},
	{"icmp.time-exceeded", "translated",
	 "quote rewritten, its checksums not all right", "CORE-ICE-30"},
	{"icmp.error-out", "translated",
	 "quote rewritten, its checksums not all right", "CORE-ICE-30"},
	{"icmp.reply-out", "untranslated", "", "CORE-ICQ-06"},
	{"ip.ttl-in", "ICMP time-exceeded/transit",
	 "its quote shows the inside address", "CORE-RICMP-06"},
};

static const struct expected fixed[] = {
	{"mapping.udp", APD, "", "CORE-SUR-B05"},
	{"filtering.udp", APD, "", "CORE-SUR-B05"},
	{"hairpin.udp", "no", NULL, "CORE-SUR-B22"},
	{"udp.zero-checksum", "outbound none, inbound none", "",
	 "CORE-SUR-A01"},
	{"icmp.port-unreachable", "translated",
	 "quote rewritten, its checksums good", "CORE-SUR-A04"},
	{"icmp.too-big", "translated", "quote rewritten, its checksums good",
	 "CORE-SUR-A04"},
	{"icmp.error-out", "translated", "quote rewritten, its checksums good",
	 "CORE-SUR-A04"},
	{"icmp.reply-out", "dropped", "", "CORE-SUR-B03"},
	{"ip.ttl-in", "ICMP time-exceeded/transit",
	 "its quote shows the external address", "CORE-SUR-B01"},
};

static void test_linux22(void **state)
{
	(void)state;
	check("ref:linux-2.2", linux22, sizeof(linux22) / sizeof(linux22[0]));
	check("ref:linux-2.2", quirks, sizeof(quirks) / sizeof(quirks[0]));
}

static void test_fixed(void **state)
{
	(void)state;
	check("ref:linux-2.2-fixed", linux22,
	      sizeof(linux22) / sizeof(linux22[0]));
	check("ref:linux-2.2-fixed", fixed, sizeof(fixed) / sizeof(fixed[0]));
}

/* What one fault changes. */
static const struct {
	const char *engine;
	struct expected fact;
} faults[] = {
	{"sabotage:udp-timer-119", {"timers.udp", "119 s", NULL, ""}},
	{"sabotage:udp-timer-long", {"timers.udp", "301 s", NULL, ""}},
	{"sabotage:tcp-timer-short",
	 {"timers.tcp-established", "899 s", NULL, ""}},
	{"sabotage:fin-timer-short",
	 {"timers.tcp-fin-wait", "119 s", NULL, ""}},
	{"sabotage:clock-fast", {"timers.icmp", "6 s", NULL, ""}},
	{"sabotage:filter-none",
	 {"filtering.udp", "endpoint-independent", NULL, ""}},
	{"sabotage:wild-peer", {"filtering.udp", "port-dependent", NULL, ""}},
	{"sabotage:port-out-of-range", {"ports.range", "1000-5095", NULL, ""}},
	{"sabotage:bad-sum-repaired",
	 {"udp.bad-checksum", "outbound good, inbound good", NULL, ""}},
	{"sabotage:udp-sum-dropped",
	 {"udp.zero-checksum", "outbound none, inbound none", NULL, ""}},
	{"sabotage:errors-lost",
	 {"icmp.port-unreachable", "dropped", NULL, ""}},
	{"sabotage:errors-out-lost", {"icmp.error-out", "dropped", NULL, ""}},
	{"sabotage:quote-port-stale",
	 {"icmp.port-unreachable", "translated",
	  "the quote is rewritten but for its port", ""}},
	{"sabotage:error-source-hidden",
	 {"icmp.host-unreachable", "translated",
	  "quote rewritten, its checksums not all right; the source is "
	  "changed",
	  ""}},
	{"sabotage:ttl-twice",
	 {"ip.ttl", "of 64 outbound 62, inbound 62", NULL, ""}},
	{"sabotage:ttl-one-forwarded", {"ip.ttl-out", "sent on", NULL, ""}},
	{"sabotage:exceeded-missing", {"ip.ttl-out", "nothing", NULL, ""}},
	{"sabotage:too-big-mtu",
	 {"ip.big-df", "ICMP unreachable/too-big", "MTU 1508", ""}},
	{"sabotage:df-ignored", {"ip.big-df", "2 fragments", NULL, ""}},
	{"sabotage:mtu-ignored", {"ip.big", "sent whole", NULL, ""}},
	{"sabotage:df-cleared",
	 {"ip.fields", "identification kept, TOS kept, DF cleared", NULL, ""}},
	{"sabotage:fragments-refused",
	 {"fragments.in", "dropped", "last one first: dropped", ""}},
	{"sabotage:crossing-syn-refused",
	 {"tcp.simultaneous-open", "no", NULL, ""}},
	{"sabotage:rst-lost", {"tcp.rst", "dropped", NULL, ""}},
	{"sabotage:command-missed",
	 {"helpers.ftp-port", "not helped", NULL, ""}},
	{"sabotage:child-refused",
	 {"helpers.ftp-port", "rewritten", "no hole", ""}},
	{"sabotage:hairpin-leaks",
	 {"hairpin.udp", "no", "answer: nothing", ""}},
};

static void test_faults(void **state)
{
	char error[CONF_ERROR_SIZE];
	bool good = true;

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct expected *want = &faults[i].fact;
		const struct conf_fact *fact;
		struct conf_fact sound;
		char address[64];

		snprintf(address, sizeof(address), "sabotage:none:%s",
			 conf_sabotage_profile(faults[i].engine));
		assert_int_equal(probe(address, want->id, NULL, 0, error),
				 CONF_OK);
		sound = *find(want->id);
		assert_int_equal(
			probe(faults[i].engine, want->id, NULL, 0, error),
			CONF_OK);
		assert_int_equal(num_facts, 1);
		fact = find(want->id);
		/* Without the fault it is another one. */
		assert_true(strcmp(fact->value, sound.value) != 0 ||
			    strcmp(fact->detail, sound.detail) != 0);
		if (strcmp(fact->value, want->value) == 0 &&
		    (want->detail == NULL ||
		     strcmp(fact->detail, want->detail) == 0))
			continue;
		print_error("%s: got \"%s\" (%s)\n", faults[i].engine,
			    fact->value, fact->detail);
		good = false;
	}
	assert_true(good);
}

/* Settings reach the engine; a topology is followed. */
static void test_settings(void **state)
{
	static const struct conf_setting settings[] = {
		{"timeout.udp", "77", 0},
		{"inside.address", "10.1.0.1/16", 0},
		{"local", "answer", 0},
	};
	char error[CONF_ERROR_SIZE];

	(void)state;
	assert_int_equal(probe("ref", "timers.udp*", settings, 3, error),
			 CONF_OK);
	assert_int_equal(num_facts, 4);
	assert_string_equal(find("timers.udp")->value, "77 s");
	assert_string_equal(find("timers.udp-refresh-in")->value, "yes");
	assert_int_equal(probe("ref", "*.unsolicited*", settings, 3, error),
			 CONF_OK);
	assert_string_equal(find("tcp.unsolicited-syn")->value, "RST");
	assert_string_equal(find("udp.unsolicited")->value,
			    "ICMP unreachable/port");
}

static void test_failures(void **state)
{
	static const struct conf_setting bad = {"timeout.udp", "x", 0};
	char error[CONF_ERROR_SIZE];

	(void)state;
	assert_int_equal(probe("none", NULL, NULL, 0, error), CONF_ERR_CONFIG);
	assert_int_equal(probe("ref", NULL, &bad, 1, error), CONF_ERR_CONFIG);
	assert_int_equal(probe("capture:/dev/null", NULL, NULL, 0, error),
			 CONF_ERR_ENGINE);
	assert_true(error[0] != '\0');
	assert_int_equal(probe("ref", "nothing", NULL, 0, error), CONF_OK);
	assert_int_equal(num_facts, 0);
	assert_null(conf_probe_id(conf_probe_num()));
}

/* A conf_fact is what it rests on: packets of both kinds, in order. */
static void test_evidence(void **state)
{
	char error[CONF_ERROR_SIZE];

	(void)state;
	assert_int_equal(probe("ref", "timers.icmp", NULL, 0, error), CONF_OK);
	assert_true(find("timers.icmp")->num_evidence >= 3);
	assert_int_equal(probe("ref", "ports.range", NULL, 0, error), CONF_OK);
	assert_int_equal(find("ports.range")->num_evidence,
			 CONF_PROBE_EVIDENCE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linux22),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_evidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
