/* SPDX-License-Identifier: Apache-2.0 */
/* rtsp_parse.c - messages of RTSP and the ports in a SETUP (RFC 2326) */
#include "common/text.h"
#include "raudio/rtsp_parse.h"

/* ---- where messages begin and end ------------------------------------ */

/* A request line ends with this and a digit, a status line begins with it. */
static const char version[] = " RTSP/1.";
static const char content_length[] = "content-length:";

enum {
	VERSION_LEN = sizeof(version) - 1,
	NAME_LEN = sizeof(content_length) - 2, /* without the colon */
	MAX_BODY = 1 << 24 /* octets; who claims more is not followed */
};

static bool is_blank(uint8_t x)
{
	return x == ' ' || x == '\t';
}

static uint8_t lower(uint8_t x)
{
	return x >= 'A' && x <= 'Z' ? (uint8_t)(x | 0x20) : x;
}

static enum rtsp_phase give_up(struct rtsp_stream *s)
{
	s->matched = 0;
	s->left = 0;
	return RTSP_ALIEN;
}

/* Follows the version's letters; true while what is there fits. */
static bool follow_version(struct rtsp_stream *s, uint8_t x)
{
	if (s->matched == VERSION_LEN && text_is_digit(x)) {
		s->matched++;
		return true;
	}
	if (s->matched < VERSION_LEN && x == (uint8_t)version[s->matched]) {
		s->matched++;
		return true;
	}
	s->matched = x == ' ' ? 1 : 0;
	return false;
}

static enum rtsp_phase at_message(struct rtsp_stream *s, uint8_t x)
{
	s->left = 0;
	s->matched = 0;
	if (x == '\r' || x == '\n') /* servers skip empty lines */
		return RTSP_BETWEEN;
	if (x == '$')
		return RTSP_CHANNEL;
	/* As if a blank came before: a status line begins with a version. */
	s->matched = 1;
	return follow_version(s, x) ? RTSP_FIRST : RTSP_REQUEST;
}

/* In the first line: a request ends with a version. */
static enum rtsp_phase in_request(struct rtsp_stream *s, uint8_t x)
{
	if (x == '\r' && s->matched == VERSION_LEN + 1) {
		s->matched++; /* one only */
		return RTSP_REQUEST;
	}
	if (x == '\n') {
		if (s->matched <= VERSION_LEN)
			return give_up(s);
		s->matched = 0;
		return RTSP_LINE;
	}
	follow_version(s, x);
	return RTSP_REQUEST;
}

static enum rtsp_phase in_first(struct rtsp_stream *s, uint8_t x)
{
	if (s->matched == VERSION_LEN + 1 && x == ' ') {
		s->matched = 0;
		return RTSP_STATUS;
	}
	if (x == '\n')
		return give_up(s);
	return follow_version(s, x) ? RTSP_FIRST : RTSP_REQUEST;
}

/* The empty line: what comes is the body. */
static enum rtsp_phase after_head(const struct rtsp_stream *s)
{
	return s->left != 0 ? RTSP_BODY : RTSP_BETWEEN;
}

static enum rtsp_phase in_name(struct rtsp_stream *s, uint8_t x)
{
	if (s->matched == NAME_LEN && is_blank(x))
		return RTSP_NAME;
	if (lower(x) != (uint8_t)content_length[s->matched]) {
		s->matched = 0;
		return x == '\n' ? RTSP_LINE : RTSP_REST;
	}
	if (content_length[++s->matched] != '\0')
		return RTSP_NAME;
	s->matched = 0;
	s->left = 0; /* the last one counts */
	return RTSP_LENGTH;
}

static enum rtsp_phase at_line(struct rtsp_stream *s, uint8_t x)
{
	if (x == '\n')
		return after_head(s);
	if (s->matched != 0) {
		s->matched = 0; /* a CR without LF is no line end */
		return RTSP_REST;
	}
	if (x == '\r') {
		s->matched = 1; /* perhaps the empty line */
		return RTSP_LINE;
	}
	return in_name(s, x);
}

