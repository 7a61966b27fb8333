/* SPDX-License-Identifier: Apache-2.0 */
/*
 * toy.h - a protocol helper for the tests of the helper interface
 *
 * What it does with a packet is a function of the test, named in the
 * options of its binding. toy_open() is such a function: a file transfer
 * protocol in two commands, which begin a payload and end with a line feed.
 *
 * OPEN a,b,c,d,p,q, from inside: a peer will connect to that address and
 * port; rewritten as FTP's PORT is.
 * WAIT p, from outside: this peer waits at port p for a connection from any
 * inside port, and is let in itself at a new port.
 */
#ifndef REF_TEST_TOY_H
#define REF_TEST_TOY_H

#include "kit.h"
#include "masq/helper.h"

typedef struct masq_answer toy_fn(struct masq_hook *hook, void *ctx);

/* The options of a binding; NULL functions see nothing. */
struct toy {
	toy_fn *out, *in;
	void *ctx; /* of both */
};

/* The two helpers; their bind() counts in this variable. */
extern const struct masq_helper_ops toy_tcp, toy_udp;
extern unsigned int toy_num_bound;

/* Appends a binding; the toy must outlive the engine. */
void toy_load(struct masq_config *config, const struct masq_helper_ops *ops,
	      uint16_t port, bool inbound, const struct toy *toy);

toy_fn toy_open;
extern const struct toy toy_opener; /* with toy_open both ways */

/* A kit with toy_opener for TCP port 21. */
struct kit *toy_kit(void);

/* Text for masq_hook_replace() and _write(): pointer and length. */
#define TOY_TEXT(s) (const uint8_t *)(s), (uint32_t)(sizeof(s) - 1)

#endif /* REF_TEST_TOY_H */
