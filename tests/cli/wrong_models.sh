#!/bin/sh
# wrong_models.sh PROGRAM: folders as a tired user has them, each refused in one line that names what is wrong.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/expect"
models=$root/examples/models bert=$root/tests/conformance/fixtures/bert_hf/model
one=$root/examples/data/easy-vqa/images/train-1.png

# wrong MODEL FILE SED PATTERN: MODEL with FILE changed by SED, asked for features.
wrong_model() {
  rm -rf model && cp -r "$models/$1" model
  LC_ALL=C sed "$3" "$models/$1/$2" >"model/$2"
  cmp -s "model/$2" "$models/$1/$2" && wrong "nothing changed: $1 $2 $3"
  expect 2 "$4" features --model model --image "$one" --text 'what is it?' --json
}

# ---- tensors: one is called something else, has another shape, holds a NaN, is no number of that kind
q=layers.1.self_attn.q_proj.weight
wrong_model tiny-clip model.safetensors "s/vision_model.encoder.$q/vision_model.encoder.layers.1.self_attn.q_proj.wieght/" \
  "^vlpt: model does not fit.*missing: .*vision_model.encoder.$q.*near: .*wieght"
wrong_model tiny-clip model.safetensors 's/"dtype":"F16","shape":\[1400,128\]/"dtype":"F16","shape":[700,0256]/' 'model.safetensors'
wrong_model tiny-clip model.safetensors 's/"dtype":"F16","shape":\[1400,128\]/"dtype":"F16","shape":[2800,64] /' \
  'vocab_size.* is 1400, but model has 2800'
for size in 0 5 3000 200000; do
  rm -rf model && cp -r "$models/tiny-clip" model
  head -c $size "$models/tiny-clip/model.safetensors" >model/model.safetensors
  expect 2 '^vlpt: model/model.safetensors: ' features --model model --image "$one" --json
done
rm -rf model && cp -r "$models/tiny-clip" model
size=$(wc -c <model/model.safetensors) # the last number, a half: all bits set are a NaN
printf '\377\377' | dd of=model/model.safetensors bs=1 seek=$((size - 2)) conv=notrunc 2>/dev/null
expect 2 '^vlpt: model/model.safetensors: tensor .*holds nan' features --model model --image "$one"
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n' >model/model.safetensors
expect 2 '^vlpt: model/model.safetensors: .*git lfs pull' features --model model --image "$one"

# ---- config.json: each field by its name
field() { # field MODEL NAME VALUE PATTERN: the first field of that name has another value
  wrong_model "$1" config.json "0,/\"$2\"/s/\"$2\": [^,]*/\"$2\": $3/" "config.json.*$4"
}
field tiny-clip model_type '"mamba"' '"model_type" must be one of "vit".*not "mamba"'
field tiny-clip hidden_size 96 '"hidden_size" is 96, but model has 128'
field tiny-clip num_attention_heads 3 '"num_attention_heads" must be a divisor of hidden_size 128'
field tiny-clip num_hidden_layers 4 '"num_hidden_layers" is 4, but model has 3'
field tiny-clip image_size 48 '"image_size" is 48.*those of image_size 36'
field tiny-clip image_size 37 '"patch_size" must be a divisor of image_size 37'
field tiny-clip hidden_act '"swish"' '"hidden_act" must be "gelu" or "quick_gelu".*not "swish"'
field tiny-clip hidden_size '"128"' '"hidden_size" must be a count'
field tiny-clip hidden_size -1e30 '"hidden_size" must be a count'
field tiny-vilt hidden_size 64 '"hidden_size" is 64, but model has 128'
field tiny-vilt image_size 96 '"image_size" is 96'
field tiny-vilt max_position_embeddings 40 '"max_position_embeddings" is 40, but model has 24'
for text in '[1, 2]' '' '{' '7'; do
  rm -rf model && cp -r "$models/tiny-clip" model
  printf '%s' "$text" >model/config.json
  expect 2 '^vlpt: model/config.json: ' features --model model --image "$one" --json
done

# ---- how pictures and texts are made
wrong_model tiny-clip preprocessor_config.json 's/: 36/: 24/' \
  'preprocessor_config.json makes pictures of 3 x 24 x 24, but model/config.json wants 3 x 36 x 36'
wrong_model tiny-clip preprocessor_config.json 's/"resample": 2/"resample": 0/' \
  '"resample" must be 2 (bilinear) or 3 (bicubic), not 0'
wrong_model tiny-vilt preprocessor_config.json 's/"do_pad": true/"do_pad": false/' '"do_pad" must be true'
rm -rf model && cp -r "$models/tiny-clip" model && rm model/preprocessor_config.json
expect 2 'model has no preprocessor_config.json' features --model model --image "$one"
rm -rf model && cp -r "$models/tiny-clip" model && rm model/merges.txt
expect 2 'model has vocab.json, but no merges.txt' features --model model --text x
rm model/vocab.json
expect 2 'there is no tokenizer in model' features --model model --text x
expect 0 '' features --model model --image "$one" # pictures need none
rm -rf model && cp -r "$models/tiny-vilt" model && rm model/vocab.txt
expect 2 'there is no tokenizer in model' features --model model --image "$one" --text x
wrong_model tiny-vilt vocab.txt '$a zebra' 'config.json: "vocab_size" is 129, but model/vocab.txt has 130 tokens'
wrong_model tiny-clip vocab.json '1s/{/{"zebra":1400,/' 'config.json: "vocab_size" is 1400, but model/vocab.json has 1401'

# ---- folders of nothing, of another family
mkdir empty images images/a images/b
for i in 1 2 3 4; do cp "$one" images/a/$i.png && cp "$one" images/b/$i.png; done
expect 2 '^vlpt: empty: this folder holds neither model.safetensors nor' features --model empty --image "$one"
expect 2 'there is no model folder nowhere' features --model nowhere --image "$one"
expect 2 'holds a text encoder (names of bert); a vision transformer is needed' tune --model "$bert" --data images \
  --policy deep --shots 1 --out x
expect 2 'holds a text encoder (names of bert); a vision transformer is needed' predict "$one" --model "$bert"
expect 2 'reads no pictures' features --model "$bert" --image "$one"
expect 2 'there is no tokenizer in' features --model "$bert" --text x

verdict
