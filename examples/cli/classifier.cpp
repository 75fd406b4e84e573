#include "classifier.hpp"

#include <utility>

#include "cut_text.hpp"
#include "policies/policy.hpp"
#include "vlpt/io/pool_name.hpp"
#include "vlpt/io/preprocess_facts.hpp"
#include "vlpt/io/tokenizer/class_texts.hpp"

namespace vlpt::cli {
std::unique_ptr<Classifier> make_classifier(io::ModelFolder const& folder,
                                            ClassifierSettings const& settings) {
  return policy_named(settings.policy.name, folder).make(folder, settings);
}

ClassTexts texts_of(io::ModelFolder const& folder, ClassifierSettings const& s, Index most,
                    Index context) {
  auto const tokenizer = io::Tokenizer::open(folder.path);
  VLPT_CHECK(context <= most - 3, "a context of ", context,
             " rows leaves no room for a name among ", most, " tokens");
  bool const whole = context == 0 && !s.texts.empty();
  auto made = whole ? io::whole_texts(tokenizer, s.texts, most)
                    : io::class_texts(tokenizer, s.class_names, context > 0 ? "{}." : s.sentence,
                                      most - context);
  for (std::size_t i = 0; i < made.cut.size(); ++i)
    if (made.cut[i] > 0)
      tell_cut((whole ? s.texts : s.class_names)[i], made.cut[i], most - context, s.strict);
  return std::move(made.texts);
}

std::unique_ptr<Mixed> make_mixed(io::ModelFolder const& folder,
                                  std::vector<MixedTask> const& tasks) {
  VLPT_CHECK(!tasks.empty(), "a batch of several tasks needs at least one task");
  MixedTask const& first = tasks.front();
  for (MixedTask const& t : tasks)
    VLPT_CHECK(t.policy.name == first.policy.name,
               "the tasks of one batch have one policy, with "
               "settings of their own: \"",
               first.name, "\" is tuned with ", first.policy.name, ", \"", t.name, "\" with ",
               t.policy.name);
  Policy const& policy = policy_named(first.policy.name, folder);
  VLPT_CHECK(policy.mix != nullptr, "tasks that are tuned with ", first.policy.name,
             " cannot stand in one batch: each needs a model of its own");
  return policy.mix(folder, tasks);
}

namespace {

/// front, middle or end; InputError for another word.
ContextPlace context_place_named(std::string const& name) {
  for (ContextPlace const place : {ContextPlace::front, ContextPlace::middle, ContextPlace::end})
    if (place_name(place) == name) return place;
  throw InputError(text("the delta's \"settings\" say that its context stands at \"", name,
                        "\"; it may stand at the front, in the middle or at the end"));
}

}  // namespace

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
  out.prompts = count(facts.has_prompts, "settings", info.settings, std::string(facts.counted_as));
  if (auto const place = info.settings.find("place"); place != info.settings.end())
    out.place = context_place_named(place->second);
  if (auto const each = info.settings.find("class_specific"); each != info.settings.end())
    out.class_specific = each->second == io::value_text(true);
  out.rank = count(facts.has_rank, "settings", info.settings, "rank");
  out.width = facts.has_skip ? count(true, "model", info.model, "skip_beside")
                             : count(facts.has_width, "settings", info.settings, "width");
  out.shortcut = count(facts.has_skip, "model", info.model, "skip_shortcut");
  if (facts.has_skip) out.skip = said("model", info.model, "skip_plan");
  return out;
}

std::pair<std::unique_ptr<Classifier>, io::DeltaInfo> load_classifier(
    io::ModelFolder const& folder, std::filesystem::path const& delta,
    std::vector<std::string> const& classes, bool strict) try {
  io::require_file(delta);
  auto const file = io::Safetensors::open(delta);
  io::DeltaInfo info = io::read_delta_info(file);
  if (!classes.empty()) info.class_names = classes;
  VLPT_CHECK(!info.class_names.empty(), "the delta names no classes");
  io::check_preprocess(info, folder.preprocess());
  std::optional<Pool> pool;  // a dual encoder has one of its own
  if (std::holds_alternative<io::VisionFamily>(folder.family)) {
    auto const said = info.model.find("pool");
    VLPT_CHECK(said != info.model.end(), "the delta does not say its pooling");
    pool = pool_named(said->second);
  }
  ClassifierSettings settings{.policy = policy_of_delta(info), .class_names = info.class_names};
  if (!info.sentence.empty()) settings.sentence = info.sentence;
  settings.texts = classes, settings.strict = strict;
  settings.pool = pool, settings.delta = &file;
  auto made = make_classifier(folder, settings);
  made->load_delta(delta);
  return {std::move(made), info};
} catch (InputError const& e) {
  throw said_of(delta, e);
}

InputError said_of(std::filesystem::path const& file, InputError const& e) {
  std::string const what = e.what(), path = file.string();
  return InputError(what.find(path) == std::string::npos ? text(path, ": ", what) : what);
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
