#pragma once
#include <algorithm>
#include <utility>
#include <vector>

#include "vlpt/autodiff/context.hpp"
#include "vlpt/blocks/stack_run.hpp"

namespace vlpt {

/// Texts that run at once, by their places in the order in which texts run.
struct TextChunk {
  Index first = 0, count = 0;
  Index tokens = 0;  // rows of each, up to the end token of the longest, or all
  RowRange read{};   // from the first end token to the last, or every row
};

/// Texts in chunks of at most `most`. Those that end alike stand together, so that few rows run
/// behind an end token: a chunk has at most `padding` of them, which take as long as the pass over
/// the weights that one more chunk costs. Where one chunk holds all, texts stay as they came.
class TextChunks {
 public:
  constexpr TextChunks() = default;
  /// ends: the row of each text's end token.
  constexpr TextChunks(std::vector<Index> const& ends, Index most, Index padding) {
    std::vector<std::pair<Index, Index>> texts;  // where each ends, and its number
    for (Index const end : ends) texts.emplace_back(end, static_cast<Index>(texts.size()));
    std::sort(texts.begin(), texts.end());
    for (std::size_t first = 0; first < texts.size(); first += at(all_.back().count)) {
      std::size_t next = first + 1;
      Index behind = 0;  // rows behind the ends of those so far, if one more were taken
      while (next < texts.size() && next - first < at(most)) {
        behind += static_cast<Index>(next - first) * (texts[next].first - texts[next - 1].first);
        if (behind > padding) break;
        ++next;
      }
      Index const from = texts[first].first, to = texts[next - 1].first;
      all_.push_back({static_cast<Index>(first),
                      static_cast<Index>(next - first),
                      to + 1,
                      {from, to - from + 1}});
    }
    bool moved = false;
    for (std::size_t i = 0; i < texts.size(); ++i) moved = moved || at(texts[i].second) != i;
    if (!moved || all_.size() == 1) return;
    place_of_.resize(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      text_at_.push_back(texts[i].second);
      place_of_[at(texts[i].second)] = static_cast<Index>(i);
    }
  }
  /// As they came, all rows of each.
  [[nodiscard]] static constexpr TextChunks whole(Index texts, Index rows, Index most) {
    TextChunks out;
    for (Index first = 0; first < texts; first += most)
      out.all_.push_back({first, std::min(most, texts - first), rows, {0, rows}});
    return out;
  }

  [[nodiscard]] constexpr std::vector<TextChunk> const& all() const { return all_; }
  /// The number of the text at a place.
  [[nodiscard]] constexpr Index text_at(Index place) const {
    return moved() ? text_at_[at(place)] : place;
  }

  // ---- a sample for each text: where texts are not moved, or all share one, it is left alone ----
  /// s in the order in which texts run.
  template <class B, class T>
  [[nodiscard]] constexpr Stream<T const> placed(Context<B>& c, Stream<T const> s) const {
    if (!moves(s)) return s;
    auto const to = c.scratch.template stream<T>(s.batch, s.tokens, s.dim);
    c.backend.gather(as_rows(s), text_at_.data(), as_rows(to));
    return to;
  }
  /// Room for as much in that order; s itself where nothing moves.
  template <class B, class T>
  [[nodiscard]] constexpr Stream<T> room(Context<B>& c, Stream<T> s) const {
    return moves(s) ? c.scratch.template stream<T>(s.batch, s.tokens, s.dim) : s;
  }
  /// The same for gradients, which start at zero.
  template <class B, class T>
  [[nodiscard]] constexpr Stream<T> cleared(Context<B>& c, Stream<T> s) const {
    auto const to = room(c, s);
    if (moves(s)) c.backend.fill(to, T(0));
    return to;
  }
  /// to, as texts came, = what was made in such room.
  template <class B, class T>
  constexpr void take_back(Context<B>& c, Stream<T const> made, Stream<T> to) const {
    if (moves(to)) c.backend.gather(as_rows(made), place_of_.data(), as_rows(to));
  }
  /// to += what was made in such room.
  template <class B, class T>
  constexpr void add_back(Context<B>& c, Stream<T const> made, Stream<T> to) const {
    if (moves(to)) c.backend.scatter_add(as_rows(made), text_at_.data(), as_rows(to));
  }

 private:
  static constexpr std::size_t at(Index i) { return static_cast<std::size_t>(i); }
  [[nodiscard]] constexpr bool moved() const { return !text_at_.empty(); }
  template <class T>
  [[nodiscard]] constexpr bool moves(Stream<T> s) const {
    return moved() && s.batch > 1 && !s.empty();
  }
  /// Samples as rows of one matrix.
  template <class T>
  static constexpr Stream<T> as_rows(Stream<T> s) {
    return {s.data, 1, s.batch, s.tokens * s.dim, s.batch * s.batch_stride, s.batch_stride};
  }

  std::vector<TextChunk> all_;
  std::vector<Index> text_at_, place_of_;  // empty: as they came
};

}  // namespace vlpt
