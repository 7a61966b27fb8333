/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_small.c - the shortest capture that makes a target fail the same way
 *
 * The minimiser of "masqcheck minimize" does it, with another oracle: each
 * candidate is written as a fuzz input and given to the target program. Its
 * engine only aims: it says what the names are that stimuli go to.
 */
#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/minimize.h"
#include "conformance/registry.h"
#include "convert.h"
#include "fuzz.h"
#include "pcaps/sidecar.h"
#include "reports/progress.h"

/* What the oracle, which is told nothing, has to know. */
static struct judged {
	struct fuzz_small *small;
	size_t num_settings; /* none of them may go: the variant has them */
	uint64_t deadline;   /* ms */
} judged;

static volatile sig_atomic_t stop;

/* ---- A trace as a fuzz input ---- */

struct octets {
	uint8_t *data;
	size_t len;
};

/* A cap_put_fn. */
static const char *put(void *ctx, const uint8_t *data, size_t len)
{
	struct octets *o = ctx;
	uint8_t *more = realloc(o->data, o->len + len + 1);

	if (more == NULL)
		return "no memory";
	o->data = more;
	memcpy(more + o->len, data, len);
	o->len += len;
	return NULL;
}

static bool write_one(struct cap_writer *writer, const struct conf_stimulus *s,
		      uint64_t start)
{
	struct cap_record record = {
		.time = s->now > start ? s->now - start : 0,
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
	return cap_write(writer, &record) == CAP_OK;
}

/* The number of the variant stands in the header, where readers pass by. */
static void set_variant(struct octets *o, unsigned int variant)
{
	for (unsigned int i = 0; i < 4 && o->len >= 12; i++)
		o->data[8 + i] = (uint8_t)(variant >> 8 * i);
}

/*
 * Targets count from the first stimulus, other readers take the time as it
 * stands: the capture begins at 0, so that both play the same.
 */
static uint64_t start_of(const struct conf_trace *trace)
{
	for (size_t i = 0; i < trace->num; i++)
		if (!trace->items[i].is_result)
			return trace->items[i].now;
	return 0;
}

static bool write_input(const struct conf_trace *trace, unsigned int variant,
			const char *path)
{
	const uint64_t start = start_of(trace);
	struct octets o = {.data = NULL};
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];
	bool good = true;

	if (cap_create_call(put, &o, path, CAP_FORMAT_SLL2, &writer, error) !=
	    CAP_OK)
		return false;
	for (size_t i = 0; i < trace->num && good; i++)
		good = write_one(writer, &trace->items[i], start);
	good = cap_commit(writer, error) == CAP_OK && good;
	if (good) {
		set_variant(&o, variant);
		good = fuzz_store(path, o.data, o.len);
	}
	free(o.data);
	return good;
}

/* ---- A fuzz input as a trace ---- */

/* In either order of octets. */
static unsigned int variant_of(const char *path)
{
	size_t len;
	uint8_t *data = fuzz_load(path, &len);
	unsigned int number = 0;

	for (unsigned int i = 0; i < 4 && data != NULL && len >= 24; i++)
		number = number << 8 | data[8 + (data[0] == 0xa1 ? i : 3 - i)];
	free(data);
	return number;
}

static bool read_trace(struct conf_trace *trace, const char *path)
{
	struct cap_reader *reader;
	struct conf_stream stream;
	char error[CAP_ERROR_SIZE];
	bool good;

	if (cap_open(path, NULL, NULL, &reader, error) != CAP_OK)
		return false;
	conf_stream_init(&stream, reader, 0);
	good = conf_trace_read(trace, &stream) == CAP_OK;
	cap_close(reader);
	return good;
}

/* ---- The oracle ---- */

static void attempt_name(const struct fuzz_small *s, char out[2300])
{
	snprintf(out, 2300, "%s/attempt.pcap", s->work);
}

