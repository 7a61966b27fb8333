/* SPDX-License-Identifier: Apache-2.0 */
/*
 * minimize.h - the shortest capture that still shows the same thing
 *
 * What a capture shows is a class, a line of text that an oracle gives it:
 * the first difference between two engines, an invariant that one broke, or
 * how it crashed. Stimuli are left out, then simplified, for as long as the
 * class stays the same.
 *
 * Every attempt is a process of its own with fresh engines: an engine may
 * crash or hang, and none remembers an earlier attempt. A stimulus that was
 * aimed at an external endpoint is aimed at what the same flow is called in
 * the attempt, since names change when earlier packets vanish.
 */
#ifndef CONFORMANCE_MINIMIZE_H
#define CONFORMANCE_MINIMIZE_H

#include <signal.h>

#include "conformance/results.h"
#include "conformance/settings.h"
#include "conformance/stream.h"

#define CONF_FINDING_CLASS 128

/* ---- Delta debugging of any list ---- */

/* Is it still there with only those items, given by their numbers? */
typedef bool conf_ddmin_fn(void *ctx, const size_t *items, size_t num);

/*
 * Leaves out of items (num of them, in order) what is not needed; returns how
 * many are left. No single one of those can be left out. The test must hold
 * for all of them at the start; a test that always says no ends it early.
 */
size_t conf_ddmin(size_t *items, size_t num, conf_ddmin_fn *test, void *ctx);

/* ---- Stimuli ---- */

/* What an outside endpoint in a stimulus is another name for. */
struct conf_aim {
	enum conf_aim_where {
		CONF_AIM_NONE = 0,
		CONF_AIM_DESTINATION, /* the packet's */
		CONF_AIM_QUOTE,       /* the source of a quoted packet */
	} where;
	uint32_t flow;   /* number of the flow whose name it is; 0 = none */
	uint32_t source; /* number of that flow's inside endpoint */
	uint32_t hole;   /* number of what a helper wrote; 0 = none */
};

struct conf_stimulus {
	size_t number; /* in the capture, from 0 */
	enum conf_side side;
	enum conf_cast cast;
	uint64_t now;
	uint8_t *data; /* owned by the trace */
	uint32_t len;
	bool has_mac;
	uint8_t mac[6]; /* of who sent it */
	bool is_result; /* in a trace that was played: the engine sent it */
	uint32_t flow;  /* number of the flow it belongs to; 0 = none */
	uint32_t source;
	struct conf_aim aim;
};

struct conf_trace {
	struct conf_stimulus *items;
	size_t num, max;
	uint64_t end; /* ns, until when time passes behind the last */
};

/* The stimuli of a capture, its results left out. */
enum cap_status conf_trace_read(struct conf_trace *trace,
				struct conf_stream *stream) CONF_NODISCARD;
/* Appends a copy; false without memory. */
bool conf_trace_add(struct conf_trace *trace,
		    const struct conf_stimulus *stimulus) CONF_NODISCARD;
void conf_trace_cleanup(struct conf_trace *trace);

/* As an engine gets it; points into it. */
struct conf_packet conf_stimulus_packet(const struct conf_stimulus *stimulus);

/* ---- The oracle ---- */

struct conf_question {
	const char *engine;  /* its address */
	const char *against; /* the same, or NULL */
	bool invariants;     /* of engine */
	const struct conf_config *config;
	const struct conf_trace *trace;
	const char *wanted; /* the class that is looked for; NULL = any */
};

struct conf_finding {
	char class[CONF_FINDING_CLASS]; /* "" = nothing was found */
	char text[512];                 /* with numbers and values, a line */
	size_t at; /* stimulus that showed it; trace->num: time, behind it */
};

/*
 * Told by an oracle before each step, so that a crash has a place: "packet of
 * ref", stimulus number at.
 */
struct conf_place {
	size_t at;
	char where[96];
};

struct conf_oracle {
	/*
	 * Opens engines, plays the trace, looks. Runs in a process of its own
	 * and may die in it. CONF_ERR_CONFIG, CONF_ERR_ENGINE: nothing could
	 * be played; error says why. An engine that breaks is a finding.
	 */
	enum conf_status (*judge)(const struct conf_question *question,
				  struct conf_place *place,
				  struct conf_finding *out,
				  char error[CONF_ERROR_SIZE]);
	/*
	 * Outside endpoints in stimuli are named as `against` names them, if
	 * there is one; else as `engine` does.
	 */
	bool names_of_against;
};

/* Exact differences, broken invariants, engines that give up. */
extern const struct conf_oracle conf_oracle_exact;
/* The same, but differences are those that are left after renaming. */
extern const struct conf_oracle conf_oracle_renamed;

/* ---- All of it ---- */

/* Told after each attempt, and of the start of each part. */
typedef void conf_minimize_fn(void *ctx, const char *part, size_t done,
			      size_t total);

struct conf_minimize {
	const struct conf_oracle *oracle;
	const char *engine, *against;
	bool invariants;
	const struct conf_config *config;
	unsigned int timeout; /* ms, of an attempt */
	volatile sig_atomic_t *interrupted;
	conf_minimize_fn *progress; /* may be NULL */
	void *ctx;
};

struct conf_minimized {
	struct conf_finding finding; /* class "": the capture shows nothing */
	struct conf_trace trace;     /* what is left, as it was aimed at last */
	struct conf_setting *settings; /* those that matter; not deep copies */
	size_t num_settings;
	struct conf_trace played; /* the same with the results of player */
	const char *player;       /* the engine whose names are in it */
	uint64_t num_attempts;
	bool interrupted;
};

/*
 * Minimises. CONF_OK also if nothing was found, or when interrupted: then *out
 * is the best so far. CONF_ERR_CONFIG, CONF_ERR_ENGINE: error says why.
 */
enum conf_status conf_minimize(const struct conf_minimize *m,
			       const struct conf_trace *trace,
			       struct conf_minimized *out,
			       char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
void conf_minimized_cleanup(struct conf_minimized *out);

#endif /* CONFORMANCE_MINIMIZE_H */
