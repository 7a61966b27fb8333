/* SPDX-License-Identifier: Apache-2.0 */
/* mutate.c - one field of a packet changed, for those who must notice it */
#include <string.h>

#include "mutate.h"

uint32_t mutation_draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(*seed >> 8) * below >> 24);
}

/* Which bits of a field's octets are its own. */
static uint8_t mask_of(const struct conf_field *f, uint32_t octet)
{
	static const struct {
		const char *name;
		uint8_t first;
	} masks[] = {
		{"ip.version", 0xf0}, {"ip.ihl", 0x0f},
		{"ip.flags", 0xe0},   {"ip.offset", 0x1f},
		{"tcp.doff", 0xf0},   {"tcp.reserved", 0x0f},
	};
	const char *name = f->name;

	if (strncmp(name, "quote.", 6) == 0)
		name += 6;
	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++)
		if (strcmp(name, masks[i].name) == 0 && octet == 0)
			return masks[i].first;
	return 0xff;
}

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

bool mutation_is_telling(const struct mutation *m,
			 const struct mutation_place *place,
			 const struct eqv_parsed *p, const struct conf_field *f)
{
	const bool is_tcp_header = strncmp(f->name, "tcp.", 4) == 0;

	/* Here a name is shown for the first time: any will do. */
	if (place->grows && strcmp(f->name, "ip.source") != 0 &&
	    (ends_in(f->name, ".source") || strcmp(f->name, "icmp.id") == 0 ||
	     ends_in(f->name, ".payload")))
		return false;
	/* Free by the table of what cannot be predicted. */
	if (place->has_own && m->carry && strcmp(f->name, "ip.id") == 0)
		return false;
	/* Segments whose header cannot be. */
	if (is_tcp_header && f->len == 2 && ends_in(f->name, ".checksum"))
		return masq_get8(p->ip.all, p->l4 + 12) >= 0x50;
	return true;
}

void mutation_apply(struct mutation *m, uint8_t *data, uint32_t len,
		    const struct conf_field *f, const struct eqv_parsed *p)
{
	uint32_t at = f->offset + mutation_draw(m->seed, f->len);
	const uint8_t mask = mask_of(f, at - f->offset);
	struct masq_buf b = {.data = data, .len = len, .cap = len};
	struct eqv_editor x;
	uint32_t word;
	uint8_t bit;

	do
		bit = (uint8_t)(1u << mutation_draw(m->seed, 8));
	while ((bit & mask) == 0);
	memcpy(m->field, f->name, sizeof(m->field));
	/* Sums follow words of 16 bits. */
	m->carry = m->carry && !ends_in(f->name, ".checksum") &&
		   at - at % 2 + 2 <= len;
	if (!m->carry) {
		masq_put8(&b, at, masq_get8(masq_view_of(&b), at) ^ bit);
		return;
	}
	eqv_editor_init(&x, &b, p, NULL, false);
	word = at - at % 2;
	eqv_put16(&x, word,
		  masq_get16(masq_view_of(&b), word) ^
			  (uint16_t)(at == word ? bit << 8 : bit));
}
