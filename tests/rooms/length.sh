#!/bin/sh
# length.sh ROOT: fails when a header has more than 300 lines.
cd "$1" || exit 2
find include -name '*.hpp' -o -name '*.cuh' | sort | xargs wc -l |
  awk '$2 != "total" && $1 > 300 { print $2 ": " $1 " lines, more than 300"; bad = 1 }
       END { exit bad }'
