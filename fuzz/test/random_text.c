/* SPDX-License-Identifier: Apache-2.0 */
/* random_text.c - what hosts and servers say to helpers */
#include <stdio.h>
#include <string.h>

#include "random_text.h"

#define NUM(list)  (sizeof(list) / sizeof((list)[0]))
#define PICK(list) ((list)[random_any(state, (uint32_t)NUM(list))])

static const char *ftp(uint64_t *state)
{
	static const char *const verbs[] = {"PORT ",  "port ",  "Port",
					    "PORT  ", "XPORT ", ""};
	static const char *const ends[] = {
		"\r\n",  "\n",           "\r",          "",
		" \r\n", "\r\nNOOP\r\n", "\r\nPASV\r\n"};
	static const char *const hosts[] = {
		"192,168,1,10", "192,168,1,10", "192,168,1,10", "192,168,1,11",
		"198,51,100,7", "198,51,100,8", "203,0,113,1",  "192,168,1,256",
		"0,0,0,0",      "192,168,01,10"};
	static const char *const fixed[] = {"PASV\r\n",
					    "pasv\r\n",
					    "PASV\n",
					    "NOOP\r\n",
					    "PA",
					    "SV\r\n",
					    "227 Entering",
					    "200 ok\r\n",
					    "500 no\r\n",
					    "227-text\r\n",
					    "GET / HTTP/1.0\r\n\r\n",
					    "220-hello\r\n",
					    "220 done\r\n",
					    "USER x\r\nPASV\r\n"};
	static const char *const replies[] = {
		"227 Entering Passive Mode (%s,%u,%u)%s",
		"227 Entering Passive Mode (%s,%u,%u).%s",
		"227 ok %s,%u,%u%s",
		"227 (%s,%u,%u)%s",
		"226 (%s,%u,%u)%s",
		"x227 (%s,%u,%u)%s"};
	static char text[256];
	const unsigned int high = random_any(state, 4) == 0
					  ? random_any(state, 300)
					  : 4 + random_any(state, 3);

	if (random_any(state, 3) == 0) {
		snprintf(text, sizeof(text), "PORT 192,168,1,%u,%u,%u\r\n",
			 10 + random_any(state, 2), 4 + random_any(state, 99),
			 random_any(state, 3) * 110);
		return text;
	}
	if (random_any(state, 6) == 0)
		return "227 Entering Passive Mode (198,51,100,7,9,9).\r\n";
	if (random_any(state, 3) == 0)
		return PICK(fixed);
	if (random_any(state, 2) == 0)
		snprintf(text, sizeof(text), "%s%s,%u,%u%s", PICK(verbs),
			 PICK(hosts), high, random_any(state, 6), PICK(ends));
	else
		snprintf(text, sizeof(text), PICK(replies), PICK(hosts), high,
			 random_any(state, 6), PICK(ends));
	return text;
}

static const char *irc(uint64_t *state)
{
	static const char *const texts[] = {
		"PRIVMSG bob :\1DCC CHAT chat 3232235786 500%u\1\r\n",
		"PRIVMSG bob :\1DCC SEND file 3232235786 500%u 1024\1\r\n",
		"PRIVMSG bob :\1DCC SEND \"a b\" 3232235786 500%u 1024\1\r\n",
		"privmsg bob :\1dcc send file 3232235787 500%u 1024\1\n",
		"PRIVMSG bob :\1DCC MOVE x 3232235786 80%u 1\1\r\n",
		"PRIVMSG bob :\1DCC RESUME file 610%u 10\1\r\n",
		":al!u@h PRIVMSG me :\1DCC RESUME file 610%u 10\1\r\n",
		":al!u@h PRIVMSG me :\1DCC ACCEPT file 610%u 10\1\r\n",
		"PRIVMSG bob :\1DCC ACCEPT file 500%u 10\1\r\n",
		"PRIVMSG bob :see \1DCC CHAT chat 3232235786 500%u\1\r\n",
		"NICK x%u\r\n",
	};
	static char text[160];

	snprintf(text, sizeof(text), PICK(texts), 12 + random_any(state, 4));
	return text;
}

