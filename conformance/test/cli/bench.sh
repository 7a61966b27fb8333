#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bench.sh - masqcheck bench: that it runs, not how fast
. "$(dirname "$0")/lib.sh"

capture basic
capture outside-only
capture empty
export TMPDIR="$dir"

run 0 bench --rounds 1 --workload udp-10000
has out "udp-10000"
has out "medians of 1 rounds"
lacks out "tcp-64"
run 0 bench --rounds 1
has out "full-table"
run 0 bench --rounds 2 --replay --packets 20000
has out "20000 stimuli, medians of 2 rounds"
has out "engine alone"
run 0 bench --rounds 1 basic.pcap
has out "5 stimuli"
run 3 bench empty.pcap
has err "no stimuli"
run 3 bench missing.pcap
absent masqcheck-bench-*

run 2 bench --rounds 0
run 2 bench --rounds 102
run 2 bench --packets x
run 2 bench --workload nothing
run 2 bench --engine nothing
run 2 bench --engine nothing basic.pcap
run 2 bench basic.pcap basic.pcap
run 2 bench --set nothing=1
# The workloads need the default topology.
run 3 bench --rounds 1 --workload tcp-64 --set masq=none
has err "cannot be set up"
TMPDIR=/nowhere
run 3 bench basic.pcap
finish
