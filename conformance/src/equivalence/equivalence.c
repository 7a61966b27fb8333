/* SPDX-License-Identifier: Apache-2.0 */
/* equivalence.c - one stimulus after the other: translate, rename, compare */
#include <stdio.h>
#include <stdlib.h>

#include "equivalence/eqv.h"

#define SECOND     UINT64_C(1000000000)
#define MAX_FIELDS 64

/* The shortest and the longest that a mapping of a protocol may live. */
static void set_times(struct conf_equivalence *eq,
		      const struct conf_settings *s)
{
	uint64_t tcp = s->timeout_tcp > 900 ? s->timeout_tcp : 900;
	uint64_t udp = s->timeout_udp > 300 ? s->timeout_udp : 300;
	uint64_t fin = s->timeout_tcp_fin;

	for (unsigned int i = 0; i < 256; i++) {
		eq->quiet[i] = 30 * SECOND;
		eq->lifetime[i] = 900 * SECOND;
	}
	/* A connection that was reset lives for 10 s. */
	eq->quiet[CONF_PROTO_TCP] = (fin != 0 && fin < 10 ? fin : 10) * SECOND;
	if (s->timeout_udp != 0 && s->timeout_udp < 30)
		eq->quiet[CONF_PROTO_UDP] = s->timeout_udp * SECOND;
	eq->lifetime[CONF_PROTO_TCP] = (tcp > fin ? tcp : fin) * SECOND;
	eq->lifetime[CONF_PROTO_UDP] = udp * SECOND;
	eq->lifetime[CONF_PROTO_ICMP] = 60 * SECOND;
}

static bool make_buffer(struct masq_buf *b)
{
	b->data = malloc(EQV_MAX_PACKET);
	b->cap = EQV_MAX_PACKET;
	return b->data != NULL;
}

struct conf_equivalence *conf_equivalence_new(
	const struct conf_settings *settings, const struct conf_rules *rules)
{
	struct conf_equivalence *eq = calloc(1, sizeof(*eq));

	if (eq == NULL)
		return NULL;
	eq->rules = *rules;
	set_times(eq, settings);
	eq->lag = settings->lag;
	eq->router[0] = settings->inside.addr;
	eq->router[1] = settings->outside.addr;
	eq->inside = settings->inside.addr;
	eq->inside_mask = settings->inside.len > 0
				  ? UINT32_MAX << (32 - settings->inside.len)
				  : 0;
	eqv_table_init(&eq->pairs, sizeof(struct eqv_pair));
	eqv_table_init(&eq->flows, sizeof(struct eqv_flow));
	eqv_table_init(&eq->told, sizeof(struct eqv_item));
	eqv_add_outside(eq, OURS, settings->outside.addr);
	eqv_add_outside(eq, THEIRS, settings->outside.addr);
	if (make_buffer(&eq->translated) && make_buffer(&eq->scratch) &&
	    make_buffer(&eq->text))
		return eq;
	conf_equivalence_free(eq);
	return NULL;
}

void conf_equivalence_free(struct conf_equivalence *eq)
{
	if (eq == NULL)
		return;
	eqv_names_cleanup(eq);
	conf_results_cleanup(&eq->renamed);
	conf_results_cleanup(&eq->whole[OURS]);
	conf_results_cleanup(&eq->whole[THEIRS]);
	free(eq->translated.data);
	free(eq->scratch.data);
	free(eq->text.data);
	free(eq);
}

bool conf_equivalence_failed(const struct conf_equivalence *eq)
{
	return eq->failed;
}

void conf_equivalence_stimulus(struct conf_equivalence *eq,
			       const struct conf_packet *expected,
			       struct conf_packet *out)
{
	eq->now = expected->now;
	eq->number++;
	eq->has_stimulus = true;
	eq->stimulus[OURS] = *expected;
	eqv_parse(&eq->parsed[OURS],
		  (struct masq_view){expected->data, expected->len}, 0);
	eqv_translate(eq, expected, out);
	eq->stimulus[THEIRS] = *out;
	if (out->data == expected->data)
		eq->parsed[THEIRS] = eq->parsed[OURS];
	else
		eqv_parse(&eq->parsed[THEIRS],
			  (struct masq_view){out->data, out->len}, 0);
}

void conf_equivalence_time(struct conf_equivalence *eq, uint64_t now)
{
	eq->now = now;
	eq->has_stimulus = false;
	eq->parsed[OURS] = eq->parsed[THEIRS] = (struct eqv_parsed){.base = 0};
}

static struct conf_packet packet_of(const struct conf_results *r, size_t i)
{
	const struct conf_result *item = &r->items[i];

	return (struct conf_packet){
		.side = item->side,
		.now = item->now,
		.data = conf_result_data(r, item),
		.len = item->len,
		.own_error = item->own_error,
	};
}

/* May the one be the other's counterpart? What names cannot change. */
static bool is_alike(const struct conf_packet *a, const struct conf_packet *b)
{
	struct masq_view v = {a->data, a->len}, w = {b->data, b->len};

	return a->side == b->side && masq_get8(v, 9) == masq_get8(w, 9) &&
	       (masq_get16(v, 4) == masq_get16(w, 4) || a->own_error ||
		b->own_error) &&
	       (masq_get16(v, 6) & 0x1fff) == (masq_get16(w, 6) & 0x1fff);
}

