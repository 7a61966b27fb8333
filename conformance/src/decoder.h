/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decoder.h - how the parts of the decoder put fields down
 *
 * A decoder works on a window: offsets given to these functions count from
 * the window's start, fields get the offset in the whole packet.
 */
#ifndef CONFORMANCE_DECODER_H
#define CONFORMANCE_DECODER_H

#include "conformance/decode.h"
#include "packet.h"

struct conf_decoder {
	struct conf_decoded *out;
	const char *prefix;      /* "" or "quote." */
	uint32_t base;           /* offset of the window in the packet */
	struct masq_view window; /* */
	bool quoted;             /* inside an ICMP error: quotes end here */
};

/*
 * A new field with a formatted value; nothing if the window does not hold
 * its octets, or the list is full.
 */
void conf_put(struct conf_decoder *d, const char *name, uint32_t offset,
	      uint32_t len, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Plain numbers, addresses, checksums ("0x1234 good"). */
void conf_put8(struct conf_decoder *d, const char *name, uint32_t offset);
void conf_put16(struct conf_decoder *d, const char *name, uint32_t offset);
void conf_put32(struct conf_decoder *d, const char *name, uint32_t offset);
void conf_put_addr(struct conf_decoder *d, const char *name, uint32_t offset);
void conf_put_sum(struct conf_decoder *d, const char *name, uint32_t offset,
		  const char *verdict);

/* Octets as hexadecimal, or as text; nothing if len is 0. */
void conf_put_hex(struct conf_decoder *d, const char *name, uint32_t offset,
		  uint32_t len);
void conf_put_text(struct conf_decoder *d, const char *name, uint32_t offset,
		   uint32_t len);

/* What an IP payload holds; d->window is that payload. */
void conf_decode_transport(struct conf_decoder *d,
			   const struct conf_layout *ip);
void conf_decode_icmp(struct conf_decoder *d, const struct conf_layout *ip);

/* An IP packet; d->window is all of it. */
void conf_decode_ip(struct conf_decoder *d);

#endif /* CONFORMANCE_DECODER_H */
