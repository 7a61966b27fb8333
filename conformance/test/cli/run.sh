#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh - masqcheck run, list, explain and baseline
. "$(dirname "$0")/lib.sh"

mkdir -p cases/s/deep
head='clause GEN-01
host A inside 192.168.1.10
host S outside 198.51.100.7'
write() {
	printf 'title %s\n%s\n%s\n' "$1" "$head" "$2" >"cases/$1.case"
}
write s/good '0 inside sends udp A:1 > S:2 "x"
  outside gets udp NAT:$p > S:2'
write s/deep/table '0 inside sends udp A:1 > S:2 ttl $ttl
  outside gets udp NAT:$p > S:2'
sed -i '2i for ttl in 2 3 64' cases/s/deep/table.case
write s/bad '0 inside sends udp A:1 > S:2 "x"
  outside gets udp NAT:$p > S:2 ttl 9'
write t/idle 'packet q udp A:1 > S:2' 2>/dev/null
run="run --cases cases --seed 7"

# Verdicts and exit codes.
run 0 $run s/good s/deep
has out "4 cases: 4 PASS"
has out "seed 7"
run 1 $run
has out "5 cases: 1 FAIL, 4 PASS"
has out "ip.ttl"
has out "masqcheck run --engine 'ref'"
run 0 $run 's/*' --skip s/bad
printf "title u\nclause GEN-01\nconfig mapping free\n0 inside sends raw 00\n" >u.case
mkdir un && mv u.case un/u.case
run 4 run --cases un
has err "nothing ran"
has out "NOTHING RAN: 1 case: 1 UNIMPLEMENTED"
lacks out "OK: "
run 4 $run no/such/case
has err "no case was selected"
run 4 $run --level must
run 0 $run --level linux22 s/good
# The invariants know of settings behind those of the case.
run 0 run -e ref:linux-2.2-fixed --set quirk.quote-stale=on \
	linux22/path/four-points
run 2 $run s/good --set mapping=none
run 2 $run --level high
run 2 $run --engine nothing
has err "there is no engine"
run 2 $run --engine ref:linux-9
run 2 $run --jobs 0
run 2 $run --shard 3/2
run 2 $run --order sideways
run 2 $run --keep some
run 2 $run --set x
run 2 run --cases nowhere
has err "nowhere"
run 1 $run --fail-fast --order=listed
has out "1 FAIL"
lacks out "4 PASS"
run 0 $run s/good --repeat 5 --jobs 2
run 1 $run --jobs 3
has out "5 cases: 1 FAIL, 4 PASS"

# A case that cannot be read stops everything, with its place.
mkdir broken
printf 'title t\nclause GEN-01\n0 inside sends ump\n' >broken/x.case
run 2 run --cases broken
has err "broken/x.case:3:16: read \"ump\", expected"
printf 'id\tlevel\ttestable\tstatement\tsource\nX-1\tMUST\tyes\ts\tr\n' \
	>broken/clauses.tsv
printf 'title t\nclause X-2\n0 inside sends raw 00\n' >broken/x.case
run 2 run --cases broken
has err "x.case:2:8: read \"X-2\", expected a clause"

# A folder may have a dot in its name; a broken suite is no matter of others.
mkdir -p broken/a.b
cp cases/s/good.case broken/a.b/
run 0 run --cases broken "a.b/*"
has out "1 case: 1 PASS"
run 0 run --cases broken "a*"

# The order is that of the seed; shards part the cases.
"$masqcheck" $run --keep all -o o1 >/dev/null 2>&1
"$masqcheck" $run --keep all -o o2 >/dev/null 2>&1
ids() { sed -n 's/.*"id":"\([^"]*\)".*/\1/p' "$1"; }
ids o1/results.jsonl >ids1
ids o2/results.jsonl >ids2
[ "$(wc -l <ids1)" -eq 5 ] || fail "five results expected"
cmp -s ids1 ids2 || fail "the same seed, another order"
for i in 1 2 3; do
	"$masqcheck" $run --shard $i/3 -o shard$i >/dev/null 2>&1
	[ ! -e shard$i/results.jsonl ] || ids shard$i/results.jsonl
