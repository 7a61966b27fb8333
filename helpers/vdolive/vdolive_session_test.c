/* SPDX-License-Identifier: Apache-2.0 */
/* vdolive_session_test.c - whole sessions, as Linux 2.2.26 */
#include "vdolive/vdolive.h"
#include "session.h"

#define SERVER  KIT_IP(198, 51, 100, 7)
#define NONE    NULL, 0
#define SYN_ACK (KIT_SYN | KIT_ACK)
#define FIN_ACK (KIT_FIN | KIT_ACK)
#define DATA    (KIT_PSH | KIT_ACK)

/* Numbers on the inside wire, numbers and texts on both wires. */
#define SENT(flags, ...)                                                       \
	{                                                                      \
		MASQ_INSIDE, 1060, 61000, SERVER, 7000, flags, __VA_ARGS__     \
	}
#define CAME(flags, ...)                                                       \
	{                                                                      \
		MASQ_OUTSIDE, 1060, 61000, SERVER, 7000, flags, __VA_ARGS__    \
	}

static const struct session_row vdo_1[] = {
	SENT(KIT_SYN, 900000, 0, 900000, 0, NONE, NONE),
	CAME(SYN_ACK, 950000, 900001, 950000, 900001, NONE, NONE),
	SENT(KIT_ACK, 900001, 950001, 900001, 950001, NONE, NONE),
	SENT(DATA, 900001, 950001, 900001, 950001,
	     KIT_TEXT("\0\0\x00\x34\0\0\0\x06\0\0\0\x03\0\0\0\x01\0\0\0\0"
		      "\0\0\0\x08VDO Live\0\0\x0f\xa0movies/intro.vdo"),
	     KIT_TEXT("\0\0\x00\x34\0\0\0\x06\0\0\0\x03\0\0\0\x01\0\0\0\0"
		      "\0\0\0\x08VDO Live\0\0\xeeImovies/intro.vdo")),
	CAME(DATA, 950001, 900053, 950001, 900053,
	     KIT_TEXT("\0\0\0\x08\0\0\0\n"), NONE),
	SENT(DATA, 900053, 950009, 900053, 950009,
	     KIT_TEXT("\0\0\0\x14\0\0\0\x01VDO Live\0\0\x0f\xa0"),
	     KIT_TEXT("\0\0\0\x14\0\0\0\x01VDO Live\0\0\xeeI")),
};

static const struct session_row vdo_2[] = {
	SENT(DATA, 900073, 950009, 900073, 950009,
	     KIT_TEXT("\0\0\0\x08\0\0\0\x03"), NONE),
	SENT(FIN_ACK, 900081, 950009, 900081, 950009, NONE, NONE),
	CAME(KIT_ACK, 950009, 900082, 950009, 900082, NONE, NONE),
	CAME(FIN_ACK, 950009, 900082, 950009, 900082, NONE, NONE),
	SENT(KIT_ACK, 900082, 950010, 900082, 950010, NONE, NONE),
};

#define RUN(kit, rows) session_run(kit, rows, sizeof(rows) / sizeof(*(rows)))

static void test_session(void **state)
{
	struct kit *kit = kit_open_with(&masq_vdolive_module, MASQ_QUIRKS_ALL);

	(void)state;
	RUN(kit, vdo_1);
	session_media_in(kit, SERVER, 7001, 61001, 4000);
	RUN(kit, vdo_2);
	assert_string_equal(kit_entries(kit, 0),
			    "{TCP 192.168.1.10:1060 ~ 203.0.113.1:61000 ~ "
			    "198.51.100.7:7000 TIME_WAIT parent=none "
			    "helper=VDOlive NO-TIMER}; "
			    "{UDP 192.168.1.10:4000 ~ 203.0.113.1:61001 ~ "
			    "198.51.100.7:7001 UDP parent=none NO-TIMER}");
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_session),
	};

	return cmocka_run_group_tests_name("helpers.vdolive.session", tests,
					   NULL, NULL);
}
