/* SPDX-License-Identifier: Apache-2.0 */
/* support.h - what the tests of results share */
#ifndef REPORTS_TEST_SUPPORT_H
#define REPORTS_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "reports/result.h"

/* A folder of its own, which becomes the current one, and goes again. */
int enter_folder(void **state);
int leave_folder(void **state);

/* The whole file, with a NUL behind it, for the caller to free. */
char *slurp(const char *path, size_t *out_len);
void spill(const char *path, const char *text, size_t len);

/* Is there nothing of a temporary file in the current folder? */
void assert_no_leftovers(void);

/*
 * Compares a file with golden/NAME octet for octet. With MASQCHECK_GOLDEN
 * in the environment golden/NAME is written instead.
 */
void assert_golden(const char *path, const char *name);

/* Results of the file golden/NAME, for the caller to free. */
struct rep_results *read_golden(const char *name);

/* Results of a text. */
struct rep_results *read_text(const char *text);

#endif /* REPORTS_TEST_SUPPORT_H */
