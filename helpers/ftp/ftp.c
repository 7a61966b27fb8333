/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ftp.c - the FTP helper
 *
 * Theory of operation
 *
 * The commands of a control connection come from its client, the replies
 * from its server; either may be inside (the server with in_ports). Who is
 * inside and announces a port gets a child for it and his text rewritten:
 * PORT of an inside client, 227 of an inside server. What the outside end
 * announces is only expected: a child whose inside port is not known yet,
 * for the connection that the inside end is about to open.
 *
 *              client inside           server inside (inbound binding)
 *   commands   out: PORT is announced  in: PORT is expected
 *   replies    in: 227 is expected     out: 227 is announced
 *
 * With quirk FTP_ANYWHERE both are found as 2.2.26 does, anywhere in a
 * segment (ftp_find_...). Without it they are lines (common/line.h), and a
 * segment may have several. The entry's word 0 belongs to the stream of
 * the commands, word 1 to that of the replies.
 */
#include "common/hole.h"
#include "common/line.h"
#include "common/text.h"
#include "ftp/ftp.h"
#include "ftp/ftp_parse.h"

enum {
	FIRST_FREE_PORT = 1024 /* those below need privilege (FTP-09) */
};

/* Word 0. */
enum {
	PASV_SEEN = LINE_FIRST_FREE /* the latest command was PASV (2.2) */
};

/* Word 1. */
enum {
	MULTI = LINE_FIRST_FREE,     /* inside a reply of several lines */
	LOST = LINE_FIRST_FREE << 1, /* the first digits came cut */
	CODE_SHIFT = 8,              /* of the reply of several lines, or 0 */
	CODE_MASK = 0x3ff << CODE_SHIFT
};

/* Which ports may be announced. */
enum port_check {
	PORT_ANY = 0,
	PORT_HIGH, /* not below 1024 */
	PORT_SAFE, /* nor in the noport list */
};

static bool is_port_allowed(const struct masq_hook *hook, uint16_t port,
			    enum port_check check)
{
	const struct helper_options *options = hook->options;

	if (check == PORT_ANY)
		return true;
	if (port < FIRST_FREE_PORT)
		return false;
	if (check == PORT_HIGH)
		return true;
	for (unsigned int i = 0; i < HELPER_MAX_PORTS; i++) {
		if (options->ftp_noport[i] == 0)
			break;
		if (options->ftp_noport[i] == port)
			return false;
	}
	return true;
}

/* FTP-11: may the host that speaks, inside or outside, name this target? */
static bool is_allowed(const struct masq_hook *hook,
		       const struct ftp_target *target, bool is_inside,
		       enum port_check check)
{
	const uint32_t own = is_inside ? hole_inside_addr(hook)
				       : hook->peer_addr;

	if (masq_entry_state(hook->entry) != MASQ_STATE_ESTABLISHED)
		return false; /* FTP-10, FTP-15 */
	if (target->addr == 0)
		return false;
	if (!target->is_plain &&
	    !hole_has_quirk(hook, MASQ_QUIRK(HELPER_NUMBERS)))
		return false;
	if (target->addr != own &&
	    !hole_has_quirk(hook, MASQ_QUIRK(FTP_ANY_HOST)))
		return false;
	return is_port_allowed(hook, target->port, check);
}

/* ---- children -------------------------------------------------------- */

/* Is the entry found just what a new child would be? */
static bool is_same_hole(const struct masq_hook *hook,
			 const struct masq_entry *entry,
			 const struct masq_tuple *tuple)
{
	struct masq_entry_info info;

	masq_entry_info(hook->engine, entry, &info);
	return info.inside_port == tuple->inside_port &&
	       info.peer_addr == tuple->peer_addr &&
	       (info.flags & (MASQ_NO_DADDR | MASQ_NO_DPORT)) == MASQ_NO_DPORT;
}

