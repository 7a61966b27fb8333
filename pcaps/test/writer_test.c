/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer_test.c - what is written, octet by octet, and read back
 */
#define _POSIX_C_SOURCE 200809L /* for pipes */

#include "support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define NS_PER_S UINT64_C(1000000000)

/* clang-format off */
static const uint8_t file_header[24] = {
	/* magic of nanoseconds: */ 0x4d, 0x3c, 0xb2, 0xa1,
	/* version 2.4: */ 2, 0, 4, 0,
	/* unused: */ 0, 0, 0, 0, 0, 0, 0, 0,
	/* snaplen: */ 0, 0, 4, 0,
	/* LINUX_SLL2: */ 0x14, 0x01, 0, 0
};
/* clang-format on */

static struct cap_writer *create(const char *path, enum cap_format format)
{
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];

	if (cap_create(path, format, &writer, error) != CAP_OK)
		fail_msg("%s", error);
	return writer;
}

static void commit(struct cap_writer *writer)
{
	char error[CAP_ERROR_SIZE];

	if (cap_commit(writer, error) != CAP_OK)
		fail_msg("%s", error);
}

/* A record of two octets, whose MACs are to be made up. */
static struct cap_record make_record(enum cap_side side, enum cap_dir dir)
{
	static const uint8_t data[2] = {0x45, 0x00};

	return (struct cap_record){
		.time = 1000000000 * NS_PER_S + 1001,
		.side = side,
		.dir = dir,
		.ethertype = CAP_ETHERTYPE_IPV4,
		.data = data,
		.len = sizeof(data),
	};
}

/* Writes one record to a new file; its octets after the file header. */
static size_t write_one(const struct cap_record *record, enum cap_format format,
			uint8_t out[4096])
{
	struct cap_writer *writer = create("one", format);
	size_t len;

	assert_int_equal(cap_write(writer, record), CAP_OK);
	commit(writer);
	len = load_file("one", out, 4096);
	assert_true(len > 24);
	memmove(out, out + 24, len - 24);
	return len - 24;
}

static void test_sll2_octets(void **state)
{
	/* clang-format off */
	static const uint8_t expected[] = {
		/* seconds: */ 0x00, 0xca, 0x9a, 0x3b,
		/* nanoseconds: */ 0xe9, 0x03, 0, 0,
		/* captured, on the wire: */ 22, 0, 0, 0, 60, 0, 0, 0,
		/* IPv4, reserved: */ 0x08, 0x00, 0, 0,
		/* ifindex: */ 0, 0, 0, 2,
		/* Ethernet: */ 0, 1,
		/* broadcast: */ 1,
		/* from: */ 6, 0x02, 0, 0, 0, 0, 0x82, 0, 0,
		/* data: */ 0x45, 0x00,
		/* as before: */ 0x00, 0xca, 0x9a, 0x3b, 0xe9, 3, 0, 0,
		/* lengths: */ 22, 0, 0, 0, 22, 0, 0, 0,
		/* barrier, reserved: */ 0x88, 0xb5, 0, 0,
		/* ifindex: */ 0, 0, 0, 1,
		/* Ethernet: */ 0, 1,
		/* sent: */ 4,
		/* from: */ 6, 0x0a, 1, 2, 3, 4, 5, 0, 0,
		/* data: */ 0x45, 0x00
	};
	/* clang-format on */
	struct cap_record record = make_record(CAP_OUTSIDE, CAP_ARRIVED);
	struct cap_writer *writer = create("octets", CAP_FORMAT_SLL2);
	uint8_t octets[256];

	(void)state;
	record.cast = CAP_CAST_BROADCAST;
	record.wire_len = 40;
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	record = make_record(CAP_INSIDE, CAP_SENT);
	record.ethertype = CAP_ETHERTYPE_BARRIER;
	record.is_ethernet = true;
	memcpy(record.src_mac, (const uint8_t[6]){0x0a, 1, 2, 3, 4, 5}, 6);
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	commit(writer);

	assert_int_equal(load_file("octets", octets, sizeof(octets)),
			 sizeof(file_header) + sizeof(expected));
	assert_memory_equal(octets, file_header, sizeof(file_header));
	assert_memory_equal(octets + sizeof(file_header), expected,
			    sizeof(expected));
}

