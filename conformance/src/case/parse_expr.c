/* SPDX-License-Identifier: Apache-2.0 */
/* parse_expr.c - numbers, variables, addresses and what is made of them */
#include <string.h>

#include "parser.h"
#include "values.h"

#define MAX_DEPTH 20u /* of parentheses and subscripts */

static struct case_expr *make(struct case_parser *p, enum case_op op)
{
	struct case_expr *e = case_new(p, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->op = op;
	e->name = CASE_NO_NAME;
	e->pos = p->token.pos;
	return e;
}

struct case_expr *case_constant(struct case_parser *p, int64_t number)
{
	struct case_expr *e = make(p, CASE_NUMBER);

	if (e != NULL)
		e->number = number;
	return e;
}

/* Inside brackets; what must follow is eaten. */
static struct case_expr *enclosed(struct case_parser *p, const char *end,
				  const char *expected)
{
	struct case_expr *e;

	if (++p->depth > MAX_DEPTH) {
		case_fail(p, "less depth");
		return NULL;
	}
	e = case_expr(p);
	p->depth--;
	if (e == NULL || !case_expect(p, end, expected))
		return NULL;
	return e;
}

static struct case_expr *variable(struct case_parser *p)
{
	struct case_expr *e = make(p, CASE_VARIABLE);

	if (e == NULL || !case_variable(p, &e->name))
		return NULL;
	if (case_accept(p, "[")) {
		e->left = enclosed(p, "]", "]");
		if (e->left == NULL)
			return NULL;
	}
	return e;
}

static struct case_expr *term(struct case_parser *p)
{
	struct case_expr *e;
	int64_t number;

	if (p->token.kind == TOKEN_NAME)
		return variable(p);
	if (case_accept(p, "("))
		return enclosed(p, ")", ")");
	if (p->token.kind != TOKEN_WORD ||
	    !case_number(p->token.text, p->token.len, &number)) {
		case_fail(p, "a number, $NAME or (");
		return NULL;
	}
	e = case_constant(p, number);
	if (e != NULL)
		case_next(p);
	return e;
}

static struct case_expr *combine(struct case_parser *p, enum case_op op,
				 struct case_expr *left,
				 struct case_expr *right)
{
	struct case_expr *e = make(p, op);

	if (e == NULL || right == NULL)
		return NULL;
	e->pos = left->pos;
	e->left = left;
	e->right = right;
	return e;
}

static struct case_expr *product(struct case_parser *p)
{
	struct case_expr *e = term(p);

	while (e != NULL) {
		if (case_accept(p, "*"))
			e = combine(p, CASE_MUL, e, term(p));
		else if (case_accept(p, "%"))
			e = combine(p, CASE_MOD, e, term(p));
		else
			break;
	}
	return e;
}

struct case_expr *case_expr(struct case_parser *p)
{
	struct case_expr *e = product(p);

	while (e != NULL) {
		if (case_accept(p, "+"))
			e = combine(p, CASE_ADD, e, product(p));
		else if (case_accept(p, "-"))
			e = combine(p, CASE_SUB, e, product(p));
		else
			break;
	}
	return e;
}

struct case_expr *case_addr(struct case_parser *p)
{
	struct conf_text text = {.at = p->token.text, .len = p->token.len};
	const struct case_host *host;
	struct case_expr *e;
	uint32_t addr;

	if (p->token.kind == TOKEN_NAME)
		return variable(p);
	if (p->token.kind != TOKEN_WORD)
		goto fail;
	host = case_host(p, text.at, text.len);
	if (host != NULL)
		e = case_constant(p, host->addr);
	else if (case_at(p, "NAT"))
		e = make(p, CASE_NAT);
	else if (case_at(p, "ROUTER"))
		e = make(p, CASE_ROUTER);
	else if (conf_read_addr(text, &addr))
		e = case_constant(p, addr);
	else
		goto fail;
	if (e != NULL)
		case_next(p);
	return e;
fail:
	case_fail(p, "a host, an address A.B.C.D, NAT, ROUTER or $NAME");
	return NULL;
}

bool case_endpoint(struct case_parser *p, struct case_expr **out_addr,
		   struct case_expr **out_port)
{
	*out_addr = case_addr(p);
	if (*out_addr == NULL || !case_expect(p, ":", ": and a port"))
		return false;
	*out_port = case_expr(p);
	return *out_port != NULL;
}
