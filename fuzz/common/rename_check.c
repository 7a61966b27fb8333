/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rename_check.c - recordings with other names, and with a field changed
 *
 * The reference plays the input; what arrived and left is a capture in
 * memory, which is permuted (conformance/permute) and compared with itself.
 */
#include <stdlib.h>
#include <string.h>

#include "conformance/equivalence.h"
#include "finding.h"
#include "mutate.h"
#include "permute.h"
#include "play.h"
#include "reach.h"
#include "rename_check.h"
#include "rename_names.h"

/* Room for the packets of an input that are looked at, and their results. */
#define MAX_RECORDS 512u

/* Fields that are looked at for one whose change can be told. */
#define ATTEMPTS 8u

static struct fuzz_player *players;

/* Before and after; record i of the one is record i of the other. */
static struct permute before, after;

/* A name or a flow is shown first in the step that record i is of. */
static bool grows[MAX_RECORDS];

/*
 * What a helper of Linux 2.2 makes of a text hangs on more than the names in
 * it: there names stay out of texts.
 */
static bool is_tellable(const struct conf_settings *settings)
{
	return conf_settings_quirks(settings) == 0 || settings->num_loads == 0;
}

bool fuzz_rename_begin(void)
{
	const struct fuzz_play play = {
		.address = "ref",
		.is_collecting = true,
		.wants = is_tellable,
	};

	before.records = calloc(MAX_RECORDS, sizeof(*before.records));
	after.records = calloc(MAX_RECORDS, sizeof(*after.records));
	return before.records != NULL && after.records != NULL &&
	       fuzz_players_open(&players, &play);
}

/* ---- recording -------------------------------------------------------- */

static void forget(struct permute *p)
{
	struct permute_record *records = p->records;

	for (size_t i = 0; i < p->num; i++)
		free(records[i].data);
	memset(p, 0, sizeof(*p));
	p->records = records;
	p->max = MAX_RECORDS;
}

static void add(struct permute *p, const struct conf_packet *packet,
		enum cap_dir dir)
{
	struct permute_record *item = &p->records[p->num];

	if (p->num == MAX_RECORDS)
		return;
	item->data = malloc(packet->len + 1);
	if (item->data == NULL)
		return;
	if (packet->len > 0)
		memcpy(item->data, packet->data, packet->len);
	item->record = (struct cap_record){
		.number = ++p->num,
		.time = packet->now,
		.side = (enum cap_side)packet->side,
		.dir = dir,
		.cast = (enum cap_cast)packet->cast,
		.ethertype = CAP_ETHERTYPE_IPV4,
		.data = item->data,
		.len = packet->len,
		.wire_len = packet->len,
	};
}

/* False: there is something in it that a permuted capture cannot tell. */
static bool record(struct fuzz_player *p, struct fuzz_input *input)
{
	struct conf_packet stimulus;

	for (unsigned int i = 0;
	     i < FUZZ_NAMES_MAX_STIMULI && fuzz_input_next(input, &stimulus);
	     i++) {
		const struct conf_layout ip = conf_layout_of(stimulus.data,
							     stimulus.len);

		/* Padding is no part of a packet. */
		if (!ip.is_whole || ip.is_fragment)
			continue;
		stimulus.len = ip.total_len;
		if (fuzz_names_strangers(p, &stimulus))
			continue;
		add(&before, &stimulus, CAP_ARRIVED);
		fuzz_player_packet(p, &stimulus);
		for (size_t k = 0; k < p->results.num_items; k++) {
			const struct conf_result *r = &p->results.items[k];
			const struct conf_packet result = {
				.side = r->side,
				.now = r->now,
				.data = conf_result_data(&p->results, r),
				.len = r->len,
			};

			if (conf_layout_of(result.data, result.len).is_fragment)
				return false;
			add(&before, &result, CAP_SENT);
			fuzz_names_show(p, &stimulus, &result);
		}
	}
	return before.num < MAX_RECORDS;
}

static bool copy_all(void)
{
	for (size_t i = 0; i < before.num; i++) {
		const struct cap_record *r = &before.records[i].record;
		const struct conf_packet packet = {
			.side = (enum conf_side)r->side,
			.cast = (enum conf_cast)r->cast,
			.now = r->time,
			.data = before.records[i].data,
			.len = r->len,
		};

		add(&after, &packet, r->dir);
	}
	return after.num == before.num;
}

/* ---- comparing -------------------------------------------------------- */

struct walk {
	struct conf_equivalence *eq;
	struct conf_results ours, theirs;
	uint64_t stimulus;
	size_t changed; /* record of after whose field was changed; else -1 */
	bool told;
};

static void emit_record(struct conf_results *out, const struct permute *p,
			size_t i)
{
	const struct cap_record *r = &p->records[i].record;
	const struct conf_packet packet = {
		.side = (enum conf_side)r->side,
		.now = r->time,
		.data = p->records[i].data,
		.len = r->len,
	};

	conf_results_emit(out, &packet);
}

