#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/io/dataset/dataset.hpp"

namespace vlpt::io {

/// The images of some classes of a data set, as a data set of its own: class k is the k-th of
/// `classes`, given by their numbers, and may be called otherwise.
template <Dataset D>
class SomeClasses {
 public:
  /// InputError for a number that is no class of the set, or names for more or fewer of them.
  SomeClasses(std::shared_ptr<D const> set, std::vector<Index> const& classes,
              std::vector<std::string> names = {})
      : set_(std::move(set)), class_names_(std::move(names)) {
    auto const& all = set_->class_names();
    VLPT_CHECK(class_names_.empty() || class_names_.size() == classes.size(), classes.size(),
               " classes need as many names, got ", class_names_.size());
    std::vector<Index> number(all.size(), -1);
    for (std::size_t k = 0; k < classes.size(); ++k) {
      VLPT_CHECK(classes[k] >= 0 && classes[k] < static_cast<Index>(all.size()), "class ",
                 classes[k], " is none of the ", all.size(), " classes");
      auto const at = static_cast<std::size_t>(classes[k]);
      number[at] = static_cast<Index>(k);
      if (class_names_.size() < classes.size()) class_names_.push_back(all[at]);
    }
    for (Index i = 0; i < set_->size(); ++i)
      if (Index const label = number[static_cast<std::size_t>(set_->label(i))]; label >= 0)
        items_.push_back({i, label});
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(items_.size()); }
  [[nodiscard]] Index label(Index i) const { return items_[static_cast<std::size_t>(i)].label; }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return class_names_; }
  void image(Index i, Image& out) const {
    set_->image(items_[static_cast<std::size_t>(i)].image, out);
  }

 private:
  struct Item {
    Index image, label;
  };
  std::shared_ptr<D const> set_;
  std::vector<std::string> class_names_;
  std::vector<Item> items_;
};

}  // namespace vlpt::io
