/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invariants.h - what holds for every NAT, whatever it is asked
 *
 * A checker watches one engine: each stimulus with the results it caused,
 * and time passing. It rebuilds what it needs (its own table of mappings)
 * from the packets alone and from the router's settings, never from the
 * engine. Each invariant has an id (INV-09), a clause and one line of
 * explanation. The settings say which hold: a profile with quirks breaks
 * some by design, each listed with the rule that says so.
 */
#ifndef CONFORMANCE_INVARIANTS_H
#define CONFORMANCE_INVARIANTS_H

#include "conformance/engine.h"
#include "conformance/results.h"
#include "conformance/settings.h"

struct conf_invariant {
	const char *id;      /* "INV-09" */
	const char *name;    /* short: "checksums" */
	const char *clause;  /* "RFC1624 3; RFC3022 4.1" */
	const char *explain; /* one line */
};

/* All of them, in the order of their ids. */
extern const struct conf_invariant conf_invariants[];
extern const size_t conf_num_invariants;

/*
 * What a profile or a setting breaks by design. While it holds, the
 * invariant is off, or narrowed to what is left of it.
 */
struct conf_exception {
	const char *id;     /* of the invariant */
	uint64_t quirk;     /* holds while that is on; 0 = see key */
	const char *key;    /* setting that it hangs on; NULL = always */
	bool is_whole;      /* the invariant is off */
	const char *rule;   /* that says so */
	const char *text;   /* one line */
	const char *reason; /* both: "RULE: text" */
};
extern const struct conf_exception conf_exceptions[];
extern const size_t conf_num_exceptions;

/* Do the settings make it hold? */
bool conf_exception_holds(const struct conf_exception *exception,
			  const struct conf_settings *settings);

struct conf_violation {
	const struct conf_invariant *invariant;
	uint64_t stimulus; /* number of the stimulus, 1-based; 0 = time */
	uint64_t now;      /* ns */
	const char *text;  /* what is wrong, with the field and values */
};

/* Valid during the call. */
typedef void conf_violation_fn(void *ctx, const struct conf_violation *v);

struct conf_checker;

/*
 * settings: of the router behind the engine (copied). on_violation is
 * called for each violation of an invariant that is on. NULL without
 * memory.
 */
struct conf_checker *conf_checker_new(const struct conf_settings *settings,
				      conf_violation_fn *on_violation,
				      void *ctx);
void conf_checker_free(struct conf_checker *checker);
void conf_checker_reset(struct conf_checker *checker);

/*
 * Switches one invariant off, or on again as the settings have it; false if
 * the id is unknown.
 */
bool conf_checker_switch(struct conf_checker *checker, const char *id, bool on);
/*
 * The same, for the engine at address.
 *
 * A profile there ("ref:PROFILE", a sabotage engine's) wins over the setting.
 * What is not of Linux 2.2 has none of its quirks, and what only Linux 2.2
 * promises (the range of ports, INV-29) is not asked of it.
 */
struct conf_checker *conf_checker_open(const struct conf_settings *settings,
				       const char *address,
				       conf_violation_fn *on_violation,
				       void *ctx);
/* Switches one on against all its exceptions; false if unknown. */
bool conf_checker_force(struct conf_checker *checker, const char *id);
/* Why an invariant is off by the settings: a rule id and text, or NULL. */
const char *conf_checker_exception(const struct conf_checker *checker,
				   const char *id);

/* A stimulus is about to be given to the engine; NULL = time passes. */
void conf_checker_stimulus(struct conf_checker *checker,
			   const struct conf_packet *stimulus);
/* A result of it. A conf_emit_fn: ctx is the checker. */
void conf_checker_result(void *checker, const struct conf_packet *result);
/* All its results are there. */
void conf_checker_end(struct conf_checker *checker, uint64_t now);

/*
 * The NAT at work, as far as packets tell, since the last reset: what one who
 * plays anything at all wants to have met. Entries that are made and never
 * used, and that a timer took one away, no packet tells.
 */
struct conf_seen {
	uint64_t mappings;  /* made: a flow had a name that it had not before */
	uint64_t answers;   /* translated, and delivered inside */
	uint64_t errors;    /* ICMP errors, translated */
	uint64_t datagrams; /* of several fragments, translated */
};
void conf_checker_seen(const struct conf_checker *checker,
		       struct conf_seen *out);

/* All three at once: a step whose results were collected. */
void conf_checker_step(struct conf_checker *checker,
		       const struct conf_packet *stimulus, uint64_t now,
		       const struct conf_results *results);

#endif /* CONFORMANCE_INVARIANTS_H */
