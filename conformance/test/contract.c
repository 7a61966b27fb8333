/* SPDX-License-Identifier: Apache-2.0 */
/* contract.c - engines behind the contract, for tests */
#include "contract.h"

const struct conf_config conf_none = {.num_settings = 0};

void contract_collect(void *ctx, const char *piece, size_t len)
{
	struct text *text = ctx;

	assert_true(text->len + len < sizeof(text->at));
	memcpy(text->at + text->len, piece, len);
	text->len += len;
	text->at[text->len] = '\0';
}

struct conf_engine contract_open(const char *address,
				 const struct conf_config *config)
{
	struct conf_engine engine;
	char error[CONF_ERROR_SIZE];

	if (conf_engine_open(&engine, address, config, error) != CONF_OK)
		fail_msg("%s: %s", address, error);
	return engine;
}

enum conf_status contract_send(struct conf_engine *engine,
			       const struct packet *p, enum conf_side side,
			       uint64_t now, struct conf_results *results)
{
	struct conf_packet packet = on_wire(p, side, now);

	conf_results_clear(results);
	return engine->ops->packet(engine->state, &packet, conf_results_emit,
				   results);
}
