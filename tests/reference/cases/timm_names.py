"""Vision Transformers under timm's names: timm, and the files of MAE and MoCo v3; torchvision."""
import timm
import torch
import torchvision
from safetensors.torch import save_file
from timm.models._hub import save_for_hf

from cases import Layers, Made, case, pictures, randomise

TINY = dict(img_size=12, patch_size=4, embed_dim=24, depth=2, num_heads=3)


def compared(model, side, features=None, blocks=None):
    """`features`: what is pooled and normed, from the last layer's rows."""
    model.double()
    images = pictures(1 if side > 100 else 2, side)
    with Layers(blocks or model.blocks, "image.") as layers:
        logits = model(images)
    last = layers[max(layers, key=lambda n: int(n.rsplit(".", 1)[1]))]
    features = features or (lambda rows: model.norm(rows)[:, 0])
    return {"input.images": images, **layers, "image_features": features(last),
            **({"class_logits": logits} if getattr(model, "num_classes", 5) else {})}


@case("timm", tiny=dict(name="vit_tiny_patch16_224", args=TINY, classes=5),
      b16=dict(name="vit_base_patch16_224", args={}, classes=1000))
def timm_vit(folder, name, args, classes):
    model = randomise(timm.create_model(name, num_classes=classes, **args))
    save_for_hf(model, folder, model_args=args, safe_serialization=True)
    return Made(compared(model, args.get("img_size", 224)))


@case("timm", tiny=dict(name="vit_tiny_patch16_224", args=dict(TINY, global_pool="avg"), classes=5))
def timm_vit_avg(folder, name, args, classes):
    """The patches' mean, then fc_norm."""
    model = randomise(timm.create_model(name, num_classes=classes, **args))
    save_for_hf(model, folder, model_args=args, safe_serialization=True)
    return Made(compared(model, args["img_size"], lambda rows: model.fc_norm(rows[:, 1:].mean(1))))


@case("timm", tiny=dict(name="vit_base_patch32_clip_quickgelu_224", args=TINY, classes=5))
def timm_vit_clip(folder, name, args, classes):
    """timm's CLIP: a norm before the layers, patches without bias, QuickGELU."""
    model = randomise(timm.create_model(name, num_classes=classes, **args))
    save_for_hf(model, folder, model_args=args, safe_serialization=True)
    return Made(compared(model, args["img_size"]))


@case("timm", tiny=dict(name="vit_tiny_patch16_224", args=TINY),
      s16=dict(name="vit_small_patch16_224", args=dict(num_heads=12)))
def moco_v3(folder, name, args):
    """MoCo v3's pretraining file: module.base_encoder., a momentum encoder, no config."""
    model = randomise(timm.create_model(name, num_classes=0, **args))
    tensors = {f"module.{which}.{name}": value.clone() for name, value in model.state_dict().items()
               for which in ("base_encoder", "momentum_encoder")}
    dim = model.embed_dim
    tensors["module.base_encoder.head.0.weight"] = torch.randn(7, dim)
    tensors["module.predictor.0.weight"] = torch.randn(7, 7)
    save_file(tensors, folder / "vit-s-300ep.safetensors")
    heads = {"heads": args["num_heads"]} if "img_size" in args else {}
    return Made(compared(model, args.get("img_size", 224)),
                {"model": "model/vit-s-300ep.safetensors", **heads})


@case("timm", tiny=dict(name="vit_tiny_patch16_224", args=TINY),
      b16=dict(name="vit_base_patch16_224", args={}))
def mae_original(folder, name, args):
    """The original MAE's file: encoder and decoder, no config."""
    model = randomise(timm.create_model(name, num_classes=0, **args))
    tensors = {name: value.clone() for name, value in model.state_dict().items()}
    dim = model.embed_dim
    tensors["mask_token"] = torch.randn(1, 1, 16)
    tensors["decoder_embed.weight"] = torch.randn(16, dim)
    tensors["decoder_pos_embed"] = torch.randn(1, 10, 16)
    tensors["decoder_blocks.0.norm1.weight"] = torch.randn(16)
    save_file(tensors, folder / "mae_pretrain_vit_base.safetensors")
    heads = {"heads": args["num_heads"]} if args else {}
    return Made(compared(model, args.get("img_size", 224)),
                {"model": "model/mae_pretrain_vit_base.safetensors", "pool": "class_row", **heads})


@case("torchvision", tiny=dict(image_size=12, patch_size=4, num_layers=2, num_heads=3, hidden_dim=24,
                               mlp_dim=40, num_classes=5),
      b16=dict(image_size=224, patch_size=16, num_layers=12, num_heads=12, hidden_dim=768,
               mlp_dim=3072))
def torchvision_vit(folder, **sizes):
    model = randomise(torchvision.models.VisionTransformer(**sizes))
    save_file(model.state_dict(), folder / "vit_b_16.safetensors")
    heads = {"heads": sizes["num_heads"]} if sizes["hidden_dim"] % 64 else {}
    return Made(compared(model, sizes["image_size"], lambda rows: model.encoder.ln(rows)[:, 0],
                         list(model.encoder.layers)),
                {"model": "model/vit_b_16.safetensors", **heads})


@case("torchvision", tiny=dict(image_size=12, patch_size=4, num_layers=2, num_heads=3, hidden_dim=24,
                               mlp_dim=40, num_classes=5))
def torchvision_larger(folder, **sizes):
    """At another resolution than the file's: its positions interpolated."""
    model = randomise(torchvision.models.VisionTransformer(**sizes))
    save_file(model.state_dict(), folder / "vit_b_16.safetensors")
    state = {name: value.double() for name, value in model.state_dict().items()}
    larger = torchvision.models.VisionTransformer(**dict(sizes, image_size=20))
    larger.double().load_state_dict(torchvision.models.vision_transformer.interpolate_embeddings(
        20, sizes["patch_size"], state))
    return Made(compared(larger.eval(), 20, lambda rows: larger.encoder.ln(rows)[:, 0],
                         list(larger.encoder.layers)),
                {"model": "model/vit_b_16.safetensors", "heads": 3, "image": 20})
