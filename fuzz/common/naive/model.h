/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.h - the parts of the naive router
 *
 *     naive.c    the contract: open, reset, packet, advance, dump
 *     octets.c   packets and checksums
 *     options.c  IP options
 *     router.c   the way of a packet: receive, route, deliver, forward, send
 *     reasm.c    fragments put together
 *     own.c      the router's own ICMP errors, and how often it sends them
 *     answer.c   what the router's own stack answers
 *     hop.c      whom a packet is sent to on the link
 *     table.c    entries: look-ups, ports, life
 *     flow.c     TCP and UDP
 *     icmp.c     ICMP queries and errors
 *     portfw.c   forwarded ports
 *     stream.c   sequence numbers behind the edits of helpers
 *
 * Functions shared among them begin with nv_ (naive).
 *
 * Rule ids are those of the specification that ref/README.md names. Numbers
 * are host order, times whole ticks of 10 ms.
 */
#ifndef FUZZ_NAIVE_MODEL_H
#define FUZZ_NAIVE_MODEL_H

#include "conformance/settings.h"
#include "masq/wire.h"

enum {
	TICK_NS = 10000000,
	MAX_DATAGRAM = 65535,
	MAX_ENTRIES = 8192, /* that the model has room for */
	MAX_RATES = 2048,
	MAX_HOPS = 512,
	ICMP = 1,
	TCP = 6,
	UDP = 17,
};

/* ---- octets.c -------------------------------------------------------- */

/* A packet on its way through the router. */
struct packet {
	struct masq_buf buf;
	enum conf_side side; /* where it came from */
	enum conf_cast cast;
	uint32_t hlen;    /* of the IP header */
	uint8_t proto;    /* */
	bool is_restored; /* its destination was put right (L1) */
	/* Its options are known: those of what a helper resized are not. */
	bool has_record;
	bool is_source_routed;
	uint32_t record_slot; /* where the router is in a record of the route */
	/* As it was before that; only with is_restored. */
	uint8_t *before;
	uint32_t before_len;
};

struct masq_view nv_view_of(const struct packet *p);
/* The IP payload. */
struct masq_view nv_payload_of(const struct packet *p);
uint32_t nv_source_of(const struct packet *p);
uint32_t nv_dest_of(const struct packet *p);
/* Writers; offsets from the IP header, or from the payload. */
void nv_put_source(struct packet *p, uint32_t addr);
void nv_put_dest(struct packet *p, uint32_t addr);
void nv_put_payload16(struct packet *p, uint32_t offset, uint16_t value);
void nv_put_payload32(struct packet *p, uint32_t offset, uint32_t value);

/* Ones' complement sum of all octets, folded. */
uint16_t nv_sum_of(struct masq_view v);
/* The same of a TCP or UDP segment with its pseudo header. */
uint16_t nv_segment_sum(uint32_t source, uint32_t dest, uint8_t proto,
			struct masq_view segment);
/* Makes the header's checksum. */
void nv_make_header_sum(struct packet *p);
/* The octets that a transport checksum covers. */
struct masq_view nv_covered(const struct packet *p);
/* Is the checksum of TCP, UDP or ICMP good? UDP without one is. */
bool nv_is_sum_good(const struct packet *p);
/* Makes it; a UDP datagram without stays so. */
void nv_make_sum(struct packet *p);
/*
 * A checksum of which not all octets are there, after a 16-bit field that it
 * covers became another one.
 */
uint16_t nv_moved_sum(uint16_t sum, uint16_t was, uint16_t is);

/* ---- table.c --------------------------------------------------------- */

enum {
	NO_DADDR = 0x0001,
	NO_DPORT = 0x0002,
	NO_SPORT = 0x0008,
	DLOOSE = 0x0010,
	NO_REPLY = 0x0080,
	MPORT = 0x1000,
};

enum state {
	NONE,
	ESTABLISHED,
	SYN_SENT,
	SYN_RECV,
	FIN_WAIT,
	TIME_WAIT,
	CLOSE,
	CLOSE_WAIT,
	LAST_ACK,
	LISTEN,
	STATE_UDP,
	STATE_ICMP,
	NUM_STATES
};

struct helper;
struct stream;

