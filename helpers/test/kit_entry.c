/* SPDX-License-Identifier: Apache-2.0 */
/* kit_entry.c - entries as text, checks and chance, for the helpers' tests */
#include <stdio.h>
#include <stdlib.h>

#include "kit.h"

enum {
	PROTO_TCP = 6,
	MAX_LISTED = 1024,
	TICKS_A_SECOND = 100
};

/* ---- entries --------------------------------------------------------- */

struct wanted {
	uint8_t proto;
	uint16_t masq_port;
	struct masq_entry_info *out;
	bool found;
};

static void match(void *ctx, const struct masq_entry_info *info)
{
	struct wanted *w = ctx;

	if (w->found || info->proto != w->proto ||
	    info->masq_port != w->masq_port)
		return;
	*w->out = *info;
	w->found = true;
}

bool kit_entry(struct kit *kit, uint8_t proto, uint16_t masq_port,
	       struct masq_entry_info *out_info)
{
	struct wanted w = {
		.proto = proto,
		.masq_port = masq_port,
		.out = out_info,
	};

	masq_table_each(kit->engine, match, &w);
	return w.found;
}

struct listing {
	struct masq_entry_info rows[MAX_LISTED];
	size_t num_rows;
	uint16_t except;
};

static void collect(void *ctx, const struct masq_entry_info *info)
{
	struct listing *l = ctx;

	if (l->except != 0 && info->masq_port == l->except)
		return;
	assert_true(l->num_rows < MAX_LISTED);
	l->rows[l->num_rows++] = *info;
}

static int compare(const void *a, const void *b)
{
	const struct masq_entry_info *x = a, *y = b;

	if (x->proto != y->proto)
		return x->proto < y->proto ? -1 : 1;
	if (x->masq_port != y->masq_port)
		return x->masq_port < y->masq_port ? -1 : 1;
	return 0;
}

/* Bounded printing into the kit's text. */
struct writer {
	char *out;
	size_t used;
};

static void put(struct writer *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put(struct writer *w, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(w->out + w->used, KIT_MAX_TEXT - w->used, format, args);
	va_end(args);
	assert_true(n >= 0 && (size_t)n < KIT_MAX_TEXT - w->used);
	w->used += (size_t)n;
}

static void put_addr(struct writer *w, uint32_t addr)
{
	put(w, "%u.%u.%u.%u", addr >> 24, addr >> 16 & 255, addr >> 8 & 255,
	    addr & 255);
}

static void put_peer(struct writer *w, const struct masq_entry_info *e)
{
	if ((e->flags & MASQ_DLOOSE) != 0) {
		put(w, "loose(last ");
		put_addr(w, e->peer_addr);
		put(w, ":%u)", e->peer_port);
		return;
	}
	if ((e->flags & MASQ_NO_DADDR) != 0)
		put(w, "*");
	else
		put_addr(w, e->peer_addr);
	if ((e->flags & MASQ_NO_DPORT) != 0)
		put(w, ":*");
	else
		put(w, ":%u", e->peer_port);
}

static void put_entry(struct writer *w, const struct masq_entry_info *e)
{
	put(w, "%s{%s ", w->used == 0 ? "" : "; ",
	    e->proto == PROTO_TCP ? "TCP" : "UDP");
	put_addr(w, e->inside_addr);
	if ((e->flags & MASQ_NO_SPORT) != 0)
		put(w, ":?");
	else
		put(w, ":%u", e->inside_port);
	put(w, " ~ ");
	put_addr(w, e->masq_addr);
	put(w, ":%u ~ ", e->masq_port);
	put_peer(w, e);
	put(w, " %s", masq_state_name(e->state));
	if (e->armed)
		put(w, " %llds",
		    (long long)((e->expires + TICKS_A_SECOND - 1) /
				TICKS_A_SECOND));
	if (e->is_child)
		put(w, " parent=%u", e->parent_port);
	else
		put(w, " parent=none");
	if (e->helper != NULL)
		put(w, " helper=%s", e->helper);
	put(w, "%s}", e->armed ? "" : " NO-TIMER");
}

const char *kit_entries(struct kit *kit, uint16_t except)
{
	struct listing *l = calloc(1, sizeof(*l));
	struct writer w = {.out = kit->text};

	assert_non_null(l);
	kit->text[0] = '\0';
	l->except = except;
	masq_table_each(kit->engine, collect, l);
	qsort(l->rows, l->num_rows, sizeof(l->rows[0]), compare);
	for (size_t i = 0; i < l->num_rows; i++)
		put_entry(&w, &l->rows[i]);
	free(l);
	return kit->text;
}

/* ---- checks and chance ----------------------------------------------- */

static void print_bytes(const char *what, const uint8_t *data, uint32_t len)
{
	print_error("%s %u: ", what, len);
	for (uint32_t i = 0; i < len; i++) {
		if (data[i] >= 32 && data[i] < 127)
			print_error("%c", data[i]);
		else
			print_error("\\x%02x", data[i]);
	}
	print_error("\n");
}

void kit_check_payload(const char *name, const struct kit_result *result,
		       const void *payload, uint32_t len, const char *file,
		       int line)
{
	if (result == NULL) {
		print_error("%s: nothing was sent on\n", name);
		_fail(file, line);
	} else if (result->payload_len != len ||
		   (len != 0 && memcmp(result->payload, payload, len) != 0)) {
		print_error("%s\n", name);
		print_bytes("expected", payload, len);
		print_bytes("got", result->payload, result->payload_len);
		_fail(file, line);
	}
}

void kit_check_entries(const char *name, struct kit *kit, uint16_t except,
		       const char *expected, const char *file, int line)
{
	const char *got = kit_entries(kit, except);

	if (strcmp(got, expected) == 0)
		return;
	print_error("%s\nexpected %s\ngot      %s\n", name, expected, got);
	_fail(file, line);
}

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators". */
uint64_t kit_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t kit_below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)(kit_random(state) % limit);
}
