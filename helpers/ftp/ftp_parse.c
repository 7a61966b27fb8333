/* SPDX-License-Identifier: Apache-2.0 */
/* ftp_parse.c - commands and replies of FTP: octets in, findings out */
#include <stdio.h>

#include "common/text.h"
#include "ftp/ftp_parse.h"

enum {
	NUM_NUMBERS = 6,
	KEYWORD_LEN = 5, /* "PORT " */
	PORT_MIN = 18,   /* room that FTP-11 asks for */
	PASV_LEN = 6     /* with CR LF */
};

/* Six numbers with commas at off; false if a comma is missing. */
static bool read_target(struct masq_view v, uint32_t off,
			struct ftp_target *out)
{
	uint8_t values[NUM_NUMBERS];
	uint32_t at = off;

	*out = (struct ftp_target){.offset = off, .is_plain = true};
	for (unsigned int i = 0; i < NUM_NUMBERS; i++) {
		const struct text_number n = text_number(v, at);

		values[i] = (uint8_t)(n.value & 255);
		if (n.len == 0 || n.len > 3 || n.value > 255)
			out->is_plain = false;
		at += n.len;
		if (i == NUM_NUMBERS - 1)
			break;
		if (!text_has(v, at, ','))
			return false;
		at++;
	}
	out->len = at - off;
	out->addr = (uint32_t)values[0] << 24 | (uint32_t)values[1] << 16 |
		    (uint32_t)values[2] << 8 | values[3];
	out->port = (uint16_t)(values[4] << 8 | values[5]);
	return true;
}

static bool is_either(struct masq_view v, uint32_t off, const char *a,
		      const char *b, uint32_t n)
{
	return masq_equal(v, off, a, n) || masq_equal(v, off, b, n);
}

/* ---- anywhere in a segment (2.2.26) ---------------------------------- */

/*
 * The first start, from from on, of a word of n octets, given in both its
 * cases, that has at least room octets from its beginning to the end; false
 * if none.
 */
static bool find_word(struct masq_view v, uint32_t from, const char *lower,
		      const char *upper, uint32_t n, uint32_t room,
		      uint32_t *out_at)
{
	const uint8_t first = (uint8_t)lower[0], second = (uint8_t)lower[1];
	uint32_t i = masq_find_pair(v, from, first, second, second);

	while (masq_has(v, i, room)) {
		if (is_either(v, i, lower, upper, n)) {
			*out_at = i;
			return true;
		}
		i = masq_find_pair(v, i + 1, first, second, second);
	}
	return false;
}

/* One pass for both: most segments have neither. */
enum ftp_found ftp_find_command(struct masq_view v,
				struct ftp_target *out_target)
{
	enum ftp_found found = FTP_NONE;
	uint32_t i = masq_find_pair(v, 0, 'p', 'o', 'a');

	for (; masq_has(v, i, PASV_LEN);
	     i = masq_find_pair(v, i + 1, 'p', 'o', 'a')) {
		if (masq_has(v, i, PORT_MIN) &&
		    is_either(v, i, "port ", "PORT ", KEYWORD_LEN))
			return read_target(v, i + KEYWORD_LEN, out_target)
				       ? FTP_TARGET
				       : FTP_BAD;
		if (is_either(v, i, "pasv\r\n", "PASV\r\n", PASV_LEN))
			found = FTP_PASSIVE;
	}
	return found;
}

/* The first letter of each word is not looked at: it may be of any case. */
bool ftp_find_passive(struct masq_view v, bool is_client,
		      struct ftp_target *out_target)
{
	uint32_t at;
	bool found;

	if (!find_word(v, 0, "ntering ", "NTERING ", 8, 36, &at))
		return false;
	at += 8 + 1;
	if (is_client)
		found = find_word(v, at, "ssive ", "SSIVE ", 6, 26, &at);
	else
		found = find_word(v, at, "assive ", "ASSIVE ", 7, 27, &at);
	if (!found)
		return false;
	at += (is_client ? 6 : 7) + 1;
	if (!find_word(v, at, "ode ", "ODE ", 4, 19, &at))
		return false;
	at = masq_find8(v, at + 4, '(');
	if (at == v.len || !read_target(v, at + 1, out_target))
		return false;
	return text_has(v, out_target->offset + out_target->len, ')');
}

/* ---- lines (RFC 959) ------------------------------------------------- */

enum ftp_command ftp_read_command(struct masq_view line, bool need_end,
				  struct ftp_target *out_target)
{
	uint32_t end;

	if (text_equal_nocase(line, 0, "PASV", 4))
		return text_is_end(line, 4) ? FTP_PASV : FTP_OTHER;
	if (!text_equal_nocase(line, 0, "PORT ", KEYWORD_LEN))
		return FTP_OTHER;
	if (!read_target(line, KEYWORD_LEN, out_target))
		return FTP_OTHER;
	end = out_target->offset + out_target->len;
	if (need_end && !text_is_end(line, end))
		return FTP_OTHER;
	return FTP_PORT;
}

/* RFC 1123 section 4.1.2.6: look for the first digit, whatever the text. */
static bool read_passive(struct masq_view line, struct ftp_target *out)
{
	uint32_t at = 4;

	while (at < line.len && !text_is_digit(masq_get8(line, at)))
		at++;
	if (!read_target(line, at, out) || !out->is_plain)
		return false;
	return !text_has(line, at + out->len, ',');
}

void ftp_read_reply(struct masq_view line, struct ftp_reply *out_reply)
{
	const struct text_number n = text_number(line, 0);

	*out_reply = (struct ftp_reply){0};
	if (n.len != 3 || n.value < 100 || n.value > 599)
		return;
	out_reply->is_continued = text_has(line, 3, '-');
	out_reply->has_blank = text_has(line, 3, ' ');
	if (!out_reply->is_continued && !out_reply->has_blank &&
	    !text_is_end(line, 3))
		return;
	out_reply->code = (uint16_t)n.value;
	if (n.value == 227 && out_reply->has_blank)
		out_reply->has_target = read_passive(line, &out_reply->target);
}

uint32_t ftp_format_target(char out[FTP_TARGET_SIZE], uint32_t addr,
			   uint16_t port)
{
	return (uint32_t)snprintf(out, FTP_TARGET_SIZE, "%u,%u,%u,%u,%u,%u",
				  addr >> 24, addr >> 16 & 255, addr >> 8 & 255,
				  addr & 255, port >> 8, port & 255u);
}
