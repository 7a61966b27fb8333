/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vdolive.c - VDO Live over TCP: one UDP port for the media
 *
 * The player names its port twice, in a message with tag 6 and in one with
 * tag 1. The first of them gets a child, both get its masquerade port; then
 * the helper is finished with the connection. No length changes.
 */
#include "common/hole.h"
#include "vdolive/vdolive.h"
#include "vdolive/vdolive_parse.h"

enum {
	TCP_HEADER = 20, /* octets, without options */
	DEFAULT_PORT = 7000
};

/* Word 0: the announced port below, the masquerade port above. */
static uint16_t announced_port(const uint32_t *words)
{
	return (uint16_t)words[0];
}

static uint16_t hole_port(const uint32_t *words)
{
	return (uint16_t)(words[0] >> 16);
}

/* Word 1: enum vdolive_kind seen so far, and: */
enum {
	BEGUN = 4, /* there has been data from inside */
	ALIEN = 8  /* which was no VDO Live: leave the connection alone */
};

/* VDO-S3: Linux 2.2 takes the options for the beginning of the data. */
static uint32_t data_offset(const struct masq_hook *hook)
{
	if (hole_has_quirk(hook, MASQ_QUIRK(VDO_OPTIONS)))
		return TCP_HEADER;
	return hook->header_len;
}

/*
 * A page in a browser can make it send any text to any port, but not choose
 * how the connection begins. So, with the quirk off, a connection is VDO
 * Live's if its first segment is, and if no segment has been missed.
 */
static bool is_alien(struct masq_hook *hook, uint32_t *words,
		     const struct vdolive_msg *msg)
{
	if (hole_has_quirk(hook, MASQ_QUIRK(VDO_ANYWHERE)) ||
	    masq_hook_payload(hook).len == 0)
		return false;
	if (((words[1] & BEGUN) == 0 && msg->kind == VDOLIVE_OTHER) ||
	    !hook->in_order)
		words[1] |= ALIEN;
	words[1] |= BEGUN;
	return (words[1] & ALIEN) != 0;
}

/* VDO-04, -06, -07: opens the hole; false leaves everything as it was. */
static bool open_hole(struct masq_hook *hook, uint32_t *words, uint16_t port)
{
	struct masq_entry_info info;
	struct masq_entry *child;
	const struct masq_tuple t = {
		.proto = PROTO_UDP,
		.inside_addr = hole_inside_addr(hook),
		.inside_port = port,
		.peer_addr = hook->peer_addr,
	};

	if (!hole_may_open(hook, port))
		return false;
	child = masq_entry_new_child(hook, &t, MASQ_NO_DPORT);
	if (child == NULL)
		return false;
	masq_entry_listen(hook, child);
	masq_entry_info(hook->engine, child, &info);
	words[0] = (uint32_t)info.masq_port << 16 | port;
	if (hole_has_quirk(hook, MASQ_QUIRK(VDO_IMMORTAL))) {
		masq_entry_put(hook, hook->entry);
		return true;
	}
	masq_entry_link(hook, child);
	masq_entry_put(hook, child);
	return true;
}

static struct masq_answer vdolive_out(struct masq_hook *hook)
{
	const uint32_t at = data_offset(hook);
	const struct masq_view data = masq_from(hook->segment, at);
	const struct vdolive_msg msg = vdolive_parse(data);
	uint32_t *words = masq_entry_words(hook->entry);
	uint8_t octets[2];

	if ((words[1] & VDOLIVE_BOTH) == VDOLIVE_BOTH)
		return (struct masq_answer){0};
	if (is_alien(hook, words, &msg) || msg.kind == VDOLIVE_OTHER)
		return (struct masq_answer){0};
	if (announced_port(words) == 0) {
		if (!open_hole(hook, words, msg.port))
			return (struct masq_answer){0};
	} else if (msg.port != announced_port(words) &&
		   !hole_has_quirk(hook, MASQ_QUIRK(VDO_OTHER_PORT))) {
		return (struct masq_answer){0};
	}
	octets[0] = (uint8_t)(hole_port(words) >> 8);
	octets[1] = (uint8_t)hole_port(words);
	if (masq_hook_write(hook, at + msg.port_at, octets, 2) == MASQ_OK)
		words[1] |= (uint32_t)msg.kind;
	return (struct masq_answer){0};
}

static const struct masq_helper_ops vdolive_tcp_ops = {
	.name = "VDOlive",
	.proto = PROTO_TCP,
	.out = vdolive_out,
};

static const struct masq_helper_ops *const vdolive_ops[] = {
	&vdolive_tcp_ops,
	NULL,
};

const struct helper_module masq_vdolive_module = {
	.name = "vdolive",
	.ops = vdolive_ops,
	.default_ports = {DEFAULT_PORT},
	.max_ports = HELPER_MAX_PORTS,
};