/* FTP-05: a child for an announced port, new or used again; taken. */
static struct masq_entry *open_child(struct masq_hook *hook,
				     const struct ftp_target *target)
{
	const struct masq_tuple tuple = {
		.proto = PROTO_TCP,
		.inside_addr = target->addr,
		.inside_port = target->port,
		.peer_addr = hook->peer_addr,
	};
	struct masq_entry *child = masq_entry_find_out(hook, &tuple);

	if (child != NULL) {
		if (hole_has_quirk(hook, MASQ_QUIRK(FTP_ANY_HOST)) ||
		    is_same_hole(hook, child, &tuple))
			return child;
		masq_entry_put(hook, child);
	}
	if (!hole_has_room(hook))
		return NULL;
	child = masq_entry_new_child(hook, &tuple, MASQ_NO_DPORT);
	if (child != NULL)
		masq_entry_link(hook, child);
	return child;
}

/*
 * FTP-05 to -08: makes a child for the target, whose numbers begin at offset
 * of the segment, and writes the child's outside numbers there. Returns the
 * change of the length.
 */
static int32_t announce(struct masq_hook *hook, uint32_t offset,
			const struct ftp_target *target)
{
	struct masq_entry *child = open_child(hook, target);
	struct masq_entry_info info;
	char text[FTP_TARGET_SIZE];
	uint32_t len;
	int32_t diff;

	if (child == NULL)
		return 0;
	masq_entry_info(hook->engine, child, &info);
	len = ftp_format_target(text, info.masq_addr, info.masq_port);
	diff = hole_edit(hook, offset, target->len, text, len);
	masq_entry_listen(hook, child);
	masq_entry_put(hook, child);
	return diff;
}

/* FTP-16: a child for a connection that the inside end will open. */
static bool expect(struct masq_hook *hook, const struct ftp_target *target)
{
	const struct masq_tuple tuple = {
		.proto = PROTO_TCP,
		.inside_addr = hole_inside_addr(hook),
		.peer_addr = target->addr,
		.peer_port = target->port,
	};
	struct masq_entry *child = masq_entry_find_out(hook, &tuple);

	if (child == NULL) {
		if (!hole_has_room(hook))
			return false;
		child = masq_entry_new_child(hook, &tuple, MASQ_NO_SPORT);
		if (child == NULL)
			return false;
		masq_entry_link(hook, child);
	}
	masq_entry_put(hook, child);
	return true;
}

/* ---- anywhere in the segment ----------------------------------------- */

/* Is what ends at end part of a complete line, where that is asked for? */
static bool is_complete(const struct masq_hook *hook, struct masq_view v,
			uint32_t end, bool is_command)
{
	if (hole_has_quirk(hook, MASQ_QUIRK(FTP_CUT)))
		return true;
	return is_command ? text_is_end(v, end) : text_line(v, end) != 0;
}

/* FTP-11, FTP-12 */
static int32_t find_command_out(struct masq_hook *hook, uint32_t *word)
{
	const struct masq_view v = masq_hook_payload(hook);
	struct ftp_target t;
	enum ftp_found found = ftp_find_command(v, &t);

	if (found == FTP_PASSIVE) {
		*word |= PASV_SEEN;
		return 0;
	}
	if (!hole_has_quirk(hook, MASQ_QUIRK(FTP_PASV_KEPT)))
		*word &= ~(uint32_t)PASV_SEEN;
	if (found != FTP_TARGET ||
	    !is_complete(hook, v, t.offset + t.len, true))
		return 0;
	if (!is_allowed(hook, &t, true, PORT_SAFE))
		return 0;
	return announce(hook, hook->header_len + t.offset, &t);
}

/* FTP-18: an outside client; here the end of the command is needed. */
static void find_command_in(struct masq_hook *hook, enum port_check check)
{
	const struct masq_view v = masq_hook_payload(hook);
	struct ftp_target t;
	uint32_t end;

	if (ftp_find_command(v, &t) != FTP_TARGET)
		return;
	end = t.offset + t.len;
	if (!text_has(v, end, '\r') && !text_has(v, end, '\n'))
		return;
	if (is_complete(hook, v, end, true) &&
	    is_allowed(hook, &t, false, check))
		expect(hook, &t);
}

