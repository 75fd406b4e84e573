#pragma once
#include <vector>

#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/block.hpp"
#include "vlpt/blocks/copy_tokens.hpp"
#include "vlpt/blocks/exact_values.hpp"
#include "vlpt/blocks/frozen_layers.hpp"
#include "vlpt/blocks/given_rows.hpp"
#include "vlpt/blocks/layer_run.hpp"
#include "vlpt/blocks/prompt_mask.hpp"
#include "vlpt/blocks/recompute.hpp"
#include "vlpt/blocks/rows.hpp"
#include "vlpt/blocks/shared_prefix.hpp"
#include "vlpt/blocks/sites.hpp"
#include "vlpt/blocks/stack_run.hpp"

namespace vlpt {

/// `depth` blocks of one type, one after the other. Prompt rows that persist are inserted before
/// the first layer. Rows of a layer are fed in one of three ways: as keys and values that were
/// prepared from parameters alone (Live), or, where their own rows are read (Rows All, and the last
/// layer that takes any under a pooling that reads prompts), as rows inserted or replaced.
template <Block Layer, class Rows>
struct Stack {
  static constexpr bool token_rows = has(Layer::sites, Site::token_rows);
  std::vector<Layer> layers;

  template <class F>
  static constexpr bool rows_learn = (token_rows || Layer::has_rows) && F::marked::learns;
  /// The flow of the layers; the first one may have nothing to reverse below it.
  template <class F>
  using Entered = typename F::template with_below<F::below || (token_rows && rows_learn<F>)>;
  template <class F>
  static constexpr bool block_learns = Layer::template learns<Entered<F>>;
  template <class F>
  static constexpr bool learns = block_learns<F> || rows_learn<F>;
  template <class F>
  using Above = typename F::template with_below<F::below || learns<F>>;
  /// Whether learning may begin above the first layer.
  template <class F>
  static constexpr bool may_begin_later = !F::below && !token_rows && learns<F>;

  template <class T>
  struct Params {
    std::vector<typename Layer::template Params<T>> layers;
  };
  template <class T>
  struct Prepared {
    std::vector<typename Layer::template Prepared<T>> layers;
  };
  template <class T, class F>
  struct Cache {
    typename Layer::template Cache<T, InferFlow> frozen;  // of the layers before the first learner
    typename Layer::template Cache<T, F> first;
    std::vector<typename Layer::template Cache<T, Above<F>>> layers;
    std::vector<Stream<T const>> inputs;  // of the layers
    std::vector<View<bf16>> rounded;      // what they keep, where Rows round it
    PromptMask prompt_mask;               // of a sequence with its prompt rows
  };

  [[nodiscard]] constexpr Index depth() const { return static_cast<Index>(layers.size()); }
  /// The first layer in which something learns or that is given rows; at the latest the last one.
  /// Those before it keep nothing, and no reverse enters them.
  template <class F, class T>
  [[nodiscard]] constexpr Index first_learner() const {
    if constexpr (may_begin_later<F>) return vlpt::first_learner<Above<F>, T>(layers);
    return 0;
  }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    p.layers.resize(layers.size());
    for (std::size_t l = 0; l < layers.size(); ++l) {
      v.enter("layers", static_cast<Index>(l));
      layers[l].template visit<Above<F>>(p.layers[l], v);
      v.leave();
    }
  }

