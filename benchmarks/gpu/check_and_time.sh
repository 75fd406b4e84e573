#!/bin/sh
# check_and_time.sh [HEADERS]: builds vlpt::cuda for the GPU of this machine, runs its tests, under
# compute-sanitizer too where there is one, and prints one table of times beside PyTorch's. It needs nvcc,
# CMake, a GPU, and HEADERS, a folder with boost/ and Eigen/ or eigen3/Eigen/, and with nlohmann/ for the
# golden files (else /usr/include); Python with PyTorch for the second half of the table. No network;
# under 8 minutes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
headers=${1:-/usr/include}
build=${VLPT_GPU_BUILD:-$here/../../build/gpu}
python=${VLPT_PYTHON:-python3}
seconds=${VLPT_GPU_SECONDS:-1}  # of a work
begun=$(date +%s)
say() { echo "[$(($(date +%s) - begun)) s] $*"; }

command -v nvidia-smi >/dev/null || { echo "check_and_time.sh: there is no nvidia-smi" >&2; exit 77; }
nvidia-smi --query-gpu=name,driver_version,compute_cap,clocks.max.sm,power.limit --format=csv,noheader
capability=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader | head -n 1 | tr -d '. ')

mkdir -p "$build"
beside=
if "$python" -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then
  beside=yes
  export TORCHINDUCTOR_CACHE_DIR="$build/inductor" TORCHINDUCTOR_FX_GRAPH_CACHE=1
  "$python" "$here/pytorch.py" 0 150 --warm >"$build/warm.log" 2>&1 &  # beside the build
  warming=$!
else
  echo "no PyTorch that finds the GPU: vlpt alone"
fi

say "building for compute capability $capability"
cmake -S "$here" -B "$build" -DVLPT_HEADERS="$headers" -DVLPT_CUDA_ARCHITECTURES="$capability" >"$build/cmake.log"
cmake --build "$build" --parallel "$(nproc)" >"$build/build.log" 2>&1 || {
  tail -n 40 "$build/build.log"
  exit 1
}

say "tests"
"$build/test_cuda" --color_output=no
if [ -x "$build/golden_cuda" ]; then
  "$build/golden_cuda" >"$build/golden.log" || { tail -n 40 "$build/golden.log"; exit 1; }
  tail -n 1 "$build/golden.log"
else
  echo "golden files left out: there is no nlohmann/json.hpp in $headers"
fi
if command -v compute-sanitizer >/dev/null; then
  for tool in memcheck racecheck; do
    say "compute-sanitizer $tool"
    timeout 60 compute-sanitizer --tool $tool --error-exitcode 9 "$build/test_cuda" \
      --run_test=backend --run_test=attention --run_test=loss --color_output=no ||
      { status=$?; [ $status = 124 ] && echo "$tool: no finding in 60 seconds, not done" || exit $status; }
  done
else
  echo "no compute-sanitizer"
fi

[ -z "$beside" ] || wait $warming || echo "PyTorch compiled nothing: $build/warm.log"
say "times"
"$build/time_gpu" "$seconds" | tee "$build/vlpt.tsv"
"$build/rooflines_gpu" 0.1 | tee "$build/rooflines.tsv"
left=$((450 - $(date +%s) + begun))
[ -z "$beside" ] || "$python" "$here/pytorch.py" "$seconds" "$left" --beside "$build/vlpt.tsv"
say "done"
