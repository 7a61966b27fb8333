/* SPDX-License-Identifier: Apache-2.0 */
/* replay.h - feeding the stimuli of a capture to an engine */
#ifndef MASQCHECK_REPLAY_H
#define MASQCHECK_REPLAY_H

#include "check.h"
#include "cli.h"
#include "conformance/registry.h"
#include "output.h"

struct cli_replay {
	/* The caller's. */
	struct conf_engine *engine;
	struct cap_reader *reader;
	struct cli_output *output;
	struct cli_check check; /* open if that is wanted */
	/* What happened. */
	struct conf_stream stream;
	struct conf_results results; /* of the last stimulus */
	uint64_t num_results;
	uint64_t num_unanswered; /* stimuli without a result */
};

/*
 * Replays all of it. Prints what goes wrong. The counts are valid in any
 * case; cleanup is the caller's, with cli_replay_cleanup().
 */
enum cli_exit cli_replay_run(struct cli_replay *replay);
void cli_replay_cleanup(struct cli_replay *replay);

/* The counts, and those of the engine, as a table on stdout. */
bool cli_replay_print(const struct cli_replay *replay);

/* Notes about what was left out, on stderr. */
void cli_stream_notes(const struct conf_stream_counts *counts);

/* A stream that tells of truncated records, on stderr. */
void cli_stream_init(struct conf_stream *stream, struct cap_reader *reader,
		     uint64_t lag);

#endif /* MASQCHECK_REPLAY_H */
