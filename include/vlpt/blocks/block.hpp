#pragma once
#include "vlpt/blocks/run.hpp"
#include "vlpt/blocks/sites.hpp"

namespace vlpt {

template <class M>
concept TakesRows = requires(M const m) {
  { M::sites } -> std::convertible_to<Site>;
  { M::has_rows } -> std::convertible_to<bool>;
  { m.takes_rows() } -> std::convertible_to<bool>;
};

template <class M>
concept PreparesLayer = requires(M const m, Context<Nothing<float>> c,
                                 typename M::template Params<float> p,
                                 typename M::template Prepared<float> r, Stream<float const> rows,
                                 Stream<float> d_rows) {
  m.template prepare<ProbeFlow>(c, p, r, rows);
  m.template prepare_backward<ProbeFlow>(c, p, r, d_rows, p);
};

template <class M>
concept RunsLayer = requires(M const m, Context<Nothing<float>> c,
                             typename M::template Params<float> p,
                             typename M::template Prepared<float> r,
                             typename M::template Cache<float, ProbeFlow> k, Stream<float const> in,
                             Stream<float> out, BlockRun<float> run) {
  m.template forward<ProbeFlow>(c, p, r, in, out, k, run);
  m.template backward<ProbeFlow>(c, p, r, k, in, out, p, run);
};

/// A layer of a Stack: a transformer block, or what a skip policy makes of one. Its output has the
/// rows that `out` has, from run.attention.first_query on.
template <class M>
concept Block = TellsLearning<M> && TakesRows<M> && Visits<M> && PreparesLayer<M> && RunsLayer<M>;

}  // namespace vlpt
