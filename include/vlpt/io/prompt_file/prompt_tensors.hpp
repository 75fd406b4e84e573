#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/io/finite.hpp"
#include "vlpt/io/tensor_file.hpp"

namespace vlpt::io {

/// Tensors of a prompt file by name, whatever they were stored as.
using PromptTensors = std::map<std::string, Tensor<float>>;

/// A tensor of a file that a conversion leaves out, and why.
struct SetAside {
  std::string name, reason;
};

/// All floating tensors of a file; what holds integers is set aside. A NaN or an infinity is a
/// CheckpointError that names the tensor.
[[nodiscard]] inline PromptTensors read_prompt_tensors(TensorFile const& file,
                                                       std::vector<SetAside>& aside) {
  PromptTensors out;
  for (TensorRecord const& r : file.records()) {
    if (!facts(r.dtype).floating) {
      aside.push_back({r.name, text("it holds ", name(r.dtype), ", no weights")});
      continue;
    }
    auto values = file.read<float>(r);
    require_finite<float>(values.values, r.name, file.path().string());
    out.emplace(r.name, std::move(values));
  }
  return out;
}

}  // namespace vlpt::io
