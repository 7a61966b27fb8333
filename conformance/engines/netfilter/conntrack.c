/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conntrack.c - the kernel's connections: forgetting them, and their clock
 *
 * Time is virtual: when seconds pass, every connection is brought that much
 * nearer to its end, or to it. The kernel counts whole seconds down in ticks
 * of its own: what was set to S reads S in the same tick, and S - 1 later
 * (less than a second later). Which of them it is follows from the few values
 * that S can have: a timeout of the kernel, or what was set here last. If both
 * are possible the next tick is awaited, at most 10 ms: then all read S - 1.
 *
 * A dump of the table looks at every bucket of the machine, 10 ms. New
 * connections are announced instead; only if announcements were lost the
 * table is dumped.
 */
#define _GNU_SOURCE /* CLOCK_MONOTONIC_COARSE */

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "conntrack.h"

/* Requests that are sent at once; their answers fit the socket. */
#define BATCH       64u
#define MAX_MESSAGE 256u

uint64_t nf_coarse_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void await_tick(struct nf_conntrack *ct)
{
	const struct timespec moment = {.tv_nsec = 200000};

	while (nf_coarse_clock() <= ct->quiet)
		nanosleep(&moment, NULL);
}

static int flush_table(int fd, uint16_t subsystem, uint16_t type)
{
	_Alignas(struct nlmsghdr) char buffer[64];
	struct nlmsghdr *message = nf_put_message(buffer, subsystem, type,
						  NLM_F_ACK, 1);
	struct nfgenmsg *body = mnl_nlmsg_get_payload(message);

	body->nfgen_family = AF_UNSPEC;
	return nf_request(fd, message, message->nlmsg_len, 1, NULL, NULL);
}

/* Throws away what was announced. */
static void forget_events(struct nf_conntrack *ct)
{
	char part[8192];

	while (recv(ct->events, part, sizeof(part), MSG_TRUNC) > 0 ||
	       errno == ENOBUFS || errno == EINTR)
		;
}

int nf_conntrack_flush(struct nf_conntrack *ct)
{
	int error = flush_table(ct->requests, NFNL_SUBSYS_CTNETLINK,
				IPCTNL_MSG_CT_DELETE);

	if (error == 0)
		error = flush_table(ct->requests, NFNL_SUBSYS_CTNETLINK_EXP,
				    IPCTNL_MSG_EXP_DELETE);
	forget_events(ct);
	ct->num_flows = 0;
	ct->lost = false;
	return error;
}

void nf_conntrack_cleanup(struct nf_conntrack *ct)
{
	free(ct->flows);
	ct->flows = NULL;
	ct->num_flows = ct->max_flows = 0;
}

static struct nf_flow *add_flow(struct nf_conntrack *ct)
{
	if (ct->num_flows == ct->max_flows) {
		size_t max = ct->max_flows > 0 ? ct->max_flows * 2 : 64;
		struct nf_flow *flows = realloc(ct->flows,
						max * sizeof(*flows));

		if (flows == NULL)
			return NULL;
		ct->flows = flows;
		ct->max_flows = max;
	}
	return &ct->flows[ct->num_flows++];
}

/* What a message says of a connection. */
static bool read_flow(const struct nlmsghdr *message, struct nf_flow *out)
{
	const struct nlattr *attr;

	*out = (struct nf_flow){.tuple_len = 0};
	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg))
	{
		uint16_t type = mnl_attr_get_type(attr);
		uint16_t len = mnl_attr_get_payload_len(attr);

		if (type == CTA_TUPLE_ORIG && len <= NF_MAX_TUPLE) {
			memcpy(out->tuple, mnl_attr_get_payload(attr), len);
			out->tuple_len = len;
		} else if (type == CTA_ID && len == 4) {
			out->id = ntohl(mnl_attr_get_u32(attr));
		} else if (type == CTA_TIMEOUT && len == 4) {
			out->left = ntohl(mnl_attr_get_u32(attr));
		}
	}
	return out->tuple_len > 0;
}

static int on_new(void *ctx, const struct nlmsghdr *message)
{
	struct nf_conntrack *ct = ctx;
	struct nf_flow flow, *added;

	if (!read_flow(message, &flow))
		return 0;
	added = add_flow(ct);
	if (added == NULL)
		return ENOMEM;
	*added = flow;
	return 0;
}

/* The announcements since the last time. */
static int read_events(struct nf_conntrack *ct)
{
	_Alignas(struct nlmsghdr) char part[8192];
	int error = 0;

	while (error == 0) {
		ssize_t n = recv(ct->events, part, sizeof(part), 0);
		const struct nlmsghdr *message = (const void *)part;
		int len = (int)n;

		if (n < 0 && errno == ENOBUFS)
			ct->lost = true;
		else if (n < 0 && errno != EINTR)
			return errno == EAGAIN ? 0 : errno;
		for (; n > 0 && error == 0 && mnl_nlmsg_ok(message, len);
		     message = mnl_nlmsg_next(message, &len))
			error = on_new(ct, message);
	}
	return error;
}

static int dump_flows(struct nf_conntrack *ct)
{
	_Alignas(struct nlmsghdr) char buffer[64];
	struct nlmsghdr *message = nf_put_message(buffer, NFNL_SUBSYS_CTNETLINK,
						  IPCTNL_MSG_CT_GET, NLM_F_DUMP,
						  1);

	ct->num_flows = 0;
	return nf_request(ct->requests, message, message->nlmsg_len, 1, on_new,
			  ct);
}

