#!/bin/sh
# Every code block of docs/ that names its source, as <!-- examples/tutorial.cpp [tune] -->, must be that
# section of the file, to the letter; and every ```cpp block must name one.
# usage: quotes.sh ROOT
cd "$1" || exit 2
bad=0
for page in docs/*.md docs/methods/*.md README.md; do
  plain=$(awk '/^```cpp/ && last !~ /^<!-- .* -->$/ { print NR } { last = $0 }' "$page")
  for line in $plain; do
    echo "$page:$line: a code block that names no source"
    bad=1
  done
  sed -n 's/^<!-- \([^ ]*\) \[\([a-z_]*\)\] -->$/\1 \2/p' "$page" | while read -r file part; do
    awk -v tag="<!-- $file [$part] -->" '
      $0 == tag { seen = 1; next }
      seen && /^```cpp/ { inside = 1; next }
      inside && /^```/ { exit }
      inside { print }' "$page" > "${TMPDIR:-/tmp}/vlpt-quote-page.$$"
    awk -v mark="//! [$part]" '
      index($0, mark) { inside = !inside; next }
      inside { print }' "$file" > "${TMPDIR:-/tmp}/vlpt-quote-file.$$"
    if ! [ -s "${TMPDIR:-/tmp}/vlpt-quote-file.$$" ]; then
      echo "$page: $file has no section [$part]"
      echo bad >> "${TMPDIR:-/tmp}/vlpt-quote-bad.$$"
    elif ! diff -u "${TMPDIR:-/tmp}/vlpt-quote-page.$$" "${TMPDIR:-/tmp}/vlpt-quote-file.$$"; then
      echo "$page: the quotation of $file [$part] differs"
      echo bad >> "${TMPDIR:-/tmp}/vlpt-quote-bad.$$"
    fi
  done
done
[ -e "${TMPDIR:-/tmp}/vlpt-quote-bad.$$" ] && bad=1
rm -f "${TMPDIR:-/tmp}"/vlpt-quote-*."$$"
exit $bad
