/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream_test.c - without quirks both ends agree about both streams
 *
 * Random dialogues over a bad network (stream.h). At the end each line that
 * was received is the line that was sent, or that line with the numbers of
 * one endpoint in place of those of the other (INV-23, INV-51); and every
 * hole is one that its host has announced (INV-21).
 */
#include <stdio.h>

#include "ftp/ftp.h"
#include "ftp/ftp_parse.h"
#include "irc/irc.h"
#include "irc/irc_parse.h"
#include "stream.h"

enum {
	NUM_SEEDS = 150,
	NUM_LINES = 80,
	NUM_PORTS = 6, /* that are announced: 2000, 2001, ... */
	FIRST_PORT = 2000,
	INSIDE = 0, /* index of an end */
	OUTSIDE = 1
};

#define SERVER KIT_IP(198, 51, 100, 21)

/* One kind of dialogue. */
struct dialogue {
	const char *name;
	const struct helper_module *module;
	uint16_t port;
	/* Printed with the two halves of a port, or with one port. */
	const char *const *inside_lines, *const *outside_lines;
	bool has_halves;
	/* Was this substitution right? Both with their LF. */
	bool (*is_right)(struct kit *kit, bool is_out, struct masq_view sent,
			 struct masq_view got);
};

/* ---- dialogues ------------------------------------------------------- */

static const char *const ftp_commands[] = {
	"PORT 192,168,1,10,%u,%u\r\n",
	"port 192,168,1,10,%u,%03u\r\n",
	"PORT 192,168,1,77,%u,%u\r\n",
	"XPORT 192,168,1,10,%u,%u\r\n",
	"NOOP\r\nPORT 192,168,1,10,%u,%u\nLIST\r\n",
	"PASV\r\n",
	"RETR a rather long name of a file that has no port in it\r\n",
	"PORT 192,168,1,10,%u,%u,5\r\n",
	NULL,
};
static const char *const ftp_replies[] = {
	"200 ok\r\n",
	"227 Entering Passive Mode (198,51,100,21,%u,%u)\r\n",
	"213-status\r\n227 (198,51,100,21,%u,%u)\r\n213 end\r\n",
	NULL,
};

static const char *const irc_messages[] = {
	"PRIVMSG bob :\001DCC SEND a.txt 3232235786 %u 5\001\r\n",
	"PRIVMSG bob :\001DCC CHAT chat 3232235786 %05u\001\r\n",
	"PRIVMSG bob :\001DCC SEND a.txt 3232235853 %u 5\001\r\n",
	"PRIVMSG bob :look \001DCC CHAT chat 3232235786 %u\001\r\n",
	"PRIVMSG bob :\001DCC ACCEPT a.txt %u 7\001\r\n",
	"PING :a server that has a rather long name, so it seems\r\n",
	NULL,
};
/* 61001 + the announced port less the first, more or less. */
static const char *const irc_answers[] = {
	":bob!u@h PRIVMSG al :\001DCC RESUME a.txt 61001 %u\001\r\n",
	":bob!u@h PRIVMSG al :\001DCC RESUME a 3405803777 61002 %u\001\r\n",
	":irc.example.net PONG\r\n",
	NULL,
};

static bool is_own_hole(struct kit *kit, uint32_t port, uint32_t masq_port)
{
	struct masq_entry_info info;

	return kit_entry(kit, 6, (uint16_t)masq_port, &info) &&
	       info.inside_addr == KIT_CLIENT && info.inside_port == port;
}

static bool ftp_is_right(struct kit *kit, bool is_out, struct masq_view sent,
			 struct masq_view got)
{
	struct ftp_target a, b;

	return is_out && ftp_read_command(sent, true, &a) == FTP_PORT &&
	       ftp_read_command(got, true, &b) == FTP_PORT &&
	       a.addr == KIT_CLIENT && b.addr == KIT_MASQ &&
	       is_own_hole(kit, a.port, b.port);
}

static bool irc_is_right(struct kit *kit, bool is_out, struct masq_view sent,
			 struct masq_view got)
{
	struct irc_request a, b;

	irc_read_line(sent, true, &a);
	irc_read_line(got, true, &b);
	if (a.kind == IRC_OTHER || a.kind != b.kind || a.has_addr != b.has_addr)
		return false;
	if (!is_out)
		return a.kind == IRC_RESUME && is_own_hole(kit, b.port, a.port);
	return a.kind != IRC_RESUME && is_own_hole(kit, a.port, b.port);
}

