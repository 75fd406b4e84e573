#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "names.hpp"
#include "range.hpp"
#include "vlpt/blocks/context_place.hpp"

namespace CLI {
class App;
}
namespace vlpt::io {
struct ModelFolder;
}

namespace vlpt::cli {

/// What a command line may call a policy, and how it is tuned unless told otherwise.
struct PolicyFacts {
  std::string_view name;
  std::string_view label;  // in tables
  std::string_view meaning;
  bool has_prompts = false;
  bool has_dropout = false;  // of the prompts
  bool has_rank = false;     // of a low-rank correction
  bool has_width = false;    // of an adapter's bottleneck
  bool has_skip = false;     // layers that are left out over a short-cut
  Index epochs = 0;
  double learning_rate = 0;
  double weight_decay = 0;                  // with a few images a class; see tuning_of()
  std::string_view counted_as = "prompts";  // the setting of a delta that says how many prompts
};

/// "layer 2", "layers 4,5": a plan in its text form, inside a sentence.
[[nodiscard]] inline std::string layers_named(std::string const& plan) {
  return (plan.find(',') == std::string::npos ? "layer " : "layers ") + plan;
}

/// A policy by its name on the command line; sizes that it does not have are 0.
struct PolicyChoice {
  std::string name = "deep";
  Index prompts = 8;
  Index rank = 4;
  Index width = 16;
  double dropout = 0;   // of the prompts
  Index shortcut = 32;  // width of the adapters in place of skipped layers
  std::string skip{};   // the skipped layers: 4,5,10,11
  // Of a context in the texts of classes.
  ContextPlace place = ContextPlace::middle;
  bool class_specific = false;

  /// "8 prompts, rank 4": the sizes that it has.
  [[nodiscard]] std::string sizes() const {
    std::string out;
    auto const add = [&out](std::string const& part) { out += (out.empty() ? "" : ", ") + part; };
    if (prompts > 0) add(text(prompts, " prompts"));
    if (rank > 0) add(text("rank ", rank));
    if (width > 0) add(text("width ", width));
    if (shortcut > 0) add(text("short-cuts ", shortcut));
    if (!skip.empty()) add("without " + layers_named(skip));
    return out;
  }
};

/// Every policy that the program knows: see policies/.
[[nodiscard]] std::vector<std::string> policy_names();
/// Throws InputError for a name that is not known, with the nearest ones. Which sizes a policy has
/// is the same for all families.
[[nodiscard]] PolicyFacts const& policy_facts(std::string const& name);
/// The policy's facts for what the folder holds.
[[nodiscard]] PolicyFacts const& policy_facts(std::string const& name,
                                              io::ModelFolder const& folder);
/// The choice with its sizes checked: the command line is, where it is read, a delta is not.
[[nodiscard]] PolicyChoice checked(PolicyChoice choice);
/// Refuses sizes on the command line that the policy does not have; `option` is what named it.
void require_sizes(CLI::App const& command, std::string const& option, std::string const& policy);

}  // namespace vlpt::cli
