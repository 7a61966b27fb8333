/* SPDX-License-Identifier: Apache-2.0 */
/* decode.c - the fields of an IPv4 header */
#include <stdarg.h>
#include <stdio.h>

#include "decoder.h"

/* The next free field, named and placed, or NULL. */
static struct conf_field *new_field(struct conf_decoder *d, const char *name,
				    uint32_t offset, uint32_t len)
{
	struct conf_field *field;

	if (!masq_has(d->window, offset, len) ||
	    d->out->num_fields == CONF_MAX_FIELDS)
		return NULL;
	field = &d->out->fields[d->out->num_fields++];
	*field = (struct conf_field){.offset = d->base + offset, .len = len};
	snprintf(field->name, sizeof(field->name), "%s%s", d->prefix, name);
	return field;
}

void conf_put(struct conf_decoder *d, const char *name, uint32_t offset,
	      uint32_t len, const char *format, ...)
{
	struct conf_field *field = new_field(d, name, offset, len);
	va_list args;

	if (field == NULL)
		return;
	va_start(args, format);
	vsnprintf(field->text, sizeof(field->text), format, args);
	va_end(args);
}

void conf_put8(struct conf_decoder *d, const char *name, uint32_t offset)
{
	conf_put(d, name, offset, 1, "%u", masq_get8(d->window, offset));
}

void conf_put16(struct conf_decoder *d, const char *name, uint32_t offset)
{
	conf_put(d, name, offset, 2, "%u", masq_get16(d->window, offset));
}

void conf_put32(struct conf_decoder *d, const char *name, uint32_t offset)
{
	conf_put(d, name, offset, 4, "%u", masq_get32(d->window, offset));
}

void conf_put_addr(struct conf_decoder *d, const char *name, uint32_t offset)
{
	char addr[CONF_ADDR_SIZE];

	conf_put(d, name, offset, 4, "%s",
		 conf_addr_text(addr, masq_get32(d->window, offset)));
}

void conf_put_sum(struct conf_decoder *d, const char *name, uint32_t offset,
		  const char *verdict)
{
	conf_put(d, name, offset, 2, "0x%04x %s", masq_get16(d->window, offset),
		 verdict);
}

void conf_put_hex(struct conf_decoder *d, const char *name, uint32_t offset,
		  uint32_t len)
{
	struct conf_field *field;
	size_t at = 0;

	if (len == 0 || (field = new_field(d, name, offset, len)) == NULL)
		return;
	field->is_bytes = true;
	for (uint32_t i = 0; i < len; i++) {
		if (at + 3 + 4 > sizeof(field->text)) {
			snprintf(field->text + at, 4, "...");
			return;
		}
		at += (size_t)snprintf(
			field->text + at, sizeof(field->text) - at, "%s%02x",
			i > 0 ? " " : "", masq_get8(d->window, offset + i));
	}
}

void conf_put_text(struct conf_decoder *d, const char *name, uint32_t offset,
		   uint32_t len)
{
	struct conf_field *field;
	struct masq_view text;

	if (len == 0 || (field = new_field(d, name, offset, len)) == NULL)
		return;
	field->is_bytes = true;
	text = masq_slice(d->window, offset, len);
	conf_quote(field->text, sizeof(field->text), text.data, text.len);
}

bool conf_ip_checksum_good(const uint8_t *data, uint32_t len)
{
	struct conf_layout ip = conf_layout_of(data, len);

	return ip.has_payload && masq_fold(masq_sum(ip.header)) == 0xffff;
}

static void put_header(struct conf_decoder *d, const struct conf_layout *ip)
{
	struct masq_view v = d->window;
	uint16_t fragment = masq_get16(v, 6);
	bool good = conf_ip_checksum_good(v.data, v.len);

	conf_put(d, "ip.version", 0, 1, "%u%s", masq_get8(v, 0) >> 4,
		 masq_get8(v, 0) >> 4 == 4 ? "" : " (bad: not 4)");
	conf_put(d, "ip.ihl", 0, 1, "%u%s", ip->header_len / 4,
		 ip->header_len < 20      ? " (bad: below 5)"
		 : ip->header_len > v.len ? " (bad: beyond the end)"
					  : "");
	conf_put(d, "ip.tos", 1, 1, "0x%02x", masq_get8(v, 1));
	if (ip->total_len > v.len && !d->quoted)
		conf_put(d, "ip.length", 2, 2, "%u (bad: %u there)",
			 ip->total_len, v.len);
	else if (ip->total_len < ip->header_len)
		conf_put(d, "ip.length", 2, 2, "%u (bad: below the header's)",
			 ip->total_len);
	else
		conf_put16(d, "ip.length", 2);
	conf_put16(d, "ip.id", 4);
	conf_put(d, "ip.flags", 6, 1, "0x%x%s%s%s", fragment >> 13,
		 fragment & 0x8000 ? " reserved" : "",
		 fragment & 0x4000 ? " DF" : "",
		 fragment & 0x2000 ? " MF" : "");
	conf_put(d, "ip.offset", 6, 2, "%u", (fragment & 0x1fffu) * 8);
	conf_put8(d, "ip.ttl", 8);
	conf_put8(d, "ip.protocol", 9);
	conf_put_sum(d, "ip.checksum", 10, good ? "good" : "bad");
	conf_put_addr(d, "ip.source", 12);
	conf_put_addr(d, "ip.destination", 16);
	if (ip->has_payload)
		conf_put_hex(d, "ip.options", 20, ip->header_len - 20);
}

void conf_decode_ip(struct conf_decoder *d)
{
	struct masq_view v = d->window;
	struct conf_layout ip = conf_layout_of(v.data, v.len);
	uint32_t end;

	if (!ip.has_header) {
		conf_put_hex(d, "ip.short", 0, v.len);
		return;
	}
	put_header(d, &ip);
	if (!ip.has_payload) {
		conf_put_hex(d, "ip.data", 20, v.len - 20);
		return;
	}
	end = ip.header_len + ip.payload.len;
	d->base += ip.header_len;
	d->window = ip.payload;
	if (!ip.is_first)
		conf_put_text(d, "ip.data", 0, ip.payload.len);
	else if (ip.proto == CONF_PROTO_ICMP)
		conf_decode_icmp(d, &ip);
	else
		conf_decode_transport(d, &ip);
	d->base -= ip.header_len;
	d->window = v;
	conf_put_hex(d, "padding", end, v.len - end);
}

void conf_decode(struct conf_decoded *out, const uint8_t *data, uint32_t len)
{
	struct conf_decoder d = {
		.out = out,
		.prefix = "",
		.window = {.data = data, .len = len},
	};

	out->num_fields = 0;
	conf_decode_ip(&d);
}
