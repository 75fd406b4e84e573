#!/usr/bin/env python3
"""features.py PROGRAM [--large] [--only NAME...]: the vlpt program on folders of models as users have
them (features_folders.py), against what transformers, open_clip and timm make of the same pictures
and texts through their own processors and tokenizers. Prints a table of the largest errors, each
relative to the largest magnitude; exits 1 where one is above 2e-4, 77 where packages are missing.

--large adds a CLIP of the real B/32 size.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings
import zlib

warnings.filterwarnings("ignore")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
try:
    import numpy as np
    import PIL
    import torch
    import transformers
    from PIL import Image

    from features_folders import FOLDERS, LARGE
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

if int(PIL.__version__.split(".")[0]) >= 13:
    # It may scale down first, which models were trained without: across first, as it was up to 12.
    scale = Image.Image.resize

    def resize(self, size, *how, **more):
        return scale(scale(self, (size[0], self.height), *how, **more), size, *how, **more)

    Image.Image.resize = resize

TOLERANCE = 2e-4
TEXTS = ["a photo of a cat", "Two dogs, asleep on the sofa!", "naïve café 🙂 o'clock",
         "what colour is the third car in the second row of the street behind the old town hall, and whose?"]
# width, height, mode, ending
PICTURES = [(97, 61, "RGB", "png"), (40, 130, "L", "png"), (64, 64, "RGB", "jpg"), (31, 23, "P", "png")]


def pictures(folder):
    """Smooth noise of odd sizes and kinds: files, and what Pillow reads from them."""
    files, random = [], np.random.default_rng(3)
    for i, (width, height, mode, ending) in enumerate(PICTURES):
        y, x, c = np.mgrid[0:height, 0:width, 0:3]
        waves = np.sin(x / (5 + 2 * i) + c) + np.cos(y / 7 - c * i) + random.normal(0, 0.2, x.shape)
        image = Image.fromarray(np.clip((waves + 2.5) * 51, 0, 255).astype(np.uint8))
        files.append(folder / f"{i}.{ending}")
        image.convert(mode).save(files[-1], **({"quality": 90} if ending == "jpg" else {}))
    return files, [Image.open(f).convert("RGB") for f in files]


class Vlpt:
    def __init__(self, program):
        self.program = program

    def __call__(self, *arguments, warns=False):
        done = subprocess.run([self.program, *map(str, arguments), "--json"], capture_output=True, text=True)
        if done.returncode != 0 or (done.stderr and not warns):
            raise AssertionError(f"exit {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)


def error(got, expected):
    expected = expected.double()
    got = torch.tensor(got, dtype=torch.float64)
    if got.shape != expected.shape:
        raise AssertionError(f"shape {tuple(got.shape)}, not {tuple(expected.shape)}")
    return ((got - expected).abs().max() / expected.abs().max()).item()


def predicted(answer, classes):
    """The probabilities that `vlpt predict` names, a row each picture, in the order of the classes."""
    rows = [{one["class"]: one["probability"] for one in image["top"]} for image in answer["images"]]
    return [[row[name] for name in classes] for row in rows]


def each(option, values):
    return [part for value in values for part in (option, value)]


def compare(vlpt, folder, path, files, images):
    """{what: error} of one folder; AssertionError says what else is wrong."""
    expected = folder.answer(path, images, TEXTS)
    names = list(expected.pop("classes", {}).values())
    ask = ["features", "--model", path]
    if "image_features" in expected:
        ask += each("--image", files)
    if folder.pairs or "text_features" in expected:
        ask += each("--text", TEXTS)
    got = vlpt(*ask, warns=True)  # the last text is longer than the smallest contexts
    if set(got) - {"model"} != set(expected) - {"probabilities"}:
        raise AssertionError(f"it gives {sorted(got)}, not {sorted(expected)}")
    errors = {what: error(got[what], values) for what, values in expected.items() if what != "probabilities"}
    if names:
        answer = vlpt("predict", *files, "--model", path, "--top-k", len(names))
        errors["probabilities"] = error(predicted(answer, names), expected["probabilities"])
    if "logits_per_image" in expected:
        answer = vlpt("predict", *files, "--model", path, "--top-k", len(TEXTS), *each("--text", TEXTS), warns=True)
        errors["probabilities"] = error(predicted(answer, TEXTS), expected["logits_per_image"].softmax(-1))
    seen = vlpt("inspect", path)
    facts = seen["says"].get("facts")
    if not facts or len(seen["fingerprint"]) != 64 or seen["parameters"] <= 0:
        raise AssertionError(f"inspect says {json.dumps(seen['says'])}")
    return errors, seen["says"]["family"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("program")
    arguments.add_argument("--large", action="store_true")
    arguments.add_argument("--only", nargs="*", default=[])
    arguments.add_argument("--keep", help="make the folders here and leave them")
    o = arguments.parse_args()
    torch.set_grad_enabled(False)
    transformers.utils.logging.disable_progress_bar()
    vlpt, bad = Vlpt(o.program), 0
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(o.keep or place)
        place.mkdir(parents=True, exist_ok=True)
        files, images = pictures(place)
        print("| folder | family | largest error | of |\n|---|---|---|---|")
        for folder in FOLDERS + (LARGE if o.large else []):
            if o.only and folder.name not in o.only:
                continue
            torch.manual_seed(zlib.crc32(folder.name.encode()))
            path = place / folder.name
            try:
                if not path.exists():
                    path.mkdir()
                    folder.build(path)
                errors, family = compare(vlpt, folder, path, files, images)
                worst = max(errors, key=errors.get)
                fails = errors[worst] > TOLERANCE
                print(f"| {folder.name} | {family} | {errors[worst]:.1e} | {worst} |{' FAILED' if fails else ''}",
                      flush=True)
            except AssertionError as why:
                fails = True
                print(f"| {folder.name} | FAILED | {why} | |", flush=True)
            bad += fails
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
