"""CLIP: Hugging Face's and open_clip's."""
import json

import torch
from transformers import CLIPConfig, CLIPModel, CLIPVisionConfig, CLIPVisionModelWithProjection

from cases import Layers, Made, case, pictures, randomise


def texts(count, length, vocabulary, end):
    """Words below the end token, the end at a different place in each, and the pad behind it."""
    ids = torch.randint(3, vocabulary - 3, (count, length))
    for row in range(count):
        at = length - 1 - row % 3
        ids[row, at] = end
        ids[row, at + 1:] = 0
    return ids


TOWER = dict(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=3)
TINY = dict(vision=dict(TOWER, image_size=12, patch_size=4),
            text=dict(TOWER, hidden_size=16, num_attention_heads=2, vocab_size=60,
                      max_position_embeddings=9), projection=8)
B32 = dict(vision={}, text={}, projection=512)


def clip_of(vision, text, projection, act, eos):
    config = CLIPConfig(vision_config=dict(vision, hidden_act=act, projection_dim=7),
                        text_config=dict(text, hidden_act=act, projection_dim=7, eos_token_id=eos,
                                         bos_token_id=1),
                        projection_dim=projection, attn_implementation="sdpa")
    return randomise(CLIPModel(config))


def raw(pooled, projection, unit):
    """Projected features before they are made unit rows; some versions of transformers project the
    pooled output themselves."""
    for features in (pooled, projection(pooled) if pooled.shape[-1] == projection.in_features else pooled):
        if features.shape == unit.shape and torch.allclose(
                torch.nn.functional.normalize(features, dim=-1), unit):
            return features
    raise RuntimeError("neither the pooled output nor its projection gives the embeddings")


def compared(model, ids, side, interpolate=False):
    images = pictures(1 if side > 100 else 2, side, model.config.vision_config.num_channels)
    with Layers(model.vision_model.encoder.layers, "image.") as image, \
            Layers(model.text_model.encoder.layers, "text.") as text:
        out = model(input_ids=ids, pixel_values=images, interpolate_pos_encoding=interpolate)
    return {"input.images": images, "input.ids": ids, **image, **text,
            "logits_per_image": out.logits_per_image,
            "image_features": raw(out.vision_model_output.pooler_output, model.visual_projection,
                                  out.image_embeds),
            "text_features": raw(out.text_model_output.pooler_output, model.text_projection,
                                 out.text_embeds)}


@case("transformers", tiny=TINY, b32=B32)
def clip_hf(folder, vision, text, projection):
    """OpenAI's kind: QuickGELU, texts that end at the largest number."""
    model = clip_of(vision, text, projection, "quick_gelu", 2)
    model.save_pretrained(folder)
    config = model.config.text_config
    ids = texts(3, config.max_position_embeddings, config.vocab_size, config.vocab_size - 1)
    return Made(compared(model.double(), ids, model.config.vision_config.image_size))


@case("transformers", tiny=TINY)
def clip_hf_gelu(folder, vision, text, projection):
    """LAION's kind: GELU; an end token that is not the largest number."""
    vocabulary = text["vocab_size"]
    model = clip_of(vision, text, projection, "gelu", vocabulary - 3)
    model.save_pretrained(folder)
    ids = texts(3, model.config.text_config.max_position_embeddings, vocabulary - 3, vocabulary - 3)
    ids[:, 1] = vocabulary - 1
    return Made(compared(model.double(), ids, model.config.vision_config.image_size))


@case("transformers", tiny=TINY)
def clip_hf_larger(folder, vision, text, projection):
    """At another resolution than the file's: its positions interpolated."""
    model = clip_of(vision, text, projection, "quick_gelu", 2)
    model.save_pretrained(folder)
    config = model.config.text_config
    ids = texts(2, config.max_position_embeddings, config.vocab_size, config.vocab_size - 1)
    return Made(compared(model.double(), ids, 20, True), {"image": 20})


@case("transformers", tiny=dict(TOWER, image_size=12, patch_size=4, projection_dim=8),
      b16=dict(patch_size=16))
def clip_vision_hf(folder, **sizes):
    model = randomise(CLIPVisionModelWithProjection(
        CLIPVisionConfig(**sizes, attn_implementation="sdpa")))
    model.save_pretrained(folder)
    model.double()
    images = pictures(1 if model.config.image_size > 100 else 2, model.config.image_size)
    with Layers(model.vision_model.encoder.layers, "image.") as layers:
        out = model(pixel_values=images)
    return Made({"input.images": images, **layers, "image_features": out.image_embeds})
