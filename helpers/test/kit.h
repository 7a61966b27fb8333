/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kit.h - whole packets through the real engine, for the helpers' tests
 *
 * A kit is an engine with the default topology: client 192.168.1.10, router
 * 192.168.1.1 / 203.0.113.1, servers in 198.51.100.0/24. It makes packets
 * with right checksums, keeps what the router sent because of the latest
 * one, and checks lengths and checksums of everything sent. Mistakes of a
 * test (no memory, a packet too long) end it at once.
 */
#ifndef HELPERS_TEST_KIT_H
#define HELPERS_TEST_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "helpers/registry.h"
#include "masq/masq.h"
#include "masq/wire.h"

#define KIT_IP(a, b, c, d)                                                     \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 |      \
	 (uint32_t)(d))
#define KIT_CLIENT KIT_IP(192, 168, 1, 10)
#define KIT_MASQ   KIT_IP(203, 0, 113, 1)

/* KIT_TEXT("abc") is a pointer and a length, without the zero. */
#define KIT_TEXT(s) (s), (uint32_t)(sizeof(s) - 1)

#define KIT_FIRST_PORT  61000 /* the first masquerade port */
#define KIT_MAX_RESULTS 64
#define KIT_MAX_TEXT    4096

/* A packet that the router sent, taken apart. */
struct kit_result {
	enum masq_side side;
	uint8_t proto;
	uint32_t src, dst;
	uint16_t sport, dport;
	uint32_t seq, ack; /* TCP */
	uint8_t flags;     /* TCP */
	const uint8_t *payload;
	uint32_t payload_len;
	const uint8_t *data; /* from the IP header on */
	uint32_t len;
};

struct kit {
	struct masq_engine *engine;
	struct masq_config config; /* as opened */
	uint64_t now;              /* ns; of the next packet */
	bool no_checks;            /* do not look at results' checksums */
	enum masq_drop drop;       /* of the latest packet */
	struct kit_result results[KIT_MAX_RESULTS]; /* of the latest packet */
	unsigned int num_results;
	uint8_t *store; /* octets of the results */
	uint32_t stored;
	char text[KIT_MAX_TEXT]; /* what kit_entries() returned */
};

/* ---- life ------------------------------------------------------------ */

/* The default configuration with these quirks and small tables. */
void kit_config(struct masq_config *config, uint64_t quirks);

/*
 * Loads a helper with ports (12 at most, up to the first 0; NULL = the
 * defaults) and default options. kit_load_in() gives FTP in_ports too.
 */
void kit_load(struct masq_config *config, const struct helper_module *module,
	      const int32_t *ports);
void kit_load_in(struct masq_config *config, const struct helper_module *module,
		 const int32_t *ports, const int32_t *in_ports,
		 const struct helper_options *options);

/* An engine of that configuration; never fails. */
struct kit *kit_open(const struct masq_config *config);
/* An engine with one helper on its default ports. */
struct kit *kit_open_with(const struct helper_module *module, uint64_t quirks);
void kit_close(struct kit *kit);

/* Lets milliseconds pass. */
void kit_wait(struct kit *kit, uint64_t ms);

/* ---- packets --------------------------------------------------------- */

enum {
	KIT_FIN = 0x01,
	KIT_SYN = 0x02,
	KIT_RST = 0x04,
	KIT_PSH = 0x08,
	KIT_ACK = 0x10,
	KIT_URG = 0x20
};

/* A TCP segment to be made; what is not set is zero. */
struct kit_segment {
	uint32_t src, dst;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t urgent;
	const void *options; /* TCP options, a multiple of 4 */
	uint32_t options_len;
	const void *ip_options; /* a multiple of 4 */
	uint32_t ip_options_len;
	const void *payload;
	uint32_t payload_len;
};

/*
 * These send one packet into the router and return the first packet that
 * came out, or NULL; all of them are in kit->results.
 */
const struct kit_result *kit_raw(struct kit *kit, enum masq_side side,
				 const uint8_t *data, uint32_t len);
/* Hexadecimal digits; anything else between them is skipped. */
const struct kit_result *kit_hex(struct kit *kit, enum masq_side side,
				 const char *hex);
const struct kit_result *kit_segment(struct kit *kit, enum masq_side side,
				     const struct kit_segment *segment);
