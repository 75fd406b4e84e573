"""What transformers makes of examples/models/tiny-clip: writes tests/io/tiny_clip.json, which
tests/io/tiny_clip_test.cpp compares vlpt with.

    python3 tests/reference/tiny_clip.py examples/models/tiny-clip tests/io/tiny_clip.json

Loads the folder as CLIPModel and CLIPTokenizerFast. The pictures are a formula, so that both sides
have the same. Exits 77 where torch or transformers is missing.
"""
import json
import sys

try:
    import torch
    from transformers import CLIPModel, CLIPTokenizerFast
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

TEXTS = ["an emoji of red circle", "A photo of a blue dress.", "fire engine, a kind of vehicle",
         "piñata", "twelve o'clock", "an emoji of mammal."]


def pictures(count, side):
    i, c, y, x = torch.meshgrid(torch.arange(count), torch.arange(3), torch.arange(side),
                                torch.arange(side), indexing="ij")
    bytes_ = ((x * (3 + i) + y * (7 - i) + c * 60 + i * 31) * (1 + i % 2)) % 256
    return bytes_.float() / 127.5 - 1


def main(folder, out):
    model, report = CLIPModel.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    model.eval()
    assert not any(report[k] for k in ("missing_keys", "unexpected_keys", "mismatched_keys")), report
    tokenizer = CLIPTokenizerFast.from_pretrained(folder)
    ids = [tokenizer(t)["input_ids"] for t in TEXTS]
    batch = tokenizer(TEXTS, padding=True, return_tensors="pt")
    with torch.no_grad():
        got = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"],
                    pixel_values=pictures(8, model.config.vision_config.image_size))
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"texts": TEXTS, "ids": ids,
                   "logits": [[round(v, 6) for v in row] for row in got.logits_per_image.tolist()]},
                  file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")
    print(f"{len(TEXTS)} texts, logits from {got.logits_per_image.min():.3f} to "
          f"{got.logits_per_image.max():.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
