#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# traffic.sh - real traffic through a router: what do the helpers find?
set -eu

usage()
{
	cat <<'TXT'
Usage: MASQCHECK_TRAFFIC=DIR traffic.sh MASQCHECK

Replays the captures that traffic.tsv lists, which are in DIR and no part of
the project, with both profiles, and compares how many entries helpers made
and how many payloads they edited with what a reader of the captures counted.

The client's packets arrive inside as they are. The server's packets are for
the client's address and port, so they are sent through a router of their
own first, which forwards each connection of the column "far side" to
the port that the client will be masqueraded with. A server can be inside
as well: then it is the client's packets that are prepared.

Exit status: 0 as counted, 1 a difference, 2 usage, 77 nothing to do.
TXT
}

case ${1:-} in
--help | -h) usage; exit 0 ;;
'') usage >&2; exit 2 ;;
esac
masqcheck=$1
table=$(dirname -- "$0")/traffic.tsv
if [ -z "${MASQCHECK_TRAFFIC:-}" ]; then
	echo "skipped: MASQCHECK_TRAFFIC does not name a folder of captures"
	exit 77
fi
if [ ! -d "$MASQCHECK_TRAFFIC" ]; then
	echo "MASQCHECK_TRAFFIC=$MASQCHECK_TRAFFIC is no folder" >&2
	exit 2
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/masqcheck-traffic.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# The router of the tests: masquerades as 203.0.113.1, and has nobody of the
# captures on its inside net, so that all of them are far away.
router='-s inside.address=10.99.0.1/24 -s outside.address=203.0.113.1/24'

# far_side CAPTURE END...: $work/far.pcap, the packets for these ends. An END is
# ADDR:PORT=PORT, forwarded to that port of 203.0.113.1, ADDR:PORT, forwarded
# to the same port, or a setting of the router that forwards.
far_side()
{
	capture=$1
	shift
	options="-s gateway=none -s masq=none"
	for end; do
		case $end in *.mac=*) options="$options -s $end"; continue ;; esac
		near=${end%%=*}
		options="$options -s outside.address=${near%%:*}/24"
		options="$options -s portfw=tcp:$near=203.0.113.1:${end##*[=:]}"
	done
	# shellcheck disable=SC2086
	"$masqcheck" replay --wire=outside $options \
		-s inside.address=203.0.113.2/24 \
		--wire-out="inside=$work/far.pcap" "$capture" >"$work/far.log" \
		2>&1
}
# found CAPTURE PROFILE HELPER SETTINGS: prints children/edits.
found()
{
	options="-s profile=$2 -s helper.$3=default"
	for setting in $4; do options="$options -s $setting"; done
	if [ -e "$work/far.pcap" ]; then
		options="$options --outside=$work/far.pcap"
		options="$options -s outside.mac=02:00:00:00:00:81"
	else
		options="$options --wire=inside"
	fi
	# shellcheck disable=SC2086
	"$masqcheck" replay $router $options "$1" >"$work/log" 2>"$work/err" ||
		return 1
	awk '$1 == "entries.of-helpers" { children = $2 }
		$1 == "payloads.edited" { edits = $2 }
		END { print children "/" edits }' "$work/log"
}

failed=0
complain()
{
	printf '%s\n' "$1"
	failed=1
}

files=0
while IFS='	' read -r file helper settings far linux fixed remark; do
	case $file in '#'* | '') continue ;; esac
	capture=$MASQCHECK_TRAFFIC/$file
	if [ ! -r "$capture" ]; then
		complain "$file: is not there"
		continue
	fi
	rm -f "$work/far.pcap"
	# shellcheck disable=SC2086
	if [ "$far" != - ] && ! far_side "$capture" $far; then
		complain "$file: the far side: $(cat "$work/far.log")"
		continue
	fi
	for pair in "linux-2.2 $linux" "linux-2.2-fixed $fixed"; do
		profile=${pair% *}
		expected=${pair#* }
		got=$(found "$capture" "$profile" "$helper" "$settings") || {
			complain "$file ($profile): $(cat "$work/err")"
			continue
		}
		[ "$got" = "$expected" ] || complain \
			"$file ($profile, $settings): $got entries/edits, not $expected ($remark)"
	done
	files=$((files + 1))
done <"$table"

[ $failed -eq 0 ] && echo "traffic: $files rows as counted"
exit $failed
