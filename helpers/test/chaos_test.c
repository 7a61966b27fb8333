/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chaos_test.c - random segments of half-right text, in every profile
 *
 * Pieces of commands, replies and requests in any order, mutated, on any
 * numbers, with and without options, from both sides. Nothing crashes, what
 * is sent has right lengths and checksums (the kit looks), and without
 * quirks each hole belongs to the host whose connection it was made for,
 * is not below port 1024 and one of few (INV-21, GEN-S4).
 */
#include "ftp/ftp.h"
#include "irc/irc.h"
#include "kit.h"

enum {
	NUM_SEGMENTS = 100000,
	SEGMENTS_A_KIT = 500,
	NUM_PARTS = 32,
	MAX_TEXT = 600,
	MAX_UNCLAIMED = 8,
	NUM_CLIENTS = 2
};

static const char *const parts[NUM_PARTS] = {
	"PORT 192,168,1,10,8,",
	"PORT 192,168,1,11,8,",
	"PORT ",
	"port ",
	"192,168,1,10,",
	"198,51,100,21,",
	"4,5",
	"0,22",
	"99999999999",
	"\r\n",
	"\n",
	"\r",
	"PASV\r\n",
	"227 Entering Passive Mode (",
	"227 ",
	"213-",
	"502 ",
	")",
	",",
	" ",
	"PRIVMSG bob :",
	"\001DCC ",
	"SEND a ",
	"CHAT chat ",
	"ACCEPT a ",
	"RESUME a ",
	"3232235786 ",
	"3232235787 ",
	"3405803777 61002 ",
	"2222 ",
	"\001\r\n",
	"\"",
};

static uint32_t make_text(uint8_t text[MAX_TEXT], uint64_t *seed)
{
	uint32_t len = 0;

	while (len < MAX_TEXT - 64 && kit_below(seed, 14) != 0) {
		const char *part = parts[kit_below(seed, NUM_PARTS)];
		const uint32_t n = (uint32_t)strlen(part);

		memcpy(text + len, part, n);
		len += n;
	}
	while (len != 0 && kit_below(seed, 3) == 0)
		text[kit_below(seed, len)] = (uint8_t)kit_random(seed);
	return len;
}

static uint64_t make_quirks(uint64_t *seed)
{
	switch (kit_below(seed, 3)) {
	case 0:
		return MASQ_QUIRKS_ALL;
	case 1:
		return MASQ_QUIRKS_NONE;
	default:
		return kit_random(seed);
	}
}

/* Any segment of the connection; mostly the next one. */
static void say(struct kit *kit, struct kit_conn *conn, uint64_t *seed)
{
	static const uint8_t options[12] = {1,   1,  8, 10, 'D', 'C',
					    'C', 32, 1, 1,  1,   1};
	uint8_t text[MAX_TEXT];
	const uint32_t len = make_text(text, seed);

	conn->options = options;
	conn->options_len = kit_below(seed, 4) == 0 ? sizeof(options) : 0;
	switch (kit_below(seed, 8)) {
	case 0:
		kit_conn_at(kit, conn, MASQ_INSIDE,
			    conn->inside_seq - kit_below(seed, 300),
			    conn->inside_ack, KIT_ACK, text, len);
		break;
	case 1:
		kit_conn_at(kit, conn, MASQ_OUTSIDE,
			    conn->outside_seq - kit_below(seed, 300),
			    conn->outside_ack, KIT_ACK, text, len);
		break;
	case 2:
		conn->inside_seq += kit_below(seed, 40); /* a gap */
		break;
	case 3:
	case 4:
		kit_tcp_in(kit, conn, text, len);
		break;
	default:
		kit_tcp_out(kit, conn, text, len);
		break;
	}
}

struct holes {
	struct kit *kit;
	const struct kit_conn *conns;
	unsigned int num_unclaimed[NUM_CLIENTS];
};

