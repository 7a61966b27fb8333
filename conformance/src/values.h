/* SPDX-License-Identifier: Apache-2.0 */
/*
 * values.h - numbers, addresses and nets, read from text
 *
 * Each function reads the whole text: false on anything before or behind
 * the value, on an empty text and on a value out of range; then *out is
 * as it was. No sign '+', no blanks, no other base than ten.
 */
#ifndef CONFORMANCE_VALUES_H
#define CONFORMANCE_VALUES_H

#include "conformance/settings.h"

/* A stretch of text, not terminated. */
struct conf_text {
	const char *at;
	size_t len;
};

struct conf_text conf_text_of(const char *string);

/*
 * Cuts what stands before the first mark off *rest; without a mark that is
 * all of it. Returns false when nothing, not even an empty piece, is left.
 */
bool conf_text_cut(struct conf_text *rest, char mark,
		   struct conf_text *out_piece);

bool conf_text_is(struct conf_text text, const char *string);

bool conf_read_number(struct conf_text text, int64_t min, int64_t max,
		      int64_t *out);

/* "A.B.C.D" */
bool conf_read_addr(struct conf_text text, uint32_t *out);

/* "A.B.C.D/LEN", or "A.B.C.D" = /32 if not need_len. */
bool conf_read_net(struct conf_text text, bool need_len, struct conf_net *out);

/* "A.B.C.D:PORT" */
bool conf_read_endpoint(struct conf_text text, uint32_t *out_addr,
			uint16_t *out_port);

/* "xx:xx:xx:xx:xx:xx" */
bool conf_read_mac(struct conf_text text, uint8_t out[6]);

/* "1,2,3": 1..CONF_MAX_LIST numbers from 0 to 65535. */
bool conf_read_list(struct conf_text text, struct conf_list *out);

/* "12" or "12.5": seconds, up to nine decimals, as nanoseconds. */
bool conf_read_seconds(struct conf_text text, int64_t max_s, uint64_t *out);

#endif /* CONFORMANCE_VALUES_H */
