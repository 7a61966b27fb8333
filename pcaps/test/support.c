/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support.c - captures made by hand, and a folder to put them in
 */
#define _XOPEN_SOURCE 700 /* for mkdtemp(), fmemopen() */

#include "support.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

/* clang-format off */
const uint8_t inside_packet[28] = {
	/* IPv4: */ 0x45, 0x00, 0x00, 0x1c, 0x10, 0x01, 0x40, 0x00,
	/* TTL, UDP, checksum: */ 0x40, 0x11, 0x3e, 0xe3,
	/* source: */ 192, 168, 1, 10,
	/* destination: */ 198, 51, 100, 7,
	/* UDP: */ 0x07, 0xd0, 0x00, 0x35, 0x00, 0x08, 0x0b, 0xec
};
/* clang-format on */

void image_octets(struct image *image, const void *octets, size_t len)
{
	assert_true(len <= sizeof(image->octets) - image->len);
	if (len > 0)
		memcpy(image->octets + image->len, octets, len);
	image->len += len;
}

/* size octets of value, in the order of the image. */
static void put(struct image *image, uint32_t value, unsigned int size)
{
	uint8_t octets[4];

	for (unsigned int i = 0; i < size; i++) {
		unsigned int at = image->big_endian ? size - 1 - i : i;

		octets[at] = (uint8_t)(value >> 8 * i);
	}
	image_octets(image, octets, size);
}

void image_u16(struct image *image, uint16_t value)
{
	put(image, value, 2);
}

void image_u32(struct image *image, uint32_t value)
{
	put(image, value, 4);
}

void image_start(struct image *image, bool big_endian, uint32_t magic,
		 uint32_t linktype)
{
	image->len = 0;
	image->big_endian = big_endian;
	image_u32(image, magic);
	image_u16(image, 2); /* version 2.4 */
	image_u16(image, 4);
	image_u32(image, 0);
	image_u32(image, 0);
	image_u32(image, 262144);
	image_u32(image, linktype);
}

void image_record(struct image *image, uint32_t seconds, uint32_t fraction,
		  uint32_t wire_len, const void *octets, uint32_t len)
{
	image_u32(image, seconds);
	image_u32(image, fraction);
	image_u32(image, len);
	image_u32(image, wire_len);
	image_octets(image, octets, len);
}

void image_sll2(struct image *image, uint32_t seconds, uint32_t ifindex,
		uint8_t packet_type)
{
	/* clang-format off */
	uint8_t frame[20 + sizeof(inside_packet)] = {
		/* IPv4: */ 0x08, 0x00, 0, 0,
		/* ifindex: */ 0, 0, 0, 0,
		/* Ethernet: */ 0, 1,
		/* packet type: */ 0,
		/* address: */ 6, 0x02, 0, 0, 0, 0, 0x81, 0, 0
	};
	/* clang-format on */

	frame[7] = (uint8_t)ifindex;
	frame[10] = packet_type;
	memcpy(frame + 20, inside_packet, sizeof(inside_packet));
	image_record(image, seconds, 0, sizeof(frame), frame, sizeof(frame));
}

struct cap_reader *image_open(const struct image *image,
			      const struct cap_options *options)
{
	FILE *stream = tmpfile();
	struct cap_reader *reader;
	char error[CAP_ERROR_SIZE];

	assert_non_null(stream);
	assert_int_equal(fwrite(image->octets, 1, image->len, stream),
			 image->len);
	rewind(stream);
	if (cap_open_stream(stream, "image", options, &reader, error) != CAP_OK)
		fail_msg("%s", error);
	return reader;
}

struct cap_record read_next(struct cap_reader *reader)
{
	struct cap_record record;

	assert_int_equal(cap_next(reader, &record), CAP_OK);
	return record;
}

void read_end(struct cap_reader *reader)
{
	struct cap_record record;

	assert_int_equal(cap_next(reader, &record), CAP_END);
	assert_int_equal(cap_next(reader, &record), CAP_END);
	cap_close(reader);
}

void read_error(struct cap_reader *reader, const char *text)
{
	struct cap_record record;

	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(cap_next(reader, &record), CAP_ERR_FORMAT);
		assert_string_equal(cap_reader_error(reader), text);
	}
	cap_close(reader);
}

void image_save(const struct image *image, const char *path)
{
	FILE *stream = fopen(path, "wb");

	assert_non_null(stream);
	assert_int_equal(fwrite(image->octets, 1, image->len, stream),
			 image->len);
	assert_int_equal(fclose(stream), 0);
}

int enter_folder(void **state)
{
	const char *base = getenv("TMPDIR");
	char template[1024];

	snprintf(template, sizeof(template), "%s/pcaps-test-XXXXXX",
		 base ? base : "/tmp");
	*state = mkdtemp(template) ? strdup(template) : NULL;
	return *state == NULL || chdir(*state) != 0;
}

int leave_folder(void **state)
{
	DIR *folder = opendir(".");
	struct dirent *entry;
	int failed;

	if (folder == NULL)
		return 1;
	while ((entry = readdir(folder)) != NULL)
		unlink(entry->d_name);
	closedir(folder);
	failed = chdir("/") != 0 || rmdir(*state) != 0;
	free(*state);
	return failed;
}

size_t count_files(void)
{
	DIR *folder = opendir(".");
	size_t num = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		num++;
	closedir(folder);
	return num - 2; /* "." and ".." */
}

size_t load_file(const char *path, uint8_t *out, size_t size)
{
	FILE *stream = fopen(path, "rb");
	size_t len;

	assert_non_null(stream);
	len = fread(out, 1, size, stream);
	fclose(stream);
	return len;
}
