#!/usr/bin/env python3
"""torch_to_safetensors.py FILE OUT.safetensors [KEY]

Saves the weights of a PyTorch file as safetensors: for files that vlpt refuses to read (other objects
beside the weights, TorchScript, formats older than PyTorch 1.6). Loading a pickle may run code that it
holds: convert only files that you trust. KEY names the dict of the weights, where it is not found.
"""

import sys

import torch
from safetensors.torch import save_file


def load(path):
    try:
        return torch.jit.load(path, map_location="cpu").state_dict()  # TorchScript, as OpenAI's CLIP
    except RuntimeError:
        return torch.load(path, map_location="cpu", weights_only=False)


def weights(data, key=None):
    if key is not None:
        return data[key]
    for known in ("state_dict", "model", "module", "model_state_dict", "teacher", "student"):
        if isinstance(data.get(known), dict):
            return data[known]
    return data


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    tensors = {}
    for name, value in weights(load(sys.argv[1]), *sys.argv[3:]).items():
        if hasattr(value, "__array__"):
            value = torch.as_tensor(value)  # NumPy's, as VPT saves its prompts
        if isinstance(value, torch.Tensor):
            tensors[name] = value.detach().clone().contiguous()  # tied weights are saved twice
    save_file(tensors, sys.argv[2], metadata={"format": "pt"})
    print(f"{sys.argv[2]}: {len(tensors)} tensors")
