/* SPDX-License-Identifier: Apache-2.0 */
/* toy.c - a protocol helper for the tests of the helper interface */
#include <stdio.h>

#include "toy.h"

unsigned int toy_num_bound;

static void count_bind(struct masq_engine *engine, struct masq_entry *entry)
{
	assert_non_null(engine);
	assert_int_equal(masq_entry_words(entry)[0], 0);
	toy_num_bound++;
}

static struct masq_answer call_out(struct masq_hook *hook)
{
	const struct toy *toy = hook->options;

	return toy->out != NULL ? toy->out(hook, toy->ctx)
				: (struct masq_answer){0};
}

static struct masq_answer call_in(struct masq_hook *hook)
{
	const struct toy *toy = hook->options;

	return toy->in != NULL ? toy->in(hook, toy->ctx)
			       : (struct masq_answer){0};
}

const struct masq_helper_ops toy_tcp = {
	.name = "toy",
	.proto = 6,
	.bind = count_bind,
	.out = call_out,
	.in = call_in,
};

const struct masq_helper_ops toy_udp = {
	.name = "toy-udp",
	.proto = 17,
	.out = call_out,
	.in = call_in,
};

void toy_load(struct masq_config *config, const struct masq_helper_ops *ops,
	      uint16_t port, bool inbound, const struct toy *toy)
{
	config->bindings[config->num_bindings++] = (struct masq_binding){
		.ops = ops,
		.options = toy,
		.port = port,
		.inbound = inbound,
	};
}

/* ---- OPEN and WAIT --------------------------------------------------- */

/* Reads a number of at most three digits; moves *at behind it. */
static uint32_t number(struct masq_view v, uint32_t *at)
{
	uint32_t value = 0;

	for (; *at < v.len; (*at)++) {
		const uint8_t c = masq_get8(v, *at);

		if (c < '0' || c > '9')
			break;
		value = value * 10 + (uint32_t)(c - '0');
	}
	return value;
}

/* The entry for the announced port, found again or made. */
static struct masq_entry *announced(struct masq_hook *hook, uint32_t addr,
				    uint16_t port)
{
	const struct masq_tuple t = {
		.proto = 6,
		.inside_addr = addr,
		.inside_port = port,
		.peer_addr = hook->peer_addr,
	};
	struct masq_entry *child = masq_entry_find_out(hook, &t);

	if (child != NULL)
		return child;
	child = masq_entry_new_child(hook, &t, MASQ_NO_DPORT);
	if (child != NULL)
		masq_entry_listen(hook, child);
	return child;
}

/* Replaces the announcement in the payload; returns the difference. */
static int32_t rewrite(struct masq_hook *hook, struct masq_entry *child,
		       uint32_t at, uint32_t old_len)
{
	const uint32_t a = hook->masq_addr;
	struct masq_entry_info info;
	char text[32];
	uint32_t len;

	masq_entry_info(hook->engine, child, &info);
	len = (uint32_t)snprintf(text, sizeof(text), "%u,%u,%u,%u,%u,%u",
				 a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255,
				 info.masq_port >> 8, info.masq_port & 255);
	assert_int_equal(masq_hook_replace(hook, at, old_len,
					   (const uint8_t *)text, len),
			 MASQ_OK);
	return (int32_t)len - (int32_t)old_len;
}

static struct masq_answer open_port(struct masq_hook *hook)
{
	const uint32_t start = hook->header_len + 5;
	uint32_t at = start, field[6];
	struct masq_answer answer = {0};
	struct masq_entry *child;

	for (unsigned int i = 0; i < 6; i++, at++)
		field[i] = number(hook->segment, &at);
	at--;
	child = announced(hook, IP4(field[0], field[1], field[2], field[3]),
			  (uint16_t)(field[4] << 8 | field[5]));
	if (child == NULL)
		return answer;
	answer.diff = rewrite(hook, child, start, at - start);
	masq_entry_link(hook, child);
	masq_entry_put(hook, child);
	return answer;
}

static void wait_at_port(struct masq_hook *hook)
{
	uint32_t at = hook->header_len + 5;
	struct masq_entry_info info;
	struct masq_tuple t = {.proto = 6, .peer_addr = hook->peer_addr};
	struct masq_entry *child;

	masq_entry_info(hook->engine, hook->entry, &info);
	t.inside_addr = info.inside_addr;
	t.peer_port = (uint16_t)number(hook->segment, &at);
	child = masq_entry_new_child(hook, &t, MASQ_NO_SPORT);
	assert_non_null(child);
	masq_entry_listen(hook, child);
	masq_entry_link(hook, child);
	masq_entry_put(hook, child);
}

struct masq_answer toy_open(struct masq_hook *hook, void *ctx)
{
	const struct masq_view payload = masq_hook_payload(hook);

	(void)ctx;
	if (masq_equal(payload, 0, "OPEN ", 5))
		return open_port(hook);
	if (masq_equal(payload, 0, "WAIT ", 5))
		wait_at_port(hook);
	return (struct masq_answer){0};
}

const struct toy toy_opener = {.out = toy_open, .in = toy_open};

struct kit *toy_kit(void)
{
	struct masq_config c;

	kit_config(&c);
	toy_load(&c, &toy_tcp, 21, false, &toy_opener);
	return kit_open(&c);
}
