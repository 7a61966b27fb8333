/* SPDX-License-Identifier: Apache-2.0 */
/* raudio_parse.c - ports in PNA and, as Linux 2.2 sought them, in RTSP */
#include "common/text.h"
#include "raudio/raudio_parse.h"

enum {
	OPTION_END = 0,
	OPTION_UDP = 1,
	OPTION_ROBUST = 7
};

enum raudio_kind raudio_kind_of(struct masq_view v)
{
	if (masq_equal(v, 0, "OPTIONS", 7) || masq_equal(v, 0, "DESCRIBE", 8))
		return RAUDIO_RTSP;
	if (masq_equal(v, 0, "PNA", 3))
		return RAUDIO_PNA;
	return RAUDIO_OTHER;
}

/* ---- PNA ------------------------------------------------------------- */

bool pna_next(struct masq_view v, uint32_t *at, struct pna_option *out)
{
	const uint32_t o = *at;

	*out = (struct pna_option){0};
	if (!masq_has(v, o, PNA_OPTION + 1))
		return false;
	out->number = masq_get16(v, o);
	out->length = masq_get16(v, o + 2);
	out->data_at = o + PNA_OPTION;
	if (out->number == OPTION_END ||
	    !masq_has(v, out->data_at, out->length))
		return false;
	*at = out->data_at + out->length;
	out->is_port = out->number == OPTION_UDP ||
		       out->number == OPTION_ROBUST;
	if (out->is_port)
		out->port = masq_get16(v, out->data_at);
	return true;
}

bool pna_is_whole(struct masq_view v)
{
	struct pna_option option;
	uint32_t at = PNA_O_OPTIONS;

	while (pna_next(v, &at, &option))
		;
	return masq_has(v, at, 2) && masq_get16(v, at) == OPTION_END;
}

/* ---- RTSP ------------------------------------------------------------ */

/* The states of RA-10. */
enum scan_state {
	SCAN_HEADER,    /* A: for "transport:" */
	SCAN_PARAMETER, /* B: for "client_port" */
	SCAN_EQUALS,    /* C */
	SCAN_FIRST,     /* D: for a digit */
	SCAN_DIGITS,    /* E: in the first number */
	SCAN_SECOND,    /* F: for a digit behind the dash */
	SCAN_DIGITS_2,  /* G: in the second number */
	SCAN_END,       /* at the semicolon */
	SCAN_FAILED
};

#define MAX_DIGITS 5u

struct scan {
	enum scan_state state;
	uint32_t matched; /* letters of the word looked for */
	uint32_t digits;  /* of the number being read */
};

/* The next letter of word, in any case? A mismatch loses x (RA-10). */
static bool match(struct scan *s, const char *word, uint8_t x)
{
	const uint8_t lower = x >= 'A' && x <= 'Z' ? (uint8_t)(x | 0x20) : x;

	if (lower != (uint8_t)word[s->matched]) {
		s->matched = 0;
		return false;
	}
	if (word[++s->matched] != '\0')
		return false;
	s->matched = 0;
	return true;
}

/* E and G: what follows a digit of a number. */
static enum scan_state in_number(struct scan *s, uint32_t *number, uint8_t x,
				 bool may_dash)
{
	if (x == ';')
		return SCAN_END;
	if (x == '-' && may_dash)
		return SCAN_SECOND;
	if (x == ' ' || x == '\t')
		return s->state;
	if (!text_is_digit(x) || s->digits == MAX_DIGITS)
		return SCAN_FAILED;
	s->digits++;
	*number = *number * 10 + x - '0';
	return s->state;
}

/* D and F: for the first digit of a number. */
static enum scan_state at_number(struct scan *s, uint32_t *number, uint8_t x,
				 enum scan_state next)
{
	if (!text_is_digit(x))
		return s->state;
	s->digits = 1;
	*number = x - (uint32_t)'0';
	return next;
}

static enum scan_state step(struct scan *s, struct rtsp_ports *out, uint32_t at,
			    uint8_t x)
{
	switch (s->state) {
	case SCAN_HEADER:
		return match(s, "transport:", x) ? SCAN_PARAMETER : s->state;
	case SCAN_PARAMETER:
		return match(s, "client_port", x) ? SCAN_EQUALS : s->state;
	case SCAN_EQUALS:
		return x == '=' ? SCAN_FIRST : s->state;
	case SCAN_FIRST:
		out->at = at;
		return at_number(s, &out->first, x, SCAN_DIGITS);
	case SCAN_DIGITS:
		return in_number(s, &out->first, x, true);
	case SCAN_SECOND:
		if (x == ';')
			return SCAN_END;
		out->has_second = text_is_digit(x);
		return at_number(s, &out->second, x, SCAN_DIGITS_2);
	case SCAN_DIGITS_2:
		return in_number(s, &out->second, x, false);
	case SCAN_END:
	case SCAN_FAILED:
		break;
	}
	return s->state;
}

bool raudio_scan(struct masq_view v, struct rtsp_ports *out)
{
	struct scan s = {.state = SCAN_HEADER};

	*out = (struct rtsp_ports){0};
	for (uint32_t at = 0; at < v.len; at++) {
		s.state = step(&s, out, at, masq_get8(v, at));
		if (s.state == SCAN_END) {
			out->len = at - out->at;
			return true;
		}
		if (s.state == SCAN_FAILED)
			return false;
	}
	return false;
}
