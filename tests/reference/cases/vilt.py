"""ViLT: Hugging Face's, and the original's names in a checkpoint of Lightning."""
import unittest.mock

import torch
from transformers import (ViltConfig, ViltForImageAndTextRetrieval, ViltForImagesAndTextClassification,
                          ViltForQuestionAnswering, ViltModel)

from cases import Layers, Made, case, randomise

TINY = dict(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=3,
            vocab_size=60, max_position_embeddings=9, image_size=16, patch_size=4)
SIZES = [(16, 24), (20, 12), (4, 16), (16, 16)]  # of pictures, in one batch
REAL = [(384, 608), (576, 384)]


def padded(sizes):
    """Pictures of many sizes in the upper left corner of one canvas, and where they are."""
    height, width = max(h for h, _ in sizes), max(w for _, w in sizes)
    pixels = torch.zeros(len(sizes), 3, height, width, dtype=torch.float64)
    mask = torch.zeros(len(sizes), height, width, dtype=torch.long)
    for i, (h, w) in enumerate(sizes):
        pixels[i, :, :h, :w] = torch.randn(3, h, w, dtype=torch.float64)
        mask[i, :h, :w] = 1
    return pixels, mask


def texts(count, length, vocabulary):
    ids = torch.randint(3, vocabulary, (count, length))
    mask = torch.ones_like(ids)
    for row in range(count):
        mask[row, length - 2 * (row % 3):] = 0
    return ids * mask, mask


def in_order(weights, count, replacement=False):
    """Hugging Face draws the order of the patches of the batch's largest pictures, which changes no
    answer, and which patches stand in the places of padding. Here they keep their order."""
    return torch.arange(count) % len(weights)


def blocks(vilt):
    return vilt.encoder.layer if hasattr(vilt.encoder, "layer") else vilt.encoder.layers


def compared(vilt, ids, mask, pixels, pixel_mask):
    """Every layer of a ViltModel. Rows of padding are 0: which patches stand there is drawn."""
    seen = {}
    handle = vilt.embeddings.register_forward_hook(lambda m, i, out: seen.update(rows=out[1]))
    with Layers(blocks(vilt), "joint.") as layers, unittest.mock.patch("torch.multinomial", in_order):
        out = vilt(input_ids=ids, attention_mask=mask, pixel_values=pixels, pixel_mask=pixel_mask)
    handle.remove()
    rows = seen["rows"]
    visible = {name: x * rows[..., None] for name, x in {**layers, "joint.normed": out.last_hidden_state}.items()}
    return {"input.images": pixels, "input.ids": ids, "input.mask": mask, "input.rows": rows,
            **visible, "joint_features": out.pooler_output}


def logits_of(model, ids, mask, pixels, pixel_mask):
    """Inputs as rows of pairs, and what a head answers."""
    out = model(input_ids=ids, attention_mask=mask, pixel_values=pixels, pixel_mask=pixel_mask)
    images = pixels.shape[1] if pixels.dim() == 5 else 1
    patch = model.config.patch_size
    most = pixel_mask.flatten(0, -3)[:, ::patch, ::patch].sum((1, 2)).max().item()
    rows = torch.ones(pixels.flatten(0, -4).shape[0], ids.shape[1] + 1 + most, dtype=torch.long)
    return {"input.images": pixels.flatten(0, -4), "input.ids": ids.repeat_interleave(images, 0),
            "input.mask": mask.repeat_interleave(images, 0), "input.rows": rows,
            "class_logits": out.logits}


@case("transformers", tiny=dict(TINY, sizes=SIZES), b32=dict(sizes=REAL))
def vilt_hf(folder, sizes, **config):
    model = randomise(ViltModel(ViltConfig(**config)))
    model.save_pretrained(folder)
    model.double()
    ids, mask = texts(len(sizes), model.config.max_position_embeddings, model.config.vocab_size)
    return Made(compared(model, ids, mask, *padded(sizes)))


