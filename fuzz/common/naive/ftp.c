/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ftp.c - FTP: PORT and 227, with clients and servers inside (FTP-01 to -18)
 *
 * Commands and replies are lines. One counts if all of it is in one segment,
 * from its first octet to its line feed.
 */
#include "helper.h"

/* Words of a direction. */
enum {
	INSIDE_LINE, /* what comes first belongs to a line that began before */
	CODE,        /* of a reply of several lines, 0 = none */
	UNSURE,      /* a reply may have begun that was not seen */
	NO_MORE,     /* what looks like a reply may be text inside one */
};
/* Words of the connection. */
enum {
	PASV_SEEN,
	IS_HTTP,
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool begins(struct masq_view line, const char *word)
{
	for (uint32_t i = 0; word[i] != '\0'; i++)
		if (i >= line.len || lower(masq_get8(line, i)) != word[i])
			return false;
	return true;
}

static bool is_line_end(struct masq_view line, uint32_t at)
{
	return masq_equal(line, at, "\n", 1) || masq_equal(line, at, "\r\n", 2);
}

/* h1,h2,h3,h4,p1,p2 from at on; *out_end is behind the last digit. */
static bool read_target(struct masq_view line, uint32_t at, uint32_t *out_addr,
			uint16_t *out_port, uint32_t *out_end)
{
	uint64_t all = 0;

	for (int i = 0; i < 6; i++) {
		uint32_t value = 0, num = 0;

		if (i > 0 && masq_get8(line, at++) != ',')
			return false;
		for (; is_digit(masq_get8(line, at)) && num < 4; num++)
			value = value * 10 + masq_get8(line, at++) - '0';
		if (num == 0 || num > 3 || value > 255)
			return false;
		all = all << 8 | value;
	}
	*out_addr = (uint32_t)(all >> 16);
	*out_port = (uint16_t)all;
	*out_end = at;
	return true;
}

/* Ports that nobody is to be led to. */
static bool is_noport(const struct model *m, uint16_t port)
{
	const struct conf_list *list = &m->settings.ftp_noport;

	if (list->num_values == 0)
		return port == 6000;
	for (unsigned int i = 0; i < list->num_values; i++) {
		if (list->values[i] == 0)
			return false;
		if (list->values[i] == port)
			return true;
	}
	return false;
}

/* A listening port of an inside host becomes one of the router. */
static void announce(struct hook *h, uint32_t at, uint32_t end, uint16_t port)
{
	struct entry *child = nv_find_out(h->m, TCP, h->e->ia, port, h->e->oa,
					  0);
	uint8_t text[MAX_TEXT];
	uint32_t len;

	if (child != NULL) /* GEN-25: who is found goes on */
		nv_start_timer(h->m, child);
	if (child != NULL &&
	    (child->parent == NULL || child->parent->helper != &nv_ftp ||
	     (child->flags & NO_DPORT) == 0))
		child = NULL;
	if (child != NULL) {
		nv_set_state(h->m, child, LISTEN);
		nv_start_timer(h->m, child);
	} else if (nv_has_room(h)) {
		child = nv_new_child(h, TCP, port, h->e->oa, 0, NO_DPORT);
	}
	if (child == NULL)
		return;
	len = nv_format_target(text, child->ma, child->mp);
	nv_edit(h, at, end - at, text, len);
}

/* Somebody inside is going to connect to where he was told. */
static bool expect(struct hook *h, uint32_t addr, uint16_t port)
{
	struct entry *child = nv_find_out(h->m, TCP, h->e->ia, 0, addr, port);

	if (child != NULL) {
		nv_start_timer(h->m, child);
		return true;
	}
	if (nv_has_room(h))
		child = nv_new_child(h, TCP, 0, addr, port, NO_SPORT);
	if (child == NULL)
		return false;
	nv_set_state(h->m, child, NONE);
	nv_start_timer(h->m, child);
	return true;
}

/* Only one's own address, no low port, on a connection that is open. */
static bool is_allowed(const struct hook *h, uint32_t addr, uint16_t port)
{
	return h->e->state == ESTABLISHED && port >= LOW_PORT &&
	       addr == (h->outward ? h->e->ia : h->e->oa);
}

static void command(struct hook *h, struct masq_view line, uint32_t offset)
{
	uint32_t addr, end, *pasv = &h->e->stream->words[PASV_SEEN];
	uint16_t port;

	*pasv = begins(line, "pasv") && is_line_end(line, 4);
	if (!begins(line, "port ") ||
	    !read_target(line, 5, &addr, &port, &end) ||
	    !is_line_end(line, end) || !is_allowed(h, addr, port) ||
	    is_noport(h->m, port))
		return;
	if (h->outward)
		announce(h, offset + 5, offset + end, port);
	else
		(void)expect(h, addr, port);
}

/* 227, the whole of it; a seventh number makes it something else. */
static void passive(struct hook *h, struct masq_view line, uint32_t offset)
{
	uint32_t addr, at = 4, end;
	uint16_t port;

	while (at < line.len && !is_digit(masq_get8(line, at)))
		at++;
	if (h->e->stream->words[PASV_SEEN] == 0 ||
	    !read_target(line, at, &addr, &port, &end) ||
	    masq_equal(line, end, ",", 1) || !is_allowed(h, addr, port))
		return;
	if (!h->outward) {
		if (expect(h, addr, port))
			h->e->stream->words[PASV_SEEN] = 0;
		return;
	}
	if (is_noport(h->m, port))
		return;
	announce(h, offset + at, offset + end, port);
	h->e->stream->words[PASV_SEEN] = 0;
}

/* Three digits from 100 to 599 and no more, 0 if there are none. */
static uint32_t code_of(struct masq_view line)
{
	const uint8_t next = masq_get8(line, 3);
	uint32_t code = 0;

	if (next != ' ' && next != '-' && !is_line_end(line, 3))
		return 0;
	for (uint32_t i = 0; i < 3; i++) {
		if (!is_digit(masq_get8(line, i)))
			return 0;
		code = code * 10 + masq_get8(line, i) - '0';
	}
	return code >= 100 && code < 600 ? code : 0;
}

static void reply(struct hook *h, struct masq_view line, uint32_t offset,
		  bool is_whole)
{
	uint32_t *words = h->way->words;
	const uint32_t code = code_of(line);
	const uint8_t next = masq_get8(line, 3);

	if (!is_whole && line.len < 4) {
		words[NO_MORE] = 1;
		return;
	}
	if (code == 0 || (words[CODE] != 0 && code != words[CODE]))
		return;
	if (next == '-') {
		if (words[CODE] == 0)
			words[CODE] = code;
		return;
	}
	if (next != ' ' && words[CODE] != 0)
		return;
	if (code == 227 && next == ' ' && is_whole && words[CODE] == 0 &&
	    words[UNSURE] == 0 && words[NO_MORE] == 0)
		passive(h, line, offset);
	if (code >= 400)
		h->e->stream->words[PASV_SEEN] = 0;
	words[CODE] = 0;
	words[UNSURE] = 0;
}

/* What begins a request for a web server, or may when more comes. */
bool nv_may_be_http(struct masq_view v)
{
	static const char *const methods[] = {"get ",     "post ",    "head ",
					      "put ",     "options ", "delete ",
					      "connect ", "trace ",   "patch "};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		uint32_t at = 0;

		while (at < v.len &&
		       lower(masq_get8(v, at)) == methods[i][at] &&
		       methods[i][at] != '\0')
			at++;
		if (at > 0 && (at == v.len || methods[i][at] == '\0'))
			return true;
	}
	return false;
}

static void line_in(struct hook *h, struct masq_view line, uint32_t offset,
		    bool is_whole)
{
	const bool from_client = h->outward != h->e->is_inbound;

	if (!from_client)
		reply(h, line, offset, is_whole);
	else if (h->e->stream->words[IS_HTTP] == 0)
		command(h, line, offset);
}

static void show(struct hook *h)
{
	uint32_t *words = h->way->words, at = 0;

	if (!h->in_order) {
		words[INSIDE_LINE] = 1;
		words[CODE] = 0;
		words[UNSURE] = 1;
	} else if (!h->way->has_data && h->outward != h->e->is_inbound) {
		h->e->stream->words[IS_HTTP] = nv_may_be_http(h->data);
	}
	while (at < h->data.len) {
		const uint32_t lf = masq_find8(h->data, at, '\n');
		const bool is_whole = lf < h->data.len;
		const uint32_t end = is_whole ? lf + 1 : lf;

		if (words[INSIDE_LINE] == 0)
			line_in(h, masq_slice(h->data, at, end - at), at,
				is_whole);
		words[INSIDE_LINE] = !is_whole;
		at = end;
	}
}

const struct helper nv_ftp = {
	.proto = TCP,
	.ports = {21},
	.show = show,
};
