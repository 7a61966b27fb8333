/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quake.c - Quake 1 over UDP: the game moves to another port
 *
 * A client asks for a game at port 26000, the server accepts and names the
 * port of the game. Server outside: the client's entry moves to that port,
 * so that the game keeps its masquerade port (QUAKE-04). Server inside: the
 * port is one of the server's own, gets a child, and the accept names the
 * child's masquerade port (QUAKE-05). Payloads never change their length.
 */
#include "common/hole.h"
#include "quake/quake.h"
#include "quake/quake_parse.h"

/* Word 0 of an entry: what has been seen (QUAKE-01). */
enum {
	ASKED_INSIDE = 1,  /* a connect from inside */
	ASKED_OUTSIDE = 2, /* a connect from outside */
	DONE = 4           /* an accept has moved the entry */
};

/* Is an accept due that answers a connect of these sides? */
static bool is_asked(const struct masq_hook *hook, uint32_t state,
		     uint32_t asker)
{
	if (hole_has_quirk(hook, MASQ_QUIRK(QUAKE_ANY_SIDE)))
		asker = ASKED_INSIDE | ASKED_OUTSIDE;
	return (state & asker) != 0;
}

/* The message, OTHER if it is cut and that matters. */
static struct quake_msg read_message(const struct masq_hook *hook)
{
	struct quake_msg msg = quake_parse(masq_hook_payload(hook));

	if (!msg.is_whole && !hole_has_quirk(hook, MASQ_QUIRK(QUAKE_SHORT)))
		msg.kind = QUAKE_OTHER;
	return msg;
}

/*
 * A used entry for the game port of an inside server, or NULL. A repeated
 * accept finds the child of the first one where QUAKE_MANY is off.
 */
static struct masq_entry *child_for(struct masq_hook *hook, uint16_t port)
{
	struct masq_entry *child;
	struct masq_entry_info own;
	struct masq_tuple t = {.proto = PROTO_UDP, .inside_port = port};

	masq_entry_info(hook->engine, hook->entry, &own);
	t.inside_addr = own.inside_addr;
	t.peer_addr = own.peer_addr;
	t.peer_port = own.peer_port;
	if (!hole_has_quirk(hook, MASQ_QUIRK(QUAKE_MANY))) {
		child = masq_entry_find_out(hook, &t);
		if (child != NULL)
			return child;
	}
	/* A child is bound to this helper too (QUAKE-06). */
	if ((own.is_child || own.num_children >= HOLE_LIMIT) &&
	    !hole_has_quirk(hook, MASQ_QUIRK(HELPER_NO_LIMIT)))
		return NULL;
	child = masq_entry_new_child(hook, &t, 0);
	if (child == NULL)
		return NULL;
	masq_entry_listen(hook, child);
	masq_entry_link(hook, child);
	return child;
}

/*
 * Writes the two low octets of the port. A datagram that ends between them
 * or before gets what it has room for (GEN-29).
 */
static void write_port(struct masq_hook *hook, uint16_t port)
{
	const uint8_t octets[2] = {(uint8_t)port, (uint8_t)(port >> 8)};
	const struct masq_view rest = masq_from(masq_hook_payload(hook),
						QUAKE_O_PORT);

	if (masq_hook_write(hook, hook->header_len + QUAKE_O_PORT, octets,
			    rest.len < 2 ? rest.len : 2) != MASQ_OK)
		return;
}

/* QUAKE-05 */
static void accept_out(struct masq_hook *hook, const struct quake_msg *msg)
{
	struct masq_entry_info info;
	struct masq_entry *child;

	if (!hole_may_open(hook, msg->port))
		return;
	child = child_for(hook, (uint16_t)msg->port);
	if (child == NULL)
		return;
	masq_entry_info(hook->engine, child, &info);
	write_port(hook, info.masq_port);
	masq_entry_put(hook, child);
}

/* QUAKE-04, -07 */
static void accept_in(struct masq_hook *hook, const struct quake_msg *msg,
		      uint32_t *state)
{
	if (!hole_may_open(hook, msg->port))
		return;
	masq_entry_set_peer_port(
		hook, hook->entry, (uint16_t)msg->port,
		!hole_has_quirk(hook, MASQ_QUIRK(QUAKE_STALE)));
	*state |= DONE;
}

static struct masq_answer follow(struct masq_hook *hook, bool is_out)
{
	const uint32_t own = is_out ? ASKED_INSIDE : ASKED_OUTSIDE;
	const uint32_t other = is_out ? ASKED_OUTSIDE : ASKED_INSIDE;
	uint32_t *state = &masq_entry_words(hook->entry)[0];
	struct quake_msg msg;

	if ((*state & DONE) != 0)
		return (struct masq_answer){0};
	msg = read_message(hook);
	if (msg.kind == QUAKE_CONNECT)
		*state |= own;
	else if (msg.kind == QUAKE_ACCEPT && is_asked(hook, *state, other)) {
		if (is_out)
			accept_out(hook, &msg);
		else
			accept_in(hook, &msg, state);
	}
	return (struct masq_answer){0};
}

static struct masq_answer quake_out(struct masq_hook *hook)
{
	return follow(hook, true);
}

static struct masq_answer quake_in(struct masq_hook *hook)
{
	return follow(hook, false);
}

static const struct masq_helper_ops quake_26_ops = {
	.name = "Quake_26",
	.proto = PROTO_UDP,
	.out = quake_out,
	.in = quake_in,
};

static const struct masq_helper_ops quake_27_ops = {
	.name = "Quake_27",
	.proto = PROTO_UDP,
	.out = quake_out,
	.in = quake_in,
};

static const struct masq_helper_ops *const quake_ops[] = {
	&quake_26_ops,
	&quake_27_ops,
	NULL,
};

const struct helper_module masq_quake_module = {
	.name = "quake",
	.ops = quake_ops,
	.default_ports = {26000, 27000},
};
