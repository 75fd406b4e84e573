#pragma once
#include <vector>

#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/rung.hpp"
#include "vlpt/blocks/stack.hpp"

namespace vlpt {

/// A Stack whose layers only run forward, and a ladder beside it that learns:
///   s = entry(x_0);  x_l = layer_l(x_{l-1}), s := rung_l(s, x_l) for each layer;  out = exit(s).
/// No gradient reaches the layers or what is below them. A layer that is skipped has no rung.
template <Block Layer, class Rows, class Rung>
struct SideStack {
  static_assert(!Layer::has_rows && !has(Layer::sites, Site::token_rows),
                "a side network takes no gradient to the stack: prompt rows beside it never learn");
  using Down = typename Rung::Down;
  using Exit = Trainable<Linear>;
  std::vector<Layer> layers;
  std::vector<Rung> rungs;  // those of skipped layers have no parameters
  Down entry;
  Exit exit;

  /// The rung beside the layer that was added last, and with it the ladder's ends.
  constexpr void stand_beside(Rung rung, LayerFacts const& at, bool running) {
    rung.stands = running;
    rungs.push_back(rung);
    entry = rung.down;
    exit = Exit{Linear{.in = rung.dim, .out = at.dim}};
  }
  [[nodiscard]] constexpr Index depth() const { return static_cast<Index>(layers.size()); }

  template <class F>
  using SideFlow = typename F::marked::template child<"side">::template with_below<true>;
  template <class F>
  using EntryFlow = typename SideFlow<F>::template with_below<false>;
  template <class F>
  static constexpr bool learns = F::marked::learns;
  template <class F>
  static constexpr bool may_begin_later = false;  // the ladder reads what enters the first layer
  template <class F, class T>
  [[nodiscard]] static constexpr Index first_learner() {
    return 0;
  }

