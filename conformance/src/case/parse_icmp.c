/* SPDX-License-Identifier: Apache-2.0 */
/* parse_icmp.c - the types and codes of ICMP by name */
#include <string.h>

#include "conformance/decode.h"
#include "parser.h"

static const struct type {
	const char *word;
	uint8_t type;
	int code; /* -1: a code may follow */
} types[] = {
	{"echo", 8, 0},
	{"echo-request", 8, 0},
	{"echo-reply", 0, 0},
	{"unreachable", 3, -1},
	{"too-big", 3, 4},
	{"source-quench", 4, 0},
	{"redirect", 5, -1},
	{"time-exceeded", 11, -1},
	{"parameter-problem", 12, 0},
	{"timestamp", 13, 0},
	{"timestamp-request", 13, 0},
	{"timestamp-reply", 14, 0},
	{"information", 15, 0},
	{"information-request", 15, 0},
	{"information-reply", 16, 0},
	{"mask", 17, 0},
	{"mask-request", 17, 0},
	{"mask-reply", 18, 0},
	{"router-advertisement", 9, 0},
	{"router-solicit", 10, 0},
};

static int code_of(uint8_t type, const char *text, size_t len)
{
	for (unsigned int code = 0; code < 16; code++) {
		const char *name = conf_icmp_code_name(type, (uint8_t)code);

		if (name != NULL && strlen(name) == len &&
		    memcmp(name, text, len) == 0)
			return (int)code;
	}
	return -1;
}

/* "code N", for any type. */
static bool numbered(struct case_parser *p, struct case_packet *packet)
{
	if (!case_accept(p, "code"))
		return true;
	packet->code = case_expr(p);
	return packet->code != NULL;
}

/* The code of a type that has names for them, behind '/' or a blank. */
static bool named(struct case_parser *p, struct case_packet *packet,
		  const struct type *type, const char *text, size_t len)
{
	int code = code_of(type->type, text, len);

	if (code < 0)
		return case_fail(p, "the name of a code");
	packet->code = case_constant(p, code);
	if (packet->code == NULL)
		return false;
	case_next(p);
	return true;
}

bool case_icmp(struct case_parser *p, struct case_packet *packet)
{
	const char *text = p->token.text;
	const char *slash = p->token.kind == TOKEN_WORD
				    ? memchr(text, '/', p->token.len)
				    : NULL;
	size_t len = slash != NULL ? (size_t)(slash - text) : p->token.len;
	const struct type *type = NULL;

	if (case_accept(p, "type")) {
		packet->type = case_expr(p);
		packet->code = case_constant(p, 0);
		return packet->type != NULL && packet->code != NULL &&
		       numbered(p, packet);
	}
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (p->token.kind == TOKEN_WORD &&
		    strlen(types[i].word) == len &&
		    memcmp(types[i].word, text, len) == 0)
			type = &types[i];
	if (type == NULL || (slash != NULL && type->code >= 0))
		return case_fail(p, "a type of ICMP, or type N");
	packet->type = case_constant(p, type->type);
	packet->code = case_constant(p, type->code < 0 ? 0 : type->code);
	if (packet->type == NULL || packet->code == NULL)
		return false;
	if (slash != NULL && len + 1 == p->token.len) {
		case_next(p); /* the code is the value of an axis */
		return named(p, packet, type, p->token.text, p->token.len);
	}
	if (slash != NULL)
		return named(p, packet, type, slash + 1,
			     p->token.len - len - 1);
	case_next(p);
	if (type->code >= 0 || case_at(p, "code"))
		return numbered(p, packet);
	if (p->token.kind == TOKEN_WORD &&
	    code_of(type->type, p->token.text, p->token.len) >= 0)
		return named(p, packet, type, p->token.text, p->token.len);
	return true;
}
