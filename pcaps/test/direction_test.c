/* SPDX-License-Identifier: Apache-2.0 */
/*
 * direction_test.c - on which side, which way: by interface, MAC, address
 */
#include "direction.h"

#include "support.h"

#define ROUTER_IN  0xc0a80101u /* 192.168.1.1 */
#define HOST       0xc0a8010au /* 192.168.1.10 */
#define HOST2      0xc0a8010bu
#define ROUTER_OUT 0xcb007101u /* 203.0.113.1 */
#define PEER       0xc6336407u /* 198.51.100.7 */
#define GROUP      0xe0000009u /* 224.0.0.9 */

static const uint8_t router_mac[6] = {0x02, 0, 0, 0, 0, 0x01};
static const uint8_t host_mac[6] = {0x02, 0, 0, 0, 0, 0x81};
static const uint8_t other_mac[6] = {0x02, 0, 0, 0, 0, 0x99};
static const uint8_t broadcast[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
static const uint8_t multicast[6] = {0x01, 0x00, 0x5e, 0, 0, 0x09};

/* Octets of an IPv4 header from src to dst. */
static void put_packet(uint8_t out[20], uint32_t src, uint32_t dst)
{
	memset(out, 0, 20);
	out[0] = 0x45;
	cap_put_be32(out + 12, src);
	cap_put_be32(out + 16, dst);
}

static struct cap_rules make_rules(const struct cap_options *options,
				   unsigned int num_files)
{
	struct cap_rules rules;
	char error[CAP_ERROR_SIZE];

	assert_int_equal(cap_rules_init(&rules, options, num_files, error),
			 CAP_OK);
	return rules;
}

static void test_by_interface(void **state)
{
	struct cap_options options;
	struct cap_rules rules;
	struct cap_record record = {0};
	struct cap_link_view view = {.has_ifindex = true};

	(void)state;
	rules = make_rules(NULL, 1);
	view.ifindex = 1;
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.side, CAP_INSIDE);
	view.ifindex = 2;
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.side, CAP_OUTSIDE);
	view.ifindex = 3;
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.side, CAP_SIDE_NONE);

	cap_options_init(&options);
	options.inside_if = 7;
	options.outside_if = 3;
	rules = make_rules(&options, 1);
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.side, CAP_OUTSIDE);
	view.ifindex = 7;
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.side, CAP_INSIDE);
	view.ifindex = 1;
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.side, CAP_SIDE_NONE);
}

static void test_by_file(void **state)
{
	struct cap_options options;
	struct cap_rules rules;
	struct cap_record record = {0};
	struct cap_link_view view = {0};

	(void)state;
	rules = make_rules(NULL, 2);
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.side, CAP_INSIDE);
	record.file = 1;
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.side, CAP_OUTSIDE);

	cap_options_init(&options);
	options.file_side = CAP_OUTSIDE;
	rules = make_rules(&options, 1);
	record.file = 0;
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.side, CAP_OUTSIDE);
}

static void test_by_packet_type(void **state)
{
	static const struct {
		uint8_t packet_type;
		enum cap_dir dir;
		enum cap_cast cast;
	} types[] = {
		{0, CAP_ARRIVED, CAP_CAST_HOST},
		{1, CAP_ARRIVED, CAP_CAST_BROADCAST},
		{2, CAP_ARRIVED, CAP_CAST_MULTICAST},
		{3, CAP_ARRIVED, CAP_CAST_OTHER},
		{4, CAP_SENT, CAP_CAST_HOST},
		{5, CAP_DIR_NONE, CAP_CAST_HOST},
		{255, CAP_DIR_NONE, CAP_CAST_HOST},
	};
	struct cap_rules rules = make_rules(NULL, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct cap_record record = {0};
		struct cap_link_view view = {
			.has_packet_type = true,
			.packet_type = types[i].packet_type,
		};

		cap_rules_apply(&rules, &view, &record);
		assert_int_equal(record.dir, types[i].dir);
		assert_int_equal(record.cast, types[i].cast);
	}
}

/* Addresses on a wire whose router has no known MAC. */
static void test_by_address(void **state)
{
	static const struct {
		unsigned int file;
		uint32_t src, dst;
		enum cap_dir dir;
	} packets[] = {
		{0, HOST, PEER, CAP_ARRIVED},
		{0, HOST, ROUTER_IN, CAP_ARRIVED},
		{0, HOST, HOST2, CAP_ARRIVED},
		{0, PEER, HOST, CAP_SENT},
		{0, ROUTER_IN, HOST, CAP_SENT},
		{0, ROUTER_IN, GROUP, CAP_SENT},
		{0, PEER, GROUP, CAP_ARRIVED},
		{0, 0, 0xffffffff, CAP_ARRIVED}, /* DHCP */
		{1, ROUTER_OUT, PEER, CAP_SENT},
		{1, PEER, ROUTER_OUT, CAP_ARRIVED},
		{1, PEER, HOST, CAP_ARRIVED},
		{1, HOST, PEER, CAP_ARRIVED},
	};
	struct cap_rules rules = make_rules(NULL, 2);
	struct cap_link_view view = {0};
	uint8_t packet[20];

	(void)state;
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		struct cap_record record = {
			.file = packets[i].file,
			.ethertype = CAP_ETHERTYPE_IPV4,
			.data = packet,
			.len = sizeof(packet),
		};

		put_packet(packet, packets[i].src, packets[i].dst);
		cap_rules_apply(&rules, &view, &record);
		assert_int_equal(record.dir, packets[i].dir);
		assert_int_equal(record.cast, CAP_CAST_HOST);

		/* Without whole addresses it arrived. */
		record.len = 19;
		cap_rules_apply(&rules, &view, &record);
		assert_int_equal(record.dir, CAP_ARRIVED);
		record.len = 20;
		record.ethertype = CAP_ETHERTYPE_IPV6;
		cap_rules_apply(&rules, &view, &record);
		assert_int_equal(record.dir, CAP_ARRIVED);
	}
}

