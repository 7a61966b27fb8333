/* SPDX-License-Identifier: Apache-2.0 */
/* minimize_write.c - the files that masqcheck minimize writes */
#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "minimize.h"

static bool write_one(struct cap_writer *writer, const struct conf_stimulus *s)
{
	struct cap_record record = {
		.time = s->now,
		.side = (enum cap_side)s->side,
		.dir = s->is_result ? CAP_SENT : CAP_ARRIVED,
		.cast = (enum cap_cast)s->cast,
		.ethertype = CAP_ETHERTYPE_IPV4,
		.data = s->data,
		.len = s->len,
		.wire_len = s->len,
		.is_ethernet = s->has_mac,
	};

	memcpy(record.src_mac, s->mac, 6);
	if (cap_write(writer, &record) == CAP_OK)
		return true;
	cli_error("%s", cap_writer_error(writer));
	return false;
}

static bool write_capture(const struct minimize_output *o)
{
	const struct conf_trace *played = &o->found->played;
	char error[CAP_ERROR_SIZE];
	struct cap_writer *writer;
	bool good = true;

	if (cap_create_from(o->reader, o->out, CAP_FORMAT_SLL2, &writer,
			    error) != CAP_OK) {
		cli_error("%s", error);
		return false;
	}
	for (size_t i = 0; i < played->num && good; i++)
		good = write_one(writer, &played->items[i]);
	if (!good) {
		cap_discard(writer);
		return false;
	}
	if (cap_commit(writer, error) == CAP_OK)
		return true;
	cli_error("%s", error);
	return false;
}

/* How IN was captured says nothing of OUT. */
static bool is_of_capture(const char *key)
{
	return strcmp(key, "inside.if") == 0 ||
	       strcmp(key, "outside.if") == 0 || strcmp(key, "wire") == 0;
}

static bool write_settings(const struct minimize_output *o)
{
	const struct conf_minimized *found = o->found;
	char *path = cap_sidecar_name(o->out);
	struct convert_file file;
	bool good = path != NULL && convert_open(&file, path);

	if (good) {
		fprintf(file.stream, "# %s, %s%s%s\n", found->finding.class,
			o->engine, o->against != NULL ? " against " : "",
			o->against != NULL ? o->against : "");
		for (size_t i = 0; i < found->num_settings; i++)
			if (!is_of_capture(found->settings[i].key))
				fprintf(file.stream, "%s = %s\n",
					found->settings[i].key,
					found->settings[i].value);
		good = convert_close(&file, true);
	}
	free(path);
	return good;
}

static bool write_case(const struct minimize_output *o)
{
	size_t len = strlen(o->out);
	char *path = strdup(o->out);
	char comment[1024];
	struct convert_options options = {
		.in = o->out,
		.out = path,
		.clause = "CAPTURE",
		.comment = comment,
	};
	enum cli_exit code;

	if (path == NULL)
		return false;
	memcpy(path + len - 5, ".case", 5);
	snprintf(
		comment, sizeof(comment),
		"minimised from %s, the results are those of %s\n# packet %zu: "
		"%s",
		o->in, o->found->player, o->found->finding.at + 1,
		o->found->finding.text);
	cli_config_init(&options.config);
	code = convert_capture(&options);
	cli_config_cleanup(&options.config);
	free(path);
	return code == CLI_OK;
}

bool minimize_write(const struct minimize_output *o)
{
	return write_capture(o) && write_settings(o) && write_case(o);
}
