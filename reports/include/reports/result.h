/* SPDX-License-Identifier: Apache-2.0 */
/*
 * result.h - what a run found out: the model behind all reports
 *
 * A run writes one file of JSON lines: a line about the run, one for each
 * case as it ends, a line at the end. Everything that people or programs
 * read is rendered from such files, later and elsewhere if need be: text,
 * TAP, JUnit, JSON, Markdown. Nothing here knows what a NAT is: names,
 * verdicts, times, texts.
 *
 * Strings are UTF-8 and not owned unless said; NULL = not there.
 */
#ifndef REPORTS_RESULT_H
#define REPORTS_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REP_NODISCARD __attribute__((warn_unused_result))

enum rep_status {
	REP_OK = 0,
	REP_ERR_IO,     /* reading or writing failed */
	REP_ERR_FORMAT, /* not a file of results */
	REP_ERR_NOMEM,
};

/* Room for the text of an error. */
#define REP_ERROR_SIZE 512

/* What became of a case. Names: "PASS", "FAIL", ... */
enum rep_verdict {
	REP_NONE = 0,
	REP_PASS,
	REP_FAIL,
	REP_XFAIL,         /* failed, as the baseline says */
	REP_XPASS,         /* passed, though the baseline says it fails */
	REP_UNIMPLEMENTED, /* the engine cannot do what the case needs */
	REP_SKIP,          /* not run, with a reason */
	REP_ERROR,         /* harness or engine broke, or nothing was proved */
	REP_NUM_VERDICTS
};
const char *rep_verdict_name(enum rep_verdict verdict);
/* The verdict of that name; false if there is none. */
bool rep_verdict_find(const char *name, enum rep_verdict *out_verdict);

/* Does the verdict make the run fail? FAIL, XPASS and ERROR do. */
bool rep_verdict_is_bad(enum rep_verdict verdict);

/* The run as a whole. */
struct rep_run {
	const char *engine;  /* address, "ref:linux-2.2" */
	const char *version; /* of masqcheck */
	const char *command; /* that started it, for repeating */
	uint64_t seed;       /* of the order and of engines */
	const char *shard;   /* "1/4", or NULL */
	const char *started; /* ISO 8601, UTC; NULL in reproducible runs */
};

/* One line of evidence: a field that differs. */
struct rep_field {
	const char *name;     /* "udp.checksum" */
	const char *expected; /* text */
	const char *actual;   /* text */
};

/* A case that has ended. */
struct rep_case {
	const char *id;    /* "rfc4787/req-01/udp-two-servers" */
	const char *title; /* one line */
	const char *file;  /* source of the case */
	unsigned int line; /* of what failed; 0 = the case as a whole */
	enum rep_verdict verdict;
	const char *reason; /* of SKIP, UNIMPLEMENTED, ERROR, XFAIL, ... */
	/* Clauses: ids, level ("MUST"), the sentence of the first one. */
	const char *const *clauses;
	size_t num_clauses;
	const char *level;
	const char *sentence;
	/* A failure. */
	const char *what;     /* the line of the case */
	const char *expected; /* in the case language */
	const char *actual;   /* in the case language */
	const struct rep_field *fields;
	size_t num_fields;
	const char *const *invariants; /* violated: "INV-09: text" */
	size_t num_invariants;
	const char *const *captures; /* files kept as evidence */
	size_t num_captures;
	const char *repeat; /* the command that repeats it */
	uint64_t duration;  /* ns, of real time; 0 = not measured */
};

/* ---- the store ------------------------------------------------------- */

struct rep_store;

/*
 * Starts a file of results, in place of what is there. Each line is written
 * whole, in one write, so that a killed run leaves no half line before its
 * last one. "-" is standard output.
 */
enum rep_status rep_store_create(const char *path, const struct rep_run *run,
				 struct rep_store **out_store,
				 char error[REP_ERROR_SIZE]) REP_NODISCARD;
/*
 * Adds a case; id and verdict are needed, else REP_ERR_FORMAT. Octets that
 * are no UTF-8 become U+FFFD. After a failed write nothing more is written,
 * and half a line is taken back where the file allows it.
 */
enum rep_status rep_store_add(struct rep_store *store,
			      const struct rep_case *result) REP_NODISCARD;
/*
 * Finishes the file: interrupted = the run did not get to its end. Tells
 * of the first failure of any write. Frees store; NULL is REP_OK.
 */
enum rep_status rep_store_close(struct rep_store *store, bool interrupted,
				char error[REP_ERROR_SIZE]) REP_NODISCARD;

/* ---- results in memory ----------------------------------------------- */

/* All of one or several files, owned. */
struct rep_results;

struct rep_results *rep_results_new(void);
void rep_results_free(struct rep_results *results);

/*
 * Adds the cases of a file of results (another shard, another run); "-" is
 * standard input. A last line that is cut off is reported in *out_partial
 * and left out; any other broken line is REP_ERR_FORMAT with file and line
 * in error. After an error results are as before. A case seen twice: the
 * worse verdict stays, of equal ones the first. From best to worst: PASS,
 * SKIP, UNIMPLEMENTED, XFAIL, XPASS, FAIL, ERROR.
 */
enum rep_status rep_results_read(struct rep_results *results, const char *path,
				 bool *out_partial,
				 char error[REP_ERROR_SIZE]) REP_NODISCARD;
/* Adds a copy of one case, of a run's header. */
enum rep_status rep_results_add(struct rep_results *results,
				const struct rep_case *result) REP_NODISCARD;
enum rep_status rep_results_set_run(struct rep_results *results,
				    const struct rep_run *run) REP_NODISCARD;

size_t rep_results_num(const struct rep_results *results);
/* Sorted by id, as paths are: a before a/b before a-b. */
const struct rep_case *rep_results_get(const struct rep_results *results,
				       size_t i);
size_t rep_results_count(const struct rep_results *results,
			 enum rep_verdict verdict);
/* All but those that say why they were not played: UNIMPLEMENTED, SKIP. */
size_t rep_results_num_played(const struct rep_results *results);

/* The headers, in the order of reading. */
size_t rep_results_num_runs(const struct rep_results *results);
const struct rep_run *rep_results_run(const struct rep_results *results,
				      size_t i);

/*
 * Runs that did not get to their end: interrupted, killed, or cut off. The
 * runner counts its own with rep_results_set_unfinished().
 */
size_t rep_results_num_unfinished(const struct rep_results *results);
void rep_results_set_unfinished(struct rep_results *results);

/* Is there a bad verdict, or a run that did not get to its end? */
bool rep_results_failed(const struct rep_results *results);

/* ---- renderers ------------------------------------------------------- */

enum rep_format {
	REP_TEXT = 0, /* for people, on a terminal */
	REP_TAP,      /* version 14 */
	REP_JUNIT,    /* XML */
	REP_JSON,     /* a summary */
	REP_MARKDOWN, /* for the summary of a CI job */
	REP_NUM_FORMATS
};
/* "text", "tap", "junit", "json", "markdown"; false if there is none. */
bool rep_format_find(const char *name, enum rep_format *out_format);

/*
 * Renders to a file, written under a temporary name and renamed; "-" is
 * standard output. against: results to compare with (what is new, fixed,
 * changed), or NULL. colour: REP_TEXT only.
 */
enum rep_status rep_render(const struct rep_results *results,
			   const struct rep_results *against,
			   enum rep_format format, const char *path,
			   bool colour,
			   char error[REP_ERROR_SIZE]) REP_NODISCARD;

#endif /* REPORTS_RESULT_H */