/* A net of one address, and a net of all. */
static void test_prefixes(void **state)
{
	struct cap_options options;
	struct cap_rules rules;
	struct cap_link_view view = {0};
	uint8_t packet[20];
	struct cap_record record = {
		.ethertype = CAP_ETHERTYPE_IPV4,
		.data = packet,
		.len = sizeof(packet),
	};

	(void)state;
	put_packet(packet, PEER, HOST);
	cap_options_init(&options);
	options.inside_len = 32;
	rules = make_rules(&options, 1);
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.dir, CAP_ARRIVED);
	options.inside_len = 0;
	rules = make_rules(&options, 1);
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.dir, CAP_ARRIVED);
	options.inside_len = 31;
	options.inside_addr = HOST2; /* .10 and .11 */
	rules = make_rules(&options, 1);
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.dir, CAP_SENT);
}

static void test_by_mac(void **state)
{
	static const struct {
		const uint8_t *src, *dst;
		enum cap_dir dir;
		enum cap_cast cast;
	} frames[] = {
		{host_mac, router_mac, CAP_ARRIVED, CAP_CAST_HOST},
		{router_mac, host_mac, CAP_SENT, CAP_CAST_HOST},
		{router_mac, broadcast, CAP_SENT, CAP_CAST_HOST},
		{host_mac, broadcast, CAP_ARRIVED, CAP_CAST_BROADCAST},
		{host_mac, multicast, CAP_ARRIVED, CAP_CAST_MULTICAST},
		{host_mac, other_mac, CAP_ARRIVED, CAP_CAST_OTHER},
	};
	struct cap_link_view view = {0};
	struct cap_options options;
	struct cap_rules rules;
	uint8_t packet[20];

	(void)state;
	cap_options_init(&options);
	options.has_outside_mac = true;
	memcpy(options.outside_mac, router_mac, 6);
	rules = make_rules(&options, 2);
	put_packet(packet, PEER, HOST);
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct cap_record record = {
			.file = 1,
			.ethertype = CAP_ETHERTYPE_IPV4,
			.is_ethernet = true,
			.has_dst_mac = true,
			.data = packet,
			.len = sizeof(packet),
		};

		memcpy(record.src_mac, frames[i].src, 6);
		memcpy(record.dst_mac, frames[i].dst, 6);
		cap_rules_apply(&rules, &view, &record);
		assert_int_equal(record.dir, frames[i].dir);
		assert_int_equal(record.cast, frames[i].cast);

		/* The inside MAC is not known: by address. */
		record.file = 0;
		cap_rules_apply(&rules, &view, &record);
		assert_int_equal(record.dir, CAP_SENT);
	}
}

/* Without the router's MAC, a frame to another host cannot be told. */
static void test_cast_without_mac(void **state)
{
	struct cap_rules rules = make_rules(NULL, 1);
	struct cap_link_view view = {0};
	struct cap_record record = {.is_ethernet = true, .has_dst_mac = true};

	(void)state;
	memcpy(record.dst_mac, other_mac, 6);
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.cast, CAP_CAST_HOST);
	memcpy(record.dst_mac, broadcast, 6);
	cap_rules_apply(&rules, &view, &record);
	assert_int_equal(record.cast, CAP_CAST_BROADCAST);
}

static void test_contradictions(void **state)
{
	struct cap_rules rules;
	struct cap_options options;
	char error[CAP_ERROR_SIZE];

	(void)state;
	cap_options_init(&options);
	options.inside_if = 2;
	assert_int_equal(cap_rules_init(&rules, &options, 1, error),
			 CAP_ERR_ARGUMENT);
	assert_string_equal(error,
			    "interface 2 cannot be both inside and outside");

	cap_options_init(&options);
	options.inside_len = 33;
	assert_int_equal(cap_rules_init(&rules, &options, 1, error),
			 CAP_ERR_ARGUMENT);
	assert_string_equal(error, "a prefix of 33 bits; at most 32 expected");
	options.inside_len = 32;
	options.outside_len = 255;
	assert_int_equal(cap_rules_init(&rules, &options, 1, error),
			 CAP_ERR_ARGUMENT);
	assert_string_equal(error, "a prefix of 255 bits; at most 32 expected");

	cap_options_init(&options);
	options.file_side = CAP_INSIDE;
	assert_int_equal(cap_rules_init(&rules, &options, 1, error), CAP_OK);
	assert_int_equal(cap_rules_init(&rules, &options, 2, error),
			 CAP_ERR_ARGUMENT);
	assert_non_null(strstr(error, "two files"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_interface),
		cmocka_unit_test(test_by_file),
		cmocka_unit_test(test_by_packet_type),
		cmocka_unit_test(test_by_address),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_by_mac),
		cmocka_unit_test(test_cast_without_mac),
		cmocka_unit_test(test_contradictions),
	};

	return cmocka_run_group_tests_name("pcaps.direction", tests, NULL,
					   NULL);
}
