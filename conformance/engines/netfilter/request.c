/* SPDX-License-Identifier: Apache-2.0 */
/* request.c - a request to the kernel by netlink, and its answers */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conntrack.h"

#define ANSWER_SIZE 65536u

/* The number in a NLMSG_ERROR or NLMSG_DONE: 0 or an errno. */
static int error_of(const struct nlmsghdr *message)
{
	const int *number = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*number))
		return message->nlmsg_type == NLMSG_DONE ? 0 : EPROTO;
	return *number < 0 ? -*number : 0;
}

/*
 * One part of the answers. Errors of messages before the last one are the
 * business of on_message.
 */
static int take(const char *part, int len, uint32_t last_seq,
		nf_message_fn *on_message, void *ctx, bool *out_done)
{
	const struct nlmsghdr *message = (const void *)part;
	int error;

	for (; mnl_nlmsg_ok(message, len);
	     message = mnl_nlmsg_next(message, &len)) {
		bool is_end = message->nlmsg_type == NLMSG_ERROR ||
			      message->nlmsg_type == NLMSG_DONE;

		if (is_end && message->nlmsg_seq == last_seq) {
			*out_done = true;
			return error_of(message);
		}
		error = on_message != NULL ? on_message(ctx, message)
			: is_end           ? error_of(message)
					   : 0;
		if (error != 0)
			return error;
	}
	return 0;
}

int nf_request(int fd, const void *messages, size_t len, uint32_t last_seq,
	       nf_message_fn *on_message, void *ctx)
{
	_Alignas(struct nlmsghdr) char part[ANSWER_SIZE];
	bool done = false;
	int error = 0;

	if (send(fd, messages, len, 0) < 0)
		return errno;
	while (!done && error == 0) {
		ssize_t n = recv(fd, part, sizeof(part), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		error = take(part, (int)n, last_seq, on_message, ctx, &done);
	}
	return error;
}

int nf_route_request(const struct nlmsghdr *message)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int error;

	if (fd < 0)
		return errno;
	error = nf_request(fd, message, message->nlmsg_len, message->nlmsg_seq,
			   NULL, NULL);
	close(fd);
	return error;
}

struct nlmsghdr *nf_put_message(void *at, uint16_t subsystem, uint16_t type,
				uint16_t flags, uint32_t seq)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(at);
	struct nfgenmsg *body;

	message->nlmsg_type = (uint16_t)(subsystem << 8 | type);
	message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	message->nlmsg_seq = seq;
	body = mnl_nlmsg_put_extra_header(message, sizeof(*body));
	body->nfgen_family = AF_INET;
	body->version = NFNETLINK_V0;
	return message;
}

struct nlmsghdr *nf_put_last(void *at)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(at);

	message->nlmsg_type = NLMSG_NOOP;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	message->nlmsg_seq = NF_LAST_SEQ;
	return message;
}
