/* SPDX-License-Identifier: Apache-2.0 */
/*
 * baseline.h - the least that reading and writing a capture costs
 *
 * A bare loop of libpcap, to measure the reader and the writer against. It
 * checks nothing and is not for any other use.
 */
#ifndef PCAPS_BASELINE_H
#define PCAPS_BASELINE_H

#include "pcaps/capture.h"

/* Changes the packet in place; data begins at the IP header. */
typedef void cap_rewrite_fn(void *ctx, enum cap_side side, uint8_t *data,
			    uint32_t len);

/*
 * cap_baseline() reads the LINUX_SLL2 capture in, and writes each record to
 * out twice: as it is, and rewritten, as sent by the other side. Errors:
 * CAP_ERR_OPEN, _FORMAT, _LINK, _IO; then out is not to be used.
 */
enum cap_status cap_baseline(const char *in, const char *out,
			     cap_rewrite_fn *rewrite, void *ctx,
			     char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

#endif /* PCAPS_BASELINE_H */
