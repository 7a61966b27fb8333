/* SPDX-License-Identifier: Apache-2.0 */
/* settings.c - the table of all settings, and their defaults */
#include <string.h>

#include "settings_parse.h"

const char *const conf_profile_names[CONF_NUM_PROFILES] = {
	[CONF_PROFILE_LINUX22] = "linux-2.2",
	[CONF_PROFILE_LINUX22_FIXED] = "linux-2.2-fixed",
};

const char *const conf_helper_names[CONF_NUM_HELPERS] = {
	[CONF_HELPER_FTP] = "ftp",         [CONF_HELPER_IRC] = "irc",
	[CONF_HELPER_QUAKE] = "quake",     [CONF_HELPER_RAUDIO] = "raudio",
	[CONF_HELPER_VDOLIVE] = "vdolive", [CONF_HELPER_CUSEEME] = "cuseeme",
};

#define FIELD(member) .offset = offsetof(struct conf_settings, member)
#define PORTS         "default, off, or 1 to 12 ports 0..65535: 21,2121"
#define SLOTS         "1 to 12 ports 0..65535: 7000,7001"
#define MAC           "an Ethernet address: 02:00:00:00:00:01"
#define MAX_S         21474836 /* s; ticks of 10 ms stay below 2^31 */

const struct conf_key conf_keys[] = {
	{"profile", "linux-2.2 or linux-2.2-fixed", "linux-2.2",
	 "the behaviour: all quirks, or none", conf_parse_profile,
	 FIELD(profile)},
	{"quirk.", "on or off", "as the profile",
	 "one of the quirks that \"masqcheck help quirks\" lists",
	 conf_parse_quirk, FIELD(quirks_on)},

	{"inside.address", "A.B.C.D/LEN with LEN 1..30", "192.168.1.1/24",
	 "the router's address on the inside", conf_parse_address,
	 FIELD(inside)},
	{"outside.address", "A.B.C.D/LEN with LEN 1..30", "203.0.113.1/24",
	 "the router's address on the outside", conf_parse_address,
	 FIELD(outside)},
	{"gateway", "A.B.C.D or none",
	 "203.0.113.254 if that is on the outside net, else none",
	 "next hop of the default route; none = all is on-link outside",
	 conf_parse_gateway, FIELD(gateway)},
	{"masq", "NET[,NET...][ to NET] or none, NET = A.B.C.D[/LEN]",
	 "the net of inside.address",
	 "what is masqueraded when it leaves outside", conf_parse_masq,
	 FIELD(sources)},
	{"mtu.inside", "octets", "1500", "MTU of the inside link",
	 conf_parse_u16, FIELD(inside.mtu), 68, 65535},
	{"mtu.outside", "octets", "1500", "MTU of the outside link",
	 conf_parse_u16, FIELD(outside.mtu), 68, 65535},
	{"portfw", "tcp:ADDR:PORT=ADDR:PORT[:PREFERENCE], udp:..., or none",
	 "none", "forward a port inside; repeatable, none forgets all",
	 conf_parse_portfw, FIELD(portfw)},
	{"local", "answer or swallow", "swallow",
	 "what the router's own stack does with packets for itself",
	 conf_parse_local, FIELD(local_answer)},
	{"udp-dloose", "a number", "0", "initial sysctl ip_masq_udp_dloose",
	 conf_parse_i32, FIELD(udp_dloose), INT32_MIN, INT32_MAX},
	{"always-defrag", "a number", "0", "initial sysctl ip_always_defrag",
	 conf_parse_i32, FIELD(always_defrag), INT32_MIN, INT32_MAX},
	{"timeout.tcp", "seconds", "0",
	 "established TCP, as ipchains -M -S; 0 = leave at 900", conf_parse_u32,
	 FIELD(timeout_tcp), 0, MAX_S},
	{"timeout.tcp-fin", "seconds", "0",
	 "TCP after a FIN, as ipchains -M -S; 0 = leave at 120", conf_parse_u32,
	 FIELD(timeout_tcp_fin), 0, MAX_S},
	{"timeout.udp", "seconds", "0",
	 "UDP, as ipchains -M -S; 0 = leave at 300", conf_parse_u32,
	 FIELD(timeout_udp), 0, MAX_S},
	{"uptime", "seconds, up to nine decimals", "300",
	 "since the router was started, at the first packet",
	 conf_parse_seconds, FIELD(uptime), 0, MAX_S},
	{"next-port", "61000 to 65095", "61000",
	 "masquerade port of the first mapping, if it is free", conf_parse_u16,
	 FIELD(next_port), 61000, 65095},
	{"max-entries", "a number", "the engine's",
	 "most entries alive at a time", conf_parse_u32, FIELD(max_entries), 1,
	 1 << 20},

	{"helper.ftp", PORTS, "off", "load the FTP helper", conf_parse_helper,
	 .index = CONF_HELPER_FTP},
	{"helper.irc", PORTS, "off", "load the IRC helper", conf_parse_helper,
	 .index = CONF_HELPER_IRC},
	{"helper.quake", "on or off", "off", "load the Quake helper",
	 conf_parse_quake, .index = CONF_HELPER_QUAKE},
	{"helper.raudio", PORTS, "off", "load the RealAudio helper",
	 conf_parse_helper, .index = CONF_HELPER_RAUDIO},
	{"helper.vdolive", PORTS, "off", "load the VDO Live helper",
	 conf_parse_helper, .index = CONF_HELPER_VDOLIVE},
	{"helper.cuseeme", PORTS, "off", "load the CU-SeeMe helper",
	 conf_parse_helper, .index = CONF_HELPER_CUSEEME},
	{"ftp.in-ports", SLOTS, "none", "FTP servers inside: masquerade ports",
	 conf_parse_list, FIELD(ftp_in_ports)},
	{"ftp.noport", SLOTS, "6000", "data ports that FTP may not name",
	 conf_parse_list, FIELD(ftp_noport)},
	{"irc.insecure", "a number", "0",
	 "not 0: DCC may name other hosts and low ports", conf_parse_i32,
	 FIELD(irc_insecure), INT32_MIN, INT32_MAX},

	{"inside.mac", MAC, "the engine's", "the router's, on the inside",
	 conf_parse_mac, FIELD(inside)},
	{"outside.mac", MAC, "the engine's", "the router's, on the outside",
	 conf_parse_mac, FIELD(outside)},
	{"neighbour", "A.B.C.D=xx:xx:xx:xx:xx:xx or none", "none",
	 "Ethernet address of a host; repeatable, none forgets all",
	 conf_parse_neighbour, FIELD(neighbours)},
	{"inside.if", "a number", "1",
	 "interface index of the inside in the capture", conf_parse_u32,
	 FIELD(inside.ifindex), 1, INT32_MAX},
	{"outside.if", "a number", "2",
	 "interface index of the outside in the capture", conf_parse_u32,
	 FIELD(outside.ifindex), 1, INT32_MAX},
	{"lag", "seconds, up to nine decimals", "0",
	 "how late after its stimulus a result may be recorded",
	 conf_parse_seconds, FIELD(lag), 0, 3600},
	{"wire", "inside or outside", "inside",
	 "which wire a capture without interfaces was taken on",
	 conf_parse_wire, FIELD(wire)},
};
const size_t conf_num_keys = sizeof(conf_keys) / sizeof(conf_keys[0]);