static void keep(struct conf_equivalence *eq, const struct conf_packet *theirs,
		 const struct masq_buf *octets, uint64_t now)
{
	struct conf_packet renamed = *theirs;

	if (octets != NULL) {
		renamed.data = octets->data;
		renamed.len = octets->len;
	}
	renamed.now = now;
	conf_results_emit(&eq->renamed, &renamed);
}

/* One of theirs, guided by ours number i if that can be its counterpart. */
static void rename_one(struct conf_equivalence *eq,
		       const struct conf_results *ours, size_t i,
		       const struct conf_packet *theirs)
{
	struct conf_packet guide;
	uint64_t late;

	if (i >= ours->num_items) {
		keep(eq, theirs, NULL, theirs->now);
		return;
	}
	guide = packet_of(ours, i);
	eq->index = eq->renamed.num_items;
	eqv_rename(eq, &guide, theirs, &eq->scratch);
	late = theirs->now > guide.now ? theirs->now - guide.now
				       : guide.now - theirs->now;
	keep(eq, theirs, &eq->scratch,
	     late <= eq->lag ? guide.now : theirs->now);
}

static void rename_results(struct conf_equivalence *eq,
			   const struct conf_results *ours,
			   const struct conf_results *theirs)
{
	size_t i = 0, spare = 0;

	conf_results_clear(&eq->renamed);
	for (size_t j = 0; j < theirs->num_items; j++) {
		struct conf_packet packet = packet_of(theirs, j), guide, next;

		/* One of ours, or of theirs, may have no counterpart. */
		if (i < ours->num_items &&
		    ours->num_items - i != theirs->num_items - j) {
			guide = packet_of(ours, i);
			spare = ours->num_items - i > theirs->num_items - j;
			if (!is_alike(&guide, &packet) && spare != 0 &&
			    i + 1 < ours->num_items) {
				next = packet_of(ours, i + 1);
				i += is_alike(&next, &packet);
			} else if (!is_alike(&guide, &packet) && spare == 0) {
				keep(eq, &packet, NULL, packet.now);
				continue;
			}
		}
		rename_one(eq, ours, i++, &packet);
	}
	eq->failed |= eq->renamed.failed;
}

static bool is_sum(const char *field)
{
	size_t len = strlen(field);

	return len > 9 && strcmp(field + len - 9, ".checksum") == 0;
}

static bool is_length(const char *field)
{
	return strcmp(field, "ip.length") == 0 ||
	       strcmp(field, "udp.length") == 0;
}

/*
 * The field that a difference is named by: the first one that does not just
 * follow from others, as checksums do, and lengths of a longer packet. Of
 * checksums alone it is that of the quote, which the outer one covers.
 */
static const struct conf_difference *main_field(const struct conf_difference *d,
						unsigned int num, bool resized)
{
	for (unsigned int i = 0; i < num; i++)
		if (!is_sum(d[i].field) && !(resized && is_length(d[i].field)))
			return &d[i];
	for (unsigned int i = 0; i < num; i++)
		if (strncmp(d[i].field, "quote.", 6) == 0)
			return &d[i];
	return &d[0];
}

/* Did a packet grow, and say so? */
static bool is_resized(const struct conf_packet *a, const struct conf_packet *b)
{
	uint32_t said_a = masq_get16((struct masq_view){a->data, a->len}, 2);
	uint32_t said_b = masq_get16((struct masq_view){b->data, b->len}, 2);

	return a->len != b->len && a->len - said_a == b->len - said_b;
}

static void name_field(struct conf_equivalence *eq,
		       const struct conf_results *ours,
		       struct conf_divergence *out)
{
	struct conf_difference list[MAX_FIELDS];
	const struct conf_difference *d;
	struct conf_packet a, b;
	unsigned int num = conf_differences(&eq->rules, ours, &eq->renamed,
					    out->index, list, MAX_FIELDS);

	if (num == 0)
		return;
	a = packet_of(ours, out->index);
	b = packet_of(&eq->renamed, out->index);
	d = main_field(list, num, is_resized(&a, &b));
	/* "tcp.payload+7" is in the class of tcp.payload. */
	memcpy(out->field, d->field, sizeof(out->field));
	out->field[strcspn(out->field, "+")] = '\0';
	memcpy(out->expected, d->expected, sizeof(out->expected));
	memcpy(out->actual, d->actual, sizeof(out->actual));
	if (strcmp(out->field, "side") == 0 || strcmp(out->field, "time") == 0)
		snprintf(out->name, sizeof(out->name), "%s", out->field);
	else
		snprintf(out->name, sizeof(out->name), "field:%s", out->field);
	out->clause = conf_field_clause(out->field);
}

static void name_kinds(const struct conf_equivalence *eq,
		       struct conf_divergence *out)
{
	struct conf_packet packet;

