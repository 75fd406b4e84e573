#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/naming/naming.hpp"
#include "vlpt/io/safetensors_writer.hpp"
#include "vlpt/io/transpose.hpp"

namespace vlpt::io {

/// The reverse of match: writes canonical tensors under a family's names and in its shapes (split
/// query, key and value; patch embedding as a convolution), so that the family's own tools read it.
/// `channels` are the image's. The metadata say "format": "pt", without which Hugging Face refuses.
template <class T>
void save_named(std::filesystem::path const& path, std::vector<NamedTensor<T>> const& tensors,
                Naming const& naming, Index channels, Dtype dtype, Metadata metadata = {}) {
  std::vector<TensorBytes> out;
  for (auto const& [name, tensor] : tensors) {
    auto const source = naming.source(name);
    VLPT_CHECK(source, "the names of ", naming.family, " do not cover the tensor ", name);
    auto const parts = static_cast<Index>(source->names.size());
    Shape share = tensor.shape;
    VLPT_CHECK(parts == 1 || (share.rank > 0 && share[0] % parts == 0), "tensor ", name,
               " of shape ", share, " cannot be cut into ", parts, " equal parts");
    if (parts > 1) share.extent[0] /= parts;
    auto from = tensor.values.begin();
    for (std::string const& part : source->names) {
      Tensor<T> t(share, std::vector<T>(from, from + share.size()));
      from += share.size();
      if (source->transpose) t = transpose(t);
      out.push_back(encode<T>(part, file_shape(source->form, t.shape, channels), t.values, dtype));
    }
  }
  metadata.emplace("format", "pt");
  save_safetensors(path, std::move(out), metadata);
}

}  // namespace vlpt::io