static void test_ethernet_octets(void **state)
{
	/* clang-format off */
	static const uint8_t expected[] = {
		/* seconds: */ 0x00, 0xca, 0x9a, 0x3b,
		/* nanoseconds: */ 0xe9, 0x03, 0, 0,
		/* lengths: */ 16, 0, 0, 0, 16, 0, 0, 0,
		/* to: */ 0x06, 1, 1, 1, 1, 1,
		/* from: */ 0x0a, 1, 2, 3, 4, 5,
		/* IPv4: */ 0x08, 0x00,
		/* data: */ 0x45, 0x00
	};
	/* clang-format on */
	struct cap_record record = make_record(CAP_INSIDE, CAP_SENT);
	uint8_t octets[4096];

	(void)state;
	record.is_ethernet = true;
	record.has_dst_mac = true;
	memcpy(record.dst_mac, (const uint8_t[6]){0x06, 1, 1, 1, 1, 1}, 6);
	memcpy(record.src_mac, (const uint8_t[6]){0x0a, 1, 2, 3, 4, 5}, 6);
	assert_int_equal(write_one(&record, CAP_FORMAT_ETHERNET, octets),
			 sizeof(expected));
	assert_memory_equal(octets, expected, sizeof(expected));
}

/* What is read back is what was written. */
static void test_round_trip(void **state)
{
	struct cap_writer *writer = create("trip", CAP_FORMAT_SLL2);
	struct cap_record record = make_record(CAP_INSIDE, CAP_ARRIVED);
	struct cap_record back;
	struct cap_reader *reader;
	char error[CAP_ERROR_SIZE];
	uint8_t first[256], second[256];
	size_t len;

	(void)state;
	record.cast = CAP_CAST_MULTICAST;
	record.data = inside_packet;
	record.len = sizeof(inside_packet);
	record.wire_len = 1500;
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	record.len = 0; /* an empty record needs no data */
	record.data = NULL;
	record.time = 0xffffffff * NS_PER_S + 999999999;
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	commit(writer);

	assert_int_equal(cap_open("trip", NULL, NULL, &reader, error), CAP_OK);
	writer = create("trip2", CAP_FORMAT_SLL2);
	assert_int_equal(cap_next(reader, &back), CAP_OK);
	assert_int_equal(back.side, CAP_INSIDE);
	assert_int_equal(back.dir, CAP_ARRIVED);
	assert_int_equal(back.cast, CAP_CAST_MULTICAST);
	assert_int_equal(back.len, 28);
	assert_int_equal(back.wire_len, 1500);
	assert_memory_equal(back.data, inside_packet, 28);
	assert_int_equal(cap_write(writer, &back), CAP_OK);
	assert_int_equal(cap_next(reader, &back), CAP_OK);
	assert_true(back.time == record.time);
	assert_int_equal(back.len, 0);
	assert_int_equal(cap_write(writer, &back), CAP_OK);
	assert_int_equal(cap_next(reader, &back), CAP_END);
	cap_close(reader);
	commit(writer);

	len = load_file("trip", first, sizeof(first));
	assert_int_equal(load_file("trip2", second, sizeof(second)), len);
	assert_memory_equal(first, second, len);
}

/* More than the buffer holds, by records of all lengths. */
static void test_many(void **state)
{
	static uint8_t data[70000];
	struct cap_writer *writer = create("many", CAP_FORMAT_SLL2);
	struct cap_record record = make_record(CAP_INSIDE, CAP_ARRIVED);
	struct cap_reader *reader;
	char error[CAP_ERROR_SIZE];
	unsigned int num = 400;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 31 >> 3);
	for (unsigned int i = 0; i < num; i++) {
		record.len = i * 7919 % sizeof(data);
		record.data = data + sizeof(data) - record.len;
		assert_int_equal(cap_write(writer, &record), CAP_OK);
	}
	commit(writer);
	assert_int_equal(cap_open("many", NULL, NULL, &reader, error), CAP_OK);
	for (unsigned int i = 0; i < num; i++) {
		assert_int_equal(cap_next(reader, &record), CAP_OK);
		assert_int_equal(record.len, i * 7919 % sizeof(data));
		assert_memory_equal(record.data,
				    data + sizeof(data) - record.len,
				    record.len);
	}
	assert_int_equal(cap_next(reader, &record), CAP_END);
	cap_close(reader);
}

