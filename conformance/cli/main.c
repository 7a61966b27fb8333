/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - masqcheck: the table of subcommands, and the way in and out */
#define _GNU_SOURCE /* argp */

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

const struct cli_command cli_commands[] = {
	{"run", cmd_run, "play the cases against an engine"},
	{"list", cmd_list, "list the cases, or the clauses that they prove"},
	{"explain", cmd_explain, "what a case proves, and its packets"},
	{"baseline", cmd_baseline,
	 "hold a file of expected failures against an engine"},
	{"convert", cmd_convert, "turn a case into a capture, or back"},
	{"replay", cmd_replay,
	 "feed the stimuli of a capture to an engine, write what it sends"},
	{"diff", cmd_diff,
	 "compare what two engines, or an engine and a recording, send"},
	{"minimize", cmd_minimize,
	 "find the shortest capture that shows the same difference or crash"},
	{"fuzz", cmd_fuzz,
	 "look for inputs that break an engine, make them small, keep them"},
	{"probe", cmd_probe,
	 "find out what kind of NAT an engine is: mapping, timers, ICMP, ..."},
	{"show", cmd_show,
	 "print a capture: both sides of the router, side by side"},
	{"bench", cmd_bench,
	 "measure packets per second against a loop that does the least"},
	{"engines", cmd_engines, "list the engines, and which can run here"},
	{"doctor", cmd_doctor,
	 "look whether an engine keeps the contract, and what to do next"},
	{"record", cmd_record,
	 "store what an engine answers to cases and captures"},
	{"report", cmd_report,
	 "write reports from results: text, TAP, JUnit, JSON, Markdown"},
	{"help", cmd_help,
	 "explain a command, the settings, the engines, the quirks"},
};
const size_t cli_num_commands = sizeof(cli_commands) / sizeof(cli_commands[0]);

const struct cli_command *cli_find(const char *name)
{
	for (size_t i = 0; i < cli_num_commands; i++)
		if (strcmp(cli_commands[i].name, name) == 0)
			return &cli_commands[i];
	return NULL;
}

void cli_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("masqcheck: ", stderr);
	vfprintf(stderr, format, args);
	putc('\n', stderr);
	va_end(args);
}

void cli_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	error_t error = argp_parse(argp, argc, argv, 0, NULL, input);

	if (error != 0) {
		cli_error("%s: %s", argv[0], strerror(error));
		exit(CLI_USAGE);
	}
}

/* The last thing done: output that did not get out is a failure. */
static void close_stdout(void)
{
	bool failed = ferror(stdout) != 0;

	if (fclose(stdout) == 0 && !failed)
		return;
	cli_error("standard output: %s",
		  errno != 0 ? strerror(errno) : "write error");
	_exit(CLI_BROKEN);
}

static void print_version(FILE *stream, struct argp_state *state)
{
	(void)state;
	fprintf(stream, "masqcheck %s\n", MASQCHECK_VERSION);
}

/* Appends the table of commands to the help text. */
static char *help_filter(int key, const char *text, void *input)
{
	size_t size = 4096, at;
	char *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(uintptr_t)text;
	out = malloc(size);
	if (out == NULL)
		return NULL;
	at = (size_t)snprintf(out, size, "Commands:\n");
	for (size_t i = 0; i < cli_num_commands && at < size; i++)
		at += (size_t)snprintf(out + at, size - at, "  %-8s %s\n",
				       cli_commands[i].name,
				       cli_commands[i].help);
	if (at < size)
		snprintf(out + at, size - at, "\n%s", text);
	return out;
}

/* Where the name of the command stands. */
struct top {
	int command; /* index in argv; 0 = none */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct top *top = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_ARG:
		top->command = state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "COMMAND [ARGUMENT...]",
		.doc = "masqcheck tells whether a NAT is right.\v"
		       "\"masqcheck COMMAND --help\" or \"masqcheck help "
		       "COMMAND\" explains a command.\n\n"
		       "Exit codes: 0 done, equal; 1 different, failed; 2 usage: "
		       "an option, engine, setting or case that cannot be; 3 an "
		       "input (a capture, its file of settings) is broken, or an "
		       "engine or a write failed; 4 nothing was selected or ran; "
		       "130 interrupted.",
		.help_filter = help_filter,
	};
	const struct cli_command *command;
	struct top top = {.command = 0};
	char name[64];

	argp_program_version_hook = print_version;
	argp_err_exit_status = CLI_USAGE;
	/* A closed pipe is a failed write, not a sudden death. */
	signal(SIGPIPE, SIG_IGN);
	if (atexit(close_stdout) != 0)
		return CLI_BROKEN;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &top);
	if (top.command == 0)
		return CLI_USAGE;
	command = cli_find(argv[top.command]);
	if (command == NULL) {
		cli_error("there is no command \"%s\"; \"masqcheck --help\" "
			  "lists them",
			  argv[top.command]);
		return CLI_USAGE;
	}
	snprintf(name, sizeof(name), "masqcheck %s", command->name);
	argv[top.command] = name;
	return command->run(argc - top.command, argv + top.command);
}
