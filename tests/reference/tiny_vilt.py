"""What transformers makes of examples/models/tiny-vilt: writes tests/io/tiny_vilt.json, which
tests/io/tiny_vilt_test.cpp compares vlpt with.

    python3 tests/reference/tiny_vilt.py examples/models/tiny-vilt tests/io/tiny_vilt.json

Loads the folder as ViltModel and BertTokenizerFast. The pictures are a formula, so that both sides
have the same. Exits 77 where torch or transformers is missing.
"""
import json
import sys

try:
    import torch
    from transformers import BertTokenizerFast, ViltModel
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

TEXTS = ["what color is the shape?", "Is there not a red triangle?", "a [MASK] circle", "zebra"]


def picture(i, side):
    c, y, x = torch.meshgrid(torch.arange(3), torch.arange(side), torch.arange(side), indexing="ij")
    bytes_ = ((x * (3 + i) + y * (7 - i) + c * 60 + i * 31) * (1 + i % 2)) % 256
    return bytes_.double() / 127.5 - 1


def main(folder, out):
    model, report = ViltModel.from_pretrained(folder, dtype=torch.float64, output_loading_info=True)
    model.eval()
    assert not any(report[k] for k in ("missing_keys", "unexpected_keys", "mismatched_keys")), report
    tokenizer = BertTokenizerFast(f"{folder}/vocab.txt", do_lower_case=True)
    ids = [tokenizer(t)["input_ids"] for t in TEXTS]
    pooled = []
    with torch.no_grad():
        for i, words in enumerate(ids):
            words = torch.tensor([words])
            side = model.config.image_size
            got = model(input_ids=words, attention_mask=torch.ones_like(words),
                        token_type_ids=torch.zeros_like(words), pixel_values=picture(i, side)[None],
                        pixel_mask=torch.ones(1, side, side, dtype=torch.long))
            pooled.append([round(v, 6) for v in got.pooler_output[0].tolist()])
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"texts": TEXTS, "ids": ids, "pooled": pooled}, file, separators=(",", ":"))
        file.write("\n")
    print(f"{len(TEXTS)} texts, {len(pooled[0])} values each")


if __name__ == "__main__":
    main(*sys.argv[1:])
