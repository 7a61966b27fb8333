#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
# build.sh - the fuzz targets, as OSS-Fuzz and ClusterFuzzLite want them
#
# Gets CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE, SRC, WORK and OUT from
# there. Leaves in OUT, for each target: the program, its options, dictionary
# and seed corpus; and in OUT/lib the libraries that the machines which run
# them lack. ci/oss-fuzz-check runs it here.

source=${MASQCHECK_SOURCE:-$SRC/masqcheck}
build=$WORK/masqcheck

# An engine that is an archive is C++ inside.
link=$LIB_FUZZING_ENGINE
case $link in
-fsanitize=*) ;;
*)
	link="$link;-lstdc++"
	case ${CXXFLAGS:-} in
	*-stdlib=libc++*) link="$LIB_FUZZING_ENGINE;-lc++" ;;
	esac
	;;
esac

# All flags are those of OSS-Fuzz: no sanitizer of ours.
cmake -S "$source" -B "$build" -G Ninja \
	-DCMAKE_BUILD_TYPE=None -DBUILD_TESTING=OFF \
	-DCMAKE_C_COMPILER="$CC" -DCMAKE_C_FLAGS="${CFLAGS:-}" \
	-DCMAKE_EXE_LINKER_FLAGS="-Wl,-rpath,'\$ORIGIN/lib'" \
	-DMASQCHECK_FUZZ=libfuzzer -DMASQCHECK_FUZZ_LINK="$link"

# Those that look for nothing are only for measuring.
targets=$(ninja -C "$build" -t targets all |
	sed -n 's/^\(masqcheck-fuzz-[a-z_]*\): phony.*/\1/p' | sort -u |
	grep -vE -- '-(empty|parse|seed)$')
[ -n "$targets" ]
# shellcheck disable=SC2086
ninja -C "$build" $targets

# pack ZIP FOLDER...: the files of all of them, each once.
pack()
{
	zip_file=$1
	shift
	rm -rf "$WORK/seeds"
	mkdir -p "$WORK/seeds"
	for folder; do
		[ -d "$folder" ] || continue
		find "$folder" -type f ! -name 'README*' | sort |
			while read -r file; do
				name=$(sha1sum <"$file" | cut -c 1-40)
				cp "$file" "$WORK/seeds/$name"
			done
	done
	# Something to begin with, where nothing is committed.
	[ -n "$(ls "$WORK/seeds")" ] || printf '\n' >"$WORK/seeds/empty"
	rm -f "$zip_file"
	(cd "$WORK/seeds" && zip -q -r "$zip_file" .)
}

for program in $targets; do
	target=${program#masqcheck-fuzz-}
	cp "$build/fuzz/$program" "$OUT/"
	pack "$OUT/${program}_seed_corpus.zip" "$source/corpora/$target"
	[ ! -f "$source/fuzz/dict/$target.dict" ] ||
		cp "$source/fuzz/dict/$target.dict" "$OUT/$program.dict"
	cat >"$OUT/$program.options" <<OPTIONS
[libfuzzer]
max_len = 65536
len_control = 0
timeout = 25
OPTIONS
done

# The C library is everywhere; nothing else is.
mkdir -p "$OUT/lib"
for program in $targets; do
	ldd "$OUT/$program" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }'
done | sort -u | while read -r library; do
	case ${library##*/} in
	libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | \
		ld-linux*) ;;
	*) cp -L "$library" "$OUT/lib/" ;;
	esac
done
