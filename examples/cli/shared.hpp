#pragma once
#include <filesystem>

namespace vlpt::cli {

/// What every command that works on a model and tells about it can be asked for.
struct Shared {
  std::filesystem::path model = "examples/models/tiny-vit-mae";
  bool json = false;
  bool no_progress = false;
};

}  // namespace vlpt::cli
