#!/bin/sh
# spills.sh LIBRARY: no register tile of vlpt::packed keeps a sum in memory. Of every tile's function
# the loop over the depth is looked at: it must be there, and read or write no vector on the stack.
# 77: skipped, with a word.
command -v objdump > /dev/null 2>&1 || { echo "skipped: no objdump" && exit 77; }
objdump -f "$1" | grep -q x86-64 || { echo "skipped: no kernels for this processor" && exit 77; }
objdump -d -C --no-show-raw-insn "$1" | awk '
  function address(hex,   i, n) {
    n = 0
    for (i = 1; i <= length(hex); ++i) n = n * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
    return n
  }
  # The function that ends here: a loop is what a jump back leaps over.
  function judge(   i, j, sums, stack) {
    if (name == "") return
    ++tiles
    found = 0
    stack_at = framed ? "\\(%r[sb]p" : "\\(%rsp"  # without a frame, rbp is a register like others
    for (i = 1; i <= count; ++i) {
      if (to[i] == "" || to[i] >= at[i]) continue
      sums = stack = 0
      for (j = 1; j <= i; ++j)
        if (at[j] >= to[i]) {
          if (what[j] ~ /^(vfmadd|vdpbf16ps|vpdpbusd)/) ++sums
          if (what[j] ~ stack_at && what[j] ~ /%[yz]mm/) ++stack
        }
      if (sums == 0) continue
      found = 1
      if (stack > 0) { print name ": " stack " vectors on the stack in its loop"; bad = 1 }
    }
    if (!found) { print name ": no loop of sums found"; bad = 1 }
    name = ""
  }
  /^[0-9a-f]+ <.*>:$/ {
    judge()
    if ($0 ~ /(pair_|quad_|::)tile<[0-9]+, [0-9]+/) name = $0
    count = framed = 0
    next
  }
  name != "" && /^ +[0-9a-f]+:/ {
    ++count
    hex = $1; sub(":", "", hex); at[count] = address(hex)
    what[count] = $0; sub(/^ +[0-9a-f]+:[ \t]+/, "", what[count])
    if (what[count] ~ /^mov +%rsp,%rbp/) framed = 1
    to[count] = ""
    if (what[count] ~ /^j[a-z]+ /) { split(what[count], jump, /[ \t]+/); to[count] = address(jump[2]) }
  }
  END {
    judge()
    print tiles " tiles"
    exit bad || tiles < 200
  }'
