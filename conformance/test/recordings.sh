#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# recordings - what was recorded from netfilter, offline, on any machine
#
# Usage: recordings.sh MASQCHECK PCAPS PEERS. Each recording answers its own
# stimuli, byte for byte; has a row in MANIFEST.tsv and a sidecar that can be
# read; never lets a checksum or a header go wrong (the invariants that hold
# for every NAT); and differs from the reference only as the profile
# PEERS/netfilter-recordings.waive says, each line of which is used.
set -u
masqcheck=$1
pcaps=$2
waive=$3/netfilter-recordings.waive
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
num=0
: >"$dir/unused"

complain()
{
	echo "FAIL: $1"
	sed 's/^/    /' "$dir/out" | head -n 12
	failed=$((failed + 1))
}

for file in "$pcaps"/netfilter-*/*.pcap; do
	[ -e "$file" ] || continue
	num=$((num + 1))
	name=${file#"$pcaps/"}
	: >"$dir/out"
	grep -q "^$name	[0-9a-f]\{64\}	.\+	.\+" "$pcaps/MANIFEST.tsv" ||
		complain "$name: MANIFEST.tsv does not explain it"
	[ -s "${file%.pcap}.conf" ] || complain "$name: no sidecar"
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
	"$masqcheck" diff ref:linux-2.2-fixed "capture:$file" --waive "$waive" \
		>"$dir/out" 2>&1 || complain "$file: not as the profile says"
	grep '^unused waiver' "$dir/out" >>"$dir/unused"
done
[ $num -ge 60 ] || { echo "FAIL: only $num recordings"; exit 1; }
sort "$dir/unused" | uniq -c | awk -v n=$num '$1 == n' >"$dir/out"
[ ! -s "$dir/out" ] || complain "lines of the profile that nothing uses"
echo "$num recordings"
ls "$pcaps"/netfilter-*/*.pcap | sed 's|.*/||; s/-.*//' | sort | uniq -c
exit $((failed > 0))
