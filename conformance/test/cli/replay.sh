#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# replay.sh - masqcheck replay
. "$(dirname "$0")/lib.sh"

for scenario in basic truncated foreign outside-only many fragment empty \
	ethernet crowd; do
	capture $scenario
done

# The summary.
run 0 replay basic.pcap
counts stimuli 5
counts stimuli.unanswered 1
counts drops.ttl 1
run 0 replay empty.pcap
counts stimuli 0
has err "nothing arrived from the inside"

# The table, in both formats.
run 0 replay --table basic.pcap
has out "UDP C0A8010A:07D0 C6336407:0035 EE48"
run 0 replay --table=proc basic.pcap
has out "Prc FromIP"
run 0 replay --table=long basic.pcap
has out "udp  192.168.1.10:2000 as 203.0.113.1:61000"
run 2 replay --table=other basic.pcap
has err "expected proc or long"

# What is written can be replayed again, with the same result.
run 0 replay basic.pcap -o once.pcap
run 0 replay once.pcap -o twice.pcap
cmp -s once.pcap twice.pcap || fail "the second replay differs"
"$masqcheck" replay - -o - <basic.pcap >pipe.pcap 2>err ||
	fail "pipes: exit $?"
cmp -s once.pcap pipe.pcap || fail "the replay through pipes differs"

# Time alone.
run 0 replay fragment.pcap -o timed.pcap
run 0 diff --exact ref capture:timed.pcap
has out "equal: 2 stimuli, 2 results"
run 0 show timed.pcap
has out "(time) icmp"

# The invariants.
run 0 replay --check basic.pcap
has out "ref: 0 violations of invariants"
run 0 replay --check --engine ref:linux-2.2-fixed crowd.pcap -o checked.pcap
run 1 replay --check --engine capture:once.pcap \
	--set outside.address=203.0.113.2/24 once.pcap
has out "stimulus 1 (packet 1): INV-04"
run 2 replay --check -o - basic.pcap
has err "cannot both go to"
run 2 replay --check --max x basic.pcap
# Engines and settings.
run 0 replay --engine ref:linux-2.2-fixed basic.pcap
run 2 replay --engine ref:linux-9 basic.pcap
run 2 replay --engine nothing basic.pcap
has err "there is no engine"
run 3 replay --engine capture:missing.pcap basic.pcap
run 0 replay --engine capture:once.pcap once.pcap
counts results 4
run 3 replay --engine capture:once.pcap many.pcap
has err "is not the stimulus"
run 3 replay --engine capture:once.pcap --table once.pcap
has err "no such table"
run 0 replay --set timeout.udp=10 --set=profile=linux-2.2-fixed basic.pcap
run 2 replay --set udp-loose=1 basic.pcap
has err 'did you mean "udp-dloose"?'
run 2 replay --set mtu.inside basic.pcap
run 2 replay --set mtu.inside=1 basic.pcap
has err 'setting mtu.inside: read "1", expected a whole number'
run 2 replay --color=green basic.pcap
has err "expected auto, always or never"

# Sidecars: beside the capture, or named.
cp basic.pcap side.pcap
printf '# a title\nmtu.inside = 70000\n' >side.conf
run 3 replay side.pcap
has err "side.conf:2: mtu.inside: read"
absent out.pcap
printf 'helper.ftp = 1,2,3,4,5,6,7,8,9,10,11,12\n' >side.conf
run 3 replay side.pcap
has err "side.conf:1: helper.ftp"
run 2 replay --set helper.ftp=1,2,3,4,5,6,7,8,9,10,11,12 basic.pcap
printf 'no equals sign\n' >side.conf
run 3 replay side.pcap
printf 'timeout.udp = 10\n' >other.conf
run 0 replay --config other.conf side.pcap
run 3 replay --config missing.conf side.pcap
printf 'helper.ftp = default\n' >side.conf
"$masqcheck" replay side.pcap >out 2>err
code=$?
[ $code -eq 0 ] || has err "side.conf:1: helper.ftp"

# Sides.
run 0 replay --inside-if 2 --outside-if 1 basic.pcap
counts stimuli.inside 2
run 0 replay --inside-if 7 basic.pcap
has err "nothing arrived from the inside"
run 3 replay --inside-if 2 basic.pcap
run 2 replay --inside-if x basic.pcap
run 2 replay --wire middle basic.pcap
run 0 replay outside-only.pcap
has err "nothing arrived from the inside"

# What is left out is said.
run 0 replay truncated.pcap
has err "record 6 is truncated (33 of 133 octets): left out"
has err "1 truncated records left out (and 1 results"
counts stimuli 10
run 0 replay foreign.pcap
has err "1 records that are not IPv4"
has err "1 records of other interfaces"

# Broken input leaves nothing behind.
run 3 replay missing.pcap -o left.pcap
head -c 100 basic.pcap >broken.pcap
run 3 replay broken.pcap -o left.pcap
printf 'not a capture at all, just some text' >text.pcap
run 3 replay text.pcap -o left.pcap
run 3 replay basic.pcap -o no/such/folder.pcap
absent left.pcap no
run 3 replay basic.pcap -o basic.pcap

# Usage.
run 2 replay
has err "no capture was named"
run 2 replay basic.pcap basic.pcap
run 2 replay basic.pcap -o - --table
run 2 replay basic.pcap -o x.pcap --wire-out inside=x.pcap
has err "named twice"
run 2 replay basic.pcap --wire-out both=x.pcap
run 2 replay basic.pcap --wire-out inside

# Ethernet: addresses are learnt, the wires look as they should.
run 0 replay ethernet.pcap -o eye.pcap --wire-out inside=in.pcap \
	--wire-out outside=out.pcap --set local=answer
run 0 replay in.pcap --outside out.pcap
counts stimuli 2
run 0 replay in.pcap --wire-out inside=in2.pcap --set local=answer
cmp -s in.pcap in2.pcap || fail "the inside wire changed"
run 0 replay --wire outside out.pcap
run 0 replay ethernet.pcap --set inside.mac=02:00:00:00:00:fe \
	--set neighbour=192.168.1.10=02:00:00:00:00:0a
run 0 replay crowd.pcap
has err "more than 64 neighbours"
run 3 replay --outside missing.pcap ethernet.pcap

# A full disk.
if [ -w /dev/full ]; then
	run 3 replay many.pcap -o /dev/full
	"$masqcheck" replay basic.pcap >/dev/full 2>err
	code=$?
	[ $code -eq 3 ] || fail "full disk: exit $code"
fi
finish
