"""Models that read words as PyTorch modules: ViLT, METER, CLIP's text tower, and DAS and CoOp."""
import torch
import torch.nn.functional as F
from torch import nn

from nets import CLASSES, DEPTH, DIM, HEADS, HIDDEN, Block, Vit, split


class Words(nn.Module):
    """BERT's embedding: words, positions and one kind of segment, normed."""
    def __init__(self, vocabulary, positions, eps):
        super().__init__()
        self.words, self.places = nn.Embedding(vocabulary, DIM), nn.Embedding(positions, DIM)
        self.segment, self.norm = nn.Parameter(torch.randn(DIM) * 0.02), nn.LayerNorm(DIM, eps)

    def forward(self, ids):
        places = torch.arange(ids.shape[1], device=ids.device)
        return self.norm(self.words(ids) + self.places(places) + self.segment)


class Vilt(nn.Module):
    """39 words, the class row and 200 of an image's patches; pooled."""
    def __init__(self, patches=200):
        super().__init__()
        self.words = Words(30522, 40, 1e-12)
        self.patches = nn.Conv2d(3, DIM, 32, 32)
        self.first = nn.Parameter(torch.randn(1, 1, DIM) * 0.02)
        self.positions = nn.Parameter(torch.randn(1, 1 + patches, DIM) * 0.02)
        self.kinds = nn.Parameter(torch.randn(2, DIM) * 0.02)
        self.blocks = nn.ModuleList(Block() for _ in range(DEPTH))
        self.norm, self.pool = nn.LayerNorm(DIM, 1e-6), nn.Linear(DIM, DIM)
        self.register_buffer("chosen", torch.arange(patches) * 288 // patches)

    def forward(self, ids, images):
        rows = self.patches(images).flatten(2).transpose(1, 2)[:, self.chosen]
        rows = torch.cat([self.first.expand(len(rows), -1, -1), rows], 1) + self.positions
        x = torch.cat([self.words(ids) + self.kinds[0], rows + self.kinds[1]], 1)
        for block in self.blocks:
            x = block(x)
        return torch.tanh(self.pool(self.norm(x[:, 0])))


class PostNorm(nn.Module):
    """norm(x + attention(x, y)), with an adapter beside it where a policy has one."""
    def __init__(self, eps):
        super().__init__()
        self.query, self.both, self.out = nn.Linear(DIM, DIM), nn.Linear(DIM, 2 * DIM), nn.Linear(DIM, DIM)
        self.norm, self.beside = nn.LayerNorm(DIM, eps), None

    def forward(self, x, y):
        q = split(self.query(x), HEADS)
        k, v = (split(t, HEADS) for t in self.both(y).chunk(2, -1))
        o = self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        return self.norm(x + o if self.beside is None else x + o + self.beside(x))


class Layer(nn.Module):
    """BERT's layer; with `crosses`, a second attention reads the other stream."""
    def __init__(self, eps, crosses):
        super().__init__()
        self.attentions = nn.ModuleList(PostNorm(eps) for _ in range(1 + crosses))
        self.up, self.down, self.norm = nn.Linear(DIM, HIDDEN), nn.Linear(HIDDEN, DIM), nn.LayerNorm(DIM, eps)
        self.beside = None

    def forward(self, x, other=None):
        x = self.attentions[0](x, x)
        if other is not None:
            x = self.attentions[1](x, other)
        y = self.norm(x + self.down(F.gelu(self.up(x))))
        return y if self.beside is None else y + self.beside(x)


class Meter(nn.Module):
    """RoBERTa, eleven blocks of CLIP-B/16 at 384 pixels, six layers of either stream that cross."""
    def __init__(self):
        super().__init__()
        self.words = Words(50265, 514, 1e-5)
        self.text = nn.ModuleList(Layer(1e-5, False) for _ in range(12))
        self.image = Vit(16, quick=True, bias=False, prenorm=True, eps=1e-5, image=384, depth=11)
        self.lift = nn.ModuleList(nn.Linear(DIM, DIM) for _ in range(2))
        self.kinds = nn.Parameter(torch.randn(2, DIM) * 0.02)
        self.layers = nn.ModuleList(
            nn.ModuleList(Layer(1e-12, True) for _ in range(6)) for _ in range(2))
        self.pool = nn.ModuleList(nn.Linear(DIM, DIM) for _ in range(2))

    def forward(self, ids, images):
        x = self.words(ids)
        for layer in self.text:
            x = layer(x)
        y = self.image.embed(images)
        for block in self.image.blocks:
            y = block(y)
        x = self.lift[0](x) + self.kinds[0]
        y = self.lift[1](self.image.norm(y)) + self.kinds[1]
        for text, image in zip(*self.layers):
            x, y = text(x, y), image(y, x)
        return torch.tanh(torch.cat([p(s[:, 0]) for p, s in zip(self.pool, (x, y))], -1))


class Bottleneck(nn.Module):
    """up(relu(down(norm(x)))), learnt, so in float; `residual`: a short-cut over a layer."""
    def __init__(self, width, dtype, residual=False):
        super().__init__()
        self.norm, self.dtype, self.residual = nn.LayerNorm(DIM, 1e-5), dtype, residual
        self.down, self.up = nn.Linear(DIM, width), nn.Linear(width, DIM)

    def forward(self, x, other=None):
        y = self.up(torch.relu(self.down(self.norm(x.float())))).to(self.dtype)
        return x + y if self.residual else y


class Das(nn.Module):
    """METER without four of its twelve layers that cross: short-cuts over them, adapters beside what
    is left."""
    def __init__(self, meter, dtype, skipped=(4, 5, 10, 11)):
        super().__init__()
        self.meter = meter.requires_grad_(False)
        for i in range(12):
            stream, at = meter.layers[i // 6], i % 6
            if i in skipped:
                stream[at] = Bottleneck(192, dtype, residual=True)
                continue
            for place in (*stream[at].attentions, stream[at]):
                place.beside = Bottleneck(96, dtype)
        self.head = nn.Linear(2 * DIM, CLASSES)

    def forward(self, ids, images):
        return self.head(self.meter(ids, images).float())


class ClipText(nn.Module):
    """CLIP's text tower: texts, or rows that stand for them, to the features of their last words."""
    def __init__(self, dim=512, heads=8, hidden=2048, features=512):
        super().__init__()
        self.words = nn.Embedding(49408, dim)
        self.positions = nn.Parameter(torch.randn(77, dim) * 0.01)
        self.blocks = nn.ModuleList(
            Block(dim, heads, hidden, quick=True, causal=True, eps=1e-5) for _ in range(DEPTH))
        self.norm, self.project = nn.LayerNorm(dim, 1e-5), nn.Linear(dim, features, bias=False)

    def read(self, x, ends):
        x = x + self.positions[:x.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.project(self.norm(x)[torch.arange(len(x)), ends])

    def forward(self, ids):
        return self.read(self.words(ids), ids.argmax(-1))


class Context(nn.Module):
    """CoOp as its code has it: 16 learnt rows behind the start of 100 texts of 77 words, most of them
    padding."""
    def __init__(self, image, text, dtype, rows=16):
        super().__init__()
        self.image, self.text = image.requires_grad_(False), text.requires_grad_(False)
        self.rows, self.dtype = nn.Parameter(torch.randn(rows, 512) * 0.02), dtype
        ids = torch.zeros(CLASSES, 77, dtype=torch.long)
        ids[:, 0], ids[:, rows + 4] = 49406, 49407
        ids[:, rows + 1:rows + 4] = torch.randint(1, 49000, (CLASSES, 3))
        with torch.no_grad():
            words = text.words(ids)
        self.register_buffer("ends", ids.argmax(-1))
        self.register_buffer("before", words[:, :1])
        self.register_buffer("behind", words[:, 1 + rows:])

    def forward(self, images):
        rows = self.rows.to(self.dtype).expand(CLASSES, -1, -1)
        texts = self.text.read(torch.cat([self.before, rows, self.behind], 1), self.ends)
        f, t = F.normalize(self.image(images), dim=-1), F.normalize(texts, dim=-1)
        return (100 * f @ t.T).float()
