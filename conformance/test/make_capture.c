/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make_capture.c - writes small captures for the tests of the program
 *
 *     make_capture SCENARIO FILE
 */
#include <stdio.h>

#include "pcaps/capture.h"
#include "support.h"

#define START UINT64_C(1000000000000000000) /* ns */
#define S     UINT64_C(1000000000)

/* The only use of the scenarios for MACs: a host, and the router's two. */
static const uint8_t host_mac[6] = {2, 0, 0, 0, 0, 0x0a};
static const uint8_t router_mac[6] = {2, 0, 0, 0, 0, 0xfe};

struct file {
	struct cap_writer *writer;
	uint64_t now; /* ns after START */
	bool failed;
};

static void put(struct file *f, const struct packet *p,
		struct cap_record record)
{
	record.data = p->data;
	record.len = p->len;
	record.time = START + f->now;
	if (record.ethertype == 0)
		record.ethertype = CAP_ETHERTYPE_IPV4;
	if (cap_write(f->writer, &record) != CAP_OK)
		f->failed = true;
}

static void arrive(struct file *f, enum cap_side side, struct packet p)
{
	put(f, &p, (struct cap_record){.side = side, .dir = CAP_ARRIVED});
	f->now += S;
}

/* A query, its answer, a SYN, a packet that dies, one that is dropped. */
static void basic(struct file *f)
{
	struct packet dying = make_udp(INSIDE_HOST, 2000, PEER, 53, "dying");

	put8(&dying, 8, 1);
	fix_ip(&dying);
	arrive(f, CAP_INSIDE, make_udp(INSIDE_HOST, 2000, PEER, 53, "query"));
	arrive(f, CAP_OUTSIDE, make_udp(PEER, 53, OUTSIDE_ADDR, 61000, "r"));
	arrive(f, CAP_INSIDE, make_tcp(INSIDE_HOST, 2001, PEER, 80, 2, ""));
	arrive(f, CAP_INSIDE, dying);
	arrive(f, CAP_OUTSIDE, make_udp(PEER, 53, OUTSIDE_ADDR, 9, "stray"));
}

static void truncated(struct file *f)
{
	struct packet p = make_udp(INSIDE_HOST, 2000, PEER, 53, "query");

	basic(f);
	put(f, &p,
	    (struct cap_record){.side = CAP_INSIDE,
				.dir = CAP_ARRIVED,
				.wire_len = p.len + 100});
	put(f, &p, (struct cap_record){.side = CAP_OUTSIDE, .dir = CAP_SENT});
	f->now += S;
	basic(f);
}

static void foreign(struct file *f)
{
	struct packet p = make_udp(INSIDE_HOST, 2000, PEER, 53, "query");

	basic(f);
	put(f, &p,
	    (struct cap_record){.side = CAP_SIDE_NONE, .dir = CAP_ARRIVED});
	put(f, &p,
	    (struct cap_record){.side = CAP_INSIDE,
				.dir = CAP_ARRIVED,
				.ethertype = 0x0806});
}

static void outside_only(struct file *f)
{
	arrive(f, CAP_OUTSIDE, make_udp(PEER, 53, OUTSIDE_ADDR, 9, "stray"));
}

static void many(struct file *f)
{
	for (unsigned int i = 0; i < 5000; i++)
		arrive(f, CAP_INSIDE,
		       make_udp(INSIDE_HOST, (uint16_t)(1024 + i % 100), PEER,
				53, "query"));
}

/* The first fragment of a datagram for the router, and nothing for long. */
static void fragment(struct file *f)
{
	struct packet p = make_udp(PEER, 53, OUTSIDE_ADDR, 9, "12345678");

	put16(&p, 6, 0x2000);
	fix_ip(&p);
	arrive(f, CAP_OUTSIDE, p);
	f->now += 40 * S;
	arrive(f, CAP_INSIDE, make_udp(INSIDE_HOST, 2000, PEER, 53, "query"));
}

static void empty(struct file *f)
{
	(void)f;
}

/* What a sniffer on the inside wire sees. */
static void put_frame(struct file *f, const struct packet *p, bool to_router)
{
	struct cap_record record = {
		.side = CAP_INSIDE,
		.dir = to_router ? CAP_ARRIVED : CAP_SENT,
		.is_ethernet = true,
		.has_dst_mac = true,
	};

	memcpy(record.src_mac, to_router ? host_mac : router_mac, 6);
	memcpy(record.dst_mac, to_router ? router_mac : host_mac, 6);
	put(f, p, record);
	f->now += S;
}

static void ethernet(struct file *f)
{
	struct packet query = make_udp(INSIDE_HOST, 2000, PEER, 53, "query");
	struct packet reply = make_udp(PEER, 53, INSIDE_HOST, 2000, "reply");
	struct packet ping = make_icmp(INSIDE_HOST, INSIDE_ADDR, 8, 0, 1, "",
				       0);

	put_frame(f, &query, true);
	put_frame(f, &reply, false);
	put_frame(f, &ping, true);
}

/* More neighbours than can be set. */
static void crowd(struct file *f)
{
	for (uint32_t i = 0; i < 100; i++) {
		struct packet p = make_udp(0xc0a8010a + i, 2000, PEER, 53,
					   "query");

		put_frame(f, &p, true);
	}
}

static const struct {
	const char *name;
	enum cap_format format;
	void (*make)(struct file *f);
} scenarios[] = {
	{"basic", CAP_FORMAT_SLL2, basic},
	{"truncated", CAP_FORMAT_SLL2, truncated},
	{"foreign", CAP_FORMAT_SLL2, foreign},
	{"outside-only", CAP_FORMAT_SLL2, outside_only},
	{"many", CAP_FORMAT_SLL2, many},
	{"fragment", CAP_FORMAT_SLL2, fragment},
	{"empty", CAP_FORMAT_SLL2, empty},
	{"ethernet", CAP_FORMAT_ETHERNET, ethernet},
	{"crowd", CAP_FORMAT_ETHERNET, crowd},
};

int main(int argc, char **argv)
{
	char error[CAP_ERROR_SIZE] = "usage: make_capture SCENARIO FILE";
	struct file file = {.failed = true};

	for (size_t i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++) {
		if (argc != 3 || strcmp(scenarios[i].name, argv[1]) != 0)
			continue;
		if (cap_create(argv[2], scenarios[i].format, &file.writer,
			       error) != CAP_OK)
			break;
		file.failed = false;
		scenarios[i].make(&file);
		if (cap_commit(file.writer, error) != CAP_OK)
			file.failed = true;
	}
	if (!file.failed)
		return 0;
	fprintf(stderr, "%s\n", error);
	return 1;
}
