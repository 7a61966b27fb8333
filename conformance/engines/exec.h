/* SPDX-License-Identifier: Apache-2.0 */
/* exec.h - a program as an engine: the process, and its two pipes */
#ifndef CONFORMANCE_EXEC_H
#define CONFORMANCE_EXEC_H

#include <sys/types.h>

#include "pcaps/capture.h"
#include "where.h"

#define EXEC_NAME 64u

/* Octets read from the program at a time. */
#define EXEC_BUFFER (64u * 1024)

/* Why there is nothing more to read or to write. */
enum exec_end {
	EXEC_ALIVE = 0,
	EXEC_TIMEOUT,
	EXEC_GONE,   /* it closed its output */
	EXEC_FLOOD,  /* it writes and writes, and does not read */
	EXEC_SYSTEM, /* errno, in number */
};

/* A program that runs. */
struct exec_process {
	pid_t pid; /* 0 = none */
	int to, from;
	int64_t deadline; /* ms: of the current call */
	enum exec_end end;
	int number;
	uint8_t *early; /* what came while we were writing */
	size_t early_at, early_len, early_cap;
	uint64_t total; /* octets that it wrote */
};

/*
 * Starts COMMAND by the shell. settings is a file that it inherits, named
 * in its environment; so is the seed.
 */
bool exec_start(struct exec_process *p, const char *command, int settings,
		uint64_t seed);

/*
 * Ends it: it is told by the end of its input, waited for, and then killed
 * with all that it started. *status is that of waitpid(); false: it had to
 * be killed. Harmless if there is none.
 */
bool exec_stop(struct exec_process *p, int *out_status);

/* A new call begins, which may take timeout ms. */
void exec_arm(struct exec_process *p, uint32_t timeout);

/*
 * A cap_put_fn; ctx is a struct exec_process. Reads while it cannot write,
 * so that neither waits for the other for ever.
 */
const char *exec_put(void *ctx, const uint8_t *data, size_t len);

/* What it writes, as a stream for cap_open_stream(); NULL: no memory. */
FILE *exec_stream(struct exec_process *p);

/* A file without a name that holds the settings; -1: errno. */
int exec_settings(const struct conf_config *config);

/* ---- the engine -------------------------------------------------------- */

struct exec {
	char *command;
	int settings; /* descriptor */
	uint64_t seed;
	uint32_t timeout; /* ms, for a call */
	struct exec_process process;
	struct cap_writer *writer;
	struct cap_reader *reader;
	char buffer[EXEC_BUFFER]; /* of the reader's stream */
	uint64_t clock;           /* ns: of the last barrier */
	bool can_reset;
	bool greeted; /* it has sent the first barrier back */
	struct where where;
	bool broken, is_config; /* is_config: it refused the settings */
	char error[CONF_ERROR_SIZE];
	char name[EXEC_NAME];
	struct conf_engine_ops ops; /* with the capabilities of this one */
};

/* Where the answer to a barrier goes. */
struct exec_answer {
	conf_emit_fn *emit;
	conf_text_fn *text;
	void *ctx;
	uint64_t from, now; /* ns: when results may be */
	uint32_t num;
	size_t num_text;
};

/* Ends the program. */
void exec_halt(struct exec *e, int *out_status);

/* The engine is broken from now on; the format says how. Gives false. */
bool exec_break(struct exec *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A record of the control EtherType: a text, or a barrier. */
bool exec_put_control(struct exec *e, uint64_t now, const char *text);
bool exec_put_stimulus(struct exec *e, const struct conf_packet *p);

/* Sends a barrier, and reads until it is back. */
bool exec_exchange(struct exec *e, struct exec_answer *a);

#endif /* CONFORMANCE_EXEC_H */
