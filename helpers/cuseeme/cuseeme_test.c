/* SPDX-License-Identifier: Apache-2.0 */
/* cuseeme_test.c - vectors CUS-V01 to -V28 and A4, as Linux 2.2.26 */
#include "cuseeme/cuseeme.h"
#include "kit.h"

struct bytes {
	const void *data;
	uint32_t len;
};
#define BYTES(s)                                                               \
	{                                                                      \
		(s), sizeof(s) - 1                                             \
	}
#define assert_sent(...) kit_assert_payload(__VA_ARGS__)

#define REFLECTOR_ADDR KIT_IP(198, 51, 100, 48)
#define STRANGER       KIT_IP(198, 51, 100, 99)
#define PORT           7648

/* Family and port, addresses, the fields between, and one whole list entry. */
#define ALL           "\0\0\x1d\xe0"
#define PRIVATE       "\0\x01\x1d\xe0"
#define NOBODY        "\0\0\0\0"
#define CLIENT        "\xc0\xa8\x01\x0a"
#define ROUTER        "\xcb\0\x71\x01"
#define REFLECTOR     "\xc6\x33\x64\x30"
#define OTHER         "\xc6\x33\x64\x05"
#define OTHER_6       "\xc6\x33\x64\x06"
#define SEQUENCE      "\0\0\0\x01\0\x01"
#define FLAGS         "\0\x01\x02\x03\x04\x05\x06\x07"
#define OPEN_CONTINUE "\0\x65"
/* The fields of OpenContinue behind the count. */
#define ALICE                                                                  \
	"\0\0\0\x07\x05"                                                       \
	"alice\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x01\0\x04"

