#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# symbols.sh - what the engine's library needs from outside: memory and
# string functions only. No clock, no file, no socket, no thread, no chance.
#
# usage: symbols.sh NM LIBRARY
set -eu

nm=$1
library=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$nm" "$library" 2>/dev/null | awk '
	NF == 2 && $1 == "U" { print $2 > "'"$work"'/needed" }
	NF == 3 { print $3 > "'"$work"'/defined" }'
touch "$work/needed" "$work/defined"
sort -u "$work/needed" > "$work/needed.sorted"
sort -u "$work/defined" > "$work/defined.sorted"

# A listing that is empty or foreign would prove nothing.
for symbol in masq_engine_new masq_packet masq_sum; do
	grep -qx "$symbol" "$work/defined.sorted" || {
		echo "$library does not define $symbol" >&2
		exit 1
	}
done
grep -qx malloc "$work/needed.sorted" || {
	echo "$library does not need malloc: is $nm the right tool?" >&2
	exit 1
}

failed=0
for symbol in $(comm -23 "$work/needed.sorted" "$work/defined.sorted"); do
	case $symbol in
	malloc | calloc | free | aligned_alloc) ;;
	memchr | memcmp | memcpy | memmove | memset) ;;
	strchr | strcmp | strlen | strncmp) ;;
	# What compilers add: checks, arithmetic, position independence.
	__memcpy_chk | __memmove_chk | __memset_chk | __stack_chk_fail) ;;
	__udivti3 | __umodti3 | _GLOBAL_OFFSET_TABLE_) ;;
	*)
		echo "the engine needs $symbol" >&2
		failed=1
		;;
	esac
done
exit $failed
