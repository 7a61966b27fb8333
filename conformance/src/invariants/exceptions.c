/* SPDX-License-Identifier: Apache-2.0 */
/* exceptions.c - what a profile breaks by design, each with its rule */
#include "list.h"

#include "conformance/invariants.h"

#include "helpers/quirk.h"

#define QUIRK(row, id_, bit, rule_, text_)                                     \
	[EX_##row] = {                                                         \
		.id = "INV-" id_,                                              \
		.quirk = MASQ_QUIRK(bit),                                      \
		.rule = rule_,                                                 \
		.text = text_,                                                 \
		.reason = rule_ ": " text_,                                    \
	}
#define ALWAYS(row, id_, rule_, text_)                                         \
	[EX_##row] = {.id = "INV-" id_,                                        \
		      .rule = rule_,                                           \
		      .text = text_,                                           \
		      .reason = rule_ ": " text_}

const struct conf_exception conf_exceptions[] = {
	QUIRK(01_ICMP, "01", ICMP_LEAK, "CORE-SUR-B03",
	      "untranslatable ICMP leaves with its inside source"),
	ALWAYS(01_ASKED, "01", "CORE-RICMP-02",
	       "the router answers from its inside address where that was "
	       "asked"),
	QUIRK(03_OWN, "03", TTL_QUOTE, "CORE-SUR-B01",
	      "time exceeded and redirect quote the inside address"),
	QUIRK(03_STALE, "03", QUOTE_STALE, "CORE-SUR-B02",
	      "unreachable quotes packets that could not be restored"),
	QUIRK(03_ICMP, "03", ICMP_LEAK, "CORE-SUR-B03",
	      "untranslatable ICMP leaves with what it quotes"),
	ALWAYS(03_OPTIONS, "03", "CORE-PATH-40",
	       "addresses in record route and source route options stay"),
	QUIRK(04_ICMP, "04", ICMP_LEAK, "CORE-SUR-B03",
	      "untranslatable ICMP leaves with its inside source"),
	ALWAYS(05_ROUTED, "05", "CORE-SUR-B15",
	       "masquerading is no filter: what is addressed to an inside "
	       "host is routed"),
	QUIRK(05_WILD, "05", WILD_PEER, "CORE-UDP-03",
	      "the first peer address with the right port owns a UDP mapping"),
	{.id = "INV-05",
	 .key = "udp-dloose",
	 .rule = "CORE-UDP-02",
	 .text = "loose UDP mappings let every peer in",
	 .reason = "CORE-UDP-02: loose UDP mappings let every peer in"},
	ALWAYS(06_OUTER, "06", "CORE-ICE-20",
	       "the outer destination is not compared with the quote"),
	ALWAYS(07_BACK, "07", "CORE-PATH-30",
	       "a router also forwards back to where a packet came from, with "
	       "a redirect"),
	ALWAYS(07_SPOOF, "07", "CORE-CFG-07",
	       "reverse-path filtering is off: inside sources may arrive "
	       "outside"),
	QUIRK(08_IDLE, "08", IDLE_FRAGMENT, "CORE-SUR-A29",
	      "without entries fragments are taken for whole packets"),
	ALWAYS(08_CUT, "08", "CORE-FRAG-10",
	       "the pieces of a packet have offset and MF only, no reserved "
	       "bit"),
	QUIRK(09_FILL, "09", UDP_SUM_FILL, "CORE-SUR-A01",
	      "a UDP checksum of zero becomes a real one"),
	QUIRK(09_PADDING, "09", UDP_PADDING, "CORE-SUR-A02",
	      "UDP checksums cover the IP payload, not the UDP length"),
	QUIRK(09_ICMP, "09", ICMP_REPAIR, "CORE-SUR-A03",
	      "damaged ICMP leaves with a good checksum"),
	QUIRK(09_QUOTE, "09", QUOTE_L4_SUM, "CORE-SUR-A04",
	      "the quoted transport checksum is left stale"),
	QUIRK(09_STALE, "09", QUOTE_STALE, "CORE-SUR-B02",
	      "own errors quote the restored packet with stale checksums"),
	QUIRK(09_DOFF, "09", SHORT_DOFF, "CORE-SUR-A08",
	      "data offsets 1 to 4 are accepted, with odd checksums"),
	QUIRK(09_IDLE, "09", IDLE_FRAGMENT, "CORE-SUR-A29",
	      "without entries fragments are taken for whole packets"),
	QUIRK(09_EXTRA, "09", RA_EXTRA, "RA-S1",
	      "an edit reported as none leaves with stale checksums"),
	QUIRK(10_WILD, "10", WILD_PEER, "CORE-UDP-03",
	      "UDP mappings that wait for their first peer may overlap"),
	QUIRK(10_ZERO, "10", PORT_ZERO, "CORE-SUR-A13",
	      "inbound packets reach inside port 0 of a child"),
	QUIRK(11_WILD, "11", WILD_PEER, "CORE-UDP-03",
	      "a UDP mapping that another peer has claimed is replaced"),
	ALWAYS(11_CHILD, "11", "CORE-OUT-06",
	       "what leaves does not fix the peer of a helper's child, and a "
	       "newer child is found first"),
	QUIRK(17_DOFF, "17", SHORT_DOFF, "CORE-SUR-A08",
	      "data offsets 1 to 4 are accepted"),
	QUIRK(17_IDLE, "17", IDLE_FRAGMENT, "CORE-FRAG-03",
	      "without entries fragments are forwarded as they are"),
	QUIRK(17_EXTRA, "17", RA_EXTRA, "RA-S1",
	      "an edit reported as none leaves with stale checksums"),
	ALWAYS(18_JOINED, "18", "CORE-FRAG-05", "reassembly clears DF"),
	ALWAYS(18_GROWN, "18", "CORE-FRAG-10",
	       "a packet that a helper made longer than the MTU loses DF"),
	QUIRK(19_IDLE, "19", IDLE_FRAGMENT, "CORE-SUR-A29",
	      "without entries fragments are taken for whole packets"),
	QUIRK(20_IDLE, "20", IDLE_FRAGMENT, "CORE-SUR-A29",
	      "without entries fragments are taken for whole packets"),
	QUIRK(22_PAIR, "22", SEQ_PAIR, "CORE-SUR-A15",
	      "two 16-bit deltas stand for all edits of a stream"),
	QUIRK(22_EXTRA, "22", RA_EXTRA, "RA-S1",
	      "an RTSP edit is reported one octet too long"),
	QUIRK(22_FLAG, "22", ACK_UNFLAGGED, "CORE-SUR-A14",
	      "the ack field is shifted without the ACK flag"),
	QUIRK(22_SACK, "22", SACK_STALE, "CORE-SUR-A14",
	      "SACK blocks are not shifted"),
	[EX_24_PEER] = {.id = "INV-24",
			.is_whole = true,
			.rule = "CORE-UDP-03",
			.text = "mappings are made for each peer",
			.reason =
				"CORE-UDP-03: mappings are made for each peer"},
	ALWAYS(37_OUTLIVE, "37", "CORE-CTL-01",
	       "unused expectations stay until their own time is over"),
	QUIRK(37_IMMORTAL, "37", VDO_IMMORTAL, "VDO-S1",
	      "the data and control entries never expire"),
	QUIRK(37_PINNED, "37", IRC_RESUME_LEAK, "IRC-S8",
	      "a RESUME pins its mapping for ever"),
	ALWAYS(54_TTL, "54", "CORE-RICMP-06",
	       "some quotes show the TTL after its step"),
	ALWAYS(54_SHIFT, "54", "CORE-ICE-30",
	       "quotes keep what a helper changed: numbers and payload"),
	QUIRK(54_QUOTE, "54", TTL_QUOTE, "CORE-SUR-B01",
	      "time exceeded and redirect quote the packet as translated"),
	QUIRK(54_STALE, "54", QUOTE_STALE, "CORE-SUR-B02",
	      "unreachable quotes the packet as translated, partly restored"),
	ALWAYS(55_STATES, "55", "CORE-TCP-02",
	       "the floors are those of the TCP states: 10 s after a RST"),
};
const size_t conf_num_exceptions = sizeof(conf_exceptions) /
				   sizeof(conf_exceptions[0]);
_Static_assert(sizeof(conf_exceptions) / sizeof(conf_exceptions[0]) == NUM_EX,
	       "a row for each");

bool conf_exception_holds(const struct conf_exception *exception,
			  const struct conf_settings *settings)
{
	if (exception->key != NULL)
		return settings->udp_dloose == 1 || settings->udp_dloose == 2;
	/* Both profiles are Linux 2.2: what has no quirk, both do. */
	return exception->quirk == 0 ||
	       (conf_settings_quirks(settings) & exception->quirk) != 0;
}
