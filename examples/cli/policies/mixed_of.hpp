#pragma once
#include <algorithm>
#include <utility>

#include "../features/features.hpp"
#include "mixed.hpp"
#include "model_of.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/pool_name.hpp"
#include "vlpt/io/preprocess_facts.hpp"
#include "vlpt/io/task_deltas.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/policies/prompt/per_task.hpp"

namespace vlpt::cli {

/// A model with tasks, filled from its folder and the tasks' deltas.
template <class Model>
class MixedOf final : public Mixed {
 public:
  MixedOf(io::ModelFolder const& folder, typename Model::PromptType prompt,
          std::vector<MixedTask> const& tasks)
      : net_(made(folder, std::move(prompt), tasks), {.draw = Draw::learnt}),
        preprocess_(folder.preprocess()) {
    (void)io::bind(net_, folder);
    io::TaskDeltas deltas;
    for (MixedTask const& t : tasks) {
      io::check_preprocess(t.info, preprocess_);
      deltas[t.name] = t.delta;
    }
    io::load_task_deltas(net_, deltas);
  }

  [[nodiscard]] std::vector<std::vector<float>> logits(
      std::vector<std::string> const& files, std::vector<Index> const& task) const override {
    std::vector<std::vector<float>> out;
    auto const& tasks = net_.model().tasks;
    auto work = net_.workspace(1);
    each_piece(preprocess_, files, [&](Index first, Tensor<float> const& planes) {
      Index const n = planes.shape[0];
      Tensor<float> all(Shape{n, net_.model().output_width()});
      std::span<Index const> const of(task.data() + first, static_cast<std::size_t>(n));
      net_.predict(net_.stream_of(planes), of, all.view(), work);
      for (Index i = 0; i < n; ++i) {
        auto const* const row = all.view().row(i);
        Index const t = of[static_cast<std::size_t>(i)];
        out.emplace_back(row + tasks.start(t), row + tasks.end(t));
      }
    });
    return out;
  }

 private:
  /// Names and sentences of all tasks' classes, one after the other.
  static Model made(io::ModelFolder const& folder, typename Model::PromptType prompt,
                    std::vector<MixedTask> const& tasks) {
    ClassifierSettings s;
    for (MixedTask const& t : tasks)
      for (std::string const& name : t.info.class_names) {
        s.class_names.push_back(name);
        auto const at = t.info.sentence.find("{}");
        if (at == std::string::npos) continue;
        std::string words = name;
        std::ranges::replace(words, '_', ' ');  // as where the task was tuned
        s.texts.push_back(t.info.sentence.substr(0, at) + words + t.info.sentence.substr(at + 2));
      }
    if (s.texts.size() != s.class_names.size()) s.texts.clear();
    if constexpr (!reads_texts<Model>)
      if (auto const pool = tasks.front().info.model.find("pool");
          pool != tasks.front().info.model.end())
        s.pool = pool_named(pool->second);
    return model_of<Model>(folder, std::move(prompt), {}, s);
  }

  Net<Model, PackedCpu<float>> net_;
  io::Preprocess preprocess_;
};

/// The tasks' policies as one, each with settings of its own.
template <auto Make>
[[nodiscard]] auto per_task(std::vector<MixedTask> const& tasks) {
  using Inner = decltype(Make(PolicyChoice{}));
  prompt::PerTask<Inner> out;
  for (MixedTask const& t : tasks)
    out.tasks.push_back(
        {t.name, static_cast<Index>(t.info.class_names.size()), Make(checked(t.policy))});
  return out;
}

}  // namespace vlpt::cli
