#!/bin/sh
# tidy.sh ROOT CLANG_TIDY BUILD: runs clang-tidy on every header, two at a time.
cd "$1" || exit 2
find "$3/headers" -name '*.cpp' | sort |
  xargs -P 2 -n 1 "$2" -p "$3/.." --quiet --extra-arg=-Wno-unknown-warning-option --warnings-as-errors='*' --header-filter='/include/vlpt/'
