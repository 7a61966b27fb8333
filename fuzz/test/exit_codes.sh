#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# exit_codes.sh PROGRAM CORPUS - what a target ends with: never 77, which
# CTest takes for "skipped"
set -eu
program=$1
corpus=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# expect CODE TEXT ARGUMENT...: it ends with CODE and says TEXT
expect()
{
	code=$1
	text=$2
	shift 2
	status=0
	"$program" "$@" >"$work/said" 2>&1 || status=$?
	if [ "$status" -ne "$code" ] || ! grep -q "$text" "$work/said"; then
		echo "$*: exit $status, expected $code and \"$text\":"
		head -n 5 "$work/said"
		failed=1
	fi
}

mkdir "$work/empty"
expect 0 'no finding' "$corpus/seed"
expect 0 '2 times' -runs=2 "$corpus/regress"
expect 0 'Usage' --help
expect 2 'Usage'
expect 2 'no such option' -nonsense
expect 2 'above 0' -runs=0 "$corpus/seed"
expect 3 'No such file' "$work/nothing"
expect 4 'no file' "$work/empty"
# A fault is a finding: 1, with the property and the file.
MASQCHECK_FUZZ_ENGINE=sabotage:ip-sum-stale
export MASQCHECK_FUZZ_ENGINE
expect 1 '^masqcheck-finding: INV-' "$corpus/seed"
expect 1 '^masqcheck-file: ' "$corpus/seed"
MASQCHECK_FUZZ_ENGINE=$work/nothing.so
expect 3 'nothing.so' "$corpus/seed"
exit $failed
