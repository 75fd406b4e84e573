#!/bin/sh
# format.sh ROOT CLANG_FORMAT: fails when a C++ file is not formatted; ./run format repairs it.
cd "$1" || exit 2
git ls-files >/dev/null 2>&1 || { echo "no git checkout: skipped" && exit 77; }
git ls-files -z '*.hpp' '*.cpp' '*.cuh' '*.cu' | xargs -0 "$2" --dry-run -Werror
