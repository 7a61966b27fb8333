/* SPDX-License-Identifier: Apache-2.0 */
/*
 * play.h - inputs played on engines, with somebody watching
 *
 * A player is one engine of one variant. All players of a target are opened
 * when it begins, and reset before each execution: what an input does must
 * not hang on what ran before it.
 */
#ifndef FUZZ_PLAY_H
#define FUZZ_PLAY_H

#include "conformance/invariants.h"
#include "conformance/registry.h"
#include "conformance/results.h"
#include "input.h"
#include "variant.h"

struct masq_engine;

/* What opened players have in common. */
struct fuzz_play {
	const char *address; /* of the engine: "ref", "./x.so" */
	bool is_watched;     /* invariants are checked */
	bool is_collecting;  /* results are kept for the target */
	/* Only these variants; NULL = all. */
	bool (*wants)(const struct conf_settings *settings);
	bool is_default; /* all variants are the default, without quirks */
	/* Not an address but this engine; NULL: by the address. */
	const struct conf_engine_ops *ops;
};

struct fuzz_player {
	struct conf_settings settings; /* of the variant */
	struct conf_engine engine;     /* ops NULL: the variant is not used */
	struct masq_engine *masq;      /* behind it, if it is the reference */
	uint32_t free_ports[3];        /* of it, when it was opened */
	int32_t always_defrag;         /* the same */
	struct conf_checker *checker;  /* NULL: nobody watches */
	struct conf_results results;   /* of the last step */
	bool is_collecting, is_hashing;
	bool is_fresh;     /* reset, and nothing was played since */
	bool is_open;      /* something was played since the last reset */
	bool has_failed;   /* it said so since, and that is known: it rests */
	uint64_t now;      /* ns */
	uint64_t stimulus; /* number of the last one; 0 = none yet */
	uint64_t num_stimuli, num_results; /* since the reset */
	uint64_t hash;                     /* of all results, if is_hashing */
};

/* The engine under test: MASQCHECK_FUZZ_ENGINE, or the reference. */
const char *fuzz_engine_address(void);

/* Does the engine obey settings? One that cannot be opened is said to. */
bool fuzz_takes_settings(const char *address);

/*
 * Opens fuzz_num_variants players. False: said on standard error why not.
 * An engine that obeys no settings is the default router in all variants.
 * Takes memory once; they are never closed.
 */
bool fuzz_players_open(struct fuzz_player **out, const struct fuzz_play *play);
/* Are the players that were opened no variants, but the default router? */
bool fuzz_players_are_default(void);

/* The player of an input, reset; NULL if its variant is not used. */
struct fuzz_player *fuzz_player_for(struct fuzz_player *players,
				    const struct fuzz_input *input);
void fuzz_player_reset(struct fuzz_player *p);

/* One more word of a hash. */
static inline uint64_t fuzz_mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

/*
 * One step each, ended by fuzz_finding() if a property does not hold. The
 * time passes first, as a step of its own if it does.
 */
void fuzz_player_packet(struct fuzz_player *p,
			const struct conf_packet *stimulus);
void fuzz_player_advance(struct fuzz_player *p, uint64_t now);

/* All that is left of an input. */
void fuzz_player_input(struct fuzz_player *p, struct fuzz_input *input);

/*
 * Long after the last packet nothing may be left: no mapping, no port in
 * use, no fragment or edit held. Asked of the reference only.
 */
void fuzz_player_quiesce(struct fuzz_player *p);

/*
 * Counts what was reached, and leaves nothing for the next execution, whose
 * work is not to hang on what this one left.
 */
void fuzz_player_end(struct fuzz_player *p);

/* plugin.c: an engine in a shared object, opened in this process. */
bool fuzz_plugin_claims(const char *address);
enum conf_status fuzz_plugin_open(struct conf_engine *out, const char *address,
				  const struct conf_config *config,
				  char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

#endif /* FUZZ_PLAY_H */
