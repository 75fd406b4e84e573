#!/bin/sh
# behaviour.sh PROGRAM: drives the vlpt program as its users do, on a model and images made here.
set -u
program=$1
case $program in /*) ;; *) program=$PWD/$program ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

wrong() {
  echo "FAILED: $*"
  tail -n 5 stderr | sed 's/^/    /'
  failed=1
}

# expect CODE PATTERN ARGUMENT...: the exit code, and on standard error one line with the pattern
# (an empty pattern: nothing is asked of standard error).
expect() {
  code=$1 pattern=$2
  shift 2
  "$program" "$@" >stdout 2>stderr
  got=$?
  [ "$got" = "$code" ] || wrong "exit $got, not $code: vlpt $*"
  [ -z "$pattern" ] && return
  grep -q -e "$pattern" stderr || wrong "no \"$pattern\": vlpt $*"
  [ "$(wc -l <stderr)" = 1 ] || wrong "$(wc -l <stderr) lines, not one: vlpt $*"
  [ "$code" = 0 ] || [ ! -s stdout ] || wrong "an error, and yet output: vlpt $*"
}

# expect_json KEY ARGUMENT...: exit 0, and standard output is one JSON object that has the key.
cat >json.cmake <<'END'
file(READ stdout content)
string(JSON value ERROR_VARIABLE error GET "${content}" ${key})
if(error OR NOT content MATCHES "^{.*}\n$")
  message(FATAL_ERROR "${error}")
endif()
END
expect_json() {
  key=$1
  shift
  expect 0 '' "$@" --json
  cmake -Dkey="$key" -P json.cmake 2>>stderr || wrong "no JSON object with $key alone: vlpt $* --json"
}

# ---- images: two classes, 8 x 8 pixels
mkdir -p images/left images/top
printf '\211PNG\015\012\032\012\000\000\000\015IHDR\000\000\000\010\000\000\000\010\010\000\000\000\000\341d\341W\000\000\000\021IDATx\332cx\006\004\042@\300@\031\003\000\232\004\037A\006&+\355\000\000\000\000IEND\256B`\202' >images/left/1.png
printf '\211PNG\015\012\032\012\000\000\000\015IHDR\000\000\000\010\000\000\000\010\010\000\000\000\000\341d\341W\000\000\000\023IDATx\332cx\006\005\014x\030\042P\200\207\001\000>\042\037A^\002:\241\000\000\000\000IEND\256B`\202' >images/top/1.png
for i in 2 3 4 5 6; do
  cp images/left/1.png images/left/$i.png
  cp images/top/1.png images/top/$i.png
done

# ---- help, version, and what is no command
for command in '' demo tune eval predict cost pretrain; do
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

# ---- cost
expect_json macs cost --arch vit-b16 --prompt deep --prompts 50
grep -q '"params_added": 460800' stdout || wrong "deep prompts of ViT-B/16 are 12 x 50 x 768 parameters"
expect_json archs cost --list
expect 2 'did you mean vit-b16' cost --arch vit-b61
expect 2 'did you mean deep' cost --arch vit-b16 --prompt depe
expect 2 'prompts takes a whole number from 1' cost --arch vit-b16 --prompt deep --prompts 0
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
for bad in short nan fields; do cp -r model $bad; done
head -c 100000 model/model.safetensors >short/model.safetensors
size=$(wc -c <model/model.safetensors) # the last number, a half: all bits set are a NaN
printf '\377\377' | dd of=nan/model.safetensors bs=1 seek=$((size - 2)) conv=notrunc 2>/dev/null
sed 's/"gelu"/"silu"/' model/config.json >fields/config.json

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
expect 2 'did you mean deep' tune $few --policy depp
expect 2 'did you mean mean_all' tune $few --pool mean_al
expect 2 'prompts takes a whole number from 1' tune $few --policy deep --prompts 0
expect 2 'lr takes a number' tune $few --lr -1
expect 2 'model folder' tune --model nowhere --data images
expect 2 'short' tune --model short --data images
expect 2 'vit\..*nan at element' tune --model nan --data images
expect 2 'hidden_act' tune --model fields --data images
expect 2 'nowhere' tune --model model --data nowhere
expect 2 'resume with the same settings' tune $few --policy deep --prompts 2 --lr 0.5 --out run.deep --resume
expect 2 '7 are asked for' tune --model model --data images --shots 7
expect 2 'test' tune --model model --data images --shots 6
: >file
expect 1 'file/run' tune $few --policy none --out file/run
trap '' XFSZ # a full disk: files may not grow beyond a block
(ulimit -f 1 && exec "$program" tune $few --policy none --out full) >stdout 2>stderr
[ $? = 1 ] || wrong "the disk is full: exit 1 is expected"
grep -q 'cannot write' stderr || wrong "the disk is full: the message names no file"

# ---- wrong images
cp -r images empty && rm empty/top/*
expect 2 'top has no images' tune --model model --data empty
cp -r images broken && echo text >broken/left/1.png
expect 2 'broken/left/1.png.*--skip-bad' tune $other --data broken --policy none
expect 0 '' tune $other --data broken --policy none --skip-bad --out run.skip
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

# ---- eval and predict
delta=run.deep/deep.delta
expect 0 '' eval --model model --data images --delta $delta --split run.deep/split.json --limit 2
expect 2 'another backbone' eval --model other --data images --delta $delta
expect 2 'there is no such file' eval --model model --data images --delta nothing.delta
expect 2 'no vlpt delta' eval --model model --data images --delta model/model.safetensors
head -c 200 $delta >short.delta
expect 2 'short.delta' eval --model model --data images --delta short.delta
cp -r images renamed && mv renamed/left renamed/right
expect 2 'was tuned for' eval --model model --data renamed --delta $delta
expect_json images predict images/left/1.png images/top/1.png --model model --delta $delta
expect 2 'broken/left/1.png' predict images/top/1.png broken/left/1.png --model model --delta $delta
expect_json skipped predict images/top/1.png broken/left/1.png --skip-bad --model model --delta $delta

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

[ $failed = 0 ] && echo "vlpt behaves"
exit $failed
