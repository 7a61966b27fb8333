/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_cases.c - the cases that masqcheck doctor plays */
#include "doctor.h"

#define HEAD                                                                   \
	"title   doctor\n"                                                     \
	"clause  CONTRACT\n"                                                   \
	"host    A  inside   192.168.1.10\n"                                   \
	"host    S  outside  198.51.100.7\n"

/* A mapping, by which something gets through. */
#define FIRST                                                                  \
	"0    inside  sends udp A:5000 > S:53 \"query\" as sent\n"             \
	"     outside gets  udp NAT:$p > S:53 as seen\n"

const char doctor_udp[] = HEAD FIRST
	"+0.1 outside sends udp S:53 > NAT:$p \"answer\"\n"
	"     inside  gets  udp S:53 > A:5000\n";

const char doctor_tcp[] = HEAD "connect A:1030 > S:80 as c\n"
			       "+0.1 inside  sends c \"GET /\"\n"
			       "     outside gets  c \"GET /\"\n"
			       "+0.1 outside sends c \"200 ok\"\n"
			       "     inside  gets  c \"200 ok\"\n";

const char doctor_echo[] = HEAD
	"0    inside  sends icmp A > S echo id 7 seq 1 \"ping\"\n"
	"     outside gets  icmp NAT > S echo id $i seq 1\n"
	"+0.1 outside sends icmp S > NAT echo-reply id $i seq 1 \"ping\"\n"
	"     inside  gets  icmp S > A echo-reply id 7 seq 1\n";

const char doctor_error[] = HEAD FIRST
	"+0.1 outside sends icmp S > NAT unreachable port quoting seen\n"
	"     inside  gets  icmp S > A unreachable port quoting sent\n";

const char doctor_refused[] = HEAD FIRST
	"+0.1 outside sends udp S:53 > NAT:9 \"stray\"\n"
	"     inside  gets  nothing\n"
	"     outside gets  anything\n";

#define NOISE(side, hex)                                                       \
	"+0.1 " side " sends raw " hex "\n"                                    \
	"     inside  gets anything\n"                                         \
	"     outside gets anything\n"

const char doctor_octets[] = HEAD FIRST
	/* Nothing; one octet; a header cut off; no header; headers longer
	   than the packet; a length beyond the end; no room for ports. */
	NOISE("inside", "empty") NOISE("inside", "45") NOISE(
		"outside", "ff") NOISE("inside", "4500001c00010000401100")
		NOISE("inside", "0000000000000000000000000000000000000000") NOISE(
			"inside",
			"4f00001c000100004011000ac0a8010ac6336407138800350008")
			NOISE("inside",
			      "4500ffff000100004011000ac0a8010ac633640713880035")
				NOISE("inside",
				      "450000150001000040060000c0a8010ac633640713")
					NOISE("outside",
					      "450000150001000040010000c6336407cb00710103") "+0.1 outside sends udp S:53 > NAT:$p \"answer\"\n"
											    "     inside  gets  udp S:53 > A:5000\n";

const char doctor_fragments[] = HEAD FIRST
	"packet  big  udp A:5000 > S:53 fill 1600\n"
	"+0.1 inside  sends fragment big 0 800\n"
	"     outside gets  anything\n"
	"+0   inside  sends fragment big 800 808\n"
	"     outside gets  anything\n";

const char doctor_time[] = HEAD FIRST
	"+604800\n"
	"     inside  gets  anything\n"
	"     outside gets  anything\n"
	"+0   outside sends udp S:53 > NAT:$p \"late\"\n"
	"     inside  gets  nothing\n"
	"     outside gets  anything\n";

const char doctor_own_error[] = HEAD FIRST
	"+0.1 inside  sends udp A:5000 > S:53 ttl 1 \"dying\" as dying\n"
	"     inside  gets  icmp ROUTER > A time-exceeded transit "
	"quoting dying\n";

const char doctor_address[] = HEAD
	"config  outside.address 203.0.113.99/24\n"
	"0    inside  sends udp A:5000 > S:53 \"query\"\n"
	"     outside gets  udp 203.0.113.99:$p > S:53\n";
