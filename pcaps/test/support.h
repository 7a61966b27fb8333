/* SPDX-License-Identifier: Apache-2.0 */
/*
 * support.h - captures made by hand, and a folder to put them in
 */
#ifndef PCAPS_TEST_SUPPORT_H
#define PCAPS_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pcaps/capture.h"

/* The octets of a capture. */
struct image {
	uint8_t octets[4096];
	size_t len;
	bool big_endian;
};

#define MAGIC_US 0xa1b2c3d4u
#define MAGIC_NS 0xa1b23c4du

/* Numbers of link types in files. */
enum {
	LINKTYPE_NULL = 0,
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_RAW = 101,
	LINKTYPE_LOOP = 108,
	LINKTYPE_SLL = 113,
	LINKTYPE_IPV4 = 228,
	LINKTYPE_SLL2 = 276,
};

/* A packet: inside 192.168.1.10:2000 to 198.51.100.7:53, UDP, no payload. */
extern const uint8_t inside_packet[28];

/* An empty image, then its parts. */
void image_start(struct image *image, bool big_endian, uint32_t magic,
		 uint32_t linktype);
void image_u16(struct image *image, uint16_t value);
void image_u32(struct image *image, uint32_t value);
void image_octets(struct image *image, const void *octets, size_t len);

/* A record header, whose lengths need not be true, and len octets. */
void image_record(struct image *image, uint32_t seconds, uint32_t fraction,
		  uint32_t wire_len, const void *octets, uint32_t len);

/* Records of SLL2 that hold inside_packet. */
void image_sll2(struct image *image, uint32_t seconds, uint32_t ifindex,
		uint8_t packet_type);

/* A reader of the image, that opens. */
struct cap_reader *image_open(const struct image *image,
			      const struct cap_options *options);

/* A record, that is there; or the end, or an error of format with this text,
   both of which stay, and end the reader. */
struct cap_record read_next(struct cap_reader *reader);
void read_end(struct cap_reader *reader);
void read_error(struct cap_reader *reader, const char *text);

/* The image as a file in the folder of the test. */
void image_save(const struct image *image, const char *path);

/* A new folder, made the current one, and its end with all that is in it. */
int enter_folder(void **state);
int leave_folder(void **state);

/* Files of the current folder, also hidden ones. */
size_t count_files(void);

/* Octets of a file; at most size. */
size_t load_file(const char *path, uint8_t *out, size_t size);

#endif /* PCAPS_TEST_SUPPORT_H */
