/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places.c - where a payload may hold a name of the router
 *
 * By form alone, whatever the port: six numbers with commas (FTP), what
 * follows DCC (IRC), client_port (RTSP), the port options of PNA, the ports
 * of VDO Live and Quake. Whether it is a name is for the caller to know.
 * Addresses in CU-SeeMe are the router's on both sides.
 */
#include <stdio.h>

#include "equivalence/eqv.h"

struct finder {
	struct masq_view v;
	struct eqv_place *out;
	unsigned int num;
};

static void add(struct finder *f, const struct eqv_place *place)
{
	if (f->num < EQV_MAX_PLACES)
		f->out[f->num++] = *place;
}

static bool is_digit(struct masq_view v, uint32_t at)
{
	uint8_t c = masq_get8(v, at);

	return at < v.len && c >= '0' && c <= '9';
}

/* Reads a number of at most max; the offset behind it, or 0. */
static uint32_t read_number(struct masq_view v, uint32_t at, uint64_t max,
			    uint64_t *out)
{
	uint32_t from = at;

	*out = 0;
	while (is_digit(v, at) && at - from < 10)
		*out = *out * 10 + (uint64_t)(masq_get8(v, at++) - '0');
	if (at == from || is_digit(v, at) || *out > max)
		return 0;
	return at;
}

static bool is_text(struct masq_view v, uint32_t at, const char *text)
{
	for (; *text != '\0'; text++, at++) {
		uint8_t c = masq_get8(v, at);

		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c + 'a' - 'A');
		if (at >= v.len || c != (uint8_t)*text)
			return false;
	}
	return true;
}

/* "a,b,c,d,p,p" at a number: where it ends, or 0. */
static uint32_t find_six(struct finder *f, uint32_t at)
{
	uint64_t n[6];
	uint32_t end = at;

	for (unsigned int i = 0; i < 6; i++) {
		if (i > 0 && masq_get8(f->v, end++) != ',')
			return 0;
		end = read_number(f->v, end, 255, &n[i]);
		if (end == 0)
			return 0;
	}
	add(f, &(struct eqv_place){
		       .at = at,
		       .len = end - at,
		       .format = EQV_SIX,
		       .proto = CONF_PROTO_TCP,
		       .end = {(uint32_t)(n[0] << 24 | n[1] << 16 | n[2] << 8 |
					  n[3]),
			       (uint16_t)(n[4] << 8 | n[5])},
	       });
	return end;
}

/* The word at at ends where? */
static uint32_t skip_word(struct masq_view v, uint32_t at)
{
	while (at < v.len && masq_get8(v, at) != ' ' && masq_get8(v, at) > 1 &&
	       masq_get8(v, at) != '\r' && masq_get8(v, at) != '\n')
		at++;
	return at;
}

static uint32_t skip_blanks(struct masq_view v, uint32_t at)
{
	while (masq_get8(v, at) == ' ')
		at++;
	return at;
}

static void add_decimal(struct finder *f, uint32_t at, uint32_t end,
			enum eqv_format format, uint8_t proto, uint64_t port)
{
	add(f, &(struct eqv_place){
		       .at = at,
		       .len = end - at,
		       .format = format,
		       .proto = proto,
		       .end = {.port = (uint16_t)port},
	       });
}

/*
 * "DCC TYPE name ADDRESS PORT", or "DCC RESUME name PORT": the first number
 * behind the type that another one follows, as far as the line goes.
 */
static uint32_t find_dcc(struct finder *f, uint32_t at)
{
	uint32_t word = skip_blanks(f->v, at + 4);
	bool resume = is_text(f->v, word, "resume ") ||
		      is_text(f->v, word, "accept ");

	word = skip_blanks(f->v, skip_word(f->v, word));
	if (resume)
		word = skip_blanks(f->v, skip_word(f->v, word));
	for (unsigned int i = 0; i < 16 && word < f->v.len; i++) {
		uint64_t addr, port;
		uint32_t end = read_number(f->v, word, UINT32_MAX, &addr);
		uint32_t next = end != 0 ? skip_blanks(f->v, end) : 0;
		uint32_t last = next > end
					? read_number(f->v, next, 65535, &port)
					: 0;

		if (end != 0 && addr > 65535 && last != 0) {
			add(f, &(struct eqv_place){
				       .at = word,
				       .len = last - word,
				       .format = EQV_DCC,
				       .proto = CONF_PROTO_TCP,
				       .end = {(uint32_t)addr, (uint16_t)port},
			       });
			return last;
		}
		if (end != 0 && resume && addr <= 65535) {
			add_decimal(f, word, end, EQV_RESUME, CONF_PROTO_TCP,
				    addr);
			return end;
		}
		next = skip_blanks(f->v, skip_word(f->v, word));
		if (next == word)
			break;
		word = next;
	}
	return at + 4;
}

