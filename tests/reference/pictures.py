#!/usr/bin/env python3
"""Compares pictures as vlpt decodes, scales and prepares them with Pillow and, where they are
installed, the image processors of Transformers and the transforms of open_clip and timm.

usage: pictures.py PROGRAM [--write tests/io/pictures]

PROGRAM is build/release/tests/reference_pictures. Pictures of every kind are made anew. With --write a
few of them, settings, and SHA-256 sums of what they become go to the folder, for a test without Python.
Exits 77 with a word where Pillow is missing, 1 where bytes differ.
"""
import csv
import hashlib
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import warnings
import zlib

warnings.filterwarnings("ignore")
try:
    import numpy as np
    import PIL
    from PIL import Image, features
except ImportError as missing:
    print(f"skipped: {missing} (pip install pillow numpy)")
    sys.exit(77)
Image.MAX_IMAGE_PIXELS = None
random = np.random.default_rng(7)


def noise(width, height, bands, top=256):
    """Smooth waves with noise: both what compresses well and what does not."""
    y, x, c = np.mgrid[0:height, 0:width, 0:bands]
    waves = np.sin(x / 9 + c) + np.cos(y / 7 - c) + random.normal(0, 0.3, x.shape)
    return np.clip((waves + 2.5) / 5 * top, 0, top - 1).astype(np.uint16 if top > 256 else np.uint8)


