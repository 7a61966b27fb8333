/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sabotage_test.c - each fault shows, and until it does nothing else is wrong
 *
 * A row is an exchange: packets by name, in order. The engine with the fault
 * and the one without get the same ones. What they send must be equal for
 * each packet but the last, and differ for that.
 */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/sabotage.h"
#include "contract.h"
#include "sabotage_packets.h"

#define MAX_ADDRESS 80

static const struct conf_setting settings[] = {
	{"portfw", "tcp:203.0.113.1:8080=192.168.1.99:80", 0},
	{"mtu.outside", "1200", 0},
	{"helper.ftp", "21", 0},
	{"helper.irc", "6667", 0},
	{"local", "answer", 0},
};
static const struct conf_config config = {
	.settings = settings,
	.num_settings = sizeof(settings) / sizeof(settings[0]),
};

/* Without the last one: nobody answers for the router. */
static const struct conf_config silent = {
	.settings = settings,
	.num_settings = sizeof(settings) / sizeof(settings[0]) - 1,
};

static bool is_silent(const struct sabotage_exchange *e)
{
	return strncmp(e->steps, "swallow ", 8) == 0;
}

struct duel {
	struct conf_engine faulty, sound;
	struct conf_results bad, good;
	uint64_t now;
	unsigned int num; /* packets sent: query-more has another port each */
};

static void duel_open(struct duel *d, const struct conf_sabotage *row,
		      const struct sabotage_exchange *e)
{
	const struct conf_config *with = is_silent(e) ? &silent : &config;
	char faulty[MAX_ADDRESS], sound[MAX_ADDRESS];

	memset(d, 0, sizeof(*d));
	snprintf(faulty, sizeof(faulty), "sabotage:%s", row->name);
	snprintf(sound, sizeof(sound), "ref:%s", row->profile);
	d->faulty = contract_open(faulty, with);
	d->sound = contract_open(sound, with);
	d->now = 1000 * S;
}

static void duel_close(struct duel *d)
{
	conf_engine_close(&d->faulty);
	conf_engine_close(&d->sound);
	conf_results_cleanup(&d->bad);
	conf_results_cleanup(&d->good);
}

static bool same(const struct duel *d)
{
	const struct conf_results *a = &d->bad, *b = &d->good;

	if (a->num_items != b->num_items)
		return false;
	for (size_t i = 0; i < a->num_items; i++) {
		const struct conf_result *x = &a->items[i], *y = &b->items[i];

		if (x->side != y->side || x->len != y->len ||
		    x->now != y->now || x->own_error != y->own_error ||
		    memcmp(conf_result_data(a, x), conf_result_data(b, y),
			   x->len) != 0)
			return false;
	}
	return true;
}

/* What time alone causes belongs to the packet that it is waited for with. */
static bool give(struct duel *d, const char *name, uint64_t wait)
{
	enum conf_status status;
	struct conf_packet at;
	struct packet p;
	enum conf_side side = sabotage_packet(name, d->num++, &p);

	if (side == CONF_SIDE_NONE)
		fail_msg("there is no packet \"%s\"", name);
	d->now += wait;
	at = on_wire(&p, side, d->now);
	conf_results_clear(&d->bad);
	conf_results_clear(&d->good);
	assert_int_equal(d->sound.ops->advance(d->sound.state, d->now,
					       conf_results_emit, &d->good),
			 CONF_OK);
	assert_int_equal(d->sound.ops->packet(d->sound.state, &at,
					      conf_results_emit, &d->good),
			 CONF_OK);
	assert_int_equal(d->faulty.ops->advance(d->faulty.state, d->now,
						conf_results_emit, &d->bad),
			 CONF_OK);
	status = d->faulty.ops->packet(d->faulty.state, &at, conf_results_emit,
				       &d->bad);
	return status == CONF_OK && same(d);
}

/* The exchange; returns after the last packet whether that was the same. */
static bool play(struct duel *d, const struct sabotage_exchange *e)
{
	char steps[256], *next = NULL;
	uint64_t wait = S / 100;
	bool equal = true;

	assert_true(strlen(e->steps) < sizeof(steps));
	strcpy(steps, e->steps);
	for (char *step = strtok_r(steps, " ", &next); step != NULL;
	     step = strtok_r(NULL, " ", &next)) {
		char *star = strchr(step, '*');
		unsigned int n = 1;

		if (step == steps && is_silent(e))
			continue;
		if (step[0] == '+') {
			wait = (uint64_t)(strtod(step + 1, NULL) * 1e9);
			continue;
		}
		if (star != NULL) {
			*star = '\0';
			n = (unsigned int)strtoul(star + 1, NULL, 10);
		}
		for (; n > 0; n--, wait = S / 100) {
			if (!equal)
				fail_msg("%s: differs before \"%s\" of \"%s\"",
					 e->fault, step, e->steps);
			equal = give(d, step, wait);
		}
	}
	return equal;
}