/* Behind the number only blanks and the line's end may follow. */
static enum rtsp_phase in_length_end(struct rtsp_stream *s, uint8_t x)
{
	const bool has_cr = s->matched != 0;

	s->matched = x == '\r';
	if (x == '\n')
		return RTSP_LENGTH_NEXT;
	return !has_cr && (is_blank(x) || x == '\r') ? RTSP_LENGTH_END
						     : give_up(s);
}

static enum rtsp_phase in_length(struct rtsp_stream *s, uint8_t x)
{
	if (is_blank(x) && s->matched == 0)
		return RTSP_LENGTH;
	if (text_is_digit(x)) {
		s->matched = 1; /* a digit has been seen */
		s->left = s->left * 10 + x - '0';
		return s->left <= MAX_BODY ? RTSP_LENGTH : give_up(s);
	}
	if (s->matched == 0)
		return give_up(s);
	s->matched = 0;
	return in_length_end(s, x);
}

/* Who folds a number has written another one. */
static enum rtsp_phase after_length(struct rtsp_stream *s, uint8_t x)
{
	return is_blank(x) ? give_up(s) : at_line(s, x);
}

static enum rtsp_phase in_size_low(struct rtsp_stream *s, uint8_t x)
{
	s->left |= x;
	return after_head(s);
}

static enum rtsp_phase next_phase(struct rtsp_stream *s, uint8_t x)
{
	switch (s->phase) {
	case RTSP_BETWEEN:
		return at_message(s, x);
	case RTSP_FIRST:
		return in_first(s, x);
	case RTSP_REQUEST:
		return in_request(s, x);
	case RTSP_STATUS:
		return x == '\n' ? RTSP_LINE : RTSP_STATUS;
	case RTSP_LINE:
		return at_line(s, x);
	case RTSP_NAME:
		return in_name(s, x);
	case RTSP_LENGTH:
		return in_length(s, x);
	case RTSP_LENGTH_END:
		return in_length_end(s, x);
	case RTSP_LENGTH_NEXT:
		return after_length(s, x);
	case RTSP_REST:
		return x == '\n' ? RTSP_LINE : RTSP_REST;
	case RTSP_BODY:
		return --s->left != 0 ? RTSP_BODY : RTSP_BETWEEN;
	case RTSP_CHANNEL:
		return RTSP_SIZE_HIGH;
	case RTSP_SIZE_HIGH:
		s->left = (uint32_t)x << 8;
		return RTSP_SIZE_LOW;
	case RTSP_SIZE_LOW:
		return in_size_low(s, x);
	case RTSP_ALIEN:
		break;
	}
	return RTSP_ALIEN;
}

enum rtsp_event rtsp_feed(struct rtsp_stream *s, uint8_t octet)
{
	const enum rtsp_phase before = s->phase;

	s->phase = next_phase(s, octet);
	if (before == RTSP_BETWEEN &&
	    (s->phase == RTSP_FIRST || s->phase == RTSP_REQUEST))
		return RTSP_BEGINS;
	if ((before == RTSP_LINE || before == RTSP_LENGTH_NEXT) &&
	    (s->phase == RTSP_BETWEEN || s->phase == RTSP_BODY)) {
		s->matched = 0;
		return RTSP_ENDS;
	}
	return RTSP_NOTHING;
}

uint32_t rtsp_pack(const struct rtsp_stream *s)
{
	return (uint32_t)s->phase << 4 | s->matched;
}

struct rtsp_stream rtsp_unpack(uint32_t word, uint32_t left)
{
	return (struct rtsp_stream){
		.phase = (enum rtsp_phase)(word >> 4 & 0xf),
		.matched = word & 0xf,
		.left = left,
	};
}

/* ---- ports ----------------------------------------------------------- */