static enum conf_status judge(const struct conf_question *q,
			      struct conf_place *place,
			      struct conf_finding *out,
			      char error[CONF_ERROR_SIZE])
{
	const struct fuzz_small *s = judged.small;
	struct fuzz_verdict verdict;
	char path[2300];

	(void)place;
	*out = (struct conf_finding){.at = q->trace->num};
	if (q->config->num_settings < judged.num_settings)
		return CONF_OK;
	attempt_name(s, path);
	if (!write_input(q->trace, s->variant, path)) {
		snprintf(error, CONF_ERROR_SIZE, "%.400s: cannot be written",
			 path);
		return CONF_ERR_ENGINE;
	}
	if (!fuzz_replay(&s->replay, path, &verdict, NULL, error))
		return CONF_ERR_ENGINE;
	snprintf(out->class, sizeof(out->class), "%s", verdict.class);
	snprintf(out->text, sizeof(out->text), "%s", verdict.text);
	return CONF_OK;
}

static const struct conf_oracle oracle = {.judge = judge};

static bool shows(const char *path)
{
	struct fuzz_verdict verdict;
	char error[CONF_ERROR_SIZE];

	return fuzz_replay(&judged.small->replay, path, &verdict, NULL,
			   error) &&
	       strcmp(verdict.class, judged.small->class) == 0;
}

/* ---- The minimiser ---- */

/* A conf_minimize_fn. */
static void on_attempt(void *ctx, const char *part, size_t done, size_t total)
{
	struct rep_progress *progress = ctx;

	progress->label = part;
	rep_progress_step(progress, done, total);
	if (fuzz_now_ms() > judged.deadline || fuzz_interrupted > 1)
		stop = 1;
}

/* An engine that can be opened here, with these settings. */
static const char *aiming_engine(const struct fuzz_small *s,
				 const struct conf_config *config)
{
	const char *address = s->replay.engine;
	char error[CONF_ERROR_SIZE];
	struct conf_engine engine;

	if (address == NULL ||
	    conf_engine_open(&engine, address, config, error) != CONF_OK)
		return "ref";
	conf_engine_close(&engine);
	return address;
}

/* What was played has the results too: more to look at, if it does as well. */
static bool write_best(const struct fuzz_small *s,
		       const struct conf_minimized *found, const char *out)
{
	if (write_input(&found->played, s->variant, out) && shows(out))
		return true;
	return write_input(&found->trace, s->variant, out) && shows(out);
}

static bool minimise(struct fuzz_small *s, const struct conf_trace *trace,
		     const struct conf_config *config, const char *out)
{
	struct rep_progress progress;
	struct conf_minimize m = {
		.oracle = &oracle,
		.engine = aiming_engine(s, config),
		.config = config,
		.timeout = s->replay.limit + 5000,
		.interrupted = &stop,
		.progress = on_attempt,
		.ctx = &progress,
	};
	char error[CONF_ERROR_SIZE];
	struct conf_minimized found;
	bool good;

	rep_progress_init(&progress, stderr, "minimize");
	good = conf_minimize(&m, trace, &found, error) == CONF_OK &&
	       strcmp(found.finding.class, s->class) == 0 &&
	       write_best(s, &found, out);
	rep_progress_clear(&progress);
	s->num_attempts = found.num_attempts;
	if (good)
		s->num_after = found.trace.num;
	conf_minimized_cleanup(&found);
	return good;
}

/* ---- Without aiming: where the aiming engine itself gives up ---- */

struct plain {
	struct fuzz_small *small;
	const struct conf_trace *all;
	struct conf_trace some; /* items are borrowed */
};

static void choose(struct plain *p, const size_t *items, size_t num)
{
	for (size_t i = 0; i < num; i++)
		p->some.items[i] = p->all->items[items[i]];
	p->some.num = num;
}

/* A conf_ddmin_fn. */
static bool try_items(void *ctx, const size_t *items, size_t num)
{
	struct plain *p = ctx;
	char path[2300];

	if (fuzz_now_ms() > judged.deadline || fuzz_interrupted > 1)
		return false;
	choose(p, items, num);
	attempt_name(p->small, path);
	p->small->num_attempts++;
	return write_input(&p->some, p->small->variant, path) && shows(path);
}

