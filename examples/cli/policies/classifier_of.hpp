#pragma once
#include <algorithm>
#include <cmath>
#include <utility>

#include "mixed_of.hpp"
#include "model_of.hpp"
#include "policy.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/preprocess_facts.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/multitask/task_examples.hpp"

namespace vlpt::cli {

inline void require_finite(Tensor<float> const& logits) {
  for (float const x : logits.values)
    if (!std::isfinite(x))
      throw RunError(text("the model answers with ", std::isnan(x) ? "nan" : "infinity",
                          ", no finite number: the weights of the model or of the delta are out of "
                          "range"));
}

/// A model of the program, filled from its folder.
template <class Model>
class ClassifierOf final : public Classifier {
 public:
  ClassifierOf(io::ModelFolder const& folder, typename Model::PromptType prompt,
               typename Model::SkipType skip, ClassifierSettings const& s)
      : net_(model_of<Model>(folder, prompt, skip, s), {.seed = s.seed, .draw = Draw::learnt}),
        preprocess_(folder.preprocess()),
        policy_(s.policy.name),
        sentence_(reads_texts<Model> ? s.sentence : "") {
    (void)io::bind(net_, folder, s.own_head ? io::Head::read : io::Head::drawn);
  }

  [[nodiscard]] std::string fingerprint() const override {
    return io::backbone_fingerprint(net_, true);
  }

  [[nodiscard]] std::vector<Part> parts() const override {
    std::vector<Part> out;
    for (auto const& r : net_.parameters()) {
      std::string name = r.name.substr(0, r.name.find('.'));
      if (r.marked && name == "layers") name = "policy in layers";
      auto at = std::find_if(out.begin(), out.end(), [&](Part const& p) { return p.name == name; });
      if (at == out.end()) at = out.insert(out.end(), {.name = name});
      (r.learns ? at->trained : at->frozen) += r.shape.size();
    }
    return out;
  }

  [[nodiscard]] CacheNeeds cache_needs(Index images, Index bytes) const override {
    return vlpt::cache_needs(net_, images, bytes);
  }
  std::vector<EpochSummary> tune(Tuning const& t, TrainingWatch& watch) override {
    AdamW<float> optimizer(groups_of(net_), {.weight_decay = t.weight_decay});
    Sets const train(t, &TaskImages::train, preprocess_), valid(t, &TaskImages::valid, preprocess_);
    auto learn = train.together();
    if (valid.empty()) return fit(net_, optimizer, learn, t.fit, watch);
    auto choose = valid.together();
    return fit(net_, optimizer, learn, &choose, t.fit, watch);
  }

  [[nodiscard]] Tensor<float> logits(Images const& images, std::vector<Index> const& indices,
                                     Progress& progress) const override {
    // A few images at a time, so that a large data set needs no large memory.
    constexpr std::size_t piece = 128;
    Tensor<float> out(Shape{static_cast<Index>(indices.size()), net_.model().output_width()});
    for (std::size_t first = 0; first < indices.size(); first += piece) {
      auto const begin = indices.begin() + static_cast<Index>(first);
      auto const end = begin + static_cast<Index>(std::min(piece, indices.size() - first));
      Examples<float, Images> examples(images, {begin, end}, preprocess_);
      auto const some = predict_all(net_, examples);
      require_finite(some);
      std::copy_n(some.data(), some.size(), out.view().row(static_cast<Index>(first)));
      progress.advance(end - indices.begin());
    }
    return out;
  }

  void save_delta(std::filesystem::path const& path, io::DeltaInfo info) const override {
    info.method = policy_;
    info.sentence = sentence_;
    info.preprocess = io::preprocess_facts(preprocess_);
    io::save_delta(path, net_, info);
  }
  void load_delta(std::filesystem::path const& path) override { (void)io::load_delta(path, net_); }

  [[nodiscard]] LearntValues<float> learnt() const override { return learnt_values(net_); }
  void start_from(LearntValues<float> const& source) override { vlpt::start_from(net_, source); }

 private:
  /// The images of all tasks for one purpose.
  struct Sets {
    using Part = Examples<float, Images>;
    std::vector<std::string> names;
    std::vector<std::unique_ptr<Part>> parts;

    Sets(Tuning const& t, std::vector<Index> TaskImages::*which, io::Preprocess const& how) {
      for (TaskImages const& task : t.tasks)
        if (!(task.*which).empty()) {
          names.push_back(task.name);
          parts.push_back(std::make_unique<Part>(
              *task.images, task.*which, how,
              which == &TaskImages::train ? t.augment : std::optional<io::Augment>{}));
        }
    }
    [[nodiscard]] bool empty() const { return parts.empty(); }
    [[nodiscard]] TaskExamples<Part> together() const {
      std::vector<TaskPart<Part>> out;
      for (std::size_t i = 0; i < parts.size(); ++i) out.emplace_back(names[i], *parts[i]);
      return TaskExamples<Part>(std::move(out));
    }
  };

  Net<Model, PackedCpu<float>> net_;
  io::Preprocess preprocess_;
  std::string policy_;    // what the program calls it
  std::string sentence_;  // that a class stands in
};

[[nodiscard]] constexpr skip::Dense no_skips(PolicyChoice const&, Index) { return {}; }

/// A Policy from its facts and from two functions to the library's own: `Make` of a PolicyChoice to
/// a prompt policy, `Skips` of a PolicyChoice and a model's depth to a skip policy.
template <auto Make, class Learn = learn::Policy, auto Skips = no_skips>
[[nodiscard]] Policy policy_of(PolicyFacts const& facts) {
  using Prompt = decltype(Make(PolicyChoice{}));
  using Skip = decltype(Skips(PolicyChoice{}, 0));
  Policy out{facts,
             [](io::ModelFolder const& folder,
                ClassifierSettings const& s) -> std::unique_ptr<Classifier> {
               PolicyChoice const choice = checked(s.policy);
               return std::make_unique<ClassifierOf<Tower<Prompt, Skip, Learn>>>(
                   folder, Make(choice), Skips(choice, folder.vision().facts.depth), s);
             }};
  if constexpr (std::is_same_v<Skip, skip::Dense> && std::is_same_v<Learn, learn::Policy>)
    out.mix = [](io::ModelFolder const& folder,
                 std::vector<MixedTask> const& tasks) -> std::unique_ptr<Mixed> {
      return std::make_unique<MixedOf<Tower<prompt::PerTask<Prompt>>>>(
          folder, per_task<Make>(tasks), tasks);
    };
  return out;
}

/// The same for dual encoders, which skip no layers here.
template <auto Make>
[[nodiscard]] Policy dual_policy_of(PolicyFacts const& facts) {
  using Prompt = decltype(Make(PolicyChoice{}));
  Policy out{facts,
             [](io::ModelFolder const& folder,
                ClassifierSettings const& s) -> std::unique_ptr<Classifier> {
               return std::make_unique<ClassifierOf<Towers<Prompt>>>(
                   folder, Make(checked(s.policy)), skip::Dense{}, s);
             }};
  // Where each image shifts the texts, those of other tasks would be made anew for every image.
  if constexpr (!has(Prompt::sites, Site::text_shift) && Prompt::sites != Site::none)
    out.mix = [](io::ModelFolder const& folder,
                 std::vector<MixedTask> const& tasks) -> std::unique_ptr<Mixed> {
      return std::make_unique<MixedOf<Towers<prompt::PerTask<Prompt>>>>(
          folder, per_task<Make>(tasks), tasks);
    };
  return out;
}

}  // namespace vlpt::cli
