#!/bin/sh
# behaviour.sh PROGRAM: drives the vlpt program as its users do, on a model and images made here.
set -u
. "$(dirname "$0")/expect"

# ---- images: two classes, 8 x 8 pixels
mkdir -p images/left images/top
printf '\211PNG\015\012\032\012\000\000\000\015IHDR\000\000\000\010\000\000\000\010\010\000\000\000\000\341d\341W\000\000\000\021IDATx\332cx\006\004\042@\300@\031\003\000\232\004\037A\006&+\355\000\000\000\000IEND\256B`\202' >images/left/1.png
printf '\211PNG\015\012\032\012\000\000\000\015IHDR\000\000\000\010\000\000\000\010\010\000\000\000\000\341d\341W\000\000\000\023IDATx\332cx\006\005\014x\030\042P\200\207\001\000>\042\037A^\002:\241\000\000\000\000IEND\256B`\202' >images/top/1.png
for i in 2 3 4 5 6; do
  cp images/left/1.png images/left/$i.png
  cp images/top/1.png images/top/$i.png
done

# ---- help, version, and what is no command
for command in '' demo tune eval predict cost pretrain pretrain-clip; do
  expect 0 '' $command --help
  grep -q Example stdout || wrong "no example: vlpt $command --help"
done
expect 0 '' --version
expect 2 'see vlpt --help'
expect 2 'did you mean tune' tun
expect 2 'did you mean --prompts' tune --promts 4
expect 2 '--epochs takes a whole number from 1 to 100000, got "many"' tune --epochs many
expect 2 'delta' eval
expect 2 'top-k takes a whole number from 1' predict images/left/1.png --delta x.delta --top-k 0

# ---- numbers: all of the argument, in range, once; names: not empty, not an option
for seed in -1 '' 18446744073709551616 +1 ' 1' 1e3 0x10 '[1]'; do
  expect 2 'seed takes a whole number from 0 to 18446744073709551615, got "' tune --seed "$seed"
done
for rate in nan inf 1e400 0x1p3 0 1.5x; do
  expect 2 "lr takes a number from 1e-12 to 1000, got \"$rate\"" tune --lr "$rate"
done
expect 2 'seed is given 2 times' tune --seed 1 --seed 2
expect 2 'out takes a name or a path, got an empty one' tune --out ''
expect 2 'out takes a name or a path, got the option --json' tune --out --json
expect 2 'probe takes a whole number from 0' pretrain --probe -1
expect 2 'mean takes a number from 0 to 1' pretrain --mean 7
expect 2 'prompts takes a whole number from 1' demo --prompts 0
expect 2 'prompts takes a whole number from 1' cost --arch vit-b16 --prompts -3
expect 2 'tu.x1bn' "$(printf 'tu\033n')" # what a terminal would obey is spelled out

# ---- options that nothing reads
for policy in none full; do
  expect 2 "prompts has no effect with --policy $policy" tune --policy $policy --prompts 5
done
expect 2 'prompt-dropout has no effect' tune --policy none --prompt-dropout 0.1
expect 2 'patience has no effect without --valid' tune --patience 3
expect 2 'skip has no effect with --policy deep, which has no skipped layers' tune --skip 3
expect 2 'skip-layers has no effect with --policy deep' tune --skip-layers 3
expect 2 'search-epochs has no effect with --skip' tune --policy das --skip 3 --search-epochs 4
expect 2 'arch has no effect with --list' cost --list --arch vit-b16

# ---- cost (its figures: cost.sh)
expect 2 'arch' cost
"$program" cost --arch vit-b16 >/dev/full 2>stderr
[ $? = 1 ] || wrong "standard output is full: exit 1 is expected"

