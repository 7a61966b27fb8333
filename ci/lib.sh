# SPDX-License-Identifier: Apache-2.0
# lib.sh - what the scripts of this folder share; to be sourced
#
# Sets: root (the source tree). Gives: say, die, need (packages).
# shellcheck shell=sh

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

# A line about what happens now. Colour only on a terminal, never alone.
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
	bold=$(printf '\033[1m')
	plain=$(printf '\033[0m')
else
	bold=
	plain=
fi

say()
{
	printf '%s==> %s%s\n' "$bold" "$*" "$plain"
}

die()
{
	printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
	exit 3
}

# Everything that a build and its tests use, as command or file : package.
commands='cmake:cmake ninja:ninja-build cc:gcc pkg-config:pkg-config'
libraries='libpcap:libpcap-dev cmocka:libcmocka-dev
	jansson:libjansson-dev libxml-2.0:libxml2-dev
	libmd:libmd-dev libmnl:libmnl-dev libnftables:libnftables-dev'

# Has clang what a fuzzer is linked with? Debian only recommends it.
links_fuzzer()
{
	echo 'int LLVMFuzzerTestOneInput(const char *d, long n)
	{ return d && n ? 0 : 0; }' |
		clang -fsanitize=fuzzer,address,undefined -x c - -o /dev/null \
			2>/dev/null
}

# Prints the packages that are missing.
missing_packages()
{
	for pair in $commands; do
		command -v "${pair%%:*}" >/dev/null 2>&1 ||
			printf '%s ' "${pair##*:}"
	done
	for pair in $libraries; do
		if ! command -v pkg-config >/dev/null 2>&1 ||
		   ! pkg-config --exists "${pair%%:*}"; then
			printf '%s ' "${pair##*:}"
		fi
	done
	[ -e /usr/include/stdio.h ] || printf 'libc6-dev '
	[ -z "${wants_fuzzer:-}" ] || links_fuzzer || printf 'libclang-rt-dev '
}

# Runs a command as root, if that is possible without a question.
as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		die "not root, and no sudo: run as root once: $*"
	fi
}

# need: installs what is missing, and only then asks for root.
need()
{
	missing=$(missing_packages)
	if [ -n "$missing" ]; then
		command -v apt-get >/dev/null 2>&1 ||
			die "missing: ${missing}
This system has no apt-get. Install what these Debian packages hold, then
run this again."
		say "installing: $missing"
		as_root apt-get update -qq
		# shellcheck disable=SC2086
		as_root env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends \
			$missing >/dev/null
		missing=$(missing_packages)
		[ -z "$missing" ] || die "still missing: $missing"
	fi
	cmake_version=$(cmake --version | sed -n '1s/[^0-9]*//p')
	case $cmake_version in
	[012].* | 3.?.* | 3.1?.* | 3.2[0-4].*)
		die "cmake $cmake_version is too old: 3.25 or newer is needed
(Debian 12, Ubuntu 24.04 and later have it)."
		;;
	esac
}

# The targets of fuzz/ that have corpora.
# shellcheck disable=SC2034
fuzz_targets='capture case differential engine equivalence helper_cuseeme
	helper_ftp helper_irc helper_quake helper_raudio helper_vdolive roundtrip'

# need_fuzz: the same for scripts that fuzz; only they need these.
need_fuzz()
{
	commands='clang:clang llvm-cov:llvm llvm-profdata:llvm'
	libraries=
	wants_fuzzer=yes
	need
}

# need_patch: for faults that are planted.
need_patch()
{
	commands='patch:patch'
	libraries=
	need
}

# need_afl: and those that use AFL++.
need_afl()
{
	commands='afl-fuzz:afl++ afl-clang-fast:afl++'
	libraries=
	need
}
