/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse.c - nothing but reading: what ci/fuzz-speed measures by
 *
 * Property: every stimulus of an input lies in the input, times never run
 * backwards, and every part of a packet, of its options and of the packet
 * that an ICMP error quotes lies in the packet.
 */
#include "common/finding.h"
#include "common/input.h"
#include "common/reach.h"
#include "common/target.h"
#include "packet.h"

static bool begin(void)
{
	return true;
}

static bool lies_in(struct masq_view part, struct masq_view all)
{
	return part.len == 0 ||
	       (part.data >= all.data && part.len <= all.len &&
		(size_t)(part.data - all.data) <= all.len - part.len);
}

/* The octets of options, of IP or TCP, as kind and length divide them. */
static uint32_t options_len(struct masq_view v)
{
	uint32_t at = 0;

	while (at < v.len && masq_get8(v, at) != 0) {
		const uint8_t len = masq_get8(v, at + 1);

		if (masq_get8(v, at) == 1)
			at++;
		else if (len < 2 || !masq_has(v, at, len))
			break;
		else
			at += len;
	}
	return at;
}

struct parsed {
	struct conf_layout ip;
	struct masq_view l4_header, text, quote;
	uint32_t ip_options, l4_options;
	bool is_right; /* both checksums are */
};

static void parse_tcp(struct parsed *p)
{
	const uint32_t len = (masq_get8(p->ip.payload, 12) >> 4) * 4u;

	if (len < 20 || !masq_has(p->ip.payload, 0, len))
		return;
	p->l4_header = masq_slice(p->ip.payload, 0, len);
	p->text = masq_from(p->ip.payload, len);
	p->l4_options = options_len(masq_from(p->l4_header, 20));
}

static void parse_icmp(struct parsed *p)
{
	p->l4_header = masq_slice(p->ip.payload, 0, 8);
	p->text = masq_from(p->ip.payload, 8);
	switch (masq_get8(p->ip.payload, 0)) {
	case 3:
	case 4:
	case 5:
	case 11:
	case 12:
		p->quote = p->text;
		break;
	default:
		break;
	}
}

static struct parsed parse(struct masq_view v)
{
	struct parsed p = {.ip = conf_layout_of(v.data, v.len)};

	if (!p.ip.has_payload)
		return p;
	p.is_right = masq_header_sum(p.ip.header) == 0xffff;
	p.ip_options = options_len(masq_from(p.ip.header, 20));
	if (!p.ip.is_first)
		return p;
	if (!p.ip.is_fragment && !conf_transport_sum_good(&p.ip))
		p.is_right = false;
	if (p.ip.proto == CONF_PROTO_TCP) {
		parse_tcp(&p);
	} else if (p.ip.proto == CONF_PROTO_UDP) {
		p.l4_header = masq_slice(p.ip.payload, 0, 8);
		p.text = masq_from(conf_summed(p.ip.proto, p.ip.payload), 8);
	} else if (p.ip.proto == CONF_PROTO_ICMP) {
		parse_icmp(&p);
	}
	return p;
}

static void check(uint64_t num, const struct parsed *p)
{
	if (!lies_in(p->ip.header, p->ip.all) ||
	    !lies_in(p->ip.payload, p->ip.all) ||
	    !lies_in(p->l4_header, p->ip.payload) ||
	    !lies_in(p->text, p->ip.payload) ||
	    !lies_in(p->quote, p->ip.payload) || p->ip_options > 40 ||
	    p->l4_options > 40)
		fuzz_finding("parse", "-", num, "a part is not in its packet");
}

static void run(const uint8_t *data, size_t len)
{
	const struct masq_view all = {.data = data, .len = (uint32_t)len};
	struct fuzz_input input;
	struct conf_packet p;
	struct parsed packet, quoted;
	uint64_t last = 0, num_right = 0;

	fuzz_reach_add(FUZZ_REACH_EXECUTIONS, 1);
	if (!fuzz_input_open(&input, data, len))
		return;
	while (fuzz_input_next(&input, &p)) {
		const struct masq_view v = {.data = p.data, .len = p.len};

		if (p.now < last || !lies_in(v, all))
			fuzz_finding("input", "-", input.num, "not in it");
		last = p.now;
		packet = parse(v);
		check(input.num, &packet);
		num_right += packet.is_right;
		quoted = parse(packet.quote);
		check(input.num, &quoted);
	}
	fuzz_reach_add(FUZZ_REACH_STIMULI, input.num);
	fuzz_reach_add(FUZZ_REACH_RESULTS, num_right);
	fuzz_reach_tick();
}

const struct fuzz_target fuzz_target = {
	.name = "parse",
	.property = "stimuli and all their parts lie in the input",
	.helper = "",
	.begin = begin,
	.run = run,
};
