/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_show.c - masqcheck show: a capture with both sides of the router
 *
 * Inside on the left, outside on the right, a line for each packet. The
 * arrow shows which way it went; a stimulus stands above its results.
 */
#define _GNU_SOURCE /* argp */

#include <inttypes.h>
#include <string.h>

#include "config.h"
#include "hex.h"
#include "replay.h"
#include "conformance/decode.h"
#include "reports/term.h"

enum {
	OPT_HEX = 'x',
	OPT_OUTSIDE = 0x200,
};

/*
 * A real router takes a moment to answer. What it sends within this time is
 * shown as the answer; time-outs of Linux 2.2 fall on ticks of 10 ms.
 */
#define LAG UINT64_C(5000000) /* ns */

/* Width of a column where nothing has to be clipped. */
#define FREE_WIDTH 72u
/* Least width of a column; narrower terminals wrap. */
#define LEAST_WIDTH 24u
/* "123456 +1234.123456 " before, " | " between. */
#define MARGIN_WIDTH 20u
#define GAP_WIDTH    3u

struct options {
	struct cli_config config;
	const char *path;
	const char *outside;
	bool hex;
};

/* A stimulus whose line waits until it is known whether it is answered. */
struct pending {
	bool is_set;
	bool answered;
	uint64_t number;
};

struct show {
	const struct options *options;
	struct rep_term term;
	unsigned int width; /* of a column; 0 = not clipped */
	uint64_t start;     /* ns, of the first packet */
	bool started;
	struct pending last; /* */
	uint64_t num_dropped;
};

static const struct argp_option argp_options[] = {
	{.name = "hex", .key = OPT_HEX, .doc = "Print the octets as well"},
	{.name = "outside",
	 .key = OPT_OUTSIDE,
	 .arg = "FILE",
	 .doc = "The other file is a capture of the inside wire, FILE one of "
		"the outside wire at the same time"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		break;
	case OPT_HEX:
		o->hex = true;
		break;
	case OPT_OUTSIDE:
		o->outside = arg;
		break;
	case ARGP_KEY_ARG:
		if (o->path != NULL)
			argp_error(state, "%s: only one capture at a time",
				   arg);
		o->path = arg;
		break;
	case ARGP_KEY_END:
		if (o->path == NULL)
			argp_error(state, "no capture was named");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void init_columns(struct show *s, enum rep_when color)
{
	rep_term_init(&s->term, stdout, color);
	if (!s->term.terminal)
		return;
	s->width = s->term.width > MARGIN_WIDTH + GAP_WIDTH
			   ? (s->term.width - MARGIN_WIDTH - GAP_WIDTH) / 2
			   : 0;
	if (s->width < LEAST_WIDTH)
		s->width = LEAST_WIDTH;
}

/* The text in its column, clipped with "~" where that is asked for. */
static void print_cell(const struct show *s, bool right, const char *text)
{
	unsigned int width = s->width != 0 ? s->width : FREE_WIDTH;
	size_t len = strlen(text);

	if (right)
		printf("%*s | ", (int)width, "");
	if (s->width != 0 && len > width)
		printf("%.*s~", (int)width - 1, text);
	else if (right)
		printf("%s", text);
	else
		printf("%-*s", (int)width, text);
	if (!right)
		printf(" |");
	putchar('\n');
}

/* "-->": towards the outside. */
static const char *arrow_of(const struct conf_event *event)
{
	bool inside = event->packet.side == CONF_INSIDE;
	bool arrived = event->kind == CONF_EVENT_STIMULUS;

	return inside == arrived ? "-->" : "<--";
}

/* Says so if the last stimulus had no result. */
static void close_last(struct show *s)
{
	if (s->last.is_set && !s->last.answered) {
		s->num_dropped++;
		printf("%*s%sno result for packet %" PRIu64 "%s\n",
		       (int)MARGIN_WIDTH, "", rep_begin(&s->term, REP_BAD),
		       s->last.number, rep_end(&s->term, REP_BAD));
	}
	s->last.is_set = false;
}

static void show_event(struct show *s, const struct conf_event *event)
{
	const struct conf_packet *packet = &event->packet;
	bool is_stimulus = event->kind == CONF_EVENT_STIMULUS;
	char line[CONF_MAX_SUMMARY + 16];
	uint64_t time;
	size_t at;

	if (!s->started)
		s->start = packet->now;
	s->started = true;
	if (event->kind != CONF_EVENT_RESULT)
		close_last(s);
	if (is_stimulus)
		s->last = (struct pending){.is_set = true,
					   .number = event->record.number};
	else if (event->kind == CONF_EVENT_RESULT)
		s->last.answered = true;

	time = packet->now > s->start ? packet->now - s->start : 0;
	printf("%6" PRIu64 " %5" PRIu64 ".%06" PRIu64 " ", event->record.number,
	       time / 1000000000u, time % 1000000000u / 1000);
	at = (size_t)snprintf(line, sizeof(line), "%s %s", arrow_of(event),
			      event->kind == CONF_EVENT_TIMED ? "(time) " : "");
	conf_summary(line + at, sizeof(line) - at, packet->data, packet->len);
	print_cell(s, packet->side == CONF_OUTSIDE, line);
	if (s->options->hex)
		cli_hex(stdout, "      ",
			(struct masq_view){.data = packet->data,
					   .len = packet->len});
}

static enum cli_exit show_all(struct show *s, struct cap_reader *reader)
{
	struct conf_stream stream;
	struct conf_event event;
	enum cap_status status;

	cli_stream_init(&stream, reader, LAG);
	printf("%*s", (int)MARGIN_WIDTH, "number       time ");
	print_cell(s, false, "inside");
	while ((status = conf_stream_next(&stream, &event)) == CAP_OK)
		show_event(s, &event);
	close_last(s);
	fflush(stdout);
	if (status != CAP_END) {
		cli_error("%s", cap_reader_error(reader));
		return CLI_BROKEN;
	}
	cli_stream_notes(&stream.counts);
	printf("%" PRIu64 " stimuli, %" PRIu64 " results, %" PRIu64
	       " stimuli without a result\n",
	       stream.counts.stimuli, stream.counts.results, s->num_dropped);
	return CLI_OK;
}

static enum cli_exit run(const struct options *o)
{
	struct show show = {.options = o};
	char error[CAP_ERROR_SIZE];
	struct cap_options options;
	struct cap_reader *reader;
	enum cli_exit code;

	conf_capture_options(&o->config.settings, &options);
	if (cap_open(o->path, o->outside, &options, &reader, error) != CAP_OK) {
		cli_error("%s", error);
		return CLI_BROKEN;
	}
	init_columns(&show, o->config.color);
	code = show_all(&show, reader);
	cap_close(reader);
	return code;
}

int cmd_show(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_config_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Print a capture (- is standard input), a line for each "
		       "packet: the inside on the left, the outside on the "
		       "right.\v"
		       "--> goes towards the outside, <-- towards the inside. "
		       "A packet that arrived stands above what the router "
		       "sent for it; (time) marks what was sent for no packet. "
		       "Times are seconds since the first packet. On a "
		       "terminal long lines are clipped.\n\n" CLI_EXIT_CODES,
		.children = children,
	};
	struct options o = {.path = NULL};
	enum cli_exit code;

	cli_config_init(&o.config);
	cli_parse(&argp, argc, argv, &o);
	code = cli_config_load(&o.config, o.path);
	if (code == CLI_OK)
		code = run(&o);
	cli_config_cleanup(&o.config);
	return code;
}
