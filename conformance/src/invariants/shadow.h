/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shadow.h - the mappings, rebuilt from what was translated
 *
 * A map is an association of five: inside, outside, peer. It is found by
 * what a packet shows before translation, on either side. An endpoint is
 * what all maps of one external (or inside) endpoint have in common. A host
 * is an inside address. Tables grow to a cap; beyond it overflowed is set,
 * and a miss says nothing any more.
 *
 * A map is surely alive for floor after its last packet, surely dead when
 * ceiling is over, and unknown between.
 */
#ifndef INVARIANTS_SHADOW_H
#define INVARIANTS_SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHADOW_MAX_MAPS  (1u << 17)
#define SHADOW_FOR_EVER  UINT64_MAX
#define SHADOW_MAX_EDITS 16

struct shadow_key {
	uint8_t proto;
	uint32_t addr, peer;
	uint16_t port, peer_port;
};

/* A rewrite at a position of a stream. */
struct shadow_edit {
	uint32_t at, len; /* of the segment, as it came */
	int32_t diff;     /* octets more */
};

struct shadow_stream {
	struct shadow_edit edits[SHADOW_MAX_EDITS];
	unsigned int num_edits;
	int32_t shift;   /* of edits that are too old to be told from new */
	bool has_old;    /* there are such */
	bool has_newest; /* an octet was seen */
	uint32_t newest; /* the number behind the newest */
	bool unknown;
};

/* TCP as far as flags tell. */
enum {
	SHADOW_SYN_OUT = 1 << 0,     /* only that so far */
	SHADOW_ESTABLISHED = 1 << 1, /* SYN out, SYN in, then none other */
	SHADOW_FIN = 1 << 2,
	SHADOW_BROKEN = 1 << 3, /* RST, no flags, or made from outside */
};

struct shadow_map {
	uint32_t in_next, out_next; /* chains, index + 1; 0 ends */
	struct shadow_key in;       /* inside and peer */
	uint32_t addr;              /* external */
	uint16_t port;
	uint8_t tcp;
	bool helped;       /* a helper may be bound */
	bool refused;      /* a packet of it was, since the last */
	bool silent;       /* floors do not hold: nothing is sure */
	bool may_be_child; /* perhaps a helper announced it */
	uint64_t last;     /* ns, of a packet that was sent on */
	uint64_t touch;    /* of one that may have refreshed it */
	uint64_t floor, ceiling;
	struct shadow_stream *streams; /* [2]: outbound, inbound; or NULL */
};

struct shadow_endpoint {
	uint32_t next;
	bool is_inside;
	uint8_t proto;
	uint16_t port, other_port;
	uint32_t addr, other; /* the last counterpart */
	bool helped;
	bool claimed;      /* a packet came in */
	uint32_t claimant; /* from this peer; others since: unsure */
	uint16_t claimant_port;
	bool unsure;
	uint64_t unseen; /* time + 1 of an unknown datagram's packet; 0 none */
	uint64_t last, ceiling;
};

struct shadow_host {
	uint32_t next;
	uint32_t addr, external;
	uint64_t last;  /* of a mapping that surely lives until then */
	uint64_t taint; /* time + 1 of the last packet to a helper; 0 never */
	bool udp_taint; /* one went by UDP */
};

/* Chained hash tables in arrays; index 0 is not used. */
struct shadow {
	struct shadow_map *maps;
	uint32_t num_maps, max_maps;
	uint32_t *in_heads, *out_heads;
	struct shadow_endpoint *endpoints;
	uint32_t num_endpoints, max_endpoints;
	uint32_t *endpoint_heads;
	struct shadow_host *hosts;
	uint32_t num_hosts, max_hosts;
	uint32_t *host_heads;
	bool overflowed;
};

void shadow_cleanup(struct shadow *s);
void shadow_clear(struct shadow *s);

/* The newest that matches, or NULL. */
struct shadow_map *shadow_find_in(struct shadow *s,
				  const struct shadow_key *inside);
struct shadow_map *shadow_find_out(struct shadow *s,
				   const struct shadow_key *external);
/* The next older one on the same external endpoint and peer. */
struct shadow_map *shadow_next_out(struct shadow *s,
				   const struct shadow_map *map,
				   const struct shadow_key *external);
/* NULL without room. Pointers to maps are valid until the next one. */
struct shadow_map *shadow_add(struct shadow *s, const struct shadow_key *inside,
			      uint32_t addr, uint16_t port, uint64_t now);

struct shadow_endpoint *shadow_endpoint(struct shadow *s, bool is_inside,
					uint8_t proto, uint32_t addr,
					uint16_t port, bool make);
struct shadow_host *shadow_host(struct shadow *s, uint32_t addr, bool make);

static inline bool shadow_alive(const struct shadow_map *m, uint64_t now)
{
	return !m->silent && now >= m->last && now - m->last < m->floor;
}

static inline bool shadow_dead(uint64_t last, uint64_t ceiling, uint64_t now)
{
	return ceiling != SHADOW_FOR_EVER && now > last && now - last > ceiling;
}

#endif /* INVARIANTS_SHADOW_H */
