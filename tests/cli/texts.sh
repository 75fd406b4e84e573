#!/bin/sh
# texts.sh PROGRAM: pictures with texts and questions, on the models of examples/.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd) examples=$root/examples
. "$(dirname "$0")/expect"
clip=$examples/models/tiny-clip vilt=$examples/models/tiny-vilt vit=$examples/models/tiny-vit-mae
vqa=$examples/data/easy-vqa
has() { grep -q -e "$1" stdout || wrong "no \"$1\" in what it prints"; }

for command in features predict retrieve serve-batch; do
  expect 0 '' $command --help
  grep -q Example stdout || wrong "no example: vlpt $command --help"
done

# ---- images: two classes
mkdir -p images/left images/top
for i in 1 2 3; do
  cp "$vqa/images/train-$i.png" images/left/$i.png
  cp "$vqa/images/train-1$i.png" images/top/$i.png
done
one=images/left/1.png two=images/top/2.png

# ---- features
expect_json image_features features --model "$clip" --image $one --image $two
expect_json text_features features --model "$clip" --text 'a red circle'
expect_json logits_per_image features --model "$clip" --image $one --text 'a cat' --text 'a dog'
expect_json image_features features --model "$vit" --image $one
expect_json image_features features --model "$vilt" --image $one --text 'what is it?'
expect 0 '' features --model "$clip" --image $one --text 'a cat'
has '^logits of each image'
expect 2 'nothing to look at' features --model "$clip"
expect 2 'reads no texts' features --model "$vit" --image $one --text x
cp -r "$root/tests/conformance/fixtures/meter/model" meter
printf '{"model_type": "meter", "num_attention_heads": 2, "image_num_attention_heads": 2, %s}' \
  '"text_num_attention_heads": 2' >meter/config.json
expect 2 '^vlpt: meter holds .* read from C++ only: see docs/checkpoints.md' features --model meter --image $one --text x
expect 2 'in pairs: give as many --text as --image, got 0 and 1' features --model "$vilt" --image $one
expect 2 'there is no such file' features --model "$clip" --image nothing.png
long=$(printf 'cat %.0s' $(seq 200))
expect 0 'warning: the text "cat cat .* is [0-9]* tokens longer than the [0-9]* that this model reads' \
  features --model "$clip" --text "$long"
expect 2 'tokens longer than .*strict' features --model "$clip" --text "$long" --strict

# ---- predict: texts to choose from, a delta, a question
expect_json images predict $one $two --model "$clip" --text 'an emoji of a cat' --text 'a photo of a bag'
expect_json images predict --model "$clip" --text 'an emoji of a cat' --text 'a photo of a bag' $one $two
has "\"file\": \"$two\""
has "\"file\": \"$one\""
expect 2 'give the texts to choose from' predict $one --model "$clip"
expect 2 'text has no effect' predict $one --model "$vit" --text x
expect 2 'has no head of its own' predict $one --model "$vit"

# ---- tune: contexts and deep prompts
few="--model $clip --data images --shots 2 --epochs 2 --no-progress"
for policy in context deep unified; do
  expect_json accuracy tune $few --policy $policy --prompts 2 --out run.$policy
  expect_json images predict $one --model "$clip" --delta run.$policy/$policy.delta
  expect_json mean_class_accuracy eval --model "$clip" --data images --delta run.$policy/$policy.delta
done
expect_json images predict $one --model "$clip" --delta run.context/context.delta --text cat --text dog
expect 2 'the policy context is not for a vision transformer' tune --model "$vit" --data images \
  --policy context --shots 2 --out x
expect 2 'the policy das is not for a dual encoder' tune --model "$clip" --data images --policy das \
  --skip 1 --shots 2 --out x
expect 2 'learns nothing' tune $few --policy none --out x

# ---- rows of several tasks in one batch
printf '{"task": "a", "image": "%s"}\n{"task": "b", "image": "%s"}\n' $one $two >rows.jsonl
expect 0 '' tune $few --policy deep --prompts 3 --seed 2 --out run.other
expect_json rows serve-batch rows.jsonl --model "$clip" --task a=run.deep/deep.delta \
  --task b=run.other/deep.delta
expect 2 'line 2: there is no task "b".*; the tasks are a' serve-batch rows.jsonl --model "$clip" \
  --task a=run.deep/deep.delta
expect 2 'have one policy' serve-batch rows.jsonl --model "$clip" --task a=run.deep/deep.delta \
  --task b=run.context/context.delta
