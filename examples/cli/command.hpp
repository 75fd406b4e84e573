#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "vlpt/io/json.hpp"

namespace vlpt::cli {

// Each command has a file of its own; it registers its options and runs as their callback.
void add_demo(CLI::App& app);
void add_tune(CLI::App& app);
void add_eval(CLI::App& app);
void add_predict(CLI::App& app);
void add_cost(CLI::App& app);
void add_pretrain(CLI::App& app);

/// What every command that works on a model and tells about it can be asked for.
struct Shared {
  std::filesystem::path model = "examples/models/tiny-vit-mae";
  bool json = false;
  bool no_progress = false;
};

/// --model, --json, --no-progress.
void add_model(CLI::App& command, Shared& shared);
void add_json(CLI::App& command, Shared& shared);
void add_no_progress(CLI::App& command, Shared& shared);

/// The folder as given; a relative one that is not below the current directory is looked for
/// above it and above the program as well, so that a build finds its source's examples/models.
[[nodiscard]] std::filesystem::path find_model(std::filesystem::path const& model);

/// Makes the folder; RunError if that cannot be.
void make_folder(std::filesystem::path const& folder);

/// One JSON object, alone on standard output.
void print_json(io::Json const& json);

}  // namespace vlpt::cli
