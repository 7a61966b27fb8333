/* SPDX-License-Identifier: Apache-2.0 */
/*
 * work.h - what the parts of the mutator share
 *
 * Theory of operation. An input is a list of stimuli (list.c). Plain
 * mutations change that list: order (order.c), times (times.c), octets
 * (bytes.c), fields by name (fields.c), checksums (sums.c), segments
 * (segments.c), fragments (fragments.c), IP options (options.c). Live ones
 * add to it at one place, the cut: what lies before it has been played on a
 * reference engine (world.c), each new packet is played as well (emit.c),
 * and so they know the mapping table, the state of each connection
 * (conns.c) and the packets that left: they aim (aim.c), report errors
 * (errors.c), carry on connections (tcp.c) and speak the helpers' protocols
 * (speak.c, say_*.c). One call does some plain mutations, then plays once,
 * then does some live ones (mutator.c).
 *
 * No memory is taken after fuzz_mutator_new() but that of an engine when its
 * variant is met first. Octets of packets lie in an arena that begins anew
 * with each call; what does not fit is left out.
 */
#ifndef FUZZ_MUTATOR_WORK_H
#define FUZZ_MUTATOR_WORK_H

#include "conformance/engine.h"
#include "input.h"
#include "masq/helper.h"
#include "masq/masq.h"
#include "masq/wire.h"
#include "mutator/rng.h"
#include "variant.h"

/*
 * A stranger's engine may be opened in this process, and may call its own
 * functions what it likes.
 */
#pragma GCC visibility push(hidden)

#define NS_PER_MS   UINT64_C(1000000)
#define NS_PER_S    UINT64_C(1000000000)
#define NS_PER_TICK (10 * NS_PER_MS)

#define MAX_PACKET  65535u
#define MAX_CONNS   32u
#define MAX_ENTRIES 96u
#define MAX_SEEN    16u
#define MAX_TEXT    4096u

/* Protocols, offsets and flags, as far as packets are built. */
enum {
	IPP_ICMP = 1,
	IPP_TCP = 6,
	IPP_UDP = 17,
	F_FIN = 1,
	F_SYN = 2,
	F_RST = 4,
	F_PSH = 8,
	F_ACK = 16,
	F_URG = 32,
	IP_HEADER = 20,
	TCP_HEADER = 20,
	UDP_HEADER_LEN = 8,
	ICMP_HEADER_LEN = 8
};

/* A direction of a TCP connection. */
struct half {
	uint32_t next; /* the sender's next number */
	uint32_t seen; /* the receiver's idea of it, shifted by the router */
	bool known;
};

/* A TCP connection through the router. */
struct conn {
	uint32_t ia, ma, oa;
	uint16_t ip, mp, op;
	bool has_in; /* ia and ip are known: they are but for a moment */
	bool has_m;  /* ma and mp are */
	struct half in, out;         /* what comes from inside, from outside */
	uint8_t flags_in, flags_out; /* all that were seen */
};

/* A packet that left the router. */
struct seen {
	enum conf_side side;
	uint32_t len; /* octets kept */
	uint8_t data[600];
};

/* A reference engine with the settings of one variant. */
struct place {
	struct masq_engine *engine; /* NULL: not made yet, or cannot be */
	struct masq_config *config;
	void *options; /* of the helpers */
	bool tried;
};

struct world {
	struct place *place;
	uint64_t now; /* ns */
	struct conn conns[MAX_CONNS];
	unsigned int num_conns;
	struct seen seen[MAX_SEEN]; /* a ring */
	unsigned int num_seen;      /* ever */
	struct masq_entry_info entries[MAX_ENTRIES];
	unsigned int num_entries;
	bool has_entries;         /* they are up to date */
	struct conn *active;      /* that the packet being played belongs to */
	unsigned int num_results; /* of the packet played last */
};

struct work {
	struct rng rng;
	struct conf_packet packets[FUZZ_MAX_PACKETS];
	unsigned int num;
	unsigned int variant;
	unsigned int cut; /* live mutations add here */
	const char *helper;
	struct world world;
	struct place *places; /* fuzz_num_variants of them */
	uint8_t *arena;
	size_t arena_len, arena_cap;
	uint8_t scratch[MAX_PACKET + 1]; /* a packet being built */
	uint8_t text[MAX_TEXT];          /* its payload */
};

/* A mutation; false: there was nothing to do it to. */
struct mutation {
	const char *name;
	unsigned int weight;
	bool is_live;
	bool (*run)(struct work *w);
};
extern const struct mutation fuzz_mutations[];
extern const unsigned int fuzz_num_mutations;

/* mutator.c: for the tests. */
struct work *fuzz_mutator_work(struct fuzz_mutator *mutator);

/* list.c */
void list_read(struct work *w, const uint8_t *data, size_t len);
/* Reads the packets of another input into out, at most max of them. */
unsigned int list_read_more(struct work *w, const uint8_t *data, size_t len,
			    struct conf_packet *out, unsigned int max);
size_t list_write(const struct work *w, uint8_t *data, size_t max);
/* Octets of the arena, NULL if there are not as many left. */
uint8_t *list_take(struct work *w, uint32_t len);
/* Copies the packet's octets and puts it at at; false if there is no room. */
bool list_insert(struct work *w, unsigned int at,
		 const struct conf_packet *packet);
void list_remove(struct work *w, unsigned int at);
/* The packet gets octets of its own: those of scratch. */
bool list_replace(struct work *w, unsigned int at, uint32_t len);
/* Copies packet number at to scratch; returns its length. */
uint32_t list_load(struct work *w, unsigned int at);
/* Moves the packets from at on by so much. */
void list_shift(struct work *w, unsigned int at, int64_t ns);
/* Any, and one that is of that protocol if there is; num must not be 0. */
unsigned int list_pick(struct work *w);
unsigned int list_pick_proto(struct work *w, uint8_t proto);

