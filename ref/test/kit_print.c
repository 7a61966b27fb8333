/* SPDX-License-Identifier: Apache-2.0 */
/* kit_print.c - results and entries as text; see kit.h for the form */
#include <stdio.h>

#include "kit.h"

/* Text being made in a buffer of KIT_MAX_TEXT. */
struct print {
	char *text;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct print *o,
						      const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(o->text + o->len, KIT_MAX_TEXT - o->len, format, args);
	va_end(args);
	assert_true(n >= 0 && (size_t)n < KIT_MAX_TEXT - o->len);
	o->len += (size_t)n;
}

static void add_addr(struct print *o, uint32_t addr)
{
	switch (addr) {
	case ADDR_C:
		add(o, "C");
		break;
	case ADDR_R:
		add(o, "R");
		break;
	case ADDR_M:
		add(o, "M");
		break;
	case ADDR_S:
		add(o, "S");
		break;
	case ADDR_S2:
		add(o, "S2");
		break;
	default:
		add(o, "%u.%u.%u.%u", addr >> 24, addr >> 16 & 255,
		    addr >> 8 & 255, addr & 255);
		break;
	}
}

static void add_flags(struct print *o, uint8_t flags)
{
	static const char letters[] = "FSRPAU";

	add(o, " ");
	for (unsigned int i = 0; i < 6; i++)
		if ((flags >> i & 1) != 0)
			add(o, "%c", letters[i]);
	if ((flags & 0x3f) == 0)
		add(o, ".");
}

static bool is_error(uint8_t type)
{
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

static bool is_query(uint8_t type)
{
	return type == 0 || type == 8 || (type >= 13 && type <= 18);
}

static void add_packet(struct print *o, struct masq_view v);

static void add_icmp(struct print *o, struct masq_view s)
{
	const uint8_t type = masq_get8(s, 0);

	add(o, " %u/%u", type, masq_get8(s, 1));
	if (is_query(type))
		add(o, " id %u", masq_get16(s, 4));
	if (is_error(type) && s.len > 8) {
		add(o, " [");
		add_packet(o, masq_from(s, 8));
		add(o, "]");
	}
}

static const char *proto_name(uint8_t proto)
{
	if (proto == 6)
		return "tcp";
	return proto == 17 ? "udp" : "icmp";
}

static void add_packet(struct print *o, struct masq_view v)
{
	const struct masq_view s = masq_from(v, (masq_get8(v, 0) & 15) * 4u);
	const uint16_t frag = masq_get16(v, 6);
	const uint8_t proto = masq_get8(v, 9);
	const bool has_ports = (proto == 6 || proto == 17) &&
			       (frag & 0x1fff) == 0;

	add_addr(o, masq_get32(v, 12));
	if (has_ports)
		add(o, ":%u", masq_get16(s, 0));
	add(o, " > ");
	add_addr(o, masq_get32(v, 16));
	if (has_ports)
		add(o, ":%u", masq_get16(s, 2));
	if (proto == 6 || proto == 17 || proto == 1)
		add(o, " %s", proto_name(proto));
	else
		add(o, " %u", proto);
	if (proto == 6 && has_ports && s.len >= 14)
		add_flags(o, masq_get8(s, 13));
	if (proto == 1 && (frag & 0x1fff) == 0)
		add_icmp(o, s);
	if ((frag & 0x3fff) != 0)
		add(o, " @%u%s", (frag & 0x1fffu) * 8,
		    (frag & 0x2000) != 0 ? "+" : "");
}

const char *kit_text(struct kit *k)
{
	struct print o = {.text = k->text};

	o.text[0] = '\0';
	if (k->drop == MASQ_DROP_LOCAL)
		add(&o, "local");
	else if (k->drop != MASQ_DROP_NONE)
		add(&o, "drop %s", masq_drop_name(k->drop));
	for (unsigned int i = 0; i < k->num_results; i++) {
		if (o.len != 0)
			add(&o, "; ");
		add_packet(&o, k->results[i].packet);
	}
	return k->text;
}

void kit_expect(struct kit *k, const char *packet, const char *outcome,
		const char *file, int line)
{
	kit_send(k, packet);
	if (strcmp(kit_text(k), outcome) != 0) {
		print_error(
			"sent     \"%s\"\nexpected \"%s\"\ngot      \"%s\"\n",
			packet, outcome, k->text);
		_fail(file, line);
	}
}

static void add_entry(void *ctx, const struct masq_entry_info *info)
{
	struct print *o = ctx;

	if (o->len != 0)
		add(o, "; ");
	add(o, "%s ", proto_name(info->proto));
	add_addr(o, info->inside_addr);
	add(o, ":%u ", info->inside_port);
	add_addr(o, info->masq_addr);
	add(o, ":%u ", info->masq_port);
	add_addr(o, info->peer_addr);
	add(o, ":%u %s ", info->peer_port, masq_state_name(info->state));
	if (info->armed)
		add(o, "%lld", (long long)info->expires);
	else
		add(o, "stopped");
}

const char *kit_table(struct kit *k)
{
	struct print o = {.text = k->table};

	o.text[0] = '\0';
	masq_table_each(k->engine, add_entry, &o);
	return k->table;
}
