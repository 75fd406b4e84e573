#!/bin/sh
# cost.sh PROGRAM: `vlpt cost` prints the papers' figures and the library's, and refuses what is none.
set -u
. "$(dirname "$0")/expect"

# figures 'KEY VALUE ...' ARGUMENT...: what the JSON object of these arguments says.
figures() {
  pairs=$1
  shift
  expect_json macs cost "$@"
  set -- "$*" $pairs
  what=$1
  shift
  while [ $# -gt 1 ]; do
    grep -q "\"$1\": $2,\{0,1\}\$" stdout ||
      wrong "not $1 $2 but $(grep "\"$1\":" stdout): vlpt cost $what"
    shift 2
  done
}
# percent FIGURE: the change that the last object says begins so.
percent() { grep -q "\"flops_change_percent\": $1" stdout || wrong "not $1 %: vlpt cost $what"; }

# ---- METER: DAS and APT, as the papers count
meter='--arch meter-b16-384 --image 577 --convention fvcore'
figures 'macs 83740089600 macs_added -9639886848 params_added 7932304 params_trained 7932288 params_trained_besides 1183488
         skip "4,5,10,11" convention "fvcore" text 41 image 577 beside 96 shortcut 288' \
  $meter --prompt approximated --prompts 200 --rank 4 --skip 4,5,10,11 --text 41
percent -10.323
# The same call for no prompt: sizes that it has not are no error, and are not told.
figures 'macs_added -11158361088 params_added 5376384 params_trained 5376384' \
  $meter --prompt none --prompts 200 --rank 4 --skip 11,4,10,5 --text 40
