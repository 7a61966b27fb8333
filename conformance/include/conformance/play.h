/* SPDX-License-Identifier: Apache-2.0 */
/*
 * play.h - playing a case against an engine, in this process
 *
 * The engine must be fresh: opened with the settings of the case, or reset.
 */
#ifndef CONFORMANCE_PLAY_H
#define CONFORMANCE_PLAY_H

#include "conformance/case.h"
#include "conformance/compare.h"
#include "conformance/registry.h"
#include "reports/result.h"

#define CONF_MAX_FIELD_DIFFS 16
#define CONF_MAX_VIOLATIONS  8

/* What became of a case. Texts are empty where they do not apply. */
struct conf_outcome {
	enum rep_verdict verdict;
	unsigned int line; /* of what failed */
	char reason[512];
	char what[256];      /* the line of the case */
	char expected[1024]; /* in the case language */
	char actual[1024];
	struct conf_difference fields[CONF_MAX_FIELD_DIFFS];
	size_t num_fields;
	char violations[CONF_MAX_VIOLATIONS][256]; /* "INV-09: text" */
	size_t num_violations;
	uint64_t num_stimuli, num_results;
	uint64_t duration; /* ns */
};

/* Told of every packet, for captures kept as evidence; may be NULL. */
enum conf_seen_kind {
	CONF_SEEN_STIMULUS,
	CONF_SEEN_RESULT,   /* came */
	CONF_SEEN_EXPECTED, /* should have come */
};
typedef void conf_seen_fn(void *ctx, enum conf_seen_kind kind,
			  const struct conf_packet *packet);

struct conf_player {
	struct conf_engine *engine;
	conf_seen_fn *seen;
	void *ctx;
	bool invariants; /* watch them */
	/* Settings that the engine has behind those of the case. */
	const struct conf_setting *extra;
	size_t num_extra;
};

/* Plays it; *out says how it went. */
void conf_play(const struct conf_player *player, const struct conf_case *c,
	       struct conf_outcome *out);

/*
 * A packet in words of the case language: "udp A:5000 > S:53 ttl 63 "x"".
 * exact: everything is said that "exactly" leaves to be said, so that reading
 * the words again gives the same octets; false if there are no such words
 * but "raw". c (may be NULL) gives the names of hosts.
 */
bool conf_case_words(const struct conf_case *c, const uint8_t *data,
		     uint32_t len, bool exact, char *out, size_t size);

#endif /* CONFORMANCE_PLAY_H */
