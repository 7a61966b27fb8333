/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_bench.c - masqcheck bench: its options, and the built-in workloads */
#define _GNU_SOURCE /* argp */

#include <string.h>

#include "bench.h"
#include "reports/table.h"
#include "values.h"

enum {
	OPT_ENGINE = 'e',
	OPT_ROUNDS = 'r',
	OPT_WORKLOAD = 'w',
	OPT_REPLAY = 0x200,
	OPT_LIFE,
	OPT_PACKETS,
};

struct options {
	struct cli_config config;
	const char *engine;
	const char *workload; /* NULL = all */
	const char *path;
	unsigned int rounds;
	uint64_t num_packets; /* of the generated capture */
	bool replay, life;
};

static const struct argp_option argp_options[] = {
	{.name = "engine",
	 .key = OPT_ENGINE,
	 .arg = "ENGINE",
	 .doc = "The engine, default ref; see \"masqcheck engines\""},
	{.name = "rounds",
	 .key = OPT_ROUNDS,
	 .arg = "N",
	 .doc = "Rounds, 1 to 101; 11 if not given"},
	{.name = "workload",
	 .key = OPT_WORKLOAD,
	 .arg = "NAME",
	 .doc = "Only this of the built-in workloads"},
	{.name = "replay",
	 .key = OPT_REPLAY,
	 .doc = "Measure the replay of a generated capture"},
	{.name = "life",
	 .key = OPT_LIFE,
	 .doc = "Measure what a fresh engine costs, opened or reset"},
	{.name = "packets",
	 .key = OPT_PACKETS,
	 .arg = "N",
	 .doc = "Packets of the generated capture; 1000000 if not given"},
	{0},
};

static int64_t number(struct argp_state *state, const char *option,
		      const char *arg, int64_t max)
{
	int64_t n = 1;

	if (!conf_read_number(conf_text_of(arg), 1, max, &n))
		argp_error(state, "%s: read \"%s\", expected 1..%lld", option,
			   arg, (long long)max);
	return n;
}

