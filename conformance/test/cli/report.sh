#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# report.sh - masqcheck report
. "$(dirname "$0")/lib.sh"

run_line='{"type":"run","format":1,"engine":"./libmynat.so","version":"0.1.0"}'
pass='{"type":"case","id":"rfc4787/req-01/a","verdict":"PASS"}'
fail='{"type":"case","id":"rfc4787/req-01/a","verdict":"FAIL",
"title":"One endpoint","repeat":"masqcheck run rfc4787/req-01/a"}'
other='{"type":"case","id":"linux22/ftp/b","verdict":"SKIP","reason":"slow"}'

# results NAME CASE...: a file of results that is whole.
results() {
	name=$1
	shift
	{
		echo "$run_line"
		for line in "$@"; do
			echo "$line" | tr -d '\n'
			echo
		done
		echo "{\"type\":\"end\",\"cases\":$#,\"interrupted\":false}"
	} >"$name"
}

results good.jsonl "$pass"
results bad.jsonl "$fail" "$other"
results skipped.jsonl "$other"
results empty.jsonl
head -n 2 good.jsonl >killed.jsonl
head -c 120 bad.jsonl >cut.jsonl

# What is bad, and what is not.
run 0 report good.jsonl
has out "OK: 1 case: 1 PASS"
has out "run: ./libmynat.so"
run 0 report good.jsonl skipped.jsonl
has out "OK: 2 cases: 1 PASS, 1 SKIP"
run 4 report skipped.jsonl
has out "NOTHING RAN: 1 case: 1 SKIP"
run 1 report bad.jsonl
has out "FAILED: 2 cases: 1 FAIL, 1 SKIP"
has out "FAIL rfc4787/req-01/a"
has out "repeat:   masqcheck run rfc4787/req-01/a"

# The worse verdict stays; "-" is standard input; cat(1) is a merger too.
run 1 report good.jsonl bad.jsonl
has out "FAILED: 2 cases: 1 FAIL, 1 SKIP"
run 1 report bad.jsonl good.jsonl
has out "FAILED: 2 cases: 1 FAIL, 1 SKIP"
cat good.jsonl skipped.jsonl | "$masqcheck" report - >out 2>err ||
	fail "standard input: exit $?"
has out "OK: 2 cases"

# A run that was killed is no success.
run 1 report killed.jsonl
has out "FAILED: 1 case: 1 PASS"
has out "1 run did not get to its end"
has err "killed.jsonl: a run did not get to its end"
run 4 report cut.jsonl
has err "cut.jsonl: the last line is cut off: left out"
run 4 report empty.jsonl
has out "NOTHING RAN: 0 cases"
has err "no cases"
run 4 report /dev/null

# Formats, several at once.
run 1 report bad.jsonl --format=tap
has out "TAP version 14"
has out "not ok 2 - rfc4787/req-01/a"
run 1 report bad.jsonl --format=junit
has out "<testsuites name=\"masqcheck\" tests=\"2\" failures=\"1\""
run 1 report bad.jsonl --format json
has out "\"FAIL\": 1"
run 1 report bad.jsonl --format=markdown
has out "<details><summary>FAIL <code>rfc4787/req-01/a</code>"
run 1 report bad.jsonl --format=text --format=tap:a.tap --junit a.xml \
	--json a.json --markdown a.md --tap b.tap
has out "FAILED: 2 cases"
cmp -s a.tap b.tap || fail "two TAP reports differ"
has a.xml "<testsuites"
has a.json "\"cases\": 2"
has a.md "## masqcheck: FAILED"
run 1 report bad.jsonl --json only.json
[ ! -s out ] || fail "a report in a file only, and out has something"
run 1 report bad.jsonl --json again.json
cmp -s only.json again.json || fail "two runs, two reports"

# Against older results.
run 1 report bad.jsonl --against good.jsonl
has out "new failures: 1"
has out "rfc4787/req-01/a: PASS -> FAIL"
has out "linux22/ftp/b: - -> SKIP"
run 0 report good.jsonl -a bad.jsonl
has out "fixed: 1"
has out "vanished: 1"
run 0 report good.jsonl --against good.jsonl
has out "no change"

# Colours, never alone.
run 1 report bad.jsonl --color=always
grep -q "$(printf '\033')" out || fail "no colours"
sed "s/$(printf '\033')\[[0-9]*m//g" out >plain
run 1 report bad.jsonl
cmp -s plain out || fail "colours say more than words"
grep -q "$(printf '\033')" out && fail "colours in a file"

# Broken input: nothing is written.
sed 's/"FAIL"/"BAD"/' bad.jsonl >broken.jsonl
run 3 report broken.jsonl --junit no.xml
has err "broken.jsonl:2: \"verdict\" is \"BAD\", expected PASS, FAIL"
absent no.xml
run 3 report good.jsonl --against broken.jsonl --junit no.xml
absent no.xml
run 3 report missing.jsonl
has err "missing.jsonl: cannot be opened"
run 3 report good.jsonl bad.jsonl "$tests"

# Output that cannot be written.
run 3 report good.jsonl --junit no/such/folder --tap good.tap
has err "no/such/folder: cannot be created"
has good.tap "ok 1 - rfc4787/req-01/a"
if [ -w /dev/full ]; then
	run 3 report good.jsonl --junit /dev/full
	has err "/dev/full: cannot be written"
	"$masqcheck" report good.jsonl >/dev/full 2>err
	code=$?
	[ $code -eq 3 ] || fail "full disk: exit $code"
	[ "$(grep -c 'standard output' err)" -eq 1 ] ||
		fail "a full disk is to be told of once"
fi

# Usage.
run 2 report
has err "a file of results is needed"
run 2 report good.jsonl --format=xml
has err "expected text, tap, junit, json or markdown"
run 2 report good.jsonl --format=tap:
has err "needs the name of a file"
run 2 report good.jsonl --format=tap --format=json
has err "two reports cannot both go to standard output"
run 2 report good.jsonl --json x.json --tap x.json
has err "two reports cannot both go to x.json"
ln -s good.jsonl link.jsonl
run 2 report good.jsonl --json link.jsonl
has err "link.jsonl: is read"
run 2 report good.jsonl --against bad.jsonl --json bad.jsonl
has err "bad.jsonl: is read"
has bad.jsonl "rfc4787"
run 2 report - --against -
has err "only once"
run 2 report good.jsonl --color=maybe
run 0 report --help
has out "Usage: masqcheck report"
has out "Exit codes: 0 nothing is bad"
has out "Examples:"
for f in .masqcheck-*; do
	absent "$f"
done
finish
