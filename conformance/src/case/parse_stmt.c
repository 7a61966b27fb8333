/* SPDX-License-Identifier: Apache-2.0 */
/* parse_stmt.c - the lines of a case that do something */
#include <string.h>

#include "parser.h"
#include "values.h"

#define MAX_NESTING 8u
#define MAX_REPEAT  1000000

/* "inside gets ...", behind the side. */
static bool read_get(struct case_parser *p, struct case_get *get)
{
	if (case_accept(p, "may")) {
		get->optional = true;
		if (!case_expect(p, "get", "get"))
			return false;
	} else if (!case_expect(p, "gets", "sends, gets or may get")) {
		return false;
	}
	if (!get->optional && case_accept(p, "nothing")) {
		get->kind = GET_NOTHING;
		return true;
	}
	if (!get->optional && case_accept(p, "anything")) {
		get->kind = GET_ANYTHING;
		return true;
	}
	get->exactly = case_accept(p, "exactly");
	get->packet = case_packet(p, true);
	return get->packet != NULL;
}

static bool add_get(struct case_parser *p, struct case_stmt *step,
		    enum conf_side side, struct case_pos pos)
{
	struct case_get *get = case_new(p, sizeof(*get));
	struct case_get **tail = &step->gets;

	if (get == NULL)
		return false;
	get->side = side;
	get->pos = pos;
	while (*tail != NULL)
		tail = &(*tail)->next;
	*tail = get;
	return read_get(p, get) && case_expect_newline(p);
}

static void skip_newlines(struct case_parser *p)
{
	while (p->token.kind == TOKEN_NEWLINE)
		case_next(p);
}

/* The lines of results below a stimulus. */
static bool read_gets(struct case_parser *p, struct case_stmt *step)
{
	for (;;) {
		struct case_lexer lexer;
		struct case_token token;
		struct case_pos pos;
		enum conf_side side;

		skip_newlines(p);
		lexer = p->lexer;
		token = p->token;
		pos = token.pos;
		if (!case_at(p, "inside") && !case_at(p, "outside"))
			return true;
		if (!case_side(p, &side))
			return false;
		if (case_at(p, "sends")) {
			p->lexer = lexer;
			p->token = token;
			return true;
		}
		if (!add_get(p, step, side, pos))
			return false;
	}
}

static bool read_time(struct case_parser *p, struct case_stmt *step)
{
	if (case_accept(p, "+")) {
		step->time = TIME_PLUS;
		return case_seconds(p, &step->ns);
	}
	if (case_accept(p, "at") ||
	    (p->token.kind == TOKEN_WORD && p->token.text[0] >= '0' &&
	     p->token.text[0] <= '9')) {
		step->time = TIME_AT;
		return case_seconds(p, &step->ns);
	}
	return true;
}

static bool read_step(struct case_parser *p, struct case_stmt *step)
{
	struct case_pos pos;
	enum conf_side side;

	if (!read_time(p, step))
		return false;
	if (step->time != TIME_SAME && p->token.kind == TOKEN_NEWLINE)
		return case_expect_newline(p) && read_gets(p, step);
	if (step->time != TIME_SAME && p->token.kind == TOKEN_END)
		return true;
	pos = p->token.pos;
	if (step->time == TIME_SAME && !case_at(p, "inside") &&
	    !case_at(p, "outside"))
		return case_fail(p, "a statement: a time, inside, outside, "
				    "packet, connect, connection, check, "
				    "forget, repeat or $NAME may equal");
	if (!case_side(p, &side))
		return false;
	if (case_accept(p, "sends")) {
		step->side = side;
		step->packet = case_packet(p, true);
		return step->packet != NULL && case_expect_newline(p) &&
		       read_gets(p, step);
	}
	if (step->time == TIME_SAME)
		return case_fail(p, "sends (what is got needs a stimulus or a "
				    "time above it)");
	return add_get(p, step, side, pos) && read_gets(p, step);
}

static bool read_connect(struct case_parser *p, struct case_stmt *stmt)
{
	struct case_packet *packet = case_new(p, sizeof(*packet));

	if (packet == NULL)
		return false;
	stmt->kind = STMT_CONNECT;
	stmt->packet = packet;
	packet->kind = PACKET_TCP;
	packet->pos = stmt->pos;
	packet->label = packet->quoted = CASE_NO_NAME;
	if (!case_endpoint(p, &packet->saddr, &packet->sport) ||
	    !case_expect(p, ">", "> and the other endpoint") ||
	    !case_endpoint(p, &packet->daddr, &packet->dport) ||
	    (case_accept(p, "to") && !case_endpoint(p, &stmt->a, &stmt->b)) ||
	    !case_expect(p, "as", "as NAME") ||
	    !case_word_name(p, "the name of the connection", &packet->name))
		return false;
	stmt->name = packet->name;
	p->c->declared[stmt->name] |= CASE_CONNECTION;
	return case_expect_newline(p);
}