/* FTP-13: an inside server. */
static int32_t find_reply_out(struct masq_hook *hook, enum port_check check)
{
	const struct masq_view v = masq_hook_payload(hook);
	struct ftp_target t;

	if (!ftp_find_passive(v, false, &t) ||
	    !is_complete(hook, v, t.offset + t.len, false) ||
	    !is_allowed(hook, &t, true, check))
		return 0;
	return announce(hook, hook->header_len + t.offset, &t);
}

/* FTP-15, FTP-16 */
static void find_reply_in(struct masq_hook *hook, uint32_t *word,
			  enum port_check check)
{
	const struct masq_view v = masq_hook_payload(hook);
	struct ftp_target t;

	if ((*word & PASV_SEEN) == 0 || !ftp_find_passive(v, true, &t) ||
	    !is_complete(hook, v, t.offset + t.len, false) ||
	    !is_allowed(hook, &t, false, check))
		return;
	if (expect(hook, &t))
		*word &= ~(uint32_t)PASV_SEEN;
}

/* ---- lines ----------------------------------------------------------- */

/* Reads a command, remembers PASV; true if it is a PORT to care about. */
static bool command_line(const struct masq_hook *hook, uint32_t *word,
			 const struct line *line, struct ftp_target *out_target)
{
	const bool is_cut = hole_has_quirk(hook, MASQ_QUIRK(FTP_CUT));
	const enum ftp_command command = ftp_read_command(line->text, !is_cut,
							  out_target);

	if ((*word & LINE_FOREIGN) != 0)
		return false;
	if (command == FTP_PASV)
		*word |= PASV_SEEN;
	else if (!hole_has_quirk(hook, MASQ_QUIRK(FTP_PASV_KEPT)))
		*word &= ~(uint32_t)PASV_SEEN;
	return command == FTP_PORT;
}

/* Announces the target in the latest line of a walk, see announce(). */
static int32_t announce_line(struct masq_hook *hook, struct line_walk *walk,
			     const struct line *line,
			     const struct ftp_target *target)
{
	const int32_t diff = announce(hook, line->offset + target->offset,
				      target);

	line_edited(walk, diff);
	return diff;
}

static int32_t command_lines(struct masq_hook *hook, bool is_out,
			     enum port_check check)
{
	uint32_t *word = &masq_entry_words(hook->entry)[0];
	struct line_walk walk;
	struct ftp_target t;
	struct line line;
	int32_t total = 0;

	line_walk_init(&walk, hook, word);
	while (line_next(&walk, &line)) {
		if (!command_line(hook, word, &line, &t) ||
		    !is_allowed(hook, &t, is_out, check))
			continue;
		if (is_out)
			total += announce_line(hook, &walk, &line, &t);
		else
			expect(hook, &t);
	}
	return total;
}

/*
 * RFC 959 section 4.2: follows replies of several lines, whose inner lines
 * are text of anybody; the last one has their code and a blank. Lines are
 * known by their first four octets; where those come cut, nothing later on
 * the connection can be believed. True for the last line of a reply.
 */
static bool ends_reply(uint32_t *word, const struct line *line,
		       const struct ftp_reply *reply)
{
	const uint32_t code = (*word & CODE_MASK) >> CODE_SHIFT;

	if (!line->is_whole && line->text.len < 4)
		*word |= LOST;
	if (reply->is_continued && code == 0)
		*word |= MULTI | (uint32_t)reply->code << CODE_SHIFT;
	if (reply->is_continued || reply->code == 0)
		return false;
	if (code != 0 && (code != reply->code || !reply->has_blank))
		return false;
	*word &= ~(uint32_t)(MULTI | CODE_MASK);
	return true;
}

/* Reads a reply, forgets PASV where it is refused; true for its 227. */
static bool reply_line(const struct masq_hook *hook, const struct line *line,
		       struct ftp_target *out_target)
{
	uint32_t *words = masq_entry_words(hook->entry);
	const bool was_inside = (words[1] & MULTI) != 0;
	struct ftp_reply reply;

