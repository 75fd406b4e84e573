#pragma once
#include <type_traits>
#include <vector>

#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/block.hpp"
#include "vlpt/blocks/layer_run.hpp"

namespace vlpt {

/// Whether a tensor of a layer learns in flow F. `params` is room to visit it with.
template <class F, class T, Block Layer>
[[nodiscard]] constexpr bool learns_in(Layer const& layer,
                                       typename Layer::template Params<T>& params) {
  PlaceGradients<T> learnt;
  visit_parameters<F>(layer, params, learnt);
  return learnt.count > 0;
}
/// The same in a run, which asks again in every step: the room is kept, so that it takes no memory.
template <class F, class T, Block Layer>
[[nodiscard]] bool learns_in_run(Layer const& layer) {
  thread_local typename Layer::template Params<T> params{};
  return learns_in<F, T>(layer, params);
}

/// The first of a stack's layers in which something learns in flow F, or that is given rows; at the
/// latest the last one. A policy says it by the tensors that its modules have at each layer.
template <class F, class T, Block Layer>
[[nodiscard]] constexpr Index first_learner(std::vector<Layer> const& layers) {
  std::size_t l = 0;
  for (; l + 1 < layers.size(); ++l) {
    if (Layer::has_rows && layers[l].takes_rows()) break;
    if (std::is_constant_evaluated()) {
      typename Layer::template Params<T> params{};
      if (learns_in<F, T>(layers[l], params)) break;
    } else if (learns_in_run<F, T>(layers[l])) {
      break;
    }
  }
  return static_cast<Index>(l);
}

/// prepare() of the first `count` layers, of which none is given rows.
template <class B, Block Layer, class P, class R>
constexpr void prepare_frozen(Context<B>& c, std::vector<Layer> const& layers, Index count,
                              P const& p, R& r) {
  r.resize(layers.size());
  for (std::size_t l = 0; l < static_cast<std::size_t>(count); ++l)
    layers[l].template prepare<InferFlow>(c, p[l], r[l], Stream<typename B::Scalar const>{});
}

/// out (batch, n, dim) = what the first `count` layers make of `in`, run as in inference: nothing
/// is kept. requires count > 0, and that prompt rows do not stand among these.
template <class B, Block Layer, class P, class R, class T, class K>
constexpr Stream<T> run_frozen(Context<B>& c, std::vector<Layer> const& layers, Index count,
                               P const& p, R const& r, Stream<T const> in, Stream<T> out, K& k,
                               StackRun const& run, SharedPrefix<T> const& prefix = {}) {
  ArenaScope const scope(c.scratch);
  Stream<T> spare[2]{};
  Stream<T const> x = in;
  for (Index l = 0; l < count; ++l) {
    auto const at = static_cast<std::size_t>(l);
    StageScope const stage(c, "layers", l);
    Stream<T>& y = l + 1 < count ? spare[l % 2] : out;
    if (y.empty()) y = c.scratch.template stream<T>(x.batch, x.tokens, x.dim);
    c.observe(TapPoint::block_in, run.first_layer + l, x);
    layers[at].template forward<InferFlow>(
        c, p[at], r[at], x, y, k, layer_run<T>(run, l, x.tokens, x.tokens, nullptr, prefix));
    c.observe(TapPoint::block_out, run.first_layer + l, y);
    x = y;
  }
  return out;
}

}  // namespace vlpt
