/* SPDX-License-Identifier: Apache-2.0 */
/* permute_file.c - a capture in memory: read, written, freed */
#include <stdlib.h>
#include <string.h>

#include "permute.h"

bool permute_read(struct permute *p, const char *path,
		  const struct conf_settings *settings,
		  char error[CAP_ERROR_SIZE])
{
	struct cap_options options;
	struct cap_reader *reader;
	struct cap_record r;
	enum cap_status status;

	memset(p, 0, sizeof(*p));
	p->outside = settings->outside.addr;
	conf_capture_options(settings, &options);
	if (cap_open(path, NULL, &options, &reader, error) != CAP_OK)
		return false;
	while ((status = cap_next(reader, &r)) == CAP_OK) {
		struct permute_record *item;

		if (p->num == p->max) {
			p->max = p->max == 0 ? 256 : p->max * 2;
			p->records = realloc(p->records,
					     p->max * sizeof(*p->records));
		}
		item = &p->records[p->num++];
		item->record = r;
		item->data = malloc(r.len + 1);
		memcpy(item->data, r.data, r.len);
	}
	if (status != CAP_END)
		memcpy(error, cap_reader_error(reader), CAP_ERROR_SIZE);
	cap_close(reader);
	return status == CAP_END;
}

void permute_cleanup(struct permute *p)
{
	for (size_t i = 0; i < p->num; i++)
		free(p->records[i].data);
	free(p->records);
	memset(p, 0, sizeof(*p));
}

bool permute_write(const struct permute *p, const char *path,
		   char error[CAP_ERROR_SIZE])
{
	struct cap_writer *writer;

	if (cap_create(path, CAP_FORMAT_SLL2, &writer, error) != CAP_OK)
		return false;
	for (size_t i = 0; i < p->num; i++) {
		struct cap_record r = p->records[i].record;

		r.data = p->records[i].data;
		if (cap_write(writer, &r) != CAP_OK) {
			memcpy(error, cap_writer_error(writer), CAP_ERROR_SIZE);
			cap_discard(writer);
			return false;
		}
	}
	return cap_commit(writer, error) == CAP_OK;
}