def chunk(kind, content):
    return (struct.pack(">I", len(content)) + kind + content
            + struct.pack(">I", zlib.crc32(kind + content)))


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def packed(samples, depth):
    """Rows of samples (height, width, bands) as a PNG keeps them, filters chosen by chance."""
    height, width, bands = samples.shape
    step, out, before = max(1, bands * depth // 8), bytearray(), None
    for row in samples.reshape(height, width * bands):
        if depth == 16:
            line = row.astype(">u2").tobytes()
        elif depth == 8:
            line = row.astype(np.uint8).tobytes()
        else:
            bits = ((row[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8)
            line = np.packbits(bits.reshape(-1)).tobytes()
        before = before or bytes(len(line))
        kind = int(random.integers(5))
        out.append(kind)
        for i, value in enumerate(line):
            a = line[i - step] if i >= step else 0
            b, c = before[i], before[i - step] if i >= step else 0
            near = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            out.append((value - (0, a, b, (a + b) // 2, near)[kind]) % 256)
        before = line
    return bytes(out)


def png(samples, depth, colour, extra=b"", interlaced=False):
    height, width, _ = samples.shape
    if interlaced:
        parts = [samples[y::dy, x::dx] for x, y, dx, dy in PASSES]
        rows = b"".join(packed(part, depth) for part in parts if part.size)
    else:
        rows = packed(samples, depth)
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))
            + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def palette(colours, transparent=0):
    values = random.integers(0, 256, 3 * colours, dtype=np.uint8).tobytes()
    out = chunk(b"PLTE", values)
    return out + chunk(b"tRNS", bytes(range(transparent))) if transparent else out


def pictures():
    """Name and bytes of pictures of every kind that vlpt reads."""
    sizes = [(1, 1), (13, 7), (8, 8), (33, 20), (1, 50), (50, 1), (64, 48)]
    kinds = {0: ("grey", 1, (1, 2, 4, 8, 16)), 2: ("rgb", 3, (8, 16)), 3: ("palette", 1, (1, 2, 4, 8)),
             4: ("greyalpha", 2, (8, 16)), 6: ("rgba", 4, (8, 16))}
    for colour, (name, bands, depths) in kinds.items():
        for depth in depths:
            for width, height in sizes:
                for interlaced in (False, True):
                    samples = noise(width, height, bands, 1 << depth)
                    for clear in (False, True):
                        if clear and colour > 3:
                            continue
                        extra = b""
                        if colour == 3:
                            extra = palette(1 << depth, 2 if clear else 0)
                        elif clear:
                            extra = chunk(b"tRNS", samples[0, 0].astype(">u2").tobytes())
                        word = ("-clear" if clear else "") + ("-interlaced" if interlaced else "")
                        yield (f"{name}{depth}-{width}x{height}{word}.png",
                               png(samples, depth, colour, extra, interlaced))
    yield "grey16-small.png", png(noise(20, 10, 1, 400), 16, 0)
    if int(PIL.__version__.split(".")[0]) >= 10:  # Pillow 9 shows a ramp of grey there
        yield "palette8-short.png", png(noise(20, 10, 1, 200), 8, 3, palette(150))
    for width, height in ((1, 5000), (5000, 1)):
        yield f"rgb8-{width}x{height}.png", png(noise(width, height, 3), 8, 2)
    for width, height in sizes + [(1, 5000), (5000, 1), (227, 149)]:
        for mode, bands in (("L", 1), ("RGB", 3), ("CMYK", 4)):
            for quality in (35, 95):
                for progressive in (False, True):
                    for sampling in (0, 1, 2) if mode == "RGB" else (0,):
                        samples = noise(width, height, bands)
                        out = io.BytesIO()
                        Image.fromarray(samples[:, :, 0] if bands == 1 else samples, mode).save(
                            out, "JPEG", quality=quality, progressive=progressive, subsampling=sampling)
                        yield (f"{mode.lower()}-{width}x{height}-q{quality}-s{sampling}"
                               f"{'-progressive' if progressive else ''}.jpg", out.getvalue())
                        if mode == "CMYK" and quality == 95:  # the same bytes taken for YCCK
                            at = out.getvalue().find(b"Adobe") + 11
                            bytes_ = bytearray(out.getvalue())
                            bytes_[at] = 2
                            yield f"ycck-{width}x{height}{'-progressive' if progressive else ''}.jpg", bytes(bytes_)


class Jobs:
    """What vlpt is to do, and what is expected of it."""

    def __init__(self, folder):
        self.folder, self.rows, self.wanted = folder, [], []

    def add(self, group, kind, wanted, picture, *more):
        name = f"out{len(self.rows)}"
        self.rows.append([kind, name, picture, *map(str, more)])
        self.wanted.append((group, wanted))

    def run(self, program):
        with open(os.path.join(self.folder, "jobs.csv"), "w", newline="") as file:
            csv.writer(file).writerows(self.rows)
        subprocess.run([program, self.folder], check=True)
        groups, wrong = {}, []
        for row, (group, wanted) in zip(self.rows, self.wanted):
            with open(os.path.join(self.folder, row[1]), "rb") as file:
                head, _, body = file.read().partition(b"\n")
            count = groups.setdefault(group, [0, 0, 0.0])
            count[0] += 1
            if head.startswith(b"refused"):
                wrong.append(f"{' '.join(row)}: {head.decode()}")
                count[1] += 1
                continue
            width, height, bands = map(int, head.split())
            if wanted.dtype == np.uint8:
                got = np.frombuffer(body, np.uint8).reshape(height, width, bands)
                same = got.shape == wanted.shape and bool((got == wanted).all())
            else:
                got = np.frombuffer(body, np.float32).reshape(bands, height, width)
                same = got.shape == wanted.shape
                if same:
                    difference = float(np.abs(got.astype(np.float64) - wanted).max())
                    count[2] = max(count[2], difference)
                    same = difference <= 1e-6
            if not same:
                count[1] += 1
                wrong.append(f"{' '.join(row)}: {got.shape}, expected {wanted.shape}")
        return groups, wrong


def write(jobs, target):
    """A few pictures, the settings they are prepared with, and sums of the bytes that are expected."""
    def wanted(row):
        name = row[2]
        if row[0] == "decode":
            long = name.startswith(("rgb8-1x5000", "l-1x5000-q35"))
            return long or "-13x7" in name or "-33x20" in name and name.endswith(".jpg") and "q95" not in name
        return row[0] == "fitted" and name.startswith(("rgb-33x20-q35-s2.", "rgb8-1x5000", "grey8-13x7."))
    os.makedirs(target, exist_ok=True)
    rows = []
    for row, (_, content) in zip(jobs.rows, jobs.wanted):
        if not wanted(row):
            continue
        for name in row[2:]:
            shutil.copy(os.path.join(jobs.folder, name), target)
        height, width, _ = content.shape
        rows.append([row[2], *(row[3:] or [""]), width, height,
                     hashlib.sha256(np.ascontiguousarray(content).tobytes()).hexdigest()])
    with open(os.path.join(target, "expected.csv"), "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [["picture", "settings", "width", "height", "sha256"]] + rows)


def rgb(path):
    return np.asarray(Image.open(path).convert("RGB"))


def resizes(jobs, folder, names):
    filters = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
    new = int(PIL.__version__.split(".")[0]) >= 13
    for name in names:
        image = Image.open(os.path.join(folder, name))
        for width, height in ((224, 224), (1, 1), (7, 300), (96, 64), (image.width, 33)):
            # Pillow 13 may go down first; the models were trained without that, and so is vlpt
            for word, kind in filters.items():
                plain = image if image.mode in ("L", "RGB") else image.convert("RGB")
                across = plain.resize((width, image.height), kind) if new else plain
                wanted = np.asarray(across.resize((width, height), kind))
                jobs.add(f"resize, {word}", "resize", wanted.reshape(height, width, -1), name, width,
                         height, word, "as it is" if plain is image else "RGB")


def hf_processors():
    """Name, the settings of a preprocessor_config.json, and a function from a picture to both stages."""
    try:
        import transformers
        from transformers.models import clip, vilt, vit
    except ImportError as missing:
        print(f"without Transformers: {missing}")
        return
    def of(module, name):
        return getattr(module, name + "Pil", None) or getattr(module, name)
    one = {"image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}
    half = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    cases = [
        ("CLIP 224", of(clip, "CLIPImageProcessor"), dict(one)),
        ("CLIP 32, old fields", of(clip, "CLIPImageProcessor"), dict(one, size=32, crop_size=32)),
        ("CLIP 40 to 31", of(clip, "CLIPImageProcessor"), dict(one, size={"shortest_edge": 40}, crop_size=31)),
        ("CLIP 20 to 33", of(clip, "CLIPImageProcessor"), dict(one, size={"shortest_edge": 20}, crop_size=33)),
        ("CLIP 30 x 30 to 24", of(clip, "CLIPImageProcessor"),
         dict(one, size={"height": 30, "width": 30}, crop_size={"height": 24, "width": 24})),
        ("ViT 224", of(vit, "ViTImageProcessor"), dict(half)),
        ("ViT 48, bicubic", of(vit, "ViTImageProcessor"), dict(one, size=48, resample=3)),
        ("ViLT 384", of(vilt, "ViltImageProcessor"), dict(half)),
        ("ViLT 96, 16", of(vilt, "ViltImageProcessor"), dict(half, size=96, size_divisor=16)),
    ]
    print(f"Transformers {transformers.__version__}")
    for name, kind, settings in cases:
        yield name, kind(**settings), kind(**dict(settings, do_rescale=False, do_normalize=False))


def transforms():
    """Name, a config's content, and a torchvision transform whose last two steps normalise."""
    try:
        import open_clip.transform as oc
        import timm.data as td
    except ImportError as missing:
        print(f"without open_clip and timm: {missing}")
        return
    for size, more in ((224, {}), (97, {"interpolation": "bilinear"}), (64, {"resize_mode": "squash"})):
        config = {"model_cfg": {"vision_cfg": {"image_size": size}},
                  "preprocess_cfg": dict({"mean": [0.48145466, 0.4578275, 0.40821073],
                                          "std": [0.26862954, 0.26130258, 0.27577711]}, **more)}
        cfg = oc.PreprocessCfg(**dict(config["preprocess_cfg"], size=size))
        yield f"open_clip {size} {more.get('resize_mode', '')}", config, oc.image_transform_v2(cfg, is_train=False)
    for size, pct, mode in ((224, 0.9, "center"), (64, 0.875, "center"), (48, 1.0, "center"), (56, 0.95, "squash")):
        config = {"architecture": "vit_base_patch16_224",
                  "pretrained_cfg": {"input_size": [3, size, size], "interpolation": "bicubic", "crop_pct": pct,
                                     "crop_mode": mode, "mean": [0.5] * 3, "std": [0.5] * 3}}
        data = td.resolve_data_config({}, pretrained_cfg=config["pretrained_cfg"])
        yield f"timm {size} at {pct} {mode}", config, td.create_transform(**data, is_training=False)


def prepared(jobs, folder, names, thin):
    """Thin pictures become huge on the way, in Pillow at least: two settings must do for them."""
    old = int(PIL.__version__.split(".")[0]) < 13
    for number, (label, whole, plain) in enumerate(hf_processors()):
        config = f"hf{number}.json"
        with open(os.path.join(folder, config), "w") as file:
            file.write(whole.to_json_string())
        for name in names + (thin if label in ("CLIP 40 to 31", "ViT 224") else []):
            image = Image.open(os.path.join(folder, name)).convert("RGB")
            if not old and max(image.size) > 20 * min(image.size):
                continue  # Pillow 13 scales these in another order
            try:
                before = np.asarray(plain(image, return_tensors="np")["pixel_values"])[0]
                after = np.asarray(whole(image, return_tensors="np")["pixel_values"])[0]
            except ValueError:  # ViLT leaves nothing of what is very thin
                continue
            jobs.add(label, "fitted", before.transpose(1, 2, 0).astype(np.uint8), name, config)
            if "ViLT" in label:
                side = 32 * (whole.size["shortest_edge"] // 16)
                canvas = np.zeros((3, side, side), np.float32)
                canvas[:, : after.shape[1], : after.shape[2]] = after
                jobs.add(label, "padded", canvas, name, config, side, side)
            else:
                jobs.add(label, "values", after.astype(np.float32), name, config)
    for number, (label, content, transform) in enumerate(transforms()):
        config = f"tv{number}.json"
        with open(os.path.join(folder, config), "w") as file:
            json.dump(content, file)
        for name in names:
            image = Image.open(os.path.join(folder, name)).convert("RGB")
            if not old and max(image.size) > 20 * min(image.size):
                continue
            before = image
            for step in transform.transforms[:-2]:
                before = step(before)
            jobs.add(label, "fitted", np.asarray(before), name, config)
            jobs.add(label, "values", transform(image).numpy(), name, config)


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        jobs, names = Jobs(folder), []
        for name, content in pictures():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
            names.append(name)
            jobs.add(f"decode, {name.split('-')[0].rstrip('0123456789')}", "decode",
                     rgb(os.path.join(folder, name)), name)
        thin = [n for n in names if "5000" in n and ("q95-s0.jpg" in n or "png" in n)]
        some = [n for n in names if any(w in n for w in (
            "8-1x1.", "grey8-13x7.", "rgb8-33x20.", "rgba8-64x48.", "rgb-227x149-q95-s0.j",
            "rgb-33x20-q35-s2.", "rgb8-50x1."))]
        resizes(jobs, folder, thin + some)
        prepared(jobs, folder, some, thin)
        groups, wrong = jobs.run(program)
        if sys.argv[2:3] == ["--write"]:
            write(jobs, sys.argv[3])
    print("| what | pictures | differ | largest difference of a value |\n|---|--:|--:|--:|")
    for group, (count, bad, difference) in groups.items():
        print(f"| {group} | {count} | {bad} | {difference:.1e} |")
    print(f"Pillow {PIL.__version__}, libjpeg-turbo {features.version('libjpeg_turbo')}: "
          f"{len(jobs.rows)} comparisons, {len(wrong)} differ")
    if wrong:
        sys.exit("\n".join(wrong[:40]))


if __name__ == "__main__":
    main()
