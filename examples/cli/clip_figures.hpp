#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "clip_tasks.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"

namespace vlpt::cli {

/// How often the name of its class is the text that a picture comes nearest to, nothing learnt.
struct ZeroShot {
  std::string task;
  bool held_out = false;
  Index classes = 0, images = 0;
  double accuracy = 0;
};
/// At most `limit` pictures of each task, evenly spread.
[[nodiscard]] std::vector<ZeroShot> zero_shot(std::filesystem::path const& model,
                                              io::Tokenizer const& tokenizer,
                                              std::vector<ClipTask> const& tasks, Index limit);

/// How often a picture finds its caption among all captions, and a caption its picture.
struct Retrieval {
  Index pairs = 0;
  double caption_first = 0, caption_in_five = 0;  // recall at 1 and 5
  double picture_first = 0, picture_in_five = 0;
};
[[nodiscard]] Retrieval retrieval(std::filesystem::path const& model,
                                  io::Tokenizer const& tokenizer, io::EmojiSet const& emoji,
                                  std::vector<Index> const& some);

}  // namespace vlpt::cli
