#pragma once
#include <algorithm>
#include <vector>

#include "vlpt/blocks/context_place.hpp"
#include "vlpt/blocks/stack_run.hpp"
#include "vlpt/models/class_texts.hpp"
#include "vlpt/models/text_tower_facts.hpp"
#include "vlpt/ops/embed_tokens.hpp"

namespace vlpt {

/// How the texts of all classes are put together and read, `chunk` of them at a time. Where
/// attention is causal, nothing behind an end token matters, and the rows with which all texts
/// start know nothing of what follows: texts end with the longest one and share a prefix, unless
/// they are `whole`.
class TextLayout {
 public:
  struct Chunk {
    Index first = 0, count = 0;
    RowRange read{};  // from its first end token to its last, or every row
  };

  constexpr TextLayout() = default;
  constexpr TextLayout(ClassTexts const& texts, TextTowerFacts const& facts, Index inserted,
                       ContextPlace place, bool whole, Index chunk)
      : classes_(texts.classes), inserted_(inserted), chunk_(chunk), whole_(whole) {
    check(texts, facts, place);
    Index longest = 0;
    for (Index k = 0; k < classes_; ++k) {
      ends_.push_back(end_of(texts, facts, k) + inserted);
      longest = std::max(longest, ends_.back() + 1);
    }
    if (longest > facts.tokens)
      throw InputError(text("the longest text has ", longest, " tokens, ", inserted,
                            " rows of context included; the text tower has ", facts.tokens,
                            " positions"));
    tokens_ = whole ? facts.tokens : longest;
    for (Index k = 0; k < classes_; ++k) lay(texts, k, place);
    for (Index k = 0; k < classes_; ++k) {
      Chunk const c = this->chunk(k / chunk_);
      reads_.push_back(ends_[at(k)] - c.read.first);
    }
    if (!whole && classes_ > 1) share();
  }

  [[nodiscard]] constexpr Index classes() const { return classes_; }
  [[nodiscard]] constexpr Index inserted() const { return inserted_; }
  [[nodiscard]] constexpr Index tokens() const { return tokens_; }
  /// How many rows at the start of all texts are the same before their first end token: the words
  /// that they share, and the context among them if it is one for all. None where no text shares.
  [[nodiscard]] constexpr Index prefix(bool one_context) const {
    return one_context ? prefix_ : prefix_words_;
  }
  [[nodiscard]] constexpr Index chunks() const { return (classes_ + chunk_ - 1) / chunk_; }
  [[nodiscard]] constexpr Chunk chunk(Index i) const {
    Chunk c{i * chunk_, std::min(chunk_, classes_ - i * chunk_), {0, tokens_}};
    if (whole_) return c;
    Index first = tokens_, last = 0;
    for (Index k = c.first; k < c.first + c.count; ++k)
      first = std::min(first, ends_[at(k)]), last = std::max(last, ends_[at(k)]);
    c.read = {first, last - first + 1};
    return c;
  }
  /// The texts of a chunk from row `first` on.
  [[nodiscard]] constexpr TokenRows rows(Chunk const& c, Index first = 0) const {
    return {c.count,
            words(),
            inserted_,
            tokens_,
            ids_.data() + c.first * words(),
            order_.data() + c.first * tokens_,
            first};
  }
  /// Where each text's end token stands among the rows that are read.
  [[nodiscard]] constexpr Index const* ends(Chunk const& c) const {
    return reads_.data() + c.first;
  }

 private:
  static constexpr std::size_t at(Index i) { return static_cast<std::size_t>(i); }
  [[nodiscard]] constexpr Index words() const { return tokens_ - inserted_; }
  static constexpr Index end_of(ClassTexts const& t, TextTowerFacts const& f, Index k) {
    auto const* const row = t.ids.data() + k * t.tokens;
    if (f.end == TextTowerFacts::largest) return std::max_element(row, row + t.tokens) - row;
    Index const at = std::find(row, row + t.tokens, f.end) - row;
    if (at == t.tokens)
      throw InputError(text("the text of class ", k, " has no end token (", f.end, ")"));
    return at;
  }
  constexpr void check(ClassTexts const& t, TextTowerFacts const& f, ContextPlace place) const {
    if (classes_ <= 0 || t.tokens <= 0 || chunk_ <= 0)
      throw InputError(
          "a dual encoder needs at least one class with a text, in chunks of at least "
          "one");
    if (static_cast<Index>(t.ids.size()) != classes_ * t.tokens)
      throw InputError(text(t.ids.size(), " words do not make ", classes_, " texts of ", t.tokens));
    for (Index i = 0; i < classes_ * t.tokens; ++i)
      if (t.ids[at(i)] < 0 || t.ids[at(i)] >= f.vocabulary)
        throw InputError(text("the text of class ", i / t.tokens, " has word ", t.ids[at(i)],
                              ", which is not one of 0 to ", f.vocabulary - 1));
    if (inserted_ == 0 || place == ContextPlace::end) return;
    if (static_cast<Index>(t.name_lengths.size()) != classes_)
      throw InputError(text("a context ", place == ContextPlace::front ? "behind" : "around",
                            " the name needs the length of each class's name: got ",
                            t.name_lengths.size(), " for ", classes_, " classes"));
    for (Index k = 0; k < classes_; ++k)
      if (t.name_lengths[at(k)] < 0 || t.name_lengths[at(k)] >= end_of(t, f, k))
        throw InputError(text("the name of class ", k, " is ", t.name_lengths[at(k)],
                              " words long, which does not fit before its end token"));
  }
  /// order: the start token, context and name as the place says, and the rest.
  constexpr void lay(ClassTexts const& t, Index k, ContextPlace place) {
    for (Index i = 0; i < words(); ++i)
      ids_.push_back(i < t.tokens ? t.ids[at(k * t.tokens + i)] : 0);
    Index const before = place == ContextPlace::end      ? inserted_
                         : place == ContextPlace::middle ? inserted_ / 2
                                                         : 0;
    Index const name = inserted_ == 0 || place == ContextPlace::end ? 0 : t.name_lengths[at(k)];
    for (Index i = 0; i < tokens_; ++i) {
      Index row = i;
      if (i > before + name && i <= name + inserted_)
        row = words() + i - 1 - name;
      else if (i > before + name)
        row = i - inserted_;
      else if (i > before)
        row = i - before;
      else if (i > 0)
        row = words() + i - 1;
      order_.push_back(row);
    }
  }

  /// How long all texts are the same, from the start on.
  constexpr void share() {
    Index const most = *std::min_element(ends_.begin(), ends_.end());
    while (prefix_ < most && same(prefix_)) ++prefix_;
    while (prefix_words_ < prefix_ && order_[at(prefix_words_)] < words()) ++prefix_words_;
  }
  /// Whether row i is the same word, or the same row of the context, in every text.
  [[nodiscard]] constexpr bool same(Index i) const {
    auto const row = [&](Index k) {
      Index const from = order_[at(k * tokens_ + i)];
      return from < words() ? ids_[at(k * words() + from)] : -from;
    };
    for (Index k = 1; k < classes_; ++k)
      if (row(k) != row(0)) return false;
    return true;
  }

  Index classes_ = 0, inserted_ = 0, chunk_ = 1, tokens_ = 0, prefix_ = 0, prefix_words_ = 0;
  bool whole_ = false;
  std::vector<Index> ids_, order_, ends_, reads_;
};

}  // namespace vlpt
