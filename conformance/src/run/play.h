/* SPDX-License-Identifier: Apache-2.0 */
/*
 * play.h - a case while it is played against an engine
 *
 * Stimuli are built and given to the engine; what comes is matched with what
 * the case expects. The first difference ends the case.
 */
#ifndef RUN_PLAY_H
#define RUN_PLAY_H

#include "conformance/play.h"
#include "conformance/results.h"
#include "run/pkt.h"

#define RUN_BUFFER (RUN_MAX_PACKET + 1u + 128u)

/* ---- variables (vars.c) ---------------------------------------------- */

struct run_var {
	uint32_t name;
	int64_t index; /* of $NAME[index]; 0 without */
	int64_t value;
	bool is_endpoint; /* a port of addr and proto */
	uint8_t proto;
	uint32_t addr;
};

struct run_pair {
	uint32_t a, b; /* names that may be equal */
};

struct run_vars {
	struct run_var *items;
	size_t num, max;
	struct run_pair *pairs;
	size_t num_pairs, max_pairs;
};

const struct run_var *run_var_find(const struct run_vars *vars, uint32_t name,
				   int64_t index);
/* False without memory. */
bool run_var_set(struct run_vars *vars, const struct run_var *var);
void run_var_forget(struct run_vars *vars, uint32_t name, int64_t index);
bool run_var_pair(struct run_vars *vars, uint32_t a, uint32_t b);
/* Another name that holds the same endpoint and may not, or NULL. */
const struct run_var *run_var_clash(const struct run_vars *vars,
				    const struct run_var *var);
void run_vars_cleanup(struct run_vars *vars);

/* ---- TCP connections (endpoint.c) ------------------------------------ */

/* From the octet behind pos on, the other side counts delta more. */
struct run_edit {
	uint32_t pos;
	int32_t delta;
};

/* One of the two ends, as its own side sees the connection. */
struct run_end {
	enum conf_side side;
	bool known;    /* addresses are */
	bool is_meant; /* laddr and lport are what the case says */
	uint32_t laddr, raddr;
	uint16_t lport, rport;
	uint32_t isn, snd_nxt, rcv_nxt;
	bool has_sent, has_rcv;
	struct run_edit *edits; /* of what it sends */
	size_t num_edits;
};

struct run_conn {
	uint32_t name; /* or CASE_NO_NAME */
	struct run_end end[2];
};

struct run_conns {
	struct run_conn *items;
	size_t num, max;
};

/* A segment on its way: numbers of its sender. */
struct run_segment {
	size_t conn;       /* index; SIZE_MAX = none */
	unsigned int from; /* which end sent it */
	uint32_t seq, ack;
	uint32_t len; /* octets of payload */
	uint8_t flags;
};

size_t run_conn_find(const struct run_conns *conns, enum conf_side side,
		     const struct run_pkt *pkt, unsigned int *out_from);
size_t run_conn_named(const struct run_conns *conns, uint32_t name);
/* SIZE_MAX without memory. */
size_t run_conn_add(struct run_conns *conns, uint32_t name);
/* What this end would send now, given the flags. */
void run_conn_next(const struct run_conn *conn, unsigned int from,
		   uint8_t flags, uint32_t *out_seq, uint32_t *out_ack);
void run_conn_sent(struct run_conn *conn, const struct run_segment *segment);
/* The numbers that the other end must see, SACK too. */
void run_conn_through(const struct run_conn *conn,
		      const struct run_segment *segment, struct run_pkt *pkt);
/* It came out as pkt, on side. False without memory. */
bool run_conn_received(struct run_conn *conn, const struct run_segment *segment,
		       enum conf_side side, const struct run_pkt *pkt);
void run_conns_cleanup(struct run_conns *conns);

/* ---- a play ---------------------------------------------------------- */

/* A packet with a name. */
struct run_label {
	uint8_t *octets; /* owned; NULL = not seen yet */
	uint32_t len;
	bool came;                  /* the router sent it */
	struct run_segment segment; /* what was sent, of which connection */
};

/* The stimulus that is being answered. */
struct run_stimulus {
	bool is_set; /* false: time alone */
	enum conf_side side;
	struct run_pkt pkt; /* the whole; its part is has_part */
	bool decoded;       /* pkt means something */
	struct run_segment segment;
};