static bool leave_out(struct fuzz_small *s, const struct conf_trace *trace,
		      const char *out)
{
	struct plain p = {.small = s, .all = trace};
	size_t *items = malloc((trace->num + 1) * sizeof(*items)), num;
	bool good = false;

	p.some = (struct conf_trace){.end = trace->end};
	p.some.items = malloc((trace->num + 1) * sizeof(*p.some.items));
	if (items != NULL && p.some.items != NULL) {
		for (size_t i = 0; i < trace->num; i++)
			items[i] = i;
		num = conf_ddmin(items, trace->num, try_items, &p);
		choose(&p, items, num);
		good = write_input(&p.some, s->variant, out) && shows(out);
		if (good)
			s->num_after = num;
	}
	free(p.some.items);
	free(items);
	return good;
}

/* ---- All of it ---- */

static bool write_settings(const struct fuzz_small *s, const char *path,
			   const struct cap_sidecar *sidecar)
{
	struct convert_file file;

	if (!convert_open(&file, path))
		return false;
	fprintf(file.stream, "# %s; variant %u", s->class, s->variant);
	if (sidecar->title != NULL)
		fprintf(file.stream, ", %s", sidecar->title);
	putc('\n', file.stream);
	for (size_t i = 0; i < sidecar->num_settings; i++)
		fprintf(file.stream, "%s = %s\n", sidecar->settings[i].key,
			sidecar->settings[i].value);
	return convert_close(&file, true);
}

/* The settings of the variant, beside the capture and for the minimiser. */
static void get_settings(const struct fuzz_small *s, const char *path,
			 struct cap_sidecar *out)
{
	struct fuzz_output text;
	char error[CAP_ERROR_SIZE];

	if (!fuzz_variant_text(&s->replay, s->variant, &text))
		return;
	if (cap_sidecar_parse(out, text.text, text.len, "the variant", error) ==
	    CAP_OK)
		(void)write_settings(s, path, out);
	else
		cli_error("%s --variant %u: %s", s->replay.program->path,
			  s->variant, error);
	fuzz_output_cleanup(&text);
}

static bool with_settings(struct fuzz_small *s, const struct conf_trace *trace,
			  const struct cap_sidecar *sidecar, const char *out)
{
	struct conf_setting *settings = calloc(sidecar->num_settings + 1,
					       sizeof(*settings));
	struct conf_config config = {
		.settings = settings,
		.num_settings = sidecar->num_settings,
		.seed = 1,
	};
	bool good;

	if (settings == NULL)
		return false;
	for (size_t i = 0; i < sidecar->num_settings; i++)
		settings[i] = (struct conf_setting){
			.key = sidecar->settings[i].key,
			.value = sidecar->settings[i].value,
		};
	stop = 0;
	judged = (struct judged){
		.small = s,
		.num_settings = sidecar->num_settings,
		.deadline = fuzz_now_ms() + s->effort * UINT64_C(1000),
	};
	good = minimise(s, trace, &config, out) || leave_out(s, trace, out);
	free(settings);
	return good;
}

bool fuzz_small_capture(struct fuzz_small *s, const char *in, const char *out,
			const char *settings)
{
	char normal[2300], attempt[2300];
	struct cap_sidecar sidecar;
	struct conf_trace trace;
	bool good = false;

	snprintf(normal, sizeof(normal), "%s/normal.pcap", s->work);
	attempt_name(s, attempt);
	if (!fuzz_normal(&s->replay, in, normal) && !fuzz_copy(in, normal))
		return false;
	s->variant = variant_of(normal);
	cap_sidecar_init(&sidecar);
	get_settings(s, settings, &sidecar);
	if (read_trace(&trace, normal)) {
		s->num_before = s->num_after = trace.num;
		good = with_settings(s, &trace, &sidecar, out);
		conf_trace_cleanup(&trace);
	}
	cap_sidecar_cleanup(&sidecar);
	(void)unlink(normal);
	(void)unlink(attempt);
	return good;
}
