/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_replay.c - what a replay of a whole file costs
 *
 * Three ways through the same stimuli, in turn: a bare loop of the capture
 * library that reads each record, writes it, rewrites it and writes it
 * again; the replay as masqcheck does it; and the engine alone, from memory.
 */
#define _GNU_SOURCE /* mkdtemp */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "replay.h"
#include "pcaps/baseline.h"
#include "reports/table.h"

#define START UINT64_C(1000000000000000000) /* ns, of generated captures */

struct files {
	char dir[256];  /* "" = none made */
	char in[280];   /* the stimuli */
	char bare[280]; /* what the bare loop writes */
	char out[280];  /* what the replay writes */
};

enum {
	BARE,
	REPLAY,
	ALONE,
	NUM_WAYS
};

struct bench {
	struct files files;
	struct cap_options options;
	const struct conf_settings *settings;
	struct conf_engine engine;
	struct bench_work work; /* the stimuli in memory */
	struct bench_times times[NUM_WAYS];
	char error[CAP_ERROR_SIZE];
};

static bool make_files(struct files *f)
{
	const char *tmp = getenv("TMPDIR");

	if (tmp == NULL || tmp[0] == '\0' || strlen(tmp) > 200)
		tmp = "/tmp";
	snprintf(f->dir, sizeof(f->dir), "%s/masqcheck-bench-XXXXXX", tmp);
	if (mkdtemp(f->dir) == NULL) {
		cli_error("%s: cannot be made", f->dir);
		f->dir[0] = '\0';
		return false;
	}
	snprintf(f->in, sizeof(f->in), "%s/in.pcap", f->dir);
	snprintf(f->bare, sizeof(f->bare), "%s/bare.pcap", f->dir);
	snprintf(f->out, sizeof(f->out), "%s/out.pcap", f->dir);
	return true;
}

static void remove_files(const struct files *f)
{
	if (f->dir[0] == '\0')
		return;
	unlink(f->in);
	unlink(f->bare);
	unlink(f->out);
	rmdir(f->dir);
}

/* Writes a stimulus and keeps it. */
static bool take(struct bench *b, struct cap_writer *writer,
		 const struct cap_record *record)
{
	bench_work_add(&b->work, (enum conf_side)record->side, record->time,
		       record->data, record->len);
	if (!b->work.failed && cap_write(writer, record) == CAP_OK)
		return true;
	snprintf(b->error, sizeof(b->error), "%s",
		 b->work.failed ? "no memory for the stimuli"
				: cap_writer_error(writer));
	return false;
}

/* The stimuli of a file, without anything else. */
static bool take_file(struct bench *b, struct cap_writer *writer,
		      const char *path)
{
	struct cap_reader *reader;
	struct conf_stream stream;
	struct conf_event event;
	enum cap_status status;
	bool done = true;

	if (cap_open(path, NULL, &b->options, &reader, b->error) != CAP_OK)
		return false;
	cli_stream_init(&stream, reader, 0);
	do {
		status = conf_stream_next(&stream, &event);
		if (status == CAP_OK && event.kind == CONF_EVENT_STIMULUS)
			done = take(b, writer, &event.record);
	} while (status == CAP_OK && done);
	if (status != CAP_OK && status != CAP_END) {
		snprintf(b->error, sizeof(b->error), "%s",
			 cap_reader_error(reader));
		done = false;
	}
	cap_close(reader);
	return done;
}

static bool take_packet(struct bench *b, struct cap_writer *writer,
			enum conf_side side, const uint8_t *data, uint32_t len)
{
	const struct cap_record record = {
		.time = START + b->work.num_packets * 1000,
		.side = (enum cap_side)side,
		.dir = CAP_ARRIVED,
		.ethertype = CAP_ETHERTYPE_IPV4,
		.data = data,
		.len = len,
		.wire_len = len,
	};

	return take(b, writer, &record);
}

/*
 * Passes of a workload, after the packets that opened its flows: those get
 * the same ports again.
 */
static bool take_workload(struct bench *b, struct cap_writer *writer,
			  uint64_t num_packets)
{
	struct bench_engine bench = {.engine = &b->engine};
	struct bench_work work = {.passes = 0};
	struct bench_loop loop = {.slots = NULL};
	bool done = bench_prepare("udp-10000", &bench, &work, &loop);
	uint8_t data[BENCH_MAX_PACKET];

	for (uint64_t i = 0; done && i < num_packets; i++) {
		const struct bench_packet *p =
			&work.packets[i % work.num_packets];
		struct bench_flow flow = bench_many((uint32_t)i);

		if (i < BENCH_SHUFFLED_FLOWS)
			done = take_packet(b, writer, CONF_INSIDE, data,
					   bench_make(data, &flow));
		else
			done = take_packet(b, writer, p->side,
					   work.data + p->offset, p->len);
	}
	bench_work_cleanup(&work);
	bench_loop_cleanup(&loop);
	return done;
}

