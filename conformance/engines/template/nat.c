/* SPDX-License-Identifier: Apache-2.0 */
/* nat.c - a tiny NAT (UDP, TCP, echo) for masqcheck: copy it, put yours in */
#include <stdlib.h>
#include <string.h>

#include <conformance/engine.h>
#define NUM_FLOWS  4096u
#define FIRST_PORT 40000u
#define OUTSIDE    0xcb007101u            /* our address: 203.0.113.1 */
#define TIMEOUT    UINT64_C(120000000000) /* ns */

struct flow {          /* its place + FIRST_PORT = the outside port */
	uint8_t proto; /* 0 = never used */
	uint16_t port; /* inside; of ICMP the identifier */
	uint32_t addr; /* inside */
	uint64_t last; /* ns: when its last packet came */
};

struct nat {
	struct flow flows[NUM_FLOWS];
	uint8_t out[65535];
};

static uint32_t get16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

/* Writes 16 bits, and corrects the checksums that cover them (RFC 1624). */
static void put16(uint8_t *p, uint32_t value, uint8_t *sum1, uint8_t *sum2)
{
	uint8_t *sums[] = {sum1, sum2}; /* NULL = none */
	for (int i = 0; i < 2 && sums[i] != NULL; i++) {
		uint32_t s = (~get16(sums[i]) & 0xffff) + (~get16(p) & 0xffff);

		s += value & 0xffff;
		s = (s & 0xffff) + (s >> 16);
		s = ~(s + (s >> 16)) & 0xffff;
		put16(sums[i], s != 0 ? s : 0xffff, NULL, NULL);
	}
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/* The flow of an inside endpoint, a new one if need be; NULL: no room. */
static struct flow *find(struct nat *nat, const struct flow *key)
{
	uint32_t hash = key->addr * 31 + key->port * 7u + key->proto;
	struct flow *unused = NULL;

	for (uint32_t i = 0; i < 32; i++) {
		struct flow *f = &nat->flows[(hash + i) % NUM_FLOWS];

		if (f->proto == 0 || key->last - f->last >= TIMEOUT)
			unused = unused != NULL ? unused : f;
		else if (f->proto == key->proto && f->addr == key->addr &&
			 f->port == key->port)
			return f;
	}
	if (unused != NULL)
		*unused = *key;
	return unused;
}

/* Rewrites the packet of len octets; false: it is dropped. */
static bool translate(struct nat *nat, bool out, uint64_t now, uint32_t len)
{
	uint8_t *ip = nat->out, *l4 = ip + (ip[0] & 15) * 4, *sum;
	uint8_t *addr = ip + (out ? 12 : 16), *port = l4 + (out ? 0 : 2);
	uint32_t old_addr = get16(addr) << 16 | get16(addr + 2);
	uint32_t room = len - (uint32_t)(l4 - ip), new_addr, new_port;
	struct flow *f;

	if (ip[0] >> 4 != 4 || l4 < ip + 20 || room < 8 || room > len ||
	    ip[8] <= 1 || (get16(ip + 6) & 0x3fff) != 0)
		return false; /* broken, at its end, a fragment */
	if (ip[9] == 17)
		sum = get16(l4 + 6) != 0 ? l4 + 6 : NULL;
	else if (ip[9] == 6 && room >= 20)
		sum = l4 + 16;
	else if (ip[9] == 1 && l4[0] == (out ? 8 : 0))
		port = l4 + 4, sum = l4 + 2;
	else
		return false;
	f = out ? find(nat, &(struct flow){ip[9], (uint16_t)get16(port),
					   old_addr, now})
		: &nat->flows[(get16(port) - FIRST_PORT) % NUM_FLOWS];
	if (f == NULL || f->proto != ip[9] || now - f->last >= TIMEOUT)
		return false;
	new_addr = out ? OUTSIDE : f->addr;
	new_port = FIRST_PORT + (uint32_t)(f - nat->flows);
	if (!out && (old_addr != OUTSIDE || get16(port) != new_port))
		return false;
	f->last = now;
	/* The sums of UDP and TCP cover the addresses, that of ICMP not. */
	put16(addr, new_addr >> 16, ip + 10, ip[9] == 1 ? NULL : sum);
	put16(addr + 2, new_addr, ip + 10, ip[9] == 1 ? NULL : sum);
	put16(port, out ? new_port : f->port, sum, NULL);
	put16(ip + 8, get16(ip + 8) - 0x100, ip + 10, NULL); /* TTL */
	return true;
}

static enum conf_status nat_packet(void *engine, const struct conf_packet *p,
				   conf_emit_fn *emit, void *ctx)
{
	struct nat *nat = engine;
	bool out = p->side == CONF_INSIDE;
	uint32_t len = p->len < 20 ? 0 : get16(p->data + 2);
	struct conf_packet result = {out ? CONF_OUTSIDE : CONF_INSIDE,
				     .now = p->now, .data = nat->out,
				     .len = len};

	if (len < 28 || len > p->len) /* behind len: link padding */
		return CONF_OK;
	memcpy(nat->out, p->data, len);
	if (translate(nat, out, p->now, len))
		emit(ctx, &result);
	return CONF_OK;
}

static enum conf_status nat_open(const struct conf_config *config,
				 void **out_engine, char *error, size_t size)
{
	(void)config, (void)error, (void)size; /* there are no settings */
	*out_engine = calloc(1, sizeof(struct nat));
	return *out_engine != NULL ? CONF_OK : CONF_ERR_ENGINE;
}

static enum conf_status nat_reset(void *engine)
{
	memset(engine, 0, sizeof(struct nat));
	return CONF_OK;
}

static const struct conf_engine_ops ops = {
	.abi_version = CONF_ENGINE_ABI,
	.size = sizeof(ops),
	.name = "tiny",
	.capabilities = CONF_CAN_VIRTUAL_TIME,
	.open = nat_open,
	.reset = nat_reset,
	.packet = nat_packet,
	.close = free,
};

const struct conf_engine_ops *conf_engine(void)
{
	return &ops;
}
