#pragma once
#include <algorithm>
#include <vector>

#include "vlpt/blocks/context_place.hpp"
#include "vlpt/models/class_texts.hpp"
#include "vlpt/models/text_chunks.hpp"
#include "vlpt/models/text_tower_facts.hpp"
#include "vlpt/ops/embed_tokens.hpp"

namespace vlpt {

/// How the texts of all classes are put together and read, at most `chunk` of them at a time. Where
/// attention is causal, nothing behind an end token matters, and the rows with which all texts
/// start know nothing of what follows: a chunk's texts end with its longest one, and all share a
/// prefix, unless they are `whole`. padding: rows that a chunk may have behind its ends.
class TextLayout {
 public:
  constexpr TextLayout() = default;
  constexpr TextLayout(ClassTexts const& texts, TextTowerFacts const& facts, Index inserted,
                       ContextPlace place, bool whole, Index chunk, Index padding)
      : classes_(texts.classes), inserted_(inserted), chunk_(chunk) {
    check(texts, facts, place);
    std::vector<Index> ends;
    for (Index k = 0; k < classes_; ++k) ends.push_back(end_of(texts, facts, k) + inserted);
    Index const longest = *std::max_element(ends.begin(), ends.end()) + 1;
    if (longest > facts.tokens)
      throw InputError(text("the longest text has ", longest, " tokens, ", inserted,
                            " rows of context included; the text tower has ", facts.tokens,
                            " positions"));
    if (whole)
      chunks_ = TextChunks::whole(classes_, facts.tokens, chunk);
    else
      chunks_ = TextChunks(ends, chunk, padding);
    for (TextChunk const& c : chunks_.all()) {
      starts_.push_back({static_cast<Index>(ids_.size()), static_cast<Index>(order_.size())});
      for (Index i = c.first; i < c.first + c.count; ++i) {
        Index const k = chunks_.text_at(i);
        lay(texts, k, place, c.tokens);
        reads_.push_back(ends[at(k)] - c.read.first);
      }
    }
    if (!whole && classes_ > 1) share(*std::min_element(ends.begin(), ends.end()));
  }

  [[nodiscard]] constexpr Index classes() const { return classes_; }
  [[nodiscard]] constexpr Index inserted() const { return inserted_; }
  /// How many rows at the start of all texts are the same before their first end token: the words
  /// that they share, and the context among them if it is one for all. None where no text shares.
  [[nodiscard]] constexpr Index prefix(bool one_context) const {
    return one_context ? prefix_ : prefix_words_;
  }
  [[nodiscard]] constexpr Index chunks() const { return static_cast<Index>(starts_.size()); }
  [[nodiscard]] constexpr TextChunk const& chunk(Index i) const { return chunks_.all()[at(i)]; }
  /// Whether all texts are few enough to run at once, and to keep what their reverse reads.
  [[nodiscard]] constexpr bool kept() const { return classes_ <= chunk_; }
  /// In which order they run.
  [[nodiscard]] constexpr TextChunks const& places() const { return chunks_; }
  /// The texts of chunk i from row `first` on.
  [[nodiscard]] constexpr TokenRows rows(Index i, Index first = 0) const {
    TextChunk const& c = chunk(i);
    return {c.count,
            c.tokens - inserted_,
            inserted_,
            c.tokens,
            ids_.data() + starts_[at(i)].ids,
            order_.data() + starts_[at(i)].order,
            first};
  }
  /// The text that runs first, alone: it has the prefix that all share.
  [[nodiscard]] constexpr TokenRows first_text() const {
    TokenRows t = rows(0);
    t.texts = 1;
    return t;
  }
  /// Where the end tokens of chunk i stand among the rows that are read.
  [[nodiscard]] constexpr Index const* ends(Index i) const {
    return reads_.data() + chunk(i).first;
  }

 private:
  static constexpr std::size_t at(Index i) { return static_cast<std::size_t>(i); }
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
  constexpr void lay(ClassTexts const& t, Index k, ContextPlace place, Index tokens) {
    Index const words = tokens - inserted_;
    for (Index i = 0; i < words; ++i)
      ids_.push_back(i < t.tokens ? t.ids[at(k * t.tokens + i)] : 0);
    Index const before = place == ContextPlace::end      ? inserted_
                         : place == ContextPlace::middle ? inserted_ / 2
                                                         : 0;
    Index const name = inserted_ == 0 || place == ContextPlace::end ? 0 : t.name_lengths[at(k)];
    for (Index i = 0; i < tokens; ++i) {
      Index row = i;
      if (i > before + name && i <= name + inserted_)
        row = words + i - 1 - name;
      else if (i > before + name)
        row = i - inserted_;
      else if (i > before)
        row = i - before;
      else if (i > 0)
        row = words + i - 1;
      order_.push_back(row);
    }
  }

  /// How long all texts are the same, from the start on; `most`: where the first one ends.
  constexpr void share(Index most) {
    while (prefix_ < most && same(prefix_)) ++prefix_;
    while (prefix_words_ < prefix_ && row(rows(0), 0, prefix_words_) >= 0) ++prefix_words_;
  }
  /// Whether row i is the same word, or the same row of the context, in every text.
  [[nodiscard]] constexpr bool same(Index i) const {
    Index const first = row(rows(0), 0, i);
    for (Index c = 0; c < chunks(); ++c)
      for (Index k = 0; k < chunk(c).count; ++k)
        if (row(rows(c), k, i) != first) return false;
    return true;
  }
  /// Row i of a text: its word's number, or -1 - j for row j of the context.
  [[nodiscard]] static constexpr Index row(TokenRows const& t, Index k, Index i) {
    Index const from = t.order[k * t.tokens + i];
    return from < t.words ? t.ids[k * t.words + from] : t.words - 1 - from;
  }

  struct Start {
    Index ids = 0, order = 0;
  };
  Index classes_ = 0, inserted_ = 0, chunk_ = 1, prefix_ = 0, prefix_words_ = 0;
  TextChunks chunks_;
  std::vector<Start> starts_;  // of each chunk in what follows
  std::vector<Index> ids_, order_, reads_;
};

}  // namespace vlpt
