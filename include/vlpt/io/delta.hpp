#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/io/backbone_fingerprint.hpp"
#include "vlpt/io/delta_info.hpp"
#include "vlpt/io/finite.hpp"
#include "vlpt/io/model_facts.hpp"
#include "vlpt/io/policy_settings.hpp"
#include "vlpt/io/safetensors.hpp"
#include "vlpt/io/safetensors_writer.hpp"
#include "vlpt/io/write_delta.hpp"

namespace vlpt::io {

/// Writes what was learnt, and nothing else, atomically: a few kilobytes. What the net knows of
/// itself (policy, settings, model, backbone) is taken from it.
template <class N>
void save_delta(std::filesystem::path const& path, N const& net, DeltaInfo info = {}) {
  using T = typename N::T;
  auto const& model = net.model();
  std::string const policy(N::ModelType::PromptType::name);
  Index classes = 0;  // of the head, or of the texts of a dual encoder
  if constexpr (requires { model.classes + 1; }) classes = model.classes;
  if constexpr (requires { model.classes() + 1; }) classes = model.classes();
  VLPT_CHECK(info.class_names.empty() || static_cast<Index>(info.class_names.size()) == classes,
             "a delta with ", info.class_names.size(), " class names, of a model for ", classes);
  std::vector<TensorBytes> out;
  for (auto const& r : net.parameters())
    if (r.learns) out.push_back(encode<T>(r.name, r.shape, net.read(r), Dtype::F32));
  info.policy = policy;
  info.settings = policy_settings(model.prompt_policy);
  info.model = model_facts(model);
  info.backbone = backbone_fingerprint(net);
  info.backbone_halves = fingerprint_as<bf16>(net);
  write_delta(path, std::move(out), info);
}

/// What a delta says of itself, if a model can hold it; else one CheckpointError that lists every
/// other fact and setting, and every missing, unexpected and mis-shaped tensor. Needs the model's
/// description only, so that a program may ask before it makes room for a net.
template <class Model>
DeltaInfo check_delta(Safetensors const& file, Model const& model) {
  DeltaInfo info = read_delta_info(file);
  std::string faults =
      differences({{"policy", info.policy}}, {{"policy", std::string(Model::PromptType::name)}}) +
      differences(info.settings, policy_settings(model.prompt_policy)) +
      differences(info.model, model_facts(model));
  ListParameters<float> list;
  typename Model::template Params<float> nowhere{};
  visit_parameters<typename Model::TrainFlow>(model, nowhere, list);
  auto& learnt = list.records;
  std::erase_if(learnt, [](auto const& r) { return !r.learns; });
  for (auto const& r : learnt) {
    auto const* const found = file.find(r.name);
    if (found == nullptr)
      faults += text("\n  missing: ", r.name, ' ', r.shape);
    else if (!(found->shape == r.shape))
      faults += text("\n  ", r.name, ": file ", found->shape, ", model ", r.shape);
  }
  for (auto const& found : file.records())
    if (std::none_of(learnt.begin(), learnt.end(),
                     [&](auto const& r) { return r.name == found.name; }))
      faults += text("\n  unexpected: ", found.name, ' ', found.shape);
  if (!faults.empty())
    throw CheckpointError(text(file.path().string(), " does not fit the model:", faults));
  return info;
}

/// Puts a delta into a net whose backbone is loaded. A CheckpointError as check_delta's, and one
/// for a backbone of other weights; then nothing is changed.
template <class N>
DeltaInfo load_delta(std::filesystem::path const& path, N& net) {
  using T = typename N::T;
  auto const file = Safetensors::open(path);
  DeltaInfo info = check_delta(file, net.model());
  if (std::is_same_v<T, bf16> && info.backbone_halves.empty())
    throw CheckpointError(text(path.string(),
                               " does not say what its backbone is in halves: load it "
                               "into a net of floats, and save it again"));
  Backbone backbone(net);
  if (!backbone.is_of(info))
    throw CheckpointError(text(path.string(),
                               " was trained on another backbone: its fingerprint is ",
                               info.backbone.substr(0, 16), "..., the loaded model's is ",
                               backbone.fingerprint().substr(0, 16), "..."));
  auto learnt = net.parameters();
  std::erase_if(learnt, [](auto const& r) { return !r.learns; });
  std::vector<Tensor<T>> values;
  for (auto const& r : learnt) {
    values.push_back(file.template read<T>(r.name));
    require_finite<T>(values.back().values, r.name, path.string());
  }
  for (std::size_t i = 0; i < learnt.size(); ++i) net.write(learnt[i], values[i].values);
  net.touch_learnt();
  return info;
}

}  // namespace vlpt::io
