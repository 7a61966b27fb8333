/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_packets.c - the packets of sabotage_test.c, by name */
#include "sabotage_packets.h"

#define IN  CONF_INSIDE
#define OUT CONF_OUTSIDE
#define UDP 17u
#define TCP 6u

#define FIN 0x01u
#define SYN 0x02u
#define RST 0x04u
#define PSH 0x08u
#define ACK 0x10u
#define URG 0x20u
#define ECN 0xc0u

/* 61000 is what the first flow of an exchange gets, 61001 the second one. */
#define HOST    INSIDE_HOST
#define ROUTER  OUTSIDE_ADDR
#define OTHER   0xc633640du /* 198.51.100.13 */
#define SERVER  0xc0a80163u /* 192.168.1.99 */
#define NO_PORT 0u

struct recipe {
	const char *name;
	enum conf_side side;
	unsigned int proto; /* 0: tweak makes all of it */
	uint32_t saddr;
	uint16_t sport;
	uint32_t daddr;
	uint16_t dport;
	unsigned int flags; /* of TCP */
	const char *payload;
	void (*tweak)(struct packet *p, unsigned int number);
	uint32_t seq, ack; /* of TCP; 0: left as they are */
};

static void set_last_hop(struct packet *p, unsigned int number)
{
	(void)number;
	put8(p, 8, 1);
}

static void set_tos(struct packet *p, unsigned int number)
{
	(void)number;
	put8(p, 1, 0x1e);
}

static void set_df(struct packet *p, unsigned int number)
{
	(void)number;
	put16(p, 6, 0x4000);
}

static void set_port(struct packet *p, unsigned int number)
{
	put16(p, 20, (uint16_t)(5000 + number));
}

static void no_sum(struct packet *p, unsigned int number)
{
	(void)number;
	put16(p, 26, 0);
}

static void bad_sum(struct packet *p, unsigned int number)
{
	(void)number;
	put16(p, 26, 0x1234);
}

/* Two octets of payload that make the checksum come to 0 outside. */
static void zero_sum(struct packet *p, unsigned int number)
{
	struct packet after = make_udp(ROUTER, 61000, PEER, 53, "ab");
	struct masq_view v = {.data = after.data, .len = after.len};

	(void)number;
	put16(p, 28,
	      masq_fold((uint64_t)masq_get16(v, 28) + masq_get16(v, 26)));
}

static void urgent(struct packet *p, unsigned int number)
{
	(void)number;
	put16(p, 38, 1);
}

static void insert(struct packet *p, uint32_t at, const uint8_t *octets,
		   uint32_t len)
{
	memmove(p->data + at + len, p->data + at, p->len - at);
	memcpy(p->data + at, octets, len);
	p->len += len;
	put16(p, 2, (uint16_t)p->len);
}

static void record_route(struct packet *p, unsigned int number)
{
	static const uint8_t option[12] = {7, 11, 4};

	(void)number;
	insert(p, 20, option, sizeof(option));
	put8(p, 0, 0x48);
}

static void mss(struct packet *p, unsigned int number)
{
	static const uint8_t option[4] = {2, 4, 5, 0xb4};

	(void)number;
	insert(p, 40, option, sizeof(option));
	put8(p, 32, 0x60);
}

/* 1031 to 1036 of what the peer saw: behind the edit of "port". */
static void sack(struct packet *p, unsigned int number)
{
	static const uint8_t option[12] = {1, 1, 5, 10, 0, 0,
					   4, 7, 0, 0,  4, 12};

	(void)number;
	insert(p, 40, option, sizeof(option));
	put8(p, 32, 0x80);
}

static void lengthen(struct packet *p, uint32_t len)
{
	for (uint32_t i = p->len; i < len; i++)
		p->data[i] = (uint8_t)i;
	p->len = len;
	put16(p, 2, (uint16_t)len);
	put16(p, 24, (uint16_t)(len - 20));
}

static void make_long(struct packet *p, unsigned int number)
{
	(void)number;
	lengthen(p, 1500);
}

static void make_long_df(struct packet *p, unsigned int number)
{
	make_long(p, number);
	put16(p, 6, 0x4000);
}

