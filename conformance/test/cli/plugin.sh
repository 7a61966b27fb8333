#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# plugin.sh - shared objects as engines: the template, and hostile ones
#
# $3 is the folder of the shared objects.
. "$(dirname "$0")/lib.sh"
engines=$3
hostile=$engines/hostile.so
capture basic
capture empty

# What a sanitizer of masqcheck says about a stranger's crash is not looked at.
first='at packet 1: inside udp 192.168.1.10:2000 > 198.51.100.7:53'

# The template works, with and without our sanitizers, and is like itself.
for so in nat nat-same; do
	run 0 replay -e "$engines/$so.so" basic.pcap -o $so.pcap
	run 1 doctor "$engines/$so.so" --json
	has out '"name": "tiny"'
done
run 0 diff --exact "$engines/nat.so" "$engines/nat-same.so" -i basic.pcap
run 0 diff --exact "$engines/nat.so" capture:nat.pcap
run 1 diff --exact ref "$engines/nat.so" -i basic.pcap
run 3 replay --table -e "$engines/nat.so" basic.pcap
has err "has no such table"

# Packets more than a turn has room for come in order and whole.
run 0 replay -e "$hostile:many" basic.pcap -o many.pcap
counts_of() {
	"$masqcheck" replay -e "$1" basic.pcap | sed -n 's/^results *//p'
}
[ "$(counts_of "$hostile:many")" -eq 15000 ] || fail "results were lost"

# wrong WHAT TEXT: replay, diff and run give that verdict; the run goes on.
wrong() {
	run 3 replay -e "$hostile:$1" --timeout "${3:-10}" basic.pcap -o wrong.pcap
	has err "$2"
	absent wrong.pcap
	run 3 diff --exact ref "$hostile:$1" --timeout "${3:-10}" -i basic.pcap
	has err "$2"
}

crash='the engine crashed (SIGSEGV)'
wrong crash-packet "$crash at packet 3: inside tcp"
wrong overflow "$crash $first"
wrong abort "the engine crashed (SIGABRT) $first"
wrong exit "the engine ended its process (exit 7) $first"
wrong _exit "the engine ended its process (exit 0) $first"
wrong loop-packet "the engine hung: no answer for 1 s $first" 1
wrong flood "the engine emitted more than 4096 packets for one stimulus $first"
wrong endless "the engine emitted more than 4096 packets"
wrong null-data "the engine's result 1 has data NULL $first"
wrong long-data "result 1 has 70000 octets; packets have 1 to 65535"
wrong empty "result 1 has 0 octets"
wrong third-side "result 1 leaves by side 3; there are 1 (inside)"
wrong tomorrow "ns, and now is"
wrong no-result "the engine's result 1 is NULL $first"
wrong bad-data "$crash $first"
wrong write-stimulus "the engine wrote to the stimulus, which is const (SIGSEGV)"
wrong read-behind "the engine read behind the end of the stimulus (SIGSEGV)"
wrong bad-status "the engine returned 99, which is no conf_status"
wrong fail "no will to go on"
run 3 replay -e "$hostile:free-twice" basic.pcap
has err "$first"
run 3 replay -e "$hostile:crash-dump" basic.pcap
has err "$crash in a dump after packet 5"
run 3 replay -e "$hostile:crash-open" basic.pcap
has err "$crash while it was opened"
run 3 replay -e "$hostile:loop-open" --timeout 1 basic.pcap
has err "no answer for 1 s while it was opened"
run 2 replay -e "$hostile:nothing" basic.pcap
has err "there is no deed nothing"

# What does no harm to anybody but itself.
run 0 replay -e "$hostile:close-files" basic.pcap
run 0 replay -e "$hostile:crash-close" basic.pcap
run 0 replay -e "$hostile:loop-close" basic.pcap
run 0 replay -e "$hostile:print" basic.pcap -o - 
has err "an engine on standard output"
cp out printed.pcap
run 0 show printed.pcap

