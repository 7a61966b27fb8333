/* SPDX-License-Identifier: Apache-2.0 */
/* expect.c - the clock of what helpers expect */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <stdlib.h>
#include <string.h>

#include "conntrack.h"

/* The attributes that name an expectation, as they came. */
#define NUM_NAMES 3u
#define MAX_LEN   128u

struct expectation {
	uint8_t name[NUM_NAMES][MAX_LEN];
	uint16_t len[NUM_NAMES];
	uint32_t left; /* s */
};

static const uint16_t names[NUM_NAMES] = {CTA_EXPECT_TUPLE, CTA_EXPECT_MASK,
					  CTA_EXPECT_MASTER};

struct list {
	struct expectation *items;
	size_t num, max;
};

static struct expectation *add(struct list *list)
{
	if (list->num == list->max) {
		size_t max = list->max > 0 ? list->max * 2 : 16;
		struct expectation *items = realloc(list->items,
						    max * sizeof(*items));

		if (items == NULL)
			return NULL;
		list->items = items;
		list->max = max;
	}
	list->items[list->num] = (struct expectation){.left = 0};
	return &list->items[list->num++];
}

static int on_expectation(void *ctx, const struct nlmsghdr *message)
{
	const struct nlattr *attr;
	struct expectation *e;

	if (message->nlmsg_type == NLMSG_ERROR ||
	    message->nlmsg_type == NLMSG_DONE)
		return 0;
	e = add(ctx);
	if (e == NULL)
		return ENOMEM;
	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg))
	{
		uint16_t type = mnl_attr_get_type(attr);
		uint16_t len = mnl_attr_get_payload_len(attr);

		if (type == CTA_EXPECT_TIMEOUT && len == 4)
			e->left = ntohl(mnl_attr_get_u32(attr));
		for (unsigned int i = 0; i < NUM_NAMES; i++)
			if (type == names[i] && len <= MAX_LEN) {
				memcpy(e->name[i], mnl_attr_get_payload(attr),
				       len);
				e->len[i] = len;
			}
	}
	return 0;
}

/* See conntrack.c: what reads S - 1 is S. */
static int shift(int fd, const struct expectation *e, uint32_t seconds)
{
	_Alignas(struct nlmsghdr) char buffer[NUM_NAMES * (MAX_LEN + 8) + 64];
	bool over = e->left + 1 <= seconds;
	struct nlmsghdr *message = nf_put_message(
		buffer, NFNL_SUBSYS_CTNETLINK_EXP,
		over ? IPCTNL_MSG_EXP_DELETE : IPCTNL_MSG_EXP_NEW, NLM_F_ACK,
		1);
	int error;

	for (unsigned int i = 0; i < NUM_NAMES; i++)
		mnl_attr_put(message, names[i] | NLA_F_NESTED, e->len[i],
			     e->name[i]);
	if (!over)
		mnl_attr_put_u32(message, CTA_EXPECT_TIMEOUT,
				 htonl(e->left + 1 - seconds));
	error = nf_request(fd, message, message->nlmsg_len, 1, NULL, NULL);
	/* Gone with its connection. */
	return error == ENOENT ? 0 : error;
}

int nf_expect_shift(struct nf_conntrack *ct, uint32_t seconds)
{
	_Alignas(struct nlmsghdr) char buffer[64];
	struct nlmsghdr *message =
		nf_put_message(buffer, NFNL_SUBSYS_CTNETLINK_EXP,
			       IPCTNL_MSG_EXP_GET, NLM_F_DUMP, 1);
	struct list list = {.num = 0};
	int error = nf_request(ct->requests, message, message->nlmsg_len, 1,
			       on_expectation, &list);

	for (size_t i = 0; i < list.num && error == 0; i++)
		error = shift(ct->requests, &list.items[i], seconds);
	free(list.items);
	return error;
}
