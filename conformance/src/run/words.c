/* SPDX-License-Identifier: Apache-2.0 */
/* words.c - octets in words of the case language */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/decode.h"
#include "conformance/play.h"
#include "packet.h"
#include "run/pkt.h"

#define SHORT_PAYLOAD 64u /* octets that are shown to people */

struct words {
	const struct conf_case *c;
	char *out;
	size_t size, len;
	bool exact;
	bool full; /* something did not fit */
};

static void add(struct words *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct words *w, const char *format, ...)
{
	size_t room = w->size - w->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(w->out + w->len, room, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room) {
		w->full = true;
		w->len = w->size - 1;
	} else {
		w->len += (size_t)n;
	}
}

static void add_hex(struct words *w, const uint8_t *data, uint32_t len)
{
	for (uint32_t i = 0; i < len && !w->full; i++)
		add(w, "%02x", data[i]);
}

static void add_addr(struct words *w, uint32_t addr)
{
	char text[CONF_ADDR_SIZE];

	for (size_t i = 0; w->c != NULL && i < w->c->num_hosts; i++)
		if (w->c->hosts[i].addr == addr) {
			add(w, "%s", w->c->names[w->c->hosts[i].name]);
			return;
		}
	add(w, "%s", conf_addr_text(text, addr));
}

static void add_ends(struct words *w, const struct run_pkt *p, bool ports)
{
	add(w, " ");
	add_addr(w, p->saddr);
	if (ports)
		add(w, ":%u", p->sport);
	add(w, " > ");
	add_addr(w, p->daddr);
	if (ports)
		add(w, ":%u", p->dport);
}

static void add_flags(struct words *w, uint8_t flags)
{
	static const char letters[] = "FSRP.UEC";
	/* As people are used to: S. P. F. */
	static const unsigned int order[] = {1, 0, 2, 3, 5, 6, 7, 4};

	add(w, " ");
	if (flags == 0)
		add(w, "none");
	for (size_t i = 0; i < 8; i++)
		if (flags >> order[i] & 1)
			add(w, "%c", letters[order[i]]);
}

static void add_icmp(struct words *w, const struct run_pkt *p)
{
	const char *type = conf_icmp_type_name(p->type);
	const char *code = conf_icmp_code_name(p->type, p->code);
	bool named = p->type == 3 || p->type == 5 || p->type == 11;

	if (type == NULL || (named ? code == NULL : p->code != 0))
		add(w, " type %u code %u", p->type, p->code);
	else if (named)
		add(w, " %s/%s", type, code);
	else
		add(w, " %s", type);
	if (!run_icmp_quotes(p->type))
		add(w, " id %u seq %u", p->rest >> 16, p->rest & 0xffff);
	else if (p->type == 3 && p->code == 4 && p->rest <= 0xffff)
		add(w, " mtu %u", p->rest);
	else if (p->rest != 0)
		add(w, " rest 0x%08x", p->rest);
}

static void add_ip(struct words *w, const struct run_pkt *p)
{
	if (p->ttl != 64 || !w->exact)
		add(w, " ttl %u", p->ttl);
	add(w, " ipid %u", p->id);
	if (p->tos != 0)
		add(w, " tos 0x%02x", p->tos);
	if (p->df)
		add(w, " df");
	if (p->mf)
		add(w, " mf");
	if (p->evil)
		add(w, " evil");
	if (p->frag != 0)
		add(w, " frag %u", p->frag);
	if (p->ipopt_len > 0) {
		add(w, " ipopt ");
		add_hex(w, p->ipopt, p->ipopt_len);
	}
	if (p->ipsum.kind == CASE_SUM_VALUE)
		add(w, " ipsum=0x%04x", p->ipsum.value);
}