	ftp_read_reply(line->text, &reply);
	if (!ends_reply(&words[1], line, &reply))
		return false;
	if (reply.code >= 400 &&
	    !hole_has_quirk(hook, MASQ_QUIRK(FTP_PASV_KEPT)))
		words[0] &= ~(uint32_t)PASV_SEEN;
	if (was_inside || (words[1] & LOST) != 0 || !reply.has_target ||
	    (words[0] & PASV_SEEN) == 0)
		return false;
	*out_target = reply.target;
	return line->is_whole || hole_has_quirk(hook, MASQ_QUIRK(FTP_CUT));
}

static int32_t reply_lines(struct masq_hook *hook, bool is_out,
			   enum port_check check)
{
	uint32_t *words = masq_entry_words(hook->entry);
	struct line_walk walk;
	struct ftp_target t;
	struct line line;
	int32_t total = 0;

	if (!hook->in_order)
		words[1] = (words[1] & ~(uint32_t)CODE_MASK) | MULTI;
	line_walk_init(&walk, hook, &words[1]);
	while (line_next(&walk, &line)) {
		if (!reply_line(hook, &line, &t) ||
		    !is_allowed(hook, &t, is_out, check))
			continue;
		/* FTP-16: what could not be expected may come again. */
		if (!is_out && !expect(hook, &t))
			continue;
		words[0] &= ~(uint32_t)PASV_SEEN;
		if (is_out)
			total += announce_line(hook, &walk, &line, &t);
	}
	return total;
}

/* ---- hooks ----------------------------------------------------------- */

/*
 * FTP-10, FTP-15: nothing happens before the connection is established.
 * Lines are followed all the same.
 */
static bool has_work(const struct masq_hook *hook, bool anywhere)
{
	if (masq_hook_payload(hook).len == 0)
		return false;
	return !anywhere ||
	       masq_entry_state(hook->entry) == MASQ_STATE_ESTABLISHED;
}

/* FTP-13, -18: for inside servers and their clients Linux has no limits. */
static enum port_check check_of_server(const struct masq_hook *hook)
{
	return hole_has_quirk(hook, MASQ_QUIRK(FTP_INSIDE_PORT)) ? PORT_ANY
								 : PORT_SAFE;
}

static struct masq_answer ftp_out(struct masq_hook *hook)
{
	const bool anywhere = hole_has_quirk(hook, MASQ_QUIRK(FTP_ANYWHERE));
	struct masq_answer answer = {0};

	if (!has_work(hook, anywhere))
		return answer;
	if (hook->inbound && anywhere)
		answer.diff = find_reply_out(hook, check_of_server(hook));
	else if (hook->inbound)
		answer.diff = reply_lines(hook, true, check_of_server(hook));
	else if (anywhere)
		answer.diff = find_command_out(hook,
					       masq_entry_words(hook->entry));
	else
		answer.diff = command_lines(hook, true, PORT_SAFE);
	return answer;
}

/* What comes in is never changed (FTP-16, -18). */
static struct masq_answer ftp_in(struct masq_hook *hook)
{
	const bool anywhere = hole_has_quirk(hook, MASQ_QUIRK(FTP_ANYWHERE));
	const enum port_check check =
		hole_has_quirk(hook, MASQ_QUIRK(HELPER_LOW_PORT)) ? PORT_ANY
								  : PORT_HIGH;

	if (!has_work(hook, anywhere))
		return (struct masq_answer){0};
	if (hook->inbound && anywhere)
		find_command_in(hook, check_of_server(hook));
	else if (hook->inbound)
		command_lines(hook, false, check_of_server(hook));
	else if (anywhere)
		find_reply_in(hook, masq_entry_words(hook->entry), check);
	else
		reply_lines(hook, false, check);
	return (struct masq_answer){0};
}

static const struct masq_helper_ops ftp_ops = {
	.name = "ftp",
	.proto = PROTO_TCP,
	.out = ftp_out,
	.in = ftp_in,
};

static const struct masq_helper_ops *const ftp_ops_list[] = {&ftp_ops, NULL};

const struct helper_module masq_ftp_module = {
	.name = "ftp",
	.ops = ftp_ops_list,
	.default_ports = {21},
	.max_ports = HELPER_MAX_PORTS - 1, /* GEN-02 */
	.has_in_ports = true,
};
