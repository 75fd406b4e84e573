#pragma once
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "coloured.hpp"
#include "vlpt/io/dataset/emoji_task.hpp"
#include "vlpt/io/dataset/idx_gz.hpp"
#include "vlpt/io/dataset/some_classes.hpp"

namespace vlpt::cli {

/// Where tiny-clip's pictures come from: Debian's fonts-noto-color-emoji and unicode-data, and
/// dataset-fashion-mnist.
struct ClipSources {
  std::shared_ptr<io::EmojiSet const> emoji;
  std::shared_ptr<io::IdxGz const> train, test;  // garments

  /// InputError that says which package is missing.
  [[nodiscard]] static ClipSources open();
};

/// Whether no picture of this group of emoji was seen in pretraining: whole tasks are held out.
[[nodiscard]] bool held_out_group(std::string const& group);
/// The emoji that were held out of groups that were seen, for a figure of retrieval: each 20th.
[[nodiscard]] std::vector<Index> held_out_emoji(io::EmojiSet const& set);
/// What a subgroup of emoji is called in captions ("vehicle"); empty where it is not called.
[[nodiscard]] std::string kind_of(std::string const& subgroup);
/// The garments of Fashion-MNIST that pretraining saw, the others, and what sentences call all ten.
[[nodiscard]] std::vector<Index> seen_garments();
[[nodiscard]] std::vector<Index> held_out_garments();
[[nodiscard]] std::vector<std::string> garment_names();

/// A task of classification for tiny-clip: labelled pictures, and the sentence that a class stands
/// in ("an emoji of {}.", the pattern of io::class_texts).
struct ClipTask {
  using Images =
      std::variant<io::EmojiTask, io::SomeClasses<io::IdxGz>, Coloured<io::SomeClasses<io::IdxGz>>>;
  std::string name;
  bool held_out = false;  // none of its pictures was in pretraining, nor their names
  std::string sentence;
  Images images;

  [[nodiscard]] Index size() const {
    return std::visit([](auto const& d) { return d.size(); }, images);
  }
  [[nodiscard]] Index label(Index i) const {
    return std::visit([&](auto const& d) { return d.label(i); }, images);
  }
  [[nodiscard]] std::vector<std::string> const& class_names() const {
    return std::visit(
        [](auto const& d) -> auto const& { return d.class_names(); }, images);
  }
  void image(Index i, io::Image& out) const {
    std::visit([&](auto const& d) { d.image(i, out); }, images);
  }
};

static_assert(io::Dataset<ClipTask>);

/// travel, activities, objects, symbols, people, garments, which pretraining saw; and animals,
/// food, fashion, colours, whose pictures it did not (though it saw other garments in colours).
[[nodiscard]] std::vector<ClipTask> clip_tasks(ClipSources const& sources);

}  // namespace vlpt::cli
