/* SPDX-License-Identifier: Apache-2.0 */
/*
 * irc_quirk_test.c - each quirk of IRC off or on by itself
 */
#include "irc/irc.h"
#include "kit.h"

#define SERVER  KIT_IP(198, 51, 100, 67)
#define SAID    "PRIVMSG bob :\001DCC CHAT chat "
#define IN      "3232235786 5000"
#define OUT     "3405803777 61001"
#define OFF(id) (MASQ_QUIRKS_ALL & ~MASQ_QUIRK(id))
#define ON(id)  (MASQ_QUIRKS_NONE | MASQ_QUIRK(id))

struct row {
	const char *name;
	uint64_t quirks;
	const char *said;
	const char *received; /* NULL = the same */
};

static const struct row rows[] = {
	{"cut off", OFF(IRC_CUT), SAID IN, NULL},
	{"cut off, whole", OFF(IRC_CUT), SAID IN "\001\r\n",
	 SAID OUT "\001\r\n"},
	{"cut on", ON(IRC_CUT), SAID IN, SAID OUT},
	{"anywhere off", OFF(IRC_ANYWHERE), "x" SAID IN "\001\r\n", NULL},
	{"anywhere on", ON(IRC_ANYWHERE), "x" SAID IN "\001\r\n",
	 "x" SAID OUT "\001\r\n"},
	{"numbers off", OFF(HELPER_NUMBERS), SAID "7527203082 5000\001\r\n",
	 NULL},
	{"numbers on", ON(HELPER_NUMBERS), SAID "7527203082 5000\001\r\n",
	 SAID OUT "\001\r\n"},
};

static struct kit *open_kit(uint64_t quirks, struct kit_conn *conn)
{
	struct kit *kit = kit_open_with(&masq_irc_module, quirks);

	*conn = (struct kit_conn){.outside_addr = SERVER, .outside_port = 6667};
	kit_connect(kit, conn);
	return kit;
}

static void single_quirks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		const char *expected = row->received == NULL ? row->said
							     : row->received;
		struct kit_conn conn;
		struct kit *kit = open_kit(row->quirks, &conn);
		const struct kit_result *r = kit_tcp_out(
			kit, &conn, row->said, (uint32_t)strlen(row->said));

		kit_assert_row_payload(row->name, r, expected,
				       (uint32_t)strlen(expected));
		kit_close(kit);
	}
}

/* IRC-12 put right by its own quirk: the hole ends after 120 s. */
static void resume_without_leak(void **state)
{
	struct kit_conn conn;
	struct kit *kit = open_kit(OFF(IRC_RESUME_LEAK), &conn);
	const struct kit_result *r;

	(void)state;
	kit_tcp_out(kit, &conn, KIT_TEXT(SAID IN "\001\r\n"));
	r = kit_tcp_in(kit, &conn, KIT_TEXT("\001DCC RESUME a " OUT));
	kit_assert_payload(r, KIT_TEXT("\001DCC RESUME a " IN));
	kit_wait(kit, 121000);
	kit_assert_entries(kit, 61000, "");
	kit_close(kit);

	kit = open_kit(OFF(IRC_CUT), &conn);
	kit_tcp_out(kit, &conn, KIT_TEXT(SAID IN "\001\r\n"));
	r = kit_tcp_in(kit, &conn, KIT_TEXT("\001DCC RESUME a " OUT));
	kit_assert_payload(r, KIT_TEXT("\001DCC RESUME a " OUT));
	kit_close(kit);
}

/* insecure: other hosts and low ports, also in whole messages. */
static void insecure(void **state)
{
	static const uint64_t quirks[] = {MASQ_QUIRKS_ALL, MASQ_QUIRKS_NONE};
	static struct helper_options options;

	(void)state;
	helper_options_init(&options);
	options.irc_insecure = true;
	for (size_t i = 0; i < 2; i++) {
		struct kit_conn conn = {
			.outside_addr = SERVER,
			.outside_port = 6667,
		};
		struct masq_config config;
		const struct kit_result *r;
		struct kit *kit;

		kit_config(&config, quirks[i]);
		kit_load_in(&config, &masq_irc_module, NULL, NULL, &options);
		kit = kit_open(&config);
		kit_connect(kit, &conn);
		r = kit_tcp_out(kit, &conn,
				KIT_TEXT(SAID "3232235853 139\001\r\n"));
		kit_assert_payload(r, KIT_TEXT(SAID OUT "\001\r\n"));
		kit_close(kit);
	}
}

/* ... but 0.0.255.255 is no host at all. */
static void insecure_but_somebody(void **state)
{
	static struct helper_options options;
	struct kit_conn conn = {.outside_addr = SERVER, .outside_port = 6667};
	struct masq_config config;
	const struct kit_result *r;
	struct kit *kit;

	(void)state;
	helper_options_init(&options);
	options.irc_insecure = true;
	kit_config(&config, MASQ_QUIRKS_NONE);
	kit_load_in(&config, &masq_irc_module, NULL, NULL, &options);
	kit = kit_open(&config);
	kit_connect(kit, &conn);
	r = kit_tcp_out(kit, &conn, KIT_TEXT(SAID "65535 4001\001\r\n"));
	kit_assert_payload(r, KIT_TEXT(SAID "65535 4001\001\r\n"));
	r = kit_tcp_out(kit, &conn, KIT_TEXT(SAID "3232235853 4001\001\r\n"));
	kit_assert_payload(r, KIT_TEXT(SAID OUT "\001\r\n"));
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_quirks),
		cmocka_unit_test(resume_without_leak),
		cmocka_unit_test(insecure),
		cmocka_unit_test(insecure_but_somebody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
