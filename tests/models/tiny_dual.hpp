#pragma once
#include <boost/test/unit_test.hpp>

#include "models/tiny.hpp"
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/models/dual_encoder.hpp"

namespace vlpt::test {

/// CLIP small enough for plain loops: a text tower of two layers and width 6 beside the image's.
struct TinyDual : TinyClip {
  static constexpr Index depth = 2;
  static constexpr bool learned_positions = true;
  struct Text {
    static constexpr Index vocabulary = 9, tokens = 9, dim = 6, depth = 2, heads = 2, hidden = 8;
  };
};

/// Three classes: [1, name, 2, 8, padding], names of one to three words.
[[nodiscard]] inline ClassTexts tiny_texts() {
  return {3, 6, {1, 3, 2, 8, 0, 0, 1, 4, 5, 6, 2, 8, 1, 7, 3, 2, 8, 0}, {1, 3, 2}};
}

template <class Prompt, class Learn = learn::Input<learn::Policy>, class Rows = rows::Live,
          class Skip = skip::Dense>
using Dual = DualEncoder<TinyDual, Prompt, Skip, Learn, Rows>;

/// The tiny dual encoder under a policy, in plain loops, and what its step gives.
template <class Model>
class DualRun {
 public:
  explicit DualRun(typename Model::PromptType const& policy, Index chunk = 64,
                   typename Model::SkipType const& skip = {},
                   ClassTexts const& texts = tiny_texts(), Index padding = 32)
      : net(model(policy, chunk, skip, texts, padding)) {
    randomise(net);
    for (auto const& p : net.parameters())  // inside its range, where differences see a slope
      if (p.init.bounded()) p.values.data[0] = 1.3;
    net.touch();
  }
  /// Logits, then the images' gradient and every learnt one.
  [[nodiscard]] std::vector<double> step() {
    auto images = test::images<double>(2, net.model().facts);
    auto const out = net.forward(net.stream_of(images), 3);
    std::vector<double> all(out.data, out.data + out.size());
    auto const d_out = normal<double>(Shape{2, out.cols}, 2);
    net.zero_gradients();
    auto d = net.model().template blank<double>(2);
    Tensor<double> d_images(images.shape);
    d.data = d_images.data();
    net.backward(d_out.view(), d);
    all.insert(all.end(), d_images.values.begin(), d_images.values.end());
    all.insert(all.end(), net.gradients().begin(), net.gradients().end());
    return all;
  }
  Net<Model, Reference<double>> net;

 private:
  static Model model(typename Model::PromptType const& policy, Index chunk,
                     typename Model::SkipType const& skip, ClassTexts const& texts, Index padding) {
    typename Model::Settings s;
    s.prompt = policy, s.texts = texts, s.chunk = chunk, s.skip = skip, s.padding = padding;
    return Model(s);
  }
};

/// Gradients of all that the scope lets learn; live rows, and a prefix that texts share, against
/// all of them; and texts that run two at a time, or those of a length at a time, against all at
/// once.
template <class Prompt, class Learn = learn::Input<learn::Policy>, class Skip = skip::Dense>
void check_dual(Prompt const& policy = {}, Skip const& skip = {},
                ClassTexts const& texts = tiny_texts()) {
  using Live = Dual<Prompt, Learn, rows::Live, Skip>;
  DualRun<Live> live(policy, 64, skip, texts), chunked(policy, 2, skip, texts),
      apart(policy, 64, skip, texts, 0);
  GradReport const report = gradcheck(live.net, images<double>(2, live.net.model().facts));
  BOOST_TEST(report.ok(1e-7), report);
  DualRun<Dual<Prompt, Learn, rows::All, Skip>> all(policy, 64, skip, texts);
  auto const wanted = all.step();
  for (auto const& got : {live.step(), chunked.step(), apart.step()}) {
    BOOST_REQUIRE(got.size() == wanted.size());
    double worst = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
      worst = std::max(worst, std::abs(got[i] - wanted[i]) / std::max(1.0, std::abs(wanted[i])));
    BOOST_TEST(worst < 1e-12);
  }
}

}  // namespace vlpt::test
