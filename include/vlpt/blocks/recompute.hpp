#pragma once
#include "vlpt/blocks/run.hpp"

namespace vlpt {

/// What the reverse of a layer reads: what its forward kept; or, where Rows are recomputed, what it
/// keeps when it runs once more on its input, whose output has the shape of `like` and
/// may be left unwritten.
template <class Rows, class F, class Layer, class B, class P, class R, class T, class K>
constexpr decltype(auto) kept_by(Layer const& layer, Context<B>& c, P const& p, R const& r,
                                 Stream<T const> in, K const& kept, Stream<T const> like,
                                 BlockRun<T> run) {
  if constexpr (!Rows::recomputes) {
    return (kept);
  } else {
    K now{};
    if constexpr (requires { Layer::leaves_unread; }) run.unread = true;
    Unseen const quietly(c);
    ArenaScope const scope(c.scratch);
    auto const out = c.scratch.template stream<T>(like.batch, like.tokens, like.dim);
    layer.template forward<F>(c, p, r, in, out, now, run);
    return now;
  }
}

}  // namespace vlpt
