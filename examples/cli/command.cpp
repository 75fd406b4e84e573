#include "command.hpp"

#include <iostream>
#include <system_error>

#include "vlpt/core/error.hpp"

namespace vlpt::cli {

void add_model(CLI::App& command, Shared& shared) {
  command
      .add_option(
          "--model", shared.model,
          "Folder of the backbone: config.json, preprocessor_config.json, model.safetensors")
      ->type_name("DIR")
      ->capture_default_str();
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

void make_folder(std::filesystem::path const& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_directory(folder))
    throw RunError(text("cannot make the folder ", folder.string(), ": ",
                        error ? error.message() : "it is a file"));
}

void print_json(io::Json const& json) {
  std::cout << json.dump(2, ' ', false, io::Json::error_handler_t::replace) << '\n';
}

}  // namespace vlpt::cli
