/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostile_test.c - captures cut and broken at every octet
 *
 * Whatever the octets, a reader gives records or an error with a text that
 * names the file, ends, and stays within memory (under AddressSanitizer);
 * and whatever it gives, a writer takes or refuses.
 */
#define _POSIX_C_SOURCE 200809L /* for fmemopen() */

#include "support.h"

#include <stdlib.h>

#include "pcaps/sidecar.h"

/* Each record needs 16 octets at least: more would be made up. */
#define MAX_RECORDS (sizeof(((struct image *)0)->octets) / 16)

/* All of a record is read, and hence checked by the sanitizer. */
static void use_record(const struct cap_record *record,
		       struct cap_writer *writer)
{
	static volatile uint8_t sum;
	enum cap_status status;

	for (uint32_t i = 0; i < record->len; i++)
		sum = (uint8_t)(sum + record->data[i]);
	assert_true(record->wire_len >= record->len);
	assert_true((unsigned int)record->side <= CAP_OUTSIDE);
	assert_true((unsigned int)record->dir <= CAP_SENT);
	assert_true((unsigned int)record->cast <= CAP_CAST_OTHER);
	status = cap_write(writer, record);
	assert_true(status == CAP_OK || status == CAP_ERR_ARGUMENT);
}

/* Records that were given. */
static size_t try_image(const struct image *image, struct cap_writer *writer)
{
	/* A copy of its own: past its end is past the end of memory. */
	uint8_t *octets = malloc(image->len);
	FILE *stream;
	struct cap_reader *reader;
	struct cap_record record;
	enum cap_status status;
	char error[CAP_ERROR_SIZE] = "";
	size_t num = 0;

	assert_non_null(octets);
	memcpy(octets, image->octets, image->len);
	stream = fmemopen(octets, image->len, "rb");
	assert_non_null(stream);
	status = cap_open_stream(stream, "image", NULL, &reader, error);
	if (status == CAP_OK) {
		while ((status = cap_next(reader, &record)) == CAP_OK) {
			assert_true(++num <= MAX_RECORDS);
			use_record(&record, writer);
		}
		strcpy(error, cap_reader_error(reader));
		cap_close(reader);
	}
	assert_true(status == CAP_END || strncmp(error, "image: ", 7) == 0);
	assert_true(status == CAP_END || status == CAP_ERR_FORMAT ||
		    status == CAP_ERR_LINK);
	free(octets);
	return num;
}

/* Cut at every octet; num_records is how many it has. */
static void cut(const struct image *image, size_t num_records,
		struct cap_writer *writer)
{
	struct image part = *image;
	size_t num_before = 0;

	for (part.len = 1; part.len <= image->len; part.len++) {
		size_t num = try_image(&part, writer);

		assert_true(num >= num_before);
		num_before = num;
	}
	assert_int_equal(num_before, num_records);
}

/* Every octet replaced, by each of a few values. */
static void replace(const struct image *image, struct cap_writer *writer)
{
	struct image broken = *image;

	for (size_t i = 0; i < image->len; i++) {
		uint8_t was = image->octets[i];
		const uint8_t values[] = {0x00, 0xff, was ^ 0x80,
					  (uint8_t)(was + 1)};

		for (size_t v = 0; v < sizeof(values); v++) {
			broken.octets[i] = values[v];
			try_image(&broken, writer);
		}
		broken.octets[i] = was;
	}
}

static void break_image(const struct image *image, size_t num_records)
{
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];

	assert_int_equal(
		cap_create("/dev/null", CAP_FORMAT_ETHERNET, &writer, error),
		CAP_OK);
	cut(image, num_records, writer);
	replace(image, writer);
	cap_discard(writer);
}

static void test_sll2(void **state)
{
	struct image image;

	(void)state;
	image_start(&image, false, MAGIC_NS, LINKTYPE_SLL2);
	image_sll2(&image, 1, 1, 0);
	image_sll2(&image, 2, 2, 4);
	image_sll2(&image, 3, 2, 0);
	break_image(&image, 3);
}

static void test_ethernet(void **state)
{
	/* clang-format off */
	uint8_t frame[22 + 28] = {
		/* to: */ 0x02, 0, 0, 0, 0, 0x01,
		/* from: */ 0x02, 0, 0, 0, 0, 0x81,
		/* 802.1ad: */ 0x88, 0xa8, 0, 5,
		/* 802.1Q: */ 0x81, 0x00, 0, 6,
		/* IPv4: */ 0x08, 0x00
	};
	/* clang-format on */
	struct image image;

	(void)state;
	memcpy(frame + 22, inside_packet, 28);
	image_start(&image, true, MAGIC_US, LINKTYPE_ETHERNET);
	for (uint32_t i = 0; i < 3; i++)
		image_record(&image, i, i, 50, frame, 50);
	break_image(&image, 3);
}

