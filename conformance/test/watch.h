/* SPDX-License-Identifier: Apache-2.0 */
/* watch.h - a checker under test, and packets as a NAT would change them */
#ifndef TEST_WATCH_H
#define TEST_WATCH_H

#include "conformance/invariants.h"
#include "support.h"

#define WATCH_SECOND UINT64_C(1000000000) /* ns */
#define WATCH_PORT   61000u               /* the first external port */
#define OTHER_PEER   0xc6336409u          /* 198.51.100.9 */

struct watch {
	struct conf_settings settings;
	struct conf_checker *checker;
	uint64_t now;
	unsigned int num;  /* violations since the last look */
	char ids[256];     /* "INV-08 INV-17 ", in order */
	char text[256];    /* of the last */
	uint64_t stimulus; /* of the last */
};

/* The fixed profile; change settings, then start. */
void watch_init(struct watch *w);
void watch_start(struct watch *w);
void watch_stop(struct watch *w);

/* A test around which watch is started, on the fixed profile, and stopped. */
#define WATCH_TEST(f, watch)                                                   \
	cmocka_unit_test_prestate_setup_teardown(f, watch_setup,               \
						 watch_teardown, watch)
int watch_setup(void **state);
int watch_teardown(void **state);

void watch_stimulus(struct watch *w, const struct packet *p,
		    enum conf_side side);
void watch_result(struct watch *w, const struct packet *q, enum conf_side side);
void watch_end(struct watch *w);

/* A stimulus with one result, or none if q is NULL. */
void watch_step(struct watch *w, const struct packet *p, enum conf_side from,
		const struct packet *q, enum conf_side to);
/* From inside to outside, from outside to inside. */
void watch_out(struct watch *w, const struct packet *p, const struct packet *q);
void watch_in(struct watch *w, const struct packet *p, const struct packet *q);

/* The same, as a good NAT sends them on. */
void watch_send_out(struct watch *w, const struct packet *p, uint16_t port);
void watch_send_in(struct watch *w, const struct packet *p, uint32_t addr,
		   uint16_t port);
void watch_wait(struct watch *w, uint64_t seconds);

/* All violations since the last call were of that invariant, and some were. */
void watch_expect(struct watch *w, const char *id);
/* There was at least one of that invariant. */
void watch_expect_among(struct watch *w, const char *id);
/* There was none. */
void watch_expect_none(struct watch *w);

/* What a NAT makes of a packet: good in every respect. */
struct packet nat_out(const struct packet *p, uint16_t port);
struct packet nat_in(const struct packet *p, uint32_t addr, uint16_t port);

/* An ICMP error of the router's about p, to its sender. */
struct packet own_error(const struct packet *p, uint32_t from, uint8_t type,
			uint8_t code);

/* From INSIDE_HOST:2000 to PEER:53 and back. */
struct packet query(void);
struct packet answer(void);
struct packet segment(uint8_t flags, const char *payload);
struct packet segment_back(uint8_t flags, const char *payload);

#endif /* TEST_WATCH_H */
