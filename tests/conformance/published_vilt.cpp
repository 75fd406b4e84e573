#include <cmath>
#include <cstdlib>
#include <iostream>

#include "cases.hpp"
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
  bool const tied = file.find("mlm_score.decoder.weight").record == nullptr;
  auto const words =
      tied ? file.read<double>("vilt.embeddings.text_embeddings.word_embeddings.weight")
           : read("decoder.weight");
  auto const offset = read("bias");
  return {product(words, 0, y) + offset[0], product(words, 1, y) + offset[1],
          product(words, 2, y) + offset[2]};
}

/// Whether a folder's model answers as published; nothing of a model without a published check.
bool check_folder(std::filesystem::path const& path, std::filesystem::path const& picture,
                  int& checked) {
  auto const folder = io::ModelFolder::open(path);
  auto const& family = folder.as<io::SingleStreamFamily>();
  bool const answers = family.classes == 3129;
  bool const fills = folder.checkpoint.find("mlm_score.transform.dense.weight").record != nullptr;
  if (!answers && !fills) return true;
  auto const image = io::load_image(picture);
  auto const size = io::fitted(image, folder.preprocess());
  Tensor<float> images({1, 3, size.height, size.width});
  (void)io::preprocess_padded<float>(image, folder.preprocess(), size.height, size.width,
                                     images.values);
  auto ids =
      io::Tokenizer::open(path)
          .encode(answers ? "How many cats are there?" : "a bunch of [MASK] laying on a [MASK].",
                  family.facts.words)
          .ids;
  Tensor<Index> const text({1, static_cast<Index>(ids.size())}, std::move(ids));
  auto got = single_stream_output(folder, text, images, answers);
  if (!answers) {
    auto const row = got.begin() + family.facts.vision.dim;
    got = mlm_logits(folder.checkpoint, {got.begin(), row}, family.facts.text_eps);
  }
  double const want[2][3] = {{-12.5061, -12.5123, -12.5174}, {-15.9495, -18.1472, -10.3041}};
  double error = 0;
  for (std::size_t i = 0; i < 3; ++i)
    error = std::max(error, std::abs(got[i] - want[answers ? 1 : 0][i]));
  std::cout << path.filename().string() << ": " << got[0] << ' ' << got[1] << ' ' << got[2]
            << ", off by " << error << '\n';
  ++checked;
  return error < 1e-2;  // of a decoder's and a resize's rounding, too
}

}  // namespace

/// transformers' own tests of dandelin/vilt-b32-mlm and -finetuned-vqa with the picture of two
/// cats, COCO 000000039769, which lies beside them or where VLPT_COCO_IMAGE says.
int published_vilt() {
  char const* const name = std::getenv("VLPT_VILT_DIR");
  if (name == nullptr || *name == '\0') {
    std::cout << "skipped: VLPT_VILT_DIR does not say where dandelin/vilt-b32-finetuned-vqa or "
                 "-mlm lies, or a folder of both\n";
    return 77;
  }
  std::filesystem::path const path = name;
  char const* const coco = std::getenv("VLPT_COCO_IMAGE");
  std::filesystem::path picture = coco == nullptr ? path / "000000039769.png" : coco;
  if (coco == nullptr && !exists(picture)) picture = path / "000000039769.jpg";
  if (!exists(picture)) {
    std::cout << "skipped: " << path.string() << " lacks COCO's 000000039769.jpg (or .png), and "
              << "VLPT_COCO_IMAGE does not say where it is\n";
    return 77;
  }
  std::vector<std::filesystem::path> folders;
  if (exists(path / "config.json")) folders.push_back(path);
  for (auto const& entry : std::filesystem::directory_iterator(path))
    if (exists(entry.path() / "config.json")) folders.push_back(entry.path());
  int checked = 0;
  bool good = true;
  for (auto const& folder : folders) good = check_folder(folder, picture, checked) && good;
  if (checked == 0) std::cout << "skipped: " << path.string() << " holds neither model\n";
  return checked == 0 ? 77 : good ? 0 : 1;
}

}  // namespace conformance
