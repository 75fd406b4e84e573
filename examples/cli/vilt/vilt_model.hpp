#pragma once
#include <filesystem>

#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/models/arch/single_stream.hpp"
#include "word_ids.hpp"

namespace vlpt::cli {

/// A ViLT backbone from a folder as Hugging Face lays it out, with its words.
struct ViltModel {
  std::filesystem::path path;
  SingleStreamFacts facts;
  io::Preprocess preprocess;
  WordIds tokenizer;
  io::Checkpoint checkpoint;
  io::Naming naming;

  /// Throws InputError, naming file and field, for what is missing, broken or not supported.
  [[nodiscard]] static ViltModel open(std::filesystem::path const& path);
};

}  // namespace vlpt::cli
