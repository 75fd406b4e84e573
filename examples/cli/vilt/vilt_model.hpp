#pragma once
#include <filesystem>

#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/dispatch.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"

namespace vlpt::cli {

/// A single-stream backbone from a folder, with its words.
struct ViltModel {
  io::ModelFolder folder;
  io::Tokenizer tokenizer;
  SingleStreamFacts facts;
  io::Preprocess preprocess;

  /// Throws InputError, naming file and field, for what is missing, broken or of another family.
  [[nodiscard]] static ViltModel open(std::filesystem::path const& path) {
    auto folder = io::ModelFolder::open(path);
    auto const facts = io::require_arch<arch::DynamicSingleStream<>>(folder).facts;
    auto const preprocess = folder.preprocess();
    return {std::move(folder), io::Tokenizer::open(path), facts, preprocess};
  }
};

}  // namespace vlpt::cli
