/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - the invariants that packets and settings decide */
#include "list.h"

#include "conformance/invariants.h"

#define ROW(number, name_, clause_, explain_)                                  \
	[INV_##number] = {                                                     \
		.id = "INV-" #number,                                          \
		.name = name_,                                                 \
		.clause = clause_,                                             \
		.explain = explain_,                                           \
	}

const struct conf_invariant conf_invariants[] = {
	ROW(01, "no inside source outside", "RFC1918 3; RFC3022 4.1",
	    "what leaves outside never has an inside source address"),
	ROW(02, "no inside destination outside", "RFC1918 3",
	    "what leaves outside never has an inside destination address"),
	ROW(03, "no inside address in a quote outside", "RFC5508 REQ-5",
	    "no quote, redirect or option that leaves outside tells an "
	    "inside address"),
	ROW(04, "only owned sources", "RFC1122 3.2.1.3; RFC2827",
	    "masqueraded and own packets have one of the router's addresses"),
	ROW(05, "no inbound without a permit", "RFC4787 REQ-8; RFC5382 REQ-3",
	    "what comes in belongs to a live mapping, an expectation or a "
	    "forwarded port"),
	ROW(06, "ICMP errors are consistent", "RFC5508 REQ-4; RFC5927 4.3",
	    "an error is passed on only for a live session, and to its owner"),
	ROW(07, "interface sanity", "RFC3704; RFC1812 5.3.8",
	    "nothing turns round but hairpins and answers; nothing with a "
	    "spoofed source is forwarded"),
	ROW(08, "minimal header change", "RFC3022 4.1; RFC2663 7.0",
	    "only TTL, checksums and one endpoint change"),
	ROW(09, "checksums: good stays good, bad stays bad",
	    "RFC1624 3; RFC768; RFC3022 4.1",
	    "checksums that were right are right after translation; damage "
	    "is not repaired; UDP 0 stays 0"),
	ROW(10, "one owner per external endpoint",
	    "RFC4787 REQ-1, REQ-3; RFC7857 3",
	    "two inside endpoints never share an external one and a peer"),
	ROW(11, "stable while alive", "RFC4787 REQ-1, REQ-11",
	    "a live mapping keeps its external endpoint and its owner"),
	ROW(12, "no cross delivery", "RFC6888 REQ-8; CVE-2000-0289",
	    "an answer never reaches another host than the one that asked"),
	ROW(14, "TTL minus one, once", "RFC1812 5.3.1",
	    "a forwarded packet has lost one hop; none is left at TTL 1"),
	ROW(15, "no amplification", "RFC1812 4.3.2.8; RFC4787 6",
	    "one packet causes one forwarded, and one answer to its sender"),
	ROW(16, "nothing above the MTU", "RFC1812 4.2.2.7; RFC6864 4.3",
	    "no packet is longer than its link allows; none has DF in "
	    "fragments made here"),
	ROW(17, "well-formed emissions", "RFC1812 5.2.2; RFC791",
	    "versions, header lengths, lengths and offsets are possible"),
	ROW(18, "DF, ECN, DSCP kept", "RFC6864 4.3; RFC3168; RFC2474",
	    "the TOS octet and the DF bit of a forwarded packet are unchanged"),
	ROW(19, "fragment integrity", "RFC4787 REQ-14; RFC6864 5.3.1; RFC815",
	    "fragments that leave make the datagram that came, or nothing"),
	ROW(20, "payload preservation", "RFC2663 7.0",
	    "payloads are unchanged where no helper listens"),
	ROW(22, "sequence shift law", "RFC3022 4.4; RFC2663 7.1; RFC5382 9",
	    "sequence numbers move by the rewrites before them, and never "
	    "without one"),
	ROW(24, "endpoint independence", "RFC4787 REQ-1; RFC5382 REQ-1",
	    "an inside endpoint has one external endpoint for all peers"),
	ROW(25, "paired pooling", "RFC4787 REQ-2; RFC7857 4",
	    "all mappings of an inside host use one external address"),
	ROW(28, "round trip identity", "RFC3022 2.2",
	    "the answer to what has just left is delivered to its sender"),
	ROW(29, "ports stay in range", "RFC4787 REQ-3, REQ-4; RFC6056 3.2",
	    "chosen ports lie in the configured range"),
	ROW(31, "silence without cause", "RFC5382 REQ-4; RFC1122 3.3.2",
	    "time alone causes nothing but a reassembly time-out"),
	ROW(34, "conservation", "RFC6888 REQ-10",
	    "each emission is the packet that came, or is about it"),
	ROW(37, "expectations die", "RFC3022 4.4",
	    "what a control connection announced does not outlive its time"),
	ROW(52, "incremental equals full", "RFC1624 3; RFC1141",
	    "a stored checksum is the one that a full computation gives"),
	ROW(53, "restraint in errors", "RFC1812 4.3.2.8; RFC5508 REQ-10",
	    "errors to one destination stay below the rate"),
	ROW(54, "own messages are lawful", "RFC1812 4.3.2; RFC792; RFC793",
	    "errors are about what may have one, quote it, and are zero "
	    "where unused; resets obey the numbers"),
	ROW(55, "timer floor", "RFC4787 REQ-5; RFC5382 REQ-5; RFC5508 REQ-2",
	    "a mapping is not lost before its time"),
	ROW(56, "refusal is atomic", "RFC6888 REQ-11; RFC5508 REQ-8",
	    "a refused packet leaves its mapping as it was"),
};
const size_t conf_num_invariants = sizeof(conf_invariants) /
				   sizeof(conf_invariants[0]);
_Static_assert(sizeof(conf_invariants) / sizeof(conf_invariants[0]) == NUM_INV,
	       "a row for each");
