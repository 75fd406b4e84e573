#pragma once
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/map.cuh"

// What Map does to an element: f(old y, x, z, place).

namespace vlpt::cuda {

/// How many inputs a law reads, and whether it reads what was there.
template <int Inputs, bool Reads>
struct Law {
  static constexpr int inputs = Inputs;
  static constexpr bool reads = Reads;
};

template <class S>
struct Constant : Law<0, false> {
  S value;
  constexpr explicit Constant(S v) : value(v) {}
  constexpr S operator()(S, S, S, Place const&) const { return value; }
};
template <class S>
struct Same : Law<1, false> {
  constexpr S operator()(S, S x, S, Place const&) const { return x; }
};
template <class S>
struct Plus : Law<1, true> {
  constexpr S operator()(S y, S x, S, Place const&) const { return y + x; }
};
template <class S>
struct Times : Law<0, true> {
  S factor;
  constexpr explicit Times(S f) : factor(f) {}
  constexpr S operator()(S y, S, S, Place const&) const { return y * factor; }
};
template <class S>
struct DividedBy : Law<1, false> {
  S divisor;
  constexpr explicit DividedBy(S d) : divisor(d) {}
  constexpr S operator()(S, S x, S, Place const&) const { return x / divisor; }
};

/// a x, for a value of the run.
template <class T>
struct TimesValue : Law<1, false> {
  using S = Sum<T>;
  T const* a;
  constexpr explicit TimesValue(T const* v) : a(v) {}
  constexpr S operator()(S, S x, S, Place const&) const { return static_cast<S>(*a) * x; }
};
/// y + a x.
template <class T>
struct PlusTimesValue : Law<1, true> {
  using S = Sum<T>;
  T const* a;
  constexpr explicit PlusTimesValue(T const* v) : a(v) {}
  constexpr S operator()(S y, S x, S, Place const&) const { return y + static_cast<S>(*a) * x; }
};
/// a x, for a value of each row.
template <class T>
struct TimesOfRow : Law<1, false> {
  using S = Sum<T>;
  View<T const> a;
  constexpr explicit TimesOfRow(View<T const> v) : a(v) {}
  constexpr S operator()(S, S x, S, Place const& p) const {
    return static_cast<S>(a(p.row, 0)) * x;
  }
};

/// F(x), of a formula of kernels/activation.hpp.
template <class S, class F>
struct ValueOf : Law<1, false> {
  constexpr S operator()(S, S x, S, Place const&) const { return F::value(x); }
};
/// x F'(z).
template <class S, class F>
struct SlopeOf : Law<2, false> {
  constexpr S operator()(S, S x, S z, Place const&) const { return x * F::slope(z); }
};

/// y within the columns [first, last) of its row, else a value.
template <class S>
struct Within : Law<0, true> {
  Index const* first;
  Index const* last;
  S outside;
  constexpr Within(Index const* f, Index const* l, S o) : first(f), last(l), outside(o) {}
  constexpr S operator()(S y, S, S, Place const& p) const {
    return p.column < first[p.row] || p.column >= last[p.row] ? outside : y;
  }
};

/// x keep where the 53 random bits of the element's logical place are `threshold` or more, else 0:
/// the masks of uniform >= rate, for threshold = ceil(rate 2^53), without arithmetic in double.
template <class S, class Bits>
struct Dropped : Law<1, false> {
  using Word = decltype(Bits{}.bits(0));
  Bits random;
  Word threshold;
  S keep;
  Index all_rows, first_row, dim;
  constexpr Dropped(Bits r, Word l, S k, Index all, Index first, Index d)
      : random(r), threshold(l), keep(k), all_rows(all), first_row(first), dim(d) {}
  constexpr S operator()(S, S x, S, Place const& p) const {
    Index const place = (p.sample * all_rows + first_row + p.row) * dim + p.column;
    return random.bits(static_cast<Word>(place)) >> 11 >= threshold ? x * keep : S(0);
  }
};

}  // namespace vlpt::cuda
