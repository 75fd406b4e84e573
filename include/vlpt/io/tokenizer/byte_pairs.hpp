#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/tokenizer/byte_letters.hpp"
#include "vlpt/io/tokenizer/vocabulary.hpp"

namespace vlpt::io {

/// Byte pair encoding of a word's bytes (Sennrich et al., 2016; GPT-2): of all neighbours the pair
/// of the lowest rank is merged, the first of equals, until there is none.
class BytePairs {
 public:
  using Merge = std::pair<std::string, std::string>;

  /// `suffix` ends every word ("</w>" in CLIP); `unknown` stands for bytes that the vocabulary
  /// lacks, which go where it is none. Throws CheckpointError for a merge of or to no token.
  BytePairs(Vocabulary const& vocabulary, std::vector<Merge> const& merges,
            std::string const& suffix, Index unknown, std::string const& where)
      : unknown_(unknown) {
    for (std::size_t b = 0; b < 256; ++b) {
      inner_[b] = vocabulary.find(byte_letters()[b]);
      last_[b] = vocabulary.find(byte_letters()[b] + suffix);
    }
    merges_.reserve(merges.size());
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
      std::string const& left = merges[rank].first;  // clang 14 lets no lambda see bindings
      std::string const& right = merges[rank].second;
      auto const id = [&](std::string const& token) {
        Index const found = vocabulary.find(token);
        if (found == Vocabulary::none)
          throw CheckpointError(text(where, ": merge ", rank + 1, " (\"", left, " ", right,
                                     "\") needs the token \"", token,
                                     "\", which the vocabulary does not have"));
        return found;
      };
      Index const first = id(left), second = id(right);
      merges_[key(first, second)] = {static_cast<Index>(rank), id(left + right)};
    }
  }

  /// Appends the numbers of the pieces of one word, whose bytes these are.
  void encode(std::string_view word, std::vector<Index>& out) const {
    std::vector<Symbol> symbols;
    symbols.reserve(word.size());
    for (std::size_t i = 0; i < word.size();) {
      auto const byte = static_cast<unsigned char>(word[i++]);
      Index id = (i == word.size() ? last_ : inner_)[byte];
      if (id == Vocabulary::none) id = unknown_;
      if (id == Vocabulary::none) continue;
      Index const at = static_cast<Index>(symbols.size());
      symbols.push_back({id, at - 1, at + 1});
    }
    if (symbols.empty()) return;
    symbols.back().next = none;
    merge(symbols);
    for (Index at = 0; at != none; at = symbols[static_cast<std::size_t>(at)].next)
      out.push_back(symbols[static_cast<std::size_t>(at)].id);
  }

 private:
  static constexpr Index none = -1, gone = -2;
  struct Symbol {  // of a list; what was merged into its left neighbour is gone
    Index id, previous, next;
  };
  struct Merged {
    Index rank, id;
  };
  struct Candidate {
    Index rank, at, id;
    [[nodiscard]] bool operator<(Candidate const& o) const {  // the queue gives the greatest first
      return rank != o.rank ? rank > o.rank : at > o.at;
    }
  };

  void merge(std::vector<Symbol>& symbols) const {
    std::priority_queue<Candidate> queue;
    auto const symbol = [&](Index at) -> Symbol& { return symbols[static_cast<std::size_t>(at)]; };
    auto const consider = [&](Index at) {
      if (at == none || symbol(at).next == none) return;
      if (auto const m = find(symbol(at).id, symbol(symbol(at).next).id))
        queue.push({m->rank, at, m->id});
    };
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i) consider(static_cast<Index>(i));
    while (!queue.empty()) {
      Candidate const best = queue.top();
      queue.pop();
      Symbol& left = symbol(best.at);
      if (left.id == gone || left.next == none) continue;
      Symbol& right = symbol(left.next);
      auto const still = find(left.id, right.id);
      if (still == nullptr || still->id != best.id) continue;  // one of the two has been merged
      left.id = best.id;
      left.next = right.next;
      right.id = gone;
      if (left.next != none) symbol(left.next).previous = best.at;
      consider(left.previous);
      consider(best.at);
    }
  }

  [[nodiscard]] static std::uint64_t key(Index left, Index right) {
    return (static_cast<std::uint64_t>(left) << 32) | static_cast<std::uint64_t>(right);
  }
  [[nodiscard]] Merged const* find(Index left, Index right) const {
    auto const at = merges_.find(key(left, right));
    return at == merges_.end() ? nullptr : &at->second;
  }

  std::array<Index, 256> inner_{}, last_{};
  Index unknown_;
  std::unordered_map<std::uint64_t, Merged> merges_;
};

}  // namespace vlpt::io
