/* SPDX-License-Identifier: Apache-2.0 */
/*
 * irc.c - IRC: offers of files and chats (DCC), IRC-02 to -12
 *
 * A request is all of a message to one recipient:
 *
 *     [:who ]PRIVMSG bob :<01>DCC WORD name numbers...<01> CR LF
 */
#include <stdio.h>

#include "helper.h"

/* Words of a direction. */
enum {
	INSIDE_LINE,
	IS_HTTP, /* as it began; all of it is left alone */
};

/* Where a message is read. */
struct cursor {
	struct masq_view v; /* the line */
	uint32_t at;
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Steps over a word in any case. */
static bool take(struct cursor *c, const char *word)
{
	const uint32_t len = (uint32_t)strlen(word);

	for (uint32_t i = 0; i < len; i++)
		if (c->at + i >= c->v.len ||
		    lower(masq_get8(c->v, c->at + i)) != (uint8_t)word[i])
			return false;
	c->at += len;
	return true;
}

/* Steps to behind the next blank; false if there is none or nothing first. */
static bool skip_word(struct cursor *c)
{
	const uint32_t blank = masq_find8(c->v, c->at, ' ');

	if (blank == c->v.len || blank == c->at)
		return false;
	c->at = blank + 1;
	return true;
}

/* A name, quoted if it has blanks, and the blank behind it. */
static bool skip_name(struct cursor *c)
{
	uint32_t quote;

	if (masq_get8(c->v, c->at) != '"')
		return skip_word(c);
	quote = masq_find8(c->v, c->at + 1, '"');
	c->at = quote + 1;
	return quote < c->v.len && take(c, " ");
}

static bool take_number(struct cursor *c, uint32_t *out)
{
	uint64_t value = 0;
	const uint32_t begin = c->at;

	for (; c->at < c->v.len && is_digit(masq_get8(c->v, c->at)); c->at++) {
		value = value * 10 + masq_get8(c->v, c->at) - '0';
		if (value > UINT32_MAX)
			return false;
	}
	*out = (uint32_t)value;
	return c->at > begin;
}

enum request {
	OFFER,
	RESUME,
	ACCEPT,
};

/* Up to the name of the file, and behind it. */
static bool read_head(struct cursor *c, bool outward, enum request *out)
{
	static const struct {
		const char *word;
		enum request request;
	} words[] = {
		{"send ", OFFER},    {"chat ", OFFER},  {"move ", OFFER},
		{"tsend ", OFFER},   {"schat ", OFFER}, {"accept ", ACCEPT},
		{"resume ", RESUME},
	};
	uint32_t blank;

	if (masq_get8(c->v, c->at) == ':' && !skip_word(c))
		return false;
	(void)outward;
	if (!take(c, "privmsg "))
		return false;
	blank = c->at;
	if (!skip_word(c))
		return false;
	for (; blank < c->at; blank++)
		if (masq_get8(c->v, blank) == ',')
			return false;
	if (!take(c, ":\1dcc "))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (take(c, words[i].word)) {
			*out = words[i].request;
			return skip_name(c);
		}
	return false;
}

/* Does the line end as it should, behind a 0x01? */
static bool is_ended(const struct cursor *c)
{
	const uint32_t one = masq_find8(c->v, c->at, 1);

	return masq_equal(c->v, one + 1, "\r\n", 2) ||
	       masq_equal(c->v, one + 1, "\n", 1);
}

static void replace(struct hook *h, uint32_t at, uint32_t end, const char *text)
{
	nv_edit(h, at, end - at, (const uint8_t *)text, (uint32_t)strlen(text));
}

static void offer(struct hook *h, uint32_t at, uint32_t end, uint32_t addr,
		  uint32_t port)
{
	const bool careful = h->m->settings.irc_insecure == 0;
	struct entry *child;
	char text[MAX_TEXT];

	if (addr >> 24 == 0 || port == 0 || port > 65535 ||
	    (careful && (addr != h->e->ia || port < LOW_PORT)))
		return;
	if (addr != h->e->ia) {
		nv_lose(h->m, "IRC offer of another host");
		return;
	}
	child = nv_find_out(h->m, TCP, addr, (uint16_t)port, 0, 0);
	if (child != NULL) {
		nv_set_state(h->m, child, LISTEN);
		nv_start_timer(h->m, child);
	} else if (nv_has_room(h)) {
		child = nv_new_child(h, TCP, (uint16_t)port, 0, 0,
				     NO_DADDR | NO_DPORT);
	}
	if (child == NULL)
		return;
	snprintf(text, sizeof(text), "%u %u", child->ma, child->mp);
	replace(h, at, end, text);
}

/* The sender of a file says where it goes on: the port of his offer. */
static void accept_out(struct hook *h, uint32_t at, uint32_t end, uint32_t port)
{
	struct entry *child = nv_find_out(h->m, TCP, h->e->ia, (uint16_t)port,
					  0, 0);
	char text[MAX_TEXT];

	if (child == NULL || port > 65535)
		return;
	nv_set_state(h->m, child, LISTEN);
	nv_start_timer(h->m, child);
	snprintf(text, sizeof(text), "%u", child->mp);
	replace(h, at, end, text);
}

/* Somebody outside asks for the rest of a file that was offered. */
static void resume_in(struct hook *h, uint32_t at, uint32_t end, uint32_t addr,
		      uint32_t port)
{
	struct entry *child;
	char text[MAX_TEXT];

	if (port > 65535 || (addr != 0 && addr != h->masq_addr))
		return;
	child = nv_find_in(h->m, TCP, 0, 0, h->masq_addr, (uint16_t)port);
	if (child == NULL)
		return;
	nv_start_timer(h->m, child); /* GEN-25: who is found goes on */
	if (child->ia != h->e->ia)
		return;
	if (addr != 0)
		snprintf(text, sizeof(text), "%u %u", child->ia, child->ip);
	else
		snprintf(text, sizeof(text), "%u", child->ip);
	replace(h, at, end, text);
}

static void request(struct hook *h, struct masq_view line, uint32_t offset)
{
	struct cursor c = {.v = line};
	uint32_t first, second = 0, at, end;
	enum request kind;

	if (!read_head(&c, h->outward, &kind) || !is_ended(&c))
		return;
	if (h->outward ? kind == RESUME : kind != RESUME)
		return;
	at = c.at;
	if (!take_number(&c, &first))
		return;
	end = c.at;
	if (!take(&c, " ") || !take_number(&c, &second) ||
	    (masq_get8(line, c.at) != ' ' && masq_get8(line, c.at) != 1))
		return;
	if (kind != OFFER && first <= 65535) {
		if (kind == ACCEPT)
			accept_out(h, offset + at, offset + end, first);
		else
			resume_in(h, offset + at, offset + end, 0, first);
		return;
	}
	end = c.at;
	if (kind == RESUME)
		resume_in(h, offset + at, offset + end, first, second);
	else
		offer(h, offset + at, offset + end, first, second);
}

static void show(struct hook *h)
{
	uint32_t *words = h->way->words, at = 0;

	if (!h->in_order)
		words[INSIDE_LINE] = 1;
	else if (!h->way->has_data && h->outward)
		words[IS_HTTP] = nv_may_be_http(h->data);
	while (at < h->data.len) {
		const uint32_t lf = masq_find8(h->data, at, '\n');
		const bool is_whole = lf < h->data.len;
		const uint32_t end = is_whole ? lf + 1 : lf;

		if (words[INSIDE_LINE] == 0 && words[IS_HTTP] == 0 && is_whole)
			request(h, masq_slice(h->data, at, end - at), at);
		words[INSIDE_LINE] = !is_whole;
		at = end;
	}
}

const struct helper nv_irc = {
	.proto = TCP,
	.ports = {6667},
	.show = show,
};
