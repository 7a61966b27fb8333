#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh - what "cmake --install" makes works, also where it is moved to
#
# $3 is the folder of the build.
. "$(dirname "$0")/lib.sh"
build=$3

cmake --install "$build" --prefix "$dir/made" >out 2>err ||
	fail "cmake --install: exit $?"
mv made moved
masqcheck=$dir/moved/bin/masqcheck
unset MASQCHECK_FUZZ_DIR

# The programs that only replay, with the inputs that once found something.
programs=moved/libexec/masqcheck/fuzz-regress
for target in engine helper_ftp capture; do
	[ -x "$programs/masqcheck-fuzz-$target" ] || fail "no program $target"
done
absent $programs/masqcheck-fuzz-empty $programs/masqcheck-fuzz-seed
run 0 fuzz --regress moved/share/masqcheck/corpora/helper_quake
has out "0 of "
lacks out " of 0 "

# Those that fuzz come from another build, into a folder of their own.
run 3 fuzz --time 1s
has err "cmake --install build/fuzz-libfuzzer --prefix PREFIX"
programs=moved/libexec/masqcheck/fuzz-libfuzzer
mkdir -p $programs moved/share/masqcheck/corpora/text/seed
echo one >moved/share/masqcheck/corpora/text/seed/one
echo '"word"' >moved/share/masqcheck/dict/text.dict
cp "$tests/fake_target.sh" $programs/masqcheck-fuzz-text
FAKE=well FAKE_INPUT=text FAKE_ARGS=$dir/args
export FAKE FAKE_INPUT FAKE_ARGS
run 0 fuzz --target text --time 1s
has out "text "
[ "$(ls fuzz-out/work/text/seeds)" = 000000 ] || fail "the seed was not found"
has args "-dict=$dir/moved/bin/../share/masqcheck/dict/text.dict"

# A folder that is named goes before.
mkdir mine
cp "$tests/fake_target.sh" mine/masqcheck-fuzz-mine
MASQCHECK_FUZZ_DIR=$dir/mine
export MASQCHECK_FUZZ_DIR
run 2 fuzz --target text --time 1s
run 0 fuzz --target mine --time 1s

finish
