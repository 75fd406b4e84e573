#pragma once
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "vlpt/io/pickle_source.hpp"
#include "vlpt/io/pickle_value.hpp"

namespace vlpt::io {

/// What a pickle being read stands on: its stack with marks, what it keeps for later, and the
/// containers that it fills. Every step is checked; `source` says where one went wrong.
class PickleStack {
 public:
  using Kind = PickleItems::Kind;

  explicit PickleStack(PickleSource const& source) : source_(source) {}

  void push(PickleValue value) { stack_.push_back(value); }
  void push_items(Kind kind, std::vector<PickleValue> all) {
    if (kind >= Kind::dict && all.size() % 2 != 0) source_.fail("a dict has a key without a value");
    push(PickleItems{kind, static_cast<std::uint32_t>(read_.containers.size())});
    read_.containers.push_back(std::move(all));
  }
  [[nodiscard]] PickleValue const& top() const {
    if (height() == 0) source_.fail("its stack is empty");
    return stack_.back();
  }
  PickleValue pop() { return pop_many(1).front(); }
  std::vector<PickleValue> pop_many(std::size_t count) {
    if (height() < count) source_.fail("its stack is empty");
    auto const first = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<PickleValue> all(first, stack_.end());
    stack_.erase(first, stack_.end());
    return all;
  }

  void mark() { marks_.push_back(stack_.size()); }
  std::vector<PickleValue> pop_to_mark() {
    if (marks_.empty()) source_.fail("a mark is missing");
    auto all = pop_many(height());
    marks_.pop_back();
    return all;
  }

  void append(std::vector<PickleValue> const& all) {
    auto const* const to = std::get_if<PickleItems>(&top());
    if (to == nullptr || to->kind != Kind::list)
      source_.fail("it appends to ", kind_of(top()), ", which is no list");
    auto& have = read_.containers[to->index];
    have.insert(have.end(), all.begin(), all.end());
  }
  void set_items(std::vector<PickleValue> const& all) {
    auto const* const to = std::get_if<PickleItems>(&top());
    if (to == nullptr || to->kind < Kind::dict)
      source_.fail("it sets items of ", kind_of(top()), ", which is no dict");
    if (all.size() % 2 != 0) source_.fail("a dict has a key without a value");
    auto& have = read_.containers[to->index];
    have.insert(have.end(), all.begin(), all.end());
  }

  void keep(std::uint32_t index) { memo_[index] = top(); }
  void keep_next() { keep(static_cast<std::uint32_t>(memo_.size())); }
  void recall(std::uint32_t index) {
    auto const at = memo_.find(index);
    if (at == memo_.end()) source_.fail("it recalls what was never kept (", index, ")");
    push(at->second);
  }

  [[nodiscard]] Pickle& read() { return read_; }
  /// The one value that is left.
  [[nodiscard]] Pickle finish() && {
    if (stack_.size() != 1 || !marks_.empty()) source_.fail("it ends in the middle of a value");
    read_.top = stack_.back();
    return std::move(read_);
  }

 private:
  /// What lies above the last mark.
  [[nodiscard]] std::size_t height() const {
    return stack_.size() - (marks_.empty() ? 0 : marks_.back());
  }

  PickleSource const& source_;
  Pickle read_;
  std::vector<PickleValue> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint32_t, PickleValue> memo_;
};

}  // namespace vlpt::io
