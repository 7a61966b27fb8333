#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# show.sh - masqcheck show
. "$(dirname "$0")/lib.sh"

capture basic
capture truncated
capture many
capture empty
"$masqcheck" replay basic.pcap -o good.pcap || exit 99

run 0 show good.pcap
has out "inside"
has out "     1     0.000000 --> udp 192.168.1.10:2000 > 198.51.100.7:53"
has out "| --> udp 203.0.113.1:61000 > 198.51.100.7:53"
has out "| <-- udp 198.51.100.7:53 > 203.0.113.1:61000"
has out "no result for packet 9"
has out "5 stimuli, 4 results, 1 stimuli without a result"
lacks out "|E.."
run 0 show --hex good.pcap
has out "0010  "
has out "|E.."
"$masqcheck" show - <good.pcap >piped 2>err || fail "standard input"
"$masqcheck" show good.pcap >named
cmp -s piped named || fail "standard input is shown differently"
"$masqcheck" replay good.pcap --wire-out inside=in.pcap \
	--wire-out outside=out.pcap >/dev/null || exit 99
run 0 show --outside out.pcap in.pcap
has out "5 stimuli, 4 results"
run 0 show truncated.pcap
has err "record 6 is truncated"
run 0 show empty.pcap
run 0 show --color=always good.pcap
grep -q "$(printf '\033')" out || fail "no colours"

# On a terminal lines are clipped. (A bare container may have none to give.)
if script -qec true /dev/null >/dev/null 2>&1; then
	COLUMNS=100 TERM=dumb script -qec \
		"stty cols 100 2>/dev/null; '$masqcheck' show good.pcap" \
		/dev/null >out 2>err </dev/null
	has out "~"
	COLUMNS=30 TERM=dumb script -qec \
		"stty cols 30 2>/dev/null; '$masqcheck' show good.pcap" \
		/dev/null >out 2>err </dev/null
	has out "~"
fi

# Usage and broken input.
run 2 show
run 2 show good.pcap good.pcap
run 3 show missing.pcap
head -c 150 good.pcap >broken.pcap
run 3 show broken.pcap
run 2 show --set nothing=1 good.pcap

# A reader that goes away.
(
	"$masqcheck" show many.pcap 2>err
	echo $? >code
) | head -1 >/dev/null
[ "$(cat code)" -eq 3 ] || fail "closed pipe: exit $(cat code)"
finish
