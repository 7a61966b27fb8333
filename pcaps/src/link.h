/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.h - link-layer headers, from their octets to the fields of a record
 */
#ifndef PCAPS_LINK_H
#define PCAPS_LINK_H

#include "bytes.h"
#include "pcaps/capture.h"

/* What some link headers say that decides side and direction. */
struct cap_link_view {
	bool has_ifindex;
	uint32_t ifindex;
	bool has_packet_type;
	uint8_t packet_type; /* enum cap_cast, or CAP_PACKET_SENT; 255: other */
};

/* Packet type of SLL and SLL2: sent by this host. */
#define CAP_PACKET_SENT 4

/*
 * Reads a header off the front of bytes into record (ethertype, vlan, the
 * MACs) and view, both zeroed before. False: the record ends before it.
 */
typedef bool cap_link_parse_fn(struct cap_bytes *bytes,
			       struct cap_record *record,
			       struct cap_link_view *view);

/* A supported link type. */
struct cap_link {
	int dlt;          /* number in libpcap, DLT_ */
	const char *name; /* for people */
	cap_link_parse_fn *parse;
};

/* The link type, or NULL if it is not supported. */
const struct cap_link *cap_link_find(int dlt);

/* True for EN10MB: frames with both MACs. */
bool cap_link_is_ethernet(const struct cap_link *link);

/* The supported ones, as text for an error. */
#define CAP_LINKS_SUPPORTED                                                    \
	"LINUX_SLL2, LINUX_SLL, EN10MB, RAW, IPV4, NULL, LOOP"

/*
 * cap_link_parse() fills record from a frame: what the parser gives, data,
 * len and wire_len. frame_len is what the frame had on the wire. False: the
 * link header is incomplete.
 */
bool cap_link_parse(const struct cap_link *link, struct cap_bytes frame,
		    uint32_t frame_len, struct cap_record *record,
		    struct cap_link_view *view);

#endif /* PCAPS_LINK_H */
