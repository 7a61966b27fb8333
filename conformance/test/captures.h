/* SPDX-License-Identifier: Apache-2.0 */
/* captures.h - capture files for tests */
#ifndef TEST_CAPTURES_H
#define TEST_CAPTURES_H

#include "pcaps/capture.h"
#include "support.h"

/* A folder for the files of a test; a cmocka setup and teardown. */
int captures_setup(void **state);
int captures_teardown(void **state);

/* The name of a file in it; valid until the next call. */
const char *captures_path(const char *name);

/* Starts a file, adds packets, ends it. */
struct cap_writer *captures_create(const char *name);
void captures_add(struct cap_writer *writer, const struct packet *p,
		  enum cap_side side, enum cap_dir dir, uint64_t now);
/* The same of any record; .data and .len are set. */
void captures_add_record(struct cap_writer *writer, const struct packet *p,
			 struct cap_record record);
void captures_commit(struct cap_writer *writer);

/* Writes a text file. */
void captures_write_text(const char *name, const char *text);

#endif /* TEST_CAPTURES_H */
