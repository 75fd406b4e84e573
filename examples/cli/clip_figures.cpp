#include "clip_figures.hpp"

#include <algorithm>

#include "clip_pairs.hpp"
#include "split.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"
#include "vlpt/io/naming/clip.hpp"
#include "vlpt/io/tokenizer/class_texts.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/dual_encoder.hpp"

namespace vlpt::cli {
namespace {

using Clip = DualEncoder<arch::TinyClip>;

/// Logits (images, names) of the model in the folder; image(i, out) gives picture i.
template <class Picture>
Tensor<float> logits_of(std::filesystem::path const& model, io::Tokenizer const& tokenizer,
                        std::vector<std::string> const& names, std::string const& sentence,
                        Index images, Picture const& picture) {
  Clip::Settings settings;
  settings.texts = io::class_texts(tokenizer, names, sentence, arch::TinyClip::Text::tokens).texts;
  Net<Clip, PackedCpu<float>> net{Clip(settings)};
  (void)io::bind(net, io::open_checkpoint(model), io::naming::clip_hf());
  auto const preprocess = io::read_preprocess(model);
  auto const& f = net.model().facts;
  constexpr Index batch = 64;
  auto workspace = std::as_const(net).workspace(batch);
  Tensor<float> out(Shape{images, static_cast<Index>(names.size())});
  io::Image one;
  for (Index first = 0; first < images; first += batch) {
    Index const n = std::min(batch, images - first);
    Tensor<float> pixels(Shape{n, f.channels, f.image, f.image});
    auto const values = static_cast<std::size_t>(preprocess.values());
    for (Index i = 0; i < n; ++i) {
      picture(first + i, one);
      io::preprocess<float>(
          one, preprocess,
          std::span(pixels.values).subspan(static_cast<std::size_t>(i) * values, values));
    }
    std::as_const(net).predict(net.stream_of(pixels), out.view().middle_rows(first, n), workspace);
  }
  return out;
}

}  // namespace

std::vector<ZeroShot> zero_shot(std::filesystem::path const& model, io::Tokenizer const& tokenizer,
                                std::vector<ClipTask> const& tasks, Index limit) {
  std::vector<ZeroShot> out;
  for (ClipTask const& task : tasks) {
    auto const chosen = evenly(task.size(), limit);
    auto const picked = [&](Index i) { return chosen[static_cast<std::size_t>(i)]; };
    auto const count = static_cast<Index>(chosen.size());
    auto const logits = logits_of(model, tokenizer, task.class_names(), task.sentence, count,
                                  [&](Index i, io::Image& image) { task.image(picked(i), image); });
    std::vector<Index> labels;
    for (Index const i : chosen) labels.push_back(task.label(i));
    out.push_back({task.name, task.held_out, static_cast<Index>(task.class_names().size()), count,
                   top_k_accuracy(logits.view(), std::span<Index const>(labels))});
  }
  return out;
}

Retrieval retrieval(std::filesystem::path const& model, io::Tokenizer const& tokenizer,
                    io::EmojiSet const& emoji, std::vector<Index> const& some) {
  std::vector<std::string> names;
  for (Index const i : some) names.push_back(ClipPairs::plain_name(emoji[i].name));
  auto const n = static_cast<Index>(some.size());
  auto const logits = logits_of(
      model, tokenizer, names, "an emoji of {}", n,
      [&](Index i, io::Image& image) { emoji.image(some[static_cast<std::size_t>(i)], image); });
  Tensor<float> turned(Shape{n, n});
  std::vector<Index> own;
  for (Index i = 0; i < n; ++i) {
    own.push_back(i);
    for (Index j = 0; j < n; ++j) turned.view()(i, j) = logits.view()(j, i);
  }
  std::span<Index const> const labels(own);
  return {n, top_k_accuracy(logits.view(), labels), top_k_accuracy(logits.view(), labels, 5),
          top_k_accuracy(std::as_const(turned).view(), labels),
          top_k_accuracy(std::as_const(turned).view(), labels, 5)};
}

}  // namespace vlpt::cli
