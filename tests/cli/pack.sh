#!/bin/sh
# pack.sh PROGRAM: what vlpt pack writes is what vlpt features reads, or it says why not.
set -u
models=$(cd "$(dirname "$0")/../../examples/models" && pwd)
picture=$(cd "$(dirname "$0")/../../examples/data" && find . -name '*.png' | head -n 1)
picture=$(cd "$(dirname "$0")/../../examples/data" && pwd)/$picture
. "$(dirname "$0")/expect"

cp -r "$models/tiny-clip" first
if ! "$program" pack first >stdout 2>stderr && grep -q "has no kernels" stderr; then
  echo "no packed kernels on this processor: nothing to check"
  verdict
fi

for name in tiny-clip tiny-vit-mae tiny-vilt; do
  cp -r "$models/$name" "$name"
  set -- --model "$name" --image "$picture"
  [ $name = tiny-vilt ] && set -- "$@" --text "what colour is the shape?"
  expect 0 '' features "$@" --json
  cp stdout before
  expect 0 '' pack "$name"
  expect 0 '' features "$@" --json
  cmp -s stdout before || wrong "$name answers otherwise when it is packed"
  [ ! -s stderr ] || wrong "$name: the packed file is not used"
done

set -- --model tiny-clip --image "$picture"
touch -d '2001-01-01' tiny-clip/model.safetensors # other weights, as far as anybody can tell
"$program" features "$@" >stdout 2>stderr || wrong "features with an old packed file"
grep -q "made of other weights; run vlpt pack again" stderr || wrong "an old packed file is not named"
expect 0 '' pack tiny-clip
expect 0 '' features "$@"
head -c 5000 tiny-clip/packed_float.vlpt >cut
mv cut tiny-clip/packed_float.vlpt
"$program" features "$@" >stdout 2>stderr || wrong "features with a cut packed file"
grep -q "cut off" stderr || wrong "a cut packed file is not named"
expect 2 'there is no model folder' pack nowhere
verdict
