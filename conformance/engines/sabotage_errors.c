/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_errors.c - faults of ICMP errors on their way through */
#include "sabotage.h"

/* Is it an error that came from outside? */
static bool is_in(const struct sabotage *s, const struct sab_packet *p)
{
	return sab_is_through(s, p) && sab_is_error(p) &&
	       sab_is_error(&s->seen) && s->seen.head.side == CONF_OUTSIDE;
}

static bool is_out(const struct sabotage *s, const struct sab_packet *p)
{
	return sab_is_through(s, p) && sab_is_error(p) &&
	       sab_is_error(&s->seen) && s->seen.head.side == CONF_INSIDE;
}

/* Octets of the quote become those of the stimulus again. */
static void restore(struct sabotage *s, struct sab_packet *p, uint32_t at,
		    uint32_t len)
{
	for (uint32_t i = at; i < at + len; i += 2)
		sab_set16(p, i, sab_get16(&s->seen, i));
}

static void keep_quote_address(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p))
		restore(s, p, sab_quote_at(p) + SAB_IP_SUM, 6);
	sab_send(s, p);
}

static void keep_quote_port(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p))
		restore(s, p, sab_quote_l4(p), 2);
	sab_send(s, p);
}

static void keep_quote_sum(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p))
		restore(s, p, sab_quote_at(p) + SAB_IP_SUM, 2);
	sab_send(s, p);
}

static void keep_error_sum(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p))
		sab_raw16(p, sab_sum_at(p),
			  sab_get16(&s->seen, sab_sum_at(&s->seen)));
	sab_send(s, p);
}

static void leak_quote(struct sabotage *s, struct sab_packet *p)
{
	if (is_out(s, p)) {
		restore(s, p, sab_quote_at(p) + SAB_IP_SUM, 2);
		restore(s, p, sab_quote_at(p) + SAB_IP_DST, 4);
	}
	sab_send(s, p);
}

static void lose(struct sabotage *s, struct sab_packet *p)
{
	if (!is_in(s, p))
		sab_send(s, p);
}

static void lose_out(struct sabotage *s, struct sab_packet *p)
{
	if (!is_out(s, p))
		sab_send(s, p);
}

static void send_to_neighbour(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p))
		sab_set32(p, SAB_IP_DST, sab_get32(p, SAB_IP_DST) + 1);
	sab_send(s, p);
}

static void hide_source(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p))
		sab_set32(p, SAB_IP_SRC, s->settings.inside.addr);
	sab_send(s, p);
}

static bool is_too_big(const struct sab_packet *p)
{
	return sab_get16(p, sab_ihl(p)) == (3u << 8 | 4u);
}

static void zero_mtu(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p) && is_too_big(p))
		sab_set16(p, sab_ihl(p) + 6, 0);
	sab_send(s, p);
}

static void change_code(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p) && sab_get16(p, sab_ihl(p)) == (3u << 8 | 3u))
		sab_set16(p, sab_ihl(p), 3u << 8 | 1u);
	sab_send(s, p);
}

static void cut_quote(struct sabotage *s, struct sab_packet *p)
{
	if (is_in(s, p) && p->b.len > sab_quote_l4(p) + 8) {
		p->b.len = sab_quote_l4(p) + 8;
		sab_recount(p);
	}
	sab_send(s, p);
}

/* The endpoint that the quote names is closed for ever. */
static void end_mapping(struct sabotage *s, struct sab_packet *p)
{
	struct sab_packet quote = {.head = s->seen.head};
	uint32_t at = sab_quote_at(&s->seen);
	struct sab_flow *f;

	sab_send(s, p);
	if (!is_in(s, p) || sab_get8(p, sab_ihl(p)) != 3 || is_too_big(p))
		return;
	quote.b.data = s->seen.b.data + at;
	quote.b.len = quote.b.cap = s->seen.b.len - at;
	f = sab_flow_outside(s, &quote, sab_ihl(&quote));
	if (f != NULL)
		f->is_marked = true;
}

static enum conf_status refuse_ended(struct sabotage *s, struct sab_packet *p)
{
	struct sab_flow *f = sab_flow_outside(s, p, sab_dest_at(p));

	if (p->head.side == CONF_OUTSIDE && f != NULL && f->is_marked)
		return CONF_OK;
	return sab_feed(s, p);
}

static const struct sab_fault faults[] = {
	{SAB_ROW("quote-address-stale", "RFC5508-REQ-4; CORE-ICE",
		 "The quote of an error shows the router's address inside."),
	 .leave = keep_quote_address},
	{SAB_ROW("quote-port-stale", "RFC5508-REQ-4; CORE-ICE",
		 "The quote of an error shows the router's port inside."),
	 .leave = keep_quote_port},
	{SAB_ROW("quote-ip-sum-stale", "RFC5508-REQ-4; CORE-ICE",
		 "The quoted header checksum stays as it came."),
	 .leave = keep_quote_sum},
	{SAB_ROW_FIXED("quote-l4-sum-stale", "CORE-SUR-A04",
		       "The quoted transport checksum stays as it came."),
	 .setting = {"quirk.quote-l4-sum", "on", 0}},
	{SAB_ROW("error-sum-stale", "RFC5508-REQ-4; CORE-ICE",
		 "The checksum of an error stays as it came."),
	 .leave = keep_error_sum},
	{SAB_ROW("quote-leaks", "RFC5508-REQ-5; INV-01",
		 "The quote of an error from inside shows the inside address."),
	 .leave = leak_quote},
	{SAB_ROW("errors-lost", "RFC5508-REQ-4; RFC4787-S9a",
		 "Errors from outside reach nobody."),
	 .leave = lose},
	{SAB_ROW("errors-out-lost", "RFC5508-REQ-5; RFC4787-S9a",
		 "Errors from inside do not leave."),
	 .leave = lose_out},
	{SAB_ROW("error-to-neighbour", "RFC5508-REQ-4; RFC4787-S9a",
		 "Errors from outside go to the next address inside."),
	 .leave = send_to_neighbour},
	{SAB_ROW("error-source-hidden", "RFC5508-REQ-4",
		 "Errors from outside come from the router's address."),
	 .leave = hide_source},
	{SAB_ROW("mtu-zeroed", "RFC1191; RFC5508-REQ-4",
		 "The MTU in a fragmentation needed on its way is cleared."),
	 .leave = zero_mtu},
	{SAB_ROW("error-code-changed", "RFC5508-REQ-4",
		 "Port unreachable becomes host unreachable on its way."),
	 .leave = change_code},
	{SAB_ROW("quote-cut", "RFC5508-REQ-4; RFC1812 4.3.2.3",
		 "Quotes are cut behind 8 octets of their payload."),
	 .leave = cut_quote},
	{SAB_ROW("error-ends-mapping", "RFC4787-REQ-12; RFC5382-REQ-9",
		 "After destination unreachable a mapping lets nothing in."),
	 .arrive = refuse_ended, .leave = end_mapping},
	{SAB_ROW_FIXED("icmp-leaks", "CORE-SUR-B03; INV-01",
		       "ICMP that cannot be translated leaves as it is."),
	 .setting = {"quirk.icmp-leak", "on", 0}},
};

const struct sab_table sab_errors = SAB_TABLE(faults);