struct entry {
	bool is_alive;
	uint8_t proto;
	uint32_t ia, ma, oa; /* inside, masquerade, outside (peer) */
	uint16_t ip, mp, op;
	uint16_t flags;
	enum state state;
	uint32_t timeout; /* ticks, from its next use on */
	uint64_t expires; /* tick */
	uint64_t hashed;  /* number of its last entering into the table */
	struct entry *parent;
	unsigned int num_children;
	const struct helper *helper;
	bool is_inbound;       /* helper bound by the masquerade port */
	struct stream *stream; /* with a helper */
};

struct model;

/* What a new entry is to be. */
struct spec {
	uint8_t proto;
	uint32_t ia, ma, oa;
	uint16_t ip, op;
	uint16_t flags;
};

struct entry *nv_find_in(struct model *m, uint8_t proto, uint32_t source,
			 uint16_t sport, uint32_t dest, uint16_t dport);
struct entry *nv_find_out(struct model *m, uint8_t proto, uint32_t source,
			  uint16_t sport, uint32_t dest, uint16_t dport);
/* NULL: no port, or no room. */
struct entry *nv_new_entry(struct model *m, const struct spec *spec);
/* With a port that is demanded. */
struct entry *nv_new_demanded(struct model *m, const struct spec *spec,
			      uint16_t port);
void nv_rehash(struct model *m, struct entry *e);
/* Into a state, with its timeout. */
void nv_set_state(struct model *m, struct entry *e, enum state state);
/* The timer runs anew, with the entry's timeout. */
void nv_start_timer(struct model *m, struct entry *e);
void nv_link_child(struct entry *parent, struct entry *child);
/* Ends what is due up to and including m->tick, in order of time. */
void nv_expire(struct model *m);

/* ---- the model ------------------------------------------------------- */

struct rate {
	uint32_t dest, source;
	uint8_t tos, kind;
	uint64_t epoch; /* of the route cache */
	uint64_t tokens, last;
};

struct portfw {
	struct conf_portfw rule;
	uint32_t left; /* of its preference */
};

/* A neighbour, as its last packet had it. */
struct hop {
	uint32_t addr;
	uint8_t mac[6];
	bool is_sure; /* nobody else was heard since */
};

struct reasm;

struct model {
	struct conf_settings settings;
	const char *loss; /* why it is at a loss, or NULL */
	const char *loss_at_open;

	uint64_t now; /* ns */
	uint64_t tick;
	uint64_t boot; /* tick; may be "before" 0, modulo 2^64 */
	bool is_started;
	conf_emit_fn *emit;
	void *ctx;

	struct entry *entries;
	unsigned int num_entries; /* highest used + 1 */
	unsigned int num_alive;
	unsigned int max_alive;
	uint64_t num_hashed;
	uint32_t timeouts[NUM_STATES];
	uint32_t free_ports[3]; /* UDP, TCP, ICMP */
	uint16_t rover;
	unsigned int num_demanded;

	struct portfw portfw[CONF_MAX_PORTFW];
	unsigned int num_portfw;

	struct rate *rates;
	unsigned int num_rates;
	struct hop hops[MAX_HOPS];
	unsigned int num_hops;
	bool is_ethernet; /* a packet came by Ethernet */
	uint16_t ip_id;   /* of the next packet of the router itself */

	struct stream *streams;
	unsigned int num_streams; /* highest used + 1 */
	struct reasm *reasm;
	uint8_t *work;   /* the packet */
	uint8_t *before; /* struct packet.before */
	uint8_t *own;    /* a packet of the router itself */
	uint8_t *slice;  /* a fragment that is sent */
	uint8_t *text;   /* a payload with its edits: room for two datagrams */
};

/* It cannot go on: from now on nothing is known. */
void nv_lose(struct model *m, const char *why);

/* ---- reasm.c --------------------------------------------------------- */

struct reasm *nv_reasm_new(void);
void nv_reasm_free(struct reasm *r);
void nv_reasm_reset(struct reasm *r);
/* Datagrams that wait for the rest of them at m->tick. */
uint32_t nv_reasm_num(const struct model *m);
/*
 * Takes a fragment. True: its datagram is whole, and is in p now. False: it
 * was kept, or nothing came of it.
 */
bool nv_reassemble(struct model *m, struct packet *p);

/* ---- options.c ------------------------------------------------------ */

