#pragma once
#include <vector>

#include "vlpt/blocks/prepared_rows.hpp"
#include "vlpt/blocks/rows.hpp"
#include "vlpt/blocks/run.hpp"
#include "vlpt/blocks/stack_run.hpp"

namespace vlpt {

/// `depth` blocks of one type, one after the other. Prompt rows of a layer (Site::layer_rows) are
/// fed in one of three ways: as keys and values that were prepared from parameters alone (Live),
/// or, where their own rows are read (Rows All, and the last layer under a pooling that reads
/// prompts), by inserting or replacing rows of the stream.
template <class Block, class Rows>
struct Stack {
  std::vector<Block> layers;

  template <class F>
  static constexpr bool block_learns = Block::template learns<F>;
  template <class F>
  static constexpr bool learns = block_learns<F>;
  template <class F>
  using Above = typename F::template with_below<F::below || block_learns<F>>;

  template <class T>
  struct Params {
    std::vector<typename Block::template Params<T>> layers;
  };
  template <class T>
  struct Prepared {
    std::vector<typename Block::template Prepared<T>> layers;
  };
  struct LayerTokens {
    Index in = 0;  // rows that entered the layer
  };
  template <class T, class F>
  struct Cache {
    typename Block::template Cache<T, F> first;
    std::vector<typename Block::template Cache<T, Above<F>>> layers;
    std::vector<LayerTokens> tokens;
  };

  [[nodiscard]] constexpr Index depth() const { return static_cast<Index>(layers.size()); }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    p.layers.resize(layers.size());
    for (std::size_t l = 0; l < layers.size(); ++l) {
      v.enter("layers", static_cast<Index>(l));
      layers[l].template visit<Above<F>>(p.layers[l], v);
      v.leave();
    }
  }

