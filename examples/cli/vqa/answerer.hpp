#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../policy_choice.hpp"
#include "../progress.hpp"
#include "../vilt/vilt_model.hpp"
#include "vlpt/core/cost.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/dataset/question_lines.hpp"
#include "vlpt/io/delta.hpp"
#include "vlpt/train/loop.hpp"

namespace vlpt::cli {

/// What questions a model is tuned on, and how.
struct QuestionTuning {
  io::QuestionLines const& questions;
  std::vector<Index> train{}, valid{};
  double weight_decay = 0.01;
  FitSettings fit{};
};

/// A ViLT backbone from a folder, with a policy and a head, behind one face: what Classifier is for
/// pictures alone.
class Answerer {
 public:
  virtual ~Answerer() = default;

  /// SHA-256 of the backbone as it is now.
  [[nodiscard]] virtual std::string fingerprint() const = 0;
  /// For one question as long as the longest that it was made for, head included.
  [[nodiscard]] virtual Cost cost() const = 0;
  /// The curve; see fit().
  virtual std::vector<EpochSummary> tune(QuestionTuning const& tuning, TrainingWatch& watch) = 0;
  /// logits (indices, answers).
  [[nodiscard]] virtual Tensor<float> logits(io::QuestionLines const& questions,
                                             std::vector<Index> const& indices) const = 0;
  /// logits (files, answers) of one question about each picture.
  [[nodiscard]] virtual Tensor<float> answer(std::string const& question,
                                             std::vector<std::string> const& files,
                                             bool strict) const = 0;
  /// Seconds that the model takes for one question, its picture read and its words known before.
  [[nodiscard]] virtual double seconds(io::QuestionLines const& questions, Index i) const = 0;
  virtual void save_delta(std::filesystem::path const& path, io::DeltaInfo info) const = 0;
  virtual void load_delta(std::filesystem::path const& path) = 0;
};

/// How an answerer is made, apart from its backbone.
struct AnswererSettings {
  PolicyChoice policy;
  Index answers = 0;
  Index words = 0;       // of the longest question, special ones included; 0: as the model allows
  Index image_rows = 0;  // of the largest picture, the class row included; 0: likewise
  std::uint64_t seed = 1;
  bool own_head = false;  // the head is the file's, not drawn, and so is the first word
  // What will be loaded, if anything: judged before there is memory for what it asks for.
  io::Safetensors const* delta = nullptr;
};

/// A policy as questions are answered with it; each has a file of its own.
struct QuestionPolicy {
  PolicyFacts facts;
  std::unique_ptr<Answerer> (*make)(ViltModel const&, AnswererSettings const&);
};

namespace vqa {
extern QuestionPolicy const head_only, deep, approximated, das;
}
[[nodiscard]] std::vector<QuestionPolicy const*> const& question_policies();
/// Throws InputError for a name that is not known, with the nearest ones.
[[nodiscard]] QuestionPolicy const& question_policy(std::string const& name);

/// The answerer that a delta was saved from, and what the delta says of itself.
[[nodiscard]] std::pair<std::unique_ptr<Answerer>, io::DeltaInfo> load_answerer(
    ViltModel const& model, std::filesystem::path const& delta);

/// Loads the backbone; what is the policy's and the head's is drawn by `seed`.
[[nodiscard]] inline std::unique_ptr<Answerer> make_answerer(ViltModel const& model,
                                                             AnswererSettings const& settings) {
  return question_policy(settings.policy.name).make(model, settings);
}

}  // namespace vlpt::cli
