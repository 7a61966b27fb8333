#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# probe.sh - masqcheck probe
. "$(dirname "$0")/lib.sh"

run 0 probe --engine ref:linux-2.2
has out "UDP, no answer yet                   300 s"
has out "Range of external ports              61000-65095"
has out "RFC4787-REQ-1"
lacks out "sends"
run 0 probe
has out "UDP mapping"

# One question with its packets, in words of the case language.
run 0 probe --engine ref --evidence filtering.tcp
has out "filtering"
has out "inside  sends tcp 192.168.1.10:5000 > 198.51.100.1:53 S"
has out "outside gets  tcp 203.0.113.1:61000 > 198.51.100.1:53 S"
lacks out "mapping.udp"

run 0 probe --timers --set timeout.udp=30
has out "30 s"
lacks out "UDP mapping"

# For tools.
run 0 probe --json 'ports.*'
has out '"id": "ports.range"'
has out '"value": "61000-65095"'
has out '"kind": "stimulus"'
run 0 probe --list
has out "helpers.ftp-port"

# Errors.
run 4 probe nothing
has err "--list"
run 2 probe --engine none
run 2 probe --set timeout.udp=x
run 2 probe a b
run 3 probe --engine capture:missing.pcap
finish
