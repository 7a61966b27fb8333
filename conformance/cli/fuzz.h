/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz.h - masqcheck fuzz: what was asked for, and the parts of it
 *
 * A campaign runs target programs (fuzz/) as processes and reads what they
 * print; nothing of them is linked here. What they leave behind is triaged:
 * each input is given to a fresh process, what it shows there is a class
 * (fuzz_verdict.h), and of each class one input is kept, made small and
 * written as a finding.
 *
 *   OUT/findings/NAME/       repro.pcap repro.conf repro.case report.md
 *   OUT/corpus/TARGET/       what the fuzzer kept, for the next campaign
 *   OUT/unreproduced/        inputs that did it once, and not again
 *   OUT/ledger.tsv          what each campaign cost, and found
 *   OUT/work/                logs and what is in progress
 */
#ifndef MASQCHECK_FUZZ_H
#define MASQCHECK_FUZZ_H

#include <signal.h>
#include <stdint.h>

#include "cli.h"
#include "fuzz_process.h"
#include "fuzz_status.h"
#include "fuzz_verdict.h"

#define FUZZ_MAX_TARGETS 32u
#define FUZZ_MAX_JOBS    64u
#define FUZZ_MAX_CLASSES 256u

enum fuzz_with {
	FUZZ_LIBFUZZER = 0,
	FUZZ_AFL,
};

struct fuzz_options {
	const char *targets[FUZZ_MAX_TARGETS];
	size_t num_targets;
	const char *engine, *against; /* addresses, or NULL */
	enum fuzz_with with;
	unsigned int seconds; /* of the campaign, in all; 0 = see runs */
	uint64_t runs;        /* of each target; 0 = see seconds */
	uint64_t seed;        /* 0 = another one each time */
	unsigned int jobs;
	unsigned int limit;   /* s: an input that takes longer hangs */
	unsigned int max_len; /* octets of an input */
	unsigned int effort;  /* s: for making a finding small */
	const char *corpus;   /* or NULL: see fuzz_corpora() */
	const char *out;
	const char *known;   /* a file, or NULL */
	bool regress;        /* replay paths */
	const char *promote; /* the folder of a finding, or NULL */
	const char *as, *clause, *cases;
	const char **paths;
	size_t num_paths;
};

/* A target program. */
struct fuzz_program {
	char name[64]; /* of the target */
	char path[1024];
	char property[256];
	bool is_text; /* inputs are no captures */
};

struct fuzz_programs {
	struct fuzz_program items[FUZZ_MAX_TARGETS];
	size_t num;
	char dir[1024];
};

extern volatile sig_atomic_t fuzz_interrupted;

/* ---- fuzz_find.c: where the programs are ---- */

/*
 * Finds the programs that the options ask for, or all of them. Prints what is
 * missing, and how it is made. any_driver: those that only replay do, too.
 */
enum cli_exit fuzz_find(struct fuzz_programs *out, const struct fuzz_options *o,
			bool any_driver);
/* Those of libFuzzer, which have sanitizers; false, and silent: none. */
bool fuzz_find_sanitized(struct fuzz_programs *out);
const struct fuzz_program *fuzz_program_find(const struct fuzz_programs *all,
					     const char *name, size_t len);
/* Its dictionary: beside the programs, installed, or in the sources. */
bool fuzz_dictionary(char *out, size_t size, const struct fuzz_programs *all,
		     const char *target);
/* The folder of a target's seeds; false if there is none. */
bool fuzz_seeds_of(char *out, size_t size, const struct fuzz_options *o,
		   const char *target);
/* --corpus, or corpora/ as installed, or that of the sources. */
const char *fuzz_corpora(const struct fuzz_options *o);

/* ---- fuzz_campaign.c ---- */

/* Findings of a target. */
struct fuzz_counts {
	unsigned int num_new, num_known, num_unreproduced;
};

/* What has been seen of a target. */
struct fuzz_total {
	const struct fuzz_program *program;
	struct fuzz_status status;   /* of all its processes */
	struct fuzz_reached reached; /* of those that are gone */
	uint64_t milliseconds;       /* of processes */
	uint64_t cpu;                /* ms, of processes */
	uint64_t cpu_of_all; /* ms, by the ledger: earlier campaigns too */
	struct fuzz_counts counts;
	unsigned int num_bad_seeds;
	bool ran;
};

struct fuzz_campaign {
	const struct fuzz_options *options;
	const struct fuzz_programs *programs;
	struct fuzz_total totals[FUZZ_MAX_TARGETS];
	/* Classes that the processes themselves have told of. */
	char classes[FUZZ_MAX_CLASSES][FUZZ_CLASS_SIZE];
	unsigned int seen[FUZZ_MAX_CLASSES]; /* how often */
	size_t num_classes;
	struct fuzz_known *known;
	uint64_t num_inputs;  /* that failed */
	uint64_t began, ends; /* ms; ends 0 = when the runs are over */
	bool broken;          /* told why */
};

/* Runs it to its end; false: something broke, and was printed. */
bool fuzz_campaign_run(struct fuzz_campaign *c);

