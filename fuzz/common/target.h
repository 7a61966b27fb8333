/* SPDX-License-Identifier: Apache-2.0 */
/*
 * target.h - what a fuzz target is
 *
 * A target is one file that defines fuzz_target. It is linked with one of
 * three drivers: libfuzzer.c, afl.c (persistent mode, test cases in shared
 * memory), or regress.c (a plain program over files and folders, for any
 * compiler). A target keeps nothing from one execution to the next but what
 * it makes once: the same input does the same, whatever ran before.
 */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf_packet;
struct fuzz_input;

struct fuzz_target {
	const char *name;     /* "engine": of the program, corpus, dictionary */
	const char *property; /* one line: what must hold */
	const char *helper;   /* what the mutator weighs more: "" or "ftp" */
	bool is_text;         /* inputs are not captures: no mutator of ours */
	/* Once, before all; false: it said on standard error why not. */
	bool (*begin)(void);
	void (*run)(const uint8_t *data, size_t len);
	/* Sets the router that it is played on, if another; or NULL. */
	void (*route)(struct fuzz_input *input);
	/* Makes of a stimulus what is played; of that the same. Or NULL. */
	void (*steer)(const struct fuzz_input *input, struct conf_packet *p);
	/* Once, behind all; may be NULL. */
	void (*end)(void);
};
extern const struct fuzz_target fuzz_target;

#endif /* FUZZ_TARGET_H */
