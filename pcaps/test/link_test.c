/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link_test.c - each link type: what its header says, and where it ends
 */
#define _DEFAULT_SOURCE /* for the types in pcap.h */

#include "link.h"

#include <stdlib.h>

#include <pcap/pcap.h>

#include "support.h"

/* A header, and what it must give. */
struct row {
	const char *name;
	int dlt;
	uint8_t header[32];
	uint32_t header_len;
	uint16_t ethertype;
	uint16_t vlan;
	bool is_ethernet;
	bool has_dst_mac;
	bool has_ifindex;
	uint32_t ifindex;
	bool has_packet_type;
	uint8_t packet_type;
};

/* clang-format off */
static const struct row rows[] = {
	{.name = "SLL2, arrived",
	 .dlt = DLT_LINUX_SLL2,
	 .header = {/* IPv4: */ 0x08, 0x00,
		    /* reserved: */ 0, 0,
		    /* ifindex: */ 0, 0, 0, 2,
		    /* ARPHRD: */ 0, 1,
		    /* packet type: */ 0,
		    /* address: */ 6, 0x02, 0x11, 0x22, 0x33, 0x44, 0x55, 0, 0},
	 .header_len = 20,
	 .ethertype = 0x0800,
	 .is_ethernet = true,
	 .has_ifindex = true,
	 .ifindex = 2,
	 .has_packet_type = true},
	{.name = "SLL2, sent, 802.1Q tag, no address",
	 .dlt = DLT_LINUX_SLL2,
	 .header = {/* 802.1Q: */ 0x81, 0x00, 0, 0,
		    /* ifindex: */ 0x01, 0x02, 0x03, 0x04,
		    /* ARPHRD_NONE: */ 0xff, 0xfe,
		    /* sent: */ 4,
		    /* address: */ 0, 0, 0, 0, 0, 0, 0, 0, 0,
		    /* tag: */ 0x20, 0x07,
		    /* IPv4: */ 0x08, 0x00},
	 .header_len = 24,
	 .ethertype = 0x0800,
	 .vlan = 7,
	 .has_ifindex = true,
	 .ifindex = 0x01020304,
	 .has_packet_type = true,
	 .packet_type = 4},
	{.name = "SLL, broadcast",
	 .dlt = DLT_LINUX_SLL,
	 .header = {/* packet type: */ 0, 1,
		    /* ARPHRD: */ 0, 1,
		    /* address: */ 0, 6, 0x02, 0x11, 0x22, 0x33, 0x44, 0x55,
		    0, 0,
		    /* IPv6: */ 0x86, 0xdd},
	 .header_len = 16,
	 .ethertype = 0x86dd,
	 .is_ethernet = true,
	 .has_packet_type = true,
	 .packet_type = 1},
	{.name = "SLL, a packet type of the future, PPP",
	 .dlt = DLT_LINUX_SLL,
	 .header = {/* packet type: */ 1, 4,
		    /* ARPHRD_PPP: */ 2, 0,
		    /* address: */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		    /* IPv4: */ 0x08, 0x00},
	 .header_len = 16,
	 .ethertype = 0x0800,
	 .has_packet_type = true,
	 .packet_type = 255},
	{.name = "SLL, netlink: its protocol is no Ethernet type",
	 .dlt = DLT_LINUX_SLL,
	 .header = {/* sent: */ 0, 4,
		    /* ARPHRD_NETLINK: */ 3, 0x38,
		    /* address: */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		    /* netlink family: */ 0x08, 0x00},
	 .header_len = 16,
	 .has_packet_type = true,
	 .packet_type = 4},
	{.name = "Ethernet",
	 .dlt = DLT_EN10MB,
	 .header = {/* to: */ 0x02, 0, 0, 0, 0, 1,
		    /* from: */ 0x02, 0x11, 0x22, 0x33, 0x44, 0x55,
		    /* IPv4: */ 0x08, 0x00},
	 .header_len = 14,
	 .ethertype = 0x0800,
	 .is_ethernet = true,
	 .has_dst_mac = true},
	{.name = "Ethernet, 802.1ad tag 5, 802.1Q tag 6",
	 .dlt = DLT_EN10MB,
	 .header = {/* to: */ 0x02, 0, 0, 0, 0, 1,
		    /* from: */ 0x02, 0x11, 0x22, 0x33, 0x44, 0x55,
		    /* 802.1ad: */ 0x88, 0xa8, 0x00, 0x05,
		    /* 802.1Q: */ 0x81, 0x00, 0xe0, 0x06,
		    /* IPv4: */ 0x08, 0x00},
	 .header_len = 22,
	 .ethertype = 0x0800,
	 .vlan = 5,
	 .is_ethernet = true,
	 .has_dst_mac = true},
	{.name = "Ethernet, priority tag, tag 4095",
	 .dlt = DLT_EN10MB,
	 .header = {/* to: */ 0x02, 0, 0, 0, 0, 1,
		    /* from: */ 0x02, 0x11, 0x22, 0x33, 0x44, 0x55,
		    /* old 802.1ad: */ 0x91, 0x00, 0xe0, 0x00,
		    /* 802.1Q: */ 0x81, 0x00, 0x0f, 0xff,
		    /* IPv4: */ 0x08, 0x00},
	 .header_len = 22,
	 .ethertype = 0x0800,
	 .vlan = 4095,
	 .is_ethernet = true,
	 .has_dst_mac = true},
	{.name = "802.3, a length for a type",
	 .dlt = DLT_EN10MB,
	 .header = {/* to: */ 0x01, 0x80, 0xc2, 0, 0, 0,
		    /* from: */ 0x02, 0x11, 0x22, 0x33, 0x44, 0x55,
		    /* length: */ 0x00, 0x26},
	 .header_len = 14,
	 .ethertype = CAP_ETHERTYPE_LLC,
	 .is_ethernet = true,
	 .has_dst_mac = true},
	{.name = "IPV4", .dlt = DLT_IPV4, .ethertype = 0x0800},
	{.name = "RAW", .dlt = DLT_RAW, .ethertype = 0x0800},
	{.name = "NULL, little endian",
	 .dlt = DLT_NULL,
	 .header = {2, 0, 0, 0},
	 .header_len = 4,
	 .ethertype = 0x0800},
	{.name = "NULL, big endian",
	 .dlt = DLT_NULL,
	 .header = {0, 0, 0, 2},
	 .header_len = 4,
	 .ethertype = 0x0800},
	{.name = "NULL, IPv6 of FreeBSD",
	 .dlt = DLT_NULL,
	 .header = {28, 0, 0, 0},
	 .header_len = 4,
	 .ethertype = 0x86dd},
	{.name = "NULL, IPv6 of Darwin, big endian",
	 .dlt = DLT_NULL,
	 .header = {0, 0, 0, 30},
	 .header_len = 4,
	 .ethertype = 0x86dd},
	{.name = "NULL, a family that does not exist",
	 .dlt = DLT_NULL,
	 .header = {2, 1, 0, 0},
	 .header_len = 4},
	{.name = "LOOP",
	 .dlt = DLT_LOOP,
	 .header = {0, 0, 0, 2},
	 .header_len = 4,
	 .ethertype = 0x0800},
	{.name = "LOOP, IPv6 of OpenBSD",
	 .dlt = DLT_LOOP,
	 .header = {0, 0, 0, 24},
	 .header_len = 4,
	 .ethertype = 0x86dd},
	{.name = "LOOP is big endian only",
	 .dlt = DLT_LOOP,
	 .header = {2, 0, 0, 0},
	 .header_len = 4},
};
/* clang-format on */

