/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_verdict.h - what a target program's death means
 *
 * A class names a finding; inputs of one class show the same. It has no
 * blanks, and its parts are parted by "/":
 *
 *   INV-09/CORE-PORT-03              what the target said: oracle, clause
 *   heap-buffer-overflow/f/g/h       a sanitizer: kind, the top three frames
 *   ubsan:signed-integer-overflow/f/g/h
 *   crash/f/g/h                      a signal, where there is a stack
 *   signal:SIGSEGV                   a signal, where there is none
 *   timeout, out-of-memory, leak/f/g/h, exit:3
 */
#ifndef MASQCHECK_FUZZ_VERDICT_H
#define MASQCHECK_FUZZ_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#define FUZZ_CLASS_SIZE 128

struct fuzz_verdict {
	bool failed;
	char class[FUZZ_CLASS_SIZE]; /* "" if it did not fail */
	char text[400];              /* a line for people */
};

/* Of what it printed, and how it ended: a status of waitpid(). */
void fuzz_verdict_read(struct fuzz_verdict *out, const char *text, int status,
		       bool timed_out);

/* A class as the name of a file: letters, digits, '.', '-', '_', '+'. */
void fuzz_class_name(char *out, size_t size, const char *class);

#endif /* MASQCHECK_FUZZ_VERDICT_H */