static const char *rtsp(uint64_t *state)
{
	static const char *const texts[] = {
		"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n%.0u",
		"DESCRIBE rtsp://a/b RTSP/1.0\r\nCSeq: 1\r\n\r\n%.0u",
		"SETUP rtsp://a/b RTSP/1.0\r\nCSeq: 2\r\nTransport: "
		"RTP/AVP;unicast;client_port=697%u-6971\r\n\r\n",
		"SETUP rtsp://a/b RTSP/1.0\r\nTransport: "
		"RTP/AVP;client_port=697%u;mode=play\r\n\r\n",
		"PLAY rtsp://a/b RTSP/1.0\r\nContent-Length: 4\r\n\r\nab%u",
		"cd%u",
	};
	static char text[200];

	snprintf(text, sizeof(text), PICK(texts), random_any(state, 4));
	return text;
}

const char *random_text(uint64_t *state, uint16_t port)
{
	if (random_any(state, 20) == 0)
		port = (uint16_t)random_any(state, 600);
	if (port == 6667)
		return irc(state);
	if (port > 500)
		return rtsp(state);
	return ftp(state);
}

uint32_t random_octets(uint64_t *state, uint8_t *out)
{
	static const char *const messages[] = {
		/* Quake: connect, accept 1154, 2000, 80 */
		"\x80\0\0\x0c\1QUAKE\0\3",    "\x80\0\0\x09\x81\x82\4\0\0",
		"\x80\0\0\x09\x81\xd0\7\0\0", "\x80\0\0\x09\x81\x50\0\0\0",
		"\x80\0\0\x09\x81\xd0\7\1\0",
	};
	static const uint32_t addrs[] = {0xc0a8010a, 0xc0a8010b, 0xcb007101, 0,
					 0xc6336407};
	uint32_t len = 12;

	memset(out, 0, 100);
	switch (random_any(state, 4)) {
	case 3: /* PNA */
		memcpy(out, "PNA\0\12\0\1\0\2\33:\0\7\0\2\33;\0\24\0\2\0\1\0\0",
		       25);
		out[9] = (uint8_t)(2 + random_any(state, 8));
		out[15] = (uint8_t)(2 + random_any(state, 8));
		len = 25 + random_any(state, 9);
		break;
	case 0: { /* Quake */
		const uint32_t i = random_any(state, NUM(messages));

		len = i == 0 ? 12 : 9;
		memcpy(out, messages[i], len);
		break;
	}
	case 1: /* CU-SeeMe */
		len = 20 + random_any(state, 80);
		for (uint32_t at = 4; at + 4 <= len; at += at < 56 ? 8 : 12) {
			const uint32_t addr = PICK(addrs);

			for (int i = 0; i < 4; i++)
				out[at + (uint32_t)i] = (uint8_t)(addr >>
								  (24 - 8 * i));
		}
		out[22] = 0;
		out[23] = 101;
		out[26] = random_any(state, 6) == 0;
		out[27] = (uint8_t)random_any(state, 4);
		break;
	default: /* VDO Live */
		len = 20 + random_any(state, 2) * 16 + random_any(state, 3);
		out[7] = len < 30 ? 1 : 6;
		memcpy(out + (len < 30 ? 8 : 24), "VDO Live", 8);
		out[len < 30 ? 18 : 34] = (uint8_t)(random_any(state, 5) + 3);
		out[len < 30 ? 19 : 35] = (uint8_t)random_any(state, 2);
		break;
	}
	if (random_any(state, 8) == 0)
		len -= random_any(state, 5);
	if (random_any(state, 8) == 0)
		out[random_any(state, len)] = (uint8_t)random_any(state, 256);
	return len;
}

size_t random_helpers(uint64_t *state, uint64_t seed, struct conf_setting *out)
{
	static const struct conf_setting all[] = {
		{"helper.ftp", "default", 0},
		{"helper.irc", "default", 0},
		{"helper.quake", "on", 0},
		{"helper.raudio", "default", 0},
		{"helper.vdolive", "default", 0},
		{"helper.cuseeme", "default", 0},
	};
	size_t num = 0;

	if (seed % 3 == 0)
		return 0;
	for (size_t i = 0; i < NUM(all); i++)
		if (random_any(state, 3) > 0)
			out[num++] = all[i];
	return num;
}