/*
 * Those of a packet that was received. False: it goes no further; who sent it
 * was told, if there is something to tell.
 */
bool nv_read_options(struct model *m, struct packet *p);
/* What is written into them as it leaves on a side. */
void nv_finish_options(struct model *m, struct packet *p, enum conf_side side);
/* Makes those that only a first fragment has No Operation. */
void nv_blank_options(struct packet *p);
/* How long the header of an answer to p is. */
uint32_t nv_echo_len(const struct packet *p);
/* Behind the header of to: options of from, with its own address. */
void nv_echo_options(struct model *m, struct packet *to,
		     const struct packet *from, uint32_t source);

/* ---- router.c -------------------------------------------------------- */

void nv_receive(struct model *m, const struct conf_packet *stimulus);
/* Where a packet to addr leaves. */
enum conf_side nv_way_to(const struct model *m, uint32_t addr);
bool nv_is_router(const struct model *m, uint32_t addr);
bool nv_is_on_net(const struct conf_interface *i, uint32_t addr);
/* Is there no router between us and it, on that side? */
bool nv_is_neighbour(const struct model *m, enum conf_side side, uint32_t addr);
bool nv_is_broadcast(const struct model *m, uint32_t addr);
const struct conf_interface *nv_interface_of(const struct model *m,
					     enum conf_side side);
/* Sends it, in fragments if need be. */
void nv_send_out(struct model *m, struct packet *p, enum conf_side side,
		 bool own_error);
/* A packet of the router itself: header, checksums, sent. */
struct origin {
	const struct packet *cause; /* whose options are echoed */
	uint32_t source, dest;
	uint8_t proto, tos, ttl;
	bool is_error;
};
void nv_originate(struct model *m, const struct origin *o,
		  uint32_t payload_len);

/* ---- hop.c ------------------------------------------------------------ */

/* A packet came from mac; NULL: not by Ethernet. */
void nv_hear(struct model *m, const struct packet *p, const uint8_t *mac);

/* ---- own.c, answer.c -------------------------------------------------- */

/* An ICMP error about p; rest is the second word. */
void nv_own_error(struct model *m, const struct packet *p, uint8_t type,
		  uint8_t code, uint32_t rest);
/* May a redirect be sent because of p? */
bool nv_may_redirect(struct model *m, const struct packet *p);
void nv_spend_all(struct model *m, uint32_t dest, uint32_t source, uint8_t tos);
/* What the router does with a packet for itself. */
void nv_answer(struct model *m, struct packet *p);

/* ---- flow.c, icmp.c, portfw.c ----------------------------------------- */

enum fate {
	DROP,
	PASS,
	REWRITTEN,
};

/* CORE-ENT-03, of a new UDP entry with a port of the pool. */
uint16_t nv_udp_flags(const struct model *m, uint16_t inside_port);
enum fate nv_flow_out(struct model *m, struct packet *p);
enum fate nv_flow_in(struct model *m, struct packet *p);
enum fate nv_query_out(struct model *m, struct packet *p);
enum fate nv_icmp_in(struct model *m, struct packet *p);
/* F1: an error on its way. */
enum fate nv_error_out(struct model *m, struct packet *p);

void nv_portfw_reset(struct model *m);
bool nv_portfw_claims(const struct model *m, uint8_t proto, uint32_t addr,
		      uint16_t port);
struct entry *nv_portfw_create(struct model *m, const struct packet *p);

/* ---- stream.c and the helpers ----------------------------------------- */

/* Binds a helper, where one is loaded for the new entry. */
void nv_bind_helper(struct model *m, struct entry *e);
void nv_unbind_helper(struct entry *e);
/*
 * Shows it the packet; masq_addr: for what it announces. False: the packet
 * goes no further.
 */
bool nv_call_helper(struct model *m, struct entry *e, struct packet *p,
		    bool outward, uint32_t masq_addr);
/* What is listed as Init-seq: the next octet that goes out. */
uint32_t nv_next_number(const struct entry *e);
/* ... and as Delta: by how much what goes out has grown. */
int32_t nv_shift(const struct entry *e);
struct stream *nv_streams_new(void);
void nv_streams_reset(struct model *m);

#endif /* FUZZ_NAIVE_MODEL_H */
