/* SPDX-License-Identifier: Apache-2.0 */
/* irc_parse.c - DCC requests: octets in, findings out */
#include "common/text.h"
#include "irc/irc_parse.h"

enum {
	CTCP = 0x01,      /* begins and ends a request */
	MIN_REQUEST = 30, /* octets from the first 0x01 on (IRC-07) */
	MIN_NUMBERS = 12, /* octets from the end of an argument (IRC-02) */
	MAX_PORT = 65535, /* */
	FIRST_FREE_PORT = 1024
};

struct word {
	const char *text; /* the blank behind it included */
	uint32_t len;
	enum irc_kind kind;
};

/* In this order (IRC-02, -08); 2.2.26 knows the first six. */
static const struct word words[] = {
	{"SEND ", 5, IRC_OFFER},    {"CHAT ", 5, IRC_OFFER},
	{"MOVE ", 5, IRC_OFFER},    {"TSEND ", 6, IRC_OFFER},
	{"SCHAT ", 6, IRC_OFFER},   {"ACCEPT ", 7, IRC_ACCEPT},
	{"RESUME ", 7, IRC_RESUME},
};
enum {
	NUM_WORDS = sizeof(words) / sizeof(words[0]),
	NUM_OLD_WORDS = NUM_WORDS - 1
};

bool irc_is_allowed(const struct irc_policy *policy, uint32_t addr,
		    uint32_t port)
{
	if (addr == 0 || port == 0 || port > MAX_PORT)
		return false;
	if (policy->is_insecure)
		return true;
	return addr == policy->own_addr && port >= FIRST_FREE_PORT;
}

/* ---- anywhere in a segment (2.2.26) ---------------------------------- */

/* IRC-02: moves *at behind the argument; false = give up the segment. */
static bool skip_argument(struct masq_view v, uint32_t *at)
{
	for (;;) {
		const uint8_t c = masq_get8(v, (*at)++);

		if (c == ' ')
			return true;
		if (!masq_has(v, *at, MIN_NUMBERS))
			return false;
	}
}

/*
 * IRC-03: address, blank, port; *at moves over what was looked at, which
 * for a failure includes the octet that is no blank.
 */
static bool read_numbers(struct masq_view v, uint32_t *at,
			 struct irc_request *out)
{
	const uint32_t start = *at;
	const struct text_number addr = text_number(v, start);
	struct text_number port;

	*at += addr.len;
	if (masq_get8(v, (*at)++) != ' ')
		return false;
	port = text_number(v, *at);
	*at += port.len;
	*out = (struct irc_request){
		.has_addr = true,
		.offset = start,
		.len = *at - start,
		.addr = addr.value,
		.port = port.value,
		.is_plain = !addr.is_overflow && !port.is_overflow,
	};
	return true;
}

/*
 * One request, whose words are looked for at *at. IRC-04: after a failure
 * the words further down the table are tried where the failure was. Returns
 * false with *gave_up if the segment is done with.
 */
static bool read_request(struct masq_view v, uint32_t *at,
			 const struct irc_policy *policy,
			 struct irc_request *out, bool *gave_up)
{
	for (unsigned int i = 0; i < NUM_OLD_WORDS; i++) {
		if (!masq_equal(v, *at, words[i].text, words[i].len))
			continue;
		*at += words[i].len;
		if (!skip_argument(v, at)) {
			*gave_up = true;
			return false;
		}
		if (!read_numbers(v, at, out))
			continue;
		out->kind = words[i].kind;
		if (irc_is_allowed(policy, out->addr, out->port))
			return true;
	}
	return false;
}

bool irc_find_request(struct masq_view v, const struct irc_policy *policy,
		      struct irc_request *out_request)
{
	uint32_t at = masq_find8(v, 0, CTCP);
	bool gave_up = false;

