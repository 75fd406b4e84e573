#pragma once
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/blocks/stack.hpp"
#include "vlpt/ops/embed_patches.hpp"
#include "vlpt/policies/prompt/none.hpp"

namespace vlpt {

/// An image tower that gives all its rows, each normed: CLIP's in METER. Frozen under every
/// learning scope, as published: it runs forwards only.
///   images (batch, channels * image, image) -> (batch, facts.tokens(), facts.dim)
template <class Act>
struct ImageRows {
  using Layers = Stack<EncoderBlock<Act, prompt::None>, rows::Live>;
  using F = InferFlow;
  VisionFacts facts;
  EmbedPatches embed;
  LayerNorm pre_norm, norm;
  Layers layers;

  constexpr explicit ImageRows(VisionFacts const& f)
      : facts(f),
        embed{f.image, f.channels, f.patch, f.dim, f.patch_bias, f.learned_positions},
        pre_norm{f.dim, f.eps},
        norm{f.dim, f.eps} {
    for (Index l = 0; l < f.depth; ++l)
      layers.layers.emplace_back(f.at(l, f.depth), prompt::None{}, 0);
  }

  template <class T>
  struct Params {
    EmbedPatches::Params<T> embed;
    LayerNorm::Params<T> pre_norm, norm;
    typename Layers::template Params<T> layers;
  };
  template <class T>
  using Prepared = typename Layers::template Prepared<T>;
  template <class T>
  struct Cache {
    EmbedPatches::Cache<T, F> embed;
    LayerNorm::Cache<T, F> pre_norm, norm;
    typename Layers::template Cache<T, F> layers;
  };

  template <class P, class V>
  constexpr void visit(P& p, V& v) const {
    auto const part = [&v](std::string_view name, auto const& module, auto& params) {
      v.enter(name);
      module.template visit<F>(params, v);
      v.leave();
    };
    part("embed", embed, p.embed);
    if (facts.pre_norm) part("pre_norm", pre_norm, p.pre_norm);
    layers.template visit<F>(p.layers, v);
    part("norm", norm, p.norm);
  }
  template <class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    using T = typename B::Scalar;
    layers.template prepare<F>(c, p.layers, r, GivenRows<T>{}, run());
  }
  template <class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Stream<T const> images,
                         Stream<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    StageScope stage(c);
    auto const room = [&] {
      return c.scratch.template stream<T>(images.batch, facts.tokens(), facts.dim);
    };
    auto x = room();
    auto const y = room();
    stage.next("embed");
    embed.template forward<F>(c, p.embed, images, x, k.embed);
    if (facts.pre_norm) {
      stage.next("pre_norm");
      pre_norm.template forward<F>(c, p.pre_norm, Stream<T const>(x), y, k.pre_norm);
      x = y;
    }
    auto const last = room();
    stage.end();
    layers.template forward<F>(c, p.layers, r, GivenRows<T>{}, Stream<T const>(x), last, k.layers,
                               run());
    stage.next("norm");
    norm.template forward<F>(c, p.norm, Stream<T const>(last), out, k.norm);
  }

 private:
  [[nodiscard]] constexpr StackRun run() const {
    return {.tokens = facts.tokens(), .read = {0, facts.tokens()}};
  }
};

}  // namespace vlpt
