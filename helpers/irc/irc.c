/* SPDX-License-Identifier: Apache-2.0 */
/*
 * irc.c - the IRC helper
 *
 * Theory of operation
 *
 * An inside user offers a file or a chat by telling address and port in a
 * message (DCC); whoever gets it connects. So the offer makes a child that
 * any outside host may claim, the first one for ever, and the numbers of
 * the message become those of the child. It stays when the connection to
 * the server ends.
 *
 * To resume a file the receiver names the port he was told, which must
 * become the inside one again, and the sender answers with it. Linux
 * 2.2.26 expects an address before those ports, which no client sends.
 *
 * With quirk IRC_ANYWHERE requests are found as 2.2.26 does, anywhere in a
 * segment; without it they are messages of one line (common/line.h). Word
 * 0 of the entry belongs to the lines out, word 1 to those in.
 */
#include <stdio.h>

#include "common/hole.h"
#include "common/line.h"
#include "common/text.h"
#include "irc/irc.h"
#include "irc/irc_parse.h"

enum {
	TCP_HEADER_MIN = 20,
	TEXT_SIZE = 24 /* two numbers, a blank and the zero */
};

static struct irc_policy policy_of(const struct masq_hook *hook)
{
	const struct helper_options *options = hook->options;

	return (struct irc_policy){
		.is_insecure = options->irc_insecure,
		.own_addr = hole_inside_addr(hook),
	};
}

static bool is_plain_enough(const struct masq_hook *hook,
			    const struct irc_request *request)
{
	return request->is_plain ||
	       hole_has_quirk(hook, MASQ_QUIRK(HELPER_NUMBERS));
}

/* Writes address and port, or the port alone, over those of the request. */
static int32_t write_numbers(struct masq_hook *hook, uint32_t offset,
			     const struct irc_request *request, uint32_t addr,
			     uint16_t port)
{
	char text[TEXT_SIZE];
	int len;

	if (request->has_addr)
		len = snprintf(text, sizeof(text), "%u %u", addr, port);
	else
		len = snprintf(text, sizeof(text), "%u", port);
	return hole_edit(hook, offset, request->len, text, (uint32_t)len);
}

/* ---- out ------------------------------------------------------------- */

/* An offer that nobody has claimed yet? */
static bool is_hole(const struct masq_entry_info *info)
{
	const uint16_t wild = MASQ_NO_DADDR | MASQ_NO_DPORT;

	return (info->flags & wild) == wild;
}

/* IRC-05, -08: the child for the request, new or used again; taken. */
static struct masq_entry *open_child(struct masq_hook *hook,
				     const struct irc_request *request)
{
	const struct masq_tuple tuple = {
		.proto = PROTO_TCP,
		.inside_addr = request->has_addr ? request->addr
						 : hole_inside_addr(hook),
		.inside_port = (uint16_t)request->port,
	};
	struct masq_entry *child = masq_entry_find_out(hook, &tuple);

	if (child != NULL || !request->has_addr)
		return child; /* no address: an answer, which opens nothing */
	if (!hole_has_room(hook))
		return NULL;
	child = masq_entry_new_child(hook, &tuple,
				     MASQ_NO_DADDR | MASQ_NO_DPORT);
	/* A limit has to know whose children they are; 2.2.26 does not. */
	if (child != NULL && !hole_has_quirk(hook, MASQ_QUIRK(HELPER_NO_LIMIT)))
		masq_entry_link(hook, child);
	return child;
}

/* IRC-05, -06; offset is that of the numbers in the segment. */
static int32_t announce(struct masq_hook *hook, uint32_t offset,
			const struct irc_request *request)
{
	struct masq_entry *child = open_child(hook, request);
	struct masq_entry_info info;
	int32_t diff = 0;

	if (child == NULL)
		return 0;
	masq_entry_info(hook->engine, child, &info);
	if (is_hole(&info)) {
		masq_entry_listen(hook, child);
		diff = write_numbers(hook, offset, request, info.masq_addr,
				     info.masq_port);
	}
	masq_entry_put(hook, child);
	return diff;
}

/* IRC-S10: with the quirk off the port must end, and its line too. */
static bool is_complete(const struct masq_hook *hook, struct masq_view v,
			uint32_t end)
{
	return hole_has_quirk(hook, MASQ_QUIRK(IRC_CUT)) ||
	       text_line(v, end) != 0;
}

/* GEN-28: 2.2.26 takes TCP options for text. */
static uint32_t text_offset(const struct masq_hook *hook)
{
	return hole_has_quirk(hook, MASQ_QUIRK(IRC_OPTIONS)) ? TCP_HEADER_MIN
							     : hook->header_len;
}

static int32_t find_out(struct masq_hook *hook)
{
	const uint32_t base = text_offset(hook);
	const struct masq_view v = masq_from(hook->segment, base);
	struct irc_policy policy;
	struct irc_request r;

	if (v.len == 0)
		return 0;
	policy = policy_of(hook);
	if (!irc_find_request(v, &policy, &r) || !is_plain_enough(hook, &r) ||
	    !is_complete(hook, v, r.offset + r.len))
		return 0;
	return announce(hook, base + r.offset, &r);
}