	if (out->index < eq->compared->num_items) {
		packet = packet_of(eq->compared, out->index);
		eqv_name_kind(eq, &packet, out->expected_kind);
	}
	if (out->index < eq->renamed.num_items) {
		packet = packet_of(&eq->renamed, out->index);
		eqv_name_kind(eq, &packet, out->actual_kind);
	}
}

static void name_class(struct conf_divergence *out)
{
	for (size_t i = 0; i < conf_num_classes; i++)
		if (strcmp(conf_classes[i].name, out->name) == 0)
			out->clause = conf_classes[i].clause;
}

/* Renames and compares; what was found is in *out and eq->found. */
static enum conf_verdict compare(struct conf_equivalence *eq,
				 const struct conf_results *ours,
				 const struct conf_results *theirs,
				 size_t *out_index)
{
	enum conf_verdict verdict;

	eq->found = (struct conf_divergence){.verdict = CONF_SAME};
	eq->compared = ours;
	rename_results(eq, ours, theirs);
	verdict = conf_compare(&eq->rules, ours, &eq->renamed, out_index);
	if (eq->found.verdict == CONF_SAME ||
	    (verdict != CONF_SAME && eq->found.index > *out_index)) {
		eq->found.verdict = CONF_SAME;
		return verdict;
	}
	*out_index = eq->found.index;
	return CONF_DIFFERENT;
}

bool conf_equivalence_compare(struct conf_equivalence *eq,
			      const struct conf_results *expected,
			      const struct conf_results *actual,
			      struct conf_divergence *out)
{
	enum eqv_cut cut = eqv_put_together(eq, expected, actual);
	enum conf_verdict verdict = CONF_SAME;
	size_t index = 0;

	*out = (struct conf_divergence){.verdict = CONF_SAME};
	if (cut != EQV_CUT_NONE)
		verdict = compare(eq, &eq->whole[OURS], &eq->whole[THEIRS],
				  &index);
	/* Cut at the same places, the fragment at fault is known. */
	if (cut == EQV_CUT_NONE ||
	    (cut == EQV_CUT_ALIKE && verdict != CONF_SAME))
		verdict = compare(eq, expected, actual, &index);
	if (eq->failed)
		return false;
	if (verdict == CONF_SAME)
		return true;
	if (eq->found.verdict != CONF_SAME) {
		*out = eq->found;
	} else {
		out->verdict = verdict;
		out->index = index;
		snprintf(out->name, sizeof(out->name), "%s",
			 verdict == CONF_MISSING ? "missing-packet"
						 : "extra-packet");
		if (verdict == CONF_DIFFERENT)
			name_field(eq, eq->compared, out);
	}
	name_class(out);
	name_kinds(eq, out);
	return false;
}

void conf_equivalence_compared(const struct conf_equivalence *eq,
			       const struct conf_results **out_expected,
			       const struct conf_results **out_actual)
{
	*out_expected = eq->compared;
	*out_actual = &eq->renamed;
}

/* A flow has one hash from either side, known or not. */
static uint32_t flow_hash(const struct conf_equivalence *eq, uint32_t *other)
{
	const struct eqv_parsed *p = &eq->parsed[OURS];
	struct eqv_end a = p->src, b = p->dst;
	struct eqv_flow *flow;

	if (eq->has_stimulus && eq->stimulus[OURS].side == CONF_OUTSIDE) {
		flow = eqv_flow_of_name(eq, p->ip.proto, p->dst, p->src);
		a = flow != NULL ? flow->in : p->dst;
		b = p->src;
	}
	*other = eqv_mix(b.addr, (uint64_t)b.port << 32 | a.port);
	return eqv_mix(a.addr, (uint64_t)p->ip.proto << 32 | a.port) ^ *other;
}

static bool never(const struct conf_equivalence *eq, void *item)
{
	(void)eq;
	(void)item;
	return false;
}

bool conf_equivalence_told(struct conf_equivalence *eq)
{
	uint32_t other, hash = flow_hash(eq, &other);
	const struct eqv_item *item = eqv_first(&eq->told, 0, hash);

	while (item != NULL &&
	       (item->hash[0] != hash || item->hash[1] != other))
		item = eqv_next(&eq->told, 0, item);
	if (item != NULL)
		return true;
	eq->failed |= eqv_table_add(eq, &eq->told, hash, other, never) == NULL;
	return false;
}

void conf_equivalence_map(const struct conf_equivalence *eq,
			  conf_name_pair_fn *fn, void *ctx)
{
	for (uint32_t i = 1; i <= eq->pairs.num; i++) {
		const struct eqv_pair *p = eqv_at(&eq->pairs, i);

		if (p->item.last == 0)
			continue;
		fn(ctx, &(struct conf_name_pair){
				.proto = p->proto,
				.expected_addr = p->name[OURS].addr,
				.expected_port = p->name[OURS].port,
				.actual_addr = p->name[THEIRS].addr,
				.actual_port = p->name[THEIRS].port,
				.inside_addr = p->in.addr,
				.inside_port = p->in.port,
				.since = p->since,
				.last = p->item.last,
			});
	}
}