# ---- a small model, and wrong ones
expect_json loss pretrain --data images --epochs 1 --batch 4 --probe 0 --out model --no-progress
[ -s model/model.safetensors ] || exit 1
expect 2 'batch' pretrain --data images --epochs 1 --batch 400 --probe 0 --out other
expect 0 '' pretrain --data images --epochs 1 --batch 4 --probe 0 --out other --seed 2
cp model/model.safetensors exported
expect 0 '' pretrain --data images --epochs 1 --batch 4 --probe 0 --out model --resume
cmp -s model/model.safetensors exported || wrong "a finished state exports another model"
expect 2 'there is no tokenizer in images' pretrain-clip --model images --out clip
expect_json zero_shot pretrain-clip --epochs 1 --steps 2 --batch 16 --limit 8 --out clip --no-progress
cp clip/model.safetensors exported
expect 0 '' pretrain-clip --epochs 1 --steps 2 --batch 16 --limit 8 --out clip --resume
cmp -s clip/model.safetensors exported || wrong "a finished state exports another CLIP"
expect 2 'batch: saved 16, now 17' pretrain-clip --epochs 1 --steps 2 --batch 17 --out clip --resume
for bad in short nan fields; do cp -r model $bad; done
head -c 100000 model/model.safetensors >short/model.safetensors
size=$(wc -c <model/model.safetensors) # the last number, a half: all bits set are a NaN
printf '\377\377' | dd of=nan/model.safetensors bs=1 seek=$((size - 2)) conv=notrunc 2>/dev/null
sed 's/"gelu"/"silu"/' model/config.json >fields/config.json

cost_of() { # cost_of CODE PATTERN SED: what a config changed by SED costs
  mkdir -p config && sed "$3" model/config.json >config/config.json
  expect "$1" "$2" cost --model config
}
cost_of 2 'num_hidden_layers.*1 to 512, not 513' 's/\("num_hidden_layers":\) [0-9]*/\1 513/'
cost_of 2 'num_channels.*1 to 1024, not 1025' 's/\("num_channels":\) [0-9]*/\1 1025/'
cost_of 2 'no valid JSON; line 2, column 1 ' '2s/.*/x/'
cost_of 2 'number that is too large' 's/\("mask_ratio":\) [0-9.]*/\1 1e999/'
cat >config/config.json <<'END'
{"model_type": "vit", "hidden_size": 65536, "num_hidden_layers": 512, "num_attention_heads": 65536,
 "intermediate_size": 65536, "image_size": 16384, "patch_size": 64, "num_channels": 1024,
 "layer_norm_eps": 1e-6, "hidden_act": "gelu"}
END
expect_json macs cost --model config --prompt deep --prompts 4096 --head 10000000
grep -q '": -' stdout && wrong "the cost of the largest model overflows"
expect 2 'batch takes at most 3 ' cost --model config --prompt full --batch 4

# ---- tune
few='--data images --model model --shots 4 --batch 4 --epochs 3'
other=${few#--data images}
for policy in none shallow deep full; do
  case $policy in shallow | deep) rows='--prompts 2' ;; *) rows= ;; esac
  expect_json accuracy tune $few --policy $policy $rows --out run.$policy
  expect_json mean_class_accuracy eval --model model --data images --delta run.$policy/$policy.delta
done
grep -q '"backbone_unchanged": false' run.full/result.json || wrong "full tuning tuned nothing"
grep -q '"backbone_unchanged": true' run.deep/result.json || wrong "the backbone changed"
[ -s run.deep/split.json ] || wrong "there is no split.json"
expect 0 '' tune $few --policy deep --prompts 2 --valid 1 --flip 0.5 --crop 0.7 --out run.valid
[ -s run.valid/best.run ] || wrong "there is no best.run"
same_curve() { # POLICY: with a cache and without
  rows=; [ $1 = deep ] && rows='--prompts 2'
  for cache in 0 1; do
    expect_json cache tune $few --policy $1 $rows --cache $cache --out run.cache$cache
    sed -n '/"curve"/,/]/p' run.cache$cache/result.json >curve$cache
  done
  [ -s curve0 ] && cmp -s curve0 curve1 || wrong "a cache changes how $1 learns"
}
same_curve none
same_curve deep
grep -q '"bytes": [1-9]' run.cache1/result.json || wrong "nothing is kept of what precedes the prompts"
expect 2 'cache has no effect with --policy full: nothing precedes its first learner' \
  tune $few --policy full --cache 1 --out run.full
