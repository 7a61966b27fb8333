/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oracle.c - what a trace shows: differences, broken invariants, failures
 *
 * The comparison is that of "masqcheck diff", or of its --exact. Stimuli are in
 * the names of the engine that trial.c aims them by.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conformance/equivalence.h"
#include "conformance/invariants.h"
#include "minimize/minimize.h"
#include "packet.h"

#define MAX_FIELDS 16u

struct party {
	struct conf_engine engine;
	struct conf_results results;
	const char *address;
};

struct judge {
	const struct conf_question *q;
	struct conf_place *place;
	struct conf_finding *out;
	struct party actual, expected;
	struct conf_checker *checker;
	struct conf_rules rules;
	struct conf_equivalence *equivalence; /* NULL: octet for octet */
	size_t at;
	bool found;
	bool differs; /* behind the first difference nothing is comparable */
};

/* Takes a finding, if it is what is looked for. */
static void found(struct judge *j, const char *class, const char *text)
{
	const char *wanted = j->q->wanted;

	if (j->found || (wanted != NULL && strcmp(wanted, class) != 0))
		return;
	j->found = true;
	j->out->at = j->at;
	snprintf(j->out->class, sizeof(j->out->class), "%s", class);
	snprintf(j->out->text, sizeof(j->out->text), "%s", text);
}

/* ---- Invariants ---- */

/* A conf_violation_fn. */
static void on_violation(void *ctx, const struct conf_violation *v)
{
	char text[400];

	snprintf(text, sizeof(text), "%s %s (%s): %s", v->invariant->id,
		 v->invariant->name, v->invariant->clause, v->text);
	found(ctx, v->invariant->id, text);
}

static bool open_checker(struct judge *j)
{
	struct conf_settings settings;
	char error[CONF_ERROR_SIZE];

	if (conf_settings_read(&settings, j->q->config, error) != CONF_OK)
		conf_settings_init(&settings);
	j->checker = conf_checker_open(&settings, j->q->engine, on_violation,
				       j);
	return j->checker != NULL;
}

/* ---- Differences ---- */

