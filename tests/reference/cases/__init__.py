"""What conformance.py runs: each module here adds cases with @case."""
import dataclasses
import importlib
import pathlib
import pkgutil
import zlib
from typing import Callable

import torch


@dataclasses.dataclass
class Made:
    """What a case's framework computed: input.* and outputs by name, and facts for the program:
    "model" (what of the folder to open, default "model"), "image", "heads", "pool", "float" (the
    largest error in float, default 2e-5)."""
    tensors: dict
    facts: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Case:
    name: str
    size: str
    framework: str
    build: Callable
    sizes: dict

    @property
    def seed(self):
        return zlib.crc32(f"{self.name}.{self.size}".encode())


CASES: list[Case] = []


def case(framework: str, **sizes):
    """@case("timm", tiny=dict(...), b16=dict(...)): the function saves a model in the folder that it
    is given, with the keywords of a size, and returns a Made."""
    def register(function):
        for size, keywords in sizes.items():
            CASES.append(Case(function.__name__, size, framework, function, keywords))
        return function
    return register


def randomise(model, scale=0.05):
    """Weights far from what a framework starts with: no bias is zero and no norm is one."""
    for name, p in model.named_parameters():
        if p.dim() > 1:
            p.normal_(0, max(scale, 0.5 / p.shape[-1] ** 0.5) if p.dim() == 2 else scale)
        elif p.dim() == 1 and ("norm" in name or "ln_" in name) and name.endswith("weight"):
            p.copy_(1 + 0.2 * torch.randn_like(p))
        elif p.dim() == 1:
            p.normal_(0, 0.1)
    return model.eval()


def pictures(count, side, channels=3):
    return torch.randn(count, channels, side, side, dtype=torch.float64)


class Layers:
    """The input of the first block and the output of each, as "<prefix>hidden.0" and so on."""
    def __init__(self, blocks, prefix):
        self.tensors, self.prefix = {}, prefix
        blocks = list(blocks)
        first = lambda x: x[0] if isinstance(x, tuple) else x
        def keep(i):
            def look(module, inputs, output):
                self.tensors[f"{prefix}hidden.{i + 1}"] = first(output)
            return look
        def begin(module, inputs, keywords):
            self.tensors[f"{prefix}hidden.0"] = first(inputs) if inputs else keywords["hidden_states"]
        self.handles = [b.register_forward_hook(keep(i)) for i, b in enumerate(blocks)]
        self.handles.append(blocks[0].register_forward_pre_hook(begin, with_kwargs=True))

    def __enter__(self):
        return self.tensors

    def __exit__(self, *_):
        for handle in self.handles:
            handle.remove()


for _module in sorted(pkgutil.iter_modules([str(pathlib.Path(__file__).parent)]), key=lambda m: m.name):
    importlib.import_module(f"cases.{_module.name}")
