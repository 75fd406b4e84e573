#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/io/json.hpp"
#include "vlpt/train/search/search_settings.hpp"

// The published settings under examples/recipes: their README says what a file may hold.

namespace fs = std::filesystem;
using vlpt::InputError;
using vlpt::text;
using vlpt::io::Json;

namespace {

fs::path const root = VLPT_SOURCE_DIR;
fs::path const folder = root / "examples/recipes";

std::string content(fs::path const& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A table of the README: its keys, and which of them are required.
using Keys = std::map<std::string, bool>;

/// The tables of the README in their order: recipe, optimizer, schedule, run.
std::vector<Keys> tables() {
  std::vector<Keys> all;
  std::istringstream lines(content(folder / "README.md"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| key |")) all.emplace_back();
    if (!line.starts_with("| `")) continue;
    auto const end = line.find('`', 3);
    all.back()[line.substr(3, end - 3)] = line.substr(end).starts_with("` | yes |");
  }
  return all;
}

void check_keys(Json const& object, Keys const& keys, std::string const& where) {
  for (auto const& [key, required] : keys)
    if (required && !object.contains(key)) throw InputError(text(where, " lacks \"", key, '"'));
  for (auto const& [key, value] : object.items())
    if (!keys.contains(key))
      throw InputError(text(where, " has \"", key, "\", which the README does not know"));
}

void check_number(Json const& object, char const* key, double low, bool may_be_null,
                  std::string const& where) {
  if (!object.contains(key) || (may_be_null && object[key].is_null())) return;
  if (!object[key].is_number() || object[key].get<double>() < low)
    throw InputError(
        text(where, ": \"", key, "\" is ", object[key].dump(), ", not a number from ", low, " on"));
}

void check_page(Json const& object, std::string const& where) {
  if (!object.contains("page")) return;
  auto const page = object["page"].get<std::string>();
  if (!fs::exists(root / "docs/methods" / (page + ".md")))
    throw InputError(text(where, ": there is no page docs/methods/", page, ".md"));
}

void check_values(Json const& object, std::string const& where) {
  check_page(object, where);
  if (object.contains("policy") && !object["policy"].get<std::string>().starts_with("prompt::"))
    throw InputError(text(where, ": the policy is no prompt policy"));
  if (object.contains("skip") && !object["skip"].get<std::string>().starts_with("skip::"))
    throw InputError(text(where, ": the skip policy is none"));
  for (char const* key : {"epochs", "prompts", "rank", "text_length", "trained"})
    check_number(object, key, 1, false, where);
  for (char const* key : {"dropout", "prompt_dropout", "gate_init", "vqa"})
    check_number(object, key, 0, false, where);
  check_number(object, "batch", 1, true, where);
  check_number(object, "learning_rate", 1e-9, true, where);
  check_number(object, "weight_decay", 0, true, where);
}

void check_recipe(std::string const& json, std::string const& stem) {
  auto const keys = tables();
  auto const r = vlpt::io::parse_json(json, stem);
  check_keys(r, keys.at(0), stem);
  check_values(r, stem);
  if (r["name"] != stem) throw InputError(text(stem, " is named ", r["name"].dump()));
  if (r["source"].get<std::string>().empty()) throw InputError(text(stem, " has no source"));

  check_keys(r["optimizer"], keys.at(1), stem + ": optimizer");
  check_values(r["optimizer"], stem);
  if (r["optimizer"]["kind"] != "adamw" && r["optimizer"]["kind"] != "sgd")
    throw InputError(text(stem, ": unknown optimizer ", r["optimizer"]["kind"].dump()));
  check_keys(r["schedule"], keys.at(2), stem + ": schedule");
  if (r["schedule"]["kind"] != "polynomial" && r["schedule"]["kind"] != "cosine")
    throw InputError(text(stem, ": unknown schedule ", r["schedule"]["kind"].dump()));
  if (r["schedule"]["warmup_unit"] != "epochs" && r["schedule"]["warmup_unit"] != "run")
    throw InputError(text(stem, ": unknown unit ", r["schedule"]["warmup_unit"].dump()));
  check_number(r["schedule"], "warmup", 0, false, stem);

  if (r.contains("search")) {
    Json const& s = r["search"];
    vlpt::SearchSettings{.modules = s.at("modules"),
                         .skip = s.at("skip"),
                         .subsets = s.at("subsets"),
                         .turn = s.at("turn"),
                         .epochs = s.at("epochs"),
                         .warm_up = s.at("warm_up"),
                         .step_size = s.at("step_size")}
        .check();
  }
  for (Json const& run : r.value("runs", Json::array())) {
    Keys known = keys.at(3);
    for (auto const& table : {keys.at(0), keys.at(1)})
      for (auto const& entry : table) known.emplace(entry.first, false);
    check_keys(run, known, stem + ": a run");
    check_values(run, stem + ": a run");
  }
}

std::string with(std::string json, std::string const& from, std::string const& to) {
  auto const at = json.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return json.replace(at, from.size(), to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recipes)

BOOST_AUTO_TEST_CASE(every_file_holds_what_the_readme_says) {
  int files = 0;
  for (auto const& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    try {
      check_recipe(content(entry.path()), entry.path().stem().string());
    } catch (std::exception const& e) {
      BOOST_ERROR(e.what());
    }
  }
  BOOST_CHECK_GE(files, 18);
}

BOOST_AUTO_TEST_CASE(mistakes_are_seen) {
  std::string const name = "das-meter-vqa", good = content(folder / (name + ".json"));
  BOOST_CHECK_NO_THROW(check_recipe(good, name));
  BOOST_CHECK_THROW(check_recipe(good, "das-vilt-vqa"), InputError);
  for (auto const& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"page\": \"das\"", "\"page\": \"dass\""},
           {"\"epochs\": 10", "\"epoch\": 10"},
           {"\"epochs\": 10", "\"epochs\": -10"},
           {"\"epochs\": 10,", ""},
           {"\"kind\": \"adamw\"", "\"kind\": \"adam\""},
           {"\"weight_decay\": 0.01", "\"weight_decay\": \"0.01\""},
           {"\"warmup_unit\": \"run\"", "\"warmup_unit\": \"runs\""},
           {"\"skip\": 4", "\"skip\": 13"},
           {"\"batch\": 512,", "\"batch\": 512,,"},
           {"\"batch\": 512,", "\"batch\": 512, \"batch\": 256,"}})
    BOOST_CHECK_THROW(check_recipe(with(good, from, to), name), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
