#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "images.hpp"
#include "policy_choice.hpp"
#include "progress.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/dataset/augment.hpp"
#include "vlpt/io/delta.hpp"
#include "vlpt/io/model_folder.hpp"
#include "vlpt/models/class_texts.hpp"
#include "vlpt/train/loop.hpp"
#include "vlpt/train/multitask/learnt_values.hpp"

namespace vlpt::cli {

/// The images of a task that are learnt from, and those that choose the epoch.
struct TaskImages {
  std::string name;
  Images const* images = nullptr;
  std::vector<Index> train{}, valid{};
};

/// What a classifier is tuned on, and how. Of several tasks the classes follow one another; each
/// has a softmax of its own where fit.off_task says so.
struct Tuning {
  std::vector<TaskImages> tasks;
  std::optional<io::Augment> augment{};
  double weight_decay = 0.01;
  FitSettings fit{};

  [[nodiscard]] Index train_size() const {
    Index n = 0;
    for (TaskImages const& t : tasks) n += static_cast<Index>(t.train.size());
    return n;
  }
};

/// A backbone from a folder under a policy, with a head or, of a dual encoder, the texts of the
/// classes: behind one face, so that commands are compiled once and not once a policy.
class Classifier {
 public:
  /// A part of the model and how many of its parameters are frozen and trained.
  struct Part {
    std::string name;
    Index frozen = 0, trained = 0;
  };
  virtual ~Classifier() = default;

  /// SHA-256 of the backbone as it is now.
  [[nodiscard]] virtual std::string fingerprint() const = 0;
  [[nodiscard]] virtual std::vector<Part> parts() const = 0;
  /// What a cache of so many bytes takes when it is tuned on so many images.
  [[nodiscard]] virtual CacheNeeds cache_needs(Index images, Index bytes) const = 0;
  /// The curve; see fit().
  virtual std::vector<EpochSummary> tune(Tuning const& tuning, TrainingWatch& watch) = 0;
  /// logits (indices, classes).
  [[nodiscard]] virtual Tensor<float> logits(Images const& images,
                                             std::vector<Index> const& indices,
                                             Progress& progress) const = 0;
  virtual void save_delta(std::filesystem::path const& path, io::DeltaInfo info) const = 0;
  virtual void load_delta(std::filesystem::path const& path) = 0;
  /// What was learnt but for a head, and a start from what another classifier learnt (MVLPT).
  [[nodiscard]] virtual LearntValues<float> learnt() const = 0;
  virtual void start_from(LearntValues<float> const& source) = 0;
};

/// What CLIP was shown pictures with.
inline constexpr std::string_view usual_sentence = "a photo of a {}.";

/// How a classifier is made, apart from its backbone.
struct ClassifierSettings {
  PolicyChoice policy;
  std::vector<std::string> class_names{};
  std::string sentence = std::string(usual_sentence);  // that a class stands in, for a dual encoder
  std::vector<std::string> texts{};                    // of each class; empty: the sentence's
  bool strict = false;                                 // whether a text that is cut is an error
  bool own_head = false;                               // the head is the file's, not drawn
  std::uint64_t seed = 1;
  std::optional<Pool> pool{};  // the model folder's own where not given
  // What will be loaded, if anything: judged before there is memory for what it asks for.
  io::Safetensors const* delta = nullptr;

  [[nodiscard]] Index classes() const { return static_cast<Index>(class_names.size()); }
};

/// The texts of the classes for a dual encoder, as long as its tower and the rows that a context
/// puts beside them allow; what is cut is told or, where that is asked for, refused.
[[nodiscard]] ClassTexts texts_of(io::ModelFolder const& folder, ClassifierSettings const& settings,
                                  Index most, Index context);

/// Loads the backbone; what is the policy's and the head's is drawn by `seed`.
[[nodiscard]] std::unique_ptr<Classifier> make_classifier(io::ModelFolder const& folder,
                                                          ClassifierSettings const& settings);

/// The policy that a delta was saved with, from what it says of itself; InputError names what it
/// should say and does not.
[[nodiscard]] PolicyChoice policy_of_delta(io::DeltaInfo const& info);

/// The classifier that a delta was saved from, and what the delta says of itself. With a dual
/// encoder `classes` may take the place of those that it was tuned on: names for a context, else
/// whole texts.
[[nodiscard]] std::pair<std::unique_ptr<Classifier>, io::DeltaInfo> load_classifier(
    io::ModelFolder const& folder, std::filesystem::path const& delta,
    std::vector<std::string> const& classes = {}, bool strict = false);

/// What is wrong with a delta, said of its file wherever it was found out: the message names it.
[[nodiscard]] InputError said_of(std::filesystem::path const& file, InputError const& e);

/// class_row, mean_all, mean_image, mean_prompts; throws InputError for another name.
[[nodiscard]] Pool pool_named(std::string const& name);

}  // namespace vlpt::cli
