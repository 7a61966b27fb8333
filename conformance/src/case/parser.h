/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parser.h - the parts of the parser
 *
 * One token is looked at, p->token. Each function reads what it is named
 * after and returns false (or NULL) when that is not there or there is no
 * memory; the first error is kept, with its place.
 */
#ifndef CASE_PARSER_H
#define CASE_PARSER_H

#include "lexer.h"

struct case_parser {
	struct case_lexer lexer;
	struct case_token token;
	struct conf_case *c;
	char *error; /* of CONF_ERROR_SIZE */
	bool failed;
	unsigned int depth; /* of blocks and parentheses */
};

/* Errors: what was read, what was expected. Always false. */
bool case_fail(struct case_parser *p, const char *expected);
/* An error about what stands at pos: free text. */
bool case_fail_at(struct case_parser *p, struct case_pos pos,
		  const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool case_fail_memory(struct case_parser *p);

void case_next(struct case_parser *p);
bool case_at(const struct case_parser *p, const char *text);
bool case_accept(struct case_parser *p, const char *text);
bool case_expect(struct case_parser *p, const char *text, const char *expected);
bool case_expect_newline(struct case_parser *p);
void *case_new(struct case_parser *p, size_t size);

/* The number of a name; CASE_NO_NAME without memory. */
uint32_t case_name(struct case_parser *p, const char *text, size_t len);
/* A word that begins with a letter, as a name. */
bool case_word_name(struct case_parser *p, const char *expected, uint32_t *out);
/* The name of a connection or label that stands above. */
bool case_declared(struct case_parser *p, unsigned int kind,
		   const char *expected, uint32_t *out);
/* $NAME, not an axis. */
bool case_variable(struct case_parser *p, uint32_t *out);

bool case_number(const char *text, size_t len, int64_t *out);
bool case_seconds(struct case_parser *p, uint64_t *out_ns);
bool case_hex(struct case_parser *p, struct case_bytes *out);
bool case_side(struct case_parser *p, enum conf_side *out);
const struct case_host *case_host(const struct case_parser *p, const char *text,
				  size_t len);

struct case_expr *case_expr(struct case_parser *p);
struct case_expr *case_constant(struct case_parser *p, int64_t number);
/* A host, an address, a variable. */
struct case_expr *case_addr(struct case_parser *p);
/* Reads an expression in a text: "p + 1" of "${p + 1:ftp}". */
struct case_part *case_text(struct case_parser *p);

/* One field, if there is one: *out_found. */
bool case_field(struct case_parser *p, struct case_packet *packet,
		bool *out_found);
/* Behind the ends of an ICMP packet: type and code. */
bool case_icmp(struct case_parser *p, struct case_packet *packet);
struct case_packet *case_packet(struct case_parser *p, bool with_label);
bool case_endpoint(struct case_parser *p, struct case_expr **out_addr,
		   struct case_expr **out_port);
/* Appends a field. */
bool case_add_field(struct case_parser *p, struct case_packet *packet,
		    const struct case_field *field);

/* A line; *out is NULL if it makes no statement. */
bool case_header(struct case_parser *p, bool *out_found);
bool case_stmt(struct case_parser *p, struct case_stmt **out);
bool case_block(struct case_parser *p, bool braces, struct case_stmt **out);

#endif /* CASE_PARSER_H */
