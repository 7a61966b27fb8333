#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh - masqcheck fuzz, with a target program that is none
. "$(dirname "$0")/lib.sh"

# say NAME: a target program of that name, which does as FAKE says.
mkdir programs
say() {
	cp "$tests/fake_target.sh" "programs/masqcheck-fuzz-$1"
}
say text
MASQCHECK_FUZZ_DIR=$dir/programs
export MASQCHECK_FUZZ_DIR FAKE FAKE_INPUT FAKE_MAPPINGS
# What a child left behind would be: none must be.
alive() {
	pgrep -f "$dir/programs" >/dev/null 2>&1
}

# Findings: four inputs of three classes; one does not fail again.
FAKE=finds
FAKE_ARGS=$dir/args
export FAKE_ARGS
run 1 fuzz --target text --time 3s --minimize-time 10s --max-len 128
has args "-max_len=128 "
unset FAKE_ARGS
has out "INV-99/CORE-FAKE-01"
has out "signal:SIGSEGV"
has out "not reproduced: fuzz-out/unreproduced/text-crash-c"
has out "2 new, 0 known, 1 not reproduced"
has out "1400"
finding=fuzz-out/findings/text-INV-99-CORE-FAKE-01
[ "$(cat $finding/repro.pcap)" = "bug A" ] ||
	fail "the input is not small: $(cat $finding/repro.pcap)"
has $finding/report.md "- class: INV-99/CORE-FAKE-01"
has $finding/report.md "- target: text"
has $finding/report.md "nothing is wrong"
has $finding/report.md "masqcheck fuzz --regress fuzz-out/findings/text-INV"
has $finding/report.md "it is broken"
has $finding/report.md "further inputs of this class: 1"
[ "$(ls fuzz-out/findings | wc -l)" -eq 2 ] || fail "$(ls fuzz-out/findings)"
[ -z "$(find . -name '*.new')" ] || fail "left: $(find . -name '*.new')"

# The same again is no news; neither is what --known lists.
rm -f fuzz-out/work/text/starts
run 0 fuzz --target text --time 3s
has out "0 new, 2 known, 1 not reproduced"
rm -rf fuzz-out
printf '# those\n\nINV-99/*  it is to be so\nsignal:SIGSEGV  and so is this\n' \
	>known
run 0 fuzz --target text --time 3s --known known
has out "0 new, 2 known, 1 not reproduced"
absent fuzz-out/findings/text-INV-99-CORE-FAKE-01
echo "INV-99/CORE-FAKE-01" >known
run 3 fuzz --target text --time 3s --known known
has err "known:1: read \"INV-99/CORE-FAKE-01\", expected a class and the reason"
run 3 fuzz --target text --time 3s --known missing

# --regress says which still fail, and takes the target from where it can.
rm -rf fuzz-out
run 1 fuzz --target text --time 3s --minimize-time 10s
run 1 fuzz --regress fuzz-out/findings
has out "FAIL  fuzz-out/findings/text-INV-99-CORE-FAKE-01/repro.pcap"
has out "2 of 2 inputs still fail"
mkdir -p corpora/text/regress
echo "good" >corpora/text/regress/one
echo "better" >corpora/text/regress/two
echo "one  what it showed" >corpora/text/regress/README
run 0 fuzz --regress corpora
has out "0 of 2 inputs still fail"
echo "bug B" >corpora/text/regress/three
run 1 fuzz --regress corpora
has out "FAIL  corpora/text/regress/three"
has out "1 of 3 inputs still fail"
echo "bug D" >corpora/text/regress/three
run 1 fuzz --regress --timeout 1 corpora/text/regress/three
has out "timeout"
echo "bug A" >loose
run 2 fuzz --regress loose
has err "of which target"
run 1 fuzz --regress --target text loose
run 3 fuzz --regress missing
mkdir nothing
run 4 fuzz --regress nothing

# --promote: a regression input with its line; never over another one.
finding=fuzz-out/findings/text-INV-99-CORE-FAKE-01
run 0 fuzz --promote $finding --as attack/fake --corpus corpora --cases cases
cmp -s $finding/repro.pcap corpora/text/regress/attack-fake.pcap ||
	fail "the input was not kept"
