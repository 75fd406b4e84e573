#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/io/save_named.hpp"

namespace vlpt::cli {

/// model.safetensors of a pretrained net (F16) under a family's names, its head left out.
template <class N>
void save_backbone(std::filesystem::path const& folder, N const& net, io::Naming const& naming,
                   Index channels, std::string const& recipe) {
  std::vector<io::NamedTensor<float>> tensors;
  for (auto const& r : net.parameters())
    if (!r.name.starts_with("head."))
      tensors.push_back(
          {r.name, Tensor<float>(r.shape, {r.values.data, r.values.data + r.shape.size()})});
  io::save_named(folder / "model.safetensors", tensors, naming, channels, io::Dtype::F16,
                 {{"recipe", recipe}});
}

}  // namespace vlpt::cli
