#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fake_target.sh - stands in for a target program in fuzz.sh
#
# FAKE says how it behaves as a fuzzer; as a program over files it fails for
# files that hold a word: "bug A" is a finding, "bug B" a crash, "bug C" fails
# only under the fuzzer, "bug D" hangs.
prefix=
time=
for arg; do
	case $arg in
	--about)
		echo "property nothing is wrong"
		echo "input ${FAKE_INPUT:-text}"
		exit 0
		;;
	--variant) echo "profile = linux-2.2-fixed"; exit 0 ;;
	--normal) cp "$2" "$3"; exit ;;
	-artifact_prefix=*) prefix=${arg#*=} ;;
	-max_total_time=*) time=${arg#*=} ;;
	esac
done

finding() {
	echo "masqcheck-finding: INV-99 CORE-FAKE-01 at 1: it is broken" >&2
	exit 1
}

# As a program over files.
if [ -z "$prefix" ]; then
	for file; do
		grep -q 'bug A' "$file" && finding
		grep -q 'bug B' "$file" && kill -SEGV $$
		grep -q 'bug D' "$file" && sleep 1000
	done
	exit 0
fi

# keep NAME TEXT: an input that fails.
keep() {
	printf '%b' "$2" >"$prefix$1"
	echo "artifact_prefix='$prefix'; Test unit written to $prefix$1"
}
reach() {
	[ -z "${MASQCHECK_FUZZ_REACH:-}" ] ||
		printf 'executions 100\nmappings-made %d\nresults 5\n' "$1" \
			>"$MASQCHECK_FUZZ_REACH.$$"
}
[ -z "${FAKE_ARGS:-}" ] || echo "$*" >"$FAKE_ARGS"
starts=$prefix../starts
echo x >>"$starts"
num=$(wc -l <"$starts")

reach "${FAKE_MAPPINGS:-7}"
case ${FAKE:-finds} in
finds)
	echo "#100	NEW    cov: 12 ft: 34 corp: 5/1234b exec/s: 50 rss: 9Mb"
	case $num in
	1)
		keep crash-a1 'one\ntwo\nbug A\nthree\n'
		echo "masqcheck-finding: INV-99 CORE-FAKE-01 at 1: broken"
		exit 1
		;;
	2)
		keep crash-a2 'bug A again\nand more of it\nand more\n'
		echo "masqcheck-finding: INV-99 CORE-FAKE-01 at 1: broken"
		exit 1
		;;
	3)
		keep crash-b 'x\nbug B\ny\n'
		echo "==1== ERROR: libFuzzer: deadly signal"
		exit 1
		;;
	4)
		keep crash-c 'bug C\n'
		echo "masqcheck-finding: INV-77 - at 1: broken"
		exit 1
		;;
	*)
		echo "stat::number_of_executed_units: 1000"
		exit 0
		;;
	esac
	;;
quiet) exit 0 ;;
well)
	keep slow-unit-s 'bug A\n'
	echo "#100	DONE   cov: 12 ft: 34 corp: 5/1234b exec/s: 50 rss: 9Mb"
	exit 0
	;;
garbage)
	head -c 300000 /dev/urandom
	echo "the end of it"
	exit 9
	;;
silent) exit 5 ;;
hangs) trap '' INT TERM; sleep 1000 & wait; wait; sleep 1000 ;;
waits)
	trap 'echo "stat::number_of_executed_units: 77"; exit 0' INT
	echo "#50	NEW    cov: 12 ft: 34 corp: 5/1234b exec/s: 50 rss: 9Mb"
	n=0
	while [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done
	;;
esac
