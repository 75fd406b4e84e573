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
  PolicyFacts const& facts = policy_facts(info.method);
  auto const said = [&](char const* key, io::NamedValues const& values, std::string const& name) {
    VLPT_CHECK(values.contains(name), "the delta's \"", key, "\" lacks \"", name, "\", which ",
               info.method, " needs");
    return values.at(name);
  };
  auto const count = [&](bool has, char const* key, io::NamedValues const& values,
                         std::string const& name) -> Index {
    if (!has) return 0;
    (void)said(key, values, name);
    return io::count_in(values, name);
  };
  PolicyChoice out{.name = info.method};
  out.prompts = count(facts.has_prompts, "settings", info.settings, "prompts");
  out.rank = count(facts.has_rank, "settings", info.settings, "rank");
  out.width = facts.has_skip ? count(true, "model", info.model, "skip_beside")
                             : count(facts.has_width, "settings", info.settings, "width");
  out.shortcut = count(facts.has_skip, "model", info.model, "skip_shortcut");
  if (facts.has_skip) out.skip = said("model", info.model, "skip_plan");
  return out;
}

std::pair<std::unique_ptr<Classifier>, io::DeltaInfo> load_classifier(
    io::ModelFolder const& folder, std::filesystem::path const& delta) try {
  io::require_file(delta);
  auto const file = io::Safetensors::open(delta);
  io::DeltaInfo const info = io::read_delta_info(file);
  VLPT_CHECK(!info.class_names.empty(), "the delta names no classes");
  io::check_preprocess(info, folder.preprocess());
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
