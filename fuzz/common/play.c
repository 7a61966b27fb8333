/* SPDX-License-Identifier: Apache-2.0 */
/* play.c - inputs played on engines, with somebody watching */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "finding.h"
#include "masq/masq.h"
#include "play.h"
#include "reach.h"
#include "ref.h"

#define SECOND UINT64_C(1000000000)

/*
 * Longer than anything lives: a chain of expectations, each of up to 30 min
 * and kept by the one behind it, and the longest setting of a timeout.
 */
#define QUIET (UINT64_C(8) * 86400 * SECOND)

/* Room taken at first; more is taken if it has to be. */
#define ROOM_OCTETS  262144u
#define ROOM_RESULTS 2048u

const char *fuzz_engine_address(void)
{
	const char *address = getenv("MASQCHECK_FUZZ_ENGINE");

	return address != NULL && address[0] != '\0' ? address : "ref";
}

/* ---- what is said of it ----------------------------------------------- */

/* "RFC1624 3; RFC3022 4.1": the first, without spaces. */
static void first_clause(char *out, size_t size, const char *clause)
{
	size_t len = 0;

	for (; clause[len] != '\0' && clause[len] != ';' && len + 1 < size;
	     len++)
		out[len] = clause[len] == ' ' ? '-' : clause[len];
	out[len] = '\0';
}

static void on_violation(void *ctx, const struct conf_violation *v)
{
	const struct fuzz_player *p = ctx;
	char clause[64];

	first_clause(clause, sizeof(clause), v->invariant->clause);
	fuzz_finding(v->invariant->id, clause,
		     v->stimulus != 0 ? v->stimulus : p->stimulus, "%s: %s",
		     v->invariant->name, v->text);
}

/* Behind a failure that is known the engine is not asked again. */
static void must_be_ok(struct fuzz_player *p, enum conf_status status,
		       const char *call)
{
	if (status == CONF_OK)
		return;
	fuzz_finding("engine", call, p->stimulus, "%s",
		     conf_engine_error(&p->engine));
	p->has_failed = true;
	if (p->is_collecting)
		conf_results_clear(&p->results);
}

/* ---- opening ---------------------------------------------------------- */

/* The profile that an address names replaces that of the variant. */
static void set_profile(struct fuzz_player *p, const char *address)
{
	if (strcmp(address, "ref") == 0)
		return;
	if (strncmp(address, "ref:", 4) == 0)
		(void)conf_profile_find(address + 4, &p->settings.profile);
	else if (conf_is_foreign(address))
		p->settings.profile = CONF_PROFILE_LINUX22_FIXED;
}

static enum conf_status open_engine(struct fuzz_player *p,
				    const struct fuzz_play *play,
				    const struct conf_config *config,
				    char error[CONF_ERROR_SIZE])
{
	struct masq_stats stats;
	enum conf_status status;

	if (play->ops != NULL) {
		status = play->ops->open(config, &p->engine.state, error,
					 CONF_ERROR_SIZE);
		p->engine.ops = status == CONF_OK ? play->ops : NULL;
		p->engine.address = play->ops->name;
		return status;
	}
	if (fuzz_plugin_claims(play->address))
		return fuzz_plugin_open(&p->engine, play->address, config,
					error);
	status = conf_engine_open(&p->engine, play->address, config, error);
	if (status == CONF_OK && p->engine.ops == &conf_ref_ops) {
		p->masq = conf_ref_engine(p->engine.state);
		masq_stats_get(p->masq, &stats);
		memcpy(p->free_ports, stats.free_ports, sizeof(p->free_ports));
		p->always_defrag = stats.always_defrag;
	}
	return status;
}

static bool watch(struct fuzz_player *p, const struct fuzz_play *play)
{
	if (play->ops == NULL)
		p->checker = conf_checker_open(&p->settings, play->address,
					       on_violation, p);
	else
		p->checker = conf_checker_new(&p->settings, on_violation, p);
	return p->checker != NULL;
}

static bool is_foreign(const struct fuzz_play *play)
{
	return play->ops == NULL && conf_is_foreign(play->address);
}

/* The default router, without quirks; what a stranger would not obey goes. */
static struct conf_config config_of(const struct fuzz_play *play,
				    const struct fuzz_variant *variant)
{
	static const struct conf_setting fixed = {
		.key = "profile",
		.value = "linux-2.2-fixed",
	};

	if (play->is_default)
		return (struct conf_config){
			.settings = &fixed,
			.num_settings = is_foreign(play) ? 0 : 1,
			.origin = "the default router",
		};
	return (struct conf_config){
		.settings = variant->settings,
		.num_settings = variant->num_settings,
		.origin = variant->name,
	};
}

