"""METER has no package: its model in plain PyTorch (CLIP's image tower, RoBERTa, post-norm layers that
cross), under its own names in a checkpoint of Lightning."""
from collections import OrderedDict

import torch
from torch import nn
from transformers import RobertaConfig, RobertaModel

from cases import Layers, Made, case, pictures, randomise
from cases.text import texts


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class ClipBlock(nn.Module):
    def __init__(self, dim, heads, hidden):
        super().__init__()
        self.attn = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.ln_1, self.ln_2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.mlp = nn.Sequential(OrderedDict(
            [("c_fc", nn.Linear(dim, hidden)), ("gelu", QuickGelu()), ("c_proj", nn.Linear(hidden, dim))]))

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class ClipImage(nn.Module):
    """Every row, each normed; no projection."""
    def __init__(self, dim, heads, hidden, depth, image, patch):
        super().__init__()
        self.conv1 = nn.Conv2d(3, dim, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.randn(dim))
        self.positional_embedding = nn.Parameter(torch.randn((image // patch) ** 2 + 1, dim))
        self.ln_pre, self.ln_post = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.transformer = nn.Module()
        self.transformer.resblocks = nn.ModuleList(ClipBlock(dim, heads, hidden) for _ in range(depth))

    def forward(self, images):
        x = self.conv1(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding.expand(len(x), 1, -1), x], 1) + self.positional_embedding
        x = self.ln_pre(x)
        for block in self.transformer.resblocks:
            x = block(x)
        return self.ln_post(x)


class Attention(nn.Module):
    """LayerNorm(x + dense(attention(x, y))), as BERT names it."""
    def __init__(self, dim, heads):
        super().__init__()
        self.heads, self.self, self.output = heads, nn.Module(), nn.Module()
        self.self.query, self.self.key, self.self.value = (nn.Linear(dim, dim) for _ in range(3))
        self.output.dense, self.output.LayerNorm = nn.Linear(dim, dim), nn.LayerNorm(dim, eps=1e-12)

    def forward(self, x, y, mask):
        split = lambda t: t.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        q, k, v = split(self.self.query(x)), split(self.self.key(y)), split(self.self.value(y))
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
        scores = scores.masked_fill(mask[:, None, None, :] == 0, torch.finfo(scores.dtype).min)
        read = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        return self.output.LayerNorm(x + self.output.dense(read))


class CrossLayer(nn.Module):
    def __init__(self, dim, heads, hidden):
        super().__init__()
        self.attention, self.crossattention = Attention(dim, heads), Attention(dim, heads)
        self.intermediate, self.output = nn.Module(), nn.Module()
        self.intermediate.dense, self.output.dense = nn.Linear(dim, hidden), nn.Linear(hidden, dim)
        self.output.LayerNorm = nn.LayerNorm(dim, eps=1e-12)

    def forward(self, x, other, mask, other_mask):
        x = self.attention(x, x, mask)
        x = self.crossattention(x, other, other_mask)
        inner = nn.functional.gelu(self.intermediate.dense(x))
        return self.output.LayerNorm(x + self.output.dense(inner))


def pooler(dim):
    out = nn.Module()
    out.dense = nn.Linear(dim, dim)
    return out


class Meter(nn.Module):
    def __init__(self, dim, heads, hidden, depth, image, text, classes):
        super().__init__()
        self.text_transformer = RobertaModel(RobertaConfig(**text, layer_norm_eps=1e-5, pad_token_id=1))
        self.vit_model = nn.Module()
        self.vit_model.visual = ClipImage(**image)
        self.cross_modal_text_transform = nn.Linear(text["hidden_size"], dim)
        self.cross_modal_image_transform = nn.Linear(image["dim"], dim)
        self.token_type_embeddings = nn.Embedding(2, dim)
        self.cross_modal_text_layers, self.cross_modal_image_layers = (
            nn.ModuleList(CrossLayer(dim, heads, hidden) for _ in range(depth)) for _ in range(2))
        self.cross_modal_text_pooler, self.cross_modal_image_pooler = pooler(dim), pooler(dim)
        self.vqa_classifier = nn.Sequential(nn.Linear(2 * dim, 2 * dim), nn.LayerNorm(2 * dim),
                                            nn.GELU(), nn.Linear(2 * dim, classes))

    def forward(self, ids, mask, images):
        x = self.text_transformer(input_ids=ids, attention_mask=mask).last_hidden_state
        x = self.cross_modal_text_transform(x) + self.token_type_embeddings.weight[0]
        y = self.vit_model.visual(images)
        y = self.cross_modal_image_transform(y) + self.token_type_embeddings.weight[1]
        all_of_it = torch.ones(y.shape[:2], dtype=torch.long)
        for text, image in zip(self.cross_modal_text_layers, self.cross_modal_image_layers):
            x, y = text(x, y, mask, all_of_it), image(y, x, all_of_it, mask)
        pooled = [torch.tanh(p.dense(s[:, 0])) for p, s in
                  ((self.cross_modal_text_pooler, x), (self.cross_modal_image_pooler, y))]
        features = torch.cat(pooled, -1)
        return features, self.vqa_classifier(features)


def save(model, folder, tensors_beside):
    torch.save({"epoch": 3, "global_step": 100, "pytorch-lightning_version": "1.3.2",
                "state_dict": OrderedDict({**model.state_dict(), **tensors_beside}),
                "hyper_parameters": {"config": {"image_size": 288, "vit": "ViT-B/16"}}},
               folder / "meter.ckpt")


def compared(model, ids, mask, images):
    normed = {}
    handle = model.vit_model.visual.ln_post.register_forward_hook(
        lambda m, i, out: normed.update({"image.normed": out}))
    with Layers(model.text_transformer.encoder.layer, "text.") as text, \
            Layers(model.vit_model.visual.transformer.resblocks, "image.") as image, \
            Layers(model.cross_modal_text_layers, "cross.text.") as left, \
            Layers(model.cross_modal_image_layers, "cross.image.") as right:
        features, logits = model(ids, mask, images)
    handle.remove()
    return {"input.images": images, "input.ids": ids, "input.mask": mask, **normed, **text, **image,
            **left, **right}, features, logits


TEXT = dict(hidden_size=16, intermediate_size=28, num_hidden_layers=2, num_attention_heads=2,
            vocab_size=60, max_position_embeddings=16, type_vocab_size=1)
TINY = dict(dim=24, heads=2, hidden=36, depth=2, classes=5, text=TEXT,
            image=dict(dim=20, heads=2, hidden=32, depth=2, image=12, patch=4))
B16 = dict(dim=768, heads=12, hidden=3072, depth=6, classes=3129,
           text=dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12,
                     num_attention_heads=12, vocab_size=50265, max_position_embeddings=514,
                     type_vocab_size=1),
           image=dict(dim=768, heads=12, hidden=3072, depth=11, image=288, patch=16))


def beside(sizes):
    """What METER's files hold and its model does not read: the rest of CLIP's text tower."""
    dim = sizes["text"]["hidden_size"]
    return {"vit_model.positional_embedding": torch.randn(77, dim),
            "vit_model.ln_final.weight": torch.randn(dim), "vit_model.ln_final.bias": torch.randn(dim),
            "vit_model.token_embedding.weight": torch.randn(99, dim),
            "text_transformer.embeddings.position_ids": torch.arange(16)[None]}


def built(folder, sizes):
    model = randomise(Meter(**sizes))
    save(model, folder, beside(sizes))
    facts = {"heads": sizes["heads"], "text_heads": sizes["text"]["num_attention_heads"]}
    return model.double(), facts


@case("plain PyTorch", tiny=TINY, b16=B16)
def meter(folder, **sizes):
    model, facts = built(folder, sizes)
    ids, mask, _ = texts([12, 7], sizes["text"]["vocab_size"], 1)
    made, features, _ = compared(model, ids, mask, pictures(2, sizes["image"]["image"]))
    return Made({**made, "joint_features": features}, facts)


@case("plain PyTorch", tiny=dict(TINY, depth=1))
def meter_vqa(folder, **sizes):
    """With the head for questions."""
    model, facts = built(folder, sizes)
    ids, mask, _ = texts([9, 3, 5], sizes["text"]["vocab_size"], 1)
    made, _, logits = compared(model, ids, mask, pictures(3, sizes["image"]["image"]))
    return Made({**made, "class_logits": logits}, facts)


@case("plain PyTorch", tiny=dict(TINY, depth=1))
def meter_larger(folder, **sizes):
    """At another resolution than the file's: its positions interpolated."""
    model, facts = built(folder, sizes)
    visual = model.vit_model.visual
    table = visual.positional_embedding
    side, dim = sizes["image"]["image"] // sizes["image"]["patch"], table.shape[1]
    grid = table[1:].T.reshape(1, dim, side, side)
    grid = nn.functional.interpolate(grid, size=(5, 5), mode="bicubic", align_corners=False)
    visual.positional_embedding = nn.Parameter(torch.cat([table[:1], grid.flatten(2)[0].T]))
    ids, mask, _ = texts([6, 4], sizes["text"]["vocab_size"], 1)
    made, features, _ = compared(model, ids, mask, pictures(2, 20))
    return Made({**made, "joint_features": features}, {**facts, "image": 20})
