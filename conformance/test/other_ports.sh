#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# other-ports - captures of a Linux 2.2.26 that chose other ports
#
# Usage: other_ports.sh MASQCHECK PCAPS. They were recorded, not permuted by
# us: an independent check of "equal up to renaming". Octet for octet none is
# the same as what the reference sends.
set -u
masqcheck=$1
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

for file in "$2"/linux-2.2.26-other-ports/*.pcap; do
	num=$((num + 1))
	wanted=0
	case $file in
	# Its packet to a name that no result has shown cannot be renamed: an
	# entry of port 0 that answers to the next free port.
	*/vec-V114.pcap) wanted=1 ;;
	esac
	code=0
	"$masqcheck" diff ref:linux-2.2 "capture:$file" \
		>"$dir/out" 2>&1 || code=$?
	[ $code -eq $wanted ] || complain "$file: exit $code"
	[ $code -ne 0 ] || grep -q '^equal up to renaming' "$dir/out" ||
		complain "$file: not up to renaming"
	[ $code -ne 1 ] || grep -q '; 1 stimuli answered differently' \
		"$dir/out" || complain "$file: more than the one"
done
[ $num -ge 90 ] || complain "only $num captures"
echo "$num captures"
exit $((failed > 0))