/* ---- fuzz_conclude.c ---- */

/* Triage, ledger, summary; good: the campaign did not break. */
enum cli_exit fuzz_conclude(struct fuzz_campaign *c, bool good);

/* ---- fuzz_ledger.c: what campaigns in a folder have cost ---- */

/* Adds a line for each target; sets cpu_of_all. False: printed. */
bool fuzz_ledger_add(struct fuzz_campaign *c);

/* ---- fuzz_known.c: classes that are no news ---- */

struct fuzz_known {
	char **globs;
	size_t num;
};

/* Those in the file --known, and those of OUT/findings. Prints. */
bool fuzz_known_load(struct fuzz_known *known, const struct fuzz_options *o);
bool fuzz_known_add(struct fuzz_known *known, const char *class) CONF_NODISCARD;
bool fuzz_is_known(const struct fuzz_known *known, const char *class);
void fuzz_known_cleanup(struct fuzz_known *known);

/* A line "- KEY: VALUE" of the report in the folder of a finding. */
bool fuzz_report_value(char *out, size_t size, const char *folder,
		       const char *key);

/* ---- fuzz_replay.c: one input, a fresh process ---- */

struct fuzz_replay {
	const struct fuzz_program *program;
	const char *engine, *against; /* or NULL */
	const char *known;            /* a file of classes to pass by */
	unsigned int limit;           /* ms */
};

/* False: nothing could be run; error says why. */
bool fuzz_replay(const struct fuzz_replay *replay, const char *input,
		 struct fuzz_verdict *out, struct fuzz_output *printed,
		 char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
/*
 * The settings that the target plays a variant with, as a sidecar; false: it
 * does not tell.
 */
bool fuzz_variant_text(const struct fuzz_replay *replay, unsigned int number,
		       struct fuzz_output *out) CONF_NODISCARD;
/*
 * Writes what the target plays of an input, on the router that it plays it
 * on: any octets are an input. False: it does not tell.
 */
bool fuzz_normal(const struct fuzz_replay *replay, const char *in,
		 const char *out) CONF_NODISCARD;

/* ---- fuzz_triage.c ---- */

struct fuzz_triage {
	const struct fuzz_options *options;
	const struct fuzz_programs *programs;
	struct fuzz_known *known;
	const struct fuzz_programs *better; /* or NULL: with sanitizers */
	size_t num_old; /* of known: from before the campaign */
	struct fuzz_counts counts[FUZZ_MAX_TARGETS];
	unsigned int num_new, num_known, num_unreproduced;
	bool failed; /* something could not be written: printed */
};

/* All inputs that failed, of all targets. */
void fuzz_triage_run(struct fuzz_triage *t);

/* ---- fuzz_small.c, fuzz_text.c: making an input small ---- */

struct fuzz_small {
	struct fuzz_replay replay;
	const char *class;
	const char *work;    /* folder for attempts */
	unsigned int effort; /* s */
	/* Results. */
	uint64_t num_attempts;
	size_t num_before, num_after; /* packets, or octets of a text */
	unsigned int variant;
};

/*
 * Writes the input made small to out. It is known to show the class. False:
 * nothing better than the input as it is was found, or could be written.
 */
bool fuzz_small_capture(struct fuzz_small *s, const char *in, const char *out,
			const char *settings);
bool fuzz_small_text(struct fuzz_small *s, const char *in, const char *out);

/* ---- fuzz_write.c ---- */

struct fuzz_finding_files {
	const struct fuzz_options *options;
	const struct fuzz_program *program;
	const struct fuzz_verdict *verdict;
	const struct fuzz_output *printed;
	const struct fuzz_small *small;
	const char *folder;    /* that is made: it has repro.pcap and .conf */
	const char *shown_as;  /* what its name will be */
	const char *original;  /* name of the input */
	const char *repro;     /* "repro.pcap", or what a text is */
	const char *engine;    /* or NULL */
	unsigned int num_same; /* further inputs of the class */
};

/* The case and the report beside what is there. False: printed. */
bool fuzz_write_report(const struct fuzz_finding_files *f);

/* ---- fuzz_regress.c, fuzz_promote.c ---- */

enum cli_exit fuzz_regress(const struct fuzz_options *o);
enum cli_exit fuzz_promote(const struct fuzz_options *o);

/* ---- fuzz_file.c ---- */

bool fuzz_make_folders(const char *path); /* as mkdir -p; prints */
bool fuzz_copy(const char *from, const char *to);
uint8_t *fuzz_load(const char *path, size_t *out_len); /* NULL: errno */
/* Written beside, then renamed. False: printed. */
bool fuzz_store(const char *path, const void *data, size_t len);
/* Removes a folder with all that is in it. */
void fuzz_remove(const char *path);
/* Calls back for each regular file below path, in order of names. */
typedef bool fuzz_file_fn(void *ctx, const char *path);
bool fuzz_each_file(const char *path, fuzz_file_fn *file, void *ctx);
uint64_t fuzz_now_ms(void);

#endif /* MASQCHECK_FUZZ_H */
