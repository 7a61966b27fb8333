/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare.h - are the results of one stimulus the same, octet for octet?
 *
 * Side, time and octets of every result must agree, and their number and
 * order. The only exceptions are the rows of conf_unpredictable: fields
 * that the specification leaves free, each with a reason. There are no
 * offsets to be ignored.
 */
#ifndef CONFORMANCE_COMPARE_H
#define CONFORMANCE_COMPARE_H

#include "conformance/decode.h"
#include "conformance/results.h"
#include "conformance/settings.h"

/* A field that two correct engines may fill differently. */
struct conf_unpredictable {
	const char *rule;   /* id in the specification */
	const char *what;   /* in which packets */
	const char *field;  /* its name in decode.h */
	const char *reason; /* */
};
extern const struct conf_unpredictable conf_unpredictable[];
extern const size_t conf_num_unpredictable;

/* How to compare. */
struct conf_rules {
	bool strict_ids; /* the table of unpredictable fields is not used */
	/*
	 * Whether the engine of a side marks its own errors (own_error). If
	 * neither does, they are recognised by their looks: an ICMP error
	 * from an address of the router with the TOS that it gives them.
	 */
	bool expected_marks, actual_marks;
	uint32_t router[2]; /* the router's addresses, host order */
};

enum conf_verdict {
	CONF_SAME = 0,
	CONF_DIFFERENT, /* in side, time or octets */
	CONF_MISSING,   /* expected, but not there */
	CONF_EXTRA,     /* there, but not expected */
};

/* One line of a difference. */
struct conf_difference {
	char field[CONF_FIELD_NAME]; /* "side", "time", "ip.ttl", "octets" */
	char expected[CONF_FIELD_TEXT];
	char actual[CONF_FIELD_TEXT];
};

/*
 * Compares the results of one stimulus. *out_index is the first result that
 * is not the same.
 */
enum conf_verdict conf_compare(const struct conf_rules *rules,
			       const struct conf_results *expected,
			       const struct conf_results *actual,
			       size_t *out_index);

/*
 * The fields in which result index differs, in the order of the packet;
 * fields that may differ are not among them. Returns how many; max are
 * written.
 */
unsigned int conf_differences(const struct conf_rules *rules,
			      const struct conf_results *expected,
			      const struct conf_results *actual, size_t index,
			      struct conf_difference *out, unsigned int max);

/* "inside", "outside", "none" */
const char *conf_side_name(enum conf_side side);

/* Seconds with nine decimals. */
#define CONF_TIME_SIZE 32
const char *conf_time_text(char out[CONF_TIME_SIZE], uint64_t ns);

#endif /* CONFORMANCE_COMPARE_H */
