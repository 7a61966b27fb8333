/* SPDX-License-Identifier: Apache-2.0 */
/* parse_packet.c - packets: what they are, from whom to whom, payload */
#include <string.h>

#include "parser.h"

#define MAX_FILL 65535

static bool read_ports(struct case_parser *p, struct case_packet *packet)
{
	return case_endpoint(p, &packet->saddr, &packet->sport) &&
	       case_expect(p, ">", "> and the destination") &&
	       case_endpoint(p, &packet->daddr, &packet->dport);
}

static bool read_addrs(struct case_parser *p, struct case_packet *packet)
{
	packet->saddr = case_addr(p);
	if (packet->saddr == NULL ||
	    !case_expect(p, ">", "> and the destination"))
		return false;
	packet->daddr = case_addr(p);
	return packet->daddr != NULL;
}

/* FLAGS, if that is what stands there. */
static bool read_flags(struct case_parser *p, struct case_packet *packet)
{
	static const char letters[] = "FSRP.UEC";
	uint8_t flags = 0;

	if (case_accept(p, "none")) {
		packet->has_flags = true;
		return true;
	}
	if (p->token.kind != TOKEN_WORD)
		return false;
	for (size_t i = 0; i < p->token.len; i++) {
		const char *bit = strchr(letters, p->token.text[i]);

		if (p->token.text[i] == '\0' || bit == NULL)
			return false;
		flags |= (uint8_t)(1u << (bit - letters));
	}
	packet->flags = flags;
	packet->has_flags = true;
	case_next(p);
	return true;
}

static bool add_part(struct case_parser *p, struct case_packet *packet,
		     struct case_part *part)
{
	struct case_part **tail = &packet->parts;

	if (part == NULL)
		return false;
	while (*tail != NULL)
		tail = &(*tail)->next;
	*tail = part;
	(void)p;
	return true;
}

static bool read_hex(struct case_parser *p, struct case_packet *packet)
{
	struct case_part *part = case_new(p, sizeof(*part));

	return part != NULL && case_hex(p, &part->bytes) &&
	       add_part(p, packet, part);
}

static bool read_fill(struct case_parser *p, struct case_packet *packet)
{
	struct case_part *part = case_new(p, sizeof(*part));

	if (part == NULL)
		return false;
	part->kind = PART_FILL;
	part->value = case_expr(p);
	return part->value != NULL && add_part(p, packet, part);
}

/* A piece of payload, if there is one: *out_found. */
static bool read_payload(struct case_parser *p, struct case_packet *packet,
			 bool *out_found)
{
	*out_found = true;
	if (p->token.kind == TOKEN_STRING) {
		if (!add_part(p, packet, case_text(p)))
			return false;
		case_next(p);
	} else if (case_accept(p, "hex")) {
		if (!read_hex(p, packet))
			return false;
	} else if (case_accept(p, "fill")) {
		if (!read_fill(p, packet))
			return false;
	} else if (!case_accept(p, "empty")) {
		*out_found = false;
		return true;
	}
	packet->has_payload = true;
	return true;
}

/* "first full" is what a table of lengths may say. */
static bool read_first(struct case_parser *p, struct case_packet *packet)
{
	if (case_accept(p, "full")) {
		packet->quote = QUOTE_FULL;
		return true;
	}
	packet->quote = QUOTE_FIRST;
	packet->first = case_expr(p);
	if (packet->first == NULL)
		return false;
	if (!case_accept(p, "bytes"))
		(void)case_accept(p, "octets");
	return true;
}

static bool read_quote(struct case_parser *p, struct case_packet *packet)
{
	if (packet->kind != PACKET_ICMP || packet->quote != QUOTE_NONE)
		return case_fail(p, "one quote, in an ICMP packet");
	case_next(p);
	if (!case_declared(p, CASE_LABEL, "the label of a packet above",
			   &packet->quoted))
		return false;
	packet->quote = QUOTE_DEFAULT;
	if (case_accept(p, "full")) {
		packet->quote = QUOTE_FULL;
	} else if (case_accept(p, "first")) {
		if (!read_first(p, packet))
			return false;
	}
	packet->kept = case_accept(p, "kept");
	return true;
}

/* Fields, payload and label, in any order; the label ends the line. */
static bool read_rest(struct case_parser *p, struct case_packet *packet,
		      bool with_label)
{
	bool found = true;

	while (found) {
		if (case_at(p, "quoting")) {
			if (!read_quote(p, packet))
				return false;
			continue;
		}
		if (!case_field(p, packet, &found))
			return false;
		if (!found && packet->kind != PACKET_RAW &&
		    packet->kind != PACKET_FRAGMENT &&
		    !read_payload(p, packet, &found))
			return false;
	}
	if (with_label && case_accept(p, "as")) {
		if (!case_word_name(p, "a label", &packet->label))
			return false;
		p->c->declared[packet->label] |= CASE_LABEL;
		return true;
	}
	if (p->token.kind == TOKEN_NEWLINE || p->token.kind == TOKEN_END)
		return true;
	return case_fail(p, with_label ? "a field, a payload, \"as LABEL\" or "
					 "the end of the line"
				       : "a field, a payload or the end of "
					 "the line");
}

static bool read_cut(struct case_parser *p, struct case_packet *packet)
{
	struct case_field part = {.id = FIELD_PART, .pos = p->token.pos};

	if (!case_declared(p, CASE_LABEL, "the label of a packet above",
			   &packet->name))
		return false;
	part.value = case_expr(p);
	if (part.value == NULL)
		return false;
	if (!case_accept(p, "end")) {
		part.length = case_expr(p);
		if (part.length == NULL)
			return false;
	}
	return case_add_field(p, packet, &part);
}

static bool read_body(struct case_parser *p, struct case_packet *packet)
{
	if (case_accept(p, "udp")) {
		packet->kind = PACKET_UDP;
		return read_ports(p, packet);
	}
	if (case_accept(p, "tcp")) {
		packet->kind = PACKET_TCP;
		return read_ports(p, packet) &&
		       (read_flags(p, packet) ||
			case_fail(p, "flags of S F R P . U E C, or none"));
	}
	if (case_accept(p, "icmp")) {
		packet->kind = PACKET_ICMP;
		return read_addrs(p, packet) && case_icmp(p, packet);
	}
	if (case_accept(p, "ip")) {
		packet->kind = PACKET_IP;
		if (!case_expect(p, "proto", "proto N"))
			return false;
		packet->proto = case_expr(p);
		return packet->proto != NULL && read_addrs(p, packet);
	}
	if (case_accept(p, "fragment")) {
		packet->kind = PACKET_FRAGMENT;
		return read_cut(p, packet);
	}
	if (case_accept(p, "raw")) {
		packet->kind = PACKET_RAW;
		return case_accept(p, "empty") || case_hex(p, &packet->raw);
	}
	packet->kind = PACKET_CONNECTION;
	if (!case_declared(p, CASE_CONNECTION,
			   "a packet: udp, tcp, icmp, ip, fragment, raw or a "
			   "connection",
			   &packet->name))
		return false;
	(void)read_flags(p, packet);
	return true;
}

struct case_packet *case_packet(struct case_parser *p, bool with_label)
{
	struct case_packet *packet = case_new(p, sizeof(*packet));

	if (packet == NULL)
		return NULL;
	packet->pos = p->token.pos;
	packet->label = packet->name = packet->quoted = CASE_NO_NAME;
	if (!read_body(p, packet) || p->failed ||
	    !read_rest(p, packet, with_label))
		return NULL;
	return packet;
}
