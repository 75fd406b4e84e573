#!/bin/sh
# run.sh SECONDS [FORMAT...]: builds the fuzzers (preset fuzz) and runs each of them for so long, in
# turn, from tests/fuzz/corpus/FORMAT. What they learn is kept in build/fuzz/learnt, inputs that
# broke something in build/fuzz/findings. Prints a table; exits 1 where there is a finding, or where
# a fuzzer ended without a count of what it did (its log is build/fuzz/FORMAT.log).
cd "$(dirname "$0")/../.." || exit 2
seconds=${1:?usage: tests/fuzz/run.sh SECONDS [FORMAT...]}
shift
# shellcheck disable=SC2046  # a word a format
[ $# -gt 0 ] || set -- $(find tests/fuzz -name '*.cpp' ! -name libfuzzer.cpp ! -name replay.cpp |
  sort | sed 's|.*/||; s|\.cpp$||')

mkdir -p build/fuzz
cmake --preset fuzz >build/fuzz/configure.log || exit 2
for format; do
  cmake --build --preset fuzz --target "fuzz_$format" >&2 || exit 2
done

[ -d /dev/shm ] && TMPDIR=${TMPDIR:-/dev/shm} && export TMPDIR  # inputs are files: keep them in memory
found=0
table=build/fuzz/table.md
{
  echo '| format | seconds | executions | coverage (edges) | findings |'
  echo '|---|--:|--:|--:|--:|'
} >$table
for format; do
  learnt=build/fuzz/learnt/$format findings=build/fuzz/findings/$format log=build/fuzz/$format.log
  mkdir -p "$learnt" "$findings"
  build/fuzz/tests/fuzz/fuzz_"$format" "$learnt" "tests/fuzz/corpus/$format" \
    -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$findings/" >"$log" 2>&1
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  count=$(find "$findings" -type f | wc -l)
  { [ "$count" -eq 0 ] && [ -n "$executions" ]; } || found=1
  echo "| $format | $seconds | ${executions:-?} | ${coverage:-?} | $count |" | tee -a $table >&2
done
cat $table
exit $found
