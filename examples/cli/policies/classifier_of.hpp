#pragma once
#include <algorithm>
#include <cmath>
#include <utility>

#include "policy.hpp"
#include "tower_of.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/preprocess_facts.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"

namespace vlpt::cli {

inline void require_finite(Tensor<float> const& logits) {
  for (float const x : logits.values)
    if (!std::isfinite(x))
      throw RunError(text("the model answers with ", std::isnan(x) ? "nan" : "infinity",
                          ", no finite number: the weights of the model or of the delta are out of "
                          "range"));
}

/// A Vision Transformer from a model folder under a policy of the library.
template <class Prompt, class Skip, class Learn>
class ClassifierOf final : public Classifier {
  using Model = VisionTower<arch::Dynamic<>, Prompt, Skip, Learn>;

 public:
  ClassifierOf(io::ModelFolder const& folder, Prompt prompt, Skip skip, ClassifierSettings const& s)
      : net_(tower_of<Model>(folder, prompt, skip, s), {.seed = s.seed}),
        preprocess_(folder.preprocess()),
        policy_(s.policy.name) {
    (void)io::bind(net_, folder);
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

  std::vector<EpochSummary> tune(Tuning const& t, TrainingWatch& watch) override {
    AdamW<float> optimizer(groups_of(net_), {.weight_decay = t.weight_decay});
    Examples<float, Images> train(t.images, t.train, preprocess_, t.augment);
    if (t.valid.empty()) return fit(net_, optimizer, train, t.fit, watch);
    Examples<float, Images> valid(t.images, t.valid, preprocess_);
    return fit(net_, optimizer, train, &valid, t.fit, watch);
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
    info.preprocess = io::preprocess_facts(preprocess_);
    io::save_delta(path, net_, info);
  }
  void load_delta(std::filesystem::path const& path) override { (void)io::load_delta(path, net_); }

 private:
  Net<Model, Cpu<float>> net_;
  io::Preprocess preprocess_;
  std::string policy_;  // what the program calls it
};

[[nodiscard]] constexpr skip::Dense no_skips(PolicyChoice const&, Index) { return {}; }

/// A Policy from its facts and from two functions to the library's own: `Make` of a PolicyChoice to
/// a prompt policy, `Skips` of a PolicyChoice and a model's depth to a skip policy.
template <auto Make, class Learn = learn::Policy, auto Skips = no_skips>
[[nodiscard]] Policy policy_of(PolicyFacts const& facts) {
  using Prompt = decltype(Make(PolicyChoice{}));
  using Skip = decltype(Skips(PolicyChoice{}, 0));
  return {facts,
          [](io::ModelFolder const& folder,
             ClassifierSettings const& s) -> std::unique_ptr<Classifier> {
            PolicyChoice const choice = checked(s.policy);
            return std::make_unique<ClassifierOf<Prompt, Skip, Learn>>(
                folder, Make(choice), Skips(choice, folder.vision().facts.depth), s);
          }};
}

}  // namespace vlpt::cli