/* May the message be honoured? An answer without address names a port. */
static bool is_line_allowed(const struct masq_hook *hook,
			    const struct irc_request *request)
{
	const struct irc_policy policy = policy_of(hook);

	if (!is_plain_enough(hook, request))
		return false;
	/* RFC 1122 3.2.1.3: no host has an address of that net. */
	if (request->has_addr && request->addr >> 24 == 0)
		return false;
	return irc_is_allowed(
		&policy, request->has_addr ? request->addr : policy.own_addr,
		request->port);
}

static int32_t lines_out(struct masq_hook *hook)
{
	const bool is_cut = hole_has_quirk(hook, MASQ_QUIRK(IRC_CUT));
	uint32_t *word = &masq_entry_words(hook->entry)[0];
	struct line_walk walk;
	struct line line;
	int32_t total = 0;

	line_walk_init(&walk, hook, word);
	while (line_next(&walk, &line)) {
		struct irc_request r;
		int32_t diff;

		irc_read_line(line.text, !is_cut, &r);
		if ((r.kind != IRC_OFFER && r.kind != IRC_ACCEPT) ||
		    (*word & LINE_FOREIGN) != 0 || !is_line_allowed(hook, &r))
			continue;
		diff = announce(hook, line.offset + r.offset, &r);
		line_edited(&walk, diff);
		total += diff;
	}
	return total;
}

static struct masq_answer irc_out(struct masq_hook *hook)
{
	struct masq_answer answer = {0};

	if (hole_has_quirk(hook, MASQ_QUIRK(IRC_ANYWHERE)))
		answer.diff = find_out(hook);
	else
		answer.diff = lines_out(hook);
	return answer;
}

/* ---- in -------------------------------------------------------------- */

/* IRC-11: the outside port that was announced becomes the inside one. */
static int32_t resume(struct masq_hook *hook, uint32_t offset,
		      const struct irc_request *request, bool is_own_only)
{
	const uint32_t masq_addr = request->has_addr ? request->addr
						     : hook->masq_addr;
	struct masq_entry *child =
		masq_entry_find_in(hook, PROTO_TCP, 0, 0, masq_addr,
				   (uint16_t)(request->port & 0xffff));
	struct masq_entry_info info;
	int32_t diff = 0;

	if (child == NULL)
		return 0;
	masq_entry_info(hook->engine, child, &info);
	if (is_hole(&info) &&
	    (!is_own_only || info.inside_addr == hole_inside_addr(hook)))
		diff = write_numbers(hook, offset, request, info.inside_addr,
				     info.inside_port);
	/* IRC-12: 2.2.26 never gives it back; its timer stands still. */
	if (!hole_has_quirk(hook, MASQ_QUIRK(IRC_RESUME_LEAK)))
		masq_entry_put(hook, child);
	return diff;
}

static int32_t find_in(struct masq_hook *hook)
{
	const uint32_t base = text_offset(hook);
	const struct masq_view v = masq_from(hook->segment, base);
	struct irc_request r;

	if (!irc_find_resume(v, &r) || !is_plain_enough(hook, &r) ||
	    !is_complete(hook, v, r.offset + r.len))
		return 0;
	return resume(hook, base + r.offset, &r, false);
}

static int32_t lines_in(struct masq_hook *hook)
{
	const bool is_cut = hole_has_quirk(hook, MASQ_QUIRK(IRC_CUT));
	struct line_walk walk;
	struct line line;
	int32_t total = 0;

	line_walk_init(&walk, hook, &masq_entry_words(hook->entry)[1]);
	while (line_next(&walk, &line)) {
		struct irc_request r;
		int32_t diff;

		irc_read_line(line.text, !is_cut, &r);
		if (r.kind != IRC_RESUME || !is_plain_enough(hook, &r))
			continue;
		diff = resume(hook, line.offset + r.offset, &r, true);
		line_edited(&walk, diff);
		total += diff;
	}
	return total;
}

static struct masq_answer irc_in(struct masq_hook *hook)
{
	struct masq_answer answer = {0};

	if (hole_has_quirk(hook, MASQ_QUIRK(IRC_ANYWHERE)))
		answer.diff = find_in(hook);
	else
		answer.diff = lines_in(hook);
	return answer;
}

static const struct masq_helper_ops irc_ops = {
	.name = "irc",
	.proto = PROTO_TCP,
	.out = irc_out,
	.in = irc_in,
};

static const struct masq_helper_ops *const irc_ops_list[] = {&irc_ops, NULL};

const struct helper_module masq_irc_module = {
	.name = "irc",
	.ops = irc_ops_list,
	.default_ports = {6667},
	.max_ports = HELPER_MAX_PORTS,
};
