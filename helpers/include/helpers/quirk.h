/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quirk.h - the helpers' named quirks (see masq/quirk.h)
 */
#ifndef HELPERS_QUIRK_H
#define HELPERS_QUIRK_H

#include "masq/quirk.h"

/* X(identifier, name, rule, what Linux 2.2 does) */
#define HELPER_QUIRK_LIST(X)                                                   \
	X(FTP_ANYWHERE, "ftp-anywhere", "FTP-S2",                              \
	  "commands count wherever they stand, not only at a line start")      \
	X(FTP_ANY_HOST, "ftp-any-host", "FTP-S3",                              \
	  "a command may name another host's address")                         \
	X(FTP_INSIDE_PORT, "ftp-inside-port", "FTP-13",                        \
	  "replies of inside servers may name any port")                       \
	X(FTP_CUT, "ftp-cut", "FTP-S5",                                        \
	  "a command cut by the segment's end is rewritten")                   \
	X(FTP_PASV_KEPT, "ftp-pasv-kept", "FTP-S7",                            \
	  "PASV is remembered across refusals and other commands")             \
	X(IRC_ANYWHERE, "irc-anywhere", "IRC-S1",                              \
	  "DCC requests count in any text")                                    \
	X(IRC_CUT, "irc-cut", "IRC-S10",                                       \
	  "a request cut by the segment's end is rewritten")                   \
	X(IRC_OPTIONS, "irc-options", "GEN-28",                                \
	  "TCP options are searched as if they were text")                     \
	X(IRC_RESUME_LEAK, "irc-resume-leak", "IRC-S8",                        \
	  "a RESUME pins its mapping for ever")                                \
	X(QUAKE_STALE, "quake-stale", "QUAKE-07",                              \
	  "an accept changes the peer port without re-hashing")                \
	X(QUAKE_MANY, "quake-many", "QUAKE-S4",                                \
	  "every accept of an inside server opens another hole")               \
	X(QUAKE_ANY_SIDE, "quake-any-side", "QUAKE-S4",                        \
	  "an accept counts whichever side asked for the connection")          \
	X(QUAKE_SHORT, "quake-short", "QUAKE-02",                              \
	  "a message may claim more octets than the datagram has")             \
	X(CUS_COUNT, "cuseeme-count", "CUS-S1",                                \
	  "the client count is read with its octets swapped")                  \
	X(CUS_ANY_HOST, "cuseeme-any-host", "CUS-S4",                          \
	  "addresses of other hosts are replaced too")                         \
	X(CUS_LIST_OUT, "cuseeme-list-out", "CUS-S5",                          \
	  "the client list of outgoing messages keeps inside addresses")       \
	X(RA_EXTRA, "raudio-extra", "RA-S1",                                   \
	  "an RTSP edit is reported one octet too long")                       \
	X(RA_ONCE, "raudio-once", "RA-S3",                                     \
	  "only the first ports of a connection are rewritten")                \
	X(RA_ANY_METHOD, "raudio-any-method", "RA-S10",                        \
	  "any text after OPTIONS or DESCRIBE opens ports")                    \
	X(RA_OPTION_LEN, "raudio-option-length", "RA-S8",                      \
	  "a port option may have any length, even none")                      \
	X(VDO_IMMORTAL, "vdolive-immortal", "VDO-S1",                          \
	  "the data and control entries never expire")                         \
	X(VDO_OPTIONS, "vdolive-options", "VDO-S3",                            \
	  "TCP options hide the messages")                                     \
	X(VDO_ANYWHERE, "vdolive-anywhere", "GEN-S1",                          \
	  "messages count on connections that began with anything")            \
	X(VDO_OTHER_PORT, "vdolive-other-port", "VDO-S6",                      \
	  "a second message that names another port gets the first hole")      \
	X(HELPER_NUMBERS, "helper-numbers", "GEN-27",                          \
	  "numbers too large are cut, empty ones are zero (FTP, IRC)")         \
	X(HELPER_LOW_PORT, "helper-low-port", "GEN-S2",                        \
	  "ports below 1024 may be announced")                                 \
	X(HELPER_NO_LIMIT, "helper-no-limit", "GEN-S4",                        \
	  "one connection may open any number of holes")

enum helper_quirk_index {
	HELPER_QUIRK_BEFORE = MASQ_QUIRK_HELPER_FIRST - 1,
#define X(id, name, rule, what) MASQ_QUIRK_INDEX_##id,
	HELPER_QUIRK_LIST(X)
#undef X
	HELPER_QUIRK_END
};
_Static_assert(HELPER_QUIRK_END <= 64, "a set of quirks has 64 bits");

#define HELPER_NUM_QUIRKS (HELPER_QUIRK_END - MASQ_QUIRK_HELPER_FIRST)

/* The list as data; row i has bit MASQ_QUIRK_HELPER_FIRST + i. */
extern const struct masq_quirk helper_quirks[HELPER_NUM_QUIRKS];

#endif /* HELPERS_QUIRK_H */
