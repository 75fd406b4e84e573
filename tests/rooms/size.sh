#!/bin/sh
# size.sh ROOT: fails when a tracked file has more than 8 MiB, or all together more than 60 MiB.
cd "$1" || exit 2
git ls-files >/dev/null 2>&1 || { echo "no git checkout: skipped" && exit 77; }
git ls-files -z | xargs -0 stat -c '%s %n' |
  awk '{ total += $1 }
       $1 > 8 * 1048576 { size = $1; sub(/^[0-9]+ /, ""); print $0 ": " size " bytes, more than 8 MiB"; bad = 1 }
       END {
         if (total > 60 * 1048576) { print "together " total " bytes, more than 60 MiB"; bad = 1 }
         exit bad
       }'
