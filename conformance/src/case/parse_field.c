/* SPDX-License-Identifier: Apache-2.0 */
/* parse_field.c - what a packet line may state: "ttl 3", "csum=bad" */
#include <string.h>

#include "parser.h"

enum shape {
	SHAPE_NUMBER = 0,
	SHAPE_ONE,  /* the word alone: 1 */
	SHAPE_ZERO, /* the word alone: 0 */
	SHAPE_HEX,
	SHAPE_ADDR,
	SHAPE_SUM,
	SHAPE_PART,
	SHAPE_CAST,
	SHAPE_MSS,
	SHAPE_TWO,
};

/* In which packets a field has a meaning. */
enum {
	IN_UDP = 1u << PACKET_UDP,
	IN_TCP = 1u << PACKET_TCP | 1u << PACKET_CONNECTION,
	IN_ICMP = 1u << PACKET_ICMP,
	IN_RAW = 1u << PACKET_RAW,
	IN_CUT = 1u << PACKET_FRAGMENT,
	IN_ALL = 0xff & ~(1u << PACKET_RAW),
	IN_ANY = 0xff,
};

static const struct word {
	const char *word;
	enum case_field_id id;
	enum shape shape;
	unsigned int kinds;
} words[] = {
	{"ttl", FIELD_TTL, SHAPE_NUMBER, IN_ALL},
	{"ipid", FIELD_IPID, SHAPE_NUMBER, IN_ALL},
	{"id", FIELD_ICMP_ID, SHAPE_NUMBER, IN_ICMP},
	{"id", FIELD_IPID, SHAPE_NUMBER, IN_ALL & ~IN_ICMP},
	{"tos", FIELD_TOS, SHAPE_NUMBER, IN_ALL},
	{"df", FIELD_DF, SHAPE_ONE, IN_ALL},
	{"nodf", FIELD_DF, SHAPE_ZERO, IN_ALL},
	{"mf", FIELD_MF, SHAPE_ONE, IN_ALL},
	{"nomf", FIELD_MF, SHAPE_ZERO, IN_ALL},
	{"evil", FIELD_EVIL, SHAPE_ONE, IN_ALL},
	{"frag", FIELD_FRAG, SHAPE_NUMBER, IN_ALL},
	{"part", FIELD_PART, SHAPE_PART, IN_ALL & ~IN_CUT},
	{"whole", FIELD_WHOLE, SHAPE_ONE, IN_ALL & ~IN_CUT},
	{"proto", FIELD_PROTO, SHAPE_NUMBER, IN_ALL},
	{"version", FIELD_VERSION, SHAPE_NUMBER, IN_ALL},
	{"ihl", FIELD_IHL, SHAPE_NUMBER, IN_ALL},
	{"len", FIELD_LEN, SHAPE_NUMBER, IN_ALL},
	{"ulen", FIELD_ULEN, SHAPE_NUMBER, IN_UDP},
	{"doff", FIELD_DOFF, SHAPE_NUMBER, IN_TCP},
	{"ipopt", FIELD_IPOPT, SHAPE_HEX, IN_ALL},
	{"opt", FIELD_TCPOPT, SHAPE_HEX, IN_TCP},
	{"opt", FIELD_IPOPT, SHAPE_HEX, IN_ALL & ~IN_TCP},
	{"mss", FIELD_TCPOPT, SHAPE_MSS, IN_TCP},
	{"sack", FIELD_SACK, SHAPE_TWO, IN_TCP},
	{"ipsum", FIELD_IPSUM, SHAPE_SUM, IN_ALL},
	{"csum", FIELD_CSUM, SHAPE_SUM, IN_UDP | IN_TCP | IN_ICMP},
	{"trunc", FIELD_TRUNC, SHAPE_NUMBER, IN_ALL},
	{"pad", FIELD_PAD, SHAPE_HEX, IN_ANY},
	{"cast", FIELD_CAST, SHAPE_CAST, IN_ANY},
	{"mac", FIELD_MAC, SHAPE_HEX, IN_ANY},
	{"seq", FIELD_SEQ, SHAPE_NUMBER, IN_TCP},
	{"ack", FIELD_ACK, SHAPE_NUMBER, IN_TCP},
	{"absseq", FIELD_ABSSEQ, SHAPE_NUMBER, IN_TCP},
	{"absack", FIELD_ABSACK, SHAPE_NUMBER, IN_TCP},
	{"win", FIELD_WIN, SHAPE_NUMBER, IN_TCP},
	{"urg", FIELD_URG, SHAPE_NUMBER, IN_TCP},
	{"seq", FIELD_ICMP_SEQ, SHAPE_NUMBER, IN_ICMP},
	{"rest", FIELD_REST, SHAPE_NUMBER, IN_ICMP},
	{"mtu", FIELD_MTU, SHAPE_NUMBER, IN_ICMP},
	{"pointer", FIELD_POINTER, SHAPE_NUMBER, IN_ICMP},
	{"gateway", FIELD_GATEWAY, SHAPE_ADDR, IN_ICMP},
};

bool case_add_field(struct case_parser *p, struct case_packet *packet,
		    const struct case_field *field)
{
	struct case_field *copy = case_new(p, sizeof(*copy));
	struct case_field **tail = &packet->fields;

	if (copy == NULL)
		return false;
	*copy = *field;
	while (*tail != NULL)
		tail = &(*tail)->next;
	*tail = copy;
	return true;
}