/* One stimulus and its results, from record i on; returns the next. */
static size_t step(struct walk *w, size_t i)
{
	const size_t num_names = w->eq->pairs.num, num_flows = w->eq->flows.num;
	const size_t first = i + 1;
	const struct cap_record *r = &before.records[i].record;
	const struct conf_packet stimulus = {
		.side = (enum conf_side)r->side,
		.cast = (enum conf_cast)r->cast,
		.now = r->time,
		.data = before.records[i].data,
		.len = r->len,
	};
	struct conf_packet theirs;
	struct conf_divergence d;
	bool here = false;

	conf_results_clear(&w->ours);
	conf_results_clear(&w->theirs);
	w->stimulus++;
	conf_equivalence_stimulus(w->eq, &stimulus, &theirs);
	for (i++; i < before.num && before.records[i].record.dir == CAP_SENT;
	     i++) {
		emit_record(&w->ours, &before, i);
		emit_record(&w->theirs, &after, i);
		here = here || i == w->changed;
	}
	if (!conf_equivalence_compare(w->eq, &w->ours, &w->theirs, &d)) {
		/* Behind a known one nothing can be compared. */
		w->told = w->told || here || w->changed == SIZE_MAX;
		if (w->changed == SIZE_MAX)
			fuzz_finding("equal", d.name, w->stimulus,
				     "%s: %s renamed is %s", d.field,
				     d.expected, d.actual);
	}
	if (w->changed == SIZE_MAX)
		for (size_t k = first; k < i; k++)
			grows[k] = w->eq->pairs.num != num_names ||
				   w->eq->flows.num != num_flows;
	return i;
}

static bool walk(const struct fuzz_player *p, size_t changed)
{
	const struct conf_rules rules = {
		.router = {p->settings.inside.addr, p->settings.outside.addr},
	};
	struct walk w = {.changed = changed};

	w.eq = conf_equivalence_new(&p->settings, &rules);
	for (size_t i = 0; w.eq != NULL && i < before.num && !w.told;)
		i = step(&w, i);
	conf_equivalence_free(w.eq);
	conf_results_cleanup(&w.ours);
	conf_results_cleanup(&w.theirs);
	return w.told;
}

/* ---- one field -------------------------------------------------------- */

static bool is_own_error(const struct fuzz_player *p,
			 const struct permute_record *item)
{
	const struct conf_layout ip = conf_layout_of(item->data,
						     item->record.len);

	return ip.proto == CONF_PROTO_ICMP &&
	       (ip.saddr == p->settings.inside.addr ||
		ip.saddr == p->settings.outside.addr);
}

/* Are there messages of the router itself among what record i came with? */
static bool has_own(const struct fuzz_player *p, size_t i)
{
	while (i > 0 && before.records[i - 1].record.dir == CAP_SENT)
		i--;
	for (; i < before.num && before.records[i].record.dir == CAP_SENT; i++)
		if (is_own_error(p, &before.records[i]))
			return true;
	return false;
}

/* Changes a field of result i, if that can be told. */
static bool change_one(const struct fuzz_player *p, struct mutation *m,
		       size_t i)
{
	const struct mutation_place place = {
		.grows = grows[i],
		.has_own = has_own(p, i),
	};
	struct permute_record *item = &after.records[i];
	static struct conf_decoded decoded;
	const struct conf_field *field;
	struct eqv_parsed at;

	conf_decode(&decoded, item->data, item->record.len);
	if (decoded.num_fields == 0)
		return false;
	field = &decoded.fields[mutation_draw(m->seed, decoded.num_fields)];
	eqv_parse(&at, (struct masq_view){item->data, item->record.len}, 0);
	if (field->len == 0 || !mutation_is_telling(m, &place, &at, field))
		return false;
	mutation_apply(m, item->data, item->record.len, field, &at);
	return true;
}

/* In some result; returns the record's index, or SIZE_MAX. */
static size_t change(const struct fuzz_player *p, struct mutation *m)
{
	for (unsigned int attempt = 0; attempt < ATTEMPTS; attempt++) {
		size_t i = mutation_draw(m->seed, (uint32_t)after.num);

		for (; i < after.num; i++)
			if (after.records[i].record.dir == CAP_SENT)
				break;
		if (i < after.num && change_one(p, m, i))
			return i;
	}
	return SIZE_MAX;
}

/* What has changed must be told, of the step that it is in. */
static void check_change(const struct fuzz_player *p, uint32_t key)
{
	struct mutation m = {.seed = &key, .carry = key >> 16 & 1};
	const size_t changed = change(p, &m);

	if (changed == SIZE_MAX || walk(p, changed))
		return;
	/* Classes are no sentences. */
	for (char *at = m.field; *at != '\0'; at++)
		if (*at == ' ')
			*at = '-';
	fuzz_finding("different", m.field, 0,
		     "record %zu: its field was changed%s, and that not told",
		     changed + 1, m.carry ? ", sums with it" : "");
}

/* A variant with quirks has a fixed one before it. */
void fuzz_rename_route(struct fuzz_input *input)
{
	if (players[input->variant].engine.ops == NULL && input->variant > 0)
		input->variant--;
}

void fuzz_rename_run(const uint8_t *data, size_t len)
{
	struct fuzz_input input;
	struct fuzz_player *p;
	uint32_t key = (uint32_t)len;

	if (!fuzz_input_open(&input, data, len))
		return;
	fuzz_rename_route(&input);
	p = fuzz_player_for(players, &input);
	if (p == NULL)
		return;
	for (size_t i = 0; i < len; i += 61)
		key = key * 31 + data[i];
	fuzz_names_forget();
	before.outside = after.outside = p->settings.outside.addr;
	if (record(p, &input) && copy_all()) {
		/* Linux 2.2 forgets shifts: there no text gets longer. */
		permute_all(&after, key,
			    key % 4 == 0 ||
				    conf_settings_quirks(&p->settings) != 0);
		if (!after.is_ambiguous) {
			if (!walk(p, SIZE_MAX))
				check_change(p, key);
		}
	}
	forget(&before);
	forget(&after);
	fuzz_player_end(p);
}