const struct kit_result *kit_udp(struct kit *kit, enum masq_side side,
				 uint32_t src, uint16_t sport, uint32_t dst,
				 uint16_t dport, const void *payload,
				 uint32_t len);

/* ---- connections ----------------------------------------------------- */

/*
 * A TCP connection as its two ends see it: each number is that end's own.
 * The data functions send in order and move the numbers on; a test that
 * repeats or reorders uses kit_conn_at(), which does not.
 */
struct kit_conn {
	uint32_t inside_addr; /* 0 = KIT_CLIENT */
	uint16_t inside_port; /* 0 = 1030 */
	uint32_t outside_addr;
	uint16_t outside_port;
	uint32_t masq_addr;   /* set by kit_connect() */
	uint16_t masq_port;   /* set by kit_connect(), given to kit_accept() */
	uint32_t inside_seq;  /* next of the inside end; first 1000 */
	uint32_t outside_seq; /* next of the outside end; first 5000 */
	uint32_t inside_ack;  /* what the inside end acknowledges */
	uint32_t outside_ack; /* what the outside end acknowledges */
	const void *options;  /* TCP options of the following segments */
	uint32_t options_len; /* */
};

/*
 * The handshake, opened by the inside or by the outside end (port
 * forwarding). Initial numbers: conn's, or 1000 and 5000 if those are 0.
 */
void kit_connect(struct kit *kit, struct kit_conn *conn);
void kit_accept(struct kit *kit, struct kit_conn *conn);

/* Data of the inside end and of the outside end, in order. */
const struct kit_result *kit_tcp_out(struct kit *kit, struct kit_conn *conn,
				     const void *payload, uint32_t len);
const struct kit_result *kit_tcp_in(struct kit *kit, struct kit_conn *conn,
				    const void *payload, uint32_t len);

/* Any segment of the connection; side is where it comes from. */
const struct kit_result *kit_conn_at(struct kit *kit,
				     const struct kit_conn *conn,
				     enum masq_side side, uint32_t seq,
				     uint32_t ack, uint8_t flags,
				     const void *payload, uint32_t len);

/* ---- entries --------------------------------------------------------- */

/* The entry that owns the masquerade port; false if there is none. */
bool kit_entry(struct kit *kit, uint8_t proto, uint16_t masq_port,
	       struct masq_entry_info *out_info);

/*
 * All entries but that of masquerade port except (0 = all), by transport
 * and masquerade port, as text in kit->text:
 * {TCP 192.168.1.10:1029 ~ 203.0.113.1:61001 ~ 198.51.100.21:* LISTEN 120s
 * parent=61000}, joined by "; "; "" for none. An inside port not known is
 * "?", an outside address or port not known "*", a loose peer "loose(last
 * 1.2.3.4:5)"; " helper=NAME" and " NO-TIMER" may follow the parent.
 */
const char *kit_entries(struct kit *kit, uint16_t except);

/* ---- checks and chance ----------------------------------------------- */

/*
 * The result must be there and carry that payload: pointer and length. In
 * all of these "row" means: fails with the name of a table's row.
 */
#define kit_assert_payload(result, ...)                                        \
	kit_check_payload("payload", result, __VA_ARGS__, __FILE__, __LINE__)
#define kit_assert_row_payload(name, result, ...)                              \
	kit_check_payload(name, result, __VA_ARGS__, __FILE__, __LINE__)
void kit_check_payload(const char *name, const struct kit_result *result,
		       const void *payload, uint32_t len, const char *file,
		       int line);

/* Fails unless kit_entries() says so. */
#define kit_assert_row_entries(name, kit, except, expected)                    \
	kit_check_entries(name, kit, except, expected, __FILE__, __LINE__)
#define kit_assert_entries(kit, except, expected)                              \
	kit_check_entries("entries", kit, except, expected, __FILE__, __LINE__)
void kit_check_entries(const char *name, struct kit *kit, uint16_t except,
		       const char *expected, const char *file, int line);

/* Fails with the name of a table's row. */
#define kit_assert_row(name, condition)                                        \
	do {                                                                   \
		if (!(condition))                                              \
			fail_msg("%s: %s", (name), #condition);                \
	} while (0)

/* A deterministic sequence: advances *state, any seed will do. */
uint64_t kit_random(uint64_t *state);
/* 0..limit-1. */
uint32_t kit_below(uint64_t *state, uint32_t limit);

#endif /* HELPERS_TEST_KIT_H */
