#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# normal.sh PROGRAMS CORPORA - the router and the packets that a target says
# it plays (--normal, --variant) are those that it plays
set -eu
programs=$1
corpora=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail()
{
	echo "$*"
	failed=1
}

# variant_of FILE: the number in its header, which is big-endian
variant_of()
{
	od -An -tu1 -j11 -N1 "$1" | tr -d ' '
}

# ask TARGET VARIANT SEED: its idea of the seed on that router in $work/normal
ask()
{
	program=$programs/masqcheck-fuzz-$1
	cp "$3" "$work/in"
	chmod u+w "$work/in"
	printf '\0\0\0%b' "\\0$(printf %o "$2")" |
		dd of="$work/in" bs=1 seek=8 conv=notrunc 2>/dev/null
	[ "$(variant_of "$work/in")" = "$2" ] ||
		fail "$3 is no big-endian capture"
	"$program" --normal "$work/in" "$work/normal" ||
		fail "$1 --normal: exit $?"
	"$program" --normal "$work/normal" "$work/again"
	cmp -s "$work/normal" "$work/again" ||
		fail "$1: what it plays is played as something else"
}

# reached FILE: what it does when the target plays it
reached()
{
	rm -f "$work"/reach.*
	MASQCHECK_FUZZ_REACH=$work/reach "$program" "$1" >"$work/said"
	grep -hv "^cpu" "$work"/reach.*
}

# plays TARGET VARIANT OTHER: it takes the second router for the first
plays()
{
	seed=$(find "$corpora/$1/seed" -type f | LC_ALL=C sort | head -n 1)
	ask "$1" "$2" "$seed"
	[ "$(variant_of "$work/normal")" = "$3" ] ||
		fail "$1 plays $2 on $(variant_of "$work/normal"), expected $3"
	reached "$work/in" >"$work/reached"
	reached "$work/normal" | cmp -s - "$work/reached" ||
		fail "$1, variant $2: --normal does something else"
}

plays engine 3 3
plays helper_ftp 3 5
plays helper_ftp 4 4
plays helper_quake 2 4
plays roundtrip 3 6
plays differential 3 2
plays equivalence 3 3
plays equivalence 1 0
"$programs/masqcheck-fuzz-helper_ftp" --variant 5 >"$work/said"
grep -q '^helper.ftp' "$work/said" || fail "variant 5 has no FTP helper"

# Packets are steered to the helper's port, and that is what is said.
cmp -s "$work/normal" "$work/in" && fail "nothing was written plainly"
changed=0
for seed in "$corpora"/engine/seed/*; do
	"$programs/masqcheck-fuzz-engine" --normal "$seed" "$work/plain"
	"$programs/masqcheck-fuzz-helper_irc" --normal "$seed" "$work/steered"
	ask engine "$(variant_of "$work/steered")" "$work/plain"
	cmp -s "$work/normal" "$work/steered" || changed=$((changed + 1))
	[ $changed -eq 0 ] || break
done
[ $changed -gt 0 ] || fail "no packet was steered to the IRC helper"
exit $failed
