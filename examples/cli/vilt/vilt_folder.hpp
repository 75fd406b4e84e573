#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/save_named.hpp"
#include "vlpt/models/arch/single_stream.hpp"

namespace vlpt::cli {

/// A single-stream backbone as Hugging Face lays out a ViltModel: config.json,
/// preprocessor_config.json, vocab.txt, tokenizer_config.json and model.safetensors (F16).
void write_vilt(std::filesystem::path const& folder, SingleStreamFacts const& facts,
                std::vector<io::NamedTensor<float>> const& backbone, io::Preprocess const& how,
                std::vector<std::string> const& words, io::Metadata const& metadata);

/// The same of a net; its head is left out.
template <class N>
void save_vilt(std::filesystem::path const& folder, N const& net, io::Preprocess const& how,
               std::vector<std::string> const& words, io::Metadata const& metadata = {}) {
  std::vector<io::NamedTensor<float>> tensors;
  for (auto const& r : net.parameters())
    if (!r.name.starts_with("head."))
      tensors.push_back(
          {r.name, Tensor<float>(r.shape, {r.values.data, r.values.data + r.shape.size()})});
  write_vilt(folder, net.model().facts, tensors, how, words, metadata);
}

}  // namespace vlpt::cli
