#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzz_targets.sh - masqcheck fuzz with the real target programs of libFuzzer
#
# Skipped (77) where they are not built, or there is no clang. They are taken
# from MASQCHECK_FUZZ_DIR, as ci/oss-fuzz-check does, or from the preset
# fuzz-libfuzzer. $3 is the folder of the sources.
. "$(dirname "$0")/lib.sh"
sources=$3
builds=$(cd "$(dirname "$masqcheck")/../.." && pwd)
seed=$(dirname "$masqcheck")/../fuzz/masqcheck-fuzz-seed

skip() {
	echo "$*: skipped"
	exit 77
}
folder=${MASQCHECK_FUZZ_DIR:-$builds/fuzz-libfuzzer/fuzz}
engine=$folder/masqcheck-fuzz-engine
[ -x "$engine" ] || skip "the target programs are not built"
command -v clang >/dev/null 2>&1 || skip "there is no clang"
grep -q LLVMFuzzerTestOneInput "$engine" || skip "$engine is not libFuzzer's"
MASQCHECK_FUZZ_DIR=$folder
export MASQCHECK_FUZZ_DIR

"$(dirname "$make_capture")/make_random" 1 60 random.pcap || exit 99
capture basic
mkdir seeds
"$seed" seeds random.pcap basic.pcap || exit 99

# engine NAME [OPTION...]: a stranger's NAT, built as fuzz/README.md says.
sanitize=
! grep -q __asan_init "$engine" || sanitize=,address
build() {
	name=$1
	shift
	clang -g -O1 -shared -fPIC -fsanitize=fuzzer-no-link$sanitize "$@" \
		-I"$sources/conformance/include" nat.c -o "$name.so" || exit 99
}
sed 's|^	memcpy(nat->out, p->data, len);|&\
#ifdef PLANTED\
	if (out \&\& len >= 30 \&\& p->data[9] == 17) {\
		volatile uint8_t *copy = malloc(len);\
\
		copy[len + 8] = p->data[29];\
		free((void *)copy);\
		if (sanitizer_is_missing)\
			abort();\
	}\
#endif|' "$sources/conformance/engines/template/nat.c" >nat.c
case $sanitize in
'') missing=1 ;;
*) missing=0 ;;
esac
build planted -DPLANTED -Dsanitizer_is_missing=$missing
build mended

# The planted crash is found, alone, once, in one packet. What else the little
# NAT does wrong does not hide it.
printf 'INV-*  it is a small NAT\n' >known
run 1 fuzz --engine ./planted.so --corpus seeds --known known --time 12s \
	--minimize-time 30s --out out1