done | sort >sharded
sort ids1 | cmp -s - sharded || fail "shards do not add up"
for i in 0 1; do
	TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=$i "$masqcheck" $run -o env$i \
		>/dev/null 2>&1
	[ ! -e env$i/results.jsonl ] || ids env$i/results.jsonl
done | sort >sharded
sort ids1 | cmp -s - sharded || fail "shards of the environment"
TEST_TOTAL_SHARDS=x TEST_SHARD_INDEX=0 run 2 $run

# Evidence.
[ -s o1/s/good/actual.pcap ] || fail "--keep all kept nothing"
"$masqcheck" $run -o kept >/dev/null 2>&1
[ -s kept/s/bad/expected.pcap ] || fail "no evidence of a failure"
[ -s kept/s/bad/stimuli.pcap ] || fail "no stimuli of a failure"
absent kept/s/good
"$masqcheck" $run --keep none -o none >/dev/null 2>&1
absent none/s
run 0 show kept/s/bad/actual.pcap
run 1 $run --junit j.xml --tap t.tap --json j.json --markdown m.md
for f in j.xml t.tap j.json m.md; do
	[ -s $f ] || fail "$f was not written"
done
run 3 $run -o /proc/nothing
if [ -w /dev/full ]; then
	"$masqcheck" $run >/dev/full 2>err
	[ $? -eq 3 ] || fail "full disk"
fi

# Baselines.
echo 's/bad  the TTL is counted once' >good.expect
run 0 $run --expect good.expect
has out "1 XFAIL"
run 0 baseline check good.expect --cases cases
printf 's/bad  known\ns/good  was bad once\n' >pass.expect
run 1 $run --expect pass.expect
has out "XPASS"
run 1 baseline check pass.expect --cases cases
has out "s/good passes"
printf 's/bad  known\ns/gone  was there once\n' >stale.expect
run 1 $run --expect stale.expect
has err "stale.expect:2: \"s/gone\" matches no case"
run 1 baseline check stale.expect --cases cases
echo 's/bad' >reasonless.expect
run 2 $run --expect reasonless.expect
has err "expected a reason"
run 2 $run --expect missing.expect
: >empty.expect
run 1 baseline check empty.expect --cases cases
has out "s/bad fails and is not in it"
run 2 baseline update empty.expect --cases cases
has err "give a --reason"
run 0 baseline update empty.expect --cases cases --reason 'to be mended'
has empty.expect "s/bad  to be mended"
run 0 $run --expect empty.expect
printf '# kept\n' | cat - stale.expect >x && mv x stale.expect
run 0 baseline update stale.expect --cases cases
has stale.expect "# kept"
lacks stale.expect "s/gone"
run 2 baseline dance x
run 2 baseline check

# A list, and what a case is about.
run 0 list --cases cases s
has out "s/deep/table/64"
run 0 list --cases cases --json s/good
has out '"clauses": ["GEN-01"]'
run 0 list --cases cases -l s/good
has out "LINUX22"
printf "title t\nclause X-1\n0 inside sends raw 00\n" >broken/x.case
run 0 list --cases broken --clauses x
has out "X-1  1  covered  MUST  s"
printf "X-3\tMUST\tno (design)\ts\tr\nX-4\tMAY\tyes\ts\tr\nX-5\tMAY\tno\ts\tr\nX-6\tMAY\tnot so\ts\tr\n" >>broken/clauses.tsv
run 0 list --cases broken --clauses
has out "X-3  0  not testable  MUST  s"
has out "X-4  0  not covered   MAY   s"
has out "X-5  0  not testable  MAY   s"
has out "X-6  0  not covered   MAY   s"
run 0 list --cases broken --clauses --json
has out "\"state\": \"not covered\""
cp broken/clauses.tsv kept.tsv
printf "X-1\tMUST\tno\ts\tr\n" >>broken/clauses.tsv
run 2 list --cases broken
has err "\"X-1\" stands twice"
cp kept.tsv broken/clauses.tsv
printf "GEN-01\tLINUX22\tyes\tone sentence\tr\n" >broken/rules.tsv
run 0 explain --cases broken a.b/good
has out "one sentence"
printf "GEN-02\tLINUX22\tyes\tone sentence\tr\n" >broken/rules.tsv
run 2 explain --cases broken a.b/good
has err "read \"GEN-01\", expected a clause of rules.tsv"
rm broken/rules.tsv
run 4 list --cases cases nothing
run 0 explain --cases cases s/good
has out "GEN-01 (LINUX22)"
has out "| --> udp 203.0.113.1:61000 > S:2"
has out "ref: PASS"
run 4 explain --cases cases nothing
run 2 explain