  template <class T>
  struct RungParams {
    typename Down::template Params<T> down;
    typename Rung::Block::template Params<T> block;
  };
  template <class T>
  struct Params {
    std::vector<typename Layer::template Params<T>> layers;
    std::vector<RungParams<T>> rungs;
    typename Down::template Params<T> entry;
    typename Exit::template Params<T> exit;
  };
  template <class T>
  struct Prepared {
    std::vector<typename Layer::template Prepared<T>> layers;
    std::vector<typename Rung::Block::template Prepared<T>> rungs;
  };
  template <class T, class F>
  struct RungCache {
    typename Down::template Cache<T, EntryFlow<F>> down;
    typename Rung::Block::template Cache<T, SideFlow<F>> block;
  };
  template <class T, class F>
  struct Cache {
    std::vector<typename Layer::template Cache<T, InferFlow>> layers;
    std::vector<RungCache<T, F>> rungs;
    typename Down::template Cache<T, EntryFlow<F>> entry;
    typename Exit::template Cache<T, SideFlow<F>> exit;
    Index tokens = 0;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    p.layers.resize(layers.size());
    p.rungs.resize(rungs.size());
    for (Index l = 0; l < depth(); ++l) {
      v.enter("layers", l);
      at(layers, l).template visit<typename F::template with_below<false>>(at(p.layers, l), v);
      v.leave();
    }
    v.enter("side");
    part(v, "entry", [&] { entry.template visit<EntryFlow<F>>(p.entry, v); });
    for (Index l = 0; l < depth(); ++l) {
      if (!at(rungs, l).stands) continue;
      v.enter("rungs", l);
      part(v, "down",
           [&] { at(rungs, l).down.template visit<EntryFlow<F>>(at(p.rungs, l).down, v); });
      at(rungs, l).block.template visit<SideFlow<F>>(at(p.rungs, l).block, v);
      v.leave();
    }
    part(v, "exit", [&] { exit.template visit<SideFlow<F>>(p.exit, v); });
    v.leave();
  }

  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, GivenRows<T> const&,
                         StackRun const&) const {
    r.layers.resize(layers.size());
    r.rungs.resize(rungs.size());
    for (Index l = 0; l < depth(); ++l) {
      at(layers, l).template prepare<InferFlow>(c, at(p.layers, l), at(r.layers, l),
                                                Stream<T const>{});
      if (at(rungs, l).stands)
        at(rungs, l).block.template prepare<SideFlow<F>>(c, at(p.rungs, l).block, at(r.rungs, l),
                                                         Stream<T const>{});
    }
  }
  /// Nothing: a side network's blocks have no policy, and the layers do not learn.
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>&, P const&, R&, GivenRows<T> const&, P&,
                                  StackRun const&) const {}

  [[nodiscard]] static constexpr Index out_tokens(StackRun const& run) {
    return Stack<Layer, Rows>::out_tokens(run);
  }

  /// out (batch, (1 + depth) * n, dim) = all that the side network reads: in (batch, n, dim) and
  /// what each layer gives. Prepares the layers.
  template <class B, class P, class R, class T, class K>
  constexpr void forward_frozen(Context<B>& c, P const& p, R& r, Stream<T const> in, Stream<T> out,
                                K& k, StackRun const& run) const {
    ArenaScope const scope(c.scratch);
    k.layers.resize(layers.size());
    prepare_frozen(c, layers, depth(), p.layers, r.layers);
    Index const n = in.tokens;
    Stream<T> const spare[2]{c.scratch.template stream<T>(in.batch, n, in.dim),
                             c.scratch.template stream<T>(in.batch, n, in.dim)};
    c.backend.copy(in, out.range(0, n));
    Stream<T const> x = in;
    for (Index l = 0; l < depth(); ++l) {
      StageScope const stage(c, "layers", l);
      run_layer(c, p, r, l, x, spare[l % 2], k, run);
      x = spare[l % 2];
      c.backend.copy(x, out.range((l + 1) * n, n));
    }
  }

  /// in (batch, n, dim) -> out (batch, out_tokens(run), dim). Where all layers ran before, `in` is
  /// what forward_frozen() gave.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, GivenRows<T> const&,
                         Stream<T const> in, Stream<T> out, K& k, StackRun const& run) const {
    ArenaScope const scope(c.scratch);
    constexpr bool kept = learns<F>;
    k.layers.resize(layers.size());
    k.rungs.resize(rungs.size());
    bool const entered = run.entered > 0;
    Index const batch = in.batch, n = entered ? in.tokens / (1 + depth()) : in.tokens;
    Index const last = last_rung(c);
    k.tokens = n;
    auto s = c.scratch.template stream<T>(batch, n, exit.module.in);
    auto const top = c.template stream<kept>(batch, out.tokens, exit.module.in);
    StageScope stage(c, "side");
    entry.template forward<EntryFlow<F>>(c, p.entry, in.range(0, n), s, k.entry);
    Stream<T> const spare[2]{c.scratch.template stream<T>(batch, n, in.dim),
                             c.scratch.template stream<T>(batch, n, in.dim)};
    Stream<T const> x = in;
    for (Index l = 0; l < depth(); ++l) {
      if (entered) {
        x = in.range((l + 1) * n, n);
      } else {
        stage.next("layers", l);
        run_layer(c, p, r, l, x, spare[l % 2], k, run);
        x = spare[l % 2];
      }
      stage.next("side");
      if (!stands(c, l)) continue;
      auto const t = c.template stream<kept>(batch, n, s.dim);
      at(rungs, l).down.template forward<EntryFlow<F>>(c, at(p.rungs, l).down, x, t,
                                                       at(k.rungs, l).down);
      c.backend.add(Stream<T const>(s), t);
      c.observe(TapPoint::side_in, l, t);
      if (l == last) s = top;
      at(rungs, l).block.template forward<SideFlow<F>>(c, at(p.rungs, l).block, at(r.rungs, l),
                                                       Stream<T const>(t), s, at(k.rungs, l).block,
                                                       block_run<T>(depth() + l, n, s.tokens, run));
      c.observe(TapPoint::side_out, l, s);
    }
    if (last < 0) c.backend.copy(Stream<T const>(read(s, out.tokens, run)), top);
    exit.template forward<SideFlow<F>>(c, p.exit, Stream<T const>(top), out, k.exit);
  }

  /// d_in is overwritten, by zeros, if the flow has something below.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, GivenRows<T> const&, K const& k,
                          Stream<T const> d_out, Stream<T> d_in, P& g, StackRun const& run) const {
    if constexpr (learns<F>) {
      ArenaScope const scope(c.scratch);
      StageScope const stage(c, "side");
      Index const batch = d_out.batch, n = k.tokens, dim = exit.module.in;
      auto d_s = c.scratch.template stream<T>(batch, d_out.tokens, dim);
      Stream<T> const spare[2]{c.scratch.template stream<T>(batch, n, dim),
                               c.scratch.template stream<T>(batch, n, dim)};
      exit.template backward<SideFlow<F>>(c, p.exit, k.exit, d_out, d_s, g.exit);
      if (last_rung(c) < 0) {
        c.backend.fill(spare[0], T(0));
        c.backend.copy(Stream<T const>(d_s), read(spare[0], d_s.tokens, run));
        d_s = spare[0];
      }
      for (Index l = depth() - 1; l >= 0; --l) {
        if (!stands(c, l)) continue;
        auto const d_t = spare[l % 2];
        at(rungs, l).block.template backward<SideFlow<F>>(
            c, at(p.rungs, l).block, at(r.rungs, l), at(k.rungs, l).block, Stream<T const>(d_s),
            d_t, at(g.rungs, l).block, block_run<T>(depth() + l, n, d_s.tokens, run));
        at(rungs, l).down.template backward<EntryFlow<F>>(c, at(p.rungs, l).down,
                                                          at(k.rungs, l).down, Stream<T const>(d_t),
                                                          Stream<T>{}, at(g.rungs, l).down);
        d_s = d_t;
      }
      entry.template backward<EntryFlow<F>>(c, p.entry, k.entry, Stream<T const>(d_s), Stream<T>{},
                                            g.entry);
    }
    if constexpr (F::below) c.backend.fill(d_in, T(0));
  }

 private:
  template <class V>
  static constexpr auto& at(V& v, Index i) {
    return v[static_cast<std::size_t>(i)];
  }
  template <class V, class Inside>
  static constexpr void part(V& v, std::string_view name, Inside const& inside) {
    v.enter(name);
    inside();
    v.leave();
  }
  template <class B, class P, class R, class T, class K>
  constexpr void run_layer(Context<B>& c, P const& p, R const& r, Index l, Stream<T const> x,
                           Stream<T> y, K& k, StackRun const& run) const {
    c.observe(TapPoint::block_in, l, x);
    at(layers, l).template forward<InferFlow>(c, at(p.layers, l), at(r.layers, l), x, y,
                                              at(k.layers, l),
                                              block_run<T>(l, x.tokens, x.tokens, run));
    c.observe(TapPoint::block_out, l, y);
  }
  /// Whether layer l has a rung in this run: one that a search leaves out has none.
  template <class B>
  [[nodiscard]] constexpr bool stands(Context<B> const& c, Index l) const {
    return at(rungs, l).stands && !c.skips(l);
  }
  template <class B>
  [[nodiscard]] constexpr Index last_rung(Context<B> const& c) const {
    Index l = depth() - 1;
    while (l >= 0 && !stands(c, l)) --l;
    return l;
  }
  template <class T>
  static constexpr Stream<T> read(Stream<T> s, Index count, StackRun const& run) {
    return s.range(count == s.tokens ? 0 : run.read.first, count);
  }
  template <class T>
  [[nodiscard]] static constexpr BlockRun<T> block_run(Index layer, Index in, Index out,
                                                       StackRun const& run) {
    BlockRun<T> b{.layer = layer};
    b.rows.all = b.rows.gap_at = in;
    b.attention.key_mask = run.mask;
    if (out != in) b.attention.first_query = run.read.first;
    return b;
  }
};

/// The stack of a policy: with a side network beside it where the policy stands at Site::side.
template <Block Layer, class Rows, PromptPolicy Policy>
struct StackFor {
  using Type = Stack<Layer, Rows>;
};
template <Block Layer, class Rows, PromptPolicy Policy>
requires(has(Policy::sites, Site::side)) struct StackFor<Layer, Rows, Policy> {
  using Type = SideStack<Layer, Rows, decltype(Policy{}.side(LayerFacts{}))>;
};

/// One more layer of a policy's stack, and what stands beside it.
template <class Layers, class Layer, PromptPolicy Policy>
constexpr void add_layer(Layers& to, Layer layer, Policy const& policy, LayerFacts const& at,
                         bool runs) {
  to.layers.push_back(layer);
  if constexpr (has(Policy::sites, Site::side)) to.stand_beside(policy.side(at), at, runs);
}

}  // namespace vlpt
