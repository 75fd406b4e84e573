#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/io/save_named.hpp"
#include "vlpt/models/arch/single_stream.hpp"

namespace vlpt::cli {

/// What lies beside the weights of a ViltModel of Hugging Face: config.json, tokenizer_config.json,
/// preprocessor_config.json (pictures of any size, whose shorter side becomes facts.vision.image)
/// and vocab.txt, a word a line.
void write_vilt_files(std::filesystem::path const& folder, SingleStreamFacts const& facts,
                      std::vector<std::string> const& words);

/// model.safetensors of a net (F16), its head left out.
template <class N>
void save_vilt(std::filesystem::path const& folder, N const& net, io::Metadata const& metadata) {
  std::vector<io::NamedTensor<float>> tensors;
  for (auto const& r : net.parameters())
    if (!r.name.starts_with("head."))
      tensors.push_back(
          {r.name, Tensor<float>(r.shape, {r.values.data, r.values.data + r.shape.size()})});
  io::save_named(folder / "model.safetensors", tensors, io::naming::vilt_hf(),
                 net.model().facts.vision.channels, io::Dtype::F16, metadata);
}

}  // namespace vlpt::cli