static void make_full(struct packet *p, unsigned int number)
{
	(void)number;
	lengthen(p, 1100);
}

/* The first 24 octets behind the header, and the other ones. */
static void cut(struct packet *p, uint16_t id, bool is_first)
{
	fix_all(p);
	put16(p, 4, id);
	if (!is_first)
		memmove(p->data + 20, p->data + 44, p->len - 44);
	p->len = is_first ? 44 : p->len - 24;
	put16(p, 2, (uint16_t)p->len);
	put16(p, 6, is_first ? 0x2000 : 3);
}

static void part_1(struct packet *p, unsigned int number)
{
	(void)number;
	cut(p, 77, true);
}

static void part_2(struct packet *p, unsigned int number)
{
	(void)number;
	cut(p, 77, false);
}

static void late_1(struct packet *p, unsigned int number)
{
	(void)number;
	cut(p, 78, true);
}

static void late_2(struct packet *p, unsigned int number)
{
	(void)number;
	cut(p, 78, false);
}

static void ping(struct packet *p, unsigned int number)
{
	(void)number;
	*p = make_icmp(HOST, PEER, 8, 0, 9u << 16 | 1, "abcd", 4);
}

static void pong(struct packet *p, unsigned int number)
{
	(void)number;
	*p = make_icmp(PEER, ROUTER, 0, 0, 61000u << 16 | 1, "abcd", 4);
}

static void ping_router(struct packet *p, unsigned int number)
{
	(void)number;
	*p = make_icmp(HOST, INSIDE_ADDR, 8, 0, 9u << 16 | 1, "abcd", 4);
}

/* An error of the peer's about "query", as it came there. */
static void error_in(struct packet *p, uint32_t code_rest, uint32_t octets)
{
	struct packet about = make_udp(ROUTER, 61000, PEER, 53, "what is it?");

	*p = make_icmp(PEER, ROUTER, 3, (uint8_t)(code_rest >> 16),
		       code_rest & 0xffffu, about.data, octets);
}

static void unreachable(struct packet *p, unsigned int number)
{
	(void)number;
	error_in(p, 3u << 16, 28);
}

static void unreachable_long(struct packet *p, unsigned int number)
{
	(void)number;
	error_in(p, 3u << 16, 39);
}

static void unreachable_dying(struct packet *p, unsigned int number)
{
	unreachable(p, number);
	put8(p, 8, 1);
}

static void too_big(struct packet *p, unsigned int number)
{
	(void)number;
	error_in(p, 4u << 16 | 1400, 28);
}

/* An error of the host's about "answer". */
static void unreachable_out(struct packet *p, unsigned int number)
{
	struct packet about = make_udp(PEER, 53, HOST, 2000, "it is this");

	(void)number;
	*p = make_icmp(HOST, PEER, 3, 3, 0, about.data, 28);
}

static void unreachable_unknown(struct packet *p, unsigned int number)
{
	struct packet about = make_udp(OTHER, 53, HOST, 7, "it is this");

	(void)number;
	*p = make_icmp(HOST, OTHER, 3, 3, 0, about.data, 28);
}

