#pragma once
#include "vlpt/autodiff/context.hpp"
#include "vlpt/core/bf16.hpp"

namespace vlpt {

/// What a layer keeps, where that is rounded (rows::Rounded): while the layer runs, and again while
/// it is reversed, its values lie at the end of scratch, in the same places, so that modules find
/// them; in between the tape has them as bf16. One layer has the end of scratch at a time. What
/// modules take from the tape themselves (two numbers a row of a norm) is not rounded.
template <bool Rounds, class B>
class ExactValues {
  using T = typename B::Scalar;

 public:
  /// Before a layer runs: rows that it keeps from now on.
  constexpr explicit ExactValues(Context<B>& c)
      : c_(c), begin_(c.scratch.mark_of_end()), inside_(c.rounds) {
    if (Rounds) c.rounds = true;
  }
  /// Before it is reversed: those that round() gave.
  constexpr ExactValues(Context<B>& c, View<bf16> rounded)
      : c_(c), begin_(c.scratch.mark_of_end()), inside_(c.rounds) {
    if constexpr (Rounds) c.backend.widen(rounded, end_of_scratch(rounded.size(), rounded.size()));
  }
  constexpr ~ExactValues() {
    c_.rounds = inside_;
    if (Rounds && !inside_) c_.scratch.release_end(begin_);
  }
  ExactValues(ExactValues const&) = delete;
  ExactValues& operator=(ExactValues const&) = delete;

  /// The layer's input among its values; one that `lives` on by itself, or was made here, as it is.
  [[nodiscard]] constexpr Stream<T const> own(Stream<T const> x, bool lives) const {
    if (!Rounds || lives || c_.scratch.mark_of_end() != begin_) return x;
    auto const y = c_.template stream<true>(x.batch, x.tokens, x.dim);
    c_.backend.copy(x, y);
    return y;
  }
  /// After the layer ran: its values as the tape has them. Inside another layer they are that
  /// one's.
  [[nodiscard]] constexpr View<bf16> round() const {
    if constexpr (Rounds) {
      if (inside_) return {};
      auto const bytes = c_.scratch.mark_of_end() - begin_;
      auto const n = static_cast<Index>(bytes / sizeof(T));
      auto const rounded = c_.tape.template matrix<bf16>(n / run, run);
      c_.backend.narrow(end_of_scratch(0, n), rounded);
      return rounded;
    }
    return {};
  }

 private:
  static constexpr Index run = Arena::alignment / sizeof(T);  // a row that work may be cut behind

  /// n values at the end of scratch, once `more` are taken there.
  [[nodiscard]] constexpr View<T> end_of_scratch(Index more, Index n) const {
    return {c_.scratch.template allocate_at_end<T>(more), n / run, run};
  }

  Context<B>& c_;
  Arena::Mark begin_;
  bool inside_;
};

}  // namespace vlpt
