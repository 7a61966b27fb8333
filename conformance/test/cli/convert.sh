#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# convert.sh - masqcheck convert: cases to captures and back
. "$(dirname "$0")/lib.sh"

source=$tests/../../cases/linux22/language
captures=$tests/../../../pcaps/linux-2.2.26

# A case, its capture, and the case of that.
run 0 convert "$source/ftp-port.case" ftp.pcap
has ftp.conf "helper.ftp = default"
run 0 diff --exact ref:linux-2.2 capture:ftp.pcap
run 0 convert ftp.pcap ftp.case
has ftp.case "gets exactly tcp 203.0.113.1:61000"
has ftp.case "PORT 203,0,113,1,238,73"
run 0 convert ftp.case again.pcap
cmp -s ftp.pcap again.pcap || fail "a capture changed on its way"
run 2 convert "$source/icmp-quote.case" x.pcap
has err "holds 6 cases"
run 0 convert "$source/icmp-quote.case" q.pcap \
	--id icmp-quote/unreachable/port/28
run 2 convert ftp.case other.case
run 2 convert ftp.pcap other.pcap
run 2 convert ftp.pcap
run 3 convert missing.pcap x.case
run 3 convert missing.case x.pcap
absent x.case x.case.new x.pcap

# Real captures: the case passes, and gives the capture again.
mkdir cases
for name in ftp-active core-frag-overlap core-ip-options core-badsum-ip \
	core-mtu-df e2e-ping core-nanosecond cuseeme-basic; do
	[ -e "$captures/$name.pcap" ] || continue
	run 0 convert "$captures/$name.pcap" cases/$name.case
	run 0 convert cases/$name.case $name.pcap --engine ref:linux-2.2
	run 0 diff --exact "capture:$captures/$name.pcap" capture:$name.pcap
done
run 0 run --cases cases --engine ref:linux-2.2
has out "PASS"
finish
