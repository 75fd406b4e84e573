#!/bin/sh
# pages.sh ROOT: fails when a link of the documentation leads nowhere, or when a method's page is too long,
# lacks a part, or is missing from docs/methods.md.
cd "$1" || exit 2
wrong=$(
  for page in README.md CONTRIBUTING.md docs/*.md docs/methods/*.md examples/recipes/README.md; do
    awk '/^```/ { code = !code } !code' "$page" | grep -o ']([^)# ]*' | sed 's/^](//' | sort -u | while read -r link; do
      case $link in '' | *://*) continue ;; esac
      [ -e "$(dirname "$page")/$link" ] || echo "$page: there is no $link"
    done
  done
  for page in docs/methods/*.md; do
    name=${page#docs/}
    lines=$(wc -l < "$page")
    [ "$lines" -le 100 ] || echo "$page: $lines lines, more than 100"
    grep -q "($name)" docs/methods.md || echo "$page: docs/methods.md does not name it"
    for part in 'What the papers\{0,1\} says\{0,1\}' 'What the released code does' 'What vlpt does' Cost Example; do
      grep -q "^## $part\$" "$page" || echo "$page: there is no part \"$part\""
    done
  done
)
[ -z "$wrong" ] && exit 0
echo "$wrong"
exit 1
