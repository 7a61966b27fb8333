/* SPDX-License-Identifier: Apache-2.0 */
/* lexer.h - a case as words, names, texts and marks */
#ifndef CASE_LEXER_H
#define CASE_LEXER_H

#include "model.h"

enum case_token_kind {
	TOKEN_END = 0, /* of the file */
	TOKEN_NEWLINE,
	TOKEN_WORD,   /* letters, digits, '_' '.' '/', '-' inside */
	TOKEN_NAME,   /* $NAME; text is NAME */
	TOKEN_STRING, /* text is what stands between the quotes */
	TOKEN_MARK,   /* : > = == and so on */
	TOKEN_BROKEN, /* text is what cannot be; expected says more */
};

struct case_token {
	enum case_token_kind kind;
	const char *text;
	size_t len;
	struct case_pos pos;
};

struct case_lexer {
	const char *text;
	size_t len, at;
	struct case_pos pos;
	const struct conf_axis_value *axes;
	size_t num_axes;
	/* Inside the value of an axis. */
	const char *value;
	size_t value_at;
	struct case_pos value_pos;
	const char *expected; /* of a broken token */
};

void case_lexer_init(struct case_lexer *lexer, const char *text, size_t len,
		     const struct conf_axis_value *axes, size_t num_axes);
struct case_token case_lex(struct case_lexer *lexer);

/* The rest of the line as it is, without blanks and comment around it. */
struct case_token case_lex_rest(struct case_lexer *lexer);

/* Goes on to the next line. */
void case_lex_line(struct case_lexer *lexer);

bool case_token_is(const struct case_token *token, const char *text);

/* The value of an axis, or NULL. */
const char *case_axis(const struct conf_axis_value *axes, size_t num,
		      const char *name, size_t len);

/* What was read, for an error: the text, or "end of line". */
void case_token_text(const struct case_token *token, char *out, size_t size);

#endif /* CASE_LEXER_H */
