// What rounding the frozen weights does to answers: CLIP's image features and its choice of a name
// on Fashion-MNIST's test pictures, in float, bf16 and int8.
//   formats [MODEL] [PICTURES]     a CLIP folder (default examples/models/tiny-clip), 2000
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iomanip>
#include <iostream>

#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/dataset/idx_gz.hpp"
#include "vlpt/io/tokenizer/class_texts.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/dual_encoder.hpp"

namespace {

using vlpt::Index;
using vlpt::Shape;
using vlpt::Tensor;
using Model = vlpt::DualEncoder<vlpt::arch::DynamicDual<vlpt::AnyGelu>>;

struct Answers {
  Tensor<float> features, logits;
};

/// Every picture, 64 at a time.
template <class Weight>
Answers answers(vlpt::io::ModelFolder const& folder, vlpt::io::IdxGz const& data, Index pictures) {
  auto const& family = folder.dual();
  Model::Settings settings{.facts = family.facts, .text = family.text};
  settings.texts = vlpt::io::class_texts(vlpt::io::Tokenizer::open(folder.path), data.class_names(),
                                         "a photo of a {}.", family.text.tokens)
                       .texts;
  vlpt::Net<Model, vlpt::PackedCpu<Weight>> net{Model{settings}, {.draw = vlpt::Draw::learnt}};
  (void)vlpt::io::bind(net, folder);
  auto const& seen = std::as_const(net);
  auto const& f = net.model().facts;
  auto const& how = folder.preprocess();
  constexpr Index batch = 64;
  auto work = seen.workspace(batch);
  Answers out{Tensor<float>(Shape{pictures, f.features()}),
              Tensor<float>(Shape{pictures, net.model().output_width()})};
  vlpt::io::Image one;
  for (Index first = 0; first < pictures; first += batch) {
    Index const n = std::min(batch, pictures - first);
    Tensor<float> pixels(Shape{n, f.channels, f.image, f.image});
    auto const values = static_cast<std::size_t>(how.values());
    for (Index i = 0; i < n; ++i) {
      data.image(first + i, one);
      vlpt::io::preprocess<float>(
          one, how, std::span(pixels.values).subspan(static_cast<std::size_t>(i) * values, values));
    }
    auto const stream = seen.stream_of(pixels);
    seen.features(stream, out.features.view().middle_rows(first, n), work);
    seen.predict(stream, out.logits.view().middle_rows(first, n), work);
  }
  return out;
}

double cosine(float const* a, float const* b, Index n) {
  double ab = 0, aa = 0, bb = 0;
  for (Index i = 0; i < n; ++i) {
    ab += double(a[i]) * double(b[i]);
    aa += double(a[i]) * double(a[i]);
    bb += double(b[i]) * double(b[i]);
  }
  return ab / std::sqrt(aa * bb);
}
Index best(float const* row, Index n) { return std::max_element(row, row + n) - row; }

void compare(char const* name, Answers& to, Answers& with) {
  auto const a = to.features.view(), b = with.features.view();
  auto const p = to.logits.view(), q = with.logits.view();
  double sum = 0, least = 1;
  Index equal = 0;
  for (Index i = 0; i < a.rows; ++i) {
    double const c = cosine(a.row(i), b.row(i), a.cols);
    sum += c, least = std::min(least, c);
    equal += best(p.row(i), p.cols) == best(q.row(i), q.cols) ? 1 : 0;
  }
  double const n = static_cast<double>(a.rows);
  std::cout << "| " << name << " | " << std::fixed << std::setprecision(6) << sum / n << " | "
            << least << " | " << std::setprecision(2) << 100.0 * static_cast<double>(equal) / n
            << " % |\n";
}

}  // namespace

int main(int count, char** arguments) try {
  auto const folder =
      vlpt::io::ModelFolder::open(count > 1 ? arguments[1] : "examples/models/tiny-clip");
  auto const data =
      vlpt::io::IdxGz::open("/usr/share/datasets/fashion-mnist", vlpt::io::IdxGz::Part::test);
  Index const pictures = std::min<Index>(count > 2 ? std::atol(arguments[2]) : 2000, data.size());
  auto exact = answers<float>(folder, data, pictures);
  auto halves = answers<vlpt::bf16>(folder, data, pictures);
  auto bytes = answers<std::int8_t>(folder, data, pictures);
  std::cout << "| weights | mean cosine | least cosine | same name |\n|:--|--:|--:|--:|\n";
  compare("bf16", exact, halves);
  compare("int8", exact, bytes);
} catch (vlpt::Error const& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
