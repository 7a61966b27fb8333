/* SPDX-License-Identifier: Apache-2.0 */
/*
 * helper.h - what a protocol helper is, and what the engine does for it
 *
 * A helper is a table of functions, registered for a transport and ports
 * (struct masq_binding in masq.h). The engine binds it to an entry when the
 * entry is made (CORE-APP-02) and calls it for each packet of that entry,
 * after addresses and ports are rewritten and sequence numbers shifted,
 * before checksums are made and the state advances (GEN-10, GEN-11). The
 * engine knows no helper by name, a helper knows the engine by this file.
 *
 * Ownership: everything reached from a struct masq_hook is the engine's and
 * valid during the call, except the words of an entry, which last as long
 * as the entry. A helper keeps no other memory.
 */
#ifndef MASQ_HELPER_H
#define MASQ_HELPER_H

#include "masq/masq.h"
#include "masq/wire.h"

struct masq_entry;

/* One association: inside, and outside (peer); host order. */
struct masq_tuple {
	uint8_t proto;        /* 6 or 17 */
	uint32_t inside_addr; /* */
	uint16_t inside_port; /* 0 with MASQ_NO_SPORT */
	uint32_t peer_addr;   /* 0 with MASQ_NO_DADDR */
	uint16_t peer_port;   /* 0 with MASQ_NO_DPORT */
};

/* One call of a helper. */
struct masq_hook {
	struct masq_engine *engine;
	struct masq_entry *entry; /* that the packet belongs to */
	const void *options;      /* of the binding */
	bool inbound;             /* bound by the masquerade port (GEN-07) */
	uint64_t quirks;          /* MASQ_QUIRK() bits */
	uint8_t proto;            /* 6 or 17 */
	/*
	 * GEN-19. Out: the router's address towards the destination. In: the
	 * destination address that the packet came with.
	 */
	uint32_t masq_addr;
	uint32_t peer_addr; /* the outside address in the IP header */
	uint16_t peer_port; /* the outside port in the header */
	/*
	 * The transport segment from its header on. TCP: header_len is the
	 * data offset x 4 (may exceed the segment or be below 20), UDP: 8;
	 * what is behind the UDP length is shown with quirk UDP_PADDING only.
	 * Payload begins at header_len. Refreshed by masq_hook_replace().
	 */
	struct masq_view segment;
	uint32_t header_len;
	/*
	 * TCP: the payload follows directly what the helper saw last. With
	 * quirk SEQ_PAIR always true, and every segment is shown, repeated
	 * ones too. Without it the engine shows each octet of a stream once
	 * (false after a gap), remembers what masq_hook_replace() did, and
	 * does the same to retransmissions however they are cut.
	 */
	bool in_order;
	void *call; /* the engine's own */
};

/* What is to become of the packet; DROP only where a quirk is off. */
enum masq_verdict {
	MASQ_ACCEPT = 0,
	MASQ_REFUSE, /* drop it: nothing of it may go on */
};

/*
 * A helper's answer. diff is the change of the payload's length that the
 * helper reports for the sequence record (CORE-SEQ-02); normally that of
 * its edits. It is a field of its own because RA-14 reports a wrong one.
 */
struct masq_answer {
	enum masq_verdict verdict;
	int32_t diff; /* octets */
};

struct masq_helper_ops {
	const char *name; /* for listings, at most 16 characters */
	uint8_t proto;    /* 6 or 17 */
	/* Called once, when an entry is bound; may be NULL. */
	void (*bind)(struct masq_engine *engine, struct masq_entry *entry);
	/* From inside / from outside. NULL = nothing to do. */
	struct masq_answer (*out)(struct masq_hook *hook);
	struct masq_answer (*in)(struct masq_hook *hook);
};

/* ---- the packet ------------------------------------------------------ */

/* The payload, empty if the header reaches beyond the segment. */
static inline struct masq_view masq_hook_payload(const struct masq_hook *hook)
{
	return masq_from(hook->segment, hook->header_len);
}

/*
 * masq_hook_replace() replaces the old_len octets at offset (from the start
 * of the segment) by the len octets of text, len and old_len any. The IP
 * total length follows; the UDP length field does not (CORE-SEQ-07). text
 * must not lie in the segment. Errors: MASQ_ERR_RANGE (outside the
 * segment), MASQ_ERR_TOO_LONG, MASQ_ERR_SPACE (more than the engine can
 * remember of a stream: texts over 60 octets, or thousands of edits); then
 * nothing is changed.
 */
enum masq_status masq_hook_replace(struct masq_hook *hook, uint32_t offset,
				   uint32_t old_len, const uint8_t *text,
				   uint32_t len) MASQ_NODISCARD;

/*
 * masq_hook_write() overwrites len octets at offset in place. Errors:
 * MASQ_ERR_RANGE, MASQ_ERR_SPACE; then nothing is changed.
 */
enum masq_status masq_hook_write(struct masq_hook *hook, uint32_t offset,
				 const uint8_t *text,
				 uint32_t len) MASQ_NODISCARD;

/* ---- entries --------------------------------------------------------- */

/*
 * Entries are counted: find and new_child take a use, which stops the
 * timer, masq_entry_put() gives it back and, with the last use, restarts
 * the timer with the entry's timeout (CORE-LKP-04, GEN-25). A helper gives
 * back what it took; where Linux 2.2 forgot to (IRC-12) or gave back the
 * wrong entry (VDO-06), the quirk does so too.
 */
void masq_entry_put(struct masq_hook *hook, struct masq_entry *entry);

/* CORE-LKP-02: the entry that an outbound packet of tuple uses, or NULL. */
struct masq_entry *masq_entry_find_out(struct masq_hook *hook,
				       const struct masq_tuple *tuple);

/*
 * CORE-LKP-01: the entry that a packet from peer to masq_addr:masq_port
 * uses, or NULL.
 */
struct masq_entry *masq_entry_find_in(struct masq_hook *hook, uint8_t proto,
				      uint32_t peer_addr, uint16_t peer_port,
				      uint32_t masq_addr, uint16_t masq_port);

/*
 * masq_entry_new_child() makes an entry with a port of the pool (GEN-19 to
 * -23) at hook->masq_addr; flags: MASQ_NO_DADDR, _NO_DPORT, _NO_SPORT. NULL
 * if no port or no room is left. State NONE; not linked, not listening.
 */
struct masq_entry *masq_entry_new_child(struct masq_hook *hook,
					const struct masq_tuple *tuple,
					uint16_t flags);

/* Makes the hook's entry the parent of child (CORE-CTL-01). */
void masq_entry_link(struct masq_hook *hook, struct masq_entry *child);

/* State LISTEN and its timeout, for when the entry is put (GEN-21). */
void masq_entry_listen(struct masq_hook *hook, struct masq_entry *entry);

/*
 * Sets the peer port. rehash: the entry is found under its new port from
 * now on; else it stays where the old one put it (QUAKE-07).
 */
void masq_entry_set_peer_port(struct masq_hook *hook, struct masq_entry *entry,
			      uint16_t port, bool rehash);

/* A snapshot of the entry. */
void masq_entry_info(const struct masq_engine *engine,
		     const struct masq_entry *entry,
		     struct masq_entry_info *out_info);

/* The state alone: cheap, for each packet. */
enum masq_state masq_entry_state(const struct masq_entry *entry);

/* Two words of the helper's own, zero when the entry is bound. */
uint32_t *masq_entry_words(struct masq_entry *entry);

#endif /* MASQ_HELPER_H */
