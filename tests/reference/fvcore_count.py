#!/usr/bin/env python3
"""Counts reference models with fvcore and compares with `vlpt cost --convention fvcore`.

usage: fvcore_count.py PROGRAM [PAGE]

The models below are written from their papers' descriptions in plain PyTorch, without weights (the
"meta" device), and run as the published implementations do: every row, attention as two products of
matrices (fvcore counts no fused one). With PAGE (docs/papers.md) its last section is written anew.
Exits 77 with a word where PyTorch, fvcore or `vlpt cost` is missing, 1 where a count differs.
"""
import json
import logging
import subprocess
import sys
import warnings

warnings.filterwarnings("ignore")
try:
    import fvcore
    import torch
    from fvcore.nn import FlopCountAnalysis
    from torch import nn
except ImportError as missing:
    print(f"skipped: {missing} (pip install torch fvcore)")
    sys.exit(77)

logging.getLogger("fvcore").setLevel(logging.ERROR)
WIDTH, RANK, PROMPTS = 96, 4, 200


def rows(n, dim):
    return nn.Parameter(torch.empty(1, n, dim))


def joined(*parts):
    return torch.cat([p for p in parts if p is not None], 1)


class Bottleneck(nn.Module):
    """up(relu(down(x))), behind a layer norm of its own where there is one."""

    def __init__(self, dim, width, normed):
        super().__init__()
        self.norm = nn.LayerNorm(dim) if normed else nn.Identity()
        self.down, self.up = nn.Linear(dim, width), nn.Linear(width, dim)

    def forward(self, x):
        return self.up(torch.relu(self.down(self.norm(x))))


class Diffusion(nn.Module):
    """APT: keys tied to the prompts by a product of low rank, no softmax, values as they are."""

    def __init__(self, dim):
        super().__init__()
        self.prompts = rows(PROMPTS, dim)
        self.down, self.up = nn.Linear(dim, RANK, False), nn.Linear(RANK, dim, False)
        self.scale = nn.Parameter(torch.empty(1))

    def forward(self, x, out):
        keys = self.prompts + self.up(self.down(self.prompts))
        scores = torch.relu(torch.matmul(x, keys.transpose(1, 2)))
        weight = scores.max(-1, keepdim=True)[0].detach()
        return (out + weight * torch.matmul(scores, self.prompts)) * self.scale.exp()


class Attention(nn.Module):
    """x attends to y (itself by default), and to further rows that come with them."""

    def __init__(self, dim, heads, policy=None, own_rows=0):
        super().__init__()
        self.heads = heads
        self.query, self.key = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.value, self.out = nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.extra = rows(own_rows, dim) if own_rows else None
        self.lora = None
        if policy == "lora":
            self.lora = nn.ModuleList(
                nn.Sequential(nn.Linear(dim, RANK, False), nn.Linear(RANK, dim, False))
                for _ in range(2))
        self.apt = Diffusion(dim) if policy == "approximated" else None
        self.adapter = Bottleneck(dim, WIDTH, False) if policy == "adapter" else None

    def split(self, x):
        return x.reshape(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x, y=None, queries=None):
        """Of the first `queries` rows of x, though all of them are projected."""
        y = joined(self.extra, x if y is None else y)
        q, k, v = self.query(x), self.key(y), self.value(y)
        if self.lora is not None:
            q, v = q + self.lora[0](x), v + self.lora[1](y)
        q = q[:, :queries]
        scores = torch.matmul(self.split(q), self.split(k).transpose(2, 3))
        mixed = torch.matmul(torch.softmax(scores, -1), self.split(v))
        out = self.out(mixed.transpose(1, 2).reshape(q.shape))
        if self.apt is not None:
            out = self.apt(x, out)
        return out + self.adapter(out) if self.adapter is not None else out


class Mlp(nn.Module):
    def __init__(self, dim, hidden, policy=None):
        super().__init__()
        self.up, self.down = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.adapter = Bottleneck(dim, WIDTH, False) if policy == "adapter" else None

    def forward(self, x):
        out = self.down(nn.functional.gelu(self.up(x)))
        return out + self.adapter(out) if self.adapter is not None else out