static const struct recipe recipes[] = {
	{"query", IN, UDP, HOST, 2000, PEER, 53, 0, "what is it?", NULL, 0, 0},
	{"query-more", IN, UDP, HOST, 1, PEER, 53, 0, "?", set_port, 0, 0},
	{"answer", OUT, UDP, PEER, 53, ROUTER, 61000, 0, "it is this", NULL, 0,
	 0},
	{"bad-answer", OUT, UDP, PEER, 53, ROUTER, 61000, 0, "it", bad_sum, 0,
	 0},
	{"stranger", OUT, UDP, OTHER, 53, ROUTER, 61000, 0, "hello", NULL, 0,
	 0},
	{"other-port", OUT, UDP, PEER, 54, ROUTER, 61000, 0, "hello", NULL, 0,
	 0},
	{"sum-ffff", IN, UDP, HOST, 2000, PEER, 53, 0, "ab", zero_sum, 0, 0},
	{"no-sum", IN, UDP, HOST, 2000, PEER, 53, 0, "abc", no_sum, 0, 0},
	{"ttl-1", IN, UDP, HOST, 2000, PEER, 53, 0, "abc", set_last_hop, 0, 0},
	{"tos", IN, UDP, HOST, 2000, PEER, 53, 0, "abc", set_tos, 0, 0},
	{"df", IN, UDP, HOST, 2000, PEER, 53, 0, "abc", set_df, 0, 0},
	{"empty", IN, UDP, HOST, 2000, PEER, 53, 0, "", NULL, 0, 0},
	{"full", IN, UDP, HOST, 2000, PEER, 53, 0, "", make_full, 0, 0},
	{"long", IN, UDP, HOST, 2000, PEER, 53, 0, "", make_long, 0, 0},
	{"long-df", IN, UDP, HOST, 2000, PEER, 53, 0, "", make_long_df, 0, 0},
	{"record-route", IN, UDP, HOST, 2000, PEER, 53, 0, "abc", record_route,
	 0, 0},
	{"hairpin", IN, UDP, SERVER, 2000, ROUTER, 61000, 0, "abc", NULL, 0, 0},
	{"same-link", IN, UDP, HOST, 2000, SERVER, 53, 0, "abc", NULL, 0, 0},
	{"stray-udp", OUT, UDP, PEER, 53, ROUTER, 5555, 0, "abc", NULL, 0, 0},
	{"part-1", OUT, UDP, PEER, 53, ROUTER, 61000, 0,
	 "twenty and some more octets", part_1, 0, 0},
	{"part-2", OUT, UDP, PEER, 53, ROUTER, 61000, 0,
	 "twenty and some more octets", part_2, 0, 0},
	{"late-1", OUT, UDP, PEER, 53, ROUTER, 61000, 0,
	 "twenty and some more octets", late_1, 0, 0},
	{"late-2", OUT, UDP, PEER, 53, ROUTER, 61000, 0,
	 "twenty and some more octets", late_2, 0, 0},

	{"ping", IN, 0, 0, 0, 0, 0, 0, "", ping, 0, 0},
	{"pong", OUT, 0, 0, 0, 0, 0, 0, "", pong, 0, 0},
	{"ping-router", IN, 0, 0, 0, 0, 0, 0, "", ping_router, 0, 0},
	{"unreachable", OUT, 0, 0, 0, 0, 0, 0, "", unreachable, 0, 0},
	{"unreachable-long", OUT, 0, 0, 0, 0, 0, 0, "", unreachable_long, 0, 0},
	{"unreachable-ttl-1", OUT, 0, 0, 0, 0, 0, 0, "", unreachable_dying, 0,
	 0},
	{"too-big", OUT, 0, 0, 0, 0, 0, 0, "", too_big, 0, 0},
	{"unreachable-out", IN, 0, 0, 0, 0, 0, 0, "", unreachable_out, 0, 0},
	{"unreachable-unknown", IN, 0, 0, 0, 0, 0, 0, "", unreachable_unknown,
	 0, 0},

	{"syn", IN, TCP, HOST, 3000, PEER, 80, SYN, "", mss, 0, 0},
	{"syn-ecn", IN, TCP, HOST, 3001, PEER, 80, SYN | ECN, "", NULL, 0, 0},
	{"syn-data", IN, TCP, HOST, 3002, PEER, 80, SYN, "early", NULL, 0, 0},
	{"syn-back", OUT, TCP, PEER, 80, ROUTER, 61000, SYN, "", NULL, 0, 0},
	{"synack", OUT, TCP, PEER, 80, ROUTER, 61000, SYN | ACK, "", NULL, 0,
	 0},
	{"ack", IN, TCP, HOST, 3000, PEER, 80, ACK, "", NULL, 0, 0},
	{"data", IN, TCP, HOST, 3000, PEER, 80, PSH | ACK, "get", NULL, 0, 0},
	{"back-data", OUT, TCP, PEER, 80, ROUTER, 61000, PSH | ACK, "page",
	 NULL, 0, 0},
	{"urgent", IN, TCP, HOST, 3000, PEER, 80, URG | ACK, "!", urgent, 0, 0},
	{"no-flags", IN, TCP, HOST, 3000, PEER, 80, 0, "", NULL, 0, 0},
	{"fin", IN, TCP, HOST, 3000, PEER, 80, FIN | ACK, "", NULL, 0, 0},
	{"rst", IN, TCP, HOST, 3000, PEER, 80, RST | ACK, "", NULL, 0, 0},
	{"forward", OUT, TCP, PEER, 80, ROUTER, 8080, SYN, "", NULL, 0, 0},
	{"stray-syn", OUT, TCP, PEER, 80, ROUTER, 5555, SYN, "", NULL, 0, 0},

	{"ftp-syn", IN, TCP, HOST, 1027, PEER, 21, SYN, "", NULL, 1000, 0},
	{"ftp-synack", OUT, TCP, PEER, 21, ROUTER, 61000, SYN | ACK, "", NULL,
	 7000, 1001},
	{"ftp-ack", IN, TCP, HOST, 1027, PEER, 21, ACK, "", NULL, 1001, 7001},
	{"port", IN, TCP, HOST, 1027, PEER, 21, PSH | ACK,
	 "PORT 192,168,1,10,4,5\r\n", NULL, 1001, 7001},
	{"port-other", IN, TCP, HOST, 1027, PEER, 21, PSH | ACK,
	 "PORT 192,168,1,11,4,5\r\n", NULL, 1001, 7001},
	{"port-inside-text", IN, TCP, HOST, 1027, PEER, 21, PSH | ACK,
	 "SITE PORT 192,168,1,10,4,5\r\n", NULL, 1001, 7001},
	{"ftp-ok", OUT, TCP, PEER, 21, ROUTER, 61000, PSH | ACK, "200 ok\r\n",
	 NULL, 7001, 1026},
	{"ftp-next", IN, TCP, HOST, 1027, PEER, 21, PSH | ACK, "RETR it\r\n",
	 NULL, 1024, 7001},
	{"ftp-sack", OUT, TCP, PEER, 21, ROUTER, 61000, ACK, "", sack, 7009,
	 1026},
	{"child", OUT, TCP, PEER, 20, ROUTER, 61001, SYN, "", NULL, 0, 0},
	{"irc-syn", IN, TCP, HOST, 1028, PEER, 6667, SYN, "", NULL, 1000, 0},
	{"irc-synack", OUT, TCP, PEER, 6667, ROUTER, 61000, SYN | ACK, "", NULL,
	 7000, 1001},
	{"irc-ack", IN, TCP, HOST, 1028, PEER, 6667, ACK, "", NULL, 1001, 7001},
	{"dcc-low", IN, TCP, HOST, 1028, PEER, 6667, PSH | ACK,
	 "PRIVMSG bob :\001DCC SEND it 3232235786 80 1\001\r\n", NULL, 1001,
	 7001},
};
#define NUM_RECIPES (sizeof(recipes) / sizeof(recipes[0]))

