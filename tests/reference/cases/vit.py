"""Vision Transformers: Hugging Face's ViT and ViT-MAE."""
import torch
from transformers import (ViTConfig, ViTForImageClassification, ViTMAEConfig, ViTMAEForPreTraining,
                          ViTMAEModel)

from cases import Layers, Made, case, pictures, randomise

TINY = dict(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=3,
            image_size=12, patch_size=4)


def blocks(vit):
    return vit.layers if hasattr(vit, "layers") else vit.encoder.layer  # transformers 5, 4


@case("transformers", tiny=dict(TINY, num_labels=5), b16=dict(num_labels=1000))
def vit_hf(folder, **sizes):
    model = randomise(ViTForImageClassification(ViTConfig(**sizes, attn_implementation="sdpa")))
    model.save_pretrained(folder)
    model.double()
    images = pictures(1 if model.config.image_size > 100 else 2, model.config.image_size)
    with Layers(blocks(model.vit), "image.") as layers:
        out = model(pixel_values=images)
    features = model.vit(pixel_values=images).last_hidden_state[:, 0]
    return Made({"input.images": images, **layers, "image_features": features,
                 "class_logits": out.logits})


@case("transformers", tiny=TINY)
def vit_hf_larger(folder, **sizes):
    """At another resolution than the file's: its positions interpolated."""
    model = randomise(ViTForImageClassification(ViTConfig(**sizes, attn_implementation="sdpa")))
    model.save_pretrained(folder)
    model.double()
    images = pictures(2, 20)
    with Layers(blocks(model.vit), "image.") as layers:
        out = model(pixel_values=images, interpolate_pos_encoding=True)
    return Made({"input.images": images, **layers, "class_logits": out.logits}, {"image": 20})


@case("transformers", tiny=dict(TINY, decoder_hidden_size=16, decoder_num_attention_heads=2,
                                decoder_num_hidden_layers=1, decoder_intermediate_size=24),
      b16=dict(decoder_num_hidden_layers=1))
def vit_mae_hf(folder, **sizes):
    """The encoder of a pretraining checkpoint, with no patch masked."""
    model = randomise(ViTMAEForPreTraining(
        ViTMAEConfig(**sizes, mask_ratio=0.0, attn_implementation="sdpa")))
    model.save_pretrained(folder)
    model.double()
    images = pictures(1 if model.config.image_size > 100 else 2, model.config.image_size)
    patches = (model.config.image_size // model.config.patch_size) ** 2
    keep_order = torch.arange(patches, dtype=torch.float64).repeat(len(images), 1)  # what is sorted: no shuffle
    with Layers(blocks(model.vit), "image.") as layers:
        out = model.vit(pixel_values=images, noise=keep_order)
    return Made({"input.images": images, **layers, "image_features": out.last_hidden_state[:, 0]},
                {"pool": "class_row"})