static bool prepare(struct bench *b, const char *path, uint64_t num_packets)
{
	struct cap_writer *writer;
	bool done;

	if (cap_create(b->files.in, CAP_FORMAT_SLL2, &writer, b->error) !=
	    CAP_OK)
		return false;
	done = path != NULL ? take_file(b, writer, path)
			    : take_workload(b, writer, num_packets);
	if (!done) {
		cap_discard(writer);
		return false;
	}
	b->work.passes = 1;
	return cap_commit(writer, b->error) == CAP_OK;
}

/* A cap_rewrite_fn. */
static void rewrite(void *ctx, enum cap_side side, uint8_t *data, uint32_t len)
{
	struct masq_buf packet = {.data = data, .len = len, .cap = len};

	(void)ctx;
	(void)bench_rewrite(&packet, side == CAP_INSIDE, 0xcb007101, 61000);
}

static bool run_bare(struct bench *b)
{
	return cap_baseline(b->files.in, b->files.bare, rewrite, NULL,
			    b->error) == CAP_OK;
}

static bool run_replay(struct bench *b)
{
	const struct cli_paths paths = {.eye = b->files.out};
	struct cli_output output;
	struct cap_reader *reader;
	struct cli_replay replay = {.engine = &b->engine, .output = &output};
	bool done = false;

	if (cap_open(b->files.in, NULL, NULL, &reader, b->error) != CAP_OK)
		return false;
	replay.reader = reader;
	if (cli_output_open(&output, &paths, reader, b->settings)) {
		done = cli_replay_run(&replay) == CLI_OK &&
		       cli_output_commit(&output);
		cli_output_discard(&output);
	}
	if (!done)
		snprintf(b->error, sizeof(b->error), "the replay failed");
	cli_replay_cleanup(&replay);
	cap_close(reader);
	return done;
}

static bool run_alone(struct bench *b)
{
	struct bench_engine bench = {.engine = &b->engine};

	if (bench_engine_run(&bench, &b->work))
		return true;
	snprintf(b->error, sizeof(b->error), "%s",
		 conf_engine_error(&b->engine));
	return false;
}

/* All three ways, once. */
static bool run_round(struct bench *b)
{
	static bool (*const ways[NUM_WAYS])(struct bench *) = {
		[BARE] = run_bare,
		[REPLAY] = run_replay,
		[ALONE] = run_alone,
	};

	for (unsigned int i = 0; i < NUM_WAYS; i++) {
		double start;

		if (b->engine.ops->reset(b->engine.state) != CONF_OK)
			return false;
		start = bench_now();
		if (!ways[i](b))
			return false;
		bench_times_add(&b->times[i], bench_now() - start,
				b->work.num_packets);
	}
	return true;
}

static bool print(const struct bench *b, unsigned int rounds)
{
	static const char *const names[NUM_WAYS] = {
		[BARE] = "bare loop: read, rewrite, write",
		[REPLAY] = "replay: read, engine, write",
		[ALONE] = "engine alone, in memory",
	};
	const char *heading[] = {"", "ns/packet", "packets/s", "ratio"};
	double bare = bench_median(&b->times[BARE]);
	struct rep_table table;
	bool done;

	printf("%zu stimuli, medians of %u rounds; ratio: to the bare loop\n",
	       b->work.num_packets, rounds);
	rep_table_init(&table, "lrrr");
	rep_table_row(&table, heading);
	for (unsigned int i = 0; i < NUM_WAYS; i++) {
		double ns = bench_median(&b->times[i]);
		char cells[3][32];
		const char *row[] = {names[i], cells[0], cells[1], cells[2]};

		snprintf(cells[0], sizeof(cells[0]), "%.1f", ns);
		snprintf(cells[1], sizeof(cells[1]), "%.0f", 1e9 / ns);
		snprintf(cells[2], sizeof(cells[2]), "%.2f", ns / bare);
		rep_table_row(&table, row);
	}
	done = rep_table_print(&table, stdout, 0);
	rep_table_cleanup(&table);
	return done;
}

enum cli_exit bench_replay(struct cli_config *config, const char *address,
			   const char *path, unsigned int rounds,
			   uint64_t num_packets)
{
	static struct bench bench;
	enum cli_exit code = CLI_BROKEN;
	bool done;

	bench = (struct bench){.settings = &config->settings};
	conf_capture_options(&config->settings, &bench.options);
	if (conf_engine_open(&bench.engine, address, &config->config,
			     bench.error) != CONF_OK) {
		cli_error("%s", bench.error);
		return CLI_USAGE;
	}
	done = make_files(&bench.files) && prepare(&bench, path, num_packets);
	if (done && bench.work.num_packets == 0) {
		snprintf(bench.error, sizeof(bench.error),
			 "%s: there are no stimuli in it", path);
		done = false;
	}
	for (unsigned int i = 0; done && i < rounds; i++)
		done = run_round(&bench);
	if (done && print(&bench, rounds))
		code = CLI_OK;
	else if (bench.error[0] != '\0')
		cli_error("%s", bench.error);
	remove_files(&bench.files);
	bench_work_cleanup(&bench.work);
	conf_engine_close(&bench.engine);
	return code;
}
