/* SPDX-License-Identifier: Apache-2.0 */
/* captures.c - capture files for tests */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include <dirent.h>
#include <unistd.h>

#include "captures.h"

static char folder[64];

int captures_setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/masqcheck-test-XXXXXX");
	return mkdtemp(folder) != NULL ? 0 : -1;
}

int captures_teardown(void **state)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	(void)state;
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		unlink(captures_path(entry->d_name));
	if (dir != NULL)
		closedir(dir);
	return rmdir(folder);
}

const char *captures_path(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

struct cap_writer *captures_create(const char *name)
{
	char error[CAP_ERROR_SIZE];
	struct cap_writer *writer;

	if (cap_create(captures_path(name), CAP_FORMAT_SLL2, &writer, error) !=
	    CAP_OK)
		fail_msg("%s", error);
	return writer;
}

void captures_add_record(struct cap_writer *writer, const struct packet *p,
			 struct cap_record record)
{
	record.data = p->data;
	record.len = p->len;
	assert_int_equal(cap_write(writer, &record), CAP_OK);
}

void captures_add(struct cap_writer *writer, const struct packet *p,
		  enum cap_side side, enum cap_dir dir, uint64_t now)
{
	captures_add_record(writer, p,
			    (struct cap_record){
				    .time = now,
				    .side = side,
				    .dir = dir,
				    .ethertype = CAP_ETHERTYPE_IPV4,
			    });
}

void captures_commit(struct cap_writer *writer)
{
	char error[CAP_ERROR_SIZE];

	if (cap_commit(writer, error) != CAP_OK)
		fail_msg("%s", error);
}

void captures_write_text(const char *name, const char *text)
{
	FILE *file = fopen(captures_path(name), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}
