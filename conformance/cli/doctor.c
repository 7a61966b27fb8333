/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.c - does an engine keep the contract: the checks */
#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conformance/results.h"

static void say(struct doctor_report *r, enum doctor_verdict verdict,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

static void say(struct doctor_report *r, enum doctor_verdict verdict,
		const char *format, ...)
{
	va_list args;

	r->verdict = verdict;
	va_start(args, format);
	vsnprintf(r->text, sizeof(r->text), format, args);
	va_end(args);
}

/* Opens the engine with the settings of a case (may be NULL). */
static bool open_engine(const struct doctor *d, const struct conf_case *c,
			struct conf_engine *engine, struct doctor_report *r)
{
	struct conf_config config = {.settings = NULL};
	char error[CONF_ERROR_SIZE];

	if (c != NULL)
		conf_case_config(c, &config);
	config.seed = d->seed;
	config.timeout = d->timeout;
	if (conf_engine_open(engine, d->address, &config, error) == CONF_OK)
		return true;
	say(r, DOCTOR_NOT_OK, "it cannot be opened: %s", error);
	return false;
}

static struct conf_case *read_case(const char *text, struct doctor_report *r)
{
	struct conf_case *c;
	char error[CONF_ERROR_SIZE];

	if (conf_case_parse(text, strlen(text), "doctor", NULL, 0, &c, error) ==
	    CONF_OK)
		return c;
	say(r, DOCTOR_NOT_OK, "%s", error);
	return NULL;
}

/* What came while a case was played. */
struct seen {
	struct conf_results results;
	uint64_t clock; /* ns: the latest stimulus */
	bool own_error, is_old, has_mac;
};

static void on_seen(void *ctx, enum conf_seen_kind kind,
		    const struct conf_packet *packet)
{
	struct seen *seen = ctx;

	if (kind == CONF_SEEN_STIMULUS)
		seen->clock = packet->now;
	if (kind != CONF_SEEN_RESULT)
		return;
	conf_results_emit(&seen->results, packet);
	seen->own_error |= packet->own_error;
	seen->is_old |= packet->now < seen->clock;
	seen->has_mac |= packet->src_mac != NULL;
}

static void play(struct conf_engine *engine, const struct conf_case *c,
		 struct seen *seen, struct doctor_report *r)
{
	const struct conf_player player = {
		.engine = engine, .seen = on_seen, .ctx = seen};

	conf_play(&player, c, &r->outcome);
	if (r->outcome.verdict != REP_PASS)
		say(r, DOCTOR_NOT_OK, "%s", r->outcome.reason);
}

/* Opens the engine for a case, and plays it. */
static void play_text(const struct doctor *d, const char *text,
		      struct seen *seen, struct doctor_report *r)
{
	struct conf_case *c = read_case(text, r);
	struct conf_engine engine = {.ops = NULL};

	if (c != NULL && open_engine(d, c, &engine, r))
		play(&engine, c, seen, r);
	conf_engine_close(&engine);
	conf_case_free(c);
}

static void check_case(const struct doctor *d, const struct doctor_check *check,
		       struct doctor_report *r)
{
	struct seen seen = {.clock = 0};

	play_text(d, check->text, &seen, r);
	if (r->verdict == DOCTOR_OK && seen.is_old)
		say(r, DOCTOR_NOT_OK,
		    "a result has a time before that of its stimulus: set "
		    ".now");
	conf_results_cleanup(&seen.results);
}

/* Are the results the same, octet for octet? */
static bool are_same(const struct conf_results *a, const struct conf_results *b)
{
	if (a->num_items != b->num_items || a->data_len != b->data_len)
		return false;
	for (size_t i = 0; i < a->num_items; i++)
		if (a->items[i].side != b->items[i].side ||
		    a->items[i].len != b->items[i].len ||
		    a->items[i].now != b->items[i].now)
			return false;
	return a->data_len == 0 || memcmp(a->data, b->data, a->data_len) == 0;
}

/* Plays UDP, and then once more: after a reset, or in another engine. */
static void check_again(const struct doctor *d,
			const struct doctor_check *check,
			struct doctor_report *r)
{
	bool by_reset = strcmp(check->name, "reset") == 0;
	struct seen first = {.clock = 0}, second = {.clock = 0};
	struct conf_case *c = read_case(doctor_udp, r);
	struct conf_engine engine = {.ops = NULL};

	if (c == NULL || !open_engine(d, c, &engine, r))
		goto out;
	play(&engine, c, &first, r);
	if (!by_reset) {
		conf_engine_close(&engine);
		if (!open_engine(d, c, &engine, r))
			goto out;
	} else if (engine.ops->reset(engine.state) != CONF_OK) {
		say(r, DOCTOR_NOT_OK, "%s", conf_engine_error(&engine));
		goto out;
	}
	play(&engine, c, &second, r);
	if (!are_same(&first.results, &second.results))
		say(r, DOCTOR_NOT_OK,
		    by_reset ? "the same packets give others after a reset: "
			       "something is left of what was before"
			     : "the same packets and the same seed give "
			       "others: use config->seed, no clock and no "
			       "addresses");
out:
	conf_engine_close(&engine);
	conf_case_free(c);
	conf_results_cleanup(&first.results);
	conf_results_cleanup(&second.results);
}

static void add_length(void *ctx, const char *text, size_t len)
{
	size_t *sum = ctx;

	(void)text;
	*sum += len;
}

static void check_dump(const struct doctor *d, const struct doctor_check *check,
		       struct doctor_report *r)
{
	struct conf_case *c = read_case(doctor_udp, r);
	struct conf_engine engine = {.ops = NULL};
	struct seen seen = {.clock = 0};
	size_t before = 0, after = 0;
	enum conf_status status;

	(void)check;
	if (c == NULL || !open_engine(d, c, &engine, r))
		goto out;
	status = engine.ops->dump(engine.state, CONF_DUMP_TABLE, add_length,
				  &before);
	play(&engine, c, &seen, r);
	if (status == CONF_OK)
		status = engine.ops->dump(engine.state, CONF_DUMP_TABLE,
					  add_length, &after);
	if (status == CONF_ERR_ENGINE)
		say(r, DOCTOR_NOT_OK, "%s", conf_engine_error(&engine));
	else if (status != CONF_OK)
		say(r, DOCTOR_NOT_OK,
		    "it says that it can dump, and dump() says that it "
		    "cannot");
	else if (after <= before)
		say(r, DOCTOR_NOT_OK,
		    "a mapping was made, and the table did not grow (%zu and "
		    "%zu octets)",
		    before, after);
out:
	conf_engine_close(&engine);
	conf_case_free(c);
	conf_results_cleanup(&seen.results);
}

static void check_settings(const struct doctor *d,
			   const struct doctor_check *check,
			   struct doctor_report *r)
{
	const struct conf_setting setting = {.key = "no-such-setting",
					     .value = "1"};
	const struct conf_config config = {.settings = &setting,
					   .num_settings = 1,
					   .seed = d->seed,
					   .timeout = d->timeout};
	struct conf_engine engine = {.ops = NULL};
	char error[CONF_ERROR_SIZE];
	enum conf_status status;

	check_case(d, check, r);
	if (r->verdict != DOCTOR_OK)
		return;
	status = conf_engine_open(&engine, d->address, &config, error);
	if (status == CONF_OK)
		say(r, DOCTOR_NOT_OK,
		    "it takes the setting no-such-setting: refuse what you do "
		    "not know with CONF_ERR_CONFIG");
	else if (status != CONF_ERR_CONFIG)
		say(r, DOCTOR_NOT_OK,
		    "an unknown setting is not refused with CONF_ERR_CONFIG: "
		    "%s",
		    error);
	conf_engine_close(&engine);
}

static void check_marks(const struct doctor *d,
			const struct doctor_check *check,
			struct doctor_report *r)
{
	struct seen seen = {.clock = 0};

	play_text(d, check->text, &seen, r);
	if (r->verdict == DOCTOR_OK && !seen.own_error)
		say(r, DOCTOR_NOT_OK,
		    "its own ICMP error has no own_error, though it says that "
		    "it marks them");
	conf_results_cleanup(&seen.results);
}

/* Behind the packet that made a mapping. */
static void check_fragments(const struct doctor *d,
			    const struct doctor_check *check,
			    struct doctor_report *r)
{
	struct seen seen = {.clock = 0};

	play_text(d, check->text, &seen, r);
	if (r->verdict == DOCTOR_OK && seen.results.num_items < 2)
		say(r, DOCTOR_NOT_OK,
		    "two fragments went in, and nothing came out");
	conf_results_cleanup(&seen.results);
}

static void check_ethernet(const struct doctor *d,
			   const struct doctor_check *check,
			   struct doctor_report *r)
{
	struct seen seen = {.clock = 0};

	play_text(d, check->text, &seen, r);
	if (r->verdict == DOCTOR_OK && !seen.has_mac)
		say(r, DOCTOR_NOT_OK, "its results have no src_mac");
	conf_results_cleanup(&seen.results);
}

const struct doctor_check doctor_checks[] = {
	{"udp", "UDP goes out, and the answer comes back", 0, check_case,
	 doctor_udp},
	{"tcp", "a TCP connection is made and used", 0, check_case, doctor_tcp},
	{"echo", "an ICMP echo is answered", 0, check_case, doctor_echo},
	{"icmp-error", "an ICMP error finds its way in", 0, check_case,
	 doctor_error},
	{"refused", "what nobody asked for stays outside", 0, check_case,
	 doctor_refused},
	{"octets", "broken packets do no harm", 0, check_case, doctor_octets},
	{"reset", "after a reset all is as at the start", 0, check_again, NULL},
	{"seed", "the same seed gives the same octets", 0, check_again, NULL},
	{"fragments", "fragments come out", CONF_CAN_FRAGMENTS, check_fragments,
	 doctor_fragments},
	{"time", "a mapping ends with the virtual time", CONF_CAN_VIRTUAL_TIME,
	 check_case, doctor_time},
	{"dump", "the table shows a mapping", CONF_CAN_DUMP, check_dump, NULL},
	{"config", "settings are obeyed, unknown ones refused",
	 CONF_CAN_CONFIGURE, check_settings, doctor_address},
	{"marks", "its own ICMP errors are marked", CONF_CAN_MARK_ERRORS,
	 check_marks, doctor_own_error},
	{"ethernet", "its packets have a source address of the link",
	 CONF_CAN_ETHERNET, check_ethernet, doctor_udp},
};
const size_t doctor_num_checks = sizeof(doctor_checks) /
				 sizeof(doctor_checks[0]);
