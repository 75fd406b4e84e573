#!/bin/sh
# What compiling costs, one source at a time: a table of processor seconds and peak memory for the
# headers alone, for programs of one model and of five policies (with -O2), and for every example and
# the vlpt program as the release preset compiles them. Builds into build/compile. Recorded in
# README.md beside this file.
set -eu
cd "$(dirname "$0")/../.."
build=$PWD/build/compile
export VLPT_MEASURED="$build/measured.md" CCACHE_DISABLE=1
mkdir -p "$build"
c++ -std=c++20 -O1 benchmarks/compile/measure.cpp -o "$build/measure"
cmake --preset release -B "$build" -DVLPT_BUILD_TESTS=OFF -DVLPT_BUILD_BENCHMARKS=OFF \
  -DCMAKE_CXX_COMPILER_LAUNCHER="$build/measure" >&2
printf '| source | seconds | MiB |\n|---|---:|---:|\n' >"$VLPT_MEASURED"
flags="-std=c++20 -O2 -Iinclude $(pkg-config --cflags eigen3)"
for source in headers model packed_model five_policies two_stream; do
  # shellcheck disable=SC2086  # several flags
  "$build/measure" "${CXX:-g++}" $flags -c "benchmarks/compile/$source.cpp" -o "$build/$source.o"
done
# What a program of one model comes to: its size without symbols, and what it needs at run time.
cmake --build "$build" --target vlpt_packed --parallel 1 >&2
"${CXX:-g++}" "$build/packed_model.o" "$build/libvlpt_packed.a" -Wl,--gc-sections -o "$build/packed_model"
strip "$build/packed_model"
cmake --build "$build" --clean-first --parallel 1 >&2
cat "$VLPT_MEASURED"
echo
echo "packed_model, stripped: $(wc -c <"$build/packed_model") bytes; it needs"
ldd "$build/packed_model"