static void check_hole(void *ctx, const struct masq_entry_info *info)
{
	struct holes *holes = ctx;

	if (!info->is_child)
		return;
	for (unsigned int i = 0; i < NUM_CLIENTS; i++) {
		const struct kit_conn *conn = &holes->conns[i];

		if (info->parent_port != conn->masq_port)
			continue;
		holes->num_unclaimed[i]++;
		assert_int_equal(info->inside_addr, conn->inside_addr);
		if ((info->flags & MASQ_NO_SPORT) == 0)
			assert_true(info->inside_port >= 1024);
		if ((info->flags & MASQ_NO_DADDR) == 0)
			assert_int_equal(info->peer_addr, conn->outside_addr);
	}
}

static void check_holes(struct kit *kit, const struct kit_conn *conns)
{
	struct holes holes = {.kit = kit, .conns = conns};

	masq_table_each(kit->engine, check_hole, &holes);
	for (unsigned int i = 0; i < NUM_CLIENTS; i++)
		assert_true(holes.num_unclaimed[i] <= MAX_UNCLAIMED);
}

static void run(const struct helper_module *module, uint16_t port)
{
	uint64_t seed = port;

	for (int n = 0; n < NUM_SEGMENTS / SEGMENTS_A_KIT; n++) {
		const uint64_t quirks = make_quirks(&seed);
		struct kit *kit = kit_open_with(module, quirks);
		struct kit_conn conns[NUM_CLIENTS] = {{0}};

		for (unsigned int i = 0; i < NUM_CLIENTS; i++) {
			conns[i].inside_addr = KIT_CLIENT + i;
			conns[i].outside_addr = KIT_IP(198, 51, 100, 21);
			conns[i].outside_port = port;
			kit_connect(kit, &conns[i]);
		}
		for (int i = 0; i < SEGMENTS_A_KIT; i++)
			say(kit, &conns[kit_below(&seed, NUM_CLIENTS)], &seed);
		if (quirks == MASQ_QUIRKS_NONE)
			check_holes(kit, conns);
		kit_close(kit);
	}
}

static void half_right_text(void **state)
{
	(void)state;
	run(&masq_ftp_module, 21);
	run(&masq_irc_module, 6667);
}

/* Octets without any sense, and headers that lie about their length. */
static void no_sense(void **state)
{
	uint64_t seed = 7;
	struct masq_config config;
	struct kit *kit;

	(void)state;
	kit_config(&config, MASQ_QUIRKS_ALL);
	kit_load(&config, &masq_ftp_module, NULL);
	kit_load(&config, &masq_irc_module, NULL);
	kit = kit_open(&config);
	kit->no_checks = true;
	for (int i = 0; i < NUM_SEGMENTS; i++) {
		uint8_t data[128] = {
			0x45, 0,   0,   0, 0,  0,   0x40, 0,   64, 6, 0,
			0,    192, 168, 1, 10, 198, 51,   100, 21, 4, 6,
		};
		struct masq_buf b = {.data = data, .cap = sizeof(data)};
		uint32_t sum;

		b.len = 24 + kit_below(&seed, sizeof(data) - 24);
		for (uint32_t k = 24; k < b.len; k++)
			data[k] = (uint8_t)kit_random(&seed);
		masq_put16(&b, 2, (uint16_t)b.len);
		masq_put16(&b, 22, kit_below(&seed, 2) == 0 ? 21 : 6667);
		sum = masq_fold(masq_sum(masq_slice(masq_view_of(&b), 0, 20)));
		masq_put16(&b, 10, (uint16_t)~sum);
		masq_put16(&b, 36, 0);
		sum = masq_fold(masq_sum(masq_from(masq_view_of(&b), 20)) +
				masq_sum_pseudo(KIT_CLIENT,
						KIT_IP(198, 51, 100, 21), 6,
						b.len - 20));
		masq_put16(&b, 36, (uint16_t)~sum);
		kit_raw(kit, MASQ_INSIDE, data, b.len);
	}
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(half_right_text),
		cmocka_unit_test(no_sense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
