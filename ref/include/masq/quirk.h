/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quirk.h - the named places where Linux 2.2 does what no NAT should
 *
 * Each quirk is a bit with the id of the rule it follows. Profile linux-2.2
 * has all bits on, linux-2.2-fixed none; a configuration may set single
 * ones. A quirk that is off means: do what the protocol needs.
 */
#ifndef MASQ_QUIRK_H
#define MASQ_QUIRK_H

#include <stdint.h>

/* X(identifier, name, rule, what Linux 2.2 does) */
#define MASQ_QUIRK_LIST(X)                                                     \
	X(TTL_QUOTE, "ttl-quote", "CORE-SUR-B01",                              \
	  "time exceeded and redirect show the inside address outside")        \
	X(QUOTE_STALE, "quote-stale", "CORE-SUR-B02",                          \
	  "own errors quote the restored packet with stale checksums")         \
	X(ICMP_LEAK, "icmp-leak", "CORE-SUR-B03",                              \
	  "untranslatable ICMP leaves with its inside source")                 \
	X(WILD_PEER, "wild-peer", "CORE-SUR-B05",                              \
	  "any outside address may claim a fresh UDP mapping")                 \
	X(FLAGLESS_CLOSE, "flagless-close", "CORE-SUR-A20",                    \
	  "a segment without RST, SYN, FIN, ACK closes the entry")             \
	X(ICMP_REPAIR, "icmp-repair", "CORE-SUR-A03",                          \
	  "damaged ICMP leaves with a good checksum")                          \
	X(QUOTE_L4_SUM, "quote-l4-sum", "CORE-SUR-A04",                        \
	  "the quoted transport checksum is left stale")                       \
	X(UDP_PADDING, "udp-padding", "CORE-SUR-A02",                          \
	  "checksums cover the IP payload, not the UDP length")                \
	X(UDP_SUM_FILL, "udp-sum-fill", "CORE-SUR-A01",                        \
	  "a UDP checksum of zero becomes a real one")                         \
	X(TRANSIT_SUM, "transit-sum", "CORE-SUR-A10",                          \
	  "unrelated ICMP errors with bad checksums are dropped")              \
	X(SHORT_DOFF, "short-doff", "CORE-SUR-A08",                            \
	  "TCP data offsets 1 to 4 are accepted")                              \
	X(PORT_ZERO, "port-zero", "CORE-SUR-A13",                              \
	  "inbound packets reach inside port 0 of a child")                    \
	X(ACK_UNFLAGGED, "ack-unflagged", "CORE-SUR-A14",                      \
	  "the ack field is shifted without the ACK flag")                     \
	X(SACK_STALE, "sack-stale", "CORE-SUR-A14",                            \
	  "SACK blocks are not shifted")                                       \
	X(SEQ_PAIR, "seq-pair", "CORE-SUR-A15",                                \
	  "two 16-bit deltas stand for all edits of a stream")                 \
	X(PFW_ERRORS, "pfw-errors", "CORE-SUR-A23",                            \
	  "errors about forwarded ports are not translated")                   \
	X(PFW_ANY_FLAG, "pfw-any-flag", "CORE-SUR-B10",                        \
	  "any TCP segment opens a forwarded connection")                      \
	X(IDLE_FRAGMENT, "idle-fragment", "CORE-SUR-A29",                      \
	  "without entries fragments are taken for whole packets")             \
	X(QUOTE_IHL, "quote-ihl", "CORE-SUR-B21",                              \
	  "quoted header lengths below 5 get a nonsense checksum")

enum masq_quirk_index {
#define X(id, name, rule, what) MASQ_QUIRK_INDEX_##id,
	MASQ_QUIRK_LIST(X)
#undef X
	MASQ_NUM_QUIRKS
};

/* MASQ_QUIRK(ICMP_LEAK): the bit of a quirk in a set. */
#define MASQ_QUIRK(id) (UINT64_C(1) << MASQ_QUIRK_INDEX_##id)

#define MASQ_QUIRKS_NONE UINT64_C(0)
/* Bits from here on are the helpers' (helpers/quirk.h). */
#define MASQ_QUIRK_HELPER_FIRST 32
_Static_assert((int)MASQ_NUM_QUIRKS <= MASQ_QUIRK_HELPER_FIRST,
	       "the engine has 32 bits");

#define MASQ_QUIRKS_ALL UINT64_MAX

/* The list as data: index 0..MASQ_NUM_QUIRKS-1. */
struct masq_quirk {
	const char *name; /* as in configuration key quirk.NAME */
	const char *rule; /* id of the rule of the specification */
	const char *what; /* what is done while the bit is on */
};
extern const struct masq_quirk masq_quirks[MASQ_NUM_QUIRKS];

#endif /* MASQ_QUIRK_H */
