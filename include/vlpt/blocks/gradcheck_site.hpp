#pragma once
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/blocks/site_slot.hpp"

namespace vlpt {

/// A site module as a plain one, so that gradcheck can read it: the columns of its input are
/// [stream_in read branch], each as wide as its output. What it prepares is prepared in forward.
template <SiteModule S>
struct SiteOnColumns {
  S site;
  using Slot = SiteSlot<"site", S>;

  template <class T>
  using Params = typename S::template Params<T>;
  template <class T, class F>
  struct Cache {
    typename Slot::template Prepared<T> prepared;
    typename Slot::template Cache<T, F> site;
  };
  template <class F>
  static constexpr bool learns = Slot::template learns<F>;
  template <class F>
  static constexpr bool keeps_input = false;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in / 3; }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    site.template visit<typename Slot::template Inner<F>>(p, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> in, Stream<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    Slot const slot{site};
    Index const dim = out.dim;
    SiteInput<T> read{};
    read.stream_in = columns<Slot::template keeps_stream<F>>(c, in.columns(0, dim));
    read.read = columns<Slot::template keeps_read<F>>(c, in.columns(dim, dim));
    read.branch = columns<Slot::template keeps_branch<F>>(c, in.columns(2 * dim, dim));
    slot.template prepare<F>(c, p, k.prepared);
    slot.template forward<F>(c, p, k.prepared, read, out, k.site);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g) const {
    ArenaScope const scope(c.scratch);
    Slot const slot{site};
    Index const batch = d_out.batch, n = d_out.tokens, dim = d_out.dim;
    SiteGradient<T> d{};
    if constexpr (F::below)
      for (auto* to : {&d.stream_in, &d.read, &d.branch}) {
        *to = c.scratch.template stream<T>(batch, n, dim);
        if (to != &d.branch) c.backend.fill(*to, T(0));
      }
    auto prepared = k.prepared;
    slot.template backward<F>(c, p, prepared, k.site, d_out, d, g);
    slot.template prepare_backward<F>(c, p, prepared, g);
    if constexpr (F::below) {
      c.backend.copy(d.stream_in, d_in.columns(0, dim));
      c.backend.copy(d.read, d_in.columns(dim, dim));
      c.backend.copy(d.branch, d_in.columns(2 * dim, dim));
    }
  }

 private:
  template <bool Kept, class B, class T>
  static constexpr Stream<T const> columns(Context<B>& c, Stream<T const> from) {
    auto const to = c.template stream<Kept>(from.batch, from.tokens, from.dim);
    c.backend.copy(from, to);
    return to;
  }
};

/// gradcheck of a module that stands at a site; settings.width is the width of its output.
template <SiteModule S>
[[nodiscard]] GradReport gradcheck_site(S const& site, GradcheckSettings settings = {}) {
  settings.width *= 3;
  return gradcheck(SiteOnColumns<S>{site}, settings);
}

}  // namespace vlpt
