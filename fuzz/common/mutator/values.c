/* SPDX-License-Identifier: Apache-2.0 */
/* values.c - numbers, addresses and payloads worth trying */
#include <string.h>

#include "mutator.h"
#include "mutator/work.h"

#define INSIDE_NET  UINT32_C(0xc0a80100) /* 192.168.1.0/24 */
#define OUTSIDE_NET UINT32_C(0xcb007100) /* 203.0.113.0/24 */
#define PEER_NET    UINT32_C(0xc6336400) /* 198.51.100.0/24 */

static const struct masq_config *config_of(const struct work *w)
{
	return w->world.place != NULL ? w->world.place->config : NULL;
}

/* Few hosts: what meets again makes state. */
uint32_t value_inside(struct work *w)
{
	const struct masq_config *c = config_of(w);
	const uint32_t addr = c != NULL ? c->inside.addr : INSIDE_NET;

	return (addr & ~UINT32_C(0xff)) | (10 + rng_below(&w->rng, 3));
}

uint32_t value_peer(struct work *w)
{
	static const uint8_t hosts[] = {7, 26, 70, 70, 80, 200};
	const struct masq_config *c = config_of(w);

	if (rng_one_in(&w->rng, 16) && c != NULL)
		return (c->outside.addr & ~UINT32_C(0xff)) | 9;
	return PEER_NET | RNG_PICK(&w->rng, hosts);
}

uint32_t value_any_addr(struct work *w)
{
	static const uint32_t odd[] = {
		0,
		0xffffffff,
		0x7f000001, /* loopback */
		0xe0000001, /* multicast */
		0xf0000001, /* class E */
		0x0a000001, /* private, not ours */
		INSIDE_NET,
		INSIDE_NET | 1, /* the router */
		INSIDE_NET | 255,
		OUTSIDE_NET,
		OUTSIDE_NET | 1, /* the router */
		OUTSIDE_NET | 2,
		OUTSIDE_NET | 255,
	};

	switch (rng_below(&w->rng, 4)) {
	case 0:
		return value_inside(w);
	case 1:
		return value_peer(w);
	case 2:
		if (config_of(w) != NULL)
			return config_of(w)->outside.addr;
		return OUTSIDE_NET | 1;
	default:
		return RNG_PICK(&w->rng, odd);
	}
}

const uint8_t *value_mac(struct work *w)
{
	static const uint8_t macs[][6] = {
		{2, 0, 0, 0, 0, 0x81},
		{2, 0, 0, 0, 0, 0x82},
		{2, 0, 0, 0, 0, 0x83},
		{2, 0, 0, 0, 1, 0x10},
	};

	return macs[rng_below(&w->rng, RNG_NUM(macs))];
}

uint16_t value_port(struct work *w)
{
	if (rng_one_in(&w->rng, 12))
		return value_odd_port(w);
	return (uint16_t)(2000 + rng_below(&w->rng, 8));
}

uint16_t value_odd_port(struct work *w)
{
	static const uint16_t odd[] = {
		0,     1,     20,    21,    53,    80,    113,   554,
		1023,  1024,  1025,  4096,  5999,  6000,  6001,  6667,
		7000,  7070,  7648,  26000, 27000, 32767, 32768, 49152,
		60999, 61000, 61001, 61002, 65095, 65096, 65534, 65535,
	};

	return RNG_PICK(&w->rng, odd);
}

uint32_t value_number(struct work *w, unsigned int octets)
{
	const uint32_t mask = octets >= 4 ? UINT32_MAX
					  : (UINT32_C(1) << octets * 8) - 1;
	const uint32_t bit = UINT32_C(1) << rng_below(&w->rng, octets * 8);

	switch (rng_below(&w->rng, 6)) {
	case 0:
		return 0;
	case 1:
		return mask;
	case 2:
		return (bit - 1) & mask;
	case 3:
		return bit;
	case 4:
		return rng_below(&w->rng, 24) & mask;
	default:
		return (uint32_t)rng_next(&w->rng) & mask;
	}
}

uint32_t value_payload(struct work *w)
{
	static const char *const texts[] = {
		"x",
		"hello",
		"GET / HTTP/1.0\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\n\r\n",
		"USER anonymous\r\n",
		"220 ready\r\n",
		"PING :a\r\n",
		"200 OK\r\n",
	};
	static const uint16_t sizes[] = {0,   1,   2,    3,    255,  256, 257,
					 511, 512, 1460, 1472, 1473, 4000};
	const char *text;
	uint32_t len;

	if (!rng_one_in(&w->rng, 4)) {
		text = RNG_PICK(&w->rng, texts);
		len = (uint32_t)strlen(text);
		memcpy(w->text, text, len);
		return len;
	}
	len = rng_one_in(&w->rng, 2) ? RNG_PICK(&w->rng, sizes)
				     : rng_below(&w->rng, 64);
	memset(w->text, (int)('a' + rng_below(&w->rng, 26)), len);
	return len;
}