	while (!gave_up && masq_has(v, at, MIN_REQUEST)) {
		if (!masq_equal(v, at, "\001DCC ", 5)) {
			at = masq_find8(v, at + 1, CTCP);
			continue;
		}
		at += 5;
		if (read_request(v, &at, policy, out_request, &gave_up))
			return true;
	}
	return false;
}

bool irc_find_resume(struct masq_view v, struct irc_request *out_request)
{
	uint32_t at = masq_find8(v, 0, CTCP);

	while (masq_has(v, at, MIN_REQUEST)) {
		if (!masq_equal(v, at, "\001DCC RESUME ", 12)) {
			at = masq_find8(v, at + 1, CTCP);
			continue;
		}
		at += 12;
		if (!skip_argument(v, &at))
			return false;
		if (read_numbers(v, &at, out_request)) {
			out_request->kind = IRC_RESUME;
			return true;
		}
	}
	return false;
}

/* ---- lines ----------------------------------------------------------- */

/*
 * RFC 1459 section 2.3.1: where the request of "[:who ]PRIVMSG to :" CTCP
 * "DCC " begins, or 0.
 */
static uint32_t skip_envelope(struct masq_view v)
{
	uint32_t at = 0, to;

	if (text_has(v, 0, ':'))
		at = masq_find8(v, 0, ' ') + 1;
	if (!text_equal_nocase(v, at, "PRIVMSG ", 8))
		return 0;
	to = at + 8;
	at = masq_find8(v, to, ' ');
	/* Nobody, or a list: nobody could say whose answer is meant. */
	if (at == to || masq_find8(masq_slice(v, 0, at), to, ',') != at ||
	    !masq_equal(v, at, " :\001", 3) ||
	    !text_equal_nocase(v, at + 3, "DCC ", 4))
		return 0;
	return at + 7;
}

/* A file name, quoted if it has blanks; behind its blank, or 0. */
static uint32_t skip_name(struct masq_view v, uint32_t at)
{
	uint32_t end;

	if (text_has(v, at, '"'))
		end = masq_find8(v, at + 1, '"') + 1;
	else
		end = masq_find8(v, at, ' ');
	return end > at && text_has(v, end, ' ') ? end + 1 : 0;
}

/* The closing 0x01, the only one, ends the line; port_end is before it. */
static bool is_closed(struct masq_view v, uint32_t port_end)
{
	const uint32_t close = masq_find8(v, port_end, CTCP);

	if (close != port_end && !text_has(v, port_end, ' '))
		return false;
	return close < v.len && text_is_end(v, close + 1);
}

/* Numbers of a request of that kind at at. */
static void read_line_numbers(struct masq_view v, uint32_t at, bool need_end,
			      enum irc_kind kind, struct irc_request *out)
{
	const struct text_number first = text_number(v, at);
	const struct text_number second = text_number(v, at + first.len + 1);

	if (first.len == 0 || second.len == 0 ||
	    !text_has(v, at + first.len, ' '))
		return;
	if (need_end && !is_closed(v, at + first.len + 1 + second.len))
		return;
	out->offset = at;
	out->is_plain = !first.is_overflow && !second.is_overflow;
	out->kind = kind;
	if (kind != IRC_OFFER && first.value <= MAX_PORT) {
		out->len = first.len;
		out->port = first.value;
		return;
	}
	out->has_addr = true;
	out->len = first.len + 1 + second.len;
	out->addr = first.value;
	out->port = second.value;
}

void irc_read_line(struct masq_view line, bool need_end,
		   struct irc_request *out_request)
{
	uint32_t at = skip_envelope(line);

	*out_request = (struct irc_request){0};
	for (unsigned int i = 0; at != 0 && i < NUM_WORDS; i++) {
		if (!text_equal_nocase(line, at, words[i].text, words[i].len))
			continue;
		at = skip_name(line, at + words[i].len);
		if (at != 0)
			read_line_numbers(line, at, need_end, words[i].kind,
					  out_request);
		return;
	}
}
