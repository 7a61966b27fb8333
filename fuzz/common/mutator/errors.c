/* SPDX-License-Identifier: Apache-2.0 */
/*
 * errors.c - ICMP errors about packets that have passed the router
 *
 * A packet that left outside failed there: its error arrives outside, for
 * the masqueraded source. One that left inside failed at the inside host,
 * whose error goes out. All types and codes, quotes of every length, and
 * quotes that do not quite say what was sent.
 */
#include <string.h>

#include "mutator.h"
#include "mutator/work.h"

static uint8_t type_of(struct work *w)
{
	static const uint8_t types[] = {3, 3, 3, 3, 11, 11, 4, 5, 12, 0, 8};

	return RNG_PICK(&w->rng, types);
}

static uint32_t rest_of(struct work *w, uint8_t type)
{
	static const uint16_t mtus[] = {0, 68, 296, 552, 576, 1492, 65535};

	if (type == 3)
		return RNG_PICK(&w->rng, mtus);
	if (type == 5)
		return value_any_addr(w);
	return rng_one_in(&w->rng, 2) ? 0 : (uint32_t)rng_next(&w->rng);
}

/* How much of len octets is quoted. */
static uint32_t quote_len(struct work *w, uint32_t len, uint32_t hlen)
{
	uint32_t want;

	switch (rng_below(&w->rng, 6)) {
	case 0: /* as RFC 792 has it */
		want = hlen + 8;
		break;
	case 1:
		want = hlen + rng_below(&w->rng, 24);
		break;
	case 2:
		want = rng_below(&w->rng, len + 1);
		break;
	case 3: /* as RFC 1812 has it */
		want = 576 - IP_HEADER - ICMP_HEADER_LEN;
		break;
	default:
		want = len;
		break;
	}
	return want < len ? want : len;
}

/* One thing in the quote is not as it was sent. */
static void distort(struct work *w, struct masq_buf *b, uint32_t hlen)
{
	switch (rng_below(&w->rng, 8)) {
	case 0:
		masq_put16(b, hlen, value_odd_port(w));
		break;
	case 1:
		masq_put16(b, hlen + 2, value_odd_port(w));
		break;
	case 2:
		masq_put32(b, 12 + 4 * rng_below(&w->rng, 2),
			   value_any_addr(w));
		break;
	case 3:
		masq_put8(b, 9, (uint8_t)value_number(w, 1));
		break;
	case 4:
		masq_put8(b, 0, (uint8_t)(0x40 | rng_below(&w->rng, 16)));
		break;
	case 5:
		masq_put16(b, 6, (uint16_t)rng_next(&w->rng));
		break;
	case 6: /* the type of a quoted ICMP message */
		masq_put8(b, hlen, (uint8_t)rng_below(&w->rng, 19));
		break;
	default:
		masq_put16(b, hlen + 2 * rng_below(&w->rng, 10),
			   (uint16_t)rng_next(&w->rng));
		break;
	}
}

/* The header that failed had options: what is behind them moves. */
static void insert_options(struct work *w, struct masq_buf *b)
{
	const uint32_t hlen = (masq_get8(masq_view_of(b), 0) & 0xfu) * 4;
	const uint32_t more = 4 * (1 + rng_below(&w->rng, 3));

	if (hlen < IP_HEADER || hlen + more > 60 || hlen > b->len ||
	    b->len + more > b->cap)
		return;
	memmove(b->data + hlen + more, b->data + hlen, b->len - hlen);
	memset(b->data + hlen, 1, more);
	b->len += more;
	masq_put8(b, 0, (uint8_t)(0x40 | (hlen + more) / 4));
	masq_put16(b, 2, (uint16_t)(masq_get16(masq_view_of(b), 2) + more));
}

static const struct seen *pick_seen(struct work *w)
{
	const struct world *world = &w->world;
	const unsigned int num = world->num_seen < MAX_SEEN ? world->num_seen
							    : MAX_SEEN;

	if (num == 0)
		return NULL;
	return &world->seen[rng_below(&w->rng, num)];
}

/* The packet as it was sent, in text; what it says is still to come. */
static struct masq_buf take_quote(struct work *w, const struct seen *seen,
				  struct layout *out)
{
	struct masq_buf b = {
		.data = w->text, .len = seen->len, .cap = MAX_TEXT};

	memcpy(b.data, seen->data, seen->len);
	*out = layout_of(b.data, b.len);
	b.len = quote_len(w, b.len, out->hlen);
	if (rng_one_in(&w->rng, 4))
		distort(w, &b, out->hlen);
	if (rng_one_in(&w->rng, 16))
		insert_options(w, &b);
	return b;
}

bool mutate_error(struct work *w)
{
	const struct seen *seen = pick_seen(w);
	const uint8_t type = type_of(w);
	const uint8_t code = (uint8_t)(rng_one_in(&w->rng, 4)
					       ? rng_below(&w->rng, 17)
					       : rng_below(&w->rng, 4));
	struct masq_buf quote;
	struct layout l;
	uint32_t src, len;

	if (seen == NULL)
		return false;
	quote = take_quote(w, seen, &l);
	/* From who should have got it, or a router on the way. */
	src = l.daddr;
	if (rng_one_in(&w->rng, 3))
		src = seen->side == CONF_OUTSIDE ? value_peer(w)
						 : value_inside(w);
	len = build_icmp(w, src,
			 rng_one_in(&w->rng, 16) ? value_any_addr(w) : l.saddr,
			 type, code, rest_of(w, type), quote.data, quote.len);
	if (rng_one_in(&w->rng, 2))
		sums_repair_quote(w->scratch, len);
	return emit(w,
		    rng_one_in(&w->rng, 24)
			    ? (enum conf_side)(1 + rng_below(&w->rng, 2))
			    : seen->side,
		    len);
}
