#!/usr/bin/env python3
"""tokenizer_fixtures.py: writes tests/io/fixtures/tokenizers: small vocabularies trained on this
repository's pages, some hundred mixed lines, and their numbers by Hugging Face's fast tokenizers."""
import json
import pathlib
import random

from tokenizer_ids import byte_letters, line, write_pairs
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import BertTokenizerFast, CLIPTokenizerFast, RobertaTokenizerFast

HERE = pathlib.Path(__file__).resolve().parents[2]
TO = HERE / "tests/io/fixtures/tokenizers"
PAGES = [str(p) for p in sorted([HERE / "README.md", HERE / "CONTRIBUTING.md", *HERE.glob("docs/*.md")])]
WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
LETTERS = list(byte_letters().values())


def trained(model, trainer, normalizer, words):
    t = Tokenizer(model)
    if normalizer:
        t.normalizer = normalizer
    t.pre_tokenizer = words
    t.train(PAGES, trainer)
    found = json.loads(t.to_str())["model"]
    merges = [m if isinstance(m, list) else m.split(" ") for m in found.get("merges", [])]
    return sorted(found["vocab"], key=found["vocab"].get), merges


def save(kind, folder, texts, whole):
    reference = kind.from_pretrained(folder)
    reference.backend_tokenizer.no_truncation()
    if whole:  # the other fixtures are vocabulary files alone
        for file in folder.iterdir():
            file.unlink()
        state = json.loads(reference.backend_tokenizer.to_str())
        (folder / "tokenizer.json").write_text(json.dumps(state, ensure_ascii=False, separators=(",", ":")))
    ids = [reference(t).input_ids for t in texts]
    (folder / "expected.txt").write_text("".join(" ".join(map(str, row)) + "\n" for row in ids))


def main():
    random_ = random.Random(5)
    texts = [""] + [t for t in (line(random_) for _ in range(700)) if len(t) < 120][:260]
    TO.mkdir(parents=True, exist_ok=True)
    (TO / "texts.json").write_text("[\n" + ",\n".join(json.dumps(t) for t in texts) + "\n]\n")

    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    split = pre_tokenizers.Split(Regex(WORDS), "removed", invert=True)
    normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    # A word's last letter carries the mark of its end before anything is merged.
    trainer = trainers.BpeTrainer(vocab_size=1100, end_of_word_suffix="</w>", show_progress=False)
    _, merges = trained(models.BPE(), trainer, normalizer, pre_tokenizers.Sequence([split, byte_level]))
    tokens = LETTERS + [x + "</w>" for x in LETTERS]
    kept = []
    for a, b in merges:
        if a in tokens and b in tokens and a + b not in tokens:
            kept.append((a, b))
            tokens.append(a + b)
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    write_pairs(TO / "clip", {t: i for i, t in enumerate(tokens)}, kept)
    save(CLIPTokenizerFast, TO / "clip", texts, False)

    trainer = trainers.BpeTrainer(vocab_size=800, initial_alphabet=LETTERS, show_progress=False)
    order, merges = trained(models.BPE(), trainer, None, byte_level)
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *order, "<mask>"]
    write_pairs(TO / "roberta", {t: i for i, t in enumerate(tokens)}, merges)
    mask = {"__type": "AddedToken", "content": "<mask>", "lstrip": True, "normalized": False}
    (TO / "roberta/tokenizer_config.json").write_text(json.dumps({"mask_token": mask}) + "\n")
    save(RobertaTokenizerFast, TO / "roberta", texts, True)

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=1200, special_tokens=special, show_progress=False)
    order, _ = trained(
        models.WordPiece(unk_token="[UNK]"), trainer, normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    )
    (TO / "bert").mkdir()
    (TO / "bert/vocab.txt").write_text("".join(t + "\n" for t in order), "utf-8")
    save(BertTokenizerFast, TO / "bert", texts, False)


if __name__ == "__main__":
    main()
