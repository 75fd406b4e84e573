"""Frozen linear layers that multiply by oneDNN with weights laid out before, forward and reverse. PyTorch's
own go through MKL for floats, whose code for processors of other makers is about half as fast."""
import torch
from torch import nn


def laid(weight):
    return torch.ops.mkldnn._reorder_linear_weight(weight.detach().contiguous())


def multiply(x, weight, bias=None):
    return torch.ops.mkldnn._linear_pointwise(x.contiguous(), weight, bias, "none", [], "")


def quantized(module):
    """The same with linear layers in int8: weights by output, inputs as they come."""
    from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic
    torch.backends.quantized.engine = "onednn"
    return quantize_dynamic(module.eval(), {nn.Linear: per_channel_dynamic_qconfig})


class Multiply(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, layer):
        ctx.layer = layer
        return multiply(x, layer.forwards, layer.bias)

    @staticmethod
    def backward(ctx, d):
        return multiply(d, ctx.layer.backwards), None


class FrozenLinear(nn.Module):
    def __init__(self, linear, reverses):
        super().__init__()
        self.forwards = laid(linear.weight)
        self.backwards = laid(linear.weight.t()) if reverses else None
        self.bias = None if linear.bias is None else linear.bias.detach()

    def forward(self, x):
        return multiply(x, self.forwards, self.bias) if self.backwards is None else Multiply.apply(x, self)


def freeze(module, reverses):
    """Replaces the linear layers of a module; where it will be reversed, those that do not learn."""
    for name, child in module.named_children():
        if isinstance(child, nn.Linear) and not (reverses and child.weight.requires_grad):
            setattr(module, name, FrozenLinear(child, reverses))
        else:
            freeze(child, reverses)
    return module
