#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# known.sh PROGRAMS CORPORA - a class that is known is passed by, in every
# target, and no other is
set -eu
programs=$1
corpora=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
MASQCHECK_FUZZ_KNOWN=$work/known
export MASQCHECK_FUZZ_KNOWN MASQCHECK_FUZZ_ENGINE
failed=0

# class: ORACLE/CLAUSE of the finding in $work/said
class()
{
	sed -n 's/^masqcheck-finding: \([^ ]*\) \([^ ]*\) at .*/\1\/\2/p' \
		"$work/said" | sed 's/\/-$//' | head -n 1
}

# passes TARGET ENGINE ORACLE: what the target finds of that engine is of that
# oracle; if all that it finds is known, it plays on to the end
passes()
{
	MASQCHECK_FUZZ_ENGINE=$2
	printf '# none\n' >"$work/known"
	num=0
	while status=0; "$programs/masqcheck-fuzz-$1" "$corpora/$1/seed" \
		>"$work/said" 2>&1 || status=$?; [ $status -ne 0 ]; do
		num=$((num + 1))
		found=$(class)
		if [ $status -ne 1 ] || [ -z "$found" ] || [ $num -gt 60 ] ||
			grep -qx "$found" "$work/known"; then
			echo "$1 of $2: exit $status, \"$found\""
			head -n 20 "$work/said"
			failed=1
			return
		fi
		echo "$found" >>"$work/known"
	done
	if ! grep -q "^$3" "$work/known"; then
		echo "$1 of $2 found no $3:"
		cat "$work/known"
		failed=1
	fi
	# Without one of them that one is found again.
	found=$(grep "^$3" "$work/known" | head -n 1)
	grep -vFx "$found" "$work/known" >"$work/fewer"
	mv "$work/fewer" "$work/known"
	status=0
	"$programs/masqcheck-fuzz-$1" "$corpora/$1/seed" >"$work/said" 2>&1 ||
		status=$?
	if [ $status -ne 1 ] || [ "$(class)" != "$found" ]; then
		echo "$1 of $2: exit $status; expected $found, found $(class)"
		failed=1
	fi
}

passes engine sabotage:ttl-kept INV-14
passes differential sabotage:ttl-kept differs:
# Each oracle of a round trip.
passes roundtrip sabotage:errors-lost roundtrip/error
passes roundtrip sabotage:inbound-once roundtrip/answer
passes roundtrip sabotage:mss-lowered roundtrip/payload
passes roundtrip sabotage:quote-port-stale roundtrip/quote
passes roundtrip sabotage:reply-id-stale roundtrip/id
passes roundtrip sabotage:reply-port-stale roundtrip/port
passes helper_quake sabotage:ttl-kept INV-14
exit $failed
