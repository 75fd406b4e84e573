"""The encoders of vlpt's works as PyTorch modules, attention by SDPA, and prompts as published."""
import torch
import torch.nn.functional as F
from torch import nn

DIM, HEADS, HIDDEN, DEPTH, CLASSES = 768, 12, 3072, 12, 100


def split(x, heads):
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


class Block(nn.Module):
    """A pre-norm block. `beside` is what a policy adds to the attention's branch."""
    def __init__(self, dim=DIM, heads=HEADS, hidden=HIDDEN, quick=False, causal=False, eps=1e-6):
        super().__init__()
        self.heads, self.quick, self.causal = heads, quick, causal
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps), nn.LayerNorm(dim, eps)
        self.qkv, self.out = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.up, self.down = nn.Linear(dim, hidden), nn.Linear(hidden, dim)

    def forward(self, x, beside=None, temperature=None):
        h = self.norm1(x)
        q, k, v = (split(t, self.heads) for t in self.qkv(h).chunk(3, -1))
        if temperature is not None:
            q = q / temperature
        o = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        o = self.out(o.transpose(1, 2).flatten(2))
        x = x + (o if beside is None else beside(h, o))
        h = self.up(self.norm2(x))
        h = h * torch.sigmoid(1.702 * h) if self.quick else F.gelu(h)
        return x + self.down(h)


class Vit(nn.Module):
    """ViT-B of so large patches to its features, the class row's."""
    def __init__(self, patch, quick=False, bias=True, prenorm=False, project=0, eps=1e-6,
                 image=224, depth=DEPTH):
        super().__init__()
        rows = (image // patch) ** 2 + 1
        self.patches = nn.Conv2d(3, DIM, patch, patch, bias=bias)
        self.first = nn.Parameter(torch.randn(1, 1, DIM) * 0.02)
        self.positions = nn.Parameter(torch.randn(1, rows, DIM) * 0.02)
        self.before = nn.LayerNorm(DIM, eps) if prenorm else nn.Identity()
        self.blocks = nn.ModuleList(Block(quick=quick, eps=eps) for _ in range(depth))
        self.norm = nn.LayerNorm(DIM, eps)
        self.project = nn.Linear(DIM, project, bias=False) if project else nn.Identity()

    def embed(self, images):
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.first.expand(len(x), -1, -1), x], 1) + self.positions
        return self.before(x)

    def forward(self, images):
        x = self.embed(images)
        for block in self.blocks:
            x = block(x)
        return self.project(self.norm(x[:, 0]))


class Prompted(nn.Module):
    """A frozen ViT whose policy and head of 100 classes learn."""
    def __init__(self, vit, dtype):
        super().__init__()
        self.vit, self.dtype = vit.requires_grad_(False), dtype
        self.head = nn.Linear(DIM, CLASSES)  # learns, so in float

    def classify(self, x):
        return self.head(self.vit.norm(x[:, 0]).float())


class Deep(Prompted):
    """VPT-deep as its code has it: rows behind the class row, replaced in every layer."""
    def __init__(self, vit, dtype, prompts):
        super().__init__(vit, dtype)
        self.prompts = nn.Parameter(torch.randn(DEPTH, prompts, DIM) * 0.02)

    def forward(self, images):
        x = self.vit.embed(images)
        for i, block in enumerate(self.vit.blocks):
            rows = self.prompts[i].to(self.dtype).expand(len(x), -1, -1)
            x = torch.cat([x[:, :1], rows, x[:, 1 + (rows.shape[1] if i else 0):]], 1)
            x = block(x)
        return self.classify(x)


class Diffusion(nn.Module):
    """APT's addition at an attention's output (arXiv 2306.15706, and its code)."""
    def __init__(self, prompts, dtype, rank=4):
        super().__init__()
        self.rows = nn.Parameter(torch.randn(prompts, DIM) * 0.02)
        self.down = nn.Parameter(torch.randn(rank, DIM) * 0.02)
        self.up = nn.Parameter(torch.randn(DIM, rank) * 0.02)
        self.scale = nn.Parameter(torch.zeros(1))
        self.dtype = dtype

    def forward(self, x, o):
        rows = self.rows.to(self.dtype)
        keys = rows + F.linear(F.linear(rows, self.down.to(self.dtype)), self.up.to(self.dtype))
        weights = torch.relu(F.linear(x, keys))
        most = weights.max(-1, keepdim=True).values.detach()
        return self.scale.exp().to(self.dtype) * (o + most * (weights @ rows))


class Approximated(Prompted):
    def __init__(self, vit, dtype, prompts):
        super().__init__(vit, dtype)
        self.diffusions = nn.ModuleList(Diffusion(prompts, dtype) for _ in range(DEPTH))

    def forward(self, images):
        x = self.vit.embed(images)
        for block, diffusion in zip(self.vit.blocks, self.diffusions):
            x = block(x, beside=diffusion)
        return self.classify(x)


class Gated(Prompted):
    """GaPT: shallow prompts, a gate behind each block but the last, a temperature in each."""
    def __init__(self, vit, dtype, prompts):
        super().__init__(vit, dtype)
        self.count = prompts
        self.prompts = nn.Parameter(torch.randn(1, prompts, DIM) * 0.02)
        self.gates = nn.Parameter(torch.full((DEPTH - 1,), -5.0))
        self.temperatures = nn.Parameter(torch.ones(DEPTH))

    def forward(self, images):
        x = self.vit.embed(images)
        rows = self.prompts.to(self.dtype).expand(len(x), -1, -1)
        x = torch.cat([x[:, :1], rows, x[:, 1:]], 1)
        for i, block in enumerate(self.vit.blocks):
            before = x[:, 1:1 + self.count]
            x = block(x, temperature=self.temperatures[i].to(self.dtype))
            if i < DEPTH - 1:
                g = torch.sigmoid(self.gates[i]).to(self.dtype)
                after = x[:, 1:1 + self.count]
                x = torch.cat([x[:, :1], g * after + (1 - g) * before, x[:, 1 + self.count:]], 1)
        return self.classify(x)


POLICIES = {"deep": Deep, "approximated": Approximated, "gated": Gated}