const char *sabotage_packet_name(size_t index)
{
	return index < NUM_RECIPES ? recipes[index].name : NULL;
}

/* Do the checksums of the tweaked packet stay as they are? */
static bool has_own_sum(const struct recipe *r)
{
	return r->tweak == no_sum || r->tweak == bad_sum ||
	       r->tweak == part_1 || r->tweak == part_2 || r->tweak == late_1 ||
	       r->tweak == late_2;
}

static void make(const struct recipe *r, unsigned int number,
		 struct packet *out)
{
	if (r->proto == UDP)
		*out = make_udp(r->saddr, r->sport, r->daddr, r->dport,
				r->payload);
	else if (r->proto == TCP)
		*out = make_tcp(r->saddr, r->sport, r->daddr, r->dport,
				(uint8_t)r->flags, r->payload);
	if (r->seq != 0) {
		put32(out, 24, r->seq);
		put32(out, 28, r->ack);
	}
	if (r->tweak != NULL)
		r->tweak(out, number);
	if (has_own_sum(r))
		fix_ip(out);
	else
		fix_all(out);
}

enum conf_side sabotage_packet(const char *name, unsigned int number,
			       struct packet *out)
{
	for (size_t i = 0; i < NUM_RECIPES; i++)
		if (strcmp(recipes[i].name, name) == 0) {
			make(&recipes[i], number, out);
			return recipes[i].side;
		}
	return CONF_SIDE_NONE;
}