struct run_play {
	const struct conf_case *c;
	const struct conf_player *player;
	struct conf_outcome *out;
	uint64_t now, last; /* ns of the case; of the line before */
	uint16_t next_id;
	uint32_t nat, router; /* addresses */
	uint32_t inside_net, inside_mask;
	struct run_vars vars;
	struct run_conns conns;
	struct run_label *labels; /* by name */
	struct run_stimulus stimulus;
	struct conf_results results; /* of the step */
	uint64_t num_results;        /* of the case */
	uint64_t num_stimuli;
	struct masq_buf packet;  /* what is sent, or expected */
	struct masq_buf whole;   /* of a stimulus */
	struct masq_buf payload; /* of what is being made */
	uint32_t used;           /* of payload */
	struct run_watch *watch; /* the invariants, or NULL */
};

/* The engine or the harness: verdict ERROR. Always false. */
bool run_error(struct run_play *play, struct case_pos pos, const char *format,
	       ...) __attribute__((format(printf, 3, 4)));
/* What the case says is not so: verdict FAIL. Always false. */
bool run_fail(struct run_play *play, struct case_pos pos, const char *format,
	      ...) __attribute__((format(printf, 3, 4)));

/* ---- numbers (eval.c) ------------------------------------------------ */

enum run_eval {
	RUN_EVAL_OK = 0,
	RUN_EVAL_UNBOUND,
};

enum run_eval run_eval(const struct run_play *play, const struct case_expr *e,
		       int64_t *out);
/* The value, or an error that names the variable. */
bool run_value(struct run_play *play, const struct case_expr *e, int64_t *out);

/* A value in a packet that came. */
struct run_seen {
	bool there;          /* the packet has it */
	const char *missing; /* what is said if not; NULL = not bound */
	int64_t value;
	bool is_endpoint;
	uint8_t proto;
	uint32_t addr;
};

/*
 * The value; what is not bound yet is bound so that the value is the one
 * that was seen.
 */
bool run_bind(struct run_play *play, const struct case_expr *e,
	      const struct run_seen *seen, int64_t *out);

/* "$p", "$p[3]" */
#define RUN_NAME_SIZE 64
const char *run_name_text(const struct run_play *play, uint32_t name,
			  int64_t index, char out[RUN_NAME_SIZE]);

/* ---- packets (make.c, expect.c, fields.c, text.c, quote.c) ----------- */

/* Who a packet is made for: a stimulus, or what is to come. */
struct run_making {
	const struct case_packet *spec;
	bool expect;             /* made to be compared with actual */
	struct masq_view actual; /* what came */
	struct run_pkt seen;     /* the same, taken apart */
	bool own;                /* the router's own */
	enum conf_side side;     /* arrives or leaves there */
	struct run_segment segment;
	uint32_t isn[2]; /* of source and destination of TCP */
};

bool run_make_ends(struct run_play *play, struct run_making *m,
		   struct run_pkt *pkt);
bool run_make_fields(struct run_play *play, struct run_making *m,
		     struct run_pkt *pkt);
bool run_make_payload(struct run_play *play, struct run_making *m,
		      struct run_pkt *pkt);
bool run_make_quote(struct run_play *play, struct run_making *m,
		    struct run_pkt *pkt);
bool run_make_part(struct run_play *play, const struct case_packet *spec,
		   struct run_pkt *pkt);
/* The address that a host, NAT, ... has, and its side. */
enum conf_side run_side_of(const struct run_play *play, uint32_t addr);

/* play->packet and play->stimulus of a "sends" line. */
bool run_make_stimulus(struct run_play *play, enum conf_side side,
		       const struct case_packet *spec);
/* play->packet: what should have come in place of actual. */
bool run_make_expected(struct run_play *play, const struct case_get *get,
		       struct masq_view actual, struct run_making *out_making);

/* Remembers a packet under a label. */
bool run_set_label(struct run_play *play, uint32_t name, struct masq_view v,
		   bool came);
/* The connection of a CONNECT line, and its handshake. */
bool run_connect(struct run_play *play, const struct case_stmt *stmt);

/* ---- steps (step.c, match.c) ----------------------------------------- */

bool run_step(struct run_play *play, const struct case_stmt *stmt);
/* The results of the step with the lines. */
bool run_match(struct run_play *play, const struct case_get *gets,
	       struct case_pos pos);
bool run_check(struct run_play *play, const struct case_stmt *stmt);

#endif /* RUN_PLAY_H */
