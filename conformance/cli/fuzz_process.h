/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_process.h - programs as children: started, listened to, ended */
#ifndef MASQCHECK_FUZZ_PROCESS_H
#define MASQCHECK_FUZZ_PROCESS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "conformance/settings.h"

/* The argument list of a program, and what it finds in its environment. */
struct fuzz_args {
	char *argv[96];
	size_t num;
	char *env[32]; /* "NAME=VALUE", or "NAME": it is taken away */
	size_t num_env;
	bool failed; /* no memory, or too many */
};

void fuzz_arg(struct fuzz_args *args, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void fuzz_env(struct fuzz_args *args, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Nothing, if the value is NULL. */
void fuzz_env_value(struct fuzz_args *args, const char *name,
		    const char *value);
void fuzz_args_cleanup(struct fuzz_args *args);

/*
 * Starts it: standard input is empty; standard output and error are one pipe,
 * which is the caller's to read; in a process group of its own, which dies
 * with this process. False: error says why.
 */
bool fuzz_start(const struct fuzz_args *args, pid_t *out_pid, int *out_fd,
		char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

/* What a program printed; of much the beginning and the end. */
#define FUZZ_OUTPUT_HEAD (64u << 10)
#define FUZZ_OUTPUT_SIZE (256u << 10)
struct fuzz_output {
	char *text; /* ends in a NUL */
	size_t len;
	bool is_cut;
	int status; /* of waitpid() */
	bool timed_out;
};

/*
 * Runs it for at most so many milliseconds and collects what it prints. With
 * in_group it stays in the group of the caller, who can kill both. False:
 * error says why.
 */
bool fuzz_collect(const struct fuzz_args *args, unsigned int milliseconds,
		  bool in_group, struct fuzz_output *out,
		  char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
void fuzz_output_cleanup(struct fuzz_output *output);

#endif /* MASQCHECK_FUZZ_PROCESS_H */
