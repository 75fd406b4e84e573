"""Models and their inputs by the names that works have."""
import torch

from nets import POLICIES, Vit
from serve import Absent

PATCHES = {"vit-b32": 32, "vit-b16": 16}


def images(batch, dtype, size=224):
    return torch.randn(batch, 3, size, size).to(dtype)


def vit(name, dtype):
    if name not in PATCHES:
        raise Absent(f"no {name} for this peer")
    return Vit(PATCHES[name]).to(dtype)


def model(name, batch, dtype):
    """(module, inputs) of a forward."""
    return vit(name, dtype), [images(batch, dtype)]


def prompted(rest, batch, dtype):
    """(module, inputs) of a step: "deep-50/vit-b32"."""
    policy, _, name = rest.partition("/")
    kind, _, count = policy.partition("-")
    if kind not in POLICIES:
        raise Absent(f"no {kind} for this peer")
    return POLICIES[kind](vit(name, dtype), dtype, int(count)), [images(batch, dtype)]


def cold(name, batch, dtype):
    raise Absent("no cold start yet")
