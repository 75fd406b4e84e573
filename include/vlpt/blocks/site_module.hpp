#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// What a site's module reads. All have the rows of `branch`.
template <class T>
struct SiteInput {
  Stream<T const> stream_in;  // the residual stream (block_out: the block's input)
  Stream<T const> read;       // what the branch read: the normed stream (empty at block_out)
  Stream<T const> branch;     // what the branch gave; at an end, what the half or block gave
  Index first_prompt = 0;     // the prompt rows among these rows
  Index prompts = 0;
};

/// Where its reverse writes: branch is overwritten, the others are added to; empty: not wanted.
template <class T>
struct SiteGradient {
  Stream<T> stream_in, read, branch;
};

/// No module at a site.
struct NoSite {
  template <class T>
  using Params = Empty;
  template <class T, class F>
  using Cache = Empty;
  template <class F>
  static constexpr bool learns = false;
};

template <class M>
inline constexpr bool is_site = !std::is_same_v<M, NoSite>;

/// Whether a module computes something from its parameters alone, once a step or load:
///   prepare<F>(context, params, prepared)              fills what forward reads; gradients zero
///   prepare_backward<F>(context, params, prepared, g)  g += their reverse; gradients zero again
/// Its forward_site and backward_site then take `prepared` behind the parameters.
template <class M>
inline constexpr bool prepares = requires {
  typename M::template Prepared<float>;
};

template <class M>
concept ReversesPreparation = requires(M const m, Context<Nothing<float>> c,
                                       typename M::template Params<float> p,
                                       typename M::template Prepared<float> r) {
  m.template prepare<ProbeFlow>(c, p, r);
  m.template prepare_backward<ProbeFlow>(c, p, r, p);
};

template <class M>
concept TellsKeepingAtSite = requires {
  { M::template keeps_branch<ProbeFlow> } -> std::convertible_to<bool>;
  { M::template keeps_read<ProbeFlow> } -> std::convertible_to<bool>;
  { M::template keeps_stream<ProbeFlow> } -> std::convertible_to<bool>;
};

template <class M>
concept RunsAtSite = requires(M const m, Context<Nothing<float>> c,
                              typename M::template Params<float> p,
                              typename M::template Cache<float, ProbeFlow> k, SiteInput<float> in,
                              Stream<float> out, SiteGradient<float> d) {
  m.template forward_site<ProbeFlow>(c, p, in, out, k);
  m.template backward_site<ProbeFlow>(c, p, k, Stream<float const>(out), d, p);
};

template <class M>
concept RunsPrepared = ReversesPreparation<M> &&
    requires(M const m, Context<Nothing<float>> c, typename M::template Params<float> p,
             typename M::template Prepared<float> r, typename M::template Cache<float, ProbeFlow> k,
             SiteInput<float> in, Stream<float> out, SiteGradient<float> d) {
  m.template forward_site<ProbeFlow>(c, p, r, in, out, k);
  m.template backward_site<ProbeFlow>(c, p, r, k, Stream<float const>(out), d, p);
};

/// Stands for a module where nothing is asked of it: what prepares is judged by RunsPrepared, what
/// does not by RunsAtSite, and neither by an "or", which compilers do not explain.
struct AnySite {
  template <class T>
  using Params = Empty;
  template <class T>
  using Prepared = Empty;
  template <class T, class F>
  using Cache = Empty;
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>&, P const&, R&) const {}
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>&, P const&, R&, P&) const {}
  template <class F, class... A>
  constexpr void forward_site(A&&...) const {}
  template <class F, class... A>
  constexpr void backward_site(A&&...) const {}
};

/// A module of a site: reads a SiteInput, writes what goes on instead of the branch.
template <class M>
concept SiteModule =
    TellsKeepingAtSite<M> && RunsAtSite<std::conditional_t<prepares<M>, AnySite, M>> &&
    RunsPrepared<std::conditional_t<prepares<M>, M, AnySite>>;

}  // namespace vlpt
