/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe/helpers.c - is a protocol helped: payload rewritten, hole opened?
 *
 * A helper is asked for by its setting where the engine knows that; where it
 * does not, the engine is taken as it is.
 */
#include <stdio.h>
#include <string.h>

#include "probe/probe.h"

#define PORT 5000u

static bool open_with(struct probe *p, const char *key)
{
	const struct conf_setting setting = {.key = key, .value = "default"};

	if (probe_fresh_with(p, &setting))
		return true;
	return probe_fresh(p);
}

/*
 * What the peer sees of a line that the inside host sends. Another line goes
 * first: there are helpers that do not look at the first one.
 */
static bool say_line(struct probe *p, struct end from, struct end to,
		     struct end out, const char *line, char *seen, size_t size)
{
	struct run_pkt got;
	static const char first[] = "USER anonymous\r\n";
	size_t len;

	if (!probe_segment(p, CONF_INSIDE, from, to, ACK | PSH, 1, 1, first) ||
	    !probe_segment(p, CONF_OUTSIDE, to, out, ACK, 1, sizeof(first),
			   "") ||
	    !probe_segment(p, CONF_INSIDE, from, to, ACK | PSH, sizeof(first),
			   1, line) ||
	    !probe_passed(p, CONF_OUTSIDE, CONF_PROTO_TCP, &got)) {
		probe_say(p, "the line is lost");
		return false;
	}
	len = got.payload_len < size ? got.payload_len : size - 1;
	memcpy(seen, got.payload, len);
	seen[len] = '\0';
	return true;
}

/* Does a SYN to the announced endpoint reach the inside one? */
static void try_hole(struct probe *p, struct end peer, struct end name,
		     struct end inside)
{
	bool reached = probe_reaches(p, CONF_PROTO_TCP, peer, name, inside,
				     SYN);
	struct run_pkt got;

	probe_add(p, "%s", reached ? "a hole is open" : "no hole");
	if (reached && probe_passed(p, CONF_INSIDE, CONF_PROTO_TCP, &got) &&
	    got.saddr != peer.addr)
		probe_add(p, "its source is changed");
}

static void ftp_port(struct probe *p)
{
	struct end from = end_of(p->a, 1030), to = end_of(p->s1, 21), out;
	unsigned int n[6], bytes[4];
	char line[80], seen[160];

	if (!open_with(p, "helper.ftp") || !probe_connect(p, from, to, &out)) {
		probe_say(p, "no connection");
		return;
	}
	for (unsigned int i = 0; i < 4; i++)
		bytes[i] = p->a >> (24 - 8 * i) & 0xff;
	snprintf(line, sizeof(line), "PORT %u,%u,%u,%u,19,136\r\n", bytes[0],
		 bytes[1], bytes[2], bytes[3]);
	if (!say_line(p, from, to, out, line, seen, sizeof(seen)))
		return;
	if (strcmp(seen, line) == 0 ||
	    sscanf(seen, "PORT %3u,%3u,%3u,%3u,%3u,%3u", &n[0], &n[1], &n[2],
		   &n[3], &n[4], &n[5]) != 6) {
		probe_say(p, "not helped");
		return;
	}
	probe_say(p, "rewritten");
	try_hole(p, end_of(p->s1, 20),
		 end_of(n[0] << 24 | n[1] << 16 | n[2] << 8 | n[3],
			(uint16_t)(n[4] << 8 | n[5])),
		 end_of(p->a, PORT));
}

/* The server's answer must not change; the client connects by itself. */
static void ftp_pasv(struct probe *p)
{
	static const char line[] =
		"227 Entering Passive Mode (198,51,100,1,195,80)\r\n";
	struct end from = end_of(p->a, 1030), to = end_of(p->s1, 21), out, data;
	struct run_pkt got;

	if (!open_with(p, "helper.ftp") || !probe_connect(p, from, to, &out) ||
	    !probe_segment(p, CONF_OUTSIDE, to, out, ACK | PSH, 1, 1, line) ||
	    !probe_passed(p, CONF_INSIDE, CONF_PROTO_TCP, &got)) {
		probe_say(p, "no connection");
		return;
	}
	probe_say(p, "%s",
		  got.payload_len == sizeof(line) - 1 &&
				  memcmp(got.payload, line, sizeof(line) - 1) ==
					  0
			  ? "left as it is"
			  : "rewritten");
	probe_add(p, "the data connection %s",
		  probe_map(p, CONF_PROTO_TCP, end_of(p->a, 1031),
			    end_of(p->s1, 195 << 8 | 80), &data)
			  ? "opens"
			  : "does not open");
}

static void irc_dcc(struct probe *p)
{
	struct end from = end_of(p->a, 1030), to = end_of(p->s1, 6667), out;
	char line[120], seen[200];
	const char *at;
	unsigned int addr, port;

	if (!open_with(p, "helper.irc") || !probe_connect(p, from, to, &out)) {
		probe_say(p, "no connection");
		return;
	}
	snprintf(line, sizeof(line), "PRIVMSG bob :\1DCC CHAT chat %u %u\1\r\n",
		 p->a, PORT);
	if (!say_line(p, from, to, out, line, seen, sizeof(seen)))
		return;
	at = strstr(seen, "chat ");
	if (strcmp(seen, line) == 0 || at == NULL ||
	    sscanf(at, "chat %10u %5u", &addr, &port) != 2 || port > 65535) {
		probe_say(p, "not helped");
		return;
	}
	probe_say(p, "rewritten");
	try_hole(p, end_of(p->s2, 4000), end_of(addr, (uint16_t)port),
		 end_of(p->a, PORT));
}

/* A server answers from another port than it was asked at. */
static void tftp(struct probe *p)
{
	struct end from = end_of(p->a, PORT), to = end_of(p->s1, 69);
	struct run_pkt pkt = probe_udp(from, to), got;
	static const uint8_t request[] = "\0\1file\0octet";

	pkt.payload = request;
	pkt.payload_len = sizeof(request);
	if (!open_with(p, "helper.tftp"))
		return;
	probe_send(p, CONF_INSIDE, &pkt);
	if (!probe_passed(p, CONF_OUTSIDE, CONF_PROTO_UDP, &got)) {
		probe_say(p, "no mapping");
		return;
	}
	probe_say(p, "%s",
		  probe_reaches(p, CONF_PROTO_UDP, end_of(p->s1, 2000),
				end_of(got.saddr, got.sport), from, 0)
			  ? "answers get in"
			  : "not helped");
}

static const struct probe_row rows[] = {
	{"helpers.ftp-port", "FTP PORT", "RFC3022 4.4", ftp_port},
	{"helpers.ftp-pasv", "FTP 227 from outside", "RFC3022 4.4", ftp_pasv},
	{"helpers.irc-dcc", "IRC DCC CHAT", "RFC5382-REQ-6", irc_dcc},
	{"helpers.tftp", "TFTP from another port", "RFC4787-REQ-10", tftp},
};
const struct probe_table probe_helpers = PROBE_TABLE(rows);