static const struct sabotage_exchange *find_exchange(const char *fault)
{
	for (size_t i = 0; i < sabotage_num_exchanges; i++)
		if (strcmp(sabotage_exchanges[i].fault, fault) == 0)
			return &sabotage_exchanges[i];
	return NULL;
}

struct tally {
	size_t num;
	unsigned int failed;
};

/* Prints what is wrong, so that one run tells of all faults. */
static unsigned int report(const struct sabotage_exchange *e, bool equal,
			   const char *when)
{
	if (equal)
		print_error("%s does not show in \"%s\"%s\n", e->fault,
			    e->steps, when);
	return equal;
}

static void check_row(void *ctx, const struct conf_sabotage *row)
{
	const struct sabotage_exchange *e = find_exchange(row->name);
	struct tally *tally = ctx;
	struct duel d;

	if (e == NULL)
		return;
	tally->num++;
	duel_open(&d, row, e);
	tally->failed += report(e, play(&d, e), "");
	/* A reset forgets the memory of the fault too. */
	assert_int_equal(d.faulty.ops->reset(d.faulty.state), CONF_OK);
	assert_int_equal(d.sound.ops->reset(d.sound.state), CONF_OK);
	d.num = 0;
	tally->failed += report(e, play(&d, e), " after reset");
	duel_close(&d);
}

static void test_faults_show(void **state)
{
	struct tally tally = {.num = 0};

	(void)state;
	conf_sabotage_each(check_row, &tally);
	assert_int_equal(tally.failed, 0);
	assert_int_equal(tally.num, sabotage_num_exchanges);
}

/* Nothing is wrong with "none", in either profile. */
static void test_none(void **state)
{
	static const struct conf_sabotage none[] = {
		{.name = "none", .profile = "linux-2.2"},
		{.name = "none:linux-2.2-fixed", .profile = "linux-2.2-fixed"},
	};
	struct duel d;

	(void)state;
	for (size_t profile = 0; profile < 2; profile++)
		for (size_t i = 0; i < sabotage_num_exchanges; i++) {
			duel_open(&d, &none[profile], &sabotage_exchanges[i]);
			assert_true(play(&d, &sabotage_exchanges[i]));
			duel_close(&d);
		}
}

/* What a table must be, and that each row has its exchange. */
static void check_text(void *ctx, const struct conf_sabotage *row)
{
	const char *letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t *num = ctx;

	if (*num == 0)
		assert_string_equal(row->name, "none");
	++*num;
	assert_true(strlen(row->name) > 0);
	assert_int_equal(strspn(row->name, letters), strlen(row->name));
	assert_true(strlen(row->rule) > 0);
	assert_true(strlen(row->text) > 0);
	assert_int_equal(row->text[strlen(row->text) - 1], '.');
	if (strcmp(row->name, "none") != 0 && strcmp(row->name, "crash") != 0 &&
	    strcmp(row->name, "hang") != 0 && find_exchange(row->name) == NULL)
		fail_msg("%s has no exchange", row->name);
}

static void test_table(void **state)
{
	size_t num = 0;

	(void)state;
	conf_sabotage_each(check_text, &num);
	assert_true(num > 45);
	assert_int_equal(num, sabotage_num_exchanges + 3);
}

