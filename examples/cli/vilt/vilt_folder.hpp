#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "vlpt/models/arch/single_stream.hpp"

namespace vlpt::cli {

/// What lies beside the weights of a ViltModel of Hugging Face: config.json, tokenizer_config.json,
/// preprocessor_config.json (pictures of any size, whose shorter side becomes facts.vision.image)
/// and vocab.txt, a word a line.
void write_vilt_files(std::filesystem::path const& folder, SingleStreamFacts const& facts,
                      std::vector<std::string> const& words);

}  // namespace vlpt::cli