  /// What layers compute from their parameters, and from their rows where these are keys only.
  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, GivenRows<T> const& given,
                         StackRun const& run) const {
    r.layers.resize(layers.size());
    OfTasks const of_rows(c, given.tasks(c.tasks));
    for (Index l = 0; l < depth(); ++l) {
      Stream<T const> rows;
      if (feed(c, l, run) == Feed::keys) rows = given.set(set_of(l));
      StageScope const stage(c, "layers", l);
      at(layers, l).template prepare<Above<F>>(c, at(p.layers, l), at(r.layers, l), rows);
    }
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, GivenRows<T> const& given, P& g,
                                  StackRun const& run) const {
    OfTasks const of_rows(c, given.tasks(c.tasks));
    for (Index l = depth() - 1; l >= 0; --l) {
      Stream<T> d_rows;
      if (feed(c, l, run) == Feed::keys) d_rows = given.gradient(set_of(l));
      StageScope const stage(c, "layers", l);
      at(layers, l).template prepare_backward<Above<F>>(c, at(p.layers, l), at(r.layers, l), d_rows,
                                                        at(g.layers, l));
    }
  }

  /// Rows of the output: run.read under Live, all of them under All.
  [[nodiscard]] static constexpr Index out_tokens(StackRun const& run) {
    if (!Rows::all) return run.read.count;
    return run.tokens - (leave(run) ? run.prompts : 0);
  }

  /// in (batch, n, dim) without prompt rows -> out (batch, out_tokens(run), dim). Where the
  /// sequences are causal, what all of them start with may be left to `prefix`.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, GivenRows<T> const& given,
                         Stream<T const> in, Stream<T> out, K& k, StackRun const& run,
                         SharedPrefix<T> const& prefix = {}) const {
    ArenaScope const scope(c.scratch);
    constexpr bool kept = Above<F>::below, rounds = kept && Rows::rounds, on_tape = kept && !rounds;
    k.layers.resize(layers.size());
    k.inputs.resize(layers.size()), k.rounded.resize(layers.size());
    k.prompt_mask.make(c, feeds_rows(c, run) ? given.counts : nullptr, in.batch, run);
    Stream<T const> x = in;
    Index const begin = first_learner<F, T>();
    if constexpr (may_begin_later<F>)
      if (run.entered < begin)
        x = run_frozen(c, layers, begin, p.layers, r.layers, x,
                       c.tape.template stream<T>(x.batch, x.tokens, x.dim), k.frozen, run, prefix);
    Stream<T> spare[2]{};
    for (Index l = begin; l < depth(); ++l) {
      StageScope const stage(c, "layers", l);
      ExactValues<rounds, B> const exact(c);
      x = exact.own(fed<kept>(c, given, l, x, run), l == begin);
      at(k.inputs, l) = x;
      c.observe(TapPoint::block_in, run.first_layer + l, x);
      Stream<T> y = out;
      if (l + 1 < depth()) {
        Stream<T>& other = spare[l % 2];
        if (on_tape || other.size() < x.size())
          other = c.template stream<on_tape>(x.batch, x.tokens, x.dim);
        y = {other.data, x.batch, leave(run) ? out_tokens(run) : x.tokens, x.dim};
      }
      auto const b = block_run(c, given, k, l, x.tokens, y.tokens, run, prefix);
      ArenaScope const layer(Rows::recomputes ? c.tape : c.scratch);
      if (enters_first<F>(c, l, begin, run))
        at(layers, l).template forward<F>(c, at(p.layers, l), at(r.layers, l), x, y, k.first, b);
      else
        at(layers, l).template forward<Above<F>>(c, at(p.layers, l), at(r.layers, l), x, y,
                                                 at(k.layers, l), b);
      c.observe(TapPoint::block_out, run.first_layer + l, y);
      at(k.rounded, l) = exact.round();
      x = y;
    }
  }

  /// d_in is overwritten if the flow has something below; the rows' gradients are added to.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, GivenRows<T> const& given, K const& k,
                          Stream<T const> d_out, Stream<T> d_in, P& g, StackRun const& run,
                          SharedPrefix<T> const& prefix = {}) const {
    ArenaScope const scope(c.scratch);
    Index const batch = d_out.batch, dim = d_out.dim;
    Stream<T> buffers[3]{};  // what a layer reads, what it writes, and room to take rows out
    if constexpr (Above<F>::below) {
      bool const rows = feeds_rows(c, run);
      for (Stream<T>* b = buffers; b < buffers + (rows ? 3 : 2); ++b)
        *b = c.scratch.template stream<T>(batch, run.tokens - (rows ? 0 : run.prompts), dim);
    }
    Stream<T const> dy = d_out;
    Index const begin = first_learner<F, T>();
    for (Index l = depth() - 1; l >= begin; --l) {
      StageScope const stage(c, "layers", l);
      Index const n = at(k.inputs, l).tokens;
      auto const b = block_run(c, given, k, l, n, dy.tokens, run, prefix);
      ArenaScope const layer(Rows::recomputes ? c.tape : c.scratch);
      ExactValues<Rows::rounds, B> const exact(c, at(k.rounded, l));
      if (enters_first<F>(c, l, begin, run)) {
        auto const& kept = kept_by<Rows, F>(at(layers, l), c, at(p.layers, l), at(r.layers, l),
                                            at(k.inputs, l), k.first, dy, b);
        at(layers, l).template backward<F>(c, at(p.layers, l), at(r.layers, l), kept, dy, d_in,
                                           at(g.layers, l), b);
        continue;
      }
      if constexpr (Above<F>::below) {
        bool const direct = l == 0 && F::below && n == d_in.tokens;
        Stream<T> const dx = direct ? d_in : Stream<T>(buffers[l % 2].data, batch, n, dim);
        auto const& kept =
            kept_by<Rows, Above<F>>(at(layers, l), c, at(p.layers, l), at(r.layers, l),
                                    at(k.inputs, l), at(k.layers, l), dy, b);
        at(layers, l).template backward<Above<F>>(c, at(p.layers, l), at(r.layers, l), kept, dy, dx,
                                                  at(g.layers, l), b);
        dy = unfed(c, given, l, dx, l == begin ? d_in : buffers[2], run);
      }
    }
  }

 private:
  enum class Feed { nothing, keys, insert, replace };

  template <class V>
  static constexpr auto& at(V& v, Index i) {
    return v[static_cast<std::size_t>(i)];
  }
  /// Whether layer l has rows of its own among the sets of their source.
  [[nodiscard]] constexpr bool owns(Index l) const {
    return Layer::has_rows && at(layers, l).takes_rows();
  }
  /// Whether it is given them in this run: a layer that a search leaves out is not.
  template <class B>
  [[nodiscard]] constexpr bool takes(Context<B> const& c, Index l, StackRun const& run) const {
    return owns(l) && !c.skips(run.first_layer + l);
  }
  /// How many layers below l have rows: the set of rows that is layer l's.
  [[nodiscard]] constexpr Index set_of(Index l) const {
    Index n = 0;
    for (Index i = 0; i < l && !token_rows; ++i) n += owns(i) ? 1 : 0;
    return n;
  }
  template <class B>
  [[nodiscard]] constexpr bool any_takes(Context<B> const& c, Index from, Index to,
                                         StackRun const& run) const {
    for (Index l = from; l < to; ++l)
      if (takes(c, l, run)) return true;
    return false;
  }
  /// How layer l gets its prompt rows. A pooling that reads them needs them as rows at the end.
  template <class B>
  [[nodiscard]] constexpr Feed feed(Context<B> const& c, Index l, StackRun const& run) const {
    if (token_rows) return l == 0 ? Feed::insert : Feed::nothing;
    if (!Layer::has_rows || !takes(c, l, run)) return Feed::nothing;
    if (leave(run)) return Feed::insert;
    if (Rows::all) return any_takes(c, 0, l, run) ? Feed::replace : Feed::insert;
    return run.reads_prompts() && !any_takes(c, l + 1, depth(), run) ? Feed::insert : Feed::keys;
  }
  /// Whether rows of a layer leave the stream behind its attention.
  [[nodiscard]] static constexpr bool leave(StackRun const& run) {
    return Rows::all && Layer::has_rows && run.own_rows_leave;
  }
  /// Whether layer l has nothing to reverse below it: then even its input's gradient is not needed.
  template <class F, class B>
  [[nodiscard]] constexpr bool enters_first(Context<B> const& c, Index l, Index begin,
                                            StackRun const& run) const {
    Feed const f = feed(c, l, run);
    return l == begin && !F::below && (f == Feed::nothing || f == Feed::keys);
  }
  template <bool Kept, class B, class T>
  constexpr Stream<T const> fed(Context<B>& c, GivenRows<T> const& given, Index l,
                                Stream<T const> x, StackRun const& run) const {
    Feed const f = feed(c, l, run);
    if (f != Feed::insert && f != Feed::replace) return x;
    auto const y = c.template stream<Kept>(x.batch, run.tokens, x.dim);
    Index const first = run.first_prompt, after = f == Feed::replace ? first + run.prompts : first;
    copy_tokens(c, x, 0, y, 0, first);
    given.insert(c, set_of(l), y.range(first, run.prompts));
    copy_tokens(c, x, after, y, first + run.prompts, x.tokens - after);
    return y;
  }
  /// The reverse of fed: prompt rows' gradients go to their source, the others further down.
  template <class B, class T>
  constexpr Stream<T const> unfed(Context<B>& c, GivenRows<T> const& given, Index l, Stream<T> dx,
                                  Stream<T> below, StackRun const& run) const {
    Feed const f = feed(c, l, run);
    if (f != Feed::insert && f != Feed::replace) return dx;
    Index const first = run.first_prompt, rest = dx.tokens - first - run.prompts;
    auto const d_prompt = dx.range(first, run.prompts);
    given.take(c, set_of(l), Stream<T const>(d_prompt));
    if (f == Feed::replace) {
      c.backend.fill(d_prompt, T(0));
      return dx;
    }
    if (below.empty()) return dx;
    Stream<T> const to(below.data, dx.batch, first + rest, dx.dim);
    copy_tokens(c, Stream<T const>(dx), 0, to, 0, first);
    copy_tokens(c, Stream<T const>(dx), first + run.prompts, to, first, rest);
    return to;
  }
  /// Whether prompt rows stand in the stream of some layer.
  template <class B>
  [[nodiscard]] constexpr bool feeds_rows(Context<B> const& c, StackRun const& run) const {
    for (Index l = 0; l < depth(); ++l) {
      Feed const f = feed(c, l, run);
      if (f == Feed::insert || f == Feed::replace) return true;
    }
    return false;
  }
  template <class B, class T, class K>
  [[nodiscard]] static constexpr BlockRun<T> block_run(Context<B> const& c,
                                                       GivenRows<T> const& given, K const& k,
                                                       Index l, Index in, Index out,
                                                       StackRun const& run,
                                                       SharedPrefix<T> const& prefix) {
    auto b = layer_run(run, l, in, out, k.prompt_mask.rows, prefix);
    b.attention.sets = given.sets(c.tasks);
    b.attention.projects_all = leave(run);
    return b;
  }
};

}  // namespace vlpt
