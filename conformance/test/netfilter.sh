#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# netfilter - the engine netfilter from outside: recordings made anew, and SKIP
#
# Usage: netfilter.sh MASQCHECK PCAPS. Exit 77: no such router can be had
# here, and that was told as it must be.
set -u
masqcheck=$1
pcaps=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
fail() { echo "FAIL: $*"; sed 's/^/    /' "$dir/out" | head -n 20; failed=1; }

# Where it cannot run it is SKIP with the reason, and exit 4: never a pass.
# $1 is what the reason must hold; the rest runs masqcheck.
must_skip()
{
	reason=$1
	shift
	"$@" run --engine netfilter rfc4787/req-01 >"$dir/out" 2>&1
	[ $? -eq 4 ] || fail "run: not exit 4 where it cannot run"
	grep -q "SKIP" "$dir/out" || fail "run: no SKIP"
	sed -n 2p "$dir/out" | grep -q "^NOTHING RAN: " ||
		fail "run: does not begin with NOTHING RAN"
	sed -n 3p "$dir/out" | grep -q "reason: .*$reason" ||
		fail "run: no reason at the top"
	grep -q "$reason" "$dir/out" || fail "run: the reason is not there"
	! grep -qE '\b(PASS|FAIL|UNIMPLEMENTED|ERROR)\b.*rfc4787' "$dir/out" ||
		fail "run: another verdict than SKIP"
	"$@" diff ref netfilter rfc4787/req-01 >"$dir/out" 2>&1
	[ $? -eq 4 ] || fail "diff: not exit 4"
	grep -q "^SKIP: .*$reason" "$dir/out" || fail "diff: no SKIP"
	"$@" diff ref netfilter -i "$pcaps/netfilter-6.18/udp-timeout-1.pcap" \
		>"$dir/out" 2>&1
	[ $? -eq 4 ] || fail "diff --input: not exit 4"
	grep -q "^SKIP: .*$reason" "$dir/out" || fail "diff --input: no SKIP"
	"$@" replay --engine netfilter \
		"$pcaps/netfilter-6.18/udp-timeout-1.pcap" >"$dir/out" 2>&1
	[ $? -eq 3 ] || fail "replay: not exit 3"
	"$@" engines >"$dir/out" 2>&1
	grep -A5 '^netfilter' "$dir/out" | grep -q "cannot run: .*$reason" ||
		fail "engines: does not say why"
}

"$masqcheck" engines >"$dir/engines" 2>&1
why=$(grep -A5 '^netfilter' "$dir/engines" | sed -n 's/.*cannot run: //p')
if [ -n "$why" ]; then
	must_skip "$(echo "$why" | cut -d: -f1-2)" "$masqcheck"
	[ $failed -eq 0 ] || exit 1
	echo "SKIP: $why"
	exit 77
fi

# As somebody who may not, if he can read the tree at all.
nobody()
{
	(cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$@")
}
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null &&
	nobody "$masqcheck" list rfc4787/req-01 >/dev/null 2>&1 &&
	nobody test -r "$pcaps/MANIFEST.tsv"; then
	nobody "$masqcheck" engines >"$dir/engines" 2>&1
	why=$(grep -A5 '^netfilter' "$dir/engines" |
		sed -n 's/.*cannot run: //p')
	[ -z "$why" ] || must_skip "$(echo "$why" | cut -d: -f1-2)" \
		nobody "$masqcheck"
fi
# As root of a user namespace, where that is allowed.
if command -v unshare >/dev/null && unshare -Ur true 2>/dev/null; then
	unshare -Ur "$masqcheck" run --engine netfilter rfc4787/req-01 \
		>"$dir/out" 2>&1 || fail "in a user namespace"
	grep -q PASS "$dir/out" || fail "in a user namespace: no PASS"
fi

# What was recorded from it, it says again, up to renaming.
for name in udp-timeout tcp-reset irc-dcc ftp-port fragments-mtu icmp-own; do
	"$masqcheck" record --engine netfilter -o "$dir/new" \
		"$pcaps/netfilter-6.18/scenarios/$name.case" >"$dir/out" 2>&1 ||
		fail "record $name"
done
num=0
for file in "$dir"/new/*.pcap; do
	old=$pcaps/netfilter-6.18/$(basename "$file")
	num=$((num + 1))
	cmp -s "${old%.pcap}.conf" "${file%.pcap}.conf" ||
		fail "$(basename "$file"): another sidecar"
	"$masqcheck" diff "capture:$old" "capture:$file" >"$dir/out" 2>&1 ||
		fail "$(basename "$file"): recorded anew it differs"
done
[ $num -ge 25 ] || fail "only $num were recorded anew"
echo "$num recorded anew, the same up to renaming"
exit $failed
