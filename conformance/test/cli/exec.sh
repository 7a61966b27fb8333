#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# exec.sh - programs as engines: the template in Perl, and hostile ones
. "$(dirname "$0")/lib.sh"
engines=$3
nat="perl $tests/../../engines/template/nat.pl"
# The folder in every command line tells our processes from others.
hostile="perl -I$dir $tests/../engines/hostile.pl"
ln -s "$(command -v sleep)" sleeper
capture basic
first='at packet 1: inside udp 192.168.1.10:2000 > 198.51.100.7:53'

# The template, which translates as the one in C but for its ports.
run 0 replay -e "exec:$nat" basic.pcap -o nat.pcap
run 0 show nat.pcap
has out "203.0.113.1:40000"
run 0 diff --exact "exec:$nat" capture:nat.pcap
run 1 doctor "exec:$nat"
has out 'name "perl", can: clock'
has out "ok       tcp "
has out "not ok   icmp-error"
has out "1 not ok, 5 skipped"
run 1 run -e "exec:$nat" rfc4787 -j 2
grep -q '[1-9][0-9]* FAIL' out || fail "the tiny NAT fails nothing"
grep -q '[1-9][0-9]* PASS' out || fail "the tiny NAT passes nothing"

# A pipeline, and shell words.
run 0 replay -e "exec:cat | $nat | cat" basic.pcap -o piped.pcap
cmp -s nat.pcap piped.pcap || fail "a pipeline differs"

# The settings and the seed.
cat >asks.sh <<'TXT'
cat "$MASQCHECK_CONFIG" >seen.conf
echo "$MASQCHECK_SEED" >seen.seed
exec $NAT
TXT
NAT=$nat
export NAT
run 0 replay -e "exec:sh asks.sh" --set timeout.udp=77 basic.pcap
has seen.conf "timeout.udp = 77"
has seen.seed "0"

# A reset by a control record, a dump, and times in microseconds.
run 0 replay -e "exec:$hostile reset" --table basic.pcap
has out "mappings 5"
run 0 replay -e "exec:$hostile micro" basic.pcap
run 3 replay -e "exec:$hostile none" --table basic.pcap
has err "has no such table"

# wrong WHAT TEXT: replay, diff and run give that verdict; the run goes on.
mkdir -p cases/s
for name in one two; do
	cat >"cases/s/$name.case" <<TXT
title $name
clause GEN-01
host A inside 192.168.1.10
host S outside 198.51.100.7
0 inside sends udp A:5000 > S:53 "one"
  outside gets anything
+1 inside sends udp A:5000 > S:53 "two"
  outside gets anything
+1 inside sends udp A:5000 > S:53 "three"
  outside gets anything
TXT
done
wrong() {
	run 3 replay -e "exec:$hostile $1" --timeout "${3:-10}" basic.pcap -o wrong.pcap
	has err "$2"
	absent wrong.pcap
	run 3 diff --exact ref "exec:$hostile $1" --timeout "${3:-10}" -i basic.pcap
	has err "$2"
	run 1 run --cases cases --no-invariants -e "exec:$hostile $1" \
		--timeout "${3:-10}"
	has out "2 cases: 2 ERROR"
}
wrong die 'the program ended (exit 3) at packet 3: inside'
wrong crash 'the program ended (SIGSEGV) at packet 1'
run 3 replay -e "exec:$hostile crash; exit \$?" basic.pcap
has err 'the program ended (exit 139, SIGSEGV) at packet 1'
run 3 replay -e "exec:$hostile silent" --timeout 3 basic.pcap
has err "did not send the barrier back within 3 s at packet 2: outside udp"
wrong garbage "the program writes no capture: "
wrong huge "the program writes no capture: "
wrong part "the program ended in the middle of a record"
wrong flood "the program sent more than 4096 packets for one stimulus"
wrong arrived "record 3 of the program is not one that was sent"
wrong side "record 3 of the program leaves by no side"
wrong arp "record 3 of the program has another EtherType"
wrong none-left "record 3 of the program has no packet of 1 to 65535"
wrong cut "record 3 of the program is truncated"
wrong future "record 3 of the program has a time that is not now"
wrong past "of the program has a time that is not now"
wrong talk "the program says something that it was not asked for"
wrong close-input "did not send the barrier back within" 3

# At the start.
never() {
	run 3 replay -e "exec:$1" --timeout 2 basic.pcap
	has err "$2"
}
never false "the program ended (exit 1) while it was opened"
never no-such-program "(exit 127, no such command) while it was opened"
never true "the program ended (exit 0)"
never "$dir/sleeper 100" "did not send the barrier back within 2 s while it was"
never "$dir/sleeper 100 | $dir/sleeper 100" "did not send the barrier back"
never 'echo hello' "the program writes no capture"
never 'yes' "the program writes no capture"
never 'cat /dev/zero' "the program writes no capture"
never "$hostile word" 'the program says it can "fly"; there are clock,'
never "$hostile line" 'the program says "hello"; expected lines'
never "$hostile early" "record 1 of the program comes before the first barrier"
never "$hostile flood-first" "the program writes no capture"
never "$hostile endless" "the program sent more than 4096 packets"
never "$hostile close-output" "the program closed its output"
never "$hostile part-silent" "did not send the barrier back within 2 s"
run 2 replay -e "exec:$hostile refuse" basic.pcap
has err "no such router here"
run 2 replay -e "exec:" basic.pcap
has err "needs more: exec:COMMAND"

# Dead with masqcheck, even if that is killed.
"$masqcheck" replay -e "exec:$hostile silent" basic.pcap >out 2>err &
pid=$!
sleep 1
kill -KILL $pid
wait $pid 2>/dev/null

# It does not hear the end, or leaves a process behind: both go.
run 0 replay -e "exec:$hostile deaf" basic.pcap
run 0 replay -e "exec:$hostile orphan $dir/sleeper" basic.pcap
for i in 1 2 3 4 5; do
	left=$(ps -eo args | grep -F -- "$dir" | grep -vc "grep -F")
	[ "$left" -gt 0 ] || break
	sleep 1
done
[ "$left" -eq 0 ] || fail "$left processes are left"
finish
