#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# minimize.sh - masqcheck minimize
. "$(dirname "$0")/lib.sh"
make_random=$(dirname "$make_capture")/make_random

# random SEED NUM: a capture random.pcap
"$make_random" 1 1500 random.pcap || exit 99
capture basic

# few [--exact] ENGINE AGAINST N CLASS: at most N stimuli are left, which show CLASS,
# and the result shows it again, in the same way.
few() {
	exact=
	[ "$1" != --exact ] || { exact=$1; shift; }
	# shellcheck disable=SC2086
	run 0 minimize $exact --engine "$1" --against "$2" random.pcap -o small.pcap
	has out "$4"
	num=$(sed -n '1s/ of .*//p' out)
	[ "${num:-999}" -le "$3" ] || fail "$1: $num stimuli are left"
	has small.case "title   $4"
	has small.case "$1"
	has small.conf "# $4"
	# shellcheck disable=SC2086
	run 1 diff $exact "$2" "$1" --input small.pcap
	player=$2
	[ -z "$exact" ] || player=$1
	run 0 diff --exact "$player" capture:small.pcap
	has small.case "results are those of $player"
}
few --exact sabotage:ttl-kept ref 2 "ip.ttl of"
few --exact sabotage:filter-none ref 4 "side of outside tcp"
few --exact sabotage:udp-none-filled:linux-2.2-fixed ref:linux-2.2-fixed 2 \
	"udp.checksum of"
few --exact sabotage:quote-port-stale ref 3 "quote.tcp.source of inside icmp"
few --exact sabotage:df-set ref 2 "ip.flags of"

# Deterministic.
cp small.pcap first.pcap
few --exact sabotage:df-set ref 2 "ip.flags of"
cmp -s small.pcap first.pcap || fail "the second run differs"

# Up to renaming, which is the default.
few sabotage:ttl-kept ref 2 "field:ip.ttl of"
few sabotage:quote-port-stale ref 3 "field:quote.tcp.source of"

# Invariants and failures need no second engine.
run 0 minimize --engine sabotage:ttl-kept random.pcap -o small.pcap
has out "INV-"
has small.case "INV-"
run 0 minimize --engine sabotage:gives-up random.pcap -o small.pcap
has out "1 of 1500 stimuli"
has out "failure in packet of sabotage:gives-up"
run 0 minimize --engine sabotage:crash random.pcap -o small.pcap
has out "crash"

# Nothing to do, or nothing to be done.
rm -f small.*
run 4 minimize --engine ref --against ref random.pcap -o small.pcap
has err "shows nothing"
run 4 minimize --engine ref basic.pcap -o small.pcap
run 2 minimize basic.pcap -o small.pcap
has err "--engine A"
run 2 minimize --engine ref basic.pcap
has err "-o OUT.pcap"
run 2 minimize --engine ref basic.pcap -o small
run 2 minimize --engine ref -o small.pcap
run 2 minimize --engine none basic.pcap -o small.pcap
has err "there is no engine"
run 2 minimize --engine ref --timeout 0 basic.pcap -o small.pcap
run 3 minimize --engine ref missing.pcap -o small.pcap
head -c 90 basic.pcap >broken.pcap
run 3 minimize --engine ref broken.pcap -o small.pcap
absent small.pcap small.case small.conf
run 3 minimize --engine sabotage:ttl-kept basic.pcap -o basic.pcap
run 3 minimize --engine sabotage:ttl-kept basic.pcap -o no/such.pcap
absent no basic.case

# Ctrl-C: the best so far is there, and whole.
rm -f small.*
"$masqcheck" minimize --engine sabotage:hang --timeout 1 random.pcap \
	-o small.pcap >out 2>err &
pid=$!
sleep 4
kill -INT $pid
wait $pid
code=$?
[ $code -eq 130 ] || [ $code -eq 0 ] || fail "interrupted: exit $code"
if grep -q written out; then
	run 0 show small.pcap
	has small.case "hang in packet of sabotage:hang"
else
	has err "interrupted before anything was found"
	absent small.pcap
fi

finish

