// METER-B/16 at 384 pixels, 40 words and 577 rows of an image.
#include "study.hpp"
#include "vlpt/models/roberta_positions.hpp"
#include "vlpt/models/two_stream.hpp"

namespace {
template <class Prompt>
using Model = vlpt::TwoStream<vlpt::arch::METER_B16_384, Prompt>;
}  // namespace

study::Family study::meter(int repeats, int threads) {
  constexpr Index words = 40;
  vlpt::Tensor<float> const pixels(vlpt::Shape{3 * 384, 384});
  std::vector<Index> const ids(words, 7);
  auto const positions = vlpt::roberta_positions(ids, words);
  vlpt::TextImages<float const> const input{
      1, words, ids.data(), nullptr, nullptr, {pixels.data(), 1, 3 * 384, 384}, positions.data()};
  return measure<Model>(
      "METER-B/16, 40 + 577 rows", []<class M>() { return M::Settings::of({.text = words}); },
      input, repeats, threads);
}
