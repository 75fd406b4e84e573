#!/usr/bin/env python3
"""torch_peer.py eager|onednn|compile THREADS [--once WORK BATCH DTYPE]: PyTorch 2, as peers.py asks for it."""
import sys
from functools import partial

from serve import Absent, Lines, serve

lines = Lines()
try:
    import torch
except ImportError as error:
    lines.say("missing", error)
    sys.exit()
import torch.nn.functional as F
from torch import nn

import models
from onednn_linear import freeze, laid, multiply, quantized

variant, threads, *rest = sys.argv[1:]
torch.set_num_threads(int(threads))
torch.manual_seed(0)
TYPES = {"float": torch.float32, "bf16": torch.bfloat16}
if variant == "onednn":
    TYPES["int8"] = torch.int8  # of the weights; the rows of inputs are floats


def compiled(function):
    return torch.compile(function) if variant == "compile" else function


def inferring(function, *inputs):
    """A run of a function of these inputs, without gradients."""
    function = compiled(function)

    def run():
        with torch.no_grad():
            function(*inputs)
    return run


def in_turns(functions, of):
    """A run of the next of several functions."""
    turn = 0

    def run():
        nonlocal turn
        turn = (turn + 1) % len(functions)
        with torch.no_grad():
            functions[turn](of)
    return run


def product(rest, batch, dtype):
    inputs, outputs = (int(n) for n in rest.split("x"))
    count = 56_000_000 // (inputs * outputs * dtype.itemsize) + 1  # read from memory, not a cache
    if dtype == torch.int8:
        layers = [quantized(nn.Sequential(nn.Linear(inputs, outputs, bias=False)))
                  for _ in range(count)]
        return in_turns(layers, torch.randn(batch, inputs))
    weights = [torch.randn(outputs, inputs).to(dtype) for _ in range(count)]
    x = torch.randn(batch, inputs).to(dtype)
    if variant == "onednn":
        return in_turns([partial(multiply, weight=laid(w)) for w in weights], x)
    linear = compiled(F.linear)
    return in_turns([partial(linear, weight=w) for w in weights], x)


def attention(rest, batch, dtype):
    qkv = torch.randn(batch, int(rest), 3 * 768).to(dtype)

    def run(qkv):
        q, k, v = (t.unflatten(-1, (12, 64)).transpose(1, 2) for t in qkv.chunk(3, -1))
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
    return inferring(run, qkv)


def forward(rest, batch, dtype):
    model, inputs = models.model(rest, batch, torch.float32 if dtype == torch.int8 else dtype)
    if dtype == torch.int8:
        model = quantized(model)
    elif variant == "onednn":
        freeze(model, reverses=False)
    return inferring(model.eval(), *inputs)


def cold(rest, batch, dtype):
    module, inputs = models.cold(rest, batch)
    return inferring(module.eval(), *inputs)


def step(rest, batch, dtype):
    """Forward and backward for a gradient of the outputs that is given; no optimizer."""
    model, inputs = models.prompted(rest, batch, dtype)
    if variant == "onednn":
        freeze(model, reverses=True)
    model = compiled(model.train())
    slope = torch.randn(batch, 100)

    def run():
        model.zero_grad(set_to_none=True)
        model(*inputs).backward(slope)
    return run


FAMILIES = {"product": product, "attention": attention, "forward": forward, "step": step,
            "cold": cold}


def make(name, batch, dtype):
    family, _, what = name.partition("/")
    if dtype not in TYPES:
        raise Absent(f"not in {dtype}")
    if family not in FAMILIES or (dtype == "int8" and family not in ("product", "forward")):
        raise Absent("not made for this peer")
    if variant == "compile" and "--once" in rest:
        raise Absent("compiling takes minutes")
    if variant == "compile":
        torch.compiler.reset()
    return FAMILIES[family](what, batch, TYPES[dtype])


serve(lines, f"{torch.__version__}, {torch.backends.cpu.get_cpu_capability()}", make, rest,
      warm=3 if variant == "compile" else 1)
