#!/bin/sh
# papers.sh PROGRAM: the last table of docs/papers.md, which needs fvcore to be written anew, still says
# what `vlpt cost` counts.
set -u
page=$(cd "$(dirname "$0")/../.." && pwd)/docs/papers.md || exit 1
. "$(dirname "$0")/expect"

# ARCH|POLICY|SKIP|FVCORE|VLPT|DIFFERENCE of every line
sed -n '/^## An independent count/,$p' "$page" | grep '^| [a-z0-9-]* | [a-z]' |
  sed -e '/^| architecture/d' -e 's/^| //; s/ | /|/g' \
    -e 's/^\([^|]*|[^|,]*\)|/\1, skips |/; s/, skips /|/' |
  awk -F'|' -v OFS='|' '{ for (i = 4; i <= 6; ++i) gsub(" ", "", $i); print $1, $2, $3, $4, $5, $6 }' \
    > table
[ "$(wc -l < table)" -ge 20 ] || wrong "docs/papers.md has no table of an independent count"

while IFS='|' read -r arch policy skip fvcore vlpt difference; do
  case $arch in
    vilt*) sizes='--text 40 --image 201' ;;
    meter*) sizes='--text 40 --image 577' ;;
    *) sizes= ;;
  esac
  expect_json macs cost --arch "$arch" --prompt "$policy" --prompts 200 $sizes ${skip:+--skip "$skip"} \
    --convention fvcore
  grep -q "\"macs\": $vlpt,\{0,1\}\$" stdout ||
    wrong "docs/papers.md has $vlpt, vlpt cost $(grep '"macs":' stdout): $arch, $policy $skip"
  [ "$((fvcore - vlpt))" = "$difference" ] || wrong "docs/papers.md: $fvcore - $vlpt is not $difference"
done < table

verdict
