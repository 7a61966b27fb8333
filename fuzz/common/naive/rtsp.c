/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rtsp.c - RTSP (RFC 2326): the ports of a SETUP
 *
 * A client's stream is cut into what is between messages, heads, bodies and
 * interleaved data. The beginning of a head that has not come whole is kept
 * and read again with what follows. Ports count in a head that is in one
 * segment.
 */
#include <stdio.h>

#include "helper.h"

enum {
	MAX_BODY = 1 << 24, /* more is not believed */
};

/* Words of a direction. */
enum {
	IS_LOST,  /* this is no RTSP, or its place is not known */
	TO_SKIP,  /* octets of a body or of interleaved data to come */
	NUM_KEPT, /* octets of stream.kept */
};

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Is all of it the word, in any case? */
static bool is_word(struct masq_view v, const char *word)
{
	if (v.len != strlen(word))
		return false;
	for (uint32_t i = 0; i < v.len; i++)
		if (lower(masq_get8(v, i)) != (uint8_t)word[i])
			return false;
	return true;
}

/* Without the blanks around it. */
static struct masq_view trim(struct masq_view v)
{
	while (v.len > 0 && is_blank(masq_get8(v, 0)))
		v = masq_from(v, 1);
	while (v.len > 0 && is_blank(masq_get8(v, v.len - 1)))
		v.len--;
	return v;
}

/* The line that begins at, without its end; *out_next is behind that. */
static struct masq_view line_at(struct masq_view v, uint32_t at,
				uint32_t *out_next)
{
	const uint32_t lf = masq_find8(v, at, '\n');
	struct masq_view line = masq_slice(v, at, lf - at);

	if (line.len > 0 && masq_get8(line, line.len - 1) == '\r')
		line.len--;
	*out_next = lf + 1;
	return line;
}

/* The length of a head, its empty line included; 0: it is not all there. */
static uint32_t head_of(struct masq_view v)
{
	uint32_t at = 0;

	while (masq_find8(v, at, '\n') < v.len)
		if (line_at(v, at, &at).len == 0)
			return at;
	return 0;
}

/* RTSP/1.0; what others say is not known. */
static bool is_version(struct masq_view v)
{
	return v.len == 8 && masq_equal(v, 0, "RTSP/1.", 7) &&
	       is_digit(masq_get8(v, 7));
}

/* A request has its version at the end, a reply at the beginning. */
static bool is_first_line(struct masq_view line)
{
	const uint32_t first = masq_find8(line, 0, ' ');
	uint32_t last = line.len;

	if (first == line.len)
		return false;
	while (masq_get8(line, last - 1) != ' ')
		last--;
	return is_version(masq_slice(line, 0, first)) ||
	       is_version(masq_from(line, last));
}

/* What a header line says, if it has that name. */
static bool read_header(struct masq_view head, uint32_t at, const char *name,
			struct masq_view *out, uint32_t *out_next)
{
	const struct masq_view line = line_at(head, at, out_next);
	const uint32_t colon = masq_find8(line, 0, ':');

	if (colon == line.len || is_blank(masq_get8(line, 0)) ||
	    !is_word(trim(masq_slice(line, 0, colon)), name))
		return false;
	*out = trim(masq_from(line, colon + 1));
	return true;
}

/* Octets of the body; false: nobody can tell. Of several the last counts. */
static bool read_length(struct masq_view head, uint32_t *out)
{
	uint32_t at = 0;
	struct masq_view value;

	*out = 0;
	(void)line_at(head, 0, &at);
	while (at < head.len) {
		if (!read_header(head, at, "content-length", &value, &at))
			continue;
		if (value.len == 0 || is_blank(masq_get8(head, at)))
			return false;
		*out = 0;
		for (uint32_t i = 0; i < value.len; i++) {
			if (!is_digit(masq_get8(value, i)))
				return false;
			*out = *out * 10 + masq_get8(value, i) - '0';
			if (*out > MAX_BODY)
				return false;
		}
	}
	return true;
}

/* Steps over one to five digits. */
static bool take_port(struct masq_view v, uint32_t *at, uint32_t *out)
{
	const uint32_t begin = *at;

	*out = 0;
	for (; is_digit(masq_get8(v, *at)); ++*at) {
		if (*at - begin == 5)
			return false;
		*out = *out * 10 + masq_get8(v, *at) - '0';
	}
	return *at > begin;
}

static void skip_blanks(struct masq_view v, uint32_t *at)
{
	while (is_blank(masq_get8(v, *at)))
		++*at;
}

/* 6970, or 6970-6971; *out_num is how many. */
static bool read_ports(struct masq_view v, uint32_t ports[2],
		       unsigned int *out_num)
{
	uint32_t at = 0;

	*out_num = 1;
	if (!take_port(v, &at, &ports[0]))
		return false;
	if (at < v.len) {
		*out_num = 2;
		skip_blanks(v, &at);
		if (masq_get8(v, at++) != '-')
			return false;
		skip_blanks(v, &at);
		if (!take_port(v, &at, &ports[1]))
			return false;
	}
	return at == v.len && ports[0] >= LOW_PORT && ports[0] <= 65535 &&
	       (*out_num == 1 ||
		(ports[1] == ports[0] + 1 && ports[1] <= 65535));
}

/*
 * May the two stand for a pair from port on? They are neighbours, the first of
 * them even if that is.
 */
static bool is_pair(const struct entry *first, const struct entry *second,
		    uint16_t port)
{
	return first != NULL && second != NULL && second->mp == first->mp + 1 &&
	       (first->mp - port) % 2 == 0;
}

