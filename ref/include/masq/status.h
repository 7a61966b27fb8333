/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.h - what can go wrong, and what may become of a packet
 *
 * Errors are values: a function that can fail returns enum masq_status and
 * is marked MASQ_NODISCARD. Text for people is made at the edges from
 * masq_status_name() and masq_drop_name().
 */
#ifndef MASQ_STATUS_H
#define MASQ_STATUS_H

#define MASQ_NODISCARD __attribute__((warn_unused_result))

enum masq_status {
	MASQ_OK = 0,
	MASQ_ERR_NOMEM,    /* no memory when the engine was opened */
	MASQ_ERR_CONFIG,   /* a configuration value is out of its range */
	MASQ_ERR_TOO_LONG, /* the edit would pass 65535 octets of datagram */
	MASQ_ERR_RANGE,    /* an offset lies outside the packet */
	MASQ_ERR_SPACE,    /* the caller's buffer is too small */
};

/*
 * Why a packet was not sent on. Stable: cases assert them, reports count
 * them. A packet for the router itself is LOCAL, not lost.
 */
enum masq_drop {
	MASQ_DROP_NONE = 0,
	MASQ_DROP_NOT_UNICAST, /* frame for another host; CORE-PATH-10 1 */
	MASQ_DROP_IP_HEADER,   /* length, version, checksum; CORE-PATH-10 2 */
	MASQ_DROP_IP_OPTION,   /* malformed or refused option */
	MASQ_DROP_MARTIAN,     /* impossible source or destination */
	MASQ_DROP_NO_ROUTE,    /* no way there */
	MASQ_DROP_FRAGMENT,    /* reassembly refused it; CORE-FRAG-05 */
	MASQ_DROP_HELD,        /* held for reassembly, not lost yet */
	MASQ_DROP_TTL,         /* CORE-PATH-30 step 4 */
	MASQ_DROP_TOO_BIG,     /* DF and longer than the MTU; step 9 */
	MASQ_DROP_TRANSPORT,   /* transport header; CORE-OUT-01, INB-02 */
	MASQ_DROP_CHECKSUM,    /* CORE-CSUM-02 */
	MASQ_DROP_PROTOCOL,    /* cannot be masqueraded; CORE-OTH-01 */
	MASQ_DROP_NO_PORT,     /* pool or table exhausted; CORE-PORT-06 */
	MASQ_DROP_QUOTE,       /* short ICMP error quote; CORE-ICE-01 */
	MASQ_DROP_TWICE,       /* de-masqueraded twice; CORE-VER-07 */
	MASQ_DROP_LEAK,        /* would leave with an inside address; B03 */
	MASQ_DROP_HELPER,      /* refused by a protocol helper */
	MASQ_DROP_LOCAL,       /* delivered to the router itself */
	MASQ_NUM_DROPS
};

/* Short stable names, for example "checksum"; "?" for a value unknown. */
const char *masq_status_name(enum masq_status status);
const char *masq_drop_name(enum masq_drop drop);

#endif /* MASQ_STATUS_H */
