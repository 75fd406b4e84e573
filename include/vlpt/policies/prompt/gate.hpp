#pragma once
#include "vlpt/blocks/site_module.hpp"
#include "vlpt/kernels/activation.hpp"

namespace vlpt::prompt {

/// Prompt rows leave a block as g z_out + (1 - g) z_in with g = sigmoid(logit); other rows as the
/// block gave them. A gate that is not `here` (GaPT's last block) has no parameter and does
/// nothing. Yoo et al., arXiv 2306.05067, section 4.1.
struct Gate {
  double prior = 0;  // the logit's first value
  bool here = true;

  template <class T>
  struct Params {
    View<T> logit;
  };
  template <class T, class F>
  struct Cache {
    Stream<T const> in, out;
    View<T> open, shut;  // g and 1 - g
    Index first = 0, count = 0;
  };
  template <class F>
  static constexpr bool learns = F::marked::learns;
  template <class F>
  static constexpr bool keeps_branch = learns<F>;
  template <class F>
  static constexpr bool keeps_read = false;
  template <class F>
  static constexpr bool keeps_stream = learns<F>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    if (here)
      v.template tensor<learns<F>>("logit", p.logit, Shape{1}, Init::constant(prior), false);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_site(vlpt::Context<B>& c, P const& p, SiteInput<T> const& in,
                              Stream<T> out, K& k) const {
    c.backend.copy(in.branch, out);
    k.count = here ? in.prompts : 0, k.first = in.first_prompt;
    if (k.count == 0) return;
    k.in = in.stream_in.range(k.first, k.count), k.out = in.branch.range(k.first, k.count);
    k.open = c.template matrix < learns<F> || F::below > (1, 1);
    k.shut = c.template matrix < learns<F> || F::below > (1, 1);
    c.backend.template activate<SigmoidFormula>(View<T const>(p.logit), k.open);
    Stream<T> const shut(k.shut, 1);
    c.backend.copy(Stream<T const>(p.logit, 1), shut);
    c.backend.scale(T(-1), shut);
    c.backend.template activate<SigmoidFormula>(View<T const>(k.shut), k.shut);
    auto const rows = out.range(k.first, k.count);
    c.backend.scale_by(View<T const>(k.open), k.out, rows);
    c.backend.add_scaled(View<T const>(k.shut), k.in, rows);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_site(vlpt::Context<B>& c, P const&, K const& k, Stream<T const> d_out,
                               SiteGradient<T> d, P& g) const {
    if (!d.branch.empty()) c.backend.copy(d_out, d.branch);
    if (k.count == 0) return;
    ArenaScope const scope(c.scratch);
    auto const d_rows = d_out.range(k.first, k.count);
    if constexpr (learns<F>) {  // d g = <d, out - in>, and g' = g (1 - g)
      auto const sum = c.scratch.template matrix<T>(1, 1),
                 slope = c.scratch.template matrix<T>(1, 1);
      Stream<T> const s(sum, 1);
      c.backend.fill(s, T(0));
      c.backend.dot(d_rows, k.in, sum);
      c.backend.scale(T(-1), s);
      c.backend.dot(d_rows, k.out, sum);
      c.backend.scale_by(View<T const>(k.open), Stream<T const>(k.shut, 1), Stream<T>(slope, 1));
      c.backend.add_scaled(View<T const>(slope), Stream<T const>(s), Stream<T>(g.logit, 1));
    }
    if (!d.branch.empty())
      c.backend.scale_by(View<T const>(k.open), d_rows, d.branch.range(k.first, k.count));
    if (!d.stream_in.empty())
      c.backend.add_scaled(View<T const>(k.shut), d_rows, d.stream_in.range(k.first, k.count));
  }
};

}  // namespace vlpt::prompt