static void add_payload(struct words *w, const struct run_pkt *p)
{
	uint32_t len = p->payload_len, printable = 0;
	size_t room = (size_t)len * 4 + 16;
	char *text;

	if (len == 0)
		return;
	for (uint32_t i = 0; i < len; i++)
		if ((p->payload[i] >= 0x20 && p->payload[i] < 0x7f) ||
		    strchr("\r\n\t", p->payload[i]) != NULL)
			printable++;
	if (!w->exact && len > SHORT_PAYLOAD)
		len = SHORT_PAYLOAD;
	if (printable < p->payload_len / 2) {
		add(w, " hex ");
		add_hex(w, p->payload, len);
		if (len < p->payload_len)
			add(w, "...");
		return;
	}
	text = malloc(room);
	if (text == NULL) {
		w->full = true;
		return;
	}
	conf_quote(text, room, p->payload, len);
	add(w, " ");
	for (const char *at = text; *at != '\0'; at++) {
		/* A dollar sign would begin a name. */
		if (*at == '$')
			add(w, "\\");
		add(w, "%c", *at);
	}
	free(text);
	if (len < p->payload_len)
		add(w, "...");
}

static void add_transport(struct words *w, const struct run_pkt *p)
{
	if (p->plain) {
		add(w, "ip proto %u", p->proto);
		add_ends(w, p, false);
	} else if (p->proto == CONF_PROTO_ICMP) {
		add(w, "icmp");
		add_ends(w, p, false);
		add_icmp(w, p);
	} else if (p->proto == CONF_PROTO_UDP) {
		add(w, "udp");
		add_ends(w, p, true);
		if (p->ulen != RUN_TRUTH)
			add(w, " ulen %u", (unsigned int)p->ulen);
	} else {
		add(w, "tcp");
		add_ends(w, p, true);
		add_flags(w, p->flags);
		add(w, " absseq %u", p->seq);
		if (p->ack != 0 || p->flags & 0x10)
			add(w, " absack %u", p->ack);
		if (p->win != 5840)
			add(w, " win %u", p->win);
		if (p->urg != 0)
			add(w, " urg %u", p->urg);
		if (p->tcpopt_len > 0) {
			add(w, " opt ");
			add_hex(w, p->tcpopt, p->tcpopt_len);
		}
	}
	add_ip(w, p);
	if (!p->plain && p->csum.kind == CASE_SUM_NONE)
		add(w, " csum=none");
	else if (!p->plain && p->csum.kind == CASE_SUM_VALUE)
		add(w, " csum=0x%04x", p->csum.value);
	else if (!p->plain && p->csum.kind == CASE_SUM_BAD)
		add(w, " csum=bad");
	add_payload(w, p);
}

/* Do the numbers say everything? A checksum may have to be said as it is. */
static bool says_all(struct run_pkt *p, const uint8_t *data, uint32_t len)
{
	static const struct masq_view none = {.data = NULL, .len = 0};
	struct masq_buf built = {.cap = RUN_MAX_PACKET + 100};
	bool same = false;

	built.data = malloc(built.cap);
	if (built.data == NULL)
		return false;
	for (unsigned int turn = 0; turn < 2 && !same; turn++) {
		same = run_pkt_build(p, none, &built) && built.len == len &&
		       memcmp(built.data, data, len) == 0;
		if (!same && !p->plain && p->csum.kind != CASE_SUM_NONE)
			p->csum.kind = CASE_SUM_VALUE;
	}
	free(built.data);
	return same;
}

bool conf_case_words(const struct conf_case *c, const uint8_t *data,
		     uint32_t len, bool exact, char *out, size_t size)
{
	struct words w = {.c = c, .out = out, .size = size, .exact = exact};
	struct run_pkt p;

	out[0] = '\0';
	if (run_pkt_decode(&p, data, len) &&
	    (!exact || says_all(&p, data, len))) {
		add_transport(&w, &p);
		return !w.full;
	}
	if (!exact && len >= 20) {
		conf_summary(out, size, data, len);
		return false;
	}
	add(&w, len > 0 ? "raw " : "raw empty");
	add_hex(&w, data, len);
	return false;
}
