#pragma once
#include "vlpt/blocks/site_module.hpp"

namespace vlpt {

/// Which of a site's inputs a module beside the branch reads: what the branch read (the normed
/// stream in a pre-norm block), or the residual stream itself.
enum class Reads { branch_input, stream };

/// A plain module beside a branch: out = branch + M(input), as parallel adapters read.
template <Module M, Reads From = Reads::branch_input>
struct BesideBranch {
  static constexpr bool from_stream = From == Reads::stream;
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
  static constexpr bool keeps_read = !from_stream && M::template keeps_input<F>;
  template <class F>
  static constexpr bool keeps_stream = from_stream&& M::template keeps_input<F>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    module.template visit<F>(p, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_site(Context<B>& c, P const& p, SiteInput<T> const& in, Stream<T> out,
                              K& k) const {
    static_assert(!M::template keeps_output<F>, "the module's output is summed into the branch");
    module.template forward<F>(c, p, from_stream ? in.stream_in : in.read, out, k);
    c.backend.add(in.branch, out);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_site(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                               SiteGradient<T> d, P& g) const {
    ArenaScope const scope(c.scratch);
    auto const d_read = from_stream ? d.stream_in : d.read;
    Stream<T> own;
    if constexpr (F::below)
      own = c.scratch.template stream<T>(d_out.batch, d_out.tokens, d_out.dim);
    module.template backward<F>(c, p, k, d_out, own, g);
    if (F::below && !d_read.empty()) c.backend.add(own, d_read);
    if (!d.branch.empty()) c.backend.copy(d_out, d.branch);
  }
};

template <class M>
BesideBranch(M) -> BesideBranch<M>;

}  // namespace vlpt
