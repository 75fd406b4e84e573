"""Prompt files in both directions, with Hugging Face PEFT and PyTorch on the other side.

peft_adapters.py PROGRAM: a small random ViT with a LoRA of PEFT (queries and values, factor 4, a head
of its own) answers pictures; `vlpt convert` and `vlpt predict` must give the same, and so must PEFT
with the adapter that vlpt writes back. Shallow prompts and CoOp's file go there and back as well.
Exit 77 where a package is missing.
"""

import json
import math
import os
import subprocess
import sys
import tempfile

try:
    import torch
    from peft import LoraConfig, PeftModel, PromptTuningConfig, get_peft_model, load_peft_weights
    from PIL import Image
    from safetensors.torch import save_file
    from transformers import __version__ as transformers_version
    from transformers import CLIPConfig, CLIPModel, ViTConfig, ViTForImageClassification
except ImportError as e:
    print(f"skipped: {e}")
    sys.exit(77)

TOLERANCE = 2e-5
SIDE = 32


def vlpt(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments), "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"vlpt {' '.join(map(str, arguments))}: {done.stderr}")
    return json.loads(done.stdout)


def tiny_vit(folder):
    model = ViTForImageClassification(
        ViTConfig(hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=64,
                  image_size=SIDE, patch_size=8, num_labels=5))
    for p in model.parameters():  # far from the small values that models start with
        torch.nn.init.normal_(p, std=0.2) if p.dim() > 1 else torch.nn.init.normal_(p, 0.5, 0.2)
    model.save_pretrained(folder)
    with open(f"{folder}/preprocessor_config.json", "w") as f:
        json.dump({"size": {"height": SIDE, "width": SIDE}, "resample": 2, "do_resize": True,
                   "do_rescale": True, "do_normalize": True, "image_mean": [0.5] * 3,
                   "image_std": [0.5] * 3, "image_processor_type": "ViTImageProcessor"}, f)
    return model.eval()


def randomise(model):
    for name, p in model.named_parameters():
        if "lora_" in name or "modules_to_save" in name:
            torch.nn.init.normal_(p, std=0.3)


def pictures(folder, count=3):
    all_pixels, files = [], []
    for i in range(count):
        pixels = torch.randint(0, 256, (SIDE, SIDE, 3), dtype=torch.uint8)
        files.append(f"{folder}/{i}.png")
        Image.fromarray(pixels.numpy()).save(files[-1])
        all_pixels.append(pixels.permute(2, 0, 1))
    return (torch.stack(all_pixels).double() / 255 - 0.5) / 0.5, files


def log_probabilities(model, images):
    with torch.no_grad():
        return model.double()(pixel_values=images).logits.log_softmax(-1)


def answers(files, model, delta, classes):
    """The logarithms of what vlpt predict says: logits, but for a constant of each picture."""
    json_out = vlpt("predict", *files, "--model", model, "--delta", delta, "--top-k", len(classes))
    out = torch.empty(len(files), len(classes), dtype=torch.double)
    for row, image in zip(out, json_out["images"]):
        for one in image["top"]:
            row[classes.index(one["class"])] = math.log(one["probability"])
    return out


def compare(what, got, wanted):
    worst = (got - wanted).abs().max().item()
    print(f"{what:58s} {worst:.2e}")
    if not worst <= TOLERANCE:
        sys.exit(f"{what}: {worst} is more than {TOLERANCE}")


