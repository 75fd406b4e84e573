#pragma once
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/named_values.hpp"
#include "vlpt/io/safetensors.hpp"

namespace vlpt::io {

/// What a delta says of itself: enough to build the net that it belongs to, and to refuse others.
struct DeltaInfo {
  // What the program says.
  std::vector<std::string> class_names{};  // none, or one a row of the head; of a dual encoder, of
                                           // the classes that it was tuned on
  std::string sentence{};  // that a class's name stands in, for a dual encoder: "a photo of a {}."
  NamedValues preprocess{};  // preprocess_facts(); none: the program did not say
  std::string method{};  // what it calls this way of tuning; the policy's name where it does not
  std::string recipe{};  // how it was trained, for people
  // What the net says; save_delta fills it in.
  std::string policy{};           // prompt::Deep<8>::name
  NamedValues settings{};         // policy_settings(): prompts 8
  NamedValues model{};            // model_facts(): heads 12, pool mean_all, ...
  std::string backbone{};         // fingerprint of the frozen weights
  std::string backbone_halves{};  // the same of them as halves; none: an older file
};

inline constexpr char const* delta_format = "vlpt.delta";
inline constexpr char const* delta_version = "1";

/// The class names of a delta: none, or as many as its head has rows. The rows bound what is read,
/// since their values lie in the file while names are cheap to claim.
[[nodiscard]] inline std::vector<std::string> read_class_names(Safetensors const& file,
                                                               std::string const& json) {
  auto const fail = [&](auto const&... parts) {
    throw CheckpointError(text(file.path().string(), ": \"class_names\" ", parts...));
  };
  // Whether a weight lies inside a head of two products, whose last one has the classes.
  auto const inner = [&](std::string const& name) {
    for (std::string const own : {"first.weight", "norm.weight"})
      if (name.ends_with("." + own))
        return file.find(name.substr(0, name.size() - own.size()) + "last.weight") != nullptr;
    return false;
  };
  std::size_t rows = 0;  // of the head, or of all tasks' heads: head.weight, head.pets.weight
  for (auto const& r : file.records())
    if (r.name.starts_with("head.") && r.name.ends_with("weight") && r.shape.rank > 0 &&
        !r.bytes.empty() && !inner(r.name))
      rows += static_cast<std::size_t>(r.shape[0]);
  bool const headless = rows == 0 && file.metadata().contains("sentence");  // a dual encoder's
  if (headless) rows = 65'536;
  std::vector<std::string> names;
  using Event = Json::parse_event_t;
  auto const take = [&](int level, Event event, Json& parsed) {
    if (level == 0 && (event == Event::array_start || event == Event::array_end)) return true;
    if (level != 1 || event != Event::value || !parsed.is_string())
      fail("must be a list of strings");
    if (names.size() == rows && headless) fail("has more names than ", rows);
    if (names.size() == rows) fail("has more names than the head's ", rows, " rows");
    names.push_back(std::move(parsed.get_ref<std::string&>()));
    return false;
  };
  try {
    [[maybe_unused]] Json const emptied = Json::parse(json, take);
  } catch (Json::exception const& e) {
    fail("is no valid JSON (", e.what(), ")");
  }
  if (!headless && !names.empty() && names.size() != rows)
    fail("has ", names.size(), " names, the head ", rows, " rows");
  return names;
}

/// Reads what a delta says of itself. Throws CheckpointError if the file is no delta.
[[nodiscard]] inline DeltaInfo read_delta_info(Safetensors const& file) {
  std::string const path = file.path().string();
  auto const fail = [&](auto const&... parts) {
    throw CheckpointError(text(path, ": ", parts...));
  };
  auto const get = [&](char const* key) -> std::string const& {
    auto const at = file.metadata().find(key);
    if (at == file.metadata().end()) fail("this is no vlpt delta: its metadata lack \"", key, "\"");
    return at->second;
  };
  auto const values = [&](char const* key) {
    return parse_named_values(get(key), text(path, ": \"", key, '"'));
  };
  if (get("format") != delta_format)
    fail("this is no vlpt delta: its format is \"", get("format"), "\"");
  if (get("format_version") != delta_version)
    fail("delta version ", get("format_version"), " is not known; this program reads version ",
         delta_version);
  auto const if_there = [&](char const* key) {
    auto const at = file.metadata().find(key);
    return at == file.metadata().end() ? std::string() : at->second;
  };
  return {.class_names = read_class_names(file, get("class_names")),
          .sentence = if_there("sentence"),
          .preprocess = values("preprocess"),
          .method = get("method"),
          .recipe = get("recipe"),
          .policy = get("policy"),
          .settings = values("settings"),
          .model = values("model"),
          .backbone = get("backbone"),
          .backbone_halves = if_there("backbone_halves")};
}

}  // namespace vlpt::io
