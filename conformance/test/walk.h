/* SPDX-License-Identifier: Apache-2.0 */
/* walk.h - a recording against the reference, up to renaming, step by step */
#ifndef TEST_WALK_H
#define TEST_WALK_H

#include "conformance/equivalence.h"
#include "conformance/registry.h"
#include "conformance/results.h"
#include "conformance/stream.h"
#include "pcaps/sidecar.h"

/* The names of shipped captures: "linux-2.2.26/udp-sizes". */
struct walk_list {
	char (*names)[96];
	size_t num;
};
bool walk_list(struct walk_list *list);

struct walk_config {
	struct cap_sidecar sidecar;
	struct conf_setting *list;
	struct conf_config config;
	struct conf_settings settings;
};
/* The settings of a shipped capture. */
bool walk_config(struct walk_config *c, const char *name);
void walk_config_cleanup(struct walk_config *c);

/* What a walk does. */
struct walk {
	const struct walk_config *config;
	/* Called before each comparison; may change what was recorded. */
	void (*on_step)(struct walk *walk);
	/* Called after it; false ends the walk. */
	bool (*on_result)(struct walk *walk);
	void *ctx;
	/* Where it is. */
	struct conf_equivalence *eq;
	struct conf_results recorded, sent;
	struct conf_divergence divergence;
	uint64_t step; /* number of the stimulus; the end counts as one */
	bool same;
};

/* False: something broke; error says what. */
bool walk_run(struct walk *walk, const char *path, char error[CAP_ERROR_SIZE]);

#endif /* TEST_WALK_H */