percent -11.969
grep -q '"rank"' stdout && wrong "a policy without rank tells one"
for split in '0,1,2,3 -2.701' '0,1,2,11 -7.335' '0,9,10,11 -16.603' '8,9,10,11 -21.237'; do
  figures 'prompt "none"' $meter --skip ${split% *} --text 40
  percent ${split#* }
done
figures 'image 325' --arch meter-b16-288 --convention fvcore --skip 4,5,10,11 --text 40
percent -11.949
# Its modules have a scale that its code never trains.
figures 'params_added 3833880 params_trained 3833856 macs_added 2307686400' \
  $meter --prompt approximated --prompts 200 --rank 4 --text 41
figures 'macs_added 3970252800 params_added 1843200 variant "code" reported false' \
  $meter --prompt deep --prompts 200 --text 41
figures 'macs_added 28707840000 params_added 1843200 variant "full" reported false' \
  $meter --prompt deep --prompts 200 --text 41 --variant full
figures 'macs_added 13049856000 params_added 3686400 reported true backward_macs null' \
  $meter --prompt deep --prompts 200 --text 41 --variant table
figures 'macs_added 6524928000 params_added 1843200 reported true saved_bytes null' \
  $meter --prompt deep --prompts 200 --text 41 --variant v1
figures 'macs_added 26099712000 params_added 3686400 params_trained 8495673' \
  $meter --prompt deep --prompts 200 --text 41 --variant table --batch 2 --head 3129
figures 'params_added 5339520 macs_added 1640300544' $meter --prompt adapter --text 41
figures 'params_added 3817872' $meter --prompt parallel-adapter --width 102 --text 41

# ---- ViLT
vilt='--arch vilt-b32 --text 41 --image 201 --convention fvcore'
figures 'params_added 1916940 params_trained 1916940 macs_added 906854400' \
  $vilt --prompt approximated --prompts 200
figures 'params_added 1843200 macs_added 5138841600' $vilt --prompt deep --prompts 200
figures 'params_added 3559680 macs_added 856424448' $vilt --prompt adapter
figures 'params_added 1798272' $vilt --prompt parallel-adapter
figures 'params_trained 147456' $vilt --prompt lora
figures 'params 111595008 params_trained 111595008 params_added 0 params_trained_besides 0' \
  $vilt --prompt full
figures 'params_trained 3594240' $vilt --skip 4

# ---- ViT
figures 'macs 17563060224 params 85798656 params_trained 0 macs_added 0' \
  --arch vit-b16 --convention naive
figures 'macs 17563828224 params 86567656 params_trained 769000 params_added 0 macs_added 0' \
  --arch vit-b16 --convention naive --head 1000
figures 'params_trained 0' --arch vit-b16 --prompt classifier
figures 'params_trained 769000 backward_macs 768000' --arch vit-b16 --prompt classifier --head 1000
figures 'params_added 1843200 macs_added 666009600 prepare_macs 2831155200 convention "exact"' \
  --arch vit-b16 --prompt deep --prompts 200
figures 'macs_added 19176652800' --arch vit-b16 --prompt deep --prompts 200 --convention naive
figures 'params_trained 3594240 skip "4" shortcut 192' --arch vit-b16 --skip 4
figures 'skip "4,5" batch 2' --arch vit-b16 --skip 5,4 --batch 2
figures 'image 577' --arch vit-b16 --image 577
figures 'params_trained 76823' --arch vit-b16 --prompt gated --prompts 100

# ---- CLIP: both towers
figures 'params 151277313 text 77 classes 1' --arch clip-b32
figures 'params_trained 8192' --arch clip-b16 --prompt context --prompts 16
figures 'params_trained 35360 classes 10' --arch clip-b16 --prompt conditional --prompts 4 --classes 10
figures 'params_trained 566400' --arch clip-b16 --prompt unified --prompts 4
figures 'skip "3,12"' --arch clip-b16 --skip 12,3 # 12: the first of the texts
figures 'text 20 image 577' --arch clip-b16 --text 20 --image 577

# ---- what people read: every convention, or the one that they name
expect 0 '' cost --arch vit-b16 --skip 4,5
for convention in exact naive fvcore; do
  grep -q "^$convention  *[0-9,]*  *-[0-9]" stdout || wrong "no row of $convention: skipped layers save"
done
expect 0 '' cost --arch vit-b16 --convention naive
grep -q '^exact ' stdout && wrong "there is a row of a convention that was not named"
expect_json variants cost --list
for name in vit-s16 vit-b16 vit-l16 clip-b32 clip-b16 clip-l14 vilt-b32 meter-b16-288 meter-b16-384 \
  tiny-vit-mae none shallow deep approximated gated shared context conditional unified lora adapter \
  parallel-adapter ladder classifier full code table v1 exact naive fvcore; do
  grep -q "\"$name\"" stdout || wrong "the list has no $name"
done

# ---- names, numbers and combinations that there are not
expect 2 'did you mean vit-b16' cost --arch vit-b61
expect 2 'did you mean deep' cost --arch vit-b16 --prompt depe
expect 2 'did you mean fvcore' cost --arch vit-b16 --convention fvcor
expect 2 'did you mean table' cost --arch meter-b16-288 --prompt deep --variant tabel
expect 2 'no --variant' cost --arch vilt-b32 --prompt deep --variant code
expect 2 'leave --skip out' cost --arch meter-b16-288 --prompt deep --variant full --skip 3
expect 2 'prompts takes a whole number from 1' cost --arch vit-b16 --prompt deep --prompts 0
expect 2 'beside takes a whole number from 1' cost --arch vit-b16 --skip 3 --beside 0
expect 2 'image takes a whole number from 2' cost --arch vit-b16 --image 1
expect 2 '197 and 226 are' cost --arch vit-b16 --image 200
expect 2 '577 and 626 are' cost --arch meter-b16-384 --image 580
expect 2 'a canvas of 608 pixels has 361 patches, not 399' cost --arch vilt-b32 --image 400
expect 2 'text takes 1 to 41 rows' cost --arch vilt-b32 --text 42
expect 2 'text takes 2 to 512 rows' cost --arch meter-b16-384 --text 513
expect 2 'text takes 3 to 77 rows' cost --arch clip-b16 --text 78
expect 2 'text has no effect with vit-b16' cost --arch vit-b16 --text 20
expect 2 'classes has no effect with vit-b16' cost --arch vit-b16 --classes 2
expect 2 'head has no effect with clip-b16' cost --arch clip-b16 --head 2
expect 2 'leaves 2 of' cost --arch clip-b16 --prompt context --prompts 75
expect 2 'layer 12 cannot be skipped: the model has 12 layers' cost --arch vit-b16 --skip 4,12
expect 2 'layer 4 is skipped twice' cost --arch vit-b16 --skip 4,4
expect 2 'stands beside one stream' cost --arch meter-b16-384 --prompt ladder
expect 2 'needs a text tower' cost --arch vit-b16 --prompt unified
expect 2 'prompts the texts of classes' cost --arch vilt-b32 --prompt context

verdict
