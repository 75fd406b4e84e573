#!/usr/bin/env python3
"""torch_fixtures.py FOLDER: writes the files of tests/io/fixtures/torch, as torch.save writes them.

Every value follows from its place (number()), so that the tests in C++ know it without a copy.
"""

import argparse
import collections
import os
import sys
from pathlib import Path

try:
    import numpy
    import torch
except ImportError as missing:
    print(f"torch_fixtures: {missing}: skipped")
    sys.exit(77)


def number(shape, dtype=torch.float32, start=0):
    """start, start + 0.5, start + 1, ... in row-major order; whole numbers for integers."""
    size = 1
    for extent in shape:
        size *= extent
    values = start + 0.5 * torch.arange(size, dtype=torch.float64)
    if not dtype.is_floating_point:
        values = values * 2
    return values.reshape(shape).to(dtype)


class Command:
    def __reduce__(self):
        return os.system, ("echo this file runs commands >&2",)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)

    def save(name, data, **how):
        torch.save(data, folder / name, **how)

    save("dtypes.pt", {
        "f32": number((2, 3)), "f16": number((4,), torch.float16), "bf16": number((4,), torch.bfloat16),
        "i64": number((3,), torch.int64, -1), "i32": number((2,), torch.int32, -1),
        "u8": number((3,), torch.uint8), "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 4),
    })
    base = number((4, 6))
    save("strides.pt", {
        "base": base, "transposed": base.t(), "columns": base[:, 1:3], "rows": base[1:3],
        "steps": base[::2, ::3], "expanded": number((1, 3)).expand(2, 3), "permuted":
        number((2, 3, 4)).permute(2, 0, 1), "column": base[:1].t(), "last": base[3, 5],
    })
    module = torch.nn.Sequential(torch.nn.Embedding(3, 2), torch.nn.Linear(2, 3), torch.nn.LayerNorm(3))
    module[1].weight = module[0].weight  # tied
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(number(parameter.shape))
    save("module.pth", module.state_dict())
    save("protocol4.pth", module.state_dict(), pickle_protocol=4)
    optimizer = torch.optim.AdamW(module.parameters(), lr=0.1)
    module(torch.tensor([0, 2])).sum().backward()
    optimizer.step()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(number(parameter.shape))
    save("lightning.ckpt", {
        "epoch": 3, "global_step": 2**40, "pytorch-lightning_version": "1.3.2",
        "state_dict": module.state_dict(), "optimizer_states": [optimizer.state_dict()],
        "lr_schedulers": [], "hyper_parameters": {"lr": 1e-4, "names": ["a", "ü"], "on": True, "no": None,
                                                  "seed": 2**70, "size": (224, 224)},
    })
    save("moco.pth.tar", {"epoch": 300, "arch": "vit_base", "state_dict": {
        "module.base_encoder.cls_token": number((1, 1, 4))}, "optimizer": optimizer.state_dict()})
    save("mae.pth", {"model": collections.OrderedDict(cls_token=number((1, 1, 4)))})
    save("mae_args.pth", {"model": {"cls_token": number((1, 1, 4))}, "args": argparse.Namespace(lr=1)})
    save("coop.pth.tar-50", {
        "state_dict": collections.OrderedDict(ctx=number((4, 8), torch.float16),
                                              token_prefix=number((2, 1, 8), torch.float16)),
        "epoch": 50, "optimizer": optimizer.state_dict(), "scheduler": {"last_epoch": 50}, "val_result": None})
    save("vpt.pth", {"shallow_prompt": numpy.ones((1, 2, 4), numpy.float32)})
    save("parameter.pt", {"w": torch.nn.Parameter(number((2,)))})
    save("malicious.pt", {"w": number((2,)), "x": Command()})
    save("legacy.pt", {"w": number((2,))}, _use_new_zipfile_serialization=False)
    torch.jit.script(torch.nn.Linear(2, 1)).save(str(folder / "script.pt"))
    save("one_tensor.pt", number((2,)))
    save("dino.pth", {"student": {"w": number((2,))}, "teacher": {"w": number((2,), start=5)}, "epoch": 1})
    save("two_dicts.pt", {"encoder": {"w": number((2,))}, "decoder": {"w": number((2,))}})
    save("one_dict.pt", {"net": {"w": number((2,))}, "epoch": 1})
    save("with_best.pt", {"state_dict": {"w": number((2,))}, "best_acc1": torch.tensor(76.5)})


if __name__ == "__main__":
    torch.manual_seed(1)
    main(Path(sys.argv[1]))