expect 2 'cache has no effect with --flip or --crop' tune $few --policy none --cache 1 --flip 0.5
expect 2 'did you mean deep' tune $few --policy depp
expect 2 'did you mean mean_all' tune $few --pool mean_al
expect 2 'prompts takes a whole number from 1' tune $few --policy deep --prompts 0
expect 2 'lr takes a number' tune $few --lr -1
expect 2 'model folder' tune --model nowhere --data images
expect 2 'short' tune --model short --data images
expect 2 'vit\..*nan at element' tune --model nan --data images
expect 2 'hidden_act' tune --model fields --data images
expect 2 'nowhere' tune --model model --data nowhere
expect 2 'other settings (lr: saved [0-9.]*, now 0.5); resume with the same settings' \
  tune $few --policy deep --prompts 2 --lr 0.5 --out run.deep --resume
expect 2 'pool: saved not given, now mean_all; prompts: saved 2, now 3' \
  tune $few --policy deep --prompts 3 --pool mean_all --out run.deep --resume
expect 2 '7 are asked for' tune --model model --data images --shots 7
expect 2 'test' tune --model model --data images --shots 6
: >file
for command in "tune $few --policy none" 'demo --data images --model model --shots 2' \
  'pretrain --data images --epochs 1 --batch 4'; do
  expect 2 'out takes a folder, but file is a file' $command --out file
  expect 2 'out takes a folder, but file is a file' $command --out file/run
done
trap '' XFSZ # a full disk: files may not grow beyond a block
(ulimit -f 1 && exec "$program" tune $few --policy none --out full) >stdout 2>stderr
[ $? = 1 ] || wrong "the disk is full: exit 1 is expected"
grep -q 'cannot write' stderr || wrong "the disk is full: the message names no file"

# ---- layers that are left out: by a plan, and by a search
expect_json skip tune $few --policy das --skip 5,2 --width 4 --shortcut 8 --out run.das
grep -q '"skip": "2,5"' stdout || wrong "the plan is not told"
for command in 'eval --data images' 'predict images/left/1.png'; do
  expect 0 '' $command --model model --delta run.das/das.delta
done
expect_json recall_at_k eval --data images --model model --delta run.das/das.delta --top-k 1
expect 2 'layer 8 cannot be skipped: the model has 8 layers' tune $few --policy das --skip 3,8
expect 2 'layer 3 is skipped twice' tune $few --policy das --skip 3,3
expect 2 'numbers with commas between' tune $few --policy das --skip 3-4
expect 2 '--skip-layers takes 1 to 7 with this model of 8 layers, not 9' tune $few --policy das --skip-layers 9
expect 2 '--skip-layers takes 1 to 7 with this model of 8 layers, not 8' tune $few --policy das --skip-layers 8
plan_of() { # plan_of PATTERN PLAN: a delta that says another plan than it was trained with
  LC_ALL=C sed "s/\(skip_plan[^0-9]*\)2,5/\1$2/" run.das/das.delta >plan.delta
  expect 2 "$1" eval --data images --model model --delta plan.delta
}
plan_of 'does not fit the model: missing: layers.5.attention_end' 2,6
plan_of 'layer 9 cannot be skipped' 2,9
plan_of 'layer 2 is skipped twice' 2,2
lacking() { # lacking PATTERN NAME: a delta whose metadata lack that name
  LC_ALL=C sed "s/$2/${2%?}_/" run.das/das.delta >lacking.delta
  expect 2 "$1" eval --data images --model model --delta lacking.delta
}
for name in skip_plan skip_beside skip_shortcut; do
  lacking "lacking.delta: .*\"model\" lacks \"$name\", which das needs" $name
done
LC_ALL=C sed 's/\(settings[^p]*\)prompts/\1prompt_/' run.deep/deep.delta >lacking.delta
expect 2 'settings" lacks "prompts", which deep needs' eval --data images --model model --delta lacking.delta
search='--policy das --skip-layers 1 --width 4 --shortcut 8'
expect_json search tune $few $search --search-epochs 3 --out run.search
expect_json skip eval --data images --model model --delta run.search/das.delta
expect 2 'search_epochs: saved 3, now 4' tune $few $search --search-epochs 4 --out run.search --resume
expect 0 '' tune $few --policy das --skip 2 --width 4 --shortcut 8 --out run.one
grep -q 'without layer 2, ' stdout || wrong "one layer is called layers"