static struct entry *open_new(struct hook *h, uint16_t port)
{
	if (!nv_has_room(h))
		return NULL;
	return nv_new_child(h, UDP, port, h->e->oa, 0, NO_DPORT);
}

/* Two that are open already, or new ones; false: not both could be opened. */
static bool open_pair(struct hook *h, uint16_t port, struct entry *out[2])
{
	const uint16_t next = (uint16_t)(port + 1);

	out[0] = nv_find_out(h->m, UDP, h->e->ia, port, h->e->oa, 0);
	out[1] = nv_find_out(h->m, UDP, h->e->ia, next, h->e->oa, 0);
	for (int i = 0; i < 2; i++)
		if (out[i] != NULL) /* GEN-25: who is found goes on */
			nv_start_timer(h->m, out[i]);
	if (is_pair(out[0], out[1], port))
		return true;
	out[0] = open_new(h, port);
	if (out[0] != NULL && (out[0]->mp - port) % 2 != 0)
		out[0] = open_new(h, port); /* the next one of the pool */
	if (out[0] == NULL)
		return false;
	out[1] = open_new(h, next);
	return out[1] != NULL;
}

/* The value of a client_port, at offset of the segment. */
static void announce(struct hook *h, struct masq_view value, uint32_t offset)
{
	uint32_t ports[2];
	unsigned int num;
	struct entry *e[2];
	char text[MAX_TEXT];

	if (!read_ports(value, ports, &num))
		return;
	if (num == 1) {
		e[0] = nv_audio_hole(h, (uint16_t)ports[0]);
		if (e[0] == NULL)
			return;
		snprintf(text, sizeof(text), "%u", e[0]->mp);
	} else {
		if (!open_pair(h, (uint16_t)ports[0], e))
			return;
		snprintf(text, sizeof(text), "%u-%u", e[0]->mp, e[1]->mp);
	}
	nv_edit(h, offset, value.len, (const uint8_t *)text,
		(uint32_t)strlen(text));
}

/* Behind the parameter that begins at: its separator is not in quotes. */
static uint32_t end_of_parameter(struct masq_view v, uint32_t at)
{
	bool is_quoted = false;

	for (; at < v.len; at++) {
		const uint8_t c = masq_get8(v, at);

		if (is_quoted && c == '\\')
			at++;
		else if (c == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && (c == ';' || c == ','))
			break;
	}
	return at;
}

static void transport(struct hook *h, struct masq_view value)
{
	uint32_t at = 0;

	while (at < value.len) {
		const uint32_t end = end_of_parameter(value, at);
		const struct masq_view p = masq_slice(value, at, end - at);
		const uint32_t equals = masq_find8(p, 0, '=');
		const struct masq_view ports = trim(masq_from(p, equals + 1));

		if (is_word(trim(masq_slice(p, 0, equals)), "client_port"))
			announce(h, ports,
				 (uint32_t)(ports.data - h->data.data));
		at = end + 1;
	}
}

/* All of the head is in this segment. */
static void setup(struct hook *h, struct masq_view head)
{
	struct masq_view value;
	uint32_t at = 0;

	if (!masq_equal(head, 0, "SETUP ", 6))
		return;
	(void)line_at(head, 0, &at);
	while (at < head.len)
		if (read_header(head, at, "transport", &value, &at) &&
		    !is_blank(masq_get8(head, at)))
			transport(h, value);
}

/*
 * Reads what the text has of whole heads. Its first num_old octets came
 * before. Returns what was read; what is left belongs to a head, or to the
 * four octets before interleaved data, that is not whole.
 */
static uint32_t read_text(struct hook *h, struct masq_view text,
			  uint32_t num_old)
{
	uint32_t *words = h->way->words, at = 0, len, next;

	while (at < text.len) {
		const struct masq_view rest = masq_from(text, at);
		const uint8_t c = masq_get8(rest, 0);

		if (words[TO_SKIP] > 0) {
			words[TO_SKIP]--;
			at++;
		} else if (c == '\r' || c == '\n') {
			at++;
		} else if (c == '$') {
			if (rest.len < 4)
				break;
			words[TO_SKIP] = masq_get16(rest, 2);
			at += 4;
		} else {
			if (masq_find8(rest, 0, '\n') < rest.len &&
			    !is_first_line(line_at(rest, 0, &next)))
				words[IS_LOST] = 1;
			len = head_of(rest);
			if (words[IS_LOST] != 0 || len == 0)
				break;
			if (!read_length(masq_slice(rest, 0, len),
					 &words[TO_SKIP])) {
				words[IS_LOST] = 1;
				break;
			}
			if (at >= num_old)
				setup(h,
				      masq_slice(h->data, at - num_old, len));
			at += len;
		}
	}
	return at;
}

void nv_rtsp(struct hook *h)
{
	uint32_t *words = h->way->words;
	const uint32_t num_old = words[NUM_KEPT];
	uint8_t *kept = h->e->stream->kept;
	struct masq_view text = {.data = h->m->text,
				 .len = num_old + h->data.len};

	if (!h->in_order)
		words[IS_LOST] = 1;
	if (words[IS_LOST] != 0)
		return;
	memcpy(h->m->text, kept, num_old);
	memcpy(h->m->text + num_old, h->data.data, h->data.len);
	text = masq_from(text, read_text(h, text, num_old));
	if (words[IS_LOST] != 0)
		return;
	if (text.len > MAX_KEPT) {
		nv_lose(h->m, "long head of RTSP");
		return;
	}
	memcpy(kept, text.data, text.len);
	words[NUM_KEPT] = text.len;
}
