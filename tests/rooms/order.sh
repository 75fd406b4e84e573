#!/bin/sh
# order.sh ROOT: fails when a header includes a later room, or is not spelled "vlpt/<room>/...".
cd "$1/include/vlpt" || exit 2
find . -name '*.hpp' -o -name '*.cuh' -o -name '*.inc' | sort | xargs awk '
  BEGIN {
    n = split("core kernels autodiff ops blocks policies models io train analysis", names, " ")
    for (i = 1; i <= n; ++i) place[names[i]] = i
  }
  function room(path) { return path ~ /\// ? substr(path, 1, index(path, "/") - 1) : "" }
  function wrong(why) { printf "include/vlpt/%s:%d: %s\n", file, FNR, why; bad = 1 }
  FNR == 1 {
    file = substr(FILENAME, 3)
    own = room(file)
    if (own != "" && !(own in place)) wrong("there is no room \"" own "\"")
  }
  /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
    split($0, part, /[<">]/)
    if (part[2] ~ /^vlpt\//) {
      if (index($0, "<")) wrong("write #include \"" part[2] "\"")
      other = room(substr(part[2], 6))
      if (own == "") next                       # vlpt.hpp, fwd.hpp and version.hpp see every room
      if (other != "" && !(other in place)) wrong("there is no room \"" other "\"")
      else if (other == "" && part[2] != "vlpt/version.hpp" && part[2] != "vlpt/fwd.hpp")
        wrong(own " includes " part[2] ", which includes every room")
      else if (other != "" && place[other] > place[own])
        wrong(own " includes " part[2] ", and " other " is a later room")
    } else if (index($0, "\"")) {
      wrong("write the whole path, \"vlpt/<room>/...\", not \"" part[2] "\"")
    }
  }
  END { exit bad }'
