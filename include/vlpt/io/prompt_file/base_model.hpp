#pragma once
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/fingerprint.hpp"
#include "vlpt/io/model_facts.hpp"
#include "vlpt/io/prompt_file/prompt_layout.hpp"
#include "vlpt/io/prompt_file/prompt_tensors.hpp"

namespace vlpt::io {

/// The model that a prompt file is for, as values: what a delta must say of it and the files of
/// other projects do not. See base_model().
struct BaseModel {
  Checkpoint const* checkpoint = nullptr;
  Naming naming;
  NamedValues facts;        // model_facts(), of a model without a policy and with every layer
  Manifest frozen, learnt;  // its tensors: what stays, and what learns under every policy
  NamedValues preprocess{};
  std::vector<std::string> class_names{};  // of the head in its file
  bool two_streams = false, dual = false;

  [[nodiscard]] Index layers() const { return count_in(facts, "depth") * (two_streams ? 2 : 1); }
  /// What the letters of a layout mean here.
  [[nodiscard]] PromptSizes sizes() const {
    auto const count = [&](char const* name) { return count_in(facts, name); };
    Index const projected = count("projection"), d = count("dim");
    PromptSizes out{
        {"d", d}, {"L", layers()}, {"L-1", layers() - 1}, {"f", projected > 0 ? projected : d}};
    if (dual) out["e"] = count("text_dim");
    return out;
  }
};

/// Takes a model with no policy, no head and all its layers, and the checkpoint that it is bound
/// to, which must outlive the result. No net is made: sizes, names and facts are enough.
template <class Model>
[[nodiscard]] BaseModel base_model(Model const& model, Checkpoint const& checkpoint,
                                   Naming naming) {
  BaseModel out{.checkpoint = &checkpoint,
                .naming = std::move(naming),
                .facts = model_facts(model),
                .frozen = {},
                .learnt = {}};
  out.dual = requires { model.scores; };
  out.two_streams = std::is_same_v<decltype(model.facts), TwoStreamFacts>;
  ListParameters<float> list;
  typename Model::template Params<float> nowhere{};
  visit_parameters<typename Model::TrainFlow>(model, nowhere, list);
  for (auto const& r : list.records)
    (r.learns ? out.learnt : out.frozen).push_back({r.name, r.shape});
  return out;
}

/// The weights of a base model, read once.
struct BaseWeights {
  std::string fingerprint;   // as backbone_fingerprint() of a net that leaves these parts out
  PromptTensors pretrained;  // of what learns under every policy, where the file has it
};

/// Reads them, without the parts that are left out ("layers.4."). Throws as match() does.
[[nodiscard]] inline BaseWeights base_weights(BaseModel const& base,
                                              std::vector<std::string> const& left_out) {
  auto const lies_out = [&](ManifestEntry const& e) {
    return std::ranges::any_of(left_out, [&](auto const& p) { return e.name.starts_with(p); });
  };
  Manifest manifest;
  for (ManifestEntry const& e : base.frozen)
    if (!lies_out(e)) manifest.push_back(e);
  auto const frozen = static_cast<Index>(manifest.size());
  for (ManifestEntry const& e : base.learnt)
    if (!lies_out(e) && was_pretrained(e.name, *base.checkpoint, base.naming, Head::drawn))
      manifest.push_back(e);
  BindPlan const plan = match(manifest, *base.checkpoint, base.naming, left_out);
  BaseWeights out;
  std::vector<Tensor<float>> values;
  std::vector<FingerprintEntry> entries;
  values.reserve(manifest.size());
  for (Index i = 0; i < plan.size(); ++i) {
    ManifestEntry const& e = manifest[static_cast<std::size_t>(i)];
    auto& v = values.emplace_back(plan.read<float>(i));
    if (i >= frozen) {
      out.pretrained.emplace(e.name, std::move(v));
    } else {
      entries.push_back({e.name, Dtype::F32, e.shape, std::as_bytes(std::span(v.values))});
    }
  }
  out.fingerprint = fingerprint(std::move(entries));
  return out;
}

}  // namespace vlpt::io