static bool open_player(struct fuzz_player *p, const struct fuzz_play *play,
			const struct fuzz_variant *variant)
{
	const struct conf_config config = config_of(play, variant);
	char error[CONF_ERROR_SIZE] = "no memory";
	enum conf_status status;

	if (conf_settings_read(&p->settings, &config, error) != CONF_OK)
		goto fail;
	if (play->is_default)
		p->settings.profile = CONF_PROFILE_LINUX22_FIXED;
	if (play->wants != NULL && !play->wants(&p->settings))
		return true;
	status = open_engine(p, play, &config, error);
	/* A stranger need not know all settings. */
	if (status == CONF_ERR_CONFIG && is_foreign(play)) {
		p->engine.ops = NULL;
		return true;
	}
	if (status != CONF_OK)
		goto fail;
	if (play->ops == NULL)
		set_profile(p, play->address);
	p->is_collecting = play->is_collecting;
	if (!play->is_watched || watch(p, play))
		return true;
	snprintf(error, sizeof(error), "no memory for the invariants");
fail:
	fprintf(stderr, "variant %s: %s\n", variant->name, error);
	return false;
}

bool fuzz_takes_settings(const char *address)
{
	const struct conf_config config = {.origin = "the default router"};
	struct conf_engine engine = {.ops = NULL};
	char error[CONF_ERROR_SIZE];
	enum conf_status status;
	bool takes = true;

	if (!conf_is_foreign(address))
		return true;
	if (fuzz_plugin_claims(address))
		status = fuzz_plugin_open(&engine, address, &config, error);
	else
		status = conf_engine_open(&engine, address, &config, error);
	if (status == CONF_OK)
		takes = (engine.ops->capabilities & CONF_CAN_CONFIGURE) != 0;
	conf_engine_close(&engine);
	return takes;
}

static bool are_default;

bool fuzz_players_are_default(void)
{
	return are_default;
}

bool fuzz_players_open(struct fuzz_player **out, const struct fuzz_play *wanted)
{
	struct fuzz_play play = *wanted;
	struct fuzz_player *players = calloc(fuzz_num_variants,
					     sizeof(*players));
	unsigned int num_open = 0;

	*out = players;
	if (players == NULL) {
		fprintf(stderr, "no memory for %u engines\n",
			fuzz_num_variants);
		return false;
	}
	if (play.ops == NULL && !fuzz_takes_settings(play.address))
		play.is_default = true;
	are_default = are_default || play.is_default;
	for (unsigned int i = 0; i < fuzz_num_variants; i++) {
		if (!open_player(&players[i], &play, &fuzz_variants[i]))
			return false;
		/* The first execution is to do what all others do. */
		if (players[i].engine.ops != NULL)
			fuzz_player_reset(&players[i]);
		num_open += players[i].engine.ops != NULL;
	}
	if (num_open == 0)
		fprintf(stderr, "%s %s, and this target needs some\n",
			play.address,
			play.is_default ? "takes no settings"
					: "takes the settings of no variant");
	return num_open > 0;
}

/* ---- playing ---------------------------------------------------------- */

struct fuzz_player *fuzz_player_for(struct fuzz_player *players,
				    const struct fuzz_input *input)
{
	struct fuzz_player *p = &players[input->variant];

	if (p->engine.ops == NULL)
		return NULL;
	if (!p->is_fresh)
		fuzz_player_reset(p);
	p->is_fresh = false;
	return p;
}

void fuzz_player_reset(struct fuzz_player *p)
{
	p->has_failed = false;
	/* The first time too: an execution is to do the same at any time. */
	must_be_ok(p, p->engine.ops->reset(p->engine.state), "reset");
	if (p->checker != NULL)
		conf_checker_reset(p->checker);
	p->is_fresh = true;
	p->is_open = false;
	p->is_hashing = false;
	p->now = p->stimulus = p->num_stimuli = p->num_results = 0;
	p->hash = 0;
}

static uint64_t hash_result(uint64_t hash, const struct conf_packet *r)
{
	uint64_t word;
	uint32_t at = 0;

	hash = fuzz_mix(hash, r->now);
	hash = fuzz_mix(hash, (uint64_t)r->len << 8 | (unsigned int)r->side);
	for (; at + sizeof(word) <= r->len; at += sizeof(word)) {
		memcpy(&word, r->data + at, sizeof(word));
		hash = fuzz_mix(hash, word);
	}
	for (; at < r->len; at++)
		hash = fuzz_mix(hash, r->data[at]);
	return hash;
}

static void on_result(void *ctx, const struct conf_packet *result)
{
	struct fuzz_player *p = ctx;

	p->num_results++;
	if (p->is_hashing)
		p->hash = hash_result(p->hash, result);
	if (p->is_collecting)
		conf_results_emit(&p->results, result);
	if (p->checker != NULL)
		conf_checker_result(p->checker, result);
}

static void begin_step(struct fuzz_player *p, const struct conf_packet *what)
{
	p->is_open = true;
	if (p->is_collecting)
		conf_results_clear(&p->results);
	if (p->checker != NULL)
		conf_checker_stimulus(p->checker, what);
}