/* "outside udp", "inside icmp time-exceeded": what kind of packet it is. */
static void kind_of(char *out, size_t size, const struct conf_results *results,
		    size_t index)
{
	const struct conf_result *r = &results->items[index];
	const uint8_t *data = conf_result_data(results, r);
	struct conf_layout ip = conf_layout_of(data, r->len);
	const char *side = conf_side_name(r->side);
	const char *type = conf_icmp_type_name(masq_get8(ip.payload, 0));

	if (ip.proto == CONF_PROTO_ICMP && ip.is_first)
		snprintf(out, size, "%s icmp %s", side,
			 type != NULL ? type : "of another type");
	else if (ip.proto == CONF_PROTO_TCP || ip.proto == CONF_PROTO_UDP)
		snprintf(out, size, "%s %s%s", side,
			 ip.proto == CONF_PROTO_TCP ? "tcp" : "udp",
			 ip.is_first ? "" : " fragment");
	else
		snprintf(out, size, "%s ip protocol %u", side, ip.proto);
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* The first field that is no mere consequence of another one, if there is. */
static const struct conf_difference *main_field(
	const struct conf_difference *fields, size_t num)
{
	for (size_t i = 0; i < num; i++)
		if (!ends_with(fields[i].field, ".checksum") &&
		    !ends_with(fields[i].field, ".length"))
			return &fields[i];
	return &fields[0];
}

static void compare_exact(struct judge *j)
{
	struct conf_results *expected = &j->expected.results;
	struct conf_results *actual = &j->actual.results;
	struct conf_difference fields[MAX_FIELDS] = {{.field = ""}};
	const struct conf_difference *d;
	char class[CONF_FINDING_CLASS], text[400], kind[80];
	size_t index, num;

	switch (conf_compare(&j->rules, expected, actual, &index)) {
	case CONF_SAME:
		return;
	case CONF_MISSING:
		kind_of(kind, sizeof(kind), expected, index);
		snprintf(class, sizeof(class), "missing %s", kind);
		snprintf(text, sizeof(text), "%s does not send: %s",
			 j->q->engine, kind);
		break;
	case CONF_EXTRA:
		kind_of(kind, sizeof(kind), actual, index);
		snprintf(class, sizeof(class), "extra %s", kind);
		snprintf(text, sizeof(text), "only %s sends: %s", j->q->engine,
			 kind);
		break;
	case CONF_DIFFERENT:
	default:
		num = conf_differences(&j->rules, expected, actual, index,
				       fields, MAX_FIELDS);
		d = main_field(fields, num < MAX_FIELDS ? num : MAX_FIELDS);
		kind_of(kind, sizeof(kind), expected, index);
		snprintf(class, sizeof(class), "%s of %s", d->field, kind);
		snprintf(text, sizeof(text), "%s: %s has %s, %s has %s", class,
			 j->q->engine, d->actual, j->q->against, d->expected);
		break;
	}
	j->differs = true;
	found(j, class, text);
}

/* "field:ip.ttl of inside tcp": the class of the equivalence, and where. */
static void compare_renamed(struct judge *j)
{
	const struct conf_results *theirs, *ours;
	struct conf_divergence d;
	char class[CONF_FINDING_CLASS], text[400], kind[80];
	bool extra;

	if (conf_equivalence_compare(j->equivalence, &j->expected.results,
				     &j->actual.results, &d))
		return;
	conf_equivalence_compared(j->equivalence, &theirs, &ours);
	extra = d.index >= theirs->num_items;
	kind_of(kind, sizeof(kind), extra ? ours : theirs, d.index);
	snprintf(class, sizeof(class), "%s of %.70s", d.name, kind);
	if (d.verdict == CONF_DIFFERENT)
		snprintf(text, sizeof(text), "%s: %s has %.99s, %s has %.99s",
			 class, j->q->engine, d.actual, j->q->against,
			 d.expected);
	else
		snprintf(text, sizeof(text), "%s: only %s sends it", class,
			 extra ? j->q->engine : j->q->against);
	j->differs = true;
	found(j, class, text);
}

static void compare_step(struct judge *j)
{
	if (j->equivalence != NULL)
		compare_renamed(j);
	else
		compare_exact(j);
}

/* ---- The steps ---- */

/* One engine's step; what it gives up with is a finding. */
static bool step(struct judge *j, struct party *p,
		 const struct conf_packet *stimulus, uint64_t now)
{
	const struct conf_engine_ops *ops = p->engine.ops;
	char class[CONF_FINDING_CLASS];
	enum conf_status status;

	snprintf(j->place->where, sizeof(j->place->where), "%s of %.80s",
		 stimulus != NULL ? "packet" : "advance", p->address);
	conf_results_clear(&p->results);
	if (stimulus != NULL)
		status = ops->packet(p->engine.state, stimulus,
				     conf_results_emit, &p->results);
	else
		status = ops->advance(p->engine.state, now, conf_results_emit,
				      &p->results);
	if (status == CONF_OK && !p->results.failed)
		return true;
	snprintf(class, sizeof(class), "failure in %.100s", j->place->where);
	found(j, class, conf_engine_error(&p->engine));
	return false;
}

/* Both engines and what is looked at; true: go on. */
static bool step_all(struct judge *j, const struct conf_packet *stimulus,
		     uint64_t now)
{
	const struct conf_packet *theirs = stimulus;
	struct conf_packet translated;

	j->place->at = j->at;
	if (j->equivalence != NULL && stimulus == NULL)
		conf_equivalence_time(j->equivalence, now);
	if (j->equivalence != NULL && stimulus != NULL) {
		conf_equivalence_stimulus(j->equivalence, stimulus,
					  &translated);
		theirs = &translated;
	}
	if (!step(j, &j->actual, theirs, now))
		return false;
	if (j->expected.address != NULL &&
	    !step(j, &j->expected, stimulus, now))
		return false;
	if (j->checker != NULL)
		conf_checker_step(j->checker, theirs, now, &j->actual.results);
	if (!j->found && !j->differs && j->expected.address != NULL)
		compare_step(j);
	return !j->found && (!j->differs || j->checker != NULL);
}

static enum conf_status open_party(struct judge *j, struct party *p,
				   const char *address,
				   char error[CONF_ERROR_SIZE])
{
	p->address = address;
	snprintf(j->place->where, sizeof(j->place->where), "open of %.80s",
		 address);
	return conf_engine_open(&p->engine, address, j->q->config, error);
}

static enum conf_status open_all(struct judge *j, bool renames,
				 char error[CONF_ERROR_SIZE])
{
	const struct conf_question *q = j->q;
	struct conf_settings settings;
	enum conf_status status;

	status = open_party(j, &j->actual, q->engine, error);
	if (status == CONF_OK && q->against != NULL)
		status = open_party(j, &j->expected, q->against, error);
	if (status != CONF_OK)
		return status;
	if (q->invariants && !open_checker(j)) {
		snprintf(error, CONF_ERROR_SIZE, "no memory for the checker");
		return CONF_ERR_ENGINE;
	}
	conf_settings_init(&settings);
	(void)!conf_settings_read(&settings, q->config, error);
	j->rules.router[0] = settings.inside.addr;
	j->rules.router[1] = settings.outside.addr;
	j->rules.actual_marks = (j->actual.engine.ops->capabilities &
				 CONF_CAN_MARK_ERRORS) != 0;
	j->rules.expected_marks = q->against != NULL &&
				  (j->expected.engine.ops->capabilities &
				   CONF_CAN_MARK_ERRORS) != 0;
	if (renames && q->against != NULL) {
		j->equivalence = conf_equivalence_new(&settings, &j->rules);
		if (j->equivalence == NULL) {
			snprintf(error, CONF_ERROR_SIZE,
				 "no memory for the map of names");
			return CONF_ERR_ENGINE;
		}
	}
	return CONF_OK;
}

static enum conf_status judge(const struct conf_question *q, bool renames,
			      struct conf_place *place,
			      struct conf_finding *out,
			      char error[CONF_ERROR_SIZE])
{
	struct judge j = {.q = q, .place = place, .out = out};
	enum conf_status status = open_all(&j, renames, error);
	bool going = status == CONF_OK;

	*out = (struct conf_finding){.class = ""};
	for (size_t i = 0; i < q->trace->num && going; i++) {
		struct conf_packet packet =
			conf_stimulus_packet(&q->trace->items[i]);

		j.at = i;
		going = step_all(&j, &packet, packet.now);
	}
	j.at = q->trace->num;
	if (going)
		(void)step_all(&j, NULL, q->trace->end);
	conf_equivalence_free(j.equivalence);
	conf_checker_free(j.checker);
	conf_engine_close(&j.actual.engine);
	conf_engine_close(&j.expected.engine);
	conf_results_cleanup(&j.actual.results);
	conf_results_cleanup(&j.expected.results);
	return status;
}

static enum conf_status judge_exact(const struct conf_question *q,
				    struct conf_place *place,
				    struct conf_finding *out,
				    char error[CONF_ERROR_SIZE])
{
	return judge(q, false, place, out, error);
}

static enum conf_status judge_renamed(const struct conf_question *q,
				      struct conf_place *place,
				      struct conf_finding *out,
				      char error[CONF_ERROR_SIZE])
{
	return judge(q, true, place, out, error);
}

const struct conf_oracle conf_oracle_exact = {.judge = judge_exact};
const struct conf_oracle conf_oracle_renamed = {
	.judge = judge_renamed,
	.names_of_against = true,
};
