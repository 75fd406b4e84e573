#pragma once
#include <memory>
#include <string>
#include <vector>

#include "../policy_choice.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/delta_info.hpp"
#include "vlpt/io/model_folder.hpp"

namespace vlpt::cli {

/// A task that a batch may have rows of: what its delta says of itself.
struct MixedTask {
  std::string name;
  std::filesystem::path delta;
  io::DeltaInfo info;
  PolicyChoice policy;
};

/// One net that has the prompts and heads of several tasks, tuned apart with policies of one type.
class Mixed {
 public:
  virtual ~Mixed() = default;
  /// logits of its own task's classes, for each picture; task: the number of each row's task.
  [[nodiscard]] virtual std::vector<std::vector<float>> logits(
      std::vector<std::string> const& files, std::vector<Index> const& task) const = 0;
};

/// The net of these tasks. InputError lists every fact that a delta and the model differ in.
[[nodiscard]] std::unique_ptr<Mixed> make_mixed(io::ModelFolder const& folder,
                                                std::vector<MixedTask> const& tasks);

}  // namespace vlpt::cli
