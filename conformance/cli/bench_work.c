/* SPDX-License-Identifier: Apache-2.0 */
/* bench_work.c - packets in memory, made or collected */
#include <stdlib.h>

#include "bench.h"
#include "packet.h"

void bench_work_cleanup(struct bench_work *work)
{
	free(work->packets);
	free(work->data);
	*work = (struct bench_work){.num_packets = 0};
}

/* Room for one more packet of len octets. */
static bool reserve(struct bench_work *work, uint32_t len)
{
	if (work->num_packets == work->max_packets) {
		size_t max = work->max_packets > 0 ? work->max_packets * 2
						   : 1024;
		struct bench_packet *grown = realloc(work->packets,
						     max * sizeof(*grown));

		if (grown == NULL)
			return false;
		work->packets = grown;
		work->max_packets = max;
	}
	if (work->data_cap - work->data_len < len) {
		size_t cap = work->data_cap * 2 + 65536 + len;
		uint8_t *grown = realloc(work->data, cap);

		if (grown == NULL)
			return false;
		work->data = grown;
		work->data_cap = cap;
	}
	return true;
}

void bench_work_add(struct bench_work *work, enum conf_side side, uint64_t now,
		    const uint8_t *data, uint32_t len)
{
	if (!reserve(work, len)) {
		work->failed = true;
		return;
	}
	work->packets[work->num_packets++] = (struct bench_packet){
		.offset = work->data_len,
		.len = len,
		.side = side,
		.now = now,
	};
	if (len > 0)
		memcpy(work->data + work->data_len, data, len);
	work->data_len += len;
}

uint32_t bench_make(uint8_t out[BENCH_MAX_PACKET],
		    const struct bench_flow *flow)
{
	struct masq_buf b = {.data = out, .len = flow->len, .cap = flow->len};
	bool tcp = flow->proto == CONF_PROTO_TCP;
	uint64_t sum;

	memset(out, 0, flow->len);
	masq_put16(&b, 0, 0x4500);
	masq_put16(&b, 2, (uint16_t)flow->len);
	masq_put16(&b, 6, 0x4000);
	masq_put8(&b, 8, 64);
	masq_put8(&b, 9, flow->proto);
	masq_put32(&b, 12, flow->saddr);
	masq_put32(&b, 16, flow->daddr);
	masq_put16(&b, 20, flow->sport);
	masq_put16(&b, 22, flow->dport);
	if (tcp) {
		masq_put32(&b, 24, 1);
		masq_put32(&b, 28, 1);
		masq_put16(&b, 32, (uint16_t)(0x5000 | flow->tcp_flags));
		masq_put16(&b, 34, 5840);
	} else {
		masq_put16(&b, 24, (uint16_t)(flow->len - 20));
	}
	for (uint32_t i = tcp ? 40 : 28; i < flow->len; i++)
		masq_put8(&b, i, (uint8_t)('a' + i % 26));
	sum = masq_sum(masq_from(masq_view_of(&b), 20)) +
	      masq_sum_pseudo(flow->saddr, flow->daddr, flow->proto,
			      flow->len - 20);
	masq_put16(&b, tcp ? 36 : 26, (uint16_t)~masq_fold(sum));
	sum = masq_sum(masq_slice(masq_view_of(&b), 0, 20));
	masq_put16(&b, 10, (uint16_t)~masq_fold(sum));
	return flow->len;
}
