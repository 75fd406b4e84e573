#include "classifier.hpp"

#include <utility>

#include "policies/policy.hpp"
#include "vlpt/io/pool_name.hpp"
#include "vlpt/io/preprocess_facts.hpp"

namespace vlpt::cli {
std::unique_ptr<Classifier> make_classifier(io::ModelFolder const& folder,
                                            ClassifierSettings const& settings) {
  return policy_named(settings.policy.name).make(folder, settings);
}

PolicyChoice policy_of_delta(io::DeltaInfo const& info) {
  auto const plan = info.model.find("skip_plan");
  return {.name = info.method,
          .prompts = io::count_in(info.settings, "prompts"),
          .rank = io::count_in(info.settings, "rank"),
          .width = io::count_in(info.settings, "width", io::count_in(info.model, "skip_beside")),
          .shortcut = io::count_in(info.model, "skip_shortcut"),
          .skip = plan == info.model.end() ? "" : plan->second};
}

std::pair<std::unique_ptr<Classifier>, io::DeltaInfo> load_classifier(
    io::ModelFolder const& folder, std::filesystem::path const& delta) try {
  io::require_file(delta);
  auto const file = io::Safetensors::open(delta);
  io::DeltaInfo const info = io::read_delta_info(file);
  VLPT_CHECK(!info.class_names.empty(), "the delta names no classes");
  io::check_preprocess(info, folder.preprocess);
  auto const pool = info.model.find("pool");
  VLPT_CHECK(pool != info.model.end(), "the delta does not say its pooling");
  auto made = make_classifier(folder, {.policy = policy_of_delta(info),
                                       .classes = static_cast<Index>(info.class_names.size()),
                                       .pool = pool_named(pool->second),
                                       .delta = &file});
  made->load_delta(delta);
  return {std::move(made), info};
} catch (InputError const& e) {
  // What is wrong with a delta is said of the file, wherever it was found out.
  std::string const what = e.what(), path = delta.string();
  throw InputError(what.find(path) == std::string::npos ? text(path, ": ", what) : what);
}

Pool pool_named(std::string const& name) {
  std::vector<std::string> names;
  for (auto const& p : io::pool_names) names.emplace_back(p.second);
  require_known("pooling", name, names);
  for (auto const& [value, known] : io::pool_names)
    if (name == known) return value;
  return Pool::class_row;
}

}  // namespace vlpt::cli
