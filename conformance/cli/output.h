/* SPDX-License-Identifier: Apache-2.0 */
/*
 * output.h - the captures that a replay writes
 *
 * The router's-eye capture has everything; a wire's has what a sniffer on
 * that wire would have seen. Each is optional; all or none are left behind.
 */
#ifndef MASQCHECK_OUTPUT_H
#define MASQCHECK_OUTPUT_H

#include "conformance/results.h"
#include "conformance/settings.h"
#include "conformance/stream.h"

/* Where to write; NULL = not wanted. */
struct cli_paths {
	const char *eye;
	const char *wire[3]; /* by enum conf_side */
};

struct cli_output {
	struct cap_writer *eye;
	struct cap_writer *wire[3];
	const struct conf_settings *settings;
	bool is_ethernet;          /* addresses of the input are real */
	uint64_t num_no_neighbour; /* results whose next hop is not known */
	char error[CAP_ERROR_SIZE];
};

/*
 * Creates the files; reader is the input, which is not to be written over.
 * On failure error says why and nothing is left open.
 */
bool cli_output_open(struct cli_output *output, const struct cli_paths *paths,
		     const struct cap_reader *reader,
		     const struct conf_settings *settings);

bool cli_output_stimulus(struct cli_output *output,
			 const struct conf_event *event);

bool cli_output_result(struct cli_output *output,
		       const struct conf_results *results,
		       const struct conf_result *result);

/* Finishes all files, or gives all up. Harmless on one that is closed. */
bool cli_output_commit(struct cli_output *output);
void cli_output_discard(struct cli_output *output);

#endif /* MASQCHECK_OUTPUT_H */