static const struct dialogue dialogues[] = {
	{"ftp", &masq_ftp_module, 21, ftp_commands, ftp_replies, true,
	 ftp_is_right},
	{"irc", &masq_irc_module, 6667, irc_messages, irc_answers, false,
	 irc_is_right},
};

/* ---- checks ---------------------------------------------------------- */

static uint32_t line_len(struct masq_view v)
{
	uint32_t n = 0;

	while (n < v.len && v.data[n] != '\n')
		n++;
	return n < v.len ? n + 1 : n;
}

/* The received stream against the sent one; returns the substitutions. */
static unsigned int compare(const struct dialogue *d, struct stream_pair *pair,
			    unsigned int from)
{
	const struct stream_end *a = &pair->ends[from];
	const struct stream_end *b = &pair->ends[1 - from];
	struct masq_view sent = {.data = a->sent, .len = a->num_sent};
	struct masq_view got = {.data = b->got, .len = b->num_got};
	unsigned int num = 0;

	while (sent.len != 0) {
		const struct masq_view s = masq_slice(sent, 0, line_len(sent));
		const struct masq_view g = masq_slice(got, 0, line_len(got));

		if (s.len != g.len || memcmp(s.data, g.data, s.len) != 0) {
			if (!d->is_right(pair->kit, from == INSIDE, s, g))
				fail_msg("sent %.*s received %.*s", (int)s.len,
					 (const char *)s.data, (int)g.len,
					 (const char *)g.data);
			num++;
		}
		sent = masq_from(sent, s.len);
		got = masq_from(got, g.len);
	}
	assert_int_equal(got.len, 0);
	return num;
}

/* INV-21: the holes lead to announced ports of the host that spoke. */
static void check_hole(void *ctx, const struct masq_entry_info *info)
{
	(void)ctx;
	if (!info->is_child || (info->flags & MASQ_NO_SPORT) != 0)
		return;
	assert_int_equal(info->inside_addr, KIT_CLIENT);
	assert_in_range(info->inside_port, FIRST_PORT,
			FIRST_PORT + NUM_PORTS - 1);
}

static void say_lines(const struct dialogue *d, struct stream_end *end,
		      const char *const *lines, uint64_t *seed)
{
	uint32_t num = 0;

	while (lines[num] != NULL)
		num++;
	for (unsigned int i = 0; i < NUM_LINES; i++) {
		const uint32_t port = FIRST_PORT + kit_below(seed, NUM_PORTS);
		const char *line = lines[kit_below(seed, num)];
		char text[200];

		if (d->has_halves)
			snprintf(text, sizeof(text), line, port >> 8,
				 port & 255);
		else
			snprintf(text, sizeof(text), line, port);
		assert_true(stream_say(end, text));
	}
}

static unsigned int run(const struct dialogue *d, uint64_t seed)
{
	static struct stream_pair pair;
	unsigned int num;

	memset(&pair, 0, sizeof(pair));
	pair.seed = &seed;
	pair.loss = kit_below(&seed, 3) * 8;
	pair.conn = (struct kit_conn){
		.outside_addr = SERVER,
		.outside_port = d->port,
		/* Near enough to the end to get over it. */
		.inside_seq = (uint32_t)-2000 - kit_below(&seed, 1000),
		.outside_seq = (uint32_t)-2000 - kit_below(&seed, 1000),
	};
	pair.ends[INSIDE].side = MASQ_INSIDE;
	pair.ends[INSIDE].isn = pair.conn.inside_seq;
	pair.ends[OUTSIDE].side = MASQ_OUTSIDE;
	pair.ends[OUTSIDE].isn = pair.conn.outside_seq;
	pair.kit = kit_open_with(d->module, MASQ_QUIRKS_NONE);
	kit_connect(pair.kit, &pair.conn);
	say_lines(d, &pair.ends[INSIDE], d->inside_lines, &seed);
	say_lines(d, &pair.ends[OUTSIDE], d->outside_lines, &seed);
	stream_run(&pair);
	num = compare(d, &pair, INSIDE) + compare(d, &pair, OUTSIDE);
	masq_table_each(pair.kit->engine, check_hole, NULL);
	kit_close(pair.kit);
	return num;
}

static void streams_agree(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dialogues) / sizeof(dialogues[0]); i++) {
		unsigned int num = 0;

		for (uint64_t seed = 1; seed <= NUM_SEEDS; seed++)
			num += run(&dialogues[i], seed);
		/* Enough was substituted for the test to mean something. */
		assert_true(num > NUM_SEEDS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
