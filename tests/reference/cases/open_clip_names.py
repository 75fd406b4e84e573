"""CLIP under OpenAI's names: open_clip's folders, and files without a config."""
import json

import open_clip
import torch
from safetensors.torch import save_file

from cases import Layers, Made, case, pictures, randomise
from cases.clip import texts

TINY = dict(embed_dim=8,
            vision_cfg=dict(image_size=12, layers=2, width=24, patch_size=4, head_width=8),
            text_cfg=dict(context_length=9, vocab_size=60, width=16, heads=2, layers=2))
B32 = dict(embed_dim=512, vision_cfg=dict(image_size=224, layers=12, width=768, patch_size=32),
           text_cfg=dict(context_length=77, vocab_size=49408, width=512, heads=8, layers=12))


def made(kind, embed_dim, vision_cfg, text_cfg, quick):
    model = kind(embed_dim, open_clip.CLIPVisionCfg(**vision_cfg), open_clip.CLIPTextCfg(**text_cfg),
                 quick_gelu=quick)
    return randomise(model)


def save(model, folder, config):
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    (folder / "open_clip_config.json").write_text(json.dumps({
        "model_cfg": config,
        "preprocess_cfg": {"mean": [0.48145466, 0.4578275, 0.40821073],
                           "std": [0.26862954, 0.26130258, 0.27577711]}}))


def compared(model, config):
    model.double()
    words = config["text_cfg"]["vocab_size"]
    ids = texts(3, config["text_cfg"]["context_length"], words, words - 1)
    images = pictures(1 if config is B32 else 2, config["vision_cfg"]["image_size"])
    blocks = model.text.transformer if hasattr(model, "text") else model.transformer
    with Layers(model.visual.transformer.resblocks, "image.") as image, \
            Layers(blocks.resblocks, "text.") as text:
        logits, _ = model.get_logits(images, ids)
        raw = {"image_features": model.encode_image(images), "text_features": model.encode_text(ids)}
    return {"input.images": images, "input.ids": ids, **image, **text, **raw,
            "logits_per_image": logits}


@case("open_clip", tiny=dict(config=TINY), b32=dict(config=B32))
def open_clip_vit(folder, config):
    """ViT-B-32 and its like: GELU."""
    model = made(open_clip.CLIP, **config, quick=False)
    save(model, folder, config)
    return Made(compared(model, config))


@case("open_clip", tiny=dict(config=TINY))
def open_clip_custom_text(folder, config):
    """CustomTextCLIP: `text.` before the words' half; QuickGELU."""
    model = made(open_clip.CustomTextCLIP, **config, quick=True)
    save(model, folder, dict(config, quick_gelu=True, custom_text=True))
    return Made(compared(model, config))


@case("open_clip", tiny=dict(config=TINY), b32=dict(config=B32))
def clip_openai(folder, config):
    """OpenAI's file: no config, half precision, sizes from the shapes."""
    model = made(open_clip.CLIP, **config, quick=True).half().float()
    tensors = {name: value.half() for name, value in model.state_dict().items()}
    for name, size in (("input_resolution", config["vision_cfg"]["image_size"]),
                       ("context_length", config["text_cfg"]["context_length"]),
                       ("vocab_size", config["text_cfg"]["vocab_size"])):
        tensors[name] = torch.tensor(size)
    save_file(tensors, folder / "ViT-B-32.safetensors")
    heads = {"heads": 3, "text_heads": 2} if config is TINY else {}
    return Made(compared(model, config), {"model": "model/ViT-B-32.safetensors", **heads})


@case("open_clip", tiny=dict(config=TINY))
def open_clip_larger(folder, config):
    """At another resolution than the file's: its positions interpolated, antialiased."""
    model = made(open_clip.CLIP, **config, quick=False)
    save(model, folder, config)
    larger = dict(config, vision_cfg=dict(config["vision_cfg"], image_size=20))
    resized = made(open_clip.CLIP, **larger, quick=False).double()
    state = {name: value.double() for name, value in model.state_dict().items()}
    open_clip.model.resize_pos_embed(state, resized)
    resized.load_state_dict(state)
    return Made(compared(resized, larger), {"image": 20})
