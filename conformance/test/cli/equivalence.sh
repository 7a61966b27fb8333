#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# equivalence.sh - masqcheck diff, up to renaming
make_permuted=$3
pcaps=$4
. "$(dirname "$0")/lib.sh"

# permuted NAME SEED: the shipped capture with other names, as NAME.pcap.
permuted() {
	cp "$pcaps/$1.conf" "$(basename "$1").conf" || exit 99
	"$make_permuted" "$pcaps/$1.pcap" "$(basename "$1").pcap" "$2" \
		>permuted.txt || exit 99
}

# Another router's capture is equal, and the map says how.
permuted sessions/ftp 3
run 1 diff --exact ref:linux-2.2 capture:ftp.pcap
run 0 diff ref:linux-2.2 capture:ftp.pcap
has out "equal up to renaming: 32 stimuli"
has out "names of the outside:"
has out "203.0.113.1:61000"
has out "192.168.1.10:1027"
run 0 diff capture:ftp.pcap ref
run 0 diff capture:ftp.pcap capture:ftp.pcap
cp "$pcaps/sessions/ftp.pcap" original.pcap
cp ftp.conf original.conf
# A recording answers to what it was asked: the translation is exact.
run 0 diff capture:ftp.pcap capture:original.pcap
run 0 diff capture:original.pcap capture:ftp.pcap
run 0 diff capture:original.pcap capture:ftp.pcap --input original.pcap

# Fragments, ICMP errors, other helpers.
for name in core-frag-udp icmp-errors-in irc-send v26-irc-retransmit; do
	permuted "linux-2.2.26/$name" 5
	run 0 diff ref:linux-2.2 "capture:$name.pcap"
done

# Different: the first of each flow, with class and clause.
run 1 diff sabotage:ttl-kept capture:ftp.pcap
has out "class     field:ip.ttl:translated-tcp (RFC1812-S5.3.1-dec)"
has out "renamed   outside tcp"
has out "different: 32 stimuli"
[ "$(grep -c '^packet' out)" -lt 10 ] || fail "a flow was told twice"
run 1 diff sabotage:ttl-kept capture:ftp.pcap --all
[ "$(grep -c '^packet' out)" -eq 32 ] || fail "--all did not print all"
run 1 diff sabotage:ttl-kept capture:ftp.pcap --max 1
[ "$(grep -c '^packet' out)" -eq 1 ] || fail "--max 1 printed others"
run 1 diff ref capture:ftp.pcap --set masq=none
has out "class     field:ip.source"
run 1 diff ref capture:ftp.pcap --set helper.ftp=off
has out "class     field:tcp.payload"

# A helper that does nothing is no renaming: the inside port stays.
permuted linux-2.2.26/quake-control-expiry 1
run 1 diff sabotage:udp-none-filled capture:quake-control-expiry.pcap
has out "class     field:udp.payload"

# JSON.
run 0 diff ref capture:ftp.pcap --json
has out '"verdict": "equal up to renaming"'
has out '"expected_port"'
run 1 diff sabotage:ttl-kept capture:ftp.pcap --json
has out '"class": "field:ip.ttl"'
run 1 diff --exact sabotage:ttl-kept capture:original.pcap --json
has out '"verdict": "different"'

# Waivers.
cat >waive.txt <<'TXT'
# what is known
field:ip.ttl [sabotage:*]  the TTL stays
field:ip.tos [netfilter]   never here
TXT
run 0 diff sabotage:ttl-kept capture:ftp.pcap --waive waive.txt
has out "32 waived"
has out "waived: 32 of field:ip.ttl: the TTL stays"
has out "unused waiver: waive.txt:3: field:ip.tos"
run 0 diff sabotage:ttl-kept capture:ftp.pcap --waive waive.txt --json
has out '"waived": 32'
echo 'field:ip.ttl [other*] not for this one' >waive.txt
run 1 diff sabotage:ttl-kept capture:ftp.pcap --waive waive.txt
for line in 'field:ip.ttl' 'field:ip.ttl [x' 'x []  y' 'x [y]'; do
	echo "$line" >waive.txt
	run 3 diff ref capture:ftp.pcap --waive waive.txt
	has err "waive.txt:1"
done
run 3 diff ref capture:ftp.pcap --waive missing.txt

# Two files, one for each wire; results that were recorded late.
"$masqcheck" replay original.pcap --wire-out inside=in.pcap \
	--wire-out outside=out.pcap || exit 99
cp ftp.conf in.conf
run 0 diff ref:linux-2.2 capture:in.pcap,out.pcap
has out "equal up to renaming: 32 stimuli"
run 0 diff ref:linux-2.2 capture:ftp.pcap --set lag=0.001
run 3 diff ref capture:none.pcap,other.pcap
has err "none.pcap"

# Usage.
run 2 diff ref
run 2 diff ref capture:ftp.pcap --table
has err "--exact"
run 2 diff --exact ref capture:ftp.pcap --waive waive.txt
run 0 help classes
has out "mapping-not-one-to-one"
finish