void fuzz_player_advance(struct fuzz_player *p, uint64_t now)
{
	if (now <= p->now || p->engine.ops->advance == NULL || p->has_failed)
		return;
	begin_step(p, NULL);
	must_be_ok(p,
		   p->engine.ops->advance(p->engine.state, now, on_result, p),
		   "advance");
	p->now = now;
	if (p->checker != NULL)
		conf_checker_end(p->checker, now);
}

void fuzz_player_packet(struct fuzz_player *p,
			const struct conf_packet *stimulus)
{
	if (p->has_failed)
		return;
	/* Before the first packet there is no time. */
	if (p->is_open)
		fuzz_player_advance(p, stimulus->now);
	p->now = stimulus->now;
	p->stimulus++;
	p->num_stimuli++;
	begin_step(p, stimulus);
	must_be_ok(
		p,
		p->engine.ops->packet(p->engine.state, stimulus, on_result, p),
		"packet");
	if (p->checker != NULL)
		conf_checker_end(p->checker, p->now);
}

void fuzz_player_input(struct fuzz_player *p, struct fuzz_input *input)
{
	struct conf_packet stimulus;

	while (fuzz_input_next(input, &stimulus))
		fuzz_player_packet(p, &stimulus);
}

/* ---- at the end ------------------------------------------------------- */

/* Entries without a timer, and those that wait for one of them. */
struct census {
	uint32_t immortal;
	uint32_t others;
};

static void count_entry(void *ctx, const struct masq_entry_info *info)
{
	struct census *census = ctx;

	if (!info->armed)
		census->immortal++;
	else if (info->num_children == 0)
		census->others++;
}

static bool has_immortals(const struct fuzz_player *p)
{
	struct census census = {0};

	if (conf_settings_quirks(&p->settings) == 0)
		return false;
	masq_table_each(p->masq, count_entry, &census);
	return census.others == 0 && census.immortal > 0;
}

void fuzz_player_quiesce(struct fuzz_player *p)
{
	const uint64_t last = p->stimulus;
	struct masq_stats now;

	if (p->masq == NULL || !p->is_open)
		return;
	/* Findings are behind the last packet from here on. */
	p->stimulus = 0;
	fuzz_player_advance(p, p->now + QUIET);
	p->stimulus = last;
	masq_stats_get(p->masq, &now);
	if (now.held_octets != 0 || now.held_edits != 0)
		if (!has_immortals(p) || now.held_octets != 0)
			fuzz_finding("quiescence", "held", 0,
				     "%" PRIu32 " octets of fragments, %" PRIu32
				     " edits of streams are still held",
				     now.held_octets, now.held_edits);
	if (now.num_entries != 0 && !has_immortals(p))
		fuzz_finding("quiescence", "entries", 0,
			     "%" PRIu32 " mappings are still there",
			     now.num_entries);
	if (now.num_entries != 0)
		return;
	/* Ports are back, and what an entry counts. */
	if (memcmp(now.free_ports, p->free_ports, sizeof(now.free_ports)) !=
		    0 ||
	    now.always_defrag != p->always_defrag)
		fuzz_finding("quiescence", "counters", 0,
			     "free ports: udp %" PRIu32 ", tcp %" PRIu32
			     ", icmp %" PRIu32 "; always-defrag %" PRId32,
			     now.free_ports[0], now.free_ports[1],
			     now.free_ports[2], now.always_defrag);
}

/* Of an engine of others: what the checker has seen. */
static void count_seen(const struct fuzz_player *p)
{
	struct conf_seen seen;

	conf_checker_seen(p->checker, &seen);
	fuzz_reach_add(FUZZ_REACH_SEEN_MAPPINGS, seen.mappings);
	fuzz_reach_add(FUZZ_REACH_SEEN_ANSWERS, seen.answers);
	fuzz_reach_add(FUZZ_REACH_SEEN_ERRORS, seen.errors);
	fuzz_reach_add(FUZZ_REACH_SEEN_FRAGMENTS, seen.datagrams);
}

void fuzz_player_end(struct fuzz_player *p)
{
	struct masq_stats stats;

	fuzz_reach_add(FUZZ_REACH_EXECUTIONS, 1);
	fuzz_reach_add(FUZZ_REACH_STIMULI, p->num_stimuli);
	fuzz_reach_add(FUZZ_REACH_RESULTS, p->num_results);
	if (p->masq != NULL) {
		masq_stats_get(p->masq, &stats);
		fuzz_reach_add(FUZZ_REACH_MAPPINGS, stats.num_created);
		fuzz_reach_add(FUZZ_REACH_HOLES, stats.num_children);
		fuzz_reach_add(FUZZ_REACH_ERRORS, stats.num_errors_translated);
		fuzz_reach_add(FUZZ_REACH_TIMERS, stats.num_expired);
		fuzz_reach_add(FUZZ_REACH_FRAGMENTS, stats.num_joined);
	} else if (p->checker != NULL) {
		count_seen(p);
	}
	fuzz_reach_tick();
	fuzz_player_reset(p);
}
