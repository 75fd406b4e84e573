#!/usr/bin/env python3
"""onnx_peer.py THREADS [--once WORK BATCH DTYPE]: ONNX Runtime, as peers.py asks for it. Models are
PyTorch's, exported."""
import io
import sys
import tempfile
from pathlib import Path

from serve import Absent, Lines, serve

lines = Lines()
try:
    import onnxruntime
    import torch

    import onnx  # noqa: F401  torch.onnx needs them
    import onnxscript  # noqa: F401
    from onnxruntime.quantization import QuantType, quantize_dynamic
except ImportError as error:
    lines.say("missing", error)
    sys.exit()

import models

threads, *rest = sys.argv[1:]
torch.manual_seed(0)


def quantized(content):
    """The same model with the weights of its products in int8, inputs as they come."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        before.write_bytes(content)
        quantize_dynamic(before, after, weight_type=QuantType.QInt8, per_channel=True,
                         op_types_to_quantize=["MatMul", "Gemm"])
        return after.read_bytes()


def make(name, batch, dtype):
    family, _, rest = name.partition("/")
    if dtype not in ("float", "int8"):
        raise Absent(f"not in {dtype}")
    if family != "forward":
        raise Absent("not made for this peer")
    model, inputs = models.model(rest, batch, torch.float32)
    file = io.BytesIO()
    torch.onnx.export(model.eval(), tuple(inputs), file, dynamo=True, verbose=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = int(threads), 1
    content = quantized(file.getvalue()) if dtype == "int8" else file.getvalue()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    names = [i.name for i in session.get_inputs()]
    given = {name: value.numpy() for name, value in zip(names, inputs)}
    return lambda: session.run(None, given)


serve(lines, f"{onnxruntime.__version__}, exported by PyTorch {torch.__version__}", make, rest)
