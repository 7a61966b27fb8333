/* SPDX-License-Identifier: Apache-2.0 */
/* convert_capture.c - a capture becomes a case */
#define _GNU_SOURCE

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/play.h"
#include "conformance/stream.h"
#include "convert.h"
#include "replay.h"

#define MAX_WORDS 400000u /* a packet of 64 KiB as text */

struct converter {
	FILE *out;
	char *words;
	uint64_t start; /* ns */
	uint64_t at;    /* of the last line */
	bool started;
	bool quiet; /* the capture is our own */
};

static const char *side_name(enum conf_side side)
{
	return side == CONF_INSIDE ? "inside " : "outside";
}

/* Settings that say how a capture is read, not what the router is. */
static bool is_of_capture(const char *key)
{
	return strcmp(key, "inside.if") == 0 ||
	       strcmp(key, "outside.if") == 0 || strcmp(key, "wire") == 0;
}

static void put_head(struct converter *c, const struct convert_options *o)
{
	const struct cli_config *config = &o->config;
	const char *title = config->file.title;

	if (o->comment != NULL)
		fprintf(c->out, "# %s\n", o->comment);
	fprintf(c->out, "title   %s\nclause  %s\n",
		title != NULL && title[0] != '\0' ? title : "A capture",
		o->clause);
	for (size_t i = 0; i < config->config.num_settings; i++)
		if (!is_of_capture(config->all[i].key))
			fprintf(c->out, "config  %s %s\n", config->all[i].key,
				config->all[i].value);
}

static void put_time(struct converter *c, uint64_t now)
{
	if (!c->started) {
		c->start = now;
		fprintf(c->out, "start   %" PRIu64 ".%09" PRIu64 "\n\n",
			now / 1000000000, now % 1000000000);
	}
	c->started = true;
	now = now > c->start ? now - c->start : 0;
	c->at = now;
	fprintf(c->out, "at %" PRIu64 ".%09" PRIu64, now / 1000000000,
		now % 1000000000);
}

static void put_link(struct converter *c, const struct conf_event *event)
{
	static const char *const casts[] = {"", " cast broadcast",
					    " cast multicast", " cast other"};
	const uint8_t usual[6] = {2, 0, 0,
				  0, 0, (uint8_t)(0x80 | event->packet.side)};
	const uint8_t *mac = event->record.src_mac;

	fputs(casts[event->packet.cast & 3], c->out);
	if (!event->record.is_ethernet || memcmp(mac, usual, 6) == 0)
		return;
	fprintf(c->out, " mac %02x%02x%02x%02x%02x%02x", mac[0], mac[1], mac[2],
		mac[3], mac[4], mac[5]);
}

static void put_event(struct converter *c, const struct conf_event *event)
{
	const struct conf_packet *p = &event->packet;
	bool stimulus = event->kind == CONF_EVENT_STIMULUS;

	(void)conf_case_words(NULL, p->data, p->len, true, c->words, MAX_WORDS);
	if (stimulus || event->kind == CONF_EVENT_TIMED)
		put_time(c, p->now);
	else
		fputs("      ", c->out);
	fprintf(c->out, " %s %s %s", side_name(p->side),
		stimulus ? "sends" : "gets exactly", c->words);
	if (stimulus)
		put_link(c, event);
	putc('\n', c->out);
}

static enum cli_exit put_all(struct converter *c, struct cap_reader *reader)
{
	struct conf_stream stream;
	struct conf_event event;
	enum cap_status status;

	cli_stream_init(&stream, reader, 0);
	while ((status = conf_stream_next(&stream, &event)) == CAP_OK)
		put_event(c, &event);
	if (!c->quiet)
		cli_stream_notes(&stream.counts);
	if (status == CAP_END && stream.counts.stimuli > 0)
		return CLI_OK;
	cli_error("%s", status == CAP_END ? "the capture has no stimulus"
					  : cap_reader_error(reader));
	return CLI_BROKEN;
}

enum cli_exit convert_capture(struct convert_options *o)
{
	struct converter c = {
		.words = malloc(MAX_WORDS),
		.quiet = o->comment != NULL,
	};
	enum cli_exit code = cli_config_load(&o->config, o->in);
	char error[CAP_ERROR_SIZE];
	struct cap_options options;
	struct convert_file file;
	struct cap_reader *reader = NULL;

	if (code == CLI_OK && c.words == NULL)
		code = CLI_BROKEN;
	if (code == CLI_OK) {
		conf_capture_options(&o->config.settings, &options);
		if (cap_open(o->in, NULL, &options, &reader, error) != CAP_OK) {
			cli_error("%s", error);
			code = CLI_BROKEN;
		}
	}
	if (code == CLI_OK && !convert_open(&file, o->out))
		code = CLI_BROKEN;
	else if (code == CLI_OK) {
		c.out = file.stream;
		put_head(&c, o);
		code = put_all(&c, reader);
		if (!convert_close(&file, code == CLI_OK))
			code = CLI_BROKEN;
	}
	cap_close(reader);
	free(c.words);
	return code;
}