/* The answer to one of a batch: seq is 1 + the index of the flow. */
static int on_answer(void *ctx, const struct nlmsghdr *message)
{
	struct nf_conntrack *ct = ctx;
	struct nf_flow *flow, now;

	if (message->nlmsg_seq == 0 || message->nlmsg_seq > ct->num_flows)
		return 0;
	flow = &ct->flows[message->nlmsg_seq - 1];
	if (message->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *error = mnl_nlmsg_get_payload(message);

		if (mnl_nlmsg_get_payload_len(message) < sizeof(*error))
			return EPROTO;
		flow->gone = error->error == -ENOENT;
		return flow->gone ? 0 : -error->error;
	}
	if (read_flow(message, &now)) {
		flow->id = now.id;
		flow->left = now.left;
	}
	return 0;
}

/* What is asked or told of each. */
struct step {
	uint16_t type;
	uint32_t seconds;
};

static bool is_over(const struct nf_flow *flow, uint32_t seconds)
{
	return flow->left <= seconds;
}

static size_t put_flow(void *at, const struct step *step,
		       const struct nf_flow *flow, uint32_t seq)
{
	uint16_t type = step->type;
	struct nlmsghdr *message;

	if (type == IPCTNL_MSG_CT_NEW && is_over(flow, step->seconds))
		type = IPCTNL_MSG_CT_DELETE;
	message = nf_put_message(at, NFNL_SUBSYS_CTNETLINK, type, 0, seq);
	mnl_attr_put(message, CTA_TUPLE_ORIG | NLA_F_NESTED, flow->tuple_len,
		     flow->tuple);
	if (type == IPCTNL_MSG_CT_NEW)
		mnl_attr_put_u32(message, CTA_TIMEOUT,
				 htonl(flow->left - step->seconds));
	if (type == IPCTNL_MSG_CT_DELETE)
		mnl_attr_put_u32(message, CTA_ID, htonl(flow->id));
	return MNL_ALIGN(message->nlmsg_len);
}

/* Asks or tells the kernel about all flows, a batch at a time. */
static int for_all(struct nf_conntrack *ct, const struct step *step)
{
	_Alignas(struct nlmsghdr) char batch[BATCH * MAX_MESSAGE];
	size_t i = 0;

	while (i < ct->num_flows) {
		size_t len = 0, end = i + BATCH - 1;
		struct nlmsghdr *last;
		int error;

		for (; i < ct->num_flows && i < end; i++)
			if (!ct->flows[i].gone)
				len += put_flow(batch + len, step,
						&ct->flows[i], (uint32_t)i + 1);
		last = nf_put_last(batch + len);
		len += last->nlmsg_len;
		error = nf_request(ct->requests, batch, len, NF_LAST_SEQ,
				   on_answer, ct);
		if (error != 0)
			return error;
	}
	return 0;
}

/* Can a connection have been set to so many seconds, not here? */
static bool is_timeout(const struct nf_conntrack *ct, uint32_t seconds)
{
	/* All timeouts of the kernel for IPv4, RFC 5382 and others. */
	static const uint32_t stock[] = {3,   10,  20,  30,  60,  120,   180,
					 210, 240, 300, 480, 600, 432000};

	for (size_t i = 0; i < sizeof(stock) / sizeof(stock[0]); i++)
		if (stock[i] == seconds)
			return true;
	for (size_t i = 0; i < NF_NUM_TIMEOUTS; i++)
		if (ct->timeouts[i] != 0 && ct->timeouts[i] == seconds)
			return true;
	return false;
}

/*
 * From what flows read to what they were set to. False: it cannot be told
 * in this tick.
 */
static bool resolve(struct nf_conntrack *ct, bool later)
{
	for (size_t i = 0; i < ct->num_flows; i++) {
		struct nf_flow *flow = &ct->flows[i];
		uint32_t r = flow->left;
		bool is_r = r == flow->set || is_timeout(ct, r);
		bool is_next = r + 1 == flow->set || is_timeout(ct, r + 1);

		if (!later && is_r == is_next && !flow->gone)
			return false;
		flow->left += later || is_next;
	}
	return true;
}

/* Reads how long all flows have left. */
static int read_flows(struct nf_conntrack *ct)
{
	const struct step ask = {.type = IPCTNL_MSG_CT_GET};

	return ct->lost ? dump_flows(ct) : for_all(ct, &ask);
}

/* Forgets the flows that have come to their end. */
static void sweep(struct nf_conntrack *ct, uint32_t seconds)
{
	size_t kept = 0;

	for (size_t i = 0; i < ct->num_flows; i++) {
		struct nf_flow *flow = &ct->flows[i];

		flow->set = flow->left - seconds;
		if (!flow->gone && !is_over(flow, seconds))
			ct->flows[kept++] = *flow;
	}
	ct->num_flows = kept;
}

int nf_conntrack_shift(struct nf_conntrack *ct, uint32_t seconds)
{
	const struct step tell = {.type = IPCTNL_MSG_CT_NEW,
				  .seconds = seconds};
	int error = read_events(ct);
	bool later;

	if (error != 0 || (ct->num_flows == 0 && !ct->lost))
		return error;
	/* The dump takes its time, and forgets what was set. */
	if (ct->lost || ct->has_helpers)
		await_tick(ct);
	later = nf_coarse_clock() > ct->quiet;
	error = read_flows(ct);
	if (error == 0 && !resolve(ct, later)) {
		await_tick(ct);
		error = read_flows(ct);
		(void)resolve(ct, true);
	}
	if (error == 0)
		error = for_all(ct, &tell);
	if (error == 0 && ct->has_helpers)
		error = nf_expect_shift(ct, seconds);
	sweep(ct, seconds);
	ct->quiet = nf_coarse_clock();
	return error;
}