def check_lora(folder):
    vit, adapter, back = f"{folder}/vit", f"{folder}/adapter", f"{folder}/back"
    base = tiny_vit(vit)
    queries_and_values = [n for n, _ in base.named_modules()
                          if n.endswith((".query", ".value", ".q_proj", ".v_proj"))]
    model = get_peft_model(base, LoraConfig(r=4, lora_alpha=16, target_modules=queries_and_values,
                                            modules_to_save=["classifier"]))
    randomise(model)
    model.eval().save_pretrained(adapter)
    images, files = pictures(folder)
    wanted = log_probabilities(model, images)
    spread = (wanted - wanted.mean(0)).abs().max().item()
    assert spread > 0.05, f"pictures hardly differ ({spread})"
    classes = [base.config.id2label[i] for i in range(base.config.num_labels)]
    vlpt("convert", adapter, "--model", vit, "--to", "vlpt", "--out", f"{folder}/lora.delta")
    compare("LoRA of PEFT, read by vlpt", answers(files, vit, f"{folder}/lora.delta", classes), wanted)

    old = [] if int(transformers_version.split(".")[0]) >= 5 else ["--old-names"]
    vlpt("convert", f"{folder}/lora.delta", "--model", vit, "--to", "peft", "--out", back, *old)
    again = PeftModel.from_pretrained(ViTForImageClassification.from_pretrained(vit), back)
    compare("LoRA of vlpt, read by PEFT", log_probabilities(again.eval(), images), wanted)
    vlpt("convert", back, "--model", vit, "--to", "vlpt", "--out", f"{folder}/again.delta")
    assert open(f"{folder}/again.delta", "rb").read() == open(f"{folder}/lora.delta", "rb").read()

    # A frozen head is the model's own; only queries of the middle layer are corrected.
    base = ViTForImageClassification.from_pretrained(vit)
    model = get_peft_model(base, LoraConfig(r=2, lora_alpha=3, use_rslora=True,
                                            target_modules=queries_and_values[2:3]))
    randomise(model)
    model.eval().save_pretrained(adapter)
    vlpt("convert", adapter, "--model", vit, "--to", "vlpt", "--out", f"{folder}/lora.delta")
    compare("one query of PEFT under the model's head, read by vlpt",
            answers(files, vit, f"{folder}/lora.delta", classes), log_probabilities(model, images))


def check_prompts(folder):
    rows = torch.randn(4, 32)
    save_file({"prompt_embeddings": rows[None]}, f"{folder}/vpt.safetensors")
    vit, delta, out = f"{folder}/vit", f"{folder}/shallow.delta", f"{folder}/prompts"
    vlpt("convert", f"{folder}/vpt.safetensors", "--model", vit, "--to", "vlpt", "--out", delta)
    vlpt("convert", delta, "--model", vit, "--to", "peft", "--out", out)
    config = PromptTuningConfig.from_pretrained(out)
    assert (config.num_virtual_tokens, config.token_dim) == (4, 32)
    compare("shallow prompts of vlpt, read by PEFT", load_peft_weights(out, device="cpu")["prompt_embeddings"], rows)


def check_coop(folder):
    clip, delta = f"{folder}/clip", f"{folder}/context.delta"
    sizes = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
    CLIPModel(CLIPConfig(text_config=dict(sizes, vocab_size=99, max_position_embeddings=20,
                                          bos_token_id=97, eos_token_id=98, pad_token_id=0),
                         vision_config=dict(sizes, image_size=SIDE, patch_size=8),
                         projection_dim=8)).save_pretrained(clip)
    ctx = torch.randn(3, 16, dtype=torch.half)
    torch.save({"state_dict": {"ctx": ctx, "token_prefix": torch.randn(7, 1, 16),
                               "token_suffix": torch.randn(7, 16, 16)}, "epoch": 50},
               f"{folder}/model.pth.tar-50")
    said = vlpt("convert", f"{folder}/model.pth.tar-50", "--model", clip, "--to", "vlpt", "--out",
                delta, "--place", "end")
    assert {i["name"] for i in said["ignored"]} == {"token_prefix", "token_suffix"}, said
    vlpt("convert", delta, "--to", "coop", "--out", f"{folder}/ctx.pth.tar")
    state = torch.load(f"{folder}/ctx.pth.tar", weights_only=True)["state_dict"]
    assert list(state) == ["ctx"] and state["ctx"].dtype == torch.float
    compare("CoOp's context of vlpt, read by torch.load", state["ctx"], ctx.float())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv[1])
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as work:
        check_lora(work)
        check_prompts(work)
        check_coop(work)