# ---- wrong images
cp -r images empty && rm empty/top/*
expect 2 'top has no images' tune --model model --data empty
cp -r images broken && echo text >broken/left/1.png
expect 2 'broken/left/1.png.*--skip-bad' tune $other --data broken --policy none
expect 0 '' tune $other --data broken --policy none --skip-bad --out run.skip
grep -q '^skipped .*broken/left/1.png' stdout || wrong "the skipped file is not told"
expect_json skipped tune $other --data broken --policy none --skip-bad --out run.skip
once='--data broken --epochs 1 --batch 4 --out run.broken'
expect 2 'broken/left/1.png.*--skip-bad' pretrain $once
[ ! -e run.broken ] || wrong "work began although an image is broken"
expect_json skipped pretrain $once --probe 0 --skip-bad
expect 2 'broken/left/1.png.*--skip-bad' demo --data broken --model model --shots 2 --json
expect_json table demo --data broken --model model --shots 2 --skip-bad --out run.demo
[ "$(grep -c '"trained_parameters"' run.demo/table.json)" = 6 ] || wrong "the demo has not six rows"
expect 2 'the class left has 5 images' demo --data broken --model model --shots 7 --skip-bad --json
expect 1 'cannot make the folder' demo --data images --model model --shots 2 --json --out /proc/demo
(ulimit -f 8 && exec "$program" demo --data images --model model --shots 2 --out full --json) \
  >stdout 2>stderr
[ "$?,$(wc -l <stderr)" = 1,1 ] || wrong "the disk is full: exit 1 and one line are expected"
mkdir -p few/left few/top && cp images/left/1.png few/left && cp images/top/1.png few/top
expect 2 'no images are left.*--probe 0' pretrain --data few --batch 2
printf 'text' >"$(printf 'broken/top/a\nb\033[2J')"
expect 2 'a b.x1b.2J' tune $other --data broken
mkdir bare
expect 2 'labels.csv' tune --model model --data bare
mkdir listed
printf 'file,label\n' >listed/labels.csv
for i in 1 2; do
  for class in left top; do
    cp images/$class/$i.png listed/$class$i.png
    printf '%s,%s\n' $class$i.png $class >>listed/labels.csv
  done
done
expect 0 '' tune --model model --data listed --shots 1 --epochs 1 --policy none --out run.listed

# ---- IDX files, whose classes are named in a file: two images of each class
mkdir idx
for part in train t10k; do
  printf '\000\000\010\003\000\000\000\004\000\000\000\010\000\000\000\010' \
    >idx/$part-images-idx3-ubyte
  head -c 256 model/model.safetensors >>idx/$part-images-idx3-ubyte
  printf '\000\000\010\001\000\000\000\004\000\000\001\001' >idx/$part-labels-idx1-ubyte
done
idx='tune --model model --policy none --epochs 1 --data idx --out run.idx'
classes() { # classes CODE PATTERN NAMES
  printf "$3" >idx/classes.txt
  expect "$1" "$2" $idx
}
classes 0 '' 'a\r\nb\r\n'
grep -q '"class_names":\["a","b"\]' run.idx/split.json || wrong "a class name ends in CR"
classes 2 'line 2: a class has an empty name' 'a\n\nb\n'
classes 2 'lines 1 and 3: two classes are named "a"' 'a\nb\na\n'
classes 2 'line 2: the name is not UTF-8' 'a\n\377\n'
classes 2 'names no classes' ''
classes 2 'label 1 of image 2 is out of range' 'a\n'
seq 300 >idx/classes.txt
expect 2 'more than 256 classes' $idx
classes 0 '' 'a\nb\033[2J\n'
expect 2 'skip-bad has no effect' $idx --skip-bad
expect 2 'split has no effect' eval --model model --data idx --delta run.idx/none.delta --split x
expect 0 '' eval --model model --data idx --delta run.idx/none.delta
LC_ALL=C grep -q "$(printf '\033')" stdout && wrong "a class name steers the terminal"

# ---- eval and predict
delta=run.deep/deep.delta
split_of() { # split_of PATTERN SED: a split changed by SED is refused
  sed "$2" run.deep/split.json >split.json
  expect 2 "$1" eval --model model --data images --delta $delta --split split.json
}
split_of 'other classes' 's/"left"/"lift"/'
split_of 'of 13 images, but images has 12' 's/"images":12/"images":13/'
split_of '99 is no image of images' 's/"indices":\[/"indices":[99,/'
split_of '1.5 is no image of images' 's/"indices":\[/"indices":[1.5,/'
split_of 'twice' 's/"indices":\[\([0-9]*\)/"indices":[\1,\1/'
split_of '"indices" must be a list' 's/"indices":\[[^]]*\]/"indices":7/'
split_of 'no split.json' 's/.*/[]/'
split_of 'no valid JSON; line 1' 's/{/[/'
expect 0 '' eval --model model --data images --delta $delta --split run.deep/split.json --limit 2
expect 2 'another backbone' eval --model other --data images --delta $delta
for facts in heads mean; do cp -r model $facts; done
sed 's/"num_attention_heads": 4/"num_attention_heads": 8/' model/config.json >heads/config.json
expect 2 'heads: .* trained with 4, this model has 8' eval --model heads --data images --delta $delta
sed 's/0\.286$/0.4/' model/preprocessor_config.json >mean/preprocessor_config.json
expect 2 'mean: .* trained with 0.286, .* 0.4' eval --model mean --data images --delta $delta
expect 2 'mean: .* 0.4' predict images/top/1.png --model mean --delta $delta
expect 2 'there is no such file' eval --model model --data images --delta nothing.delta
expect 2 'no vlpt delta' eval --model model --data images --delta model/model.safetensors
head -c 200 $delta >short.delta
expect 2 'short.delta' eval --model model --data images --delta short.delta
cp -r images renamed && mv renamed/left renamed/right
expect 2 'was tuned for' eval --model model --data renamed --delta $delta
expect_json images predict images/left/1.png images/top/1.png --model model --delta $delta
expect 2 'broken/left/1.png' predict images/top/1.png broken/left/1.png --model model --delta $delta
expect_json skipped predict images/top/1.png broken/left/1.png --skip-bad --model model --delta $delta

