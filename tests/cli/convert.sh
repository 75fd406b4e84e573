#!/bin/sh
# convert.sh PROGRAM: what vlpt inspect says of files, and vlpt convert makes of them.
set -u
model=$(cd "$(dirname "$0")/../../examples/models/tiny-vit-mae" && pwd)
. "$(dirname "$0")/expect"

# tensors FILE HEADER BYTES: a safetensors file of zeros.
tensors() {
  length=$(printf %s "$2" | wc -c)
  printf "\\$(printf %03o $((length % 256)))\\$(printf %03o $((length / 256)))\0\0\0\0\0\0" >"$1"
  printf %s "$2" >>"$1"
  head -c "$3" /dev/zero >>"$1"
}
shallow='{"prompt_embeddings":{"dtype":"F32","shape":[1,2,128],"data_offsets":[0,1024]}}'
tensors vpt.safetensors "$shallow" 1024
tensors context.safetensors '{"ctx":{"dtype":"F16","shape":[4,8],"data_offsets":[0,64]}}' 64
tensors narrow.safetensors '{"prompt_embeddings":{"dtype":"F32","shape":[1,2,4],"data_offsets":[0,32]},"z":{"dtype":"F32","shape":[1],"data_offsets":[32,36]}}' 36
tensors odd.safetensors '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}' 4
tensors das.safetensors '{"adapter_list.0.0.up_proj.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}' 4
has() { grep -q -e "$1" stdout || wrong "no \"$1\" in what it prints"; }

# ---- inspect
expect 0 '' inspect vpt.safetensors
has '^kind           vpt: prompts of VPT'
has '^prompt_embeddings .*F32 .*(1, 2, 128) .*256'
expect_json kind inspect vpt.safetensors
expect_json tensors inspect vpt.safetensors
expect_json says inspect "$model"
has '"depth": "8"'
expect 0 '' inspect "$model/model.safetensors"
has 'a model with the names of vit_mae_hf'
expect 0 '' inspect odd.safetensors
has '^kind           unknown'
tensor() { printf '"%s":{"dtype":"F32","shape":[%s],"data_offsets":[%s]}' "$@"; }
tensors bare.safetensors "{$(tensor cls_token 1,1,64 0,256),$(tensor pos_embed 1,5,64 256,1536),$(
  tensor patch_embed.proj.weight 64,3,2,2 1536,4608),$(tensor blocks.0.mlp.fc1.weight 8,64 4608,6656),$(
  tensor norm.weight 64 6656,6912)}" 6912
expect 0 '' inspect bare.safetensors # its shapes are the model's sizes
has '^kind           backbone: a vision transformer'
has '^facts .*depth 1, dim 64, .*heads 1, hidden 8, image 4, .*patch 2'
has '^bytes '
mkdir strange
printf '{"model_type": "mamba"}' >strange/config.json
cp odd.safetensors strange/model.safetensors
expect 0 '' inspect strange
has 'problem .*mamba'

# ---- there and back
expect 0 '' convert vpt.safetensors --model "$model" --to vlpt --out shallow.delta
has '^policy         shallow, prompts 2'
expect 0 '' inspect shallow.delta
has '^kind           vlpt-delta'
has '^policy         shallow'
expect_json backbone convert vpt.safetensors --model "$model" --to vlpt --out shallow.delta
expect 0 '' convert shallow.delta --model "$model" --to peft --out adapter
grep -q '"peft_type": "PROMPT_TUNING"' adapter/adapter_config.json || wrong 'no PROMPT_TUNING'
expect 0 '' inspect adapter
has '^kind           peft-prompt'
has '^num_virtual_tokens 2'
expect 0 '' convert adapter --model "$model" --to vlpt --out again.delta
expect_json tensors inspect again.delta
sed -n '/"tensors"/,$p' stdout >again.json
"$program" inspect shallow.delta --json | sed -n '/"tensors"/,$p' | cmp -s - again.json ||
  wrong 'a prompt that went to PEFT and back is another one'
expect 0 '' convert vpt.safetensors --model "$model" --pool class_row --to vlpt --out pooled.delta
expect 0 '' inspect pooled.delta
has 'pool class_row'

# ---- what is refused, and how
expect 2 'there is no such file or folder' inspect nothing
expect 2 'there is no such file or folder' convert nothing --to vlpt --out x
expect 2 'there is no format "peftt"; did you mean peft?' convert vpt.safetensors --to peftt --out x
expect 2 'to is required' convert vpt.safetensors --out x
expect 2 'to vlpt needs --model DIR' convert vpt.safetensors --to vlpt --out x
expect 2 'to peft needs --model DIR' convert shallow.delta --to peft --out x
expect 2 'there is no model folder' convert vpt.safetensors --model nowhere --to vlpt --out x
expect 2 'is a delta of vlpt already' convert shallow.delta --model "$model" --to vlpt --out x
expect 2 'is no delta of vlpt' convert vpt.safetensors --model "$model" --to peft --out x
expect 2 'has a place for contexts' convert shallow.delta --to coop --out x
expect 2 'the file has (1, 2, 4), (1, P, d = 128) is expected; unexpected: z (1)' \
  convert narrow.safetensors --model "$model" --to vlpt --out x
expect 2 'belong to a dual encoder (CLIP); the model folder holds a ViT' \
  convert context.safetensors --model "$model" --to vlpt --out x
expect 2 'belong to ViLT or METER' convert das.safetensors --model "$model" --skip 1 --to vlpt --out x
expect 2 'tensors of no prompt file that vlpt knows' convert odd.safetensors --model "$model" --to vlpt --out x
expect 2 'skip has no effect with vpt.safetensors: it is for files of DAS' \
  convert vpt.safetensors --model "$model" --skip 1 --to vlpt --out x
expect 2 'old-names has no effect with --to vlpt' \
  convert vpt.safetensors --model "$model" --old-names --to vlpt --out x
expect 2 'there is no place "behind"' convert context.safetensors --model "$model" --place behind --to vlpt --out x
expect 2 'there is no pooling "max"' convert vpt.safetensors --model "$model" --pool max --to vlpt --out x
expect 2 'is a folder without adapter_config.json' convert strange --model "$model" --to vlpt --out x
printf '{"peft_type": "PREFIX_TUNING", "num_virtual_tokens": 2}' >adapter/adapter_config.json
expect 2 'vlpt has no policy of that shape' convert adapter --model "$model" --to vlpt --out x
printf 'not json' >adapter/adapter_config.json
expect 2 'this is no valid JSON' convert adapter --model "$model" --to vlpt --out x
head -c 300 /dev/urandom >noise.pth
expect 2 'noise.pth' inspect noise.pth
[ ! -e x ] || wrong 'a conversion that failed left something behind'
expect 2 'out takes a folder' convert shallow.delta --model "$model" --to peft --out vpt.safetensors
expect 1 'cannot write' convert vpt.safetensors --model "$model" --to vlpt --out /dev/null

verdict