/* "LO-HI" in one word, or EXPR .. EXPR. */
static bool read_range(struct case_parser *p, struct case_stmt *stmt)
{
	const char *text = p->token.text;
	const char *hyphen = p->token.kind == TOKEN_WORD
				     ? memchr(text, '-', p->token.len)
				     : NULL;
	int64_t low, high;

	if (hyphen == NULL) {
		stmt->b = case_expr(p);
		if (stmt->b == NULL || !case_expect(p, "..", ".. or LOW-HIGH"))
			return false;
		stmt->c = case_expr(p);
		return stmt->c != NULL;
	}
	if (!case_number(text, (size_t)(hyphen - text), &low) ||
	    !case_number(hyphen + 1, p->token.len - (size_t)(hyphen - text) - 1,
			 &high))
		return case_fail(p, "LOW-HIGH");
	stmt->b = case_constant(p, low);
	stmt->c = case_constant(p, high);
	if (stmt->b == NULL || stmt->c == NULL)
		return false;
	case_next(p);
	return true;
}

static bool read_check(struct case_parser *p, struct case_stmt *stmt)
{
	static const struct {
		const char *mark;
		enum case_check check;
	} marks[] = {{"==", CHECK_EQ}, {"!=", CHECK_NE}, {"<=", CHECK_LE},
		     {">=", CHECK_GE}, {"<", CHECK_LT},  {">", CHECK_GT}};

	stmt->kind = STMT_CHECK;
	if (case_accept(p, "parity")) {
		stmt->check = CHECK_PARITY;
		stmt->a = case_expr(p);
		stmt->b = stmt->a != NULL ? case_expr(p) : NULL;
		return stmt->b != NULL && case_expect_newline(p);
	}
	stmt->a = case_expr(p);
	if (stmt->a == NULL)
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (case_accept(p, marks[i].mark)) {
			stmt->check = marks[i].check;
			stmt->b = case_expr(p);
			return stmt->b != NULL && case_expect_newline(p);
		}
	stmt->check = case_accept(p, "not") ? CHECK_NOT_IN : CHECK_IN;
	return case_expect(p, "in", "== != < <= > >= in or not in") &&
	       read_range(p, stmt) && case_expect_newline(p);
}

static bool read_repeat(struct case_parser *p, struct case_stmt *stmt)
{
	bool good;

	stmt->kind = STMT_REPEAT;
	if (p->depth >= MAX_NESTING)
		return case_fail(p, "less nesting");
	stmt->a = case_expr(p);
	if (stmt->a == NULL ||
	    !case_word_name(p, "the name of the counter", &stmt->name) ||
	    !case_expect(p, "{", "{"))
		return false;
	if (p->token.kind != TOKEN_NEWLINE)
		return case_fail(p, "the end of the line behind {");
	p->depth++;
	good = case_block(p, true, &stmt->body);
	p->depth--;
	return good && case_expect(p, "}", "}") && case_expect_newline(p);
}

static bool read_may_equal(struct case_parser *p, struct case_stmt *stmt)
{
	stmt->kind = STMT_MAY_EQUAL;
	return case_variable(p, &stmt->name) &&
	       case_expect(p, "may", "may equal $NAME") &&
	       case_expect(p, "equal", "equal $NAME") &&
	       case_variable(p, &stmt->other) && case_expect_newline(p);
}

bool case_stmt(struct case_parser *p, struct case_stmt **out)
{
	struct case_stmt *stmt = case_new(p, sizeof(*stmt));

	*out = stmt;
	if (stmt == NULL)
		return false;
	stmt->pos = p->token.pos;
	stmt->name = stmt->other = CASE_NO_NAME;
	if (p->token.kind == TOKEN_NAME)
		return read_may_equal(p, stmt);
	if (case_accept(p, "packet")) {
		stmt->kind = STMT_PACKET;
		if (!case_word_name(p, "a label", &stmt->name))
			return false;
		stmt->packet = case_packet(p, false);
		p->c->declared[stmt->name] |= CASE_LABEL;
		return stmt->packet != NULL && case_expect_newline(p);
	}
	if (case_accept(p, "connect")) {
		stmt->handshake = true;
		return read_connect(p, stmt);
	}
	if (case_accept(p, "connection"))
		return read_connect(p, stmt);
	if (case_accept(p, "check"))
		return read_check(p, stmt);
	if (case_accept(p, "forget")) {
		stmt->kind = STMT_FORGET;
		stmt->a = case_expr(p);
		return stmt->a != NULL && case_expect_newline(p);
	}
	if (case_accept(p, "repeat"))
		return read_repeat(p, stmt);
	stmt->kind = STMT_STEP;
	return read_step(p, stmt);
}

bool case_block(struct case_parser *p, bool braces, struct case_stmt **out)
{
	struct case_stmt **tail = out;

	for (;;) {
		skip_newlines(p);
		if (p->token.kind == TOKEN_END)
			return !braces || case_fail(p, "} at the end of the "
						       "repeat");
		if (braces && case_at(p, "}"))
			return true;
		if (!case_stmt(p, tail))
			return false;
		tail = &(*tail)->next;
	}
}
