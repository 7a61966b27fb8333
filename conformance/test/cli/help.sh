#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# help.sh - help texts, the version, usage errors, output that fails
. "$(dirname "$0")/lib.sh"

run 0 --version
has out "masqcheck "
run 0 --help
has out "replay"
has out "Exit codes"
run 0 --usage
run 2
run 2 no-such-command
has err "there is no command"
run 2 --no-such-option

for command in run list explain baseline convert replay diff show bench \
	report help; do
	run 0 $command --help
	has out "Usage: masqcheck $command"
	run 0 $command --usage
	run 0 help $command
	has out "Usage: masqcheck $command"
	run 2 $command --no-such-option
	has err "unrecognized option"
done

run 0 help
has out "unpredictable"
run 0 help config
has out "udp-dloose"
has out "quirk.NAME"
run 0 replay --help-config
has out "value: octets, 68..65535"
run 0 help quirks
has out "ttl-quote"
run 0 help engines
has out "capture:FILE"
run 0 help invariants
has out "INV-09 checksums"
has out "CORE-SUR-A01"
run 0 help unpredictable
has out "CORE-RICMP-02"
run 2 help no-such-topic
has err "there is no command or topic"
run 2 help config diff

# Output that does not get out is a failure.
if [ -w /dev/full ]; then
	"$masqcheck" help config >/dev/full 2>err
	code=$?
	[ $code -eq 3 ] || fail "full disk: exit $code"
	has err "standard output"
fi
"$masqcheck" help config >&- 2>err
code=$?
[ $code -eq 3 ] || fail "closed output: exit $code"
finish
