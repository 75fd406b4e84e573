#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::io {

/// Tokens and their numbers, 0 to size() - 1, each used once.
class Vocabulary {
 public:
  static constexpr Index none = -1;

  explicit Vocabulary(std::string where) : where_(std::move(where)) {}

  /// Throws CheckpointError if the token or its number is there already.
  void add(std::string token, Index id) {
    if (auto const [at, fresh] = ids_.try_emplace(token, id); !fresh)
      throw CheckpointError(text(where_, ": the token \"", token, "\" is there twice, as number ",
                                 at->second, " and as ", id));
    if (id < 0 || id >= most)
      throw CheckpointError(text(where_, ": the number of token \"", token, "\" is ", id,
                                 "; one from 0 to ", most - 1, " is expected"));
    if (static_cast<std::size_t>(id) >= used_.size())
      used_.resize(static_cast<std::size_t>(id) + 1);
    if (used_[static_cast<std::size_t>(id)])
      throw CheckpointError(
          text(where_, ": two tokens have the number ", id, ", one is \"", token, "\""));
    used_[static_cast<std::size_t>(id)] = true;
  }
  /// Throws CheckpointError where a number between others belongs to no token.
  void check() const {
    auto const hole = std::ranges::find(used_, false);
    if (hole != used_.end())
      throw CheckpointError(text(where_, ": ", ids_.size(), " tokens have numbers up to ",
                                 used_.size() - 1, ", but no token has the number ",
                                 hole - used_.begin()));
    if (ids_.empty()) throw CheckpointError(text(where_, ": the vocabulary is empty"));
  }

  /// The token's number, or `none`.
  [[nodiscard]] Index find(std::string_view token) const {
    auto const at = ids_.find(token);
    return at == ids_.end() ? none : at->second;
  }
  /// The same where there must be one; `what` names the token's part in the error.
  [[nodiscard]] Index require(std::string_view token, std::string_view what) const {
    Index const id = find(token);
    if (id == none)
      throw CheckpointError(
          text(where_, ": the vocabulary has no token \"", token, "\", which is ", what));
    return id;
  }
  [[nodiscard]] Index size() const { return static_cast<Index>(used_.size()); }
  [[nodiscard]] std::string const& where() const { return where_; }

 private:
  static constexpr Index most = 4'000'000;  // a table of more rows is no text model's
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::string where_;
  std::unordered_map<std::string, Index, Hash, std::equal_to<>> ids_;
  std::vector<bool> used_;
};

}  // namespace vlpt::io
