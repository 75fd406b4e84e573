#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/ops/gelu.hpp"
#include "vlpt/ops/layer_norm.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt {

/// What a task reads off features: Linear, or with hidden > 0 Linear, layer norm (1e-5), GELU,
/// Linear, as ViLT's and METER's heads for VQA and NLVR2. Ranking is a Linear with one output.
struct TaskHead {
  Index in = 0, out = 0, hidden = 0;
  Init init = Init::normal(0.02);

  using Wide = Chain<Stage<"first", Linear>, Stage<"norm", LayerNorm>, Stage<"gelu", Gelu>,
                     Stage<"last", Linear>>;
  [[nodiscard]] constexpr Wide wide() const {
    return Wide{stage<"first">(Linear{.in = in, .out = hidden, .weight_init = init}),
                stage<"norm">(LayerNorm{hidden, 1e-5}), stage<"gelu">(Gelu{}),
                stage<"last">(Linear{.in = hidden, .out = out, .weight_init = init})};
  }
  [[nodiscard]] constexpr Linear narrow() const {
    return {.in = in, .out = out, .weight_init = init};
  }

  template <class T>
  struct Params {
    Wide::Params<T> wide;
    Linear::Params<T> narrow;
  };
  template <class T, class F>
  struct Cache {
    Wide::Cache<T, F> wide;
    Linear::Cache<T, F> narrow;
  };
  template <class F>
  static constexpr bool learns = Linear::learns<F> || Wide::learns<F>;
  template <class F>
  static constexpr bool keeps_input = Linear::keeps_input<F> || Wide::keeps_input<F>;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index) const { return out; }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    if (hidden > 0)
      wide().template visit<F>(p.wide, v);
    else
      narrow().template visit<F>(p.narrow, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> x, Stream<T> y, K& k) const {
    if (hidden > 0)
      wide().template forward<F>(c, p.wide, x, y, k.wide);
    else
      narrow().template forward<F>(c, p.narrow, x, y, k.narrow);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> dy, Stream<T> dx,
                          P& g) const {
    if (hidden > 0)
      wide().template backward<F>(c, p.wide, k.wide, dy, dx, g.wide);
    else
      narrow().template backward<F>(c, p.narrow, k.narrow, dy, dx, g.narrow);
  }
};

}  // namespace vlpt