has corpora/text/regress/README "attack-fake.pcap  INV-99/CORE-FAKE-01"
has corpora/text/regress/README "one  what it showed"
run 2 fuzz --promote $finding --as attack/fake --corpus corpora --cases cases
has err "is there already"
run 2 fuzz --promote $finding --as ../fake --corpus corpora --cases cases
run 2 fuzz --promote $finding --corpus corpora
run 3 fuzz --promote corpora --as attack/other --corpus corpora --cases cases
has err "is not the folder of a finding"

# A campaign that reached nothing proves nothing; one that ran none neither.
rm -rf fuzz-out
FAKE=well FAKE_INPUT=capture FAKE_MAPPINGS=0
run 3 fuzz --target text --time 2s
has err "the campaign proves nothing"
FAKE_MAPPINGS=12
run 0 fuzz --target text --time 2s
# An input that is slow is none that fails.
ls fuzz-out/work/text/failed/slow-unit-s >/dev/null || fail "no slow input"
absent fuzz-out/findings
has out "0 new, 0 known, 0 not reproduced"
# What both campaigns have cost.
[ "$(grep -c "^2.*	text	libfuzzer	-	-	" fuzz-out/ledger.tsv)" -eq 2 ] ||
	fail "ledger: $(cat fuzz-out/ledger.tsv)"
[ "$(grep -c "^# ended" fuzz-out/ledger.tsv)" -eq 1 ] || fail "two heads"
has out "12 mappings made"
run 0 fuzz --target text --runs 100
FAKE=quiet
run 4 fuzz --target text --time 2s
has err "nothing ran"

# Programs that do not do their work.
FAKE=garbage
run 3 fuzz --target text --time 5s
has err "ended with exit 9"
has err "fuzz-out/work/text/log"
FAKE=silent
run 3 fuzz --target text --time 5s
has err "ended with exit 5"
FAKE=well
run 3 fuzz --target text --time 2s --out /dev/null/no
has err "/dev/null"
touch file
run 3 fuzz --target text --time 2s --out file
has err "no folder"
run 2 fuzz --target nonesuch
has err "there is no target \"nonesuch\""
has err "    text"
run 2 fuzz --engine ref
has err "there is no target \"engine\""
PATH=/nonexistent run 3 fuzz --target text --with afl++ --time 2s
has err "afl-fuzz: No such file or directory"
has err "Debian package afl++"
MASQCHECK_FUZZ_DIR=$dir/nothing
run 3 fuzz --target text
has err "there is no program masqcheck-fuzz-TARGET in $dir/nothing"
MASQCHECK_FUZZ_DIR=$dir/programs
for wrong in "--time 0" "--time 5x" "--time h" "--jobs 0" "--jobs 65" \
	"--runs -1" "--with gdb" "--time 5s --runs 5" "--as x" "--seed 0" \
	"loose" "--regress" "--promote x" "--timeout 0" "--max-len 3" "--out="; do
	# shellcheck disable=SC2086
	run 2 fuzz --target text $wrong
done

# Ctrl-C: the target is told, and what was done is said. A target that does
# not obey is killed.
rm -rf fuzz-out
for FAKE in waits hangs; do
	"$masqcheck" fuzz --target text --time 1h >out 2>err </dev/null &
	pid=$!
	sleep 1.5
	kill -INT $pid
	wait $pid
	code=$?
	[ $code -eq 130 ] || fail "$FAKE: interrupted: exit $code"
	alive && fail "$FAKE: a target lives on"
	[ $FAKE = hangs ] || has out " 77 "
done

# One campaign at a time in a folder.
FAKE=waits
"$masqcheck" fuzz --target text --time 1h >out 2>err </dev/null &
pid=$!
sleep 1
run 3 fuzz --target text --time 2s
has err "another campaign runs there"
kill -TERM $pid
wait $pid
code=$?
[ $code -eq 130 ] || fail "ended by SIGTERM: exit $code"

# Nothing outlives the program, however it ends.
FAKE=waits
"$masqcheck" fuzz --target text --time 1h >out 2>err </dev/null &
pid=$!
sleep 1.5
kill -KILL $pid
wait $pid 2>/dev/null
sleep 0.5
alive && fail "a target outlives the program"

finish