static void check_refused(const char *address, const struct conf_config *with,
			  const char *text)
{
	struct conf_engine engine;
	char error[CONF_ERROR_SIZE] = "";

	assert_int_equal(conf_engine_open(&engine, address, with, error),
			 CONF_ERR_CONFIG);
	if (strstr(error, text) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", error, text);
	conf_engine_close(&engine);
}

static void test_addresses(void **state)
{
	static const struct conf_setting wrong = {"mtu.inside", "7", 4};
	const struct conf_config bad = {
		.settings = &wrong, .num_settings = 1, .origin = "a.conf"};

	(void)state;
	check_refused("sabotage", &conf_none, "needs more");
	check_refused("sabotage:", &conf_none, "needs more");
	check_refused("sabotage:ttl", &conf_none,
		      "sabotage:ttl: there is no such fault; there are none");
	check_refused("sabotage:ttl-kept-too", &conf_none, "no such fault");
	check_refused("sabotage::linux-2.2", &conf_none, "no such fault");
	check_refused("sabotage:ttl-kept:linux-9", &conf_none,
		      "no such profile");
	check_refused("sabotage:ttl-kept:", &conf_none, "no such profile");
	check_refused("sabotage:ttl-kept", &bad, "a.conf:4: mtu.inside");
	assert_string_equal(conf_sabotage_profile("sabotage:ttl-kept"),
			    "linux-2.2");
	assert_string_equal(conf_sabotage_profile("sabotage:wild-peer"),
			    "linux-2.2-fixed");
	assert_string_equal(conf_sabotage_profile("sabotage:ttl-kept:x"), "x");
	assert_null(conf_sabotage_profile("sabotage:ttl"));
	assert_null(conf_sabotage_profile("sabotage"));
	assert_null(conf_sabotage_profile("ref:linux-2.2"));
}

/* The rest of the contract is the engine's. */
static void test_contract(void **state)
{
	struct conf_engine engine = contract_open("sabotage:gives-up", &config);
	struct conf_results results = {.num_items = 0};
	struct text text = {.len = 0};
	struct packet p;

	(void)state;
	assert_int_equal(sabotage_packet("query", 0, &p), CONF_INSIDE);
	assert_int_equal(contract_send(&engine, &p, CONF_INSIDE, S, &results),
			 CONF_OK);
	assert_string_equal(conf_engine_error(&engine), "the engine failed");
	assert_int_equal(engine.ops->dump(engine.state, CONF_DUMP_LONG,
					  contract_collect, &text),
			 CONF_OK);
	assert_non_null(strstr(text.at, "203.0.113.1:61000"));
	assert_int_equal(sabotage_packet("no-flags", 0, &p), CONF_INSIDE);
	assert_int_equal(contract_send(&engine, &p, CONF_INSIDE, S, &results),
			 CONF_ERR_ENGINE);
	assert_string_equal(conf_engine_error(&engine), "no flags: giving up");
	assert_int_equal(engine.ops->reset(engine.state), CONF_OK);
	assert_string_equal(conf_engine_error(&engine), "the engine failed");
	engine.ops->close(NULL);
	conf_engine_close(&engine);
	conf_results_cleanup(&results);
}

/* The signal that ends an engine which gets a segment without flags. */
static int signal_of(const char *address)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		struct conf_engine engine;
		struct conf_results results = {.num_items = 0};
		char error[CONF_ERROR_SIZE];
		struct packet p;

		signal(SIGABRT, SIG_DFL);
		if (conf_engine_open(&engine, address, &config, error) !=
			    CONF_OK ||
		    sabotage_packet("query", 0, &p) != CONF_INSIDE ||
		    contract_send(&engine, &p, CONF_INSIDE, S, &results) !=
			    CONF_OK ||
		    results.num_items != 1 ||
		    sabotage_packet("no-flags", 0, &p) != CONF_INSIDE)
			_exit(1);
		alarm(1);
		if (contract_send(&engine, &p, CONF_INSIDE, S, &results) !=
		    CONF_OK)
			_exit(2);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void test_deaths(void **state)
{
	(void)state;
	assert_int_equal(signal_of("sabotage:none"), 0);
	assert_int_equal(signal_of("sabotage:crash"), SIGABRT);
	assert_int_equal(signal_of("sabotage:hang"), SIGALRM);
}

/* Damaged packets hurt no fault. */
static void damage(void *ctx, const struct conf_sabotage *row)
{
	uint32_t *random = ctx;
	struct duel d;

	if (strcmp(row->name, "crash") == 0 || strcmp(row->name, "hang") == 0)
		return;
	duel_open(&d, row, &sabotage_exchanges[0]);
	for (unsigned int i = 0; i < 600; i++) {
		struct packet p = {.len = 0};
		const char *name = sabotage_packet_name(i % 61);
		enum conf_side side = name != NULL
					      ? sabotage_packet(name, i, &p)
					      : CONF_INSIDE;

		for (unsigned int n = i / 61; n > 0 && p.len > 0; n--) {
			*random = *random * 1664525u + 1013904223u;
			put8(&p, (*random >> 8) % (n % 3 ? 60 : p.len),
			     (uint8_t)(*random >> 24));
		}
		if (*random >> 30 == 0 && p.len > 0)
			p.len = (*random >> 10) % p.len;
		if (*random >> 29 != 0 && p.len >= 20)
			fix_ip(&p);
		(void)contract_send(&d.faulty, &p, side, (1000 + i) * S,
				    &d.bad);
	}
	duel_close(&d);
}

static void test_damage(void **state)
{
	uint32_t random = 1;

	(void)state;
	conf_sabotage_each(damage, &random);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_faults_show),
		cmocka_unit_test(test_contract),
		cmocka_unit_test(test_deaths),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
