"""What transformers, open_clip and timm make of pictures and texts in the folder of a model, by its files
alone and through their own processors and tokenizers: features_folders.py says which folder has which."""
import json

import open_clip
import timm
import torch
import transformers as hf
from safetensors.torch import load_file


def clip_answer(path, pictures, texts):
    model = hf.CLIPModel.from_pretrained(path, dtype=torch.float32)
    inputs = hf.AutoImageProcessor.from_pretrained(path, backend="pil")(pictures, return_tensors="pt")
    words = hf.AutoTokenizer.from_pretrained(path)(texts, padding=True, truncation=True, return_tensors="pt",
                                                   max_length=model.config.text_config.max_position_embeddings)
    image = model.visual_projection(model.vision_model(**inputs).pooler_output)
    text = model.text_projection(model.text_model(**words).pooler_output)
    return {"image_features": image, "text_features": text,
            "logits_per_image": model(**words, **inputs).logits_per_image}


def vision_answer(path, pictures, texts):
    inputs = hf.AutoImageProcessor.from_pretrained(path, backend="pil")(pictures, return_tensors="pt")
    model = hf.AutoModel.from_pretrained(path, dtype=torch.float32)
    if model.config.model_type == "vit_mae":  # as VPT reads it: no patch is hidden, the norm of their mean
        model.config.mask_ratio, rows = 0.0, []
        model.layernorm.register_forward_pre_hook(lambda _, inputs: rows.append(inputs[0]))
        order = torch.arange(model.embeddings.patch_embeddings.num_patches) / 1e4
        model(**inputs, noise=order.expand(len(pictures), -1))
        return {"image_features": model.layernorm(rows[0][:, 1:].mean(1))}
    if model.config.model_type == "clip_vision_model":
        model = hf.CLIPVisionModelWithProjection.from_pretrained(path, dtype=torch.float32)
        return {"image_features": model(**inputs).image_embeds}
    return {"image_features": model(**inputs).last_hidden_state[:, 0]}


def classes_answer(path, pictures, texts):
    inputs = hf.AutoImageProcessor.from_pretrained(path, backend="pil")(pictures, return_tensors="pt")
    model = hf.ViTForImageClassification.from_pretrained(path, dtype=torch.float32)
    return {"probabilities": model(**inputs).logits.softmax(-1), "classes": model.config.id2label,
            **vision_answer(path, pictures, texts)}


def vilt_answer(path, pictures, texts):
    """Picture i with text i."""
    look = hf.AutoImageProcessor.from_pretrained(path, backend="pil")
    read = hf.AutoTokenizer.from_pretrained(path)
    model = hf.ViltModel.from_pretrained(path, dtype=torch.float32)
    most = model.config.max_position_embeddings
    return {"image_features": torch.cat([
        model(**look(p, return_tensors="pt"),
              **read(t, truncation=True, max_length=most, return_tensors="pt")).pooler_output
        for p, t in zip(pictures, texts)])}


def text_answer(path, pictures, texts):
    """What modules.json says; else the pooler's row, or the first where the file has no pooler."""
    model, report = hf.AutoModel.from_pretrained(path, dtype=torch.float32, output_loading_info=True)
    sizes = path / "sentence_bert_config.json"
    most = json.loads(sizes.read_text())["max_seq_length"] if sizes.exists() else \
        model.config.max_position_embeddings - (2 if model.config.model_type == "roberta" else 0)
    words = hf.AutoTokenizer.from_pretrained(path)(texts, padding=True, truncation=True, max_length=most,
                                                   return_tensors="pt")
    out = model(**words)
    if (path / "modules.json").exists():
        seen = words["attention_mask"][..., None].float()
        mean = (out.last_hidden_state * seen).sum(1) / seen.sum(1)
        kinds = [m["type"] for m in json.loads((path / "modules.json").read_text())]
        unit = any(kind.endswith("Normalize") for kind in kinds)
        return {"text_features": torch.nn.functional.normalize(mean, dim=-1) if unit else mean}
    pooled = not any("pooler" in name for name in report["missing_keys"])
    return {"text_features": out.pooler_output if pooled else out.last_hidden_state[:, 0]}


def open_clip_answer(path, pictures, texts):
    said = json.loads((path / "open_clip_config.json").read_text())
    model = open_clip.CLIP(**said["model_cfg"]).eval()
    model.load_state_dict(load_file(path / "open_clip_model.safetensors"))
    transform = open_clip.image_transform(model.visual.image_size, is_train=False, **said["preprocess_cfg"])
    read = open_clip.SimpleTokenizer(context_length=model.context_length)
    image, text, scale = model(torch.stack([transform(p.convert("RGB")) for p in pictures]), read(texts))[:3]
    return {"image_features": model.encode_image(torch.stack([transform(p) for p in pictures])),
            "text_features": model.encode_text(read(texts)), "logits_per_image": scale * image @ text.T}


def timm_answer(path, pictures, texts):
    said = json.loads((path / "config.json").read_text())
    model = timm.create_model(said["architecture"], **{"num_classes": said["num_classes"],
                                                       **said.get("model_args", {})}).eval()
    model.load_state_dict(load_file(path / "model.safetensors"))
    transform = timm.data.create_transform(**timm.data.resolve_data_config(
        {}, pretrained_cfg=said["pretrained_cfg"]))
    rows = model.forward_features(torch.stack([transform(p.convert("RGB")) for p in pictures]))
    return {"image_features": model.forward_head(rows, pre_logits=True),
            "probabilities": model.forward_head(rows).softmax(-1),
            "classes": dict(enumerate(said["label_names"]))}