bool rtsp_is_setup(struct masq_view head)
{
	return masq_equal(head, 0, "SETUP ", 6);
}

/* Offset behind the line that at lies in. */
static uint32_t line_end(struct masq_view v, uint32_t at)
{
	while (at < v.len && masq_get8(v, at) != '\n')
		at++;
	return at < v.len ? at + 1 : at;
}

/* The word at at, in any case? Returns its length, 0 if not. */
static uint32_t word_at(struct masq_view v, uint32_t at, const char *word)
{
	uint32_t n = 0;

	for (; word[n] != '\0'; n++)
		if (lower(masq_get8(v, at + n)) != (uint8_t)word[n])
			return 0;
	return n;
}

static uint32_t skip_blanks(struct masq_view v, uint32_t at)
{
	while (is_blank(masq_get8(v, at)))
		at++;
	return at;
}

/* One to five digits; *at moves behind them. */
static bool get_number(struct masq_view v, uint32_t *at, uint32_t *out)
{
	const uint32_t start = *at;

	*out = 0;
	while (*at - start < 6 && text_is_digit(masq_get8(v, *at)))
		*out = *out * 10 + masq_get8(v, (*at)++) - '0';
	return *at != start && *at - start < 6;
}

/* What may stand behind a parameter: its transport's or the line's end. */
static bool is_parameter_end(struct masq_view v, uint32_t at)
{
	at = skip_blanks(v, at);
	if (masq_equal(v, at, "\r\n", 2))
		return true;
	switch (masq_get8(v, at)) {
	case ';':
	case ',':
	case '\n':
		return true;
	default:
		return false;
	}
}

/* The ports of a parameter that begins at at; false if it is another. */
static bool get_ports(struct masq_view v, uint32_t at, struct rtsp_ports *out)
{
	const uint32_t len = word_at(v, at, "client_port");

	*out = (struct rtsp_ports){0};
	if (len == 0)
		return false;
	at = skip_blanks(v, at + len);
	if (masq_get8(v, at) != '=')
		return false;
	at = skip_blanks(v, at + 1);
	out->at = at;
	if (!get_number(v, &at, &out->first))
		return false;
	out->len = at - out->at;
	if (masq_get8(v, skip_blanks(v, at)) == '-') {
		at = skip_blanks(v, skip_blanks(v, at) + 1);
		if (!get_number(v, &at, &out->second))
			return false;
		out->has_second = true;
		out->len = at - out->at;
	}
	return is_parameter_end(v, at);
}

/*
 * Looks through a Transport header from its value's offset value to end;
 * what begins before from has been seen already.
 */
static bool ports_in_line(struct masq_view v, uint32_t value, uint32_t end,
			  uint32_t from, struct rtsp_ports *out)
{
	bool is_start = true, is_quoted = false;

	for (uint32_t at = value; at < end; at++) {
		const uint8_t x = masq_get8(v, at);

		if (is_start && !is_quoted && at >= from &&
		    get_ports(v, at, out))
			return true;
		if (x == '"')
			is_quoted = !is_quoted;
		else if (x == '\\' && is_quoted)
			at++; /* what follows is text, even a quote */
		if (!is_blank(x))
			is_start = x == ';' || x == ',';
	}
	return false;
}

bool rtsp_next_ports(struct masq_view head, uint32_t *at,
		     struct rtsp_ports *out)
{
	uint32_t line = 0;

	while (line < head.len) {
		const uint32_t end = line_end(head, line);
		uint32_t name = word_at(head, line, "transport");

		/* What goes on in the next line is left alone. */
		if (name != 0 && !is_blank(masq_get8(head, end))) {
			name = skip_blanks(head, line + name);
			if (masq_get8(head, name) == ':' &&
			    ports_in_line(head, name + 1, end, *at, out)) {
				*at = out->at + out->len;
				return true;
			}
		}
		line = end;
	}
	return false;
}