/* The link types with little or no header. */
static void test_small(void **state)
{
	static const struct {
		uint32_t linktype;
		uint8_t header[16];
		uint32_t header_len;
	} rows[] = {
		{LINKTYPE_SLL,
		 {0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0, 0x08, 0x00},
		 16},
		{LINKTYPE_NULL, {2, 0, 0, 0}, 4},
		{LINKTYPE_LOOP, {0, 0, 0, 2}, 4},
		{LINKTYPE_RAW, {0}, 0},
		{LINKTYPE_IPV4, {0}, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct image image;
		uint8_t frame[44];
		uint32_t len = rows[i].header_len;

		memcpy(frame, rows[i].header, len);
		memcpy(frame + len, inside_packet, 28);
		image_start(&image, false, MAGIC_US, rows[i].linktype);
		image_record(&image, 1, 0, len + 28, frame, len + 28);
		image_record(&image, 2, 0, len + 40, frame, len);
		image_record(&image, 3, 0, len + 28, frame, len + 28);
		break_image(&image, 3);
	}
}

static void test_pcapng(void **state)
{
	/* clang-format off */
	static const uint8_t blocks[] = {
		/* section header: */ 0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0,
		/* magic, version: */ 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
		/* length: */ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		28, 0, 0, 0,
		/* interface: */ 1, 0, 0, 0, 40, 0, 0, 0,
		/* RAW, snaplen: */ 101, 0, 0, 0, 0, 0, 4, 0,
		/* if_tsresol: */ 9, 0, 1, 0, 9, 0, 0, 0,
		/* if_tsoffset: */ 14, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0,
		40, 0, 0, 0,
		/* packet: */ 6, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0,
		/* time: */ 0, 0, 0, 0, 7, 0, 0, 0,
		/* lengths: */ 4, 0, 0, 0, 40, 0, 0, 0,
		/* IPv4: */ 0x45, 0x00, 0x00, 0x28,
		36, 0, 0, 0,
		/* simple packet: */ 3, 0, 0, 0, 20, 0, 0, 0,
		/* length, IPv4: */ 4, 0, 0, 0, 0x45, 0x00, 0x00, 0x04,
		20, 0, 0, 0
	};
	/* clang-format on */
	struct image image = {.len = 0};

	(void)state;
	image_octets(&image, blocks, sizeof(blocks));
	break_image(&image, 2);
}

/* A sidecar, cut and broken likewise: settings, or an error with a line. */
static void try_sidecar(const char *text, size_t len)
{
	char *copy = malloc(len + 1);
	struct cap_sidecar sidecar;
	char error[CAP_ERROR_SIZE];

	assert_non_null(copy);
	memcpy(copy + 1, text, len);
	cap_sidecar_init(&sidecar);
	if (cap_sidecar_parse(&sidecar, copy + 1, len, "x", error) == CAP_OK) {
		for (size_t i = 0; i < sidecar.num_settings; i++)
			assert_true(sidecar.settings[i].line > 0 &&
				    strlen(sidecar.settings[i].key) > 0);
	} else {
		assert_memory_equal(error, "x:", 2);
		assert_int_equal(sidecar.num_settings, 0);
		assert_null(sidecar.settings ? NULL : sidecar.title);
	}
	cap_sidecar_cleanup(&sidecar);
	free(copy);
}

static void test_sidecar(void **state)
{
	static const char good[] = "# what it shows\n"
				   "profile = linux-2.2\n"
				   "\n"
				   "helper.ftp = ports=21,2121\r\n"
				   "portfw = tcp:203.0.113.1:8080=192.168.1.99";
	const size_t len = sizeof(good) - 1;
	char text[sizeof(good)];

	(void)state;
	for (size_t i = 0; i <= len; i++)
		try_sidecar(good, i);
	memcpy(text, good, sizeof(good));
	for (size_t i = 0; i < len; i++) {
		for (unsigned int value = 0; value < 256; value++) {
			text[i] = (char)value;
			try_sidecar(text, len);
		}
		text[i] = good[i];
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sll2),    cmocka_unit_test(test_ethernet),
		cmocka_unit_test(test_small),   cmocka_unit_test(test_pcapng),
		cmocka_unit_test(test_sidecar),
	};

	return cmocka_run_group_tests_name("pcaps.hostile", tests, NULL, NULL);
}
