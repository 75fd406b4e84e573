// ViLT-B/32, 40 words and 200 patches of an image of 512 x 576 pixels: 241 rows.
#include "study.hpp"
#include "vlpt/models/single_stream.hpp"

namespace {
template <class Prompt>
using Model = vlpt::SingleStream<vlpt::arch::ViLT_B32, Prompt>;
}  // namespace

study::Family study::vilt(int repeats, int threads) {
  constexpr Index canvas = vlpt::arch::ViLT_B32::canvas, words = 40;
  vlpt::Tensor<float> pixels(vlpt::Shape{3 * canvas, canvas});
  for (Index y = 0; y < 3 * canvas; ++y)  // what is 0 is padding
    for (Index x = 0; x < 576; ++x)
      if (y % canvas < 512) pixels[y * canvas + x] = 0.5F;
  std::vector<Index> const ids(words, 7);
  vlpt::TextImages<float const> const input{
      1, words, ids.data(), nullptr, nullptr, {pixels.data(), 1, 3 * canvas, canvas}};
  return measure<Model>(
      "ViLT-B/32, 241 rows",
      []<class M>() { return M::Settings::of({.text = words, .image = 201}); }, input, repeats,
      threads);
}
