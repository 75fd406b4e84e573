#pragma once
#include <algorithm>
#include <cmath>
#include <utility>

#include "policy.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/preprocess_facts.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/groups.hpp"

namespace vlpt::cli {

inline void require_finite(Tensor<float> const& logits) {
  for (float const x : logits.values)
    if (!std::isfinite(x))
      throw RunError(text("the model answers with ", x,
                          ", no finite number: the weights of the model or of the delta are out of "
                          "range"));
}

/// A Vision Transformer from a model folder under a policy of the library.
template <class Prompt, class Learn>
class ClassifierOf final : public Classifier {
  using Model = VisionTower<arch::Dynamic<>, Prompt, skip::Dense, Learn>;

 public:
  ClassifierOf(io::ModelFolder const& folder, Prompt prompt, ClassifierSettings const& s)
      : net_(model(folder, prompt, s), {.seed = s.seed}), preprocess_(folder.preprocess) {
    (void)io::bind(net_, folder.checkpoint, folder.naming);
  }

  [[nodiscard]] std::string fingerprint() const override {
    return io::backbone_fingerprint(net_, true);
  }

  [[nodiscard]] std::vector<Part> parts() const override {
    std::vector<Part> out;
    for (auto const& r : net_.parameters()) {
      std::string name = r.name.substr(0, r.name.find('.'));
      if (r.marked && name == "layers") name = "prompts in layers";
      auto at = std::find_if(out.begin(), out.end(), [&](Part const& p) { return p.name == name; });
      if (at == out.end()) at = out.insert(out.end(), {.name = name});
      (r.learns ? at->trained : at->frozen) += r.shape.size();
    }
    return out;
  }

  [[nodiscard]] Cost cost() const override { return cost_of(net_.model()); }

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
    info.method = std::is_same_v<Learn, learn::All> ? "full" : std::string(Prompt::name);
    info.preprocess = io::preprocess_facts(preprocess_);
    io::save_delta(path, net_, info);
  }
  void load_delta(std::filesystem::path const& path) override { (void)io::load_delta(path, net_); }

 private:
  static Model model(io::ModelFolder const& folder, Prompt prompt, ClassifierSettings const& s) {
    typename Model::Settings settings{
        .facts = folder.facts, .prompt = prompt, .classes = s.classes};
    // With a few images a class, a head that starts at zero beats VPT's random one by a point or
    // two.
    settings.head_init = settings.head_bias = Init::zero();
    if (s.pool) settings.facts.pool = *s.pool;
    Model out(settings);
    if (s.delta != nullptr) (void)io::check_delta(*s.delta, out);
    return out;
  }

  Net<Model, Cpu<float>> net_;
  io::Preprocess preprocess_;
};

/// A Policy from its facts and from `Make`, a function from a PolicyChoice to the library's own.
template <auto Make, class Learn = learn::Policy>
[[nodiscard]] Policy policy_of(PolicyFacts const& facts) {
  using Prompt = decltype(Make(PolicyChoice{}));
  return {facts,
          [](io::ModelFolder const& folder,
             ClassifierSettings const& s) -> std::unique_ptr<Classifier> {
            return std::make_unique<ClassifierOf<Prompt, Learn>>(folder, Make(checked(s.policy)),
                                                                 s);
          },
          [](VisionFacts const& of, PolicyChoice const& choice, Index head, Index batch) {
            // Costs do not depend on the activation.
            using Model = VisionTower<arch::Dynamic<>, Prompt, skip::Dense, Learn>;
            return cost_of(Model({.facts = of, .prompt = Make(checked(choice)), .classes = head}),
                           batch);
          }};
}

}  // namespace vlpt::cli
