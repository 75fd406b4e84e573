#pragma once
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/io/backbone_fingerprint.hpp"
#include "vlpt/io/delta_info.hpp"
#include "vlpt/io/finite.hpp"
#include "vlpt/io/model_facts.hpp"
#include "vlpt/io/policy_settings.hpp"

namespace vlpt::io {

/// The deltas that were tuned for one task each, by the name of the task.
using TaskDeltas = std::map<std::string, std::filesystem::path>;

/// Puts the parts of several tasks into one net that has them all (prompt::PerTask), whose backbone
/// is loaded: layers.*.attention_out.pets.* is layers.*.attention_out.* of the delta of "pets".
/// Throws one CheckpointError that lists, for every task, what differs and what is missing,
/// unexpected or of another shape; then nothing is changed.
template <class N>
class TaskDeltaLoader {
 public:
  using T = typename N::T;

  TaskDeltaLoader(N& net, TaskDeltas const& deltas) : net_(net), backbone_(net) {
    auto const& tasks = net.model().tasks;
    for (std::size_t t = 0; t < tasks.names.size(); ++t) {
      auto const at = deltas.find(tasks.names[t]);
      if (at == deltas.end()) {
        faults_ += text("\n  task \"", tasks.names[t], "\" has no delta");
        continue;
      }
      open(tasks.names[t], at->second, t);
    }
    for (auto const& [name, path] : deltas)
      if (std::ranges::find(tasks.names, name) == tasks.names.end())
        faults_ += text("\n  there is no task \"", name, "\" for ", path.string());
    place();
    if (!faults_.empty()) throw CheckpointError("the deltas do not fit the net:" + faults_);
  }
  void write() const {
    for (auto const& [record, values] : values_) net_.write(record, values.values);
    net_.touch_learnt();
  }

 private:
  struct Part {
    std::string task;
    Safetensors file;
    std::vector<bool> used;
  };
  void open(std::string const& task, std::filesystem::path const& path, std::size_t number) {
    Part part{task, Safetensors::open(path), {}};
    part.used.resize(part.file.records().size());
    DeltaInfo const info = read_delta_info(part.file);
    auto const& policy = net_.model().prompt_policy.tasks[number].prompt;
    using Inner = std::remove_cvref_t<decltype(policy)>;
    std::string here =
        differences({{"policy", info.policy}}, {{"policy", std::string(Inner::name)}}) +
        differences(info.settings, policy_settings(policy)) +
        differences(info.model, model_facts(net_.model()));
    if (!backbone_.is_of(info))
      here += differences({{"backbone", info.backbone}}, {{"backbone", backbone_.fingerprint()}});
    if (!here.empty()) faults_ += text("\n  ", path.string(), ":", here);
    parts_.push_back(std::move(part));
  }
  /// Finds every learnt tensor of the net in the delta of the task that its name speaks of.
  void place() {
    for (auto const& r : net_.parameters()) {
      if (!r.learns) continue;
      if (!std::ranges::any_of(parts_, [&](Part& part) { return place(r, part); }))
        faults_ += text("\n  missing: ", r.name, ' ', r.shape);
    }
    for (Part const& part : parts_)
      for (std::size_t i = 0; i < part.used.size(); ++i)
        if (auto const& r = part.file.records()[i]; !part.used[i])
          faults_ +=
              text("\n  unexpected in ", part.file.path().string(), ": ", r.name, ' ', r.shape);
  }
  /// A task may be called as a part of the model is, so every place of its name is tried.
  bool place(ParameterRecord<T> const& r, Part& part) {
    std::string const word = "." + part.task;
    for (auto at = r.name.find(word + "."); at != std::string::npos;
         at = r.name.find(word + ".", at + 1)) {
      std::string name = r.name;
      auto const* const found = part.file.find(name.erase(at, word.size()));
      if (found == nullptr) continue;
      auto const number = static_cast<std::size_t>(found - part.file.records().data());
      if (part.used[number]) continue;
      part.used[number] = true;
      if (found->shape == r.shape) {
        auto values = part.file.template read<T>(*found);
        require_finite<T>(values.values, found->name, part.file.path().string());
        values_.emplace_back(r, std::move(values));
      } else {
        faults_ += text("\n  ", part.file.path().string(), ": ", name, ": file ", found->shape,
                        ", net ", r.shape);
      }
      return true;
    }
    return false;
  }

  N& net_;
  Backbone<N> backbone_;
  std::vector<Part> parts_;
  std::vector<std::pair<ParameterRecord<T>, Tensor<T>>> values_;
  std::string faults_;
};

template <class N>
void load_task_deltas(N& net, TaskDeltas const& deltas) {
  TaskDeltaLoader<N>(net, deltas).write();
}

}  // namespace vlpt::io
