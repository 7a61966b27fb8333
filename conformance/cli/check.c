/* SPDX-License-Identifier: Apache-2.0 */
/* check.c - the invariants, checked beside an engine (--check) */
#include <inttypes.h>
#include <string.h>

#include "check.h"

/* A conf_violation_fn. */
static void on_violation(void *ctx, const struct conf_violation *v)
{
	struct cli_check *check = ctx;

	if (check->num++ >= check->max_reports)
		return;
	printf("%s: ", check->address);
	if (v->stimulus == 0)
		printf("time passing: ");
	else
		printf("stimulus %" PRIu64 " (packet %" PRIu64 "): ",
		       v->stimulus,
		       check->event != NULL ? check->event->record.number : 0);
	printf("%s %s (%s): %s\n", v->invariant->id, v->invariant->name,
	       v->invariant->clause, v->text);
}

bool cli_check_open(struct cli_check *check,
		    const struct conf_settings *settings, const char *address,
		    uint64_t max_reports)
{
	*check = (struct cli_check){
		.address = address,
		.max_reports = max_reports,
	};
	check->checker = conf_checker_open(settings, address, on_violation,
					   check);
	if (check->checker == NULL)
		cli_error("no memory for the checker");
	return check->checker != NULL;
}

void cli_check_close(struct cli_check *check)
{
	conf_checker_free(check->checker);
	check->checker = NULL;
}

void cli_check_step(struct cli_check *check, const struct conf_event *event,
		    uint64_t now, const struct conf_results *results)
{
	if (check->checker == NULL)
		return;
	check->event = event;
	conf_checker_step(check->checker, event != NULL ? &event->packet : NULL,
			  now, results);
	check->event = NULL;
}

enum cli_exit cli_check_finish(const struct cli_check *check)
{
	if (check->checker == NULL)
		return CLI_OK;
	if (check->num > check->max_reports)
		printf("%s: %" PRIu64 " more violations\n", check->address,
		       check->num - check->max_reports);
	printf("%s: %" PRIu64 " violations of invariants\n", check->address,
	       check->num);
	return check->num > 0 ? CLI_DIFFERENT : CLI_OK;
}

/* In which profile does an exception hold, and what is it? */
static void print_exception(FILE *stream, const struct conf_exception *x)
{
	struct conf_settings settings;
	const char *when = "none";
	bool holds[CONF_NUM_PROFILES];

	conf_settings_init(&settings);
	for (unsigned int i = 0; i < CONF_NUM_PROFILES; i++) {
		settings.profile = (enum conf_profile)i;
		holds[i] = conf_exception_holds(x, &settings);
	}
	if (x->key != NULL)
		when = x->key;
	else if (holds[CONF_PROFILE_LINUX22] &&
		 holds[CONF_PROFILE_LINUX22_FIXED])
		when = "both profiles";
	else if (holds[CONF_PROFILE_LINUX22])
		when = conf_profile_names[CONF_PROFILE_LINUX22];
	fprintf(stream, "    %s (%s): %s (%s)\n",
		x->is_whole ? "off" : "except", when, x->text, x->rule);
}

void cli_help_invariants(FILE *stream)
{
	fputs("Invariants: what --check watches in every packet. An "
	      "exception narrows one, or turns\nit off, in the profiles "
	      "named, or with a setting.\n",
	      stream);
	for (size_t i = 0; i < conf_num_invariants; i++) {
		const struct conf_invariant *v = &conf_invariants[i];

		fprintf(stream, "\n%s %s (%s)\n    %s\n", v->id, v->name,
			v->clause, v->explain);
		for (size_t k = 0; k < conf_num_exceptions; k++)
			if (strcmp(conf_exceptions[k].id, v->id) == 0)
				print_exception(stream, &conf_exceptions[k]);
	}
}
