"""Models and their inputs by the names that works have."""
import os
from pathlib import Path

import torch

from nets import POLICIES, Vit
from serve import Absent
from streams import ClipText, Context, Das, Meter, Vilt

PATCHES = {"vit-b32": 32, "vit-b16": 16}


def images(batch, dtype, height=224, width=224):
    return torch.randn(batch, 3, height, width).to(dtype)


def ids(batch, words):
    return torch.randint(1, 1000, (batch, words))


def vit(name, dtype):
    if name not in PATCHES:
        raise Absent(f"no {name} for this peer")
    return Vit(PATCHES[name]).to(dtype)


def model(name, batch, dtype):
    """(module, inputs) of a forward."""
    if name == "vilt":
        return Vilt().to(dtype), [ids(batch, 39), images(batch, dtype, 512, 576)]
    if name == "meter":
        return Meter().to(dtype), [ids(batch, 40), images(batch, dtype, 384, 384)]
    if name.startswith("clip-text-"):
        texts = ids(batch, int(name[10:]))
        texts[:, -1] = 49407
        return ClipText().to(dtype), [texts]
    return vit(name, dtype), [images(batch, dtype)]


def prompted(rest, batch, dtype):
    """(module, inputs) of a step: "deep-50/vit-b32"."""
    policy, _, name = rest.partition("/")
    kind, _, count = policy.partition("-")
    if rest == "context-16/clip-b16":
        image = Vit(16, quick=True, bias=False, prenorm=True, project=512, eps=1e-5)
        return Context(image.to(dtype), ClipText().to(dtype), dtype), [images(batch, dtype)]
    if rest == "das-4/meter":
        return Das(Meter().to(dtype), dtype), [ids(batch, 40), images(batch, dtype, 384, 384)]
    if kind not in POLICIES:
        raise Absent(f"no {kind} for this peer")
    return POLICIES[kind](vit(name, dtype), dtype, int(count)), [images(batch, dtype)]


def cold(name, batch):
    """(module, inputs) of a forward, weights from a file, which the first run makes. Nothing is drawn,
    and the file is mapped: the fastest way that PyTorch has."""
    if name not in PATCHES:
        raise Absent(f"no cold {name} for this peer")
    file = Path(os.environ.get("PEERS_FOLDER", ".")) / f"{name}.pt"
    if not file.exists():
        torch.save(Vit(PATCHES[name]).state_dict(), file)
    with torch.device("meta"):
        module = Vit(PATCHES[name])
    module.load_state_dict(torch.load(file, mmap=True, weights_only=True), assign=True)
    return module, [images(batch, torch.float32)]
