/* SPDX-License-Identifier: Apache-2.0 */
/* sabotage_own.c - faults of what the router itself says */
#include "sabotage.h"

static bool is_own(const struct sab_packet *p, unsigned int type)
{
	return p->head.own_error && sab_get8(p, sab_ihl(p)) == type;
}

static void lose_exceeded(struct sabotage *s, struct sab_packet *p)
{
	if (!is_own(p, 11) || sab_get8(p, sab_ihl(p) + 1) != 0)
		sab_send(s, p);
}

static void lose_redirect(struct sabotage *s, struct sab_packet *p)
{
	if (!is_own(p, 5))
		sab_send(s, p);
}

static bool is_too_big(const struct sab_packet *p)
{
	return is_own(p, 3) && sab_get8(p, sab_ihl(p) + 1) == 4;
}

static void lose_too_big(struct sabotage *s, struct sab_packet *p)
{
	if (!is_too_big(p))
		sab_send(s, p);
}

static void change_code(struct sabotage *s, struct sab_packet *p)
{
	if (is_too_big(p))
		sab_set16(p, sab_ihl(p), 3u << 8 | 1u);
	sab_send(s, p);
}

static void change_mtu(struct sabotage *s, struct sab_packet *p)
{
	uint32_t at = sab_ihl(p) + 6;

	if (is_too_big(p))
		sab_set16(p, at, (uint16_t)(sab_get16(p, at) + 8));
	sab_send(s, p);
}

static void use_other_address(struct sabotage *s, struct sab_packet *p)
{
	if (p->head.own_error)
		sab_set32(p, SAB_IP_SRC,
			  p->head.side == CONF_INSIDE
				  ? s->settings.outside.addr
				  : s->settings.inside.addr);
	sab_send(s, p);
}

static void cut_quote(struct sabotage *s, struct sab_packet *p)
{
	if (p->head.own_error && sab_is_error(p) &&
	    p->b.len > sab_quote_l4(p) + 4) {
		p->b.len = sab_quote_l4(p) + 4;
		sab_recount(p);
	}
	sab_send(s, p);
}

/* An ICMP error about the stimulus, to where it came from. */
static void send_error(struct sabotage *s, unsigned int type, unsigned int code)
{
	const struct sab_packet *about = &s->seen;
	uint32_t total = sab_total(about), quote = sab_ihl(about) + 8;
	struct sab_packet p = {.head = {.side = about->head.side,
					.now = s->now,
					.own_error = true}};

	if (quote > total)
		quote = total;
	p.b = (struct masq_buf){
		.data = s->out, .len = 28 + quote, .cap = sizeof(s->out)};
	memset(s->out, 0, 28);
	memcpy(s->out + 28, about->b.data, quote);
	sab_raw16(&p, 0, 0x45c0);
	sab_raw16(&p, 8, 255u << 8 | SAB_ICMP);
	masq_put32(&p.b, SAB_IP_SRC,
		   p.head.side == CONF_INSIDE ? s->settings.inside.addr
					      : s->settings.outside.addr);
	masq_put32(&p.b, SAB_IP_DST, sab_get32(about, SAB_IP_SRC));
	sab_raw16(&p, 20, (uint16_t)(type << 8 | code));
	sab_recount(&p);
	sab_send(s, &p);
}

/* RFC 1122 3.2.2: an error about an error may start an endless exchange. */
static enum conf_status answer_error(struct sabotage *s, struct sab_packet *p)
{
	enum conf_status status = sab_feed(s, p);

	if (sab_is_error(&s->seen) && sab_get8(&s->seen, 8) <= 1)
		send_error(s, 11, 0);
	return status;
}

static bool is_for_router(const struct sabotage *s)
{
	uint32_t dest = sab_get32(&s->seen, SAB_IP_DST);

	return dest == s->settings.outside.addr ||
	       dest == s->settings.inside.addr;
}

/* What goes back where it came from, and is no error. */
static void lose_answer(struct sabotage *s, struct sab_packet *p)
{
	if (p->head.own_error || s->seen.b.len == 0 || !is_for_router(s) ||
	    p->head.side != s->seen.head.side)
		sab_send(s, p);
}

static void refuse_syn(struct sabotage *s)
{
	if (s->num_results == 0 && s->seen.head.side == CONF_OUTSIDE &&
	    is_for_router(s) &&
	    (sab_flags(&s->seen) & (SAB_SYN | SAB_ACK)) == SAB_SYN)
		send_error(s, 3, 3);
}

static void refuse_udp(struct sabotage *s)
{
	if (s->num_results == 0 && s->seen.head.side == CONF_OUTSIDE &&
	    is_for_router(s) && sab_is(&s->seen, SAB_UDP))
		send_error(s, 3, 13);
}

static const struct sab_fault faults[] = {
	{SAB_ROW("exceeded-missing", "RFC1812 5.3.1; CORE-RICMP",
		 "Nobody is told that a TTL has run out."),
	 .leave = lose_exceeded},
	{SAB_ROW("redirect-missing", "RFC1812 5.2.7.2; CORE-RICMP",
		 "The router sends no redirect."),
	 .leave = lose_redirect},
	{SAB_ROW("too-big-missing", "RFC4787-REQ-13; RFC1191",
		 "Nobody is told that a packet with DF is too big."),
	 .leave = lose_too_big},
	{SAB_ROW("too-big-code", "RFC4787-REQ-13; RFC1191",
		 "A packet with DF that is too big is host unreachable."),
	 .leave = change_code},
	{SAB_ROW("too-big-mtu", "RFC1191; RFC5508-REQ-7",
		 "The MTU that the router tells is 8 too great."),
	 .leave = change_mtu},
	{SAB_ROW("own-error-source", "RFC1812 4.3.2.4; CORE-RICMP",
		 "The router's errors come from its other address."),
	 .leave = use_other_address},
	{SAB_ROW("own-quote-short", "RFC792; RFC1812 4.3.2.3",
		 "The router's errors quote 4 octets of the payload."),
	 .leave = cut_quote},
	{SAB_ROW("error-about-error", "RFC1812 4.3.2.7; RFC1122 3.2.2",
		 "The router sends ICMP errors about ICMP errors."),
	 .arrive = answer_error},
	{SAB_ROW("local-silent", "RFC1812 4.3.3.6; CORE-PATH",
		 "The router answers nothing that is for itself."),
	 .leave = lose_answer},
	{SAB_ROW("syn-refused-at-once", "RFC5382-REQ-4",
		 "A SYN that nobody asked for is answered at once."),
	 .done = refuse_syn},
	{SAB_ROW("udp-refused", "CORE-INB",
		 "UDP that nobody asked for is administratively prohibited."),
	 .done = refuse_udp},
};

const struct sab_table sab_own = SAB_TABLE(faults);
