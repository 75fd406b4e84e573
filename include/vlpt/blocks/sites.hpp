#pragma once
#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// The places of a model where a policy may put something. A policy declares its sites and has, for
/// each, a function of the same name that returns a module.
enum class Site : unsigned {
  none = 0,
  token_rows = 1U << 0,     // learnt rows behind the class row, once, before the first layer
  layer_rows = 1U << 1,     // learnt rows behind the class row, replaced at every layer
  attention_out = 1U << 2,  // after the attention's projection, before the residual sum
  mlp_out = 1U << 3,        // after the MLP, before the residual sum
  block_out = 1U << 4,      // the block's output, given its input
};

[[nodiscard]] constexpr Site operator|(Site a, Site b) {
  return static_cast<Site>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has(Site set, Site site) {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(site)) != 0;
}

/// What a site's module reads. All have the rows of `branch`.
template <class T>
struct SiteInput {
  Stream<T const> stream_in;  // the residual stream before the norm (block_out: the block's input)
  Stream<T const> normed;     // what the branch read (empty at block_out)
  Stream<T const> branch;     // what the branch gave (block_out: the block's output)
  Index layer = 0;
  Index first_prompt = 0;  // the prompt rows among these rows
  Index prompts = 0;
};

/// Where its reverse writes: branch is overwritten, the others are added to; empty: not wanted.
template <class T>
struct SiteGradient {
  Stream<T> stream_in, normed, branch;
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

/// A module of a site: reads a SiteInput, writes what goes on instead of the branch.
template <class M>
concept SiteModule = requires(M const m, Context<Nothing<float>> c,
                              typename M::template Params<float> p,
                              typename M::template Cache<float, ProbeFlow> k, SiteInput<float> in,
                              Stream<float> out, SiteGradient<float> d) {
  { M::template keeps_branch<ProbeFlow> } -> std::convertible_to<bool>;
  { M::template keeps_normed<ProbeFlow> } -> std::convertible_to<bool>;
  { M::template keeps_stream<ProbeFlow> } -> std::convertible_to<bool>;
  m.template forward_site<ProbeFlow>(c, p, in, out, k);
  m.template backward_site<ProbeFlow>(c, p, k, Stream<float const>(out), d, p);
};

/// A plain module at a site: out = M(branch).
template <Module M>
struct OnBranch {
  M module;
  template <class T>
  using Params = typename M::template Params<T>;
  template <class T, class F>
  using Cache = typename M::template Cache<T, F>;
  template <class F>
  static constexpr bool learns = M::template learns<F>;
  template <class F>
  static constexpr bool keeps_branch = M::template keeps_input<F>;
  template <class F>
  static constexpr bool keeps_normed = false;
  template <class F>
  static constexpr bool keeps_stream = false;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    module.template visit<F>(p, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_site(Context<B>& c, P const& p, SiteInput<T> const& in, Stream<T> out,
                              K& k) const {
    module.template forward<F>(c, p, in.branch, out, k);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_site(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                               SiteGradient<T> d, P& g) const {
    module.template backward<F>(c, p, k, d_out, d.branch, g);
  }
};

template <class M>
OnBranch(M) -> OnBranch<M>;

/// A plain module beside a branch: out = branch + M(normed), as parallel adapters and APT read.
template <Module M>
struct FromNormed {
  M module;
  template <class T>
  using Params = typename M::template Params<T>;
  template <class T, class F>
  using Cache = typename M::template Cache<T, F>;
  template <class F>
  static constexpr bool learns = M::template learns<F>;
  template <class F>
  static constexpr bool keeps_branch = false;
  template <class F>
  static constexpr bool keeps_normed = M::template keeps_input<F>;
  template <class F>
  static constexpr bool keeps_stream = false;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    module.template visit<F>(p, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_site(Context<B>& c, P const& p, SiteInput<T> const& in, Stream<T> out,
                              K& k) const {
    module.template forward<F>(c, p, in.normed, out, k);
    c.backend.add(in.branch, out);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_site(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                               SiteGradient<T> d, P& g) const {
    ArenaScope const scope(c.scratch);
    Stream<T> d_read;
    if constexpr (F::below)
      d_read = c.scratch.template stream<T>(d_out.batch, d_out.tokens, d_out.dim);
    module.template backward<F>(c, p, k, d_out, d_read, g);
    if (F::below && !d.normed.empty()) c.backend.add(d_read, d.normed);
    if (!d.branch.empty()) c.backend.copy(d_out, d.branch);
  }
};

template <class M>
FromNormed(M) -> FromNormed<M>;

}  // namespace vlpt
