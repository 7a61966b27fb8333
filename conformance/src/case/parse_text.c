/* SPDX-License-Identifier: Apache-2.0 */
/* parse_text.c - what stands between quotes: escapes and ${NAME:FORMAT} */
#include <string.h>

#include "parser.h"

struct text {
	struct case_parser *p;
	const char *at;
	size_t len, i;
	uint8_t *buffer; /* literal octets that are not yet a part */
	uint32_t filled;
	struct case_part **tail;
};

static struct case_pos pos_of(const struct text *t)
{
	struct case_pos pos = t->p->token.pos;

	pos.column += (unsigned int)t->i + 1;
	return pos;
}

static struct case_part *add(struct text *t, enum case_part_kind kind)
{
	struct case_part *part = case_new(t->p, sizeof(*part));

	if (part == NULL)
		return NULL;
	part->kind = kind;
	*t->tail = part;
	t->tail = &part->next;
	return part;
}

static bool flush(struct text *t)
{
	struct case_part *part;

	if (t->filled == 0)
		return true;
	part = add(t, PART_BYTES);
	if (part == NULL)
		return false;
	part->bytes = (struct case_bytes){.data = t->buffer, .len = t->filled};
	t->buffer += t->filled;
	t->filled = 0;
	return true;
}

static bool put(struct text *t, uint8_t octet, size_t eaten)
{
	t->buffer[t->filled++] = octet;
	t->i += eaten;
	return true;
}

static bool escape(struct text *t)
{
	static const char from[] = "rnt0\\\"$", to[] = "\r\n\t\0\\\"$";
	char c = t->i + 1 < t->len ? t->at[t->i + 1] : '\0';
	const char *found = c != '\0' ? strchr(from, c) : NULL;
	int64_t value;

	if (found != NULL)
		return put(t, (uint8_t)to[found - from], 2);
	if (c == 'x' && t->i + 3 < t->len) {
		char digits[4] = {'0', 'x', t->at[t->i + 2], t->at[t->i + 3]};

		if (case_number(digits, 4, &value))
			return put(t, (uint8_t)value, 4);
	}
	return case_fail_at(t->p, pos_of(t),
			    "read \\%c, expected \\r \\n \\t \\0 \\\\ \\\" \\$ "
			    "or \\xHH",
			    c >= ' ' && c < 0x7f ? c : '?');
}

static bool format_of(const char *text, size_t len, bool addr,
		      enum case_format *out)
{
	static const struct {
		const char *name;
		enum case_format number, addr;
	} formats[] = {
		{"", FORMAT_DECIMAL, FORMAT_DOTS},
		{"ftp", FORMAT_PORT_FTP, FORMAT_ADDR_FTP},
		{"dcc", FORMAT_DECIMAL, FORMAT_DECIMAL},
		{"be16", FORMAT_BE16, FORMAT_BE16},
		{"be32", FORMAT_BE32, FORMAT_BE32},
		{"le16", FORMAT_LE16, FORMAT_LE16},
		{"u8", FORMAT_U8, FORMAT_U8},
		{"dots", FORMAT_DOTS, FORMAT_DOTS},
		{"addr-ftp", FORMAT_ADDR_FTP, FORMAT_ADDR_FTP},
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strlen(formats[i].name) == len &&
		    memcmp(formats[i].name, text, len) == 0) {
			*out = addr ? formats[i].addr : formats[i].number;
			return true;
		}
	return false;
}

/* The expression of ${EXPR}: names without $. */
static struct case_expr *inner(struct text *t, const char *at, size_t len,
			       bool *out_addr)
{
	struct case_parser sub = *t->p;
	const struct case_host *host = case_host(t->p, at, len);
	struct case_expr *e;
	bool is_name = len > 0 && !(at[0] >= '0' && at[0] <= '9');

	*out_addr = host != NULL || (len == 3 && memcmp(at, "NAT", 3) == 0) ||
		    (len == 6 && memcmp(at, "ROUTER", 6) == 0);
	case_lexer_init(&sub.lexer, at, len, t->p->lexer.axes,
			t->p->lexer.num_axes);
	sub.lexer.pos = pos_of(t);
	case_next(&sub);
	if (is_name && !*out_addr && sub.token.kind == TOKEN_WORD)
		sub.token.kind = TOKEN_NAME;
	e = *out_addr ? case_addr(&sub) : case_expr(&sub);
	if (e != NULL && sub.token.kind != TOKEN_END) {
		case_fail(&sub, "}");
		e = NULL;
	}
	t->p->failed = sub.failed;
	return e;
}

static bool value(struct text *t)
{
	const char *at = t->at + t->i + 2;
	size_t len = t->len - t->i - 2;
	const char *end = memchr(at, '}', len);
	const char *colon, *axis;
	struct case_part *part;
	bool addr;

	if (end == NULL)
		return case_fail_at(t->p, pos_of(t), "expected } behind ${");
	len = (size_t)(end - at);
	axis = case_axis(t->p->lexer.axes, t->p->lexer.num_axes, at, len);
	if (axis != NULL) {
		size_t n = strlen(axis);
		uint8_t *copy = case_new(t->p, n + 1);

		if (copy == NULL || !flush(t))
			return false;
		part = add(t, PART_BYTES);
		if (part == NULL)
			return false;
		memcpy(copy, axis, n);
		part->bytes = (struct case_bytes){copy, (uint32_t)n};
		t->i += len + 3;
		return true;
	}
	colon = memchr(at, ':', len);
	part = flush(t) ? add(t, PART_NUMBER) : NULL;
	if (part == NULL)
		return false;
	part->value = inner(t, at, colon != NULL ? (size_t)(colon - at) : len,
			    &addr);
	if (part->value == NULL)
		return false;
	if (!format_of(colon != NULL ? colon + 1 : end,
		       colon != NULL ? (size_t)(end - colon - 1) : 0, addr,
		       &part->format))
		return case_fail_at(t->p, pos_of(t),
				    "read ${%.*s}, expected a format: ftp dcc "
				    "be16 be32 le16 u8 dots addr-ftp",
				    (int)(len < 40 ? len : 40), at);
	t->i += len + 3;
	return true;
}

struct case_part *case_text(struct case_parser *p)
{
	struct case_part *first = NULL;
	struct text t = {
		.p = p,
		.at = p->token.text,
		.len = p->token.len,
		.tail = &first,
	};
	bool good = true;

	t.buffer = case_new(p, t.len + 1);
	if (t.buffer == NULL)
		return NULL;
	while (good && t.i < t.len) {
		if (t.at[t.i] == '\\')
			good = escape(&t);
		else if (t.at[t.i] == '$' && t.i + 1 < t.len &&
			 t.at[t.i + 1] == '{')
			good = value(&t);
		else
			good = put(&t, (uint8_t)t.at[t.i], 1);
	}
	if (!good || !flush(&t))
		return NULL;
	if (first == NULL)
		return add(&t, PART_BYTES);
	return first;
}
