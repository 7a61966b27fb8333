#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# planted.sh ROOT - every planted fault applies to the tree as it is now, and
# the list says what each is
set -eu
root=$(CDPATH="" cd -- "$1" && pwd)
folder=$root/fuzz/planted
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain()
{
	printf '%s\n' "$1"
	failed=1
}

command -v patch >/dev/null 2>&1 || {
	echo "patch is not installed (Debian: patch)"
	exit 77
}

grep -v '^#' "$folder/planted.tsv" | cut -f 1 | sort >"$work/listed"
for file in "$folder"/*.patch; do
	basename "$file" .patch
done | sort >"$work/there"
cmp -s "$work/listed" "$work/there" || {
	diff "$work/listed" "$work/there" || true
	complain "planted.tsv does not list just the patches that are there"
}

while read -r name; do
	mkdir "$work/tree"
	cp -r "$root/ref" "$root/helpers" "$work/tree/"
	patch -p1 -s -F0 -d "$work/tree" -i "$folder/$name.patch" \
		>"$work/said" 2>&1 ||
		complain "$name.patch does not apply: $(head -n 1 "$work/said")"
	# It changes the code that it says it does, and that is built.
	! diff -rq "$root/ref" "$work/tree/ref" >/dev/null ||
		! diff -rq "$root/helpers" "$work/tree/helpers" >/dev/null ||
		complain "$name.patch changes nothing"
	rm -rf "$work/tree"
done <"$work/there"

awk -F '\t' '
!/^#/ {
	num++
	areas[$2]++
	if (NF != 5 || ($3 != "memory" && $3 != "semantic") || $5 == "")
		bad = bad "\n" $0
}
END {
	wanted = "core icmp fragments sequence timers ftp irc quake raudio" \
		" vdolive cuseeme"
	split(wanted, list, " ")
	for (i in list)
		if (!(list[i] in areas))
			bad = bad "\nno fault in area " list[i]
	if (num < 36)
		bad = bad "\nonly " num " faults"
	if (bad != "") {
		print "planted.tsv:" bad
		exit 1
	}
}' "$folder/planted.tsv" || failed=1

exit "$failed"
