#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# dict.sh ROOT - dictionaries are for targets that are there, and are written
# as libFuzzer and AFL++ read them: a line is a comment or one token in quotes
set -eu
root=$(CDPATH="" cd -- "$1" && pwd)
failed=0
for file in "$root"/fuzz/dict/*.dict; do
	name=$(basename "$file" .dict)
	[ -e "$root/fuzz/$name.c" ] || {
		printf '%s: there is no target %s\n' "$file" "$name"
		failed=1
	}
	awk -v f="$file" '
	/^#/ || /^$/ { next }
	!/^".+"$/ { print f ":" NR ": not a token in quotes: " $0; bad = 1; next }
	{
		token = substr($0, 2, length($0) - 2)
		gsub(/\\x[0-9a-fA-F][0-9a-fA-F]|\\\\|\\"/, "", token)
		if (token ~ /["\\]/) {
			print f ":" NR ": an escape that nobody reads: " $0
			bad = 1
		}
		if (seen[$0]++) {
			print f ":" NR ": twice: " $0
			bad = 1
		}
	}
	END { exit bad }' "$file" || failed=1
done
exit "$failed"