#define NUM_ROWS (sizeof(rows) / sizeof(rows[0]))

static void check_row(const struct row *row, const struct cap_record *record,
		      const struct cap_link_view *view)
{
	static const uint8_t mac[6] = {0x02, 0x11, 0x22, 0x33, 0x44, 0x55};
	static const uint8_t none[6];

	assert_int_equal(record->ethertype, row->ethertype);
	assert_int_equal(record->vlan, row->vlan);
	assert_int_equal(record->is_ethernet, row->is_ethernet);
	assert_memory_equal(record->src_mac, row->is_ethernet ? mac : none, 6);
	assert_int_equal(record->has_dst_mac, row->has_dst_mac);
	assert_memory_equal(record->dst_mac,
			    row->has_dst_mac ? row->header : none, 6);
	assert_int_equal(view->has_ifindex, row->has_ifindex);
	assert_int_equal(view->ifindex, row->ifindex);
	assert_int_equal(view->has_packet_type, row->has_packet_type);
	assert_int_equal(view->packet_type, row->packet_type);
}

/* Each row with a packet behind it, of which 10 octets were cut off. */
static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < NUM_ROWS; i++) {
		const struct row *row = &rows[i];
		const struct cap_link *link = cap_link_find(row->dlt);
		struct cap_record record = {0};
		struct cap_link_view view = {0};
		uint8_t frame[64];

		print_message("%s\n", row->name);
		assert_non_null(link);
		memcpy(frame, row->header, row->header_len);
		memcpy(frame + row->header_len, inside_packet, 28);
		assert_true(cap_link_parse(
			link, (struct cap_bytes){frame, row->header_len + 28},
			row->header_len + 38, &record, &view));
		check_row(row, &record, &view);
		assert_ptr_equal(record.data, frame + row->header_len);
		assert_int_equal(record.len, 28);
		assert_int_equal(record.wire_len, 38);
	}
}

