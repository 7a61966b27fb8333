#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# headers.sh - each public header of the engine compiles alone, without GNU
# extensions; engine and headers include the free-standing part of the C
# library, <string.h> and, in the engine, <stdlib.h>, and nothing else.
#
# usage: headers.sh COMPILER REF
set -eu

compiler=$1
ref=$2
failed=0
count=0

for header in "$ref"/include/masq/*.h; do
	name=masq/$(basename "$header")
	count=$((count + 1))
	# Twice: the guard works, too.
	printf '#include "%s"\n#include "%s"\nextern int unused;\n' \
		"$name" "$name" |
		"$compiler" -std=c17 -Wall -Wextra -Wpedantic -Werror \
			-fsyntax-only -I "$ref/include" -x c - || {
		echo "$name does not compile alone" >&2
		failed=1
	}
done
[ "$count" -gt 0 ] || {
	echo "no headers in $ref/include/masq" >&2
	exit 1
}

allowed='<(stdbool|stddef|stdint|string|limits|stdalign)\.h>'
if grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' \
	"$ref/include" | grep -vE "$allowed"; then
	failed=1
fi
allowed='<(stdbool|stddef|stdint|string|limits|stdalign|stdlib)\.h>'
if grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' \
	"$ref/src" | grep -vE "$allowed"; then
	failed=1
fi

exit "$failed"