static bool read_sum(struct case_parser *p, struct case_field *f)
{
	static const struct {
		const char *word;
		enum case_sum sum;
	} sums[] = {{"good", CASE_SUM_GOOD},
		    {"bad", CASE_SUM_BAD},
		    {"none", CASE_SUM_NONE}};
	static const char expected[] = "good, bad, none or 0xHHHH";
	int64_t number;

	if (!case_expect(p, "=", "="))
		return false;
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		if (case_accept(p, sums[i].word)) {
			f->sum = sums[i].sum;
			return f->sum != CASE_SUM_NONE || f->id == FIELD_CSUM ||
			       case_fail(p, expected);
		}
	if (p->token.kind != TOKEN_WORD ||
	    !case_number(p->token.text, p->token.len, &number) ||
	    number > 0xffff)
		return case_fail(p, expected);
	f->sum = CASE_SUM_VALUE;
	f->value = case_constant(p, number);
	if (f->value == NULL)
		return false;
	case_next(p);
	return true;
}

static bool read_part(struct case_parser *p, struct case_field *f)
{
	f->value = case_expr(p);
	if (f->value == NULL)
		return false;
	if (case_accept(p, "end"))
		return true;
	f->length = case_expr(p);
	return f->length != NULL;
}

static bool read_cast(struct case_parser *p, struct case_field *f)
{
	enum conf_cast cast;

	if (case_at(p, "broadcast"))
		cast = CONF_CAST_BROADCAST;
	else if (case_at(p, "multicast"))
		cast = CONF_CAST_MULTICAST;
	else if (case_at(p, "other"))
		cast = CONF_CAST_OTHER;
	else
		return case_fail(p, "broadcast, multicast or other");
	f->value = case_constant(p, cast);
	if (f->value == NULL)
		return false;
	case_next(p);
	return true;
}

/* "mss N" is the option 02 04 NN NN. */
static bool read_mss(struct case_parser *p, struct case_field *f)
{
	int64_t number;
	uint8_t *data;

	if (p->token.kind != TOKEN_WORD ||
	    !case_number(p->token.text, p->token.len, &number) ||
	    number > 65535)
		return case_fail(p, "a number up to 65535");
	data = case_new(p, 4);
	if (data == NULL)
		return false;
	data[0] = 2;
	data[1] = 4;
	data[2] = (uint8_t)(number >> 8);
	data[3] = (uint8_t)number;
	f->bytes = (struct case_bytes){.data = data, .len = 4};
	case_next(p);
	return true;
}

static bool read_hex(struct case_parser *p, struct case_field *f)
{
	struct case_pos pos = p->token.pos;

	if (!case_hex(p, &f->bytes))
		return false;
	if (f->id == FIELD_MAC && f->bytes.len != 6)
		return case_fail_at(p, pos, "read %u octets, expected 6",
				    f->bytes.len);
	if ((f->id == FIELD_IPOPT || f->id == FIELD_TCPOPT) &&
	    f->bytes.len > 40)
		return case_fail_at(p, pos,
				    "read %u octets, expected at most 40",
				    f->bytes.len);
	if (f->id == FIELD_IPOPT && f->bytes.len % 4 != 0)
		return case_fail_at(p, pos,
				    "read %u octets, expected a multiple of 4",
				    f->bytes.len);
	return true;
}

static bool read_value(struct case_parser *p, enum shape shape,
		       struct case_field *f)
{
	switch (shape) {
	case SHAPE_ONE:
	case SHAPE_ZERO:
		f->value = case_constant(p, shape == SHAPE_ONE);
		return f->value != NULL;
	case SHAPE_HEX:
		return read_hex(p, f);
	case SHAPE_ADDR:
		f->value = case_addr(p);
		return f->value != NULL;
	case SHAPE_SUM:
		return read_sum(p, f);
	case SHAPE_PART:
		return read_part(p, f);
	case SHAPE_CAST:
		return read_cast(p, f);
	case SHAPE_MSS:
		return read_mss(p, f);
	case SHAPE_TWO:
		f->value = case_expr(p);
		f->length = f->value != NULL ? case_expr(p) : NULL;
		return f->length != NULL;
	case SHAPE_NUMBER:
		break;
	}
	f->value = case_expr(p);
	return f->value != NULL;
}

bool case_field(struct case_parser *p, struct case_packet *packet,
		bool *out_found)
{
	const struct word *word = NULL, *wrong = NULL;
	struct case_field f = {.pos = p->token.pos};

	*out_found = false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!case_at(p, words[i].word))
			continue;
		if (words[i].kinds >> packet->kind & 1)
			word = &words[i];
		else
			wrong = &words[i];
	}
	if (word == NULL && wrong == NULL)
		return true;
	if (word == NULL)
		return case_fail(p, "a field that this packet has");
	for (const struct case_field *old = packet->fields; old != NULL;
	     old = old->next)
		if (old->id == word->id)
			return case_fail(p, "each field once");
	f.id = word->id;
	case_next(p);
	*out_found = true;
	return read_value(p, word->shape, &f) && case_add_field(p, packet, &f);
}
