/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_worker.h - one process of a campaign */
#ifndef MASQCHECK_FUZZ_WORKER_H
#define MASQCHECK_FUZZ_WORKER_H

#include "fuzz.h"

#define FUZZ_LINE_SIZE 4096

struct fuzz_worker {
	struct fuzz_total *total; /* of its target; NULL = it has none */
	unsigned int number;      /* among those of its target; 0 is first */
	pid_t pid;                /* 0 = it does not run */
	int fd;
	uint64_t started, deadline; /* ms */
	unsigned int num_starts;
	uint64_t num_done;         /* executions of earlier processes */
	struct fuzz_status status; /* of this process */
	bool stopping;             /* it was told to end */
	char line[FUZZ_LINE_SIZE]; /* not whole yet */
	size_t line_len;
	struct fuzz_output report; /* what was printed that is no status */
	char artifact[1024];       /* that it told of; "" = none */
};

/* What all workers of a campaign need to know. */
struct fuzz_floor {
	struct fuzz_campaign *campaign;
	struct fuzz_worker *workers;
	unsigned int num;
};

/* The folders of a target: seeds, corpus, inputs that fail. False: printed. */
bool fuzz_worker_prepare(const struct fuzz_campaign *c,
			 struct fuzz_total *total);
/* Starts its process, to end at its deadline. False: printed. */
bool fuzz_worker_start(struct fuzz_campaign *c, struct fuzz_worker *w);
/* Reads what it has printed; at the end of it the process is gone. */
void fuzz_worker_listen(struct fuzz_campaign *c, struct fuzz_worker *w);
/* Asks it to end; a second time it is killed. */
void fuzz_worker_stop(struct fuzz_worker *w);
/* Executions, coverage and so on, as they are now. */
void fuzz_worker_look(const struct fuzz_campaign *c, struct fuzz_worker *w);
void fuzz_worker_cleanup(struct fuzz_worker *w);

/*
 * Adds up what the inputs of a target have reached, by the files of processes
 * that are gone, and takes those away: with AFL++ each crash is a process. At
 * the end of a turn all are gone, or are about to be.
 */
void fuzz_reached_gather(const struct fuzz_campaign *c,
			 struct fuzz_total *total, bool at_end);

/* fuzz_show.c: the line of progress, and the table at the end. */
struct fuzz_show {
	bool terminal, visible;
	uint64_t shown; /* ms */
};
void fuzz_show_init(struct fuzz_show *show);
void fuzz_show_step(struct fuzz_show *show, const struct fuzz_floor *floor);
void fuzz_show_clear(struct fuzz_show *show);
void fuzz_show_table(const struct fuzz_campaign *c);

#endif /* MASQCHECK_FUZZ_WORKER_H */
