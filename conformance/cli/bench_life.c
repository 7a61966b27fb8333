/* SPDX-License-Identifier: Apache-2.0 */
/* bench_life.c - what a fresh engine costs, by opening and by reset */
#include "bench.h"
#include "reports/table.h"

#define LIVES 200u

static void swallow(void *ctx, const struct conf_packet *result)
{
	uint64_t *num = ctx;

	(void)result;
	(*num)++;
}

/* One packet, so that there is something to forget. */
static bool use(struct conf_engine *engine)
{
	const struct bench_flow flow = bench_many(0);
	uint8_t data[BENCH_MAX_PACKET];
	const struct conf_packet stimulus = {.side = CONF_INSIDE,
					     .data = data,
					     .len = bench_make(data, &flow)};
	uint64_t num = 0;

	return engine->ops->packet(engine->state, &stimulus, swallow, &num) ==
	       CONF_OK;
}

static enum cli_exit live_once(const char *address,
			       const struct conf_config *config,
			       struct conf_engine *engine)
{
	char error[CONF_ERROR_SIZE];
	enum conf_status status = conf_engine_open(engine, address, config,
						   error);

	if (status != CONF_OK) {
		cli_error("%s", error);
		return status == CONF_ERR_CONFIG ? CLI_USAGE : CLI_BROKEN;
	}
	if (use(engine))
		return CLI_OK;
	cli_error("%s: %s", address, conf_engine_error(engine));
	conf_engine_close(engine);
	return CLI_BROKEN;
}

static void print(const char *what, struct bench_times *times)
{
	if (times->num > 0)
		printf("%-38s %9.1f us\n", what, bench_median(times) / 1000);
	else
		printf("%-38s %9s\n", what, "-");
}

enum cli_exit bench_life(const struct cli_config *config, const char *address,
			 unsigned int rounds)
{
	struct bench_times opens = {.num = 0}, resets = {.num = 0};
	struct conf_engine engine;
	enum cli_exit code = CLI_OK;

	for (unsigned int i = 0; i < rounds && code == CLI_OK; i++) {
		double start = bench_now();
		bool can_reset = true;
		unsigned int k;

		for (k = 0; k < LIVES && code == CLI_OK; k++) {
			code = live_once(address, &config->config, &engine);
			if (code == CLI_OK)
				conf_engine_close(&engine);
		}
		bench_times_add(&opens, bench_now() - start, LIVES);
		if (code != CLI_OK)
			break;
		code = live_once(address, &config->config, &engine);
		if (code != CLI_OK)
			break;
		start = bench_now();
		for (k = 0; k < LIVES && can_reset; k++)
			can_reset = engine.ops->reset != NULL &&
				    engine.ops->reset(engine.state) ==
					    CONF_OK &&
				    use(&engine);
		if (can_reset)
			bench_times_add(&resets, bench_now() - start, LIVES);
		conf_engine_close(&engine);
	}
	if (code != CLI_OK)
		return code;
	printf("%s, medians of %u rounds of %u\n", address, rounds, LIVES);
	print("open, one packet, close", &opens);
	print("reset, one packet", &resets);
	return CLI_OK;
}
