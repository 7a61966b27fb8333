/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.h - a case as it was written
 *
 * Everything is in the arena of the case. Names (variables, labels and
 * connections) are numbers: indices in the case's table of names.
 */
#ifndef CASE_MODEL_H
#define CASE_MODEL_H

#include "arena.h"
#include "conformance/case.h"

#define CASE_NO_NAME UINT32_MAX

/* Where something stands in the file; 1-based. */
struct case_pos {
	unsigned int line, column;
};

enum case_op {
	CASE_NUMBER = 0,
	CASE_VARIABLE, /* name, and left = subscript or NULL */
	CASE_NAT,      /* the router's address outside */
	CASE_ROUTER,   /* and inside */
	CASE_ADD,
	CASE_SUB,
	CASE_MUL,
	CASE_MOD,
};

struct case_expr {
	enum case_op op;
	int64_t number;
	uint32_t name;
	struct case_expr *left, *right;
	struct case_pos pos;
};

/* What a packet line may state; numbers unless said. */
enum case_field_id {
	FIELD_TTL = 0,
	FIELD_IPID,
	FIELD_TOS,
	FIELD_DF, /* 0 or 1 */
	FIELD_MF,
	FIELD_EVIL,
	FIELD_FRAG,
	FIELD_PART, /* value = offset, length or NULL = end */
	FIELD_WHOLE,
	FIELD_PROTO,
	FIELD_VERSION,
	FIELD_IHL,
	FIELD_LEN,
	FIELD_ULEN,
	FIELD_DOFF,
	FIELD_IPOPT, /* octets */
	FIELD_TCPOPT,
	FIELD_SACK,  /* value, length: its edges, counted as ack is */
	FIELD_IPSUM, /* enum case_sum */
	FIELD_CSUM,
	FIELD_TRUNC,
	FIELD_PAD, /* octets */
	FIELD_CAST,
	FIELD_MAC, /* octets */
	FIELD_SEQ,
	FIELD_ACK,
	FIELD_ABSSEQ,
	FIELD_ABSACK,
	FIELD_WIN,
	FIELD_URG,
	FIELD_ICMP_ID,
	FIELD_ICMP_SEQ,
	FIELD_REST, /* the second 32 bits of ICMP */
	FIELD_MTU,
	FIELD_POINTER,
	FIELD_GATEWAY,
	NUM_FIELDS
};

enum case_sum {
	CASE_SUM_GOOD = 0,
	CASE_SUM_BAD,
	CASE_SUM_NONE,
	CASE_SUM_VALUE, /* value says which */
};

struct case_bytes {
	const uint8_t *data;
	uint32_t len;
};

struct case_field {
	enum case_field_id id;
	enum case_sum sum;
	struct case_expr *value;
	struct case_expr *length;
	struct case_bytes bytes;
	struct case_pos pos;
	struct case_field *next;
};

/* How a number stands in a text. */
enum case_format {
	FORMAT_DECIMAL = 0,
	FORMAT_DOTS,     /* a.b.c.d */
	FORMAT_PORT_FTP, /* p1,p2 */
	FORMAT_ADDR_FTP, /* a,b,c,d */
	FORMAT_BE16,
	FORMAT_BE32,
	FORMAT_LE16,
	FORMAT_U8,
};

enum case_part_kind {
	PART_BYTES = 0,
	PART_NUMBER,
	PART_FILL,
};

/* A piece of a payload. */
struct case_part {
	enum case_part_kind kind;
	enum case_format format;
	struct case_bytes bytes;
	struct case_expr *value;
	struct case_part *next;
};

enum case_packet_kind {
	PACKET_UDP = 0,
	PACKET_TCP,
	PACKET_ICMP,
	PACKET_IP,
	PACKET_CONNECTION,
	PACKET_FRAGMENT,
	PACKET_RAW,
};

enum case_quote {
	QUOTE_NONE = 0,
	QUOTE_DEFAULT, /* header and 8 octets */
	QUOTE_FIRST,
	QUOTE_FULL,
};

struct case_packet {
	enum case_packet_kind kind;
	struct case_expr *saddr, *sport, *daddr, *dport;
	uint8_t flags; /* of TCP */
	bool has_flags;
	struct case_expr *type, *code; /* of ICMP */
	struct case_expr *proto;
	uint32_t name; /* of a connection, of what is cut */
	struct case_field *fields;
	struct case_part *parts;
	bool has_payload;
	enum case_quote quote;
	bool kept;       /* the checksum in the quote, as it came */
	uint32_t quoted; /* a label */
	struct case_expr *first;
	struct case_bytes raw;
	uint32_t label; /* its own, or CASE_NO_NAME */
	struct case_pos pos;
};

enum case_get_kind {
	GET_PACKET = 0,
	GET_NOTHING,
	GET_ANYTHING,
};

struct case_get {
	enum conf_side side;
	enum case_get_kind kind;
	bool optional;
	bool exactly;
	struct case_packet *packet;
	struct case_pos pos;
	struct case_get *next;
};

enum case_time {
	TIME_SAME = 0,
	TIME_AT,
	TIME_PLUS,
};

enum case_check {
	CHECK_EQ = 0,
	CHECK_NE,
	CHECK_LT,
	CHECK_LE,
	CHECK_GT,
	CHECK_GE,
	CHECK_IN,
	CHECK_NOT_IN,
	CHECK_PARITY,
};

enum case_stmt_kind {
	STMT_STEP = 0, /* time, perhaps a stimulus; results */
	STMT_PACKET,
	STMT_CONNECT,
	STMT_MAY_EQUAL,
	STMT_CHECK,
	STMT_FORGET,
	STMT_REPEAT,
};

struct case_stmt {
	enum case_stmt_kind kind;
	struct case_pos pos;
	struct case_stmt *next;
	/* STEP, CONNECT */
	enum case_time time;
	uint64_t ns;
	enum conf_side side;        /* of the stimulus; opener of CONNECT */
	struct case_packet *packet; /* or NULL; ends of CONNECT */
	struct case_get *gets;
	bool handshake; /* CONNECT: played */
	/* MAY_EQUAL, FORGET, CONNECT, REPEAT */
	uint32_t name, other;
	/* CHECK, FORGET; REPEAT: a = how often */
	enum case_check check;
	struct case_expr *a, *b, *c;
	struct case_stmt *body;
};

struct case_host {
	uint32_t name;
	enum conf_side side;
	uint32_t addr;
};

#define CASE_CONNECTION 1u
#define CASE_LABEL      2u

#define CASE_MAX_HOSTS 32
#define CASE_MAX_NEEDS 16
#define CASE_MAX_SETS  64

struct conf_case {
	struct case_arena arena;
	const char *text; /* the caller's */
	size_t len;
	const char *file; /* the caller's */
	const char *title;
	struct conf_cited clauses[CONF_MAX_CLAUSE];
	size_t num_clauses;
	const char *needs[CASE_MAX_NEEDS + 1];
	size_t num_needs;
	uint32_t capabilities;
	struct conf_setting settings[CASE_MAX_SETS];
	size_t num_settings;
	struct case_host hosts[CASE_MAX_HOSTS];
	size_t num_hosts;
	const char **names;
	uint8_t *declared; /* of each name: CASE_CONNECTION, CASE_LABEL */
	size_t num_names, max_names;
	uint64_t start; /* ns */
	struct case_stmt *body;
};

/* The line of the file, without its end and the blanks around it. */
const char *case_line(const struct conf_case *c, unsigned int line,
		      size_t *out_len);

#endif /* CASE_MODEL_H */