/* Records that the format cannot hold; the writer goes on without them. */
static void test_refused(void **state)
{
	struct cap_writer *writer = create("refused", CAP_FORMAT_SLL2);
	struct cap_record good = make_record(CAP_INSIDE, CAP_ARRIVED);
	struct cap_record record = good;
	uint8_t octets[128];

	(void)state;
	record.dir = CAP_DIR_NONE;
	assert_int_equal(cap_write(writer, &record), CAP_ERR_ARGUMENT);
	assert_string_equal(cap_writer_error(writer),
			    "refused: a record cannot be written: it neither "
			    "arrived nor was sent");
	record = good;
	record.side = (enum cap_side)3;
	assert_int_equal(cap_write(writer, &record), CAP_ERR_ARGUMENT);
	record = good;
	record.cast = (enum cap_cast)4;
	assert_int_equal(cap_write(writer, &record), CAP_ERR_ARGUMENT);
	record = good;
	record.time = (UINT64_C(1) << 32) * NS_PER_S;
	assert_int_equal(cap_write(writer, &record), CAP_ERR_ARGUMENT);
	assert_non_null(strstr(cap_writer_error(writer), "2106"));
	record = good;
	record.len = 262144 - 19;
	assert_int_equal(cap_write(writer, &record), CAP_ERR_ARGUMENT);

	/* A length on the wire that is nonsense stays a long one. */
	record = good;
	record.wire_len = UINT32_MAX - 3;
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	commit(writer);
	assert_int_equal(load_file("refused", octets, sizeof(octets)),
			 24 + 16 + 22);
	assert_memory_equal(octets + 24 + 12, "\xff\xff\xff\xff", 4);
}

/* A pipe gets its records at each flush, and is left open. */
static void test_fd(void **state)
{
	struct cap_record record = make_record(CAP_INSIDE, CAP_ARRIVED);
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];
	uint8_t octets[256];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(cap_create_fd(ends[1], "the pipe", CAP_FORMAT_SLL2,
				       &writer, error),
			 CAP_OK);
	assert_int_equal(cap_flush(writer), CAP_OK);
	assert_int_equal(read(ends[0], octets, sizeof(octets)), 24);
	assert_memory_equal(octets, file_header, sizeof(file_header));
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	assert_int_equal(cap_flush(writer), CAP_OK);
	assert_int_equal(read(ends[0], octets, sizeof(octets)), 38);
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	commit(writer);
	assert_int_equal(read(ends[0], octets, sizeof(octets)), 38);
	assert_true(fcntl(ends[1], F_GETFD) >= 0);
	close(ends[0]);
	close(ends[1]);
}

/* What a function is given, until it has had enough. */
struct taken {
	uint8_t octets[256];
	size_t len;
	const char *problem;
};

static const char *take(void *ctx, const uint8_t *data, size_t len)
{
	struct taken *taken = ctx;

	assert_true(taken->len + len <= sizeof(taken->octets));
	if (len > 0)
		memcpy(taken->octets + taken->len, data, len);
	taken->len += len;
	return taken->problem;
}

static void test_call(void **state)
{
	struct cap_record record = make_record(CAP_INSIDE, CAP_ARRIVED);
	struct taken taken = {.len = 0};
	struct cap_writer *writer;
	char error[CAP_ERROR_SIZE];

	(void)state;
	assert_int_equal(cap_create_call(take, &taken, "the function",
					 CAP_FORMAT_SLL2, &writer, error),
			 CAP_OK);
	assert_int_equal(taken.len, 0);
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	assert_int_equal(cap_flush(writer), CAP_OK);
	assert_int_equal(taken.len, 24 + 38);
	assert_memory_equal(taken.octets, file_header, sizeof(file_header));
	taken.problem = "it is full";
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	assert_int_equal(cap_flush(writer), CAP_ERR_IO);
	assert_string_equal(cap_writer_error(writer),
			    "the function: cannot be written: it is full");
	cap_discard(writer);
}

static void test_stdout(void **state)
{
	struct cap_record record = make_record(CAP_INSIDE, CAP_ARRIVED);
	int stdout_before = dup(STDOUT_FILENO);
	struct cap_writer *writer;
	uint8_t octets[256];
	int fd = open("stdout", O_WRONLY | O_CREAT, 0600);

	(void)state;
	fflush(stdout);
	assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
	writer = create("-", CAP_FORMAT_SLL2);
	assert_int_equal(cap_write(writer, &record), CAP_OK);
	commit(writer);
	assert_int_equal(dup2(stdout_before, STDOUT_FILENO), STDOUT_FILENO);
	close(stdout_before);
	close(fd);
	assert_int_equal(load_file("stdout", octets, sizeof(octets)), 24 + 38);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sll2_octets),
		cmocka_unit_test(test_ethernet_octets),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_fd),
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_stdout),
	};

	return cmocka_run_group_tests_name("pcaps.writer", tests, enter_folder,
					   leave_folder);
}
