#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/dataset/dataset.hpp"
#include "vlpt/io/dataset/emoji_set.hpp"

namespace vlpt::io {

/// A class of a task: its name in a sentence, and the subgroups of emoji that belong to it.
struct EmojiClass {
  std::string name;
  std::vector<std::string> subgroups;
};

/// Emoji as a task of classification: which of these classes does a picture belong to? One picture
/// for each emoji, in the order of the set.
class EmojiTask {
 public:
  /// InputError for a class without pictures, and for a subgroup in two classes.
  EmojiTask(std::shared_ptr<EmojiSet const> set, std::vector<EmojiClass> const& classes)
      : set_(std::move(set)) {
    for (EmojiClass const& c : classes) class_names_.push_back(c.name);
    std::vector<Index> count(classes.size(), 0);
    for (Index i = 0; i < set_->size(); ++i) {
      Index label = -1;
      for (std::size_t c = 0; c < classes.size(); ++c) {
        if (std::ranges::count(classes[c].subgroups, (*set_)[i].subgroup) == 0) continue;
        VLPT_CHECK(label < 0, "emoji of ", (*set_)[i].subgroup,
                   " belong to two classes: ", class_names_[static_cast<std::size_t>(label)],
                   " and ", classes[c].name);
        label = static_cast<Index>(c), ++count[c];
      }
      if (label >= 0) items_.push_back({i, label});
    }
    for (std::size_t c = 0; c < classes.size(); ++c)
      VLPT_CHECK(count[c] > 0, "there are no emoji of the class ", classes[c].name);
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(items_.size()); }
  [[nodiscard]] Index label(Index i) const { return items_[static_cast<std::size_t>(i)].label; }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return class_names_; }
  [[nodiscard]] std::string const& name(Index i) const { return (*set_)[emoji(i)].name; }
  void image(Index i, Image& out) const { set_->image(emoji(i), out); }

 private:
  struct Item {
    Index emoji, label;
  };
  [[nodiscard]] Index emoji(Index i) const { return items_[static_cast<std::size_t>(i)].emoji; }

  std::shared_ptr<EmojiSet const> set_;
  std::vector<std::string> class_names_;
  std::vector<Item> items_;
};

static_assert(Dataset<EmojiTask>);

}  // namespace vlpt::io
