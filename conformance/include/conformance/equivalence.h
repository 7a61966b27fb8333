/* SPDX-License-Identifier: Apache-2.0 */
/*
 * equivalence.h - are two NATs equal but for the names that they choose?
 *
 * A name is an endpoint of the router's outside: protocol, address, and port
 * or ICMP id. Two correct NATs choose different ones. Their results are
 * compared after renaming, by a one-to-one map that is learnt from the first
 * results that show each name and then held to. Stimuli are written in the
 * names of the expected side and translated for the other, the actual side.
 *
 * For each stimulus, or time passing:
 *   conf_equivalence_stimulus() or _time(), then both engines work,
 *   then conf_equivalence_compare().
 */
#ifndef CONFORMANCE_EQUIVALENCE_H
#define CONFORMANCE_EQUIVALENCE_H

#include "conformance/compare.h"
#include "conformance/settings.h"

#define CONF_CLASS_SIZE 48
#define CONF_KIND_SIZE  32

/* What is different, and how that is called. */
struct conf_divergence {
	enum conf_verdict verdict;   /* CONF_SAME: nothing */
	size_t index;                /* of the result */
	char name[CONF_CLASS_SIZE];  /* of the class: "field:ip.ttl" */
	const char *clause;          /* that says what is right; or NULL */
	char field[CONF_FIELD_NAME]; /* "ip.ttl"; "" = the whole packet */
	char expected[CONF_FIELD_TEXT], actual[CONF_FIELD_TEXT];
	/* Of the packets that differ, "own-reset"; "" = it is not there. */
	char expected_kind[CONF_KIND_SIZE], actual_kind[CONF_KIND_SIZE];
};

/* The classes that have names of their own; all others are "field:NAME". */
struct conf_class {
	const char *name;
	const char *clause;
	const char *help;
};
extern const struct conf_class conf_classes[];
extern const size_t conf_num_classes;

/* Kinds of packets are WHERE-WHAT: "own-" and "-reset" are own-reset. */
struct conf_kind_word {
	const char *word;
	const char *help;
};
extern const struct conf_kind_word conf_kind_words[];
extern const size_t conf_num_kind_words;

/* The clause for a field, or NULL. */
const char *conf_field_clause(const char *field);

struct conf_equivalence;

/* Settings of the router and rules are copied. NULL without memory. */
struct conf_equivalence *conf_equivalence_new(
	const struct conf_settings *settings, const struct conf_rules *rules);
void conf_equivalence_free(struct conf_equivalence *eq);

/*
 * The stimulus in the names of the actual side; *out is valid until the
 * next call, and may point to the octets of expected.
 */
void conf_equivalence_stimulus(struct conf_equivalence *eq,
			       const struct conf_packet *expected,
			       struct conf_packet *out);
/* No stimulus, but time up to now. */
void conf_equivalence_time(struct conf_equivalence *eq, uint64_t now);

/*
 * Compares what both sent. True: equal. False: *out says what is different,
 * or there was no memory.
 */
bool conf_equivalence_compare(struct conf_equivalence *eq,
			      const struct conf_results *expected,
			      const struct conf_results *actual,
			      struct conf_divergence *out);
bool conf_equivalence_failed(const struct conf_equivalence *eq);

/*
 * What was compared, with the divergence's index: the expected results, and
 * the actual ones in the names of the expected side. Valid until the next
 * comparison.
 */
void conf_equivalence_compared(const struct conf_equivalence *eq,
			       const struct conf_results **out_expected,
			       const struct conf_results **out_actual);

/* Has the flow of the last stimulus differed before? Notes that it did. */
bool conf_equivalence_told(struct conf_equivalence *eq);

/* A pair of names, as far as the map has it. */
struct conf_name_pair {
	uint8_t proto;
	uint32_t expected_addr, actual_addr;
	uint16_t expected_port, actual_port;
	uint32_t inside_addr; /* whom it was for, last; 0 = not known */
	uint16_t inside_port;
	uint64_t since; /* number of the stimulus that showed it first */
	uint64_t last;  /* ns, when it was shown last */
};
/* Calls fn for each pair, in the order in which they were learnt. */
typedef void conf_name_pair_fn(void *ctx, const struct conf_name_pair *pair);
void conf_equivalence_map(const struct conf_equivalence *eq,
			  conf_name_pair_fn *fn, void *ctx);

#endif /* CONFORMANCE_EQUIVALENCE_H */
