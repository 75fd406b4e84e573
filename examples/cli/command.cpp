#include "command.hpp"

#include <cmath>
#include <iostream>
#include <system_error>

#include "vlpt/core/error.hpp"

namespace vlpt::cli {
namespace {

/// JSON knows no infinity and no NaN: a null in their place would be taken for a result.
void require_finite(io::Json const& json, std::string const& name) {
  if (json.is_number_float() && !std::isfinite(json.get<double>()))
    throw RunError(text("the result \"", name,
                        "\" is no finite number; the model or the settings are out of range"));
  if (json.is_structured())
    for (auto const& [key, value] : json.items())
      require_finite(value, json.is_object() ? key : name);
}

}  // namespace

void add_model(CLI::App& command, Shared& shared) {
  add_text(command,
           {"--model", "DIR",
            "Folder of the backbone: config.json, preprocessor_config.json, model.safetensors"},
           shared.model);
}
void add_json(CLI::App& command, Shared& shared) {
  command.add_flag("--json", shared.json, "Print one JSON object and nothing else");
}
void add_no_progress(CLI::App& command, Shared& shared) {
  command.add_flag("--no-progress", shared.no_progress, "Say nothing while working");
}

std::filesystem::path find_model(std::filesystem::path const& model) {
  namespace fs = std::filesystem;
  std::error_code none;
  if (model.is_absolute() || fs::exists(model, none)) return model;
  for (fs::path from : {fs::current_path(none), fs::read_symlink("/proc/self/exe", none)})
    for (; from.has_relative_path(); from = from.parent_path())
      if (fs::exists(from / model, none)) return from / model;
  return model;
}

void require_folder(char const* option, std::filesystem::path const& folder) {
  std::error_code none;
  for (auto at = folder; !at.empty(); at = at.parent_path()) {
    if (std::filesystem::is_directory(at, none)) return;
    VLPT_CHECK(!std::filesystem::exists(at, none), option, " takes a folder, but ", at.string(),
               " is a file");
    if (at == at.parent_path()) return;
  }
}

void make_folder(std::filesystem::path const& folder) {
  std::error_code error, none;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_directory(folder, none))
    throw RunError(text("cannot make the folder ", folder.string(), ": ",
                        error ? error.message() : "it is a file"));
}

std::string json_text(io::Json const& json) {
  require_finite(json, "");
  return json.dump(2, ' ', false, io::Json::error_handler_t::replace) + '\n';
}
void print_json(io::Json const& json) { std::cout << json_text(json); }

}  // namespace vlpt::cli
