// What rounding the frozen weights does to answers, on Fashion-MNIST's test pictures: a vision
// transformer that was tuned for them, and a CLIP model's choice of a name that it was not tuned
// for.
//   formats [PICTURES]     from the root of the repository; default: 2000
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <iostream>

#include "vlpt/io.hpp"
#include "vlpt/vlpt.hpp"

namespace {

using vlpt::Index;
using vlpt::Shape;
using vlpt::Tensor;
constexpr char const* fashion = "/usr/share/datasets/fashion-mnist";

struct Answers {
  Tensor<float> features, logits;
};

/// Every picture, 64 at a time.
template <class N>
Answers answers(N const& net, vlpt::io::Preprocess const& how, vlpt::io::IdxGz const& data,
                Index pictures) {
  auto const& f = net.model().facts;
  constexpr Index batch = 64;
  auto work = net.workspace(batch);
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
    auto const stream = net.stream_of(pixels);
    net.features(stream, out.features.view().middle_rows(first, n), work);
    net.predict(stream, out.logits.view().middle_rows(first, n), work);
  }
  return out;
}

/// A CLIP model that has not seen the names.
template <class Weight>
Answers untuned(vlpt::io::IdxGz const& data, Index pictures) {
  using Model = vlpt::DualEncoder<vlpt::arch::DynamicDual<vlpt::AnyGelu>>;
  auto const folder = vlpt::io::ModelFolder::open("examples/models/tiny-clip");
  auto const& family = folder.dual();
  Model::Settings settings{.facts = family.facts, .text = family.text};
  settings.texts = vlpt::io::class_texts(vlpt::io::Tokenizer::open(folder.path), data.class_names(),
                                         "a photo of a {}.", family.text.tokens)
                       .texts;
  vlpt::Net<Model, vlpt::PackedCpu<Weight>> net{Model{settings}, {.draw = vlpt::Draw::learnt}};
  (void)vlpt::io::bind(net, folder);
  return answers(std::as_const(net), folder.preprocess(), data, pictures);
}

/// A vision transformer with deep prompts and a head, which the first call tunes in float.
template <class Weight>
Answers tuned(vlpt::io::IdxGz const& data, Index pictures, std::filesystem::path const& delta) {
  using Model = vlpt::VisionTower<vlpt::arch::TinyViTMae, vlpt::prompt::Deep<8>>;
  auto const folder = vlpt::io::ModelFolder::open("examples/models/tiny-vit-mae");
  vlpt::Net<Model, vlpt::PackedCpu<Weight>> net{Model{{.classes = 10}}};
  (void)vlpt::io::bind(net, folder);
  if constexpr (std::is_same_v<Weight, float>) {
    auto const images = vlpt::io::IdxGz::open(fashion, vlpt::io::IdxGz::Part::train);
    auto const split = vlpt::io::few_shot_split(images, 64, 1);
    vlpt::Examples<float, vlpt::io::IdxGz> train(images, split.indices, folder.preprocess());
    vlpt::AdamW<float> optimizer(vlpt::groups_of(net));
    vlpt::fit(net, optimizer, train, {.epochs = 10, .batch = 32, .learning_rate = 1e-2});
    vlpt::io::save_delta(delta, net, {.class_names = images.class_names()});
  } else {
    vlpt::io::load_delta(delta, net);
  }
  return answers(std::as_const(net), folder.preprocess(), data, pictures);
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

void compare(char const* model, char const* name, Answers& to, Answers& with) {
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
  std::cout << "| " << model << " | " << name << " | " << std::fixed << std::setprecision(6)
            << sum / n << " | " << least << " | " << std::setprecision(2)
            << 100.0 * static_cast<double>(equal) / n << " % |\n";
}

}  // namespace

int main(int count, char** arguments) try {
  auto const data = vlpt::io::IdxGz::open(fashion, vlpt::io::IdxGz::Part::test);
  Index const pictures = std::min<Index>(count > 1 ? std::atol(arguments[1]) : 2000, data.size());
  auto const delta = std::filesystem::temp_directory_path() / "vlpt-formats.delta";
  std::cout << "| model | weights | mean cosine | least cosine | same name |\n"
               "|:--|:--|--:|--:|--:|\n";
  auto exact = tuned<float>(data, pictures, delta);
  auto halves = tuned<vlpt::bf16>(data, pictures, delta);
  auto bytes = tuned<std::int8_t>(data, pictures, delta);
  std::filesystem::remove(delta);
  compare("tiny-vit-mae, 8 deep prompts, tuned", "bf16", exact, halves);
  compare("tiny-vit-mae, 8 deep prompts, tuned", "int8", exact, bytes);
  exact = untuned<float>(data, pictures);
  halves = untuned<vlpt::bf16>(data, pictures);
  bytes = untuned<std::int8_t>(data, pictures);
  compare("tiny-clip, zero-shot", "bf16", exact, halves);
  compare("tiny-clip, zero-shot", "int8", exact, bytes);
} catch (vlpt::Error const& e) {
  std::cerr << e.what() << '\n';
  return e.exit_code();
}