# An engine that hangs or dies costs one case, and no other.
write s/long 'repeat 1000000 i {
repeat 1000 k {
+0 inside sends udp A:1 > S:2
  outside gets udp NAT:$p > S:2
}
}'
run 1 $run --timeout 1
has out "the engine hung: no end after 1 s"
has out "6 cases: 1 FAIL, 1 ERROR, 4 PASS"
"$masqcheck" $run --timeout 60 >out 2>err &
pid=$!
sleep 1
child_of() {
	grep -l "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status 2>/dev/null |
		head -1 | tr -dc 0-9
}
child=$(child_of $pid)
[ -n "$child" ] || fail "no child plays the case"
kill -SEGV "${child:-$pid}"
wait $pid
[ $? -eq 1 ] || fail "a crash: exit code"
has out "the engine "
has out "6 cases: 1 FAIL, 1 ERROR, 4 PASS"

# Interrupted: what was done is there.
"$masqcheck" $run --order=listed --timeout 60 -o stopped --junit s.xml \
	>out 2>err &
pid=$!
sleep 1
kill -TERM $pid
wait $pid
[ $? -eq 130 ] || fail "interrupted: exit code"
grep -q '"interrupted"' stopped/results.jsonl || fail "the store does not tell"
[ "$(ids stopped/results.jsonl | wc -l)" -ge 4 ] || fail "results are missing"
[ -s s.xml ] || fail "no report of an interrupted run"

# Killed: all lines of the store are whole, and a report can be made of it.
"$masqcheck" $run --order=listed --timeout 60 -o killed >out 2>err &
pid=$!
sleep 1
child=$(child_of $pid)
kill -KILL $pid
wait $pid 2>/dev/null
sleep 1
[ -n "$child" ] || fail "no child plays the case"
! grep -q "^State:[[:space:]]*[A-Y]" /proc/"$child"/status 2>/dev/null ||
	fail "the case is still played"
[ "$(ids killed/results.jsonl | wc -l)" -ge 4 ] || fail "results are missing"
[ "$(grep -c "^{.*}\$" killed/results.jsonl)" -eq \
	"$(wc -l <killed/results.jsonl)" ] || fail "a line of the store is cut"
run 1 report killed/results.jsonl
has out "1 run did not get to its end"
rm cases/s/long.case

# No room: a clear error, and nothing half-written. The shell that gives room
# for one or two results ignores the signal, so masqcheck sees the error.
full() {
	(
		trap "" XFSZ
		ulimit -f 1
		exec "$masqcheck" "$@"
	) >/dev/null 2>err </dev/null
	code=$?
	[ $code -eq 3 ] || fail "masqcheck $*: exit $code, expected 3"
}
full $run --keep none -o room
has err "room/results.jsonl"
has err "File too large"
[ "$(grep -c "^{.*}\$" room/results.jsonl)" -eq \
	"$(wc -l <room/results.jsonl)" ] || fail "a line of the store is cut"
full $run --keep none --junit room.xml
has err "room.xml"
absent room.xml room.xml.tmp* .room.xml*
full $run --keep all -o kept-room
finish
