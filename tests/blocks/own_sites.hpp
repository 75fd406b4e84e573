#pragma once
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/ops/linear.hpp"

namespace vlpt::test {

/// A site module of one's own, a gate as GaPT's: out = in + g * (branch - in), g a learnt row.
struct Gate {
  Index dim = 0;

  template <class T>
  struct Params {
    View<T> gate;
  };
  template <class T, class F>
  struct Cache {
    Stream<T const> in, branch;
  };
  template <class F>
  static constexpr bool learns = F::marked::learns;
  template <class F>
  static constexpr bool keeps_branch = learns<F>;
  template <class F>
  static constexpr bool keeps_normed = false;
  template <class F>
  static constexpr bool keeps_stream = learns<F>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template tensor<learns<F>>("gate", p.gate, Shape{dim}, Init::constant(1), false);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward_site(Context<B>&, P const& p, SiteInput<T> const& in, Stream<T> out,
                              K& k) const {
    k.in = in.stream_in, k.branch = in.branch;
    each(out, [&](T& y, Index b, Index r, Index c) {
      T const x = in.stream_in.sample(b)(r, c);
      y = x + p.gate(0, c) * (in.branch.sample(b)(r, c) - x);
    });
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_site(Context<B>&, P const& p, K const& k, Stream<T const> d_out,
                               SiteGradient<T> d, P& g) const {
    each(d_out, [&](T const& dy, Index b, Index r, Index c) {
      if constexpr (learns<F>)
        g.gate(0, c) += dy * (k.branch.sample(b)(r, c) - k.in.sample(b)(r, c));
      if (!d.branch.empty()) d.branch.sample(b)(r, c) = dy * p.gate(0, c);
      if (!d.stream_in.empty()) d.stream_in.sample(b)(r, c) += dy * (T(1) - p.gate(0, c));
    });
  }

 private:
  template <class T, class F>
  static constexpr void each(Stream<T> s, F const& f) {
    if (s.data == nullptr) return;  // only sizes are wanted
    for (Index b = 0; b < s.batch; ++b)
      for (Index r = 0; r < s.tokens; ++r)
        for (Index c = 0; c < s.dim; ++c) f(s.sample(b)(r, c), b, r, c);
  }
};

// Policies with a site each.
struct ScalesAttention {
  static constexpr std::string_view name = "scales_attention";
  static constexpr Site sites = Site::attention_out;
  [[nodiscard]] constexpr auto attention_out(VisionFacts const& f) const {
    return Trainable{Linear{.in = f.dim, .out = f.dim}};
  }
};
struct BesideMlp {
  static constexpr std::string_view name = "beside_mlp";
  static constexpr Site sites = Site::mlp_out;
  [[nodiscard]] constexpr auto mlp_out(VisionFacts const& f) const {
    return FromNormed<Trainable<Linear>>{{Linear{.in = f.dim, .out = f.dim}}};
  }
};
struct Gated {
  static constexpr std::string_view name = "gated";
  static constexpr Site sites = Site::block_out;
  [[nodiscard]] constexpr auto block_out(VisionFacts const& f) const { return Gate{f.dim}; }
};
/// Everywhere at once, with rows of its own.
struct Everywhere {
  static constexpr std::string_view name = "everywhere";
  static constexpr Site sites =
      Site::layer_rows | Site::attention_out | Site::mlp_out | Site::block_out;
  [[nodiscard]] constexpr PromptRows layer_rows(VisionFacts const& f) const {
    return {.count = 2, .dim = f.dim, .init = Init::uniform(0.1)};
  }
  [[nodiscard]] constexpr auto attention_out(VisionFacts const& f) const {
    return FromNormed<Trainable<Linear>>{{Linear{.in = f.dim, .out = f.dim}}};
  }
  [[nodiscard]] constexpr auto mlp_out(VisionFacts const& f) const { return Gate{f.dim}; }
  [[nodiscard]] constexpr auto block_out(VisionFacts const& f) const {
    return Trainable{Linear{.in = f.dim, .out = f.dim, .bias = false}};
  }
};

}  // namespace vlpt::test
