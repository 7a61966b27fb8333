/* SPDX-License-Identifier: Apache-2.0 */
/* variant.c - the routers that fuzz inputs meet */
#include "variant.h"

#define FIXED                                                                  \
	{                                                                      \
		"profile", "linux-2.2-fixed", 0                                \
	}
#define QUIRKS                                                                 \
	{                                                                      \
		"profile", "linux-2.2", 0                                      \
	}

#define HELPERS                                                                \
	{"helper.ftp", "default", 0}, {"helper.irc", "default", 0},            \
		{"helper.quake", "on", 0}, {"helper.raudio", "default", 0},    \
		{"helper.vdolive", "default", 0},                              \
	{                                                                      \
		"helper.cuseeme", "default", 0                                 \
	}

/* Datagrams often go in pieces, in both directions. */
#define NARROW {"mtu.inside", "140", 0}, {"mtu.outside", "100", 0}, HELPERS

/* Two servers take turns. */
#define TURNS                                                                  \
	{"portfw", "tcp:203.0.113.1:8080=192.168.1.98:80:2", 0},               \
	{                                                                      \
		"portfw", "tcp:203.0.113.1:8080=192.168.1.99:80:1", 0          \
	}

#define FORWARDS                                                               \
	TURNS, {"portfw", "tcp:203.0.113.1:2121=192.168.1.20:21", 0},          \
		{"portfw", "udp:203.0.113.1:27960=192.168.1.99:27960", 0},     \
		{"portfw", "udp:203.0.113.1:53=203.0.113.1:53", 0},            \
		{"helper.ftp", "21,2121", 0}, {"ftp.in-ports", "2121", 0},     \
		{"helper.quake", "on", 0}, {"always-defrag", "1", 0},          \
	{                                                                      \
		"local", "answer", 0                                           \
	}

/* Timers run out within an input. */
#define SHORT                                                                  \
	{"timeout.tcp", "60", 0}, {"timeout.tcp-fin", "20", 0},                \
		{"timeout.udp", "10", 0}, {"udp-dloose", "1", 0},              \
		{"local", "answer", 0}, HELPERS

/* The ports come to their end, and begin anew; servers in a small table. */
#define LATE                                                                   \
	{"next-port", "65092", 0}, {"max-entries", "4", 0}, TURNS,             \
		{"local", "answer", 0}, HELPERS

/* The table runs full. */
#define SMALL {"max-entries", "6", 0}, {"udp-dloose", "2", 0}, HELPERS

#define PORTS                                                                  \
	{"helper.ftp", "21,2121,2122", 0},                                     \
		{"helper.irc", "6666,6667,7000", 0},                           \
		{"helper.quake", "on", 0},                                     \
		{"helper.raudio", "554,7070,8554", 0},                         \
		{"helper.vdolive", "7000,7001", 0},                            \
		{"helper.cuseeme", "7648,7649", 0}, {"irc.insecure", "1", 0},  \
		{"ftp.noport", "6000,6001", 0}, {"gateway", "none", 0},        \
		{"neighbour", "192.168.1.10=02:00:00:00:01:10", 0},            \
	{                                                                      \
		"neighbour", "198.51.100.7=02:00:00:00:02:07", 0               \
	}

static const struct conf_setting fixed_helpers[] = {FIXED, HELPERS};
static const struct conf_setting quirks_helpers[] = {QUIRKS, HELPERS};
static const struct conf_setting fixed_plain[] = {FIXED,
						  {"local", "answer", 0}};
static const struct conf_setting quirks_plain[] = {QUIRKS,
						   {"local", "answer", 0}};
static const struct conf_setting fixed_narrow[] = {FIXED, NARROW};
static const struct conf_setting quirks_narrow[] = {QUIRKS, NARROW};
static const struct conf_setting fixed_forwards[] = {FIXED, FORWARDS};
static const struct conf_setting quirks_forwards[] = {QUIRKS, FORWARDS};
static const struct conf_setting fixed_short[] = {FIXED, SHORT};
static const struct conf_setting quirks_short[] = {QUIRKS, SHORT};
static const struct conf_setting fixed_small[] = {FIXED, SMALL};
static const struct conf_setting quirks_small[] = {QUIRKS, SMALL};
static const struct conf_setting fixed_ports[] = {FIXED, PORTS};
static const struct conf_setting quirks_ports[] = {QUIRKS, PORTS};
static const struct conf_setting fixed_late[] = {FIXED, LATE};
static const struct conf_setting quirks_late[] = {QUIRKS, LATE};

#define ROW(name_, array, text_)                                               \
	{                                                                      \
		.name = (name_), .text = (text_), .settings = (array),         \
		.num_settings = sizeof(array) / sizeof((array)[0]),            \
	}

const struct fuzz_variant fuzz_variants[] = {
	ROW("fixed-helpers", fixed_helpers, "all helpers, no quirks"),
	ROW("quirks-helpers", quirks_helpers, "all helpers, as Linux 2.2"),
	ROW("fixed-plain", fixed_plain, "no helper; the router answers"),
	ROW("quirks-plain", quirks_plain, "the same with all quirks"),
	ROW("fixed-narrow", fixed_narrow, "small MTUs: much in pieces"),
	ROW("quirks-narrow", quirks_narrow, "the same with all quirks"),
	ROW("fixed-forwards", fixed_forwards,
	    "servers inside, FTP among them; all is put together"),
	ROW("quirks-forwards", quirks_forwards, "the same with all quirks"),
	ROW("fixed-short", fixed_short, "short timeouts, loose UDP"),
	ROW("quirks-short", quirks_short, "the same with all quirks"),
	ROW("fixed-small", fixed_small, "six entries and no more"),
	ROW("quirks-small", quirks_small, "the same with all quirks"),
	ROW("fixed-ports", fixed_ports,
	    "helpers on several ports, IRC insecure, all is on-link"),
	ROW("quirks-ports", quirks_ports, "the same with all quirks"),
	ROW("fixed-late", fixed_late,
	    "the last ports, few entries, servers inside"),
	ROW("quirks-late", quirks_late, "the same with all quirks"),
};
const unsigned int fuzz_num_variants = sizeof(fuzz_variants) /
				       sizeof(fuzz_variants[0]);