/* "client_port ... = N[-N]" */
static uint32_t find_client_port(struct finder *f, uint32_t at)
{
	uint64_t port;
	uint32_t end;

	at += 11;
	while (at < f->v.len && masq_get8(f->v, at) != '=')
		at++;
	while (at < f->v.len && !is_digit(f->v, at))
		at++;
	end = read_number(f->v, at, 65535, &port);
	if (end == 0)
		return at;
	add_decimal(f, at, end, EQV_DECIMAL, CONF_PROTO_UDP, port);
	if (masq_get8(f->v, end) != '-')
		return end;
	at = end + 1;
	while (at < f->v.len && !is_digit(f->v, at) &&
	       masq_get8(f->v, at) != ';' && masq_get8(f->v, at) != '\r')
		at++;
	end = read_number(f->v, at, 65535, &port);
	if (end == 0)
		return at;
	add_decimal(f, at, end, EQV_DECIMAL, CONF_PROTO_UDP, port);
	return end;
}

static void find_texts(struct finder *f)
{
	uint32_t at = 0;

	while (at < f->v.len) {
		uint32_t end = 0;
		uint8_t c = masq_get8(f->v, at);

		if (is_digit(f->v, at) && (at == 0 || !is_digit(f->v, at - 1)))
			end = find_six(f, at);
		else if ((c == 'D' || c == 'd') && is_text(f->v, at, "dcc "))
			end = find_dcc(f, at);
		else if ((c == 'c' || c == 'C') &&
			 is_text(f->v, at, "client_port"))
			end = find_client_port(f, at);
		at = end > at ? end : at + 1;
	}
}

static void add_binary(struct finder *f, uint32_t at, enum eqv_format format)
{
	uint16_t port = masq_get16(f->v, at);

	if (format == EQV_LE16)
		port = (uint16_t)(port << 8 | port >> 8);
	if (masq_has(f->v, at, 2))
		add(f, &(struct eqv_place){
			       .at = at,
			       .len = 2,
			       .format = format,
			       .proto = CONF_PROTO_UDP,
			       .end = {.port = port},
		       });
}

/* Options 1 and 7 of PNA hold ports. */
static void find_pna(struct finder *f)
{
	uint32_t at = 5;

	while (masq_has(f->v, at, 4)) {
		uint16_t kind = masq_get16(f->v, at);

		if (kind == 0)
			return;
		if (kind == 1 || kind == 7)
			add_binary(f, at + 4, EQV_BE16);
		at += 4u + masq_get16(f->v, at + 2);
	}
}

unsigned int eqv_places(struct eqv_place *out, uint8_t proto,
			struct masq_view text)
{
	struct finder f = {.v = text, .out = out};

	if (proto == CONF_PROTO_UDP) {
		if (masq_get16(text, 0) == 0x8000 && masq_get8(text, 4) == 0x81)
			add_binary(&f, 5, EQV_LE16);
	} else if (masq_equal(text, 0, "PNA", 3)) {
		find_pna(&f);
	} else if (masq_equal(text, 8, "VDO Live", 8)) {
		add_binary(&f, 18, EQV_BE16);
	} else if (masq_equal(text, 24, "VDO Live", 8)) {
		add_binary(&f, 34, EQV_BE16);
	} else {
		find_texts(&f);
	}
	return f.num;
}

uint32_t eqv_place_text(uint8_t out[48], const struct eqv_place *place,
			struct eqv_end end)
{
	uint32_t a = end.addr;
	int n = 2;

	switch (place->format) {
	case EQV_SIX:
		n = snprintf((char *)out, 48, "%u,%u,%u,%u,%u,%u", a >> 24,
			     a >> 16 & 255, a >> 8 & 255, a & 255,
			     end.port >> 8, end.port & 255);
		break;
	case EQV_DCC:
		n = snprintf((char *)out, 48, "%u %u", a, end.port);
		break;
	case EQV_RESUME:
	case EQV_DECIMAL:
		n = snprintf((char *)out, 48, "%u", end.port);
		break;
	case EQV_BE16:
		out[0] = (uint8_t)(end.port >> 8);
		out[1] = (uint8_t)end.port;
		break;
	case EQV_LE16:
		out[0] = (uint8_t)end.port;
		out[1] = (uint8_t)(end.port >> 8);
		break;
	}
	return (uint32_t)n;
}