  template <class B, class P, class T>
  constexpr void prepare(Context<B>& c, P const& p, Prepared<T>& r, Index batch,
                         StackRun const& run) const {
    r.layers.resize(layers.size());
    if constexpr (Block::has_rows)
      for (Index l = 0; l < depth(); ++l)
        if (feed(l, run) == Feed::keys)
          at(layers, l).prepare(c, at(p.layers, l), l, batch, at(r.layers, l));
  }
  template <class F, class B, class P, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, Prepared<T> const& r, P& g,
                                  StackRun const& run) const {
    if constexpr (Block::has_rows && F::marked::learns)
      for (Index l = depth() - 1; l >= 0; --l)
        if (feed(l, run) == Feed::keys)
          at(layers, l).template prepare_backward<F>(c, at(p.layers, l), l, at(r.layers, l),
                                                     at(g.layers, l));
  }

  /// Rows of the output: run.read under Live, all of them under All.
  [[nodiscard]] static constexpr Index out_tokens(StackRun const& run) {
    return Rows::all ? run.tokens : run.read.count;
  }

  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Prepared<T> const& r, Stream<T const> in,
                         Stream<T> out, K& k, StackRun const& run) const {
    ArenaScope const scope(c.scratch);
    constexpr bool kept = Above<F>::below;
    k.layers.resize(layers.size());
    k.tokens.resize(layers.size());
    Stream<T const> x = in;
    Stream<T> spare[2]{};
    for (Index l = 0; l < depth(); ++l) {
      x = fed(c, p, l, x, run);
      at(k.tokens, l).in = x.tokens;
      c.observe(TapPoint::block_in, l, x);
      Stream<T> y = out;
      if (l + 1 < depth()) {
        Stream<T>& other = spare[l % 2];
        if (kept || other.size() < x.size())
          other = c.template stream<kept>(x.batch, x.tokens, x.dim);
        y = {other.data, x.batch, x.tokens, x.dim};
      }
      auto const b = block_run<T>(l, x, y, r, run);
      if (enters_first<F>(l, run))
        at(layers, l).template forward<F>(c, at(p.layers, l), x, y, k.first, b);
      else
        at(layers, l).template forward<Above<F>>(c, at(p.layers, l), x, y, at(k.layers, l), b);
      c.observe(TapPoint::block_out, l, y);
      x = y;
    }
  }

  /// d_in is overwritten if the flow has something below.
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, Prepared<T>& r, K const& k,
                          Stream<T const> d_out, Stream<T> d_in, P& g, StackRun const& run) const {
    ArenaScope const scope(c.scratch);
    Index const batch = d_out.batch, dim = d_out.dim;
    Stream<T> buffers[3]{};  // what a layer reads, what it writes, and room to take rows out
    if constexpr (Above<F>::below)
      for (auto& b : buffers) b = c.scratch.template stream<T>(batch, run.tokens, dim);
    Stream<T const> dy = d_out;
    for (Index l = depth() - 1; l >= 0; --l) {
      Index const n = at(k.tokens, l).in;
      auto b = block_run<T>(l, Stream<T const>(nullptr, batch, n, dim),
                            Stream<T>(nullptr, batch, dy.tokens, dim), r, run);
      if constexpr (Block::has_rows && F::marked::learns)
        if (feed(l, run) == Feed::keys) give_gradients(c, at(r.layers, l), b);
      if (enters_first<F>(l, run)) {
        at(layers, l).template backward<F>(c, at(p.layers, l), k.first, dy, d_in, at(g.layers, l),
                                           b);
        continue;
      }
      if constexpr (Above<F>::below) {
        bool const direct = l == 0 && F::below && n == d_in.tokens;
        Stream<T> const dx = direct ? d_in : Stream<T>(buffers[l % 2].data, batch, n, dim);
        at(layers, l).template backward<Above<F>>(c, at(p.layers, l), at(k.layers, l), dy, dx,
                                                  at(g.layers, l), b);
        dy = unfed(c, l, dx, l == 0 ? d_in : buffers[2], g, run);
      }
    }
  }

 private:
  enum class Feed { nothing, keys, insert, replace };

  template <class V>
  static constexpr auto& at(V& v, Index i) {
    return v[static_cast<std::size_t>(i)];
  }
  /// How layer l gets its prompt rows. A pooling that reads them needs them as rows at the end.
  [[nodiscard]] constexpr Feed feed(Index l, StackRun const& run) const {
    if (!Block::has_rows) return Feed::nothing;
    if (Rows::all) return l == 0 ? Feed::insert : Feed::replace;
    bool const read = run.read.first < 1 + run.prompts && run.read.first + run.read.count > 1;
    return l + 1 == depth() && read ? Feed::insert : Feed::keys;
  }
  /// Whether layer l has nothing to reverse below it: then even its input's gradient is not needed.
  template <class F>
  [[nodiscard]] constexpr bool enters_first(Index l, StackRun const& run) const {
    Feed const f = feed(l, run);
    return l == 0 && !F::below && (f == Feed::nothing || f == Feed::keys);
  }
  /// Whether prompt rows stand in the stream at layer l (else the sequence has a gap there).
  [[nodiscard]] constexpr bool rows_present(Index l, StackRun const& run) const {
    return feed(l, run) != Feed::keys && run.prompts > 0;
  }

  template <class B, class P, class T>
  constexpr Stream<T const> fed(Context<B>& c, P const& p, Index l, Stream<T const> x,
                                StackRun const& run) const {
    if constexpr (Block::has_rows) {
      Feed const f = feed(l, run);
      if (f != Feed::insert && f != Feed::replace) return x;
      auto const y = c.tape.template stream<T>(x.batch, run.tokens, x.dim);
      Index const after = f == Feed::replace ? 1 + run.prompts : 1;
      c.backend.copy(x.range(0, 1), y.range(0, 1));
      c.backend.copy(x.range(after, x.tokens - after), y.range(1 + run.prompts, x.tokens - after));
      at(layers, l).prompt.emit(c, at(p.layers, l).prompt, l, y.range(1, run.prompts));
      return y;
    } else {
      return x;
    }
  }
  /// The reverse of fed: prompt rows' gradients go to their parameters, the others further down.
  template <class B, class P, class T>
  constexpr Stream<T const> unfed(Context<B>& c, Index l, Stream<T> dx, Stream<T> below, P& g,
                                  StackRun const& run) const {
    if constexpr (Block::has_rows) {
      Feed const f = feed(l, run);
      if (f != Feed::insert && f != Feed::replace) return dx;
      auto const d_prompt = dx.range(1, run.prompts);
      if (!at(g.layers, l).prompt.rows.empty())
        at(layers, l).prompt.absorb(c, l, Stream<T const>(d_prompt), at(g.layers, l).prompt);
      if (f == Feed::replace) {
        c.backend.fill(d_prompt, T(0));
        return dx;
      }
      if (below.empty()) return dx;
      Index const rest = dx.tokens - 1 - run.prompts;
      Stream<T> const to(below.data, dx.batch, 1 + rest, dx.dim);
      c.backend.copy(Stream<T const>(dx.range(0, 1)), to.range(0, 1));
      c.backend.copy(Stream<T const>(dx.range(1 + run.prompts, rest)), to.range(1, rest));
      return to;
    } else {
      return dx;
    }
  }
  template <class B, class T>
  static constexpr void give_gradients(Context<B>& c, PreparedRows<T>& r, BlockRun<T>& b) {
    Index const dim = r.rows.dim;
    r.d_kv = c.tape.template stream<T>(r.kv.batch, r.kv.tokens, 2 * dim);
    c.backend.fill(r.d_kv, T(0));
    b.attention.d_extra_key = r.d_kv.columns(0, dim);
    b.attention.d_extra_value = r.d_kv.columns(dim, dim);
  }
  template <class T>
  [[nodiscard]] constexpr BlockRun<T> block_run(Index l, Stream<T const> x, Stream<T> y,
                                                Prepared<T> const& r, StackRun const& run) const {
    bool const present = rows_present(l, run);
    BlockRun<T> b{.layer = l};
    b.rows = {.all = run.tokens,
              .first = 0,
              .gap_at = present ? run.tokens : 1,
              .gap = present ? 0 : run.prompts};
    b.first_prompt = 1;
    b.prompts = present ? run.prompts : 0;
    if (y.tokens != x.tokens) {
      Index const first = run.read.first;
      b.attention.first_query = present || first < 1 ? first : first - run.prompts;
    }
    if constexpr (Block::has_rows) {
      if (feed(l, run) == Feed::keys) {
        Index const dim = x.dim;
        auto const& kv = at(r.layers, l).kv;
        b.attention.extra_key = kv.columns(0, dim);
        b.attention.extra_value = kv.columns(dim, dim);
      }
    }
    return b;
  }
};

}  // namespace vlpt
