/* SPDX-License-Identifier: Apache-2.0 */
/* support.h - packets and captures for tests */
#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "conformance/engine.h"
#include "masq/wire.h"

#define INSIDE_HOST  0xc0a8010au /* 192.168.1.10 */
#define INSIDE_ADDR  0xc0a80101u /* the router inside: 192.168.1.1 */
#define OUTSIDE_ADDR 0xcb007101u /* the router outside: 203.0.113.1 */
#define PEER         0xc6336407u /* 198.51.100.7 */

/* A packet under construction; checksums come last. */
struct packet {
	uint8_t data[2048];
	uint32_t len;
};

struct packet make_udp(uint32_t saddr, uint16_t sport, uint32_t daddr,
		       uint16_t dport, const char *payload);
struct packet make_tcp(uint32_t saddr, uint16_t sport, uint32_t daddr,
		       uint16_t dport, uint8_t flags, const char *payload);
/* An ICMP message with the eight octets from type on, and a body. */
struct packet make_icmp(uint32_t saddr, uint32_t daddr, uint8_t type,
			uint8_t code, uint32_t rest, const void *body,
			uint32_t body_len);

void put8(struct packet *p, uint32_t at, uint8_t value);
void put16(struct packet *p, uint32_t at, uint16_t value);
void put32(struct packet *p, uint32_t at, uint32_t value);

/* Makes the header checksum, or both, right again. */
void fix_ip(struct packet *p);
void fix_all(struct packet *p);

/* A packet as stimulus or result; points into p. */
struct conf_packet on_wire(const struct packet *p, enum conf_side side,
			   uint64_t now);

#endif /* TEST_SUPPORT_H */