@case("transformers", tiny=dict(TINY, sizes=SIZES, num_labels=7), b32=dict(sizes=REAL, num_labels=3129))
def vilt_hf_vqa(folder, sizes, **config):
    """A file with the head for questions."""
    model = randomise(ViltForQuestionAnswering(ViltConfig(**config)))
    model.save_pretrained(folder)
    model.double()
    ids, mask = texts(len(sizes), 8, model.config.vocab_size)
    return Made(logits_of(model, ids, mask, *padded(sizes)))


@case("transformers", tiny=dict(TINY, sizes=SIZES, num_labels=2))
def vilt_hf_nlvr2(folder, sizes, **config):
    """Two images of a text, of which the head reads both."""
    model = randomise(ViltForImagesAndTextClassification(
        ViltConfig(**config, num_images=2, modality_type_vocab_size=3)))
    model.save_pretrained(folder)
    model.double()
    ids, mask = texts(len(sizes) // 2, 8, model.config.vocab_size)
    pixels, where = padded(sizes)
    two = lambda x: x.unflatten(0, (-1, 2))
    return Made(logits_of(model, ids, mask, two(pixels), two(where)))


@case("transformers", tiny=dict(TINY, sizes=SIZES))
def vilt_hf_ranking(folder, sizes, **config):
    model = randomise(ViltForImageAndTextRetrieval(ViltConfig(**config)))
    model.save_pretrained(folder)
    model.double()
    ids, mask = texts(len(sizes), 8, model.config.vocab_size)
    return Made(logits_of(model, ids, mask, *padded(sizes)))


NAMES = [("embeddings.text_embeddings.", "text_embeddings."),
         ("embeddings.cls_token", "transformer.cls_token"),
         ("embeddings.position_embeddings", "transformer.pos_embed"),
         ("embeddings.patch_embeddings.projection.", "transformer.patch_embed.proj."),
         ("embeddings.token_type_embeddings.", "token_type_embeddings."),
         ("encoder.layer.", "transformer.blocks."), (".attention.output.dense.", ".attn.proj."),
         (".intermediate.dense.", ".mlp.fc1."), (".output.dense.", ".mlp.fc2."),
         (".layernorm_before.", ".norm1."), (".layernorm_after.", ".norm2."),
         ("layernorm.", "transformer.norm.")]


def original_names(state):
    """Hugging Face's names as the original's, query, key and value in one."""
    out = {}
    for name, tensor in state.items():
        if any(f".attention.{part}." in name for part in ("key", "value")):
            continue
        if ".attention.query." in name:
            tensor = torch.cat([state[name.replace("query", p)] for p in ("query", "key", "value")])
            name = name.replace(".attention.attention.query.", ".attn.qkv.")
        for theirs, ours in NAMES:
            name = ours + name[len(theirs):] if name.startswith(theirs) else name.replace(theirs, ours) \
                if theirs.startswith(".") else name
        out[name] = tensor
    return out


@case("the original's layout", tiny=dict(TINY, sizes=SIZES, num_labels=7),
      b32=dict(sizes=[(384, 480)], num_labels=3129))
def vilt_original(folder, sizes, **config):
    """Blocks with an epsilon of 1e-6, tables with 1e-12; a head, and parts that are ignored."""
    model = randomise(ViltForQuestionAnswering(ViltConfig(**config, layer_norm_eps=1e-6)))
    model.vilt.embeddings.text_embeddings.LayerNorm.eps = 1e-12
    dim = model.config.hidden_size
    state = original_names(model.vilt.state_dict())
    state.update({"vqa_" + n: t for n, t in model.state_dict().items() if n.startswith("classifier.")})
    state.update({"text_embeddings.position_ids": torch.arange(9)[None],
                  "itm_score.fc.weight": torch.randn(2, dim), "itm_score.fc.bias": torch.randn(2),
                  "mlm_score.bias": torch.randn(60)})
    torch.save({"epoch": 1, "global_step": 2, "pytorch-lightning_version": "1.1.4",
                "state_dict": state, "hyper_parameters": {"config": {"vocab_size": 60}}},
               folder / "vilt.ckpt")
    model.double()
    ids, mask = texts(len(sizes), model.config.max_position_embeddings, model.config.vocab_size)
    made = compared(model.vilt, ids, mask, *padded(sizes))
    return Made(made, {"heads": model.config.num_attention_heads})
