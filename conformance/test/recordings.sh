#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# recordings - what was recorded from netfilter, offline, on any machine
#
# Usage: recordings.sh MASQCHECK PCAPS. Each recording answers its own
# stimuli, byte for byte; has a sidecar that can be read; and never lets a
# checksum or a header go wrong (the invariants that hold for every NAT).
set -u
masqcheck=$1
pcaps=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
num=0

complain()
{
	echo "FAIL: $1"
	sed 's/^/    /' "$dir/out" | head -n 12
	failed=$((failed + 1))
}

for file in "$pcaps"/netfilter-*/*.pcap; do
	[ -e "$file" ] || continue
	num=$((num + 1))
	"$masqcheck" diff --exact --check "capture:$file" "capture:$file" \
		>"$dir/out" 2>&1
	code=$?
	# The port range and the timers of Linux 2.2 are not the kernel's.
	wrong=$(grep -E '^INV-' "$dir/out" | grep -cvE '^INV-(01|04|28|29|53|55)')
	[ $code -le 1 ] || complain "$file: exit $code"
	grep -q '^equal: [1-9]' "$dir/out" || complain "$file: not equal"
	[ "$wrong" -eq 0 ] || complain "$file: an invariant"
	"$masqcheck" replay --engine "capture:$file" "$file" \
		-o "$dir/again.pcap" >"$dir/out" 2>&1 ||
		complain "$file: replay"
	cmp -s "$file" "$dir/again.pcap" || complain "$file: replay differs"
done
[ $num -ge 60 ] || { echo "FAIL: only $num recordings"; exit 1; }
echo "$num recordings"
exit $((failed > 0))
