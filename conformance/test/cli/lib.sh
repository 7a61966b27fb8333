# SPDX-License-Identifier: Apache-2.0
# lib.sh - for the tests of the program; sourced by each of them
#
# $1 is the program, $2 the program that makes captures. Tests run in a
# folder of their own.

set -u
masqcheck=$1
make_capture=$2
tests=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
num_failed=0

fail() {
	echo "FAIL: $*"
	sed 's/^/    out: /' out | head -20
	sed 's/^/    err: /' err | head -20
	num_failed=$((num_failed + 1))
}

# run CODE ARGUMENT...: runs masqcheck, which is to exit with CODE.
run() {
	expected=$1
	shift
	"$masqcheck" "$@" >out 2>err </dev/null
	code=$?
	[ $code -eq "$expected" ] ||
		fail "masqcheck $*: exit $code, expected $expected"
}

# has FILE TEXT: one of the lines of FILE contains TEXT.
has() {
	grep -qF -e "$2" "$1" || fail "$1 lacks \"$2\""
}

# counts NAME N: the summary on out has that line.
counts() {
	grep -qE "^$1 +$2$" out || fail "out lacks $1 = $2"
}

lacks() {
	! grep -qF -e "$2" "$1" || fail "$1 contains \"$2\""
}

# absent FILE...: nothing of that name is there.
absent() {
	for f in "$@"; do
		[ ! -e "$f" ] || fail "$f was left behind"
	done
}

capture() {
	"$make_capture" "$1" "$1.pcap" || exit 99
}

finish() {
	[ "$num_failed" -eq 0 ] || exit 1
	exit 0
}
