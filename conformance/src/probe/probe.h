/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe/probe.h - how a question is asked
 *
 * A trial begins with probe_fresh(): a new engine, time 0. Then packets are
 * sent and results looked at. After a failure of the engine all of it does
 * nothing and sees nothing.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "conformance/probe.h"
#include "conformance/results.h"
#include "packet.h"
#include "run/pkt.h"

#define SECOND UINT64_C(1000000000)

enum {
	SYN = 0x02,
	ACK = 0x10,
	FIN = 0x01,
	RST = 0x04,
	PSH = 0x08
};

struct end {
	uint32_t addr;
	uint16_t port; /* or ICMP id */
};

struct probe {
	const struct conf_probe *ask;
	struct conf_fact *fact;
	struct conf_config config; /* with the helper that is asked for */
	const struct conf_setting *extra;
	struct conf_setting *all;
	struct conf_settings settings;
	uint32_t a, b;           /* inside hosts */
	uint32_t s1, s2, router; /* servers, and somebody on the path */
	uint32_t external;       /* the router's address outside */
	struct conf_engine engine;
	bool open;
	uint64_t start, now; /* ns */
	uint16_t id;         /* of the last packet */
	struct conf_results results;
	enum conf_status status; /* of the first failure */
	char *error;
	uint64_t udp_timer; /* s; 0 = not known */
	uint8_t *room;      /* for packets, RUN_MAX_PACKET octets */
};

/* ---- trial.c ---- */

/* A new engine; extra (or NULL) is a setting more. False: it is refused. */
bool probe_fresh(struct probe *p);
bool probe_fresh_with(struct probe *p, const struct conf_setting *extra);
void probe_close(struct probe *p);
bool probe_good(const struct probe *p);
/* Time passes; what it causes is among the results. */
void probe_wait(struct probe *p, uint64_t seconds);
/* Can time be moved, or waited for? */
bool probe_has_clock(const struct probe *p);

/* Sends a packet as it is, or octets; the results replace those before. */
void probe_send(struct probe *p, enum conf_side side, struct run_pkt *pkt);
void probe_send_raw(struct probe *p, enum conf_side side, const uint8_t *data,
		    uint32_t len);
/* The first result on a side; false: there is none. */
bool probe_got(const struct probe *p, enum conf_side side, struct run_pkt *out);
/* The same, of that protocol, and no ICMP error. */
bool probe_passed(const struct probe *p, enum conf_side side, uint8_t proto,
		  struct run_pkt *out);
size_t probe_count(const struct probe *p, enum conf_side side);
/* "ICMP unreachable/port", "RST", "nothing": what came back on a side. */
const char *probe_answer(const struct probe *p, enum conf_side side,
			 char out[64]);

/* ---- packets.c ---- */

struct run_pkt probe_udp(struct end from, struct end to);
struct run_pkt probe_tcp(struct end from, struct end to, uint8_t flags);
struct run_pkt probe_icmp(uint32_t from, uint32_t to, uint8_t type,
			  uint8_t code, uint32_t rest);
void probe_payload(struct run_pkt *pkt, const char *text);
static inline struct end end_of(uint32_t addr, uint16_t port)
{
	return (struct end){.addr = addr, .port = port};
}

/*
 * Opens a mapping by a packet from inside: UDP, a SYN, or an echo request;
 * *out is its external endpoint. False: nothing left.
 */
bool probe_map(struct probe *p, uint8_t proto, struct end from, struct end to,
	       struct end *out);
/* Does a packet (UDP, or TCP with flags) reach the inside endpoint? */
bool probe_reaches(struct probe *p, uint8_t proto, struct end from,
		   struct end to, struct end inside, uint8_t flags);
/* A whole handshake of a with s1:port. */
bool probe_connect(struct probe *p, struct end from, struct end to,
		   struct end *out);
/* A segment of that connection; true: it came out on the other side. */
bool probe_segment(struct probe *p, enum conf_side side, struct end from,
		   struct end to, uint8_t flags, uint32_t seq, uint32_t ack,
		   const char *text);

/* Are the checksums of a whole packet right? */
bool probe_sums_good(const struct run_pkt *pkt);

/* ---- facts ---- */

void probe_say(struct probe *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void probe_add(struct probe *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A row: which question, and who asks it. */
struct probe_row {
	const char *id, *title, *clause;
	void (*ask)(struct probe *p);
};
struct probe_table {
	const struct probe_row *rows;
	size_t num;
};
#define PROBE_TABLE(rows)                                                      \
	{                                                                      \
		(rows), sizeof(rows) / sizeof((rows)[0])                       \
	}
extern const struct probe_table probe_mapping, probe_ports, probe_timers,
	probe_transport, probe_icmp_rows, probe_packets, probe_helpers;

#endif /* PROBE_PROBE_H */
