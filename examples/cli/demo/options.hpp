#pragma once
#include "../data_choice.hpp"
#include "../shared.hpp"
#include "outcome.hpp"

namespace vlpt::cli {

/// What vlpt demo was asked for.
struct DemoOptions : Shared {
  DataChoice data;
  std::filesystem::path questions = "examples/models/tiny-vilt";
  std::filesystem::path out = "build/demo";
  Index shots = 0;  // 0: the demo's own
  Index prompts = 0;
  bool full = false;
};

inline constexpr std::uint64_t demo_seeds = 3;

/// A frozen dual encoder on tasks that its pretraining did not see, and questions about pictures.
[[nodiscard]] DemoResult demo_of_pairs(io::ModelFolder const& folder, DemoOptions const& o);
/// A frozen vision transformer on labelled pictures.
[[nodiscard]] DemoResult demo_of_images(io::ModelFolder const& folder, DemoOptions const& o);
/// Rows of questions about pictures, on a frozen single-stream model.
void add_questions(DemoResult& result, DemoOptions const& o, Progress& progress);

}  // namespace vlpt::cli