/* layout.c: where the parts of a packet are. */
struct layout {
	bool is_whole; /* a header of good length, and a transport header */
	bool is_fragment;
	uint8_t proto;
	uint32_t hlen, total; /* octets; total <= what is there */
	uint32_t saddr, daddr;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags;
	uint32_t payload; /* offset */
	uint32_t payload_len;
};
struct layout layout_of(const uint8_t *data, uint32_t len);

/* sums.c */
void sums_repair(uint8_t *data, uint32_t len);
/* ... of an ICMP error's quoted packet too. */
void sums_repair_quote(uint8_t *data, uint32_t len);
bool mutate_repair(struct work *w);
bool mutate_spoil(struct work *w);

/* build.c: into scratch; they return the length. */
struct ends {
	uint32_t src, dst;
	uint16_t sport, dport;
};
uint32_t build_udp(struct work *w, const struct ends *ends, const uint8_t *data,
		   uint32_t len);
uint32_t build_tcp(struct work *w, const struct ends *ends, uint8_t flags,
		   uint32_t seq, uint32_t ack, const uint8_t *data,
		   uint32_t len);
uint32_t build_icmp(struct work *w, uint32_t src, uint32_t dst, uint8_t type,
		    uint8_t code, uint32_t rest, const uint8_t *data,
		    uint32_t len);

/* values.c: numbers and addresses worth trying. */
uint32_t value_inside(struct work *w);
uint32_t value_peer(struct work *w);
uint32_t value_any_addr(struct work *w);
/* The Ethernet address of a host or a router. */
const uint8_t *value_mac(struct work *w);
uint16_t value_port(struct work *w);     /* of an ordinary host */
uint16_t value_odd_port(struct work *w); /* a boundary */
uint32_t value_number(struct work *w, unsigned int octets);
uint32_t value_payload(struct work *w); /* fills text, returns its length */

/* world.c */
/* The engine of the work's variant, as the one that is asked. */
void world_meet(struct work *w);
/* Plays what lies before the cut; false if there is no engine. */
bool world_begin(struct work *w);
void world_play(struct work *w, const struct conf_packet *packet);
/* The mapping table as it is now. */
void world_look(struct work *w);
void world_reach(struct work *w, uint64_t now);
/* One of the entries, the youngest more often; NULL if there is none. */
const struct masq_entry_info *world_pick(struct work *w);
/* One that a helper made. */
const struct masq_entry_info *world_pick_child(struct work *w);
void world_free(struct work *w);

/* conns.c */
void conns_stimulus(struct world *world, const struct conf_packet *packet);
void conns_result(struct world *world, enum conf_side side, const uint8_t *data,
		  uint32_t len);
struct conn *conns_pick(struct work *w);
struct conn *conns_find(struct world *world, uint32_t ia, uint16_t ip,
			uint32_t oa, uint16_t op);

/* options.c: IP options for what is in scratch; its new length, 0: not. */
uint32_t options_add(struct work *w, uint32_t len);

/* emit.c: what is in scratch arrives at the cut and is played. */
bool emit(struct work *w, enum conf_side side, uint32_t len);
/* As it is, and at once. */
bool emit_now(struct work *w, enum conf_side side, uint32_t len);

/* times.c */
uint64_t times_edge(struct work *w);
void times_pass(struct work *w);

/* tcp.c */
bool tcp_send(struct work *w, struct conn *c, bool from_inside, uint8_t flags,
	      const uint8_t *data, uint32_t len);
struct conn *tcp_open(struct work *w, uint32_t ia, uint16_t ip, uint32_t oa,
		      uint16_t op);
struct conn *tcp_accept(struct work *w, uint32_t ma, uint16_t mp, uint32_t oa,
			uint16_t op);

/* aim.c */
bool aim_follow(struct work *w, const struct masq_entry_info *entry);

/* fragments.c */
bool fragments_emit(struct work *w, enum conf_side side, uint32_t len);

/* The rest: one mutation each. */
bool mutate_delete(struct work *w);
bool mutate_duplicate(struct work *w);
bool mutate_swap(struct work *w);
bool mutate_move(struct work *w);
bool mutate_truncate(struct work *w);
bool mutate_repeat(struct work *w);
bool mutate_frame(struct work *w);
bool mutate_step(struct work *w);
bool mutate_variant(struct work *w);
bool mutate_field(struct work *w);
bool mutate_bytes(struct work *w);
bool mutate_payload(struct work *w);
bool mutate_split(struct work *w);
bool mutate_retransmit(struct work *w);
bool mutate_fragment(struct work *w);
bool mutate_options(struct work *w);
bool mutate_size(struct work *w);
bool mutate_aim(struct work *w);
bool mutate_reply(struct work *w);
bool mutate_open(struct work *w);
bool mutate_follow(struct work *w);
bool mutate_wait(struct work *w);
bool mutate_error(struct work *w);
bool mutate_exchange(struct work *w);
bool mutate_close(struct work *w);
bool mutate_nag(struct work *w);
bool mutate_speak(struct work *w);
/* Does the router watch for what is to be spoken? True if that is anything. */
bool speak_is_heard(struct work *w);

/* bytes.c: octets in place; returns the new length, 1 <= it <= max. */
size_t bytes_mutate(struct work *w, uint8_t *data, size_t len, size_t max);

#pragma GCC visibility pop

#endif /* FUZZ_MUTATOR_WORK_H */