class PreNormBlock(nn.Module):
    """A block of ViT, CLIP and ViLT. Rows of its own stand behind the others, as keys and values."""

    def __init__(self, dim, heads, policy=None, own_rows=0):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attention, self.mlp = Attention(dim, heads, policy), Mlp(dim, 4 * dim, policy)
        self.own = rows(own_rows, dim) if own_rows else None
        self.beside = Bottleneck(dim, WIDTH, True) if policy == "parallel-adapter" else None

    def forward(self, x):
        y = self.norm1(joined(x, self.own))
        out = self.attention(y, queries=x.shape[1])
        if self.beside is not None:
            out = out + 4 * self.beside(y)
        x = x + out
        return x + self.mlp(self.norm2(x))


class PostNormBlock(nn.Module):
    """A block of RoBERTa, and where it crosses one of METER's."""

    def __init__(self, dim, heads, crosses=False, policy=None):
        super().__init__()
        kinds = ["self", "cross"] if crosses else ["self"]
        self.attentions = nn.ModuleList(
            Attention(dim, heads, policy, PROMPTS if policy == "deep" and k == "cross" else 0)
            for k in kinds)
        self.mlp = Mlp(dim, 4 * dim, policy)
        self.norms = nn.ModuleList(nn.LayerNorm(dim) for _ in range(len(kinds) + 1))
        self.beside = None
        if policy in ("parallel-adapter", "das"):
            more = 1 if policy == "das" else 0
            self.beside = nn.ModuleList(
                Bottleneck(dim, WIDTH, True) for _ in range(len(kinds) + more))
        self.das = policy == "das"

    def forward(self, x, other=None):
        for i, attention in enumerate(self.attentions):
            before, out = x, attention(x, other if i == 1 else None) + x
            if self.das:
                out = out + self.beside[i](before)
            x = self.norms[i](out)
            if self.beside is not None and not self.das:
                x = x + 4 * self.beside[i](before)
        y = self.norms[-1](self.mlp(x) + x)
        return y + self.beside[-1](x) if self.das else y


class ShortCut(nn.Module):
    def __init__(self, dim, width):
        super().__init__()
        self.adapter = Bottleneck(dim, width, True)

    def forward(self, x, other=None):
        return x + self.adapter(x)


