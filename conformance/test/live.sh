#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# live - the engine live: against the kernel as the device, over veth pairs
#
# Usage: live.sh MASQCHECK PCAPS. The harness and the device each have a
# network namespace; nothing is left behind. Exit 77: not permitted here.
set -u
masqcheck=$1
pcaps=$2
skip() { echo "SKIP: $*"; exit 77; }

if [ "${3:-}" != inside ]; then
	for tool in ip nft unshare nsenter; do
		command -v $tool >/dev/null || skip "no $tool(8)"
	done
	unshare -n true 2>/dev/null || skip "no right to make network namespaces"
	exec unshare -n "$0" "$masqcheck" "$pcaps" inside
fi
dir=$(mktemp -d)
device=
trap 'rm -rf "$dir"; [ -z "$device" ] || kill "$device"' EXIT

ip link add in0 type veth peer name din 2>"$dir/err" ||
	skip "no veth devices: $(cat "$dir/err")"
ip link add out0 type veth peer name dout || exit 1
unshare -n sleep 120 &
device=$!
n=0
while [ "$(readlink /proc/$device/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do
	n=$((n + 1))
	[ $n -lt 100 ] || { echo "FAIL: no namespace for the device"; exit 1; }
	sleep 0.05
done
for name in in0 out0; do
	echo 1 >/proc/sys/net/ipv6/conf/$name/disable_ipv6
	ip link set $name up || exit 1
done
ip link set din netns $device && ip link set dout netns $device || exit 1
nsenter -t $device -n sh -e <<'END' || skip "the kernel refuses the device"
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 0 >/proc/sys/net/ipv4/icmp_ratemask
ip addr add 192.168.1.1/24 dev din
ip addr add 203.0.113.1/24 dev dout
ip link set din up
ip link set dout up
ip route add default via 203.0.113.254
nft 'table ip n { chain o { type nat hook postrouting priority 100;
	oifname "dout" masquerade; }; }'
END

failed=0
fail() { echo "FAIL: $*"; failed=1; }
# What was recorded from the kernel in its namespace, the kernel says again.
for name in udp-timeout-1 tcp-simultaneous fragments-out-0-400 \
	fragments-mtu-600-nodf icmp-timeout-1; do
	file=$pcaps/netfilter-6.18/$name.pcap
	case $name in
	*mtu*) nsenter -t $device -n ip link set dout mtu 576 ;;
	*) nsenter -t $device -n ip link set dout mtu 1500 ;;
	esac
	"$masqcheck" replay --engine live:in0,out0,quiet=100 "$file" \
		-o "$dir/again.pcap" >"$dir/out" 2>&1 ||
		{ fail "$name"; cat "$dir/out"; continue; }
	"$masqcheck" show "$file" >"$dir/one"
	"$masqcheck" show "$dir/again.pcap" >"$dir/two"
	diff "$dir/one" "$dir/two" >"$dir/diff" ||
		{ fail "$name differs"; head -n 12 "$dir/diff"; }
done
"$masqcheck" run --engine live:in0,out0 rfc4787/req-01/udp-two-servers \
	>"$dir/out" 2>&1
grep -q 'PASS' "$dir/out" || { fail "a case"; cat "$dir/out"; }
"$masqcheck" run --engine live:nosuch,out0 rfc4787/req-01 >"$dir/out" 2>&1 &&
	fail "an interface that is not there"
grep -q nosuch "$dir/out" || { fail "the error names it not"; cat "$dir/out"; }

# What cannot be is said before a packet is sent.
refuses()
{
	code=$1
	says=$2
	shift 2
	"$masqcheck" replay "$@" "$pcaps/netfilter-6.18/udp-timeout-1.pcap" \
		>"$dir/out" 2>&1
	[ $? -eq "$code" ] || { fail "$*: not exit $code"; cat "$dir/out"; }
	grep -q "$says" "$dir/out" || { fail "$*"; cat "$dir/out"; }
}
refuses 3 'nosuch: No such device' --engine live:nosuch,out0
refuses 2 'expected IN,OUT' --engine live:in0
refuses 2 'expected IN,OUT' --engine live:in0,out0,quiet=soon
refuses 2 'inside.address' --engine live:in0,out0 --set inside.address=x
refuses 3 'no answer to ARP' --engine live:in0,out0 \
	--set inside.address=192.168.1.77/24
ip link set in0 down
refuses 3 'in0: That device is not up' --engine live:in0,out0
ip link set in0 up
if command -v setpriv >/dev/null && setpriv --reuid=65534 --regid=65534 \
	--clear-groups "$masqcheck" --version >/dev/null 2>&1; then
	setpriv --reuid=65534 --regid=65534 --clear-groups "$masqcheck" replay \
		--engine live:in0,out0 \
		"$pcaps/netfilter-6.18/udp-timeout-1.pcap" >"$dir/out" 2>&1
	[ $? -eq 3 ] || fail "without the right: not exit 3"
	grep -q 'permission' "$dir/out" ||
		{ fail "without the right"; cat "$dir/out"; }
fi
exit $failed