expect 2 'none of the 1 images' predict broken/left/1.png --skip-bad --model model --delta $delta
size=$(wc -c <$delta) # values that are finite, and logits that are not
cp $delta huge.delta
i=0
while [ $i -lt 256 ]; do printf '\377\377\177\177' && i=$((i + 1)); done |
  dd of=huge.delta bs=1 seek=$((size - 1024)) conv=notrunc 2>/dev/null
expect 1 'no finite number' predict images/left/1.png --model model --delta huge.delta --json
expect 1 'no finite number' eval --data images --model model --delta huge.delta --json
expect 1 'diverged in step [0-9]* (epoch [0-9]*).*smaller learning rate' \
  tune --data images --model model --policy deep --epochs 100 --lr 1000 --json --out run.wild
grep -q nan stderr && wrong "a diverged run speaks of nan"

# ---- killed at any moment and resumed, a run ends with the same bytes
long='--model model --data images --shots 4 --batch 4 --epochs 40 --policy deep --prompts 2 --flip 0.5 --seed 3'
expect 0 '' tune $long --out whole
"$program" tune $long --out parts >stdout 2>stderr &
while [ ! -e parts/last.run ] && kill -0 $! 2>/dev/null; do sleep 0.02; done
kill -9 $! 2>/dev/null
wait $! 2>/dev/null
[ ! -e parts/deep.delta ] || wrong "the run ended before it was killed"
expect 0 '' tune $long --out parts --resume
cmp -s whole/deep.delta parts/deep.delta || wrong "a resumed run ends with another delta"
long='--model model --data images --shots 4 --batch 4 --epochs 2 --search-epochs 40 --seed 3'
expect 0 '' tune $long $search --out whole.search
"$program" tune $long $search --out parts.search >stdout 2>stderr &
while [ ! -e parts.search/search/last.run ] && kill -0 $! 2>/dev/null; do sleep 0.02; done
kill -9 $! 2>/dev/null
wait $! 2>/dev/null
[ ! -e parts.search/last.run ] || wrong "the search ended before it was killed"
expect 0 '' tune $long $search --out parts.search --resume
cmp -s whole.search/das.delta parts.search/das.delta || wrong "a resumed search ends with another delta"

verdict
