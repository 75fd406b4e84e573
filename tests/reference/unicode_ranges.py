#!/usr/bin/env python3
"""unicode_ranges.py HEADER: writes include/vlpt/io/tokenizer/unicode_ranges.hpp.

Which code points the parts of Hugging Face's `tokenizers` take for letters, marks and so on is asked
of the package itself: its regular expressions, its BERT classes and its normal forms each know
another version of Unicode. `unicodedata2` says which characters newer versions can decompose.
"""
import sys
import textwrap

import unicodedata2
from tokenizers import Regex, normalizers, pre_tokenizers

CODES = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def matches(pattern):
    """The code points that a regular expression matches."""
    split = pre_tokenizers.Split(Regex(pattern), "removed", invert=False)
    found = set()
    for i in range(0, len(CODES), 4096):
        chunk = CODES[i : i + 4096]
        left = set()
        for _, (start, end) in split.pre_tokenize_str("".join(map(chr, chunk))):
            left.update(range(start, end))
        found.update(c for k, c in enumerate(chunk) if k not in left)
    return found


def bert(**flags):
    all_off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**all_off, **flags}).normalize_str


def newer():
    """Code points that later normal forms change or reorder, and these do not."""
    nfd, nfc = normalizers.NFD().normalize_str, normalizers.NFC().normalize_str
    found = set()
    for c in CODES:
        ch = chr(c)
        parts = unicodedata2.normalize("NFD", ch)
        order = unicodedata2.combining(ch)
        pair = "a\u0301" + ch if order < 230 else "a" + ch + "\u0316"
        same = nfc(ch) == unicodedata2.normalize("NFC", ch) and nfd(ch) == parts
        same = same and nfc(parts) == unicodedata2.normalize("NFC", parts)
        same = same and (order == 0 or nfd(pair) == unicodedata2.normalize("NFD", pair))
        if same:
            continue
        assert nfd(ch) == ch and nfd("a\u0301" + ch + "\u0316") == "a\u0301" + ch + "\u0316", hex(c)
        found.add(c)
        first = unicodedata2.decomposition(ch).split(" ")[0]
        if first and not first.startswith("<"):  # the pair must not be composed either
            found.add(int(first, 16))
    return found


def steps(codes):
    """How far it is from each edge (first inside, first outside, ...) to the next one."""
    edges = [c for c in range(0x110001) if (c in codes) != (c - 1 in codes)]
    return [b - a for a, b in zip([0] + edges, edges)]


split_bert = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
tables = {
    "letters": ("\\p{L} of the regular expressions", matches(r"\p{L}")),
    "numbers": ("\\p{N} of the regular expressions", matches(r"\p{N}")),
    "spaces": ("White space, the same for all", matches(r"\s")),
    "dropped": (
        "What BERT's cleaning drops: control, format and private characters, U+FFFD",
        {c for c in CODES if bert(clean_text=True)(chr(c)) == ""},
    ),
    "punctuation": (
        "What BERT splits off as punctuation",
        {c for c in CODES if len(split_bert("a" + chr(c) + "a")) == 3},
    ),
    "marks": (
        "What BERT strips as an accent: non-spacing marks",
        {c for c in CODES if bert(strip_accents=True)(chr(c)) == ""},
    ),
    "newer": ("What newer normal forms change or reorder, and the reference leaves alone", newer()),
}
out = """#pragma once
#include <cstdint>

// Written by tests/reference/unicode_ranges.py with tokenizers 0.23: code points as that package knows
// them. Each number is the distance to the next edge: first inside, first outside, first inside, ...
namespace vlpt::io::unicode_ranges {

"""
for name, (what, codes) in tables.items():
    words = ", ".join(map(str, steps(codes)))
    lines = textwrap.wrap(words, 96)
    body = "\n".join("    " + line for line in lines)
    out += f"/// {what}.\ninline constexpr std::uint32_t {name}[] = {{\n{body}}};\n\n"
out += "}  // namespace vlpt::io::unicode_ranges\n"
with open(sys.argv[1], "w") as file:
    file.write(out)