static const struct bench_workload *find_workload(const char *name)
{
	for (size_t i = 0; i < bench_num_workloads; i++)
		if (strcmp(bench_workloads[i].name, name) == 0)
			return &bench_workloads[i];
	return NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		break;
	case OPT_ENGINE:
		o->engine = arg;
		break;
	case OPT_ROUNDS:
		o->rounds = (unsigned int)number(state, "--rounds", arg,
						 BENCH_MAX_ROUNDS);
		break;
	case OPT_WORKLOAD:
		if (find_workload(arg) == NULL)
			argp_error(state,
				   "--workload: there is no \"%s\"; see --help",
				   arg);
		o->workload = arg;
		break;
	case OPT_REPLAY:
		o->replay = true;
		break;
	case OPT_LIFE:
		o->life = true;
		break;
	case OPT_PACKETS:
		o->num_packets = (uint64_t)number(state, "--packets", arg,
						  100000000);
		break;
	case ARGP_KEY_ARG:
		if (o->path != NULL)
			argp_error(state, "%s: only one capture at a time",
				   arg);
		o->path = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

bool bench_prepare(const char *name, struct bench_engine *bench,
		   struct bench_work *work, struct bench_loop *loop)
{
	const struct bench_workload *workload = find_workload(name);

	if (workload->prepare(bench, work, loop) && !work->failed)
		return true;
	cli_error("%s: the workload cannot be set up: it needs the default "
		  "topology, and memory",
		  name);
	return false;
}

/* One measurement: the loop and the engine in turn. */
static bool measure(const struct bench_workload *workload,
		    struct conf_engine *engine, unsigned int rounds,
		    struct bench_times *loop_times,
		    struct bench_times *engine_times)
{
	struct bench_engine bench = {.engine = engine};
	struct bench_work work = {.passes = 0};
	struct bench_loop loop = {.slots = NULL};
	bool done = bench_prepare(workload->name, &bench, &work, &loop);
	uint64_t packets = (uint64_t)work.num_packets * work.passes;

	for (unsigned int i = 0; done && i < rounds; i++) {
		double start = bench_now(), between;

		bench_loop_run(&loop, &work);
		between = bench_now();
		done = bench_engine_run(&bench, &work);
		bench_times_add(loop_times, between - start, packets);
		bench_times_add(engine_times, bench_now() - between, packets);
	}
	bench_work_cleanup(&work);
	bench_loop_cleanup(&loop);
	return done;
}

static void add_row(struct rep_table *table,
		    const struct bench_workload *workload,
		    const struct bench_times *loop_times,
		    const struct bench_times *engine_times)
{
	double loop = bench_median(loop_times);
	double engine = bench_median(engine_times);
	char cells[4][32];
	const char *row[] = {workload->name, cells[0], cells[1],
			     cells[2],       cells[3], workload->help};

	snprintf(cells[0], sizeof(cells[0]), "%.1f", loop);
	snprintf(cells[1], sizeof(cells[1]), "%.1f", engine);
	snprintf(cells[2], sizeof(cells[2]), "%.0f", 1e9 / engine);
	snprintf(cells[3], sizeof(cells[3]), "%.2f", engine / loop);
	rep_table_row(table, row);
}

static enum cli_exit run_workload(const struct options *o,
				  const struct bench_workload *workload,
				  struct rep_table *table)
{
	struct bench_times loop_times = {.num = 0}, engine_times = {.num = 0};
	char error[CONF_ERROR_SIZE];
	struct conf_engine engine;
	bool done;

	if (conf_engine_open(&engine, o->engine, &o->config.config, error) !=
	    CONF_OK) {
		cli_error("%s", error);
		return CLI_USAGE;
	}
	done = measure(workload, &engine, o->rounds, &loop_times,
		       &engine_times);
	if (done)
		add_row(table, workload, &loop_times, &engine_times);
	conf_engine_close(&engine);
	return done ? CLI_OK : CLI_BROKEN;
}

/* Those about tables are of the size that the reference's have. */
static bool is_wanted(const struct options *o,
		      const struct bench_workload *workload)
{
	if (o->workload != NULL)
		return strcmp(o->workload, workload->name) == 0;
	return !workload->of_reference || !conf_is_foreign(o->engine);
}

static enum cli_exit run_workloads(const struct options *o)
{
	const char *heading[] = {"workload",  "loop ns/packet", "ns/packet",
				 "packets/s", "ratio",          ""};
	enum cli_exit code = CLI_OK;
	struct rep_table table;

	rep_table_init(&table, "lrrrrl");
	rep_table_row(&table, heading);
	for (size_t i = 0; i < bench_num_workloads && code == CLI_OK; i++)
		if (is_wanted(o, &bench_workloads[i]))
			code = run_workload(o, &bench_workloads[i], &table);
	if (code == CLI_OK) {
		printf("%s, medians of %u rounds; ratio: to the loop\n",
		       o->engine, o->rounds);
		if (!rep_table_print(&table, stdout, 0))
			code = CLI_BROKEN;
	}
	rep_table_cleanup(&table);
	return code;
}

int cmd_bench(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{.argp = &cli_config_argp},
		{0},
	};
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[FILE.pcap]",
		.doc = "Measure an engine. Nothing is asserted.\v"
		       "Without a capture: packets from memory, next to a "
		       "loop that does the least a NAT has to do (copy the "
		       "headers, one look-up, rewrite an address and a port, "
		       "sum the segment up). Workloads: tcp-64, tcp-1400, "
		       "udp-10000, new-flows, full-table; of other engines "
		       "than the reference the last two only by name.\n\n"
		       "With a capture, or --replay: its stimuli from file to "
		       "file, next to a bare loop that reads, rewrites and "
		       "writes them, and the engine alone. The stimuli are "
		       "held in memory.\n\n" CLI_EXIT_CODES,
		.children = children,
	};
	struct options o = {
		.engine = "ref",
		.rounds = 11,
		.num_packets = 1000000,
	};
	enum cli_exit code;

	cli_config_init(&o.config);
	cli_parse(&argp, argc, argv, &o);
	code = cli_config_load(&o.config, o.path);
	if (code == CLI_OK)
		code = o.life ? bench_life(&o.config, o.engine, o.rounds)
		       : o.path != NULL || o.replay
			       ? bench_replay(&o.config, o.engine, o.path,
					      o.rounds, o.num_packets)
			       : run_workloads(&o);
	cli_config_cleanup(&o.config);
	return code;
}