static const struct row {
	const char *id;
	bool is_in;
	uint16_t port; /* out */
	struct bytes stimulus;
	struct bytes expected; /* if it changes */
} rows[] = {
	{
		.id = "CUS-V01",
		.port = 7648,
		.stimulus = BYTES(ALL NOBODY PRIVATE CLIENT SEQUENCE
				  "\0\x01\0\x1a"),
		.expected = BYTES(ALL NOBODY PRIVATE ROUTER SEQUENCE
				  "\0\x01\0\x1a"),
	},
	{
		.id = "CUS-V02",
		.port = 7648,
		.stimulus = BYTES(ALL NOBODY PRIVATE CLIENT SEQUENCE
				  "\0\x01\0"),
	},
	{
		.id = "CUS-V03",
		.port = 7648,
		.stimulus = BYTES(""),
	},
	{
		.id = "CUS-V04",
		.port = 7648,
		.stimulus = BYTES(ALL NOBODY PRIVATE NOBODY SEQUENCE
				  "\0\x01\0\x1a"),
	},
	{
		.id = "CUS-V05",
		.port = 7648,
		.stimulus = BYTES(ALL NOBODY PRIVATE "\xc0\xa8\x01\x63" SEQUENCE
						     "\0\x01\0\x1a"),
		.expected = BYTES(ALL NOBODY PRIVATE ROUTER SEQUENCE
				  "\0\x01\0\x1a"),
	},
	{
		.id = "CUS-V06",
		.port = 7648,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE CLIENT SEQUENCE OPEN_CONTINUE
			"\0D\0\x01" ALICE CLIENT FLAGS),
		.expected = BYTES(
			ALL NOBODY PRIVATE ROUTER SEQUENCE OPEN_CONTINUE
			"\0D\0\x01" ALICE CLIENT FLAGS),
	},
	{
		.id = "CUS-V07",
		.port = 7648,
		.stimulus = BYTES(ALL NOBODY PRIVATE CLIENT SEQUENCE
				  "\x01\x01\0\x1ahello"),
		.expected = BYTES(ALL NOBODY PRIVATE ROUTER SEQUENCE
				  "\x01\x01\0\x1ahello"),
	},
	{
		.id = "CUS-V08",
		.port = 7648,
		.stimulus = BYTES(ALL NOBODY PRIVATE CLIENT SEQUENCE
				  "\0\x01\0\x1a"),
		.expected = BYTES(ALL NOBODY PRIVATE ROUTER SEQUENCE
				  "\0\x01\0\x1a"),
	},
	{
		.id = "CUS-V09",
		.port = 7649,
		.stimulus = BYTES(ALL NOBODY PRIVATE CLIENT SEQUENCE
				  "\0\x01\0\x1a"),
	},
	{
		.id = "CUS-V10",
		.is_in = true,
		.stimulus = BYTES(ALL NOBODY PRIVATE OTHER SEQUENCE
				  "\0\x01\0\x1a"),
	},
	{
		.id = "CUS-V11",
		.is_in = true,
		.stimulus = BYTES(PRIVATE ROUTER PRIVATE OTHER SEQUENCE
				  "\0\x01\0\x1a"),
		.expected = BYTES(PRIVATE CLIENT PRIVATE OTHER SEQUENCE
				  "\0\x01\0\x1a"),
	},
	{
		.id = "CUS-V12",
		.is_in = true,
		.stimulus = BYTES(PRIVATE
				  "\xc6\x33\x64\t" PRIVATE OTHER SEQUENCE
				  "\0\x01\0\x1a"),
		.expected = BYTES(PRIVATE CLIENT PRIVATE OTHER SEQUENCE
				  "\0\x01\0\x1a"),
	},
	{
		.id = "CUS-V13",
		.is_in = true,
		.stimulus = BYTES(ALL ROUTER PRIVATE CLIENT SEQUENCE
				  "\0\x01\0"),
	},
	{
		.id = "CUS-V14",
		.is_in = true,
		.stimulus = BYTES(
			ALL ROUTER PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0D\0\x01" ALICE ROUTER FLAGS),
		.expected = BYTES(
			ALL CLIENT PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0D\0\x01" ALICE CLIENT FLAGS),
	},
	{
		.id = "CUS-V15",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0\\\0\x03" ALICE OTHER FLAGS OTHER_6 FLAGS ROUTER
				FLAGS),
		.expected = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0\\\0\x03" ALICE OTHER FLAGS OTHER_6 FLAGS CLIENT
				FLAGS),
	},
	{
		.id = "CUS-V16",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0P\0\x02" ALICE ROUTER FLAGS ROUTER FLAGS),
		.expected = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0P\0\x02" ALICE CLIENT FLAGS ROUTER FLAGS),
	},
	{
		.id = "CUS-V17",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0D\0\0" ALICE ROUTER FLAGS),
	},
	{
		.id = "CUS-V18",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0P\0\x01" ALICE OTHER FLAGS ROUTER FLAGS),
		.expected = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0P\0\x01" ALICE OTHER FLAGS CLIENT FLAGS),
	},
	{
		.id = "CUS-V19",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0P\x01\0" ALICE OTHER FLAGS ROUTER FLAGS),
	},
	{
		.id = "CUS-V20",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0P\x02\0" ALICE OTHER FLAGS ROUTER FLAGS),
		.expected = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0P\x02\0" ALICE OTHER FLAGS CLIENT FLAGS),
	},
	{
		.id = "CUS-V21",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0\\\0\x03" ALICE OTHER FLAGS OTHER_6 FLAGS ROUTER
			"\0\x01\x02\x03\x04\x05\x06"),
	},
	{
		.id = "CUS-V22",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\x00\x38\0\x01" ALICE),
	},
	{
		.id = "CUS-V23",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0D\0\x01" ALICE ROUTER "\0\x01\x02\x03\x04\x05\x06"),
	},
	{
		.id = "CUS-V24",
		.is_in = true,
		.stimulus = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0D\0\x01" ALICE ROUTER FLAGS),
		.expected = BYTES(
			ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			"\0D\0\x01" ALICE CLIENT FLAGS),
	},
	{
		.id = "CUS-V25",
		.is_in = true,
		.stimulus = BYTES(ALL NOBODY PRIVATE REFLECTOR SEQUENCE
				  "\0d\0D\0\x01" ALICE ROUTER FLAGS),
	},
};

static struct kit *open_kit(int32_t dloose)
{
	struct masq_config config;

	kit_config(&config, MASQ_QUIRKS_ALL);
	config.udp_dloose = dloose;
	kit_load(&config, &masq_cuseeme_module, NULL);
	return kit_open(&config);
}

static const struct kit_result *out_to(struct kit *kit, uint16_t port,
				       struct bytes b)
{
	return kit_udp(kit, MASQ_INSIDE, KIT_CLIENT, PORT, REFLECTOR_ADDR, port,
		       b.data, b.len);
}

static const struct kit_result *in_from(struct kit *kit, uint32_t addr,
					uint16_t port, struct bytes b)
{
	return kit_udp(kit, MASQ_OUTSIDE, addr, port, KIT_MASQ, 61000, b.data,
		       b.len);
}

static void test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		const struct bytes expected = row->expected.data != NULL
						      ? row->expected
						      : row->stimulus;
		struct kit *kit = open_kit(0);
		const struct kit_result *r;

		if (row->is_in) {
			out_to(kit, PORT, (struct bytes)BYTES("x"));
			r = in_from(kit, REFLECTOR_ADDR, PORT, row->stimulus);
		} else {
			r = out_to(kit, row->port, row->stimulus);
		}
		kit_assert_row(row->id, r != NULL);
		kit_assert_row_payload(row->id, r, expected.data, expected.len);
		kit_close(kit);
	}
}

