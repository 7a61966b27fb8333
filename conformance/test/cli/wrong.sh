#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# wrong.sh - every wrong expectation fails, and says what is wrong
. "$(dirname "$0")/lib.sh"

for file in "$tests"/../wrong/*.case; do
	name=$(basename "$file" .case)
	says=$(sed -n '1s/^# says: //p' "$file")
	[ -n "$says" ] || { touch out err; fail "$name: says nothing"; }
	run 1 run --cases "$tests/../wrong" --engine ref:linux-2.2 "$name"
	has out "FAIL $name"
	has out "$says"
done
finish
