// ViLT-B/32 at 240 rows: 39 words, the class row and 200 of the patches of an image.
#include "net_work.hpp"
#include "vlpt/models/single_stream.hpp"

namespace peers {
namespace {

struct Question {
  static constexpr Index words = 39, canvas = vlpt::arch::ViLT_B32::canvas;
  Index batch;
  std::vector<Index> ids;
  vlpt::Tensor<float> pixels;

  explicit Question(Index b)
      : batch(b),
        ids(static_cast<std::size_t>(b * words), 7),
        pixels(Shape{b * 3 * canvas, canvas}) {
    for (Index y = 0; y < b * 3 * canvas; ++y)  // what is 0 is padding
      for (Index x = 0; x < 576; ++x)
        if (y % canvas < 512) pixels[y * canvas + x] = 0.5F;
  }
  template <class Net>
  [[nodiscard]] vlpt::TextImages<float const> operator()(Net const&) const {
    return {batch, words, ids.data(), nullptr, nullptr, {pixels.data(), batch, 3 * canvas, canvas}};
  }
};

}  // namespace

Work forward_vilt(Request const& r) {
  return with_weight<float, vlpt::bf16, std::int8_t>(r, [&]<class Weight>() {
    using Model = vlpt::SingleStream<vlpt::arch::ViLT_B32>;
    auto const settings = Model::Settings::of({.text = Question::words, .image = 201});
    return forward_work(net_of<Model, Weight>(settings, r.rest), r.batch, Question(r.batch));
  });
}

}  // namespace peers
