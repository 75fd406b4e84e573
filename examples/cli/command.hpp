#pragma once
#include <filesystem>
#include <string>

#include "option.hpp"
#include "shared.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::cli {

// Each command has a file of its own; it registers its options and runs as their callback.
void add_demo(CLI::App& app);
void add_tune(CLI::App& app);
void add_eval(CLI::App& app);
void add_predict(CLI::App& app);
void add_cost(CLI::App& app);
void add_pretrain(CLI::App& app);
void add_convert(CLI::App& app);
void add_inspect(CLI::App& app);
void add_pretrain_clip(CLI::App& app);
void add_pretrain_vilt(CLI::App& app);
void add_features(CLI::App& app);
void add_pack(CLI::App& app);
void add_serve_batch(CLI::App& app);
void add_retrieve(CLI::App& app);

/// --model, --json, --no-progress.
void add_model(CLI::App& command, Shared& shared);
void add_json(CLI::App& command, Shared& shared);
void add_no_progress(CLI::App& command, Shared& shared);

/// The folder as given; a relative one that is not below the current directory is looked for
/// above it and above the program as well, so that a build finds its source's examples/models.
[[nodiscard]] std::filesystem::path find_model(std::filesystem::path const& model);

/// Before any work: InputError if the folder that an option names, or one that it would lie in, is
/// a file.
void require_folder(char const* option, std::filesystem::path const& folder);
/// Makes the folder; RunError if that cannot be.
void make_folder(std::filesystem::path const& folder);

/// JSON for people and programs, a line break at its end. RunError for a number that is not finite;
/// bytes that are no UTF-8 (a file name, say) are replaced.
[[nodiscard]] std::string json_text(io::Json const& json);
/// One JSON object, alone on standard output.
void print_json(io::Json const& json);

}  // namespace vlpt::cli
