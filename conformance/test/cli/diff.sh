#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# diff.sh - masqcheck diff --exact
. "$(dirname "$0")/lib.sh"

capture basic
capture many
capture fragment
capture empty
"$masqcheck" replay basic.pcap -o good.pcap || exit 99
"$masqcheck" replay --table basic.pcap >good.table || exit 99

# Equal.
run 0 diff --exact ref:linux-2.2 capture:good.pcap
has out "equal: 5 stimuli, 4 results"
run 0 diff --exact capture:good.pcap ref --table
run 0 diff --exact ref ref:linux-2.2 --input basic.pcap --table
run 0 diff --exact capture:good.pcap capture:good.pcap
run 0 diff --exact ref capture:good.pcap --input basic.pcap

# The id of the router's own error is free, unless asked for.
"$masqcheck" replay good.pcap --set quirk.ttl-quote=on -o twin.pcap || exit 99
run 0 diff --exact --strict-ids ref capture:twin.pcap

# Different: another timeout shows in the table only.
run 1 diff --exact ref capture:good.pcap --table --set timeout.udp=100
has out "table: line"
has out "the tables differ"
has out "^"
rm good.table
run 0 diff --exact ref capture:good.pcap --table
has err "has no table to compare"
printf 'Prc\n' >good.table
run 1 diff --exact ref capture:good.pcap --table

# Different: another address in every result that leaves outside.
run 1 diff --exact ref capture:good.pcap --set outside.address=203.0.113.9/24
has out "packet 1 at 1000000000.000000000"
has out "stimulus  inside  udp 192.168.1.10:2000 > 198.51.100.7:53"
has out "expected (capture:good.pcap)"
has out "actual (ref)"
has out "ip.source"
has out "203.0.113.9"
has out "^^"
has out "different: 5 stimuli, 4 results; "
grep -c '^packet' out >count
[ "$(cat count)" -eq 1 ] || fail "more than one difference was printed"
run 1 diff --exact ref capture:good.pcap --all --set masq=none
has out "result 1 is missing"
run 1 diff --exact ref capture:good.pcap --max 2 \
	--set outside.address=203.0.113.9/24
[ "$(grep -c '^packet' out)" -eq 2 ] || fail "--max 2 printed others"
run 1 diff --exact ref capture:good.pcap --max 0 --set masq=none
lacks out "expected ("

# The other way round, and results of time alone.
"$masqcheck" replay basic.pcap --set masq=none -o plain.pcap || exit 99
run 1 diff --exact capture:plain.pcap capture:good.pcap --input basic.pcap
"$masqcheck" replay fragment.pcap -o timed.pcap || exit 99
run 0 diff --exact ref capture:timed.pcap
run 1 diff --exact ref capture:timed.pcap --set local=answer \
	--set uptime=599.5 --set always-defrag=1
has out "is missing"
run 1 diff --exact --color=always ref capture:good.pcap --set masq=none
grep -q "$(printf '\033')" out || fail "no colours"

# The invariants, of both.
run 0 diff --exact --check ref capture:good.pcap
has out "capture:good.pcap: 0 violations"
run 1 diff --exact --check capture:good.pcap capture:good.pcap --all \
	--set outside.address=203.0.113.2/24
has out "INV-04"

# Broken input.
head -c 150 good.pcap >broken.pcap
run 3 diff --exact ref capture:broken.pcap
run 3 diff --exact ref capture:missing.pcap
run 3 diff --exact ref ref --input missing.pcap
run 3 diff --exact capture:good.pcap ref --input many.pcap
has err "is not the stimulus"
run 3 diff --exact ref ref --input empty.pcap
has err "nothing to compare"

# Usage.
run 2 diff --exact ref
run 4 diff --exact ref ref ref
run 2 diff --exact ref ref
has err "--input"
run 2 diff --exact capture:- capture:-
has err "only once"
run 2 diff --exact --max x ref capture:good.pcap
run 2 diff --exact nothing capture:good.pcap
run 2 diff --exact capture:good.pcap ref:nothing
run 2 diff --exact ref capture:good.pcap --set no-such-key=1
finish