/* CUS-V26 */
static void test_stranger(void **state)
{
	static const struct bytes data =
		BYTES(PRIVATE ROUTER PRIVATE OTHER SEQUENCE "\0\x01\0\x1a");
	struct kit *kit = open_kit(0);

	(void)state;
	out_to(kit, PORT, (struct bytes)BYTES("x"));
	assert_null(in_from(kit, STRANGER, 9999, data));
	assert_string_equal(kit_entries(kit, 0),
			    "{UDP 192.168.1.10:7648 ~ 203.0.113.1:61000 ~ "
			    "*:7648 UDP 300s parent=none helper=cuseeme}");
	kit_close(kit);
	kit = open_kit(2); /* as 2.2.1 */
	out_to(kit, PORT, (struct bytes)BYTES("x"));
	assert_sent(
		in_from(kit, STRANGER, 9999, data),
		KIT_TEXT(PRIVATE CLIENT PRIVATE OTHER SEQUENCE "\0\x01\0\x1a"));
	kit_close(kit);
}

/* A4 and CUS-V28: without a checksum before, with one after. */
static void test_anchor(void **state)
{
	static const char after[] =
		"\x45\0\0\x36\x12\x34\x40\0\x3f\x11\xc3\x1d\xcb\0\x71\x01"
		"\xc6\x33\x64\x30\xee\x48\x1d\xe0\0\x22\x15\x3b" ALL NOBODY
			PRIVATE ROUTER SEQUENCE "\0\x01\0\x1a";
	struct kit *kit = open_kit(0);
	const struct kit_result *r;

	(void)state;
	r = kit_hex(kit, MASQ_INSIDE,
		    "4500 0036 1234 4000 4011 3c6d c0a8 010a c633 6430 "
		    "1de0 1de0 0022 0000 0000 1de0 0000 0000 0001 1de0 "
		    "c0a8 010a 0000 0001 0001 0001 001a");
	assert_non_null(r);
	assert_int_equal(r->len, sizeof(after) - 1);
	assert_memory_equal(r->data, after, sizeof(after) - 1);
	kit_close(kit);
}

/* The end-to-end session of the vectors. */
static void test_session(void **state)
{
	struct kit *kit = open_kit(0);

	(void)state;
	assert_sent(
		out_to(kit, PORT,
		       (struct bytes)BYTES("\0\x02\x1d\xe0" NOBODY PRIVATE
						   CLIENT SEQUENCE OPEN_CONTINUE
					   "\0\x38\0\0" ALICE)),
		KIT_TEXT("\0\x02\x1d\xe0" NOBODY PRIVATE ROUTER SEQUENCE
				 OPEN_CONTINUE "\0\x38\0\0" ALICE));
	assert_sent(
		in_from(kit, REFLECTOR_ADDR, PORT,
			(struct bytes)BYTES(
				ALL NOBODY PRIVATE REFLECTOR SEQUENCE
					OPEN_CONTINUE
				"\0\x50\0\x02" ALICE OTHER FLAGS ROUTER FLAGS)),
		KIT_TEXT(ALL NOBODY PRIVATE REFLECTOR SEQUENCE OPEN_CONTINUE
			 "\0\x50\0\x02" ALICE OTHER FLAGS CLIENT FLAGS));
	assert_sent(
		out_to(kit, PORT,
		       (struct bytes)BYTES(ALL NOBODY PRIVATE CLIENT SEQUENCE
					   "\0\x01\0\x22\x01\x02")),
		KIT_TEXT(ALL NOBODY PRIVATE ROUTER SEQUENCE
			 "\0\x01\0\x22\x01\x02"));
	assert_sent(in_from(kit, REFLECTOR_ADDR, PORT,
			    (struct bytes)BYTES(
				    PRIVATE ROUTER PRIVATE OTHER SEQUENCE
				    "\0\x03\0\x1e\x10\x20")),
		    KIT_TEXT(PRIVATE CLIENT PRIVATE OTHER SEQUENCE
			     "\0\x03\0\x1e\x10\x20"));
	assert_string_equal(kit_entries(kit, 0),
			    "{UDP 192.168.1.10:7648 ~ 203.0.113.1:61000 ~ "
			    "198.51.100.48:7648 UDP 300s parent=none "
			    "helper=cuseeme}");
	kit_close(kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_stranger),
		cmocka_unit_test(test_anchor),
		cmocka_unit_test(test_session),
	};

	return cmocka_run_group_tests_name("helpers.cuseeme", tests, NULL,
					   NULL);
}
