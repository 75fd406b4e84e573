#pragma once
#include <concepts>

#include "vlpt/autodiff/module.hpp"
#include "vlpt/blocks/given_rows.hpp"

namespace vlpt {

template <class S>
concept CountsRows = requires(S const s) {
  { s.count } -> std::convertible_to<Index>;
};

template <class S>
concept GivesRows = requires(S const s, Context<Nothing<float>> c,
                             typename S::template Params<float> p,
                             typename S::template Prepared<float> r) {
  { r.given } -> std::convertible_to<GivenRows<float>>;
  s.template prepare<ProbeFlow>(c, p, r, Index{1});
  s.template prepare_backward<ProbeFlow>(c, p, r, p);
};

/// Where a policy's prompt rows come from: `count` rows a layer, out of parameters alone, once a
/// step or load.
///   prepare<F>(context, params, prepared, batch)       fills prepared.given; its gradients are
///   zero prepare_backward<F>(context, params, prepared, g)  g += reverse of given.d_rows, zero
///   again
template <class S>
concept RowSource = CountsRows<S> && TellsLearning<S> && Visits<S> && GivesRows<S>;

/// The source of a policy without rows.
struct NoRows {
  static constexpr Index count = 0;
  template <class T>
  using Params = Empty;
  template <class T>
  struct Prepared {
    GivenRows<T> given;
  };
  template <class F>
  static constexpr bool learns = false;
  template <class F, class P, class V>
  constexpr void visit(P&, V&) const {}
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>&, P const&, R&, Index) const {}
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>&, P const&, R&, P&) const {}
};

}  // namespace vlpt
