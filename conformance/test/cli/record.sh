#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# record - cases and captures, as an engine answers them
. "$(dirname "$0")/lib.sh"

run 0 record --engine ref rfc4787/req-01/udp-two-servers -o rec
has out '1 recorded, 0 left out'
name=rec/rfc4787-req-01-udp-two-servers
[ -s $name.pcap ] || fail "no capture"
has $name.conf '# '
has rec/MANIFEST.tsv 'rfc4787-req-01-udp-two-servers.pcap'
run 0 diff --exact ref "capture:$name.pcap"
has out equal

# A capture becomes the same capture; earlier rows stay, sorted.
mkdir in
cp $name.pcap in/again.pcap
run 0 record --engine ref in/again.pcap -o rec
cmp -s $name.pcap rec/again.pcap || fail "the recording of a recording differs"
[ "$(grep -vc '^#' rec/MANIFEST.tsv)" -eq 2 ] || fail "MANIFEST.tsv: not 2 rows"
[ "$(grep -v '^#' rec/MANIFEST.tsv | head -n 1 | cut -f1)" = again.pcap ] ||
	fail "MANIFEST.tsv is not sorted"
run 0 record --engine ref in/again.pcap -o rec
[ "$(grep -vc '^#' rec/MANIFEST.tsv)" -eq 2 ] || fail "a row came twice"

# The settings of a case go into the sidecar.
run 0 record linux22/ftp/active -o rec
has rec/linux22-ftp-active.conf 'helper.ftp = default'

# What is wrong.
run 2 record
run 2 record rfc4787/req-01
run 4 record no/such/case -o rec
run 3 record nosuch.case -o rec
run 3 record nosuch.pcap -o rec
has err nosuch.pcap
printf 'no capture' >broken.pcap
run 3 record broken.pcap -o rec
run 2 record --engine nosuch rfc4787/req-01/udp-two-servers -o rec
echo text >file
run 3 record rfc4787/req-01/udp-two-servers -o file
[ ! -e rec/nosuch.pcap ] || fail "something half-written"
finish
