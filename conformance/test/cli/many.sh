#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# many.sh - masqcheck diff over many cases and captures
. "$(dirname "$0")/lib.sh"
pcaps=$4

# An engine is equal to itself, over all that it can be set up for.
run 0 diff ref ref rfc4787 linux22/ftp
has out 'equal up to renaming: '
has out ' 0 different; '
lacks out 'SKIP'

# Cases, a file, a folder; broken in one way, which is found in each.
mkdir -p folder/deep
capture basic
"$masqcheck" replay basic.pcap -o folder/a.pcap || exit 99
cp folder/a.pcap folder/deep/b.pcap
echo text >folder/notes.txt
run 1 diff ref:linux-2.2 sabotage:ttl-kept folder rfc4787/req-01/udp-two-servers
has out 'folder/a.pcap: different: '
has out 'folder/deep/b.pcap: different: '
has out 'rfc4787/req-01/udp-two-servers: different: '
has out 'different: 3 inputs'
has out 'class     field:ip.ttl:translated-udp'
[ "$(grep -n 'udp-two-servers: diff' out | cut -d: -f1)" -lt \
	"$(grep -n 'folder/a.pcap: diff' out | cut -d: -f1)" ] ||
	fail "not cases first"

# Waivers: by kind, by input; what is not used is told.
cat >waive.txt <<'TXT'
field:ip.ttl:translated-* [sabotage*] {folder/*}  kept
field:ip.ttl:delivered-* [sabotage*]  kept
field:ip.ttl:own-* never
TXT
run 1 diff ref:linux-2.2 sabotage:ttl-kept --waive waive.txt folder \
	rfc4787/req-01/udp-two-servers
has out '2 but for what is waived, 1 different'
has out 'unused waiver: waive.txt:3'
run 0 diff ref:linux-2.2 sabotage:ttl-kept --waive waive.txt folder
has out 'nothing new: 2 inputs'
run 0 diff ref:linux-2.2 sabotage:ttl-kept --waive waive.txt folder --json
has out '"verdict": "waived"'
has out '"inputs_compared": 2'
run 1 diff ref:linux-2.2 sabotage:ttl-kept folder --json
has out '"actual_kind": "translated-udp"'

# Settings of a case that an engine cannot have: left out, counted.
run 0 diff ref ref --set timeout.udp=60 rfc4787/req-05 folder
run 4 diff ref ref no/such/case
has err 'no such case'
run 4 diff ref ref ref
run 4 diff exec:cat ref linux22/ftp/active
has err 'left out'
mkdir empty
run 4 diff ref ref empty
has err 'nothing was compared'

# Broken input, and what cannot be.
cp folder/a.pcap broken.pcap
printf 'garbage' >>broken.pcap
run 3 diff ref ref folder broken.pcap
has err 'broken.pcap'
run 3 diff ref ref missing.pcap
has err 'missing.pcap'
echo 'nonsense' >bad.case
run 3 diff ref ref bad.case
has err 'bad.case:1'
run 2 diff ref ref folder --input basic.pcap
run 2 diff ref ref folder --table --exact
run 2 diff ref ref folder --check
run 2 diff ref capture:folder/a.pcap folder
has err 'its own stimuli'
run 2 diff ref nosuch folder
run 2 diff ref ref folder --set no-such-key=1
run 0 diff --exact ref ref folder
finish