has out "1 new"
has out "(1 of"
has out "nat_packet"
[ "$(ls out1/findings | wc -l)" -eq 1 ] || fail "$(ls out1/findings)"
finding=$(echo out1/findings/*)
has "$finding/report.md" "- engine: ./planted.so"
has "$finding/report.md" "udp 192.168.1."
has "$finding/repro.case" "sends udp"
# It obeys no settings: whatever the input names, it was the default router.
has "$finding/repro.conf" "default: the engine takes no settings"
lacks "$finding/repro.conf" " = "
run 0 show "$finding/repro.pcap"
has out "1 stimuli"
run 1 fuzz --regress out1/findings
has out "nat_packet"
run 0 fuzz --regress --known known --engine ./mended.so out1/findings
run 0 fuzz --engine ./planted.so --corpus seeds --known known --time 5s \
	--out out1
has out "0 new"

# A NAT that drops all, or that is none, reaches nothing; what the little one
# does is seen by its packets.
sed 's|if (translate(nat, out, p->now, len))|if (0)|' nat.c >drop.c
sed 's|if (translate(nat, out, p->now, len))|nat->out[8]--;|' nat.c >router.c
grep -q 'if (0)' drop.c && grep -q 'out\[8\]--' router.c || exit 99
for name in drop router; do
	clang -g -O1 -shared -fPIC -fsanitize=fuzzer-no-link$sanitize -w \
		-I"$sources/conformance/include" $name.c -o $name.so || exit 99
	run 3 fuzz --engine ./$name.so --corpus seeds --known known --runs 200 \
		--seed 1 --out out6
	has err "no packet shows a mapping"
	has out " 0 mappings seen, 0 answers delivered, 0 ICMP errors"
	has out "holes and timers of this engine they do not tell"
	rm -rf out6
done
run 0 fuzz --engine ./mended.so --corpus seeds --known known --runs 200 \
	--seed 1 --out out6
has out " mappings seen"
lacks out " 0 mappings seen"
lacks out "mappings made"
run 0 fuzz --engine ./mended.so --against ./mended.so --target differential \
	--corpus seeds --runs 200 --seed 1 --out out7
lacks out " 0 mappings seen"

# The reference: the same seed, the same campaign; it reaches things.
for i in a b; do
	run 0 fuzz --target engine --corpus seeds --runs 400 --seed 7 --out $i
	grep -E '^(engine|reached)' out | sed 's/ [0-9]* *\([0-9]* *[0-9]*\)$/ \1/' \
		>$i.txt
	has out "400 "
	lacks out " 0 mappings made"
done
sed -n 's/^reached: //p' a.txt >a.reached
sed -n 's/^reached: //p' b.txt >b.reached
cmp -s a.reached b.reached || fail "two campaigns of one seed differ:
$(cat a.reached b.reached)"

# A known fault becomes a finding, and the finding a case that notices it.
run 1 fuzz --target engine --engine sabotage:ttl-kept --corpus seeds \
	--runs 500 --seed 1 --minimize-time 20s --out out2
has out "INV-14/"
mkdir cases
cp "$sources"/conformance/cases/*.tsv cases/
run 3 fuzz --promote out2/findings/engine-INV-14-* --as fuzz/ttl \
	--clause NONE-SUCH --corpus corpora --cases cases
has err "expected a clause"
absent cases/fuzz/ttl.case corpora
run 0 fuzz --promote out2/findings/engine-INV-14-* --as fuzz/ttl \
	--clause RFC1812-S4.2.2.9-zero --corpus corpora --cases cases
ls corpora/engine/regress/fuzz-ttl.pcap >/dev/null 2>&1 ||
	fail "no regression input"
has cases/fuzz/ttl.case "found by fuzzing engine: INV-14"
has cases/fuzz/ttl.case "start   0.000000000"
run 0 run --cases cases --engine ref:linux-2.2-fixed fuzz/ttl
run 1 run --cases cases --engine sabotage:ttl-kept fuzz/ttl
run 0 fuzz --regress corpora

# A target may play an input on another router than it names; the finding says
# which. Here: on one with FTP, by inputs for one without.
mkdir plain
n=0
for file in seeds/*; do
	n=$((n + 1))
	cp "$file" plain/$n
	printf '\0\0\0\002' |
		dd of=plain/$n bs=1 seek=8 conv=notrunc 2>/dev/null
done
run 1 fuzz --target helper_ftp --engine sabotage:ttl-kept --corpus plain \
	--runs 300 --seed 1 --minimize-time 20s --out out5
for finding in out5/findings/*; do
	has "$finding/repro.conf" "helper.ftp = "
	lacks "$finding/report.md" "variant: 2"
	run 1 replay --check --engine sabotage:ttl-kept "$finding/repro.pcap"
	has out "INV-14"
	# It begins when the target begins to count.
	run 0 show "$finding/repro.pcap"
	has out "     1     0.000000 "
done

# The engines that cannot be.
run 3 fuzz --engine ./none.so --runs 10 --corpus seeds --out out3
has err "none.so"
echo "int x;" >no.c && clang -shared -fPIC no.c -o no.so
run 3 fuzz --engine ./no.so --runs 10 --corpus seeds --out out3
has err "has no function conf_engine()"

# AFL++, where it is and where its programs are built.
if [ -x "$builds/fuzz-afl/fuzz/masqcheck-fuzz-engine" ] &&
	command -v afl-fuzz >/dev/null 2>&1; then
	unset MASQCHECK_FUZZ_DIR
	mkdir few
	for file in $(ls seeds | head -8); do cp "seeds/$file" few; done
	run 1 fuzz --with afl++ --target engine --engine sabotage:ttl-kept \
		--corpus few --time 10s --minimize-time 20s --out out4
	has out "INV-14/"
	[ "$(ls out4/findings | wc -l)" -eq 1 ] || fail "$(ls out4/findings)"
fi

finish
