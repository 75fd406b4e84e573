#pragma once
#include <cmath>
#include <concepts>
#include <span>

#include "vlpt/core/real.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/apart.hpp"

// What a training step does beyond the model, one law an element; device-safe formulas.

namespace vlpt {

/// A step of AdamW on a value v with gradient g and moments m and s; what depends on the step alone
/// is computed before (train/adamw.hpp).
template <class T>
struct AdamWLaw {
  T beta1 = 0, rest1 = 1, beta2 = 0, rest2 = 1, epsilon = 0, root2 = 1;
  T keep = 1, size = 0;  // of a group: what decay leaves, and the corrected rate
  constexpr void operator()(T& v, T g, T& m, T& s) const {
    using std::sqrt;
    m = beta1 * m + rest1 * g;
    s = beta2 * s + rest2 * g * g;
    v = keep * v - size * m / (sqrt(s) / root2 + epsilon);
  }
};

/// A step of SGD; without momentum m is not kept (train/sgd.hpp).
template <class T>
struct SGDLaw {
  T rate = 0, decay = 0, momentum = 0;
  bool nesterov = false, remembers = false;
  constexpr void operator()(T& v, T g, T& m, T&) const {
    T const d = g + decay * v;
    if (remembers) m = momentum * m + d;
    v -= rate * (!remembers ? d : nesterov ? d + momentum * m : m);
  }
};

/// v within [low, high].
template <class T>
struct ClampLaw {
  T low = 0, high = 0;
  constexpr void operator()(T& v, T, T&, T&) const { v = v < low ? low : high < v ? high : v; }
};

/// A backend that keeps its memory apart, or halves in it, trains nets by these: update(law, v,
/// master, g, m, s) of rows of (1, n), of which all but v may be null; the sum of squares of a row
/// in double and in a fixed order; y = x turned. A law is of Sum<T>. master is what v was rounded
/// from (Micikevicius et al. 2018), unless v was written since: then v holds.
template <class B, class T = typename B::Scalar>
concept Trains = requires(B const b, View<T> y, View<T const> x, View<Sum<T>> m) {
  b.update(AdamWLaw<Sum<T>>{}, y, m, x, m, m);
  b.update(SGDLaw<Sum<T>>{}, y, m, x, m, m);
  b.update(ClampLaw<Sum<T>>{}, y, m, x, m, m);
  { b.squared_norm(x) } -> std::convertible_to<double>;
  b.turn(x, y);
};

/// Whether the host can not train for B.
template <class B>
inline constexpr bool trains_itself =
    KeepsApart<B> || !std::same_as<typename B::Scalar, Sum<typename B::Scalar>>;

/// law(v, g, m, s) for every element of v; g, m and s are as long, or empty, which are zeros that
/// nothing remembers; master is as long, or empty where v is exact. All are addresses of the
/// backend.
template <class B, class Law, class T>
void update(B const& backend, Law const& law, std::span<T> v, std::span<T const> g = {},
            std::span<Sum<T>> m = {}, std::span<Sum<T>> s = {}, std::span<Sum<T>> master = {}) {
  using S = Sum<T>;
  auto const n = static_cast<Index>(v.size());
  if constexpr (trains_itself<B>) {
    static_assert(Trains<B>, "a backend that keeps its memory apart, or halves, trains by itself");
    backend.update(law, View<T>(v.data(), 1, n), View<S>(master.data(), 1, n),
                   View<T const>(g.data(), 1, n), View<S>(m.data(), 1, n), View<S>(s.data(), 1, n));
  } else {
    // A loop for each, of arrays alone and of zeros that are its own: compilers make vectors of it.
    auto const each = [&](auto const& one) {
      for (Index i = 0; i < n; ++i) {
        T first = T(0), second = T(0);
        one(i, first, second);
      }
    };
    if (!s.empty())
      each([&](Index i, T&, T&) { law(v.data()[i], g.data()[i], m.data()[i], s.data()[i]); });
    else if (!m.empty())
      each([&](Index i, T& zero, T&) { law(v.data()[i], g.data()[i], m.data()[i], zero); });
    else if (!g.empty())
      each([&](Index i, T& zero, T& other) { law(v.data()[i], g.data()[i], zero, other); });
    else
      each([&](Index i, T& zero, T& other) { law(v.data()[i], T(0), zero, other); });
  }
}

/// The sum of squares in double and in order.
template <class B, class T>
[[nodiscard]] double squared_norm(B const& backend, std::span<T const> x) {
  if constexpr (trains_itself<B>) {
    return backend.squared_norm(View<T const>(x.data(), 1, static_cast<Index>(x.size())));
  } else {
    double sum = 0;
    for (T const e : x) sum += static_cast<double>(e) * static_cast<double>(e);
    return sum;
  }
}

/// y(j, i) = x(i, j).
template <class B, class T>
void turn(B const& backend, View<T const> x, View<T> y) {
  if constexpr (trains_itself<B>)
    backend.turn(x, y);
  else
    for (Index i = 0; i < x.rows; ++i)
      for (Index j = 0; j < x.cols; ++j) y(j, i) = x(i, j);
}

}  // namespace vlpt