# Tables that cannot be.
refused() {
	run 3 replay -e "$engines/table-$1.so" basic.pcap
	has err "$2"
	run 3 doctor "$engines/table-$1.so"
	has out "$2"
	run 3 run -e "$engines/table-$1.so" rfc4787
	has err "$2"
}
refused version "the engine has ABI version 2, this masqcheck 1"
refused size "the engine's table says size 24, it has to be"
refused function "the engine's function packet is NULL"
refused dump "the engine's function dump is NULL"
refused name "the engine's name is NULL"
refused capability "the engine has capabilities 0x40000000"
refused null "conf_engine() returned NULL"
refused symbol "it does not export conf_engine()"
run 0 replay -e "$engines/table-larger.so" basic.pcap
echo "not an object" >text.so
run 3 replay -e ./text.so basic.pcap
has err "./text.so: "
run 3 replay -e ./missing.so basic.pcap
has err "./missing.so: cannot open shared object file"
run 2 replay -e missing.so basic.pcap
has err "a shared object is named with a slash: ./NAME.so"
run 2 replay -e "$engines/nat.so" --timeout x basic.pcap
has err "expected 1..86400"

# A run: each case gets an engine; one that breaks costs one case.
mkdir -p cases/s
case_of() {
	cat >"cases/s/$1.case" <<TXT
title $1
clause GEN-01
host A inside 192.168.1.10
host S outside 198.51.100.7
0 inside sends udp A:5000 > S:53 "one"
  outside gets anything
+1 inside sends udp A:5000 > S:53 "two"
  outside gets anything
$2
TXT
}
case_of two ''
case_of third '+1 inside sends udp A:5000 > S:53 "three"
  outside gets anything'
case_of other '+1 inside sends udp A:5001 > S:53 "three"
  outside gets anything'
run 0 run --cases cases -e "$engines/nat.so"
has out "3 PASS"
run 1 run --cases cases --no-invariants -e "$hostile:crash-packet"
has out "3 cases: 2 ERROR, 1 PASS"
has out "$crash at packet 3: inside udp 192.168.1.10:500"
run 1 run --cases cases -e "$hostile:loop-packet" --timeout 1
has out "3 ERROR"
has out "the engine hung: no answer for 0.9 s at packet 1"
run 1 run --cases cases -e "$hostile:flood" -j 2
has out "3 ERROR"
has out "more than 4096 packets for one stimulus at packet 1"
run 1 run --cases cases -e "$hostile:exit" -j 2
has out "ended its process (exit 7) at packet 1"
run 1 run --cases cases -e "$hostile:crash-reset" -j 1
lacks out "3 ERROR"

# The whole of a suite over the template: it can some of it, not all.
run 1 run -e "$engines/nat.so" rfc4787
grep -q '[1-9][0-9]* FAIL' out || fail "the tiny NAT fails nothing"
grep -q '[1-9][0-9]* PASS' out || fail "the tiny NAT passes nothing"

# The doctor.
run 1 doctor "$engines/nat.so"
has out 'ABI 1, name "tiny", can: clock'
has out "ok       udp "
has out "not ok   icmp-error"
has out "skipped  fragments"
has out "1 not ok, 5 skipped"
run 0 doctor ref:linux-2.2-fixed
has out "15 ok, 0 not ok, 0 skipped"
run 1 doctor "$hostile:crash-packet"
has out "not ok   udp"
run 1 doctor --timeout 1 "$hostile:loop-reset"
has out "the engine hung: no answer for 1 s at the reset after packet"
run 1 doctor "$hostile:crash-reset"
has out "$crash at the reset after packet"
run 1 doctor "$hostile:emit-late"
has out "the engine emitted a packet outside of a call"
run 2 doctor nothing
run 2 doctor
has err "no engine was named"

# No process is left, even when masqcheck is killed.
"$masqcheck" replay -e "$hostile:loop-packet" "$dir/basic.pcap" >out 2>err &
pid=$!
sleep 1
kill -KILL $pid
wait $pid 2>/dev/null
for i in 1 2 3 4 5; do
	left=$(ps -eo args | grep -F -- "$dir" | grep -vc "grep -F")
	[ "$left" -gt 0 ] || break
	sleep 1
done
[ "$left" -eq 0 ] || fail "$left processes are left"

# The list.
run 0 engines
has out "./ENGINE.so[:ARGUMENT]"
has out "here:   runs"
has out "masqcheck help sabotage"
run 0 engines --json
has out '"runs": true'
run 0 engines --sabotage
has out "sabotage:none"
run 0 engines --sabotage --json
has out '"profile": "linux-2.2"'
run 0 help sabotage
run 2 engines nat.so
finish