/* Next hop outside in the default topology: 203.0.113.254. */
#define DEFAULT_GATEWAY 0xcb0071feu

void conf_settings_init(struct conf_settings *settings)
{
	*settings = (struct conf_settings){
		.inside = {.addr = 0xc0a80101, .len = 24, .mtu = 1500},
		.outside = {.addr = 0xcb007101, .len = 24, .mtu = 1500},
		.gateway = DEFAULT_GATEWAY,
		.sources = {{.addr = 0xc0a80100, .len = 24}},
		.num_sources = 1,
		.uptime = UINT64_C(300000000000),
		.next_port = 61000,
	};
}

bool conf_profile_find(const char *name, enum conf_profile *out_profile)
{
	for (unsigned int i = 0; i < CONF_NUM_PROFILES; i++)
		if (strcmp(conf_profile_names[i], name) == 0) {
			*out_profile = (enum conf_profile)i;
			return true;
		}
	return false;
}

void conf_settings_complete(struct conf_settings *s)
{
	uint32_t mask = UINT32_MAX << (32 - s->outside.len);

	if (!s->has_gateway && ((s->gateway ^ s->outside.addr) & mask) != 0)
		s->gateway = 0;
	if (!s->has_masq)
		s->sources[0] = (struct conf_net){
			.addr = s->inside.addr &
				UINT32_MAX << (32 - s->inside.len),
			.len = s->inside.len,
		};
}

uint64_t conf_settings_quirks(const struct conf_settings *settings)
{
	uint64_t base = settings->profile == CONF_PROFILE_LINUX22
				? MASQ_QUIRKS_ALL
				: MASQ_QUIRKS_NONE;

	return (base | settings->quirks_on) & ~settings->quirks_off;
}
