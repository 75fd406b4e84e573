#pragma once
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/cross_stack.hpp"
#include "vlpt/ops/linear.hpp"
#include "vlpt/ops/tanh.hpp"

namespace vlpt {

/// What a two-stream model reads off its streams' first rows:
///   [tanh(x row 0 Wt^T + b); tanh(y row 0 Wi^T + b)], and both learn with a policy.
struct StreamPoolers {
  using Pooler = Trainable<Chain<Stage<"dense", Linear>, Stage<"tanh", Tanh>>>;
  Index dim = 0;

  [[nodiscard]] constexpr Pooler pooler() const {
    return {Chain{stage<"dense">(Linear{.in = dim, .out = dim}), stage<"tanh">(Tanh{})}};
  }
  template <class F>
  using TextFlow = typename F::template child<"text_pooler">;
  template <class F>
  using ImageFlow = typename F::template child<"image_pooler">;
  template <class F>
  static constexpr bool learns =
      Pooler::template learns<TextFlow<F>> || Pooler::template learns<ImageFlow<F>>;

  template <class T>
  struct Params {
    Pooler::Params<T> text, image;
  };
  template <class T, class F>
  struct Cache {
    Pooler::Cache<T, TextFlow<F>> text;
    Pooler::Cache<T, ImageFlow<F>> image;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter("text_pooler");
    pooler().template visit<TextFlow<F>>(p.text, v);
    v.leave();
    v.enter("image_pooler");
    pooler().template visit<ImageFlow<F>>(p.image, v);
    v.leave();
  }
  /// in (pairs, 1, dim) -> out (pairs, 2 dim).
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, OfStreams<Stream<T const>> in, View<T> out,
                         K& k) const {
    OfStreams<Stream<T const>> const rows{first_rows<TextFlow<F>>(c, in[0]),
                                          first_rows<ImageFlow<F>>(c, in[1])};
    StageScope stage(c, "text_pooler");
    pooler().template forward<TextFlow<F>>(c, p.text, rows[0], half(out, 0), k.text);
    stage.next("image_pooler");
    pooler().template forward<ImageFlow<F>>(c, p.image, rows[1], half(out, 1), k.image);
  }
  /// d_in (pairs, 1, dim) is overwritten if the flow has something below.
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, View<T const> d_out,
                          OfStreams<Stream<T>> d_in, P& g) const {
    ArenaScope const scope(c.scratch);
    auto const one = [&]<class Flow>(Flow, auto const& params, auto const& cache, std::size_t s,
                                     auto& gradients) {
      if constexpr (Flow::below || Pooler::template learns<Flow>) {
        Stream<T> d;
        if constexpr (Flow::below) d = c.scratch.template stream<T>(d_out.rows, 1, dim);
        pooler().template backward<Flow>(c, params, cache, half(d_out, s), d, gradients);
        if constexpr (Flow::below) c.backend.copy(Stream<T const>(d), d_in[s]);
      }
    };
    StageScope stage(c, "text_pooler");
    one(TextFlow<F>{}, p.text, k.text, 0, g.text);
    stage.next("image_pooler");
    one(ImageFlow<F>{}, p.image, k.image, 1, g.image);
  }

 private:
  template <class T>
  [[nodiscard]] constexpr Stream<T> half(View<T> v, std::size_t s) const {
    return {v.middle_cols(static_cast<Index>(s) * dim, dim), v.rows};
  }
  /// The first rows, evenly spaced, kept where the reverse reads them.
  template <class Flow, class B, class T>
  constexpr Stream<T const> first_rows(Context<B>& c, Stream<T const> x) const {
    auto const rows = c.template stream<Pooler::template keeps_input<Flow>>(x.batch, 1, x.dim);
    c.backend.copy(x, rows);
    return rows;
  }
};

}  // namespace vlpt