expect 2 'takes NAME=DELTA' serve-batch rows.jsonl --model "$clip" --task run.deep/deep.delta
printf '{"task": "a", "picture": "x"}\n' >bad.jsonl
expect 2 'bad.jsonl, line 1: there is no key "picture"' serve-batch bad.jsonl --model "$clip" --task a=run.deep/deep.delta

# ---- questions
ask="--model $vilt --data $vqa/colour-train.jsonl --shots 1 --epochs 1 --no-progress"
head -n 40 "$vqa/colour-test.jsonl" | sed "s#images/#$vqa/images/#" >asked.jsonl
expect_json accuracy tune $ask --test asked.jsonl --policy deep --prompts 2 --out run.vqa
expect_json images predict "$vqa/images/test-1.png" --model "$vilt" --delta run.vqa/deep.delta \
  --question 'what color is the shape?'
expect 2 'answers questions: give --question' predict $one --model "$vilt"
expect 2 'answers questions: give --data and --test' tune $ask --policy deep --out x
expect 2 'has no head of its own' predict $one --model "$vilt" --question 'what is it?'
expect 2 'question has no effect' predict $one --model "$clip" --text x --question y

# deltas of questions are tested on a file of questions, with the delta's answers
expect_json mean_class_accuracy eval --model "$vilt" --delta run.vqa/deep.delta --data asked.jsonl
has '"questions": 40'
tuned=$(sed -n 's/.*"accuracy": \([0-9.]*\),.*/\1/p' run.vqa/result.json | head -n 1)
has "^  \"accuracy\": $tuned," # on the same questions
expect_json accuracy tune --model "$vilt" --data "$vqa/presence-train.jsonl" --test "$vqa/presence-test.jsonl" \
  --shots 2 --limit 9 --epochs 1 --no-progress --policy none --out run.presence
expect 0 '' eval --model "$vilt" --delta run.presence/none.delta --data "$vqa/presence-test.jsonl" --limit 6
has '^all questions *6 '
expect 2 'colour-test.jsonl, line 1: none of its answers (.*) is one of the 2 known answers' eval --model "$vilt" \
  --delta run.presence/none.delta --data "$vqa/colour-test.jsonl"
expect 2 'answers questions: give --data' eval --model "$vilt" --delta run.vqa/deep.delta
expect 2 'split has no effect with a model that answers questions' eval --model "$vilt" --delta run.vqa/deep.delta \
  --data asked.jsonl --split x.json
expect 2 '^vlpt: run.deep/deep.delta' predict $one --model "$vilt" --delta run.deep/deep.delta --question 'what is it?'
expect 2 '^vlpt: run.context/context.delta: ' predict $one --model "$vilt" --delta run.context/context.delta \
  --question 'what is it?'
# questions that are too long
sed "1s/what/$long what/;2s/what/what $long what/" asked.jsonl >long.jsonl
expect 0 'warning: the text "what cat .* is [1-9][0-9]* tokens longer than the 24 that this model reads, and 1 more is' \
  tune $ask --test long.jsonl --policy none --out run.long
expect 2 'tokens longer than the 24 .*strict' tune $ask --test long.jsonl --policy none --out run.strict --strict
# the file's own head says yes or no to each answer
own=own && cp -r "$root/tests/conformance/fixtures/vilt_hf_vqa/model" $own
head -n 60 "$vilt/vocab.txt" >$own/vocab.txt
cp "$vilt/tokenizer_config.json" $own
sed 's/: 64/: 16/;s/"size_divisor": 16/"size_divisor": 4/' "$vilt/preprocessor_config.json" >$own/preprocessor_config.json
expect_json images predict $one --model $own --question 'what is it?' --top-k 7
has '"probabilities": "sigmoid"'
sum=$(awk -F': ' '/"probability":/ { sum += $2 } END { print (sum > 1.1) }' stdout)
[ "$sum" = 1 ] || wrong "seven answers of a head that says yes or no to each sum to 1"
expect 0 '' predict $one --model $own --question 'what is it?'
has 'do not sum to 100 %'
expect_json images predict $one --model "$vilt" --delta run.vqa/deep.delta --question 'what is it?'
has '"probabilities": "softmax"'

# ---- captions
printf 'file,caption\n%s,a cat\n%s,"a dog, or a cat"\n' $one $two >captions.csv
expect_json text_recall retrieve --model "$clip" --data captions.csv
expect 2 'a dual encoder is needed here' retrieve --model "$vit" --data captions.csv
printf 'file,caption\n%s\n' $one >broken.csv
expect 2 'broken.csv, line 2: a file and a caption are expected' retrieve --model "$clip" --data broken.csv

verdict
