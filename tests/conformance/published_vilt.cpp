#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <span>

#include "cases.hpp"
#include "published.hpp"
#include "vlpt/io/dataset/preprocess_padded.hpp"
#include "vlpt/io/decode_image.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"

namespace conformance {

using namespace vlpt;

namespace {

/// The first three logits of a masked language model's head at a row.
std::vector<double> mlm_logits(io::Checkpoint const& file, std::vector<double> const& row,
                               double eps) {
  auto const read = [&](char const* name) {
    return file.read<double>(std::string("mlm_score.") + name);
  };
  auto const product = [](Tensor<double> const& w, Index r, std::vector<double> const& x) {
    double sum = 0;
    for (Index i = 0; i < w.shape[1]; ++i)
      sum += w[r * w.shape[1] + i] * x[static_cast<std::size_t>(i)];
    return sum;
  };
  auto const dense = read("transform.dense.weight"), bias = read("transform.dense.bias");
  auto const gain = read("transform.LayerNorm.weight"), shift = read("transform.LayerNorm.bias");
  std::vector<double> y;
  double mean = 0, variance = 0;
  for (Index i = 0; i < dense.shape[0]; ++i) {
    double const x = product(dense, i, row) + bias[i];
    y.push_back(x * 0.5 * (1 + std::erf(x / std::sqrt(2.0))));
  }
  auto const n = static_cast<double>(y.size());
  for (double const v : y) mean += v / n;
  for (double const v : y) variance += (v - mean) * (v - mean) / n;
  for (std::size_t i = 0; i < y.size(); ++i)
    y[i] = (y[i] - mean) / std::sqrt(variance + eps) * gain[static_cast<Index>(i)] +
           shift[static_cast<Index>(i)];
  auto const has = [&](char const* name) {  // of tensors that are one, files keep either or both
    return file.find(std::string("mlm_score.") + name).record != nullptr;
  };
  auto const words =
      has("decoder.weight")
          ? read("decoder.weight")
          : file.read<double>("vilt.embeddings.text_embeddings.word_embeddings.weight");
  auto const offset = read(has("bias") ? "bias" : "decoder.bias");
  return {product(words, 0, y) + offset[0], product(words, 1, y) + offset[1],
          product(words, 2, y) + offset[2]};
}

/// What was asked of a model, and of which picture: as often as it takes pictures.
struct Question {
  char const* text;
  char const* picture;
  char const* variable;  // that says where the picture is
  Published answer;
};

Question const words{"a bunch of [MASK] laying on a [MASK].",
                     "000000039769",
                     "VLPT_COCO_IMAGE",
                     {{-12.5061, -12.5123, -12.5174}, 1e-4}};
Question const cats{"How many cats are there?",
                    "000000039769",
                    "VLPT_COCO_IMAGE",
                    {{-15.9495, -18.1472, -10.3041}, 1e-4}};
Question const dogs{
    "The left image contains twice the number of dogs as the right image, and at least two dogs in "
    "total are standing.",
    "ex0_0",
    "VLPT_NLVR2_IMAGE",
    {{-2.8721, 2.1291}, 1e-4}};

/// Whether a folder's model answers as published. Nothing is asked of a model without a published
/// answer, or whose picture is not at hand.
bool check_folder(std::filesystem::path const& path, std::filesystem::path const& pictures,
                  int& checked) {
  auto const folder = io::ModelFolder::open(path);
  auto const& family = folder.as<io::SingleStreamFamily>();
  bool const fills = folder.checkpoint.find("mlm_score.transform.dense.weight").record != nullptr;
  Question const* const asked = family.classes == 3129                      ? &cats
                                : family.classes == 2 && family.images == 2 ? &dogs
                                : family.classes == 0 && fills              ? &words
                                                                            : nullptr;
  if (asked == nullptr) return true;
  auto const picture = published_picture(pictures, asked->picture, asked->variable);
  if (picture.empty()) return true;
  auto const image = io::load_image(picture);
  auto const size = io::fitted(image, folder.preprocess());
  Index const count = asked == &dogs ? 2 : 1;  // the left and the right one are the same
  Tensor<double> images({count, 3, size.height, size.width});
  for (Index i = 0, one = images.size() / count; i < count; ++i)
    (void)io::preprocess_padded<double>(
        image, folder.preprocess(), size.height, size.width,
        std::span(images.data() + i * one, static_cast<std::size_t>(one)));
  auto const ids = io::Tokenizer::open(path).encode(asked->text, family.facts.words).ids;
  Tensor<Index> const text({1, static_cast<Index>(ids.size())}, ids);
  auto got = single_stream_output(folder, text, images, asked != &words);
  if (asked == &words)
    got = mlm_logits(folder.checkpoint, {got.begin(), got.begin() + family.facts.vision.dim},
                     family.facts.text_eps);
  ++checked;
  bool good = asked->answer.compare(path.string(), got);
  if (asked == &cats && !folder.labels.empty()) {
    auto const best = std::ranges::max_element(got) - got.begin();
    auto const& answer = folder.labels.at(static_cast<std::size_t>(best));
    std::cout << asked->text << ' ' << answer << ", published 2\n";
    good = good && answer == "2";
  }
  return good;
}

}  // namespace

/// The checks with which dandelin/vilt-b32-mlm, -finetuned-vqa and -finetuned-nlvr2 were converted:
/// two of COCO 000000039769, a picture of two cats, and one of NLVR2's ex0_0, twice. The pictures
/// lie in the folder, or where VLPT_COCO_IMAGE and VLPT_NLVR2_IMAGE say.
int published_vilt() {
  char const* const name = std::getenv("VLPT_VILT_DIR");
  if (name == nullptr || *name == '\0') {
    std::cout << "skipped: VLPT_VILT_DIR does not say where dandelin/vilt-b32-mlm, -finetuned-vqa "
                 "or -finetuned-nlvr2 lies, or a folder of several\n";
    return 77;
  }
  std::filesystem::path const path = name;
  std::vector<std::filesystem::path> folders;
  if (exists(path / "config.json")) folders.push_back(path);
  for (auto const& entry : std::filesystem::directory_iterator(path))
    if (exists(entry.path() / "config.json")) folders.push_back(entry.path());
  std::ranges::sort(folders);
  int checked = 0;
  bool good = true;
  for (auto const& folder : folders) good = check_folder(folder, path, checked) && good;
  if (checked == 0) std::cout << "skipped: nothing in " << path.string() << " could be checked\n";
  return checked == 0 ? 77 : good ? 0 : 1;
}

}  // namespace conformance