/* Each row cut off at each octet: not one is read that is not there. */
static void test_cut_off(void **state)
{
	(void)state;
	for (size_t i = 0; i < NUM_ROWS; i++) {
		const struct row *row = &rows[i];

		for (uint32_t len = 0; len <= row->header_len; len++) {
			struct cap_record record = {0};
			struct cap_link_view view = {0};
			uint8_t *frame = malloc(len + 1);
			uint8_t *start = frame + 1;

			/* The end of memory is the end of the frame. */
			assert_non_null(frame);
			memcpy(start, row->header, len);
			assert_int_equal(
				cap_link_parse(cap_link_find(row->dlt),
					       (struct cap_bytes){start, len},
					       len, &record, &view),
				len == row->header_len);
			free(frame);
		}
	}
}

static void test_raw_version(void **state)
{
	static const uint8_t versions[] = {0x60, 0x45, 0x00, 0xff};
	const struct cap_link *link = cap_link_find(DLT_RAW);

	(void)state;
	for (size_t i = 0; i < sizeof(versions); i++) {
		struct cap_record record = {0};
		struct cap_link_view view = {0};

		assert_true(cap_link_parse(link,
					   (struct cap_bytes){&versions[i], 1},
					   1, &record, &view));
		assert_int_equal(record.ethertype, i == 0 ? 0x86dd : 0x0800);
	}
}

/* A record that claims to have been shorter than what was captured of it. */
static void test_wire_len(void **state)
{
	struct cap_record record = {0};
	struct cap_link_view view = {0};

	(void)state;
	assert_true(cap_link_parse(cap_link_find(DLT_RAW),
				   (struct cap_bytes){inside_packet, 28}, 3,
				   &record, &view));
	assert_int_equal(record.len, 28);
	assert_int_equal(record.wire_len, 28);
	assert_false(cap_is_truncated(&record));
}

static void test_unsupported(void **state)
{
	(void)state;
	assert_null(cap_link_find(DLT_IEEE802_11));
	assert_null(cap_link_find(-1));
	assert_true(cap_link_is_ethernet(cap_link_find(DLT_EN10MB)));
	assert_false(cap_link_is_ethernet(cap_link_find(DLT_LINUX_SLL2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_raw_version),
		cmocka_unit_test(test_wire_len),
		cmocka_unit_test(test_unsupported),
	};

	return cmocka_run_group_tests_name("pcaps.link", tests, NULL, NULL);
}
