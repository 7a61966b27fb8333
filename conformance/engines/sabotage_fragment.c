/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_fragment.c - faults of fragments */
#include "sabotage.h"

static uint32_t offset(const struct sab_packet *p)
{
	return sab_get16(p, SAB_IP_FRAG) & SAB_FRAG_OFF;
}

static bool is_last(const struct sab_packet *p)
{
	return sab_is_fragment(p) && !(sab_get16(p, SAB_IP_FRAG) & SAB_MF);
}

static void keep_fragment(struct sabotage *s, struct sab_packet *p)
{
	if (!sab_is_fragment(p) || !sab_hold(s, p))
		sab_send(s, p);
}

static void send_backwards(struct sabotage *s)
{
	sab_release(s, true);
}

static void lose_mf(struct sabotage *s, struct sab_packet *p)
{
	sab_set16(p, SAB_IP_FRAG,
		  sab_get16(p, SAB_IP_FRAG) & (uint16_t)~SAB_MF);
	sab_send(s, p);
}

static void move_offset(struct sabotage *s, struct sab_packet *p)
{
	if (offset(p) > 0)
		sab_set16(p, SAB_IP_FRAG,
			  (uint16_t)(sab_get16(p, SAB_IP_FRAG) + 1));
	sab_send(s, p);
}

static void lose_last(struct sabotage *s, struct sab_packet *p)
{
	if (!is_last(p))
		sab_send(s, p);
}

/* Each fragment gets an id of its own. */
static void change_id(struct sabotage *s, struct sab_packet *p)
{
	if (offset(p) > 0)
		sab_set16(p, SAB_IP_ID,
			  (uint16_t)(sab_get16(p, SAB_IP_ID) + offset(p)));
	sab_send(s, p);
}

static void change_ttl(struct sabotage *s, struct sab_packet *p)
{
	if (offset(p) > 0)
		sab_set8(p, 8, 255);
	sab_send(s, p);
}

static void leak_source(struct sabotage *s, struct sab_packet *p)
{
	if (offset(p) > 0 && s->seen.head.side == CONF_INSIDE &&
	    p->head.side == CONF_OUTSIDE)
		sab_set32(p, SAB_IP_SRC, sab_get32(&s->seen, SAB_IP_SRC));
	sab_send(s, p);
}

static enum conf_status refuse(struct sabotage *s, struct sab_packet *p)
{
	if (p->head.side == CONF_OUTSIDE && sab_is_fragment(p))
		return CONF_OK;
	return sab_feed(s, p);
}

/* A fragment before the first of its datagram is dropped. */
static enum conf_status refuse_unordered(struct sabotage *s,
					 struct sab_packet *p)
{
	uint16_t id = sab_get16(p, SAB_IP_ID);
	uint8_t bit = (uint8_t)(1u << id % 8);

	if (sab_is_fragment(p) && sab_is_first(p))
		s->ports[id / 8] |= bit;
	else if (sab_is_fragment(p) && !(s->ports[id / 8] & bit))
		return CONF_OK;
	return sab_feed(s, p);
}

/* The engine may cut what must not be cut. */
static enum conf_status clear_df(struct sabotage *s, struct sab_packet *p)
{
	sab_set16(p, SAB_IP_FRAG,
		  sab_get16(p, SAB_IP_FRAG) & (uint16_t)~SAB_DF);
	return sab_feed(s, p);
}

static void restore_df(struct sabotage *s, struct sab_packet *p)
{
	if (sab_is_through(s, p) && !sab_is_fragment(p))
		sab_set16(p, SAB_IP_FRAG,
			  (uint16_t)(sab_get16(p, SAB_IP_FRAG) |
				     (sab_get16(&s->seen, SAB_IP_FRAG) &
				      SAB_DF)));
	sab_send(s, p);
}

/* Sends what is too long as it is. */
static void join(struct sabotage *s, struct sab_packet *p)
{
	struct masq_buf b = {.data = s->in, .cap = sizeof(s->in)};
	uint32_t at = sab_ihl(p) + offset(p) * 8, len;

	if (!sab_is_fragment(p) || sab_total(p) < sab_ihl(p)) {
		sab_send(s, p);
		return;
	}
	len = sab_total(p) - sab_ihl(p);
	if (offset(p) == 0)
		memcpy(b.data, p->b.data, sab_ihl(p));
	if (at + len <= b.cap)
		memcpy(b.data + at, p->b.data + sab_ihl(p), len);
	if (is_last(p) && at + len <= 65535u) {
		struct sab_packet whole = {.head = p->head, .b = b};

		whole.b.len = at + len;
		sab_set16(&whole, SAB_IP_FRAG, 0);
		sab_set16(&whole, SAB_IP_LEN, (uint16_t)(at + len));
		sab_send(s, &whole);
	}
}

static const struct sab_fault faults[] = {
	{SAB_ROW("fragments-reversed", "RFC4787-REQ-13a.2",
		 "Fragments leave in reverse order."),
	 .leave = keep_fragment, .done = send_backwards},
	{SAB_ROW("fragment-mf-lost", "RFC791", "MF is cleared."),
	 .leave = lose_mf},
	{SAB_ROW("fragment-offset-wrong", "RFC791",
		 "The offsets of fragments are 8 octets too great."),
	 .leave = move_offset},
	{SAB_ROW("last-fragment-lost", "RFC4787-REQ-13a.1",
		 "The last fragment of a packet is lost."),
	 .leave = lose_last},
	{SAB_ROW("fragment-id-changed", "RFC791; RFC6864",
		 "The fragments of a packet differ in their identification."),
	 .leave = change_id},
	{SAB_ROW("fragment-ttl-wrong", "RFC791",
		 "Fragments behind the first one have TTL 255."),
	 .leave = change_ttl},
	{SAB_ROW("fragment-source-leaks", "RFC3022 4.1; INV-01",
		 "Fragments behind the first one show the inside address."),
	 .leave = leak_source},
	{SAB_ROW("fragments-refused", "RFC4787-REQ-14.1",
		 "Fragments from outside are dropped."),
	 .arrive = refuse},
	{SAB_ROW("fragments-need-order", "RFC4787-REQ-14.2",
		 "A fragment before the first of its packet is dropped."),
	 .arrive = refuse_unordered},
	{SAB_ROW("df-ignored", "RFC4787-REQ-13; RFC1191",
		 "A packet with DF that is too big is cut."),
	 .arrive = clear_df, .leave = restore_df},
	{SAB_ROW("mtu-ignored", "RFC4787-REQ-13a.1",
		 "A packet that is too big is sent whole."),
	 .leave = join},
};

const struct sab_table sab_fragment = SAB_TABLE(faults);