class Vision(nn.Module):
    """ViT and CLIP's image tower, of which the class row is read (METER reads all of them); prompts
    stand behind it. ViT norms every row before it reads one, CLIP only that one."""

    def __init__(self, dim, depth, heads, patch, image, policy=None, clip=False, width=0):
        super().__init__()
        self.embed = nn.Linear(3 * patch * patch, dim, bias=not clip)
        self.first, self.places = rows(1, dim), rows((image // patch) ** 2 + 1, dim)
        self.before = nn.LayerNorm(dim) if clip else nn.Identity()
        self.prompts = None
        if policy in ("shallow", "deep"):
            self.prompts = nn.ParameterList(
                rows(PROMPTS, dim) for _ in range(depth if policy == "deep" else 1))
        self.blocks = nn.ModuleList(PreNormBlock(dim, heads, policy) for _ in range(depth))
        self.norm = nn.LayerNorm(dim)
        self.project = nn.Linear(dim, width, False) if width else None

    def forward(self, image):
        x = self.before(joined(self.first, self.embed(image)) + self.places)
        for i, block in enumerate(self.blocks):
            if self.prompts is not None and i < len(self.prompts):
                x = joined(x[:, :1], self.prompts[i], x[:, 1 if i == 0 else 1 + PROMPTS:])
            x = block(x)
        return self.norm(x) if self.project is None else self.project(self.norm(x[:, :1]))


class ClipText(nn.Module):
    def __init__(self, dim, depth, heads, width):
        super().__init__()
        self.embed, self.places = nn.Embedding(49408, dim), rows(77, dim)
        self.blocks = nn.ModuleList(PreNormBlock(dim, heads) for _ in range(depth))
        self.norm, self.project = nn.LayerNorm(dim), nn.Linear(dim, width, False)

    def forward(self, words):
        x = self.embed(words) + self.places
        for block in self.blocks:
            x = block(x)
        return self.project(self.norm(x[:, -1:]))


class Clip(nn.Module):
    def __init__(self):
        super().__init__()
        self.image = Vision(768, 12, 12, 16, 224, clip=True, width=512)
        self.text = ClipText(512, 12, 8, 512)

    def forward(self, image, words):
        a, b = self.image(image), self.text(words)
        a, b = a / a.norm(dim=-1, keepdim=True), b / b.norm(dim=-1, keepdim=True)
        return torch.matmul(a, b.transpose(1, 2))


class Words(nn.Module):
    def __init__(self, vocabulary, dim):
        super().__init__()
        self.embed, self.norm = nn.Embedding(vocabulary, dim), nn.LayerNorm(dim)

    def forward(self, words):
        return self.norm(self.embed(words))


class Vilt(nn.Module):
    """One stream of words and 200 patches; prompts stand last."""

    def __init__(self, policy=None):
        super().__init__()
        dim = 768
        self.words, self.embed = Words(30522, dim), nn.Linear(3 * 32 * 32, dim)
        self.first = rows(1, dim)
        self.prompts = rows(PROMPTS, dim) if policy == "shallow" else None
        own = PROMPTS if policy == "deep" else 0
        self.blocks = nn.ModuleList(PreNormBlock(dim, 12, policy, own) for _ in range(12))
        self.norm, self.pooler = nn.LayerNorm(dim), nn.Linear(dim, dim)

    def forward(self, words, image):
        x = joined(self.words(words), self.first, self.embed(image), self.prompts)
        for block in self.blocks:
            x = block(x)
        return torch.tanh(self.pooler(self.norm(x)[:, 0]))


class Meter(nn.Module):
    """CLIP's B/16 without its last block, RoBERTa, and six layers of each stream that cross."""

    def __init__(self, policy=None, skipped=()):
        super().__init__()
        dim = 768
        self.words = Words(50265, dim)
        self.roberta = nn.ModuleList(PostNormBlock(dim, 12) for _ in range(12))
        self.image = Vision(dim, 11, 12, 16, 384, clip=True)
        self.maps = nn.ModuleList(nn.Linear(dim, dim) for _ in range(2))
        self.first = rows(1, dim)
        self.prompts = None
        if policy == "shallow":
            self.prompts = nn.ParameterList(rows(PROMPTS, dim) for _ in range(2))
        self.layers = nn.ModuleList(
            ShortCut(dim, 288) if i in skipped else PostNormBlock(
                dim, 12, True, "das" if skipped else policy) for i in range(12))
        self.poolers = nn.ModuleList(nn.Linear(dim, dim) for _ in range(2))

    def forward(self, words, image):
        x = self.words(words)
        for block in self.roberta:
            x = block(x)
        x, y = self.maps[0](x), self.maps[1](self.image(image))
        x = joined(self.first, x[:, 1:])
        if self.prompts is not None:
            x, y = joined(self.prompts[0], x), joined(self.prompts[1], y)
        for text, picture in zip(self.layers[:6], self.layers[6:]):
            x, y = text(x, y), picture(y, x)
        return [torch.tanh(p(z[:, 0])) for p, z in zip(self.poolers, (x, y))]


def words(n):
    return torch.zeros(1, n, dtype=torch.long)


def patches(count, side):
    """An image as rows of its patches' pixels: a convolution that strides by its own size is a
    product with these."""
    return torch.empty(1, count, 3 * side * side)


def vit(policy):
    return Vision(768, 12, 12, 16, 224, policy), (patches(196, 16),)


def clip(_):
    return Clip(), (patches(196, 16), words(77))


def vilt(policy):
    return Vilt(policy), (words(40), patches(200, 32))


def meter(policy, skipped=()):
    return Meter(policy, skipped), (words(40), patches(576, 16))


VILT = ["--text", "40", "--image", "201"]
METER = ["--text", "40", "--image", "577"]
EVERY = ["none", "shallow", "deep", "approximated", "adapter", "parallel-adapter", "lora"]
CASES = [("vit-b16", p, ["--image", "197"], vit) for p in EVERY]
CASES += [("clip-b16", "none", [], clip)]
CASES += [("vilt-b32", p, VILT, vilt) for p in EVERY]
CASES += [("meter-b16-384", p, METER, meter) for p in EVERY]
CASES += [("meter-b16-384", "none", METER + ["--skip", "4,5,10,11"],
           lambda p: meter(p, (4, 5, 10, 11)))]

NORMS, PROMPT_NORMS = "1", "2"
REASONS = {
    NORMS: "The last norm goes over every row, of which one is read; vlpt norms the row that is read.",
    PROMPT_NORMS: "Also the norms of deep prompts, which `vlpt cost` leaves out on ViLT, as APT's "
                  "table does.",
}


def known(arch, policy):
    """What fvcore counts more than vlpt, where the two execute different operators, and why."""
    more = PROMPTS if policy == "shallow" else 0
    if arch == "vit-b16":
        return 5 * 768 * (196 + (PROMPTS if policy in ("shallow", "deep") else 0)), NORMS
    if arch == "vilt-b32" and policy == "deep":
        return 5 * 768 * (240 + 12 * PROMPTS), f"{NORMS}, {PROMPT_NORMS}"
    if arch == "vilt-b32":
        return 5 * 768 * (240 + more), NORMS
    return 0, ""


def by_fvcore(build, policy):
    with torch.device("meta"), torch.no_grad():
        model, inputs = build(policy)
        count = FlopCountAnalysis(model.eval(), inputs)
        count.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        return int(count.total())


def by_vlpt(program, arch, policy, flags):
    command = [program, "cost", "--arch", arch, "--prompt", policy, *flags]
    if policy in ("shallow", "deep", "approximated"):
        command += ["--prompts", str(PROMPTS)]
    if policy in ("approximated", "lora"):
        command += ["--rank", str(RANK)]
    if policy in ("adapter", "parallel-adapter"):
        command += ["--width", str(WIDTH)]
    done = subprocess.run(command + ["--convention", "fvcore", "--json"], capture_output=True,
                          text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return json.loads(done.stdout)["macs"]


def has_cost(program):
    try:
        return subprocess.run([program, "cost", "--list"], capture_output=True).returncode == 0
    except OSError:
        return False


def spaced(n):
    return f"{n:,}".replace(",", " ")


def section(table):
    reasons = "".join(f"- ({k}) {why}\n" for k, why in REASONS.items())
    return f"""{TITLE}

`tests/reference/fvcore_count.py` runs fvcore over models that it writes down in plain PyTorch, with attention as
two products of matrices, and compares with `vlpt cost --convention fvcore`: 200 prompts, rank 4, width 96; 40
words and 200 patches on ViLT, 40 words and 384 pixels on METER, one class on CLIP. It fails where a difference
is not the one that is explained here. Last run: fvcore {fvcore.__version__}, PyTorch {torch.__version__}.

| architecture | policy | fvcore | vlpt | difference | why |
| --- | --- | --: | --: | --: | --- |
{table}
{reasons}"""


TITLE = "## An independent count"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = sys.argv[1]
    if not has_cost(program):
        print(f"skipped: {program} has no subcommand cost")
        sys.exit(77)
    table, wrong = "", []
    for arch, prompt, flags, build in CASES:
        policy = None if prompt == "none" else prompt
        theirs, ours = by_fvcore(build, policy), by_vlpt(program, arch, prompt, flags)
        name = prompt + (", skips " + flags[-1] if "--skip" in flags else "")
        expected, why = known(arch, policy)
        if theirs - ours != expected:
            wrong.append(f"{arch}, {name}: fvcore {theirs}, vlpt {ours}, difference "
                         f"{theirs - ours}, expected {expected}")
        table += (f"| {arch} | {name} | {spaced(theirs)} | {spaced(ours)} | "
                  f"{spaced(theirs - ours)} | {why and f'({why})'} |\n")
    print(table, end="")
    print(f"fvcore {fvcore.__version__}, torch {torch.__version__}: {len(CASES)} models, "
          f"{len(wrong)} differ without a reason")
    if wrong:
        sys.exit("\n".join(wrong))
    if len(sys.argv) > 2:
        with open(sys.argv[2]) as page:
            head = page.read().split(TITLE)[0]
        with open(sys.argv[2], "w") as page:
            page.write(head + section(table))


if __name__ == "__main__":
    main()
