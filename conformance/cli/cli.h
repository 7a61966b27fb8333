/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli.h - the masqcheck program: its commands and what they share
 *
 * Output goes to stdout, everything else to stderr. A command returns one of
 * the exit codes below; a failing write to stdout turns any of them into
 * CLI_BROKEN.
 */
#ifndef MASQCHECK_CLI_H
#define MASQCHECK_CLI_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

enum cli_exit {
	CLI_OK = 0,        /* done; equal */
	CLI_DIFFERENT = 1, /* a difference, a failed case or invariant */
	CLI_USAGE = 2,     /* an option, a setting or a case that cannot be */
	CLI_BROKEN = 3,    /* an input, an engine or the output failed */
	CLI_NOTHING = 4,   /* there was nothing to do */
	CLI_INTERRUPTED = 130, /* what was done by then is kept */
};

/* One subcommand; argv[0] is "masqcheck NAME". */
struct cli_command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help; /* one line */
};
extern const struct cli_command cli_commands[];
extern const size_t cli_num_commands;

int cmd_doctor(int argc, char **argv);
int cmd_engines(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_fuzz(int argc, char **argv);
int cmd_minimize(int argc, char **argv);
int cmd_probe(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_baseline(int argc, char **argv);
int cmd_convert(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_help(int argc, char **argv);

/* The command of that name, or NULL. */
const struct cli_command *cli_find(const char *name);

/* Parses arguments; does not return for --help, --usage and errors. */
void cli_parse(const struct argp *argp, int argc, char **argv, void *input);

/* "masqcheck: TEXT" on stderr. */
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The exit codes, as the end of a --help text. */
#define CLI_EXIT_CODES                                                         \
	"Exit codes: 0 done; 2 usage: an option, engine or setting that "      \
	"cannot be; 3 an input (a capture, its file of settings) is broken, "  \
	"or an engine or a write failed."

#endif /* MASQCHECK_CLI_H */
