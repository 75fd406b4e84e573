"""Makes the tokenizer of examples/models/tiny-clip: byte-level BPE as CLIP's, trained on the words of
its pretraining captions alone (no name of a held-out task among them).

    python3 tests/reference/tiny_clip_tokenizer.py examples/models/tiny-clip

Needs the packages tokenizers and (to check the result) transformers; exits 77 where they are missing.
"""
import json
import pathlib
import sys

try:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import CLIPTokenizerFast
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

EMOJI = "/usr/share/unicode/emoji/emoji-test.txt"
SIZE = 1400
HELD_OUT = {"Animals & Nature", "Food & Drink", "Flags"}
GARMENTS = ["t-shirt", "top", "trouser", "pullover", "dress", "coat"]
COLOURS = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "grey", "black"]
KINDS = """building, place of worship, landscape, map, vehicle, boat, aircraft, clock, weather, sky
clothing, sound, music, musical instrument, phone, computer, light, video, book, money, mail, writing, office,
lock, tool, science, medicine, household, game, sport, party, medal, arts, arrow, sign, button, letter, shape,
zodiac, religion, face, smiling face, sad face, hand, person, family, heart, cat, body"""
WORDS = "a an emoji of a picture of a drawing of a photo of , a kind of"


def names():
    """The pretraining emoji of one character, as io/dataset/emoji_names.hpp reads them."""
    group, seen = "", 0
    for line in open(EMOJI, encoding="utf-8"):
        line = line.strip()
        if line.startswith("# group:"):
            group = line[8:].strip()
        if not line or line.startswith("#"):
            continue
        codes, rest = line.split(";", 1)
        status, rest = rest.split("#", 1)
        codes = [c for c in codes.split() if c != "FE0F"]
        if status.strip() != "fully-qualified" or len(codes) != 1 or group in HELD_OUT:
            continue
        seen += 1
        if (seen - 1) % 20 != 7:  # those are for the retrieval figure
            yield rest.strip().split(" ", 2)[2].replace("\u2019", "'")


def main(folder):
    corpus = list(names()) + [f"{c} {g}" for c in COLOURS for g in GARMENTS] * 4
    corpus += [KINDS] * 8 + [WORDS] * 64
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    words = Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(words, behavior="removed", invert=True),
         pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    # The alphabet that the trainer counts is not CLIP's: ask for more merges than needed.
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=2 * SIZE, end_of_word_suffix="</w>", show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    merges = json.loads(tokenizer.to_str())["model"]["merges"]

    # CLIP's order: the bytes (printable ones first), the bytes that end a word, merges, specials.
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in printable]
    alphabet = [chr(b) for b in printable] + [chr(256 + i) for i in range(len(others))]
    vocabulary = alphabet + [c + "</w>" for c in alphabet]
    kept = []
    for left, right in merges:
        if len(vocabulary) == SIZE - 2:
            break
        vocabulary.append(left + right)
        kept.append(f"{left} {right}")
    vocabulary += ["<|startoftext|>", "<|endoftext|>"]
    assert len(set(vocabulary)) == len(vocabulary) == SIZE, len(vocabulary)

    def write(name, text):
        (folder / name).write_text(text, encoding="utf-8")

    write("vocab.json", json.dumps({t: i for i, t in enumerate(vocabulary)}, ensure_ascii=False) + "\n")
    write("merges.txt", "#version: 0.2\n" + "\n".join(kept) + "\n")
    write("tokenizer_config.json", json.dumps({
        "tokenizer_class": "CLIPTokenizer", "do_lower_case": True, "model_max_length": 24,
        "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>"}, indent=2) + "\n")
    made = CLIPTokenizerFast.from_pretrained(folder)
    lengths = [len(made(f"a picture of {n}")["input_ids"]) for n in names()]
    print(f"{len(made)} tokens, {len(kept)} merges; captions of {min(lengths)} to {max(lengths)} tokens, "
          f"{sum(lengths) / len(lengths):.1f} on average")
    print(made.convert_ids_to_tokens(made("a picture of twelve o'clock, a kind of clock")["input_ids"]))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
