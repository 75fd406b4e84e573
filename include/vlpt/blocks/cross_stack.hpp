#pragma once
#include <array>
#include <vector>

#include "vlpt/autodiff/stage_scope.hpp"
#include "vlpt/blocks/block.hpp"
#include "vlpt/blocks/exact_values.hpp"
#include "vlpt/blocks/given_rows.hpp"
#include "vlpt/blocks/prompt_mask.hpp"
#include "vlpt/blocks/recompute.hpp"
#include "vlpt/blocks/rows.hpp"
#include "vlpt/blocks/stack_run.hpp"

namespace vlpt {

/// Two of something: of the text's stream, and of the image's.
template <class T>
using OfStreams = std::array<T, 2>;

/// Two streams that exchange what they know, `depth` times: both are updated from the OLD values of
/// both (METER). layers[0, depth) are the text's, layers[depth, 2 depth) the image's. Prompt rows
/// that persist stand in front of their stream. Rows of a layer are keys and values, in front of
/// the OTHER stream, of the layers that read their stream: prepared from parameters alone (Live),
/// or inserted for every sample (All). Under Live the last layers give the rows that are read.
template <Block Layer, class Rows>
struct CrossStack {
  static constexpr bool token_rows = has(Layer::sites, Site::token_rows);
  std::vector<Layer> layers;

  template <class F>
  static constexpr bool rows_learn = (token_rows || Layer::has_rows) && F::marked::learns;
  template <class F>
  static constexpr bool learns = Layer::template learns<F> || rows_learn<F>;
  /// The flow of every layer: where one learns, the layers above it are reversed, in both streams.
  template <class F>
  using Inner = typename F::template with_below<F::below || learns<F>>;

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
    std::vector<typename Layer::template Cache<T, Inner<F>>> layers;
    std::vector<Stream<T const>> inputs;               // of the layers
    std::vector<View<bf16>> rounded;                   // what they keep, where Rows round it
    std::vector<OfStreams<Stream<T const>>> contexts;  // what the two layers of a step crossed with
    OfStreams<PromptMask> masks{};  // of a stream and the prompts in front, where tasks
                                    // have unequally many; else null
  };
  template <class T>
  using Given = OfStreams<GivenRows<T>>;
  using Run = OfStreams<StackRun>;

  [[nodiscard]] constexpr Index depth() const { return static_cast<Index>(layers.size()) / 2; }
  /// Rows of a stream's output: run.read under Live, all of them under All.
  [[nodiscard]] static constexpr Index out_tokens(StackRun const& run) {
    return Rows::all ? run.tokens : run.read.count;
  }

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    p.layers.resize(layers.size());
    for (std::size_t l = 0; l < layers.size(); ++l) {
      v.enter("layers", static_cast<Index>(l));
      layers[l].template visit<Inner<F>>(p.layers[l], v);
      v.leave();
    }
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Given<T> const& given) const {
    r.layers.resize(layers.size());
    each([&](std::size_t side, Index l) {
      auto const i = at(side, l);
      Stream<T const> rows;
      if (!Rows::all && takes(c, side, l)) rows = given[1 - side].set(set_of(side, l));
      OfTasks const of_rows(c, given[1 - side].tasks(c.tasks));
      StageScope const stage(c, "layers", static_cast<Index>(i));
      layers[i].template prepare<Inner<F>>(c, p.layers[i], r.layers[i], rows);
    });
  }
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, Given<T> const& given,
                                  P& g) const {
    each([&](std::size_t side, Index l) {
      auto const i = at(side, l);
      Stream<T> d_rows;
      if (!Rows::all && takes(c, side, l)) d_rows = given[1 - side].gradient(set_of(side, l));
      OfTasks const of_rows(c, given[1 - side].tasks(c.tasks));
      StageScope const stage(c, "layers", static_cast<Index>(i));
      layers[i].template prepare_backward<Inner<F>>(c, p.layers[i], r.layers[i], d_rows,
                                                    g.layers[i]);
    });
  }

  /// in[s] (batch, n, dim) without prompt rows -> out[s] (batch, out_tokens(run[s]), dim).
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Given<T> const& given,
                         OfStreams<Stream<T const>> in, OfStreams<Stream<T>> out, K& k,
                         Run const& run) const {
    ArenaScope const scope(c.scratch);
    constexpr bool kept = Inner<F>::below;
    k.layers.resize(layers.size());
    k.contexts.resize(static_cast<std::size_t>(depth()));
    k.inputs.resize(layers.size()), k.rounded.resize(layers.size());
    auto x = in;
    for (std::size_t s : {0U, 1U}) {
      k.masks[s].rows = nullptr;
      if (in_front)
        k.masks[s].make(c, given[s].counts, in[s].batch, with_prompts(run[s], given[s]));
      if (token_rows) x[s] = behind<kept>(c, given[s], 0, in[s]);
    }
    OfStreams<OfStreams<Stream<T>>> spare{};
    for (Index l = 0; l < depth(); ++l) {
      OfStreams<Stream<T>> y = out;
      auto& contexts = k.contexts[static_cast<std::size_t>(l)];
      for (std::size_t s : {0U, 1U}) {
        if (l + 1 < depth()) {
          auto& other = spare[static_cast<std::size_t>(l % 2)][s];
          if (kept || other.empty())
            other = c.template stream<kept>(x[s].batch, x[s].tokens, x[s].dim);
          y[s] = other;
        }
        contexts[s] = x[1 - s];
        if (Rows::all && takes(c, s, l))
          contexts[s] = behind<kept>(c, given[1 - s], set_of(s, l), x[1 - s]);
        c.observe(TapPoint::block_in, static_cast<Index>(at(s, l)), x[s]);
      }
      for (std::size_t s : {0U, 1U}) {
        auto const i = at(s, l);
        StageScope const stage(c, "layers", static_cast<Index>(i));
        auto const b = block_run(c, given, k, s, l, y[s].tokens, contexts[s], run);
        k.inputs[i] = x[s];
        ArenaScope const layer(Rows::recomputes ? c.tape : c.scratch);
        ExactValues<kept && Rows::rounds, B> const exact(c);
        layers[i].template forward<Inner<F>>(c, p.layers[i], r.layers[i], x[s], y[s], k.layers[i],
                                             b);
        c.observe(TapPoint::block_out, static_cast<Index>(i), y[s]);
        k.rounded[i] = exact.round();
      }
      x = {y[0], y[1]};
    }
  }

  /// d_in is overwritten if the flow has something below; the rows' gradients are added to.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, Given<T> const& given, K const& k,
                          OfStreams<Stream<T const>> d_out, OfStreams<Stream<T>> d_in, P& g,
                          Run const& run) const {
    ArenaScope const scope(c.scratch);
    auto const room = [&](std::size_t s, Index more) {
      return c.scratch.template stream<T>(d_out[s].batch, run[s].tokens + more, d_out[s].dim);
    };
    OfStreams<OfStreams<Stream<T>>> buffers{};
    if constexpr (Inner<F>::below)
      for (auto& b : buffers) b = {room(0, 0), room(1, 0)};
    auto dy = d_out;
    for (Index l = depth() - 1; l >= 0; --l) {
      ArenaScope const inner(c.scratch);
      auto const& dx = buffers[static_cast<std::size_t>(l % 2)];
      auto const& contexts = k.contexts[static_cast<std::size_t>(l)];
      OfStreams<Stream<T>> d_context{};  // d_context[s]: through the layer that s read the other by
      for (std::size_t s : {0U, 1U}) {
        if constexpr (Inner<F>::below) {
          d_context[s] = room(1 - s, contexts[s].tokens - run[1 - s].tokens);
          c.backend.fill(d_context[s], T(0));
        }
        auto const i = at(s, l);
        StageScope const stage(c, "layers", static_cast<Index>(i));
        auto b = block_run(c, given, k, s, l, dy[s].tokens, contexts[s], run);
        ArenaScope const layer(Rows::recomputes ? c.tape : c.scratch);
        ExactValues<Rows::rounds, B> const exact(c, k.rounded[i]);
        auto const& kept = kept_by<Rows, Inner<F>>(layers[i], c, p.layers[i], r.layers[i],
                                                   k.inputs[i], k.layers[i], dy[s], b);
        b.cross.d_context = d_context[s];
        layers[i].template backward<Inner<F>>(c, p.layers[i], r.layers[i], kept, dy[s], dx[s],
                                              g.layers[i], b);
      }
      if constexpr (Inner<F>::below)
        for (std::size_t s : {0U, 1U}) {
          auto const own =
              take_rows(c, given[s], set_of(1 - s, l), d_context[1 - s], run[s].tokens);
          c.backend.add(own, dx[s]);
        }
      dy = {dx[0], dx[1]};
    }
    if constexpr (Inner<F>::below)
      for (std::size_t s : {0U, 1U}) {
        auto const own = take_rows(c, given[s], 0, buffers[0][s],
                                   run[s].tokens - (token_rows ? run[s].prompts : 0));
        if constexpr (F::below) c.backend.copy(own, d_in[s]);
      }
  }

 private:
  template <class F>
  constexpr void each(F const& f) const {
    for (std::size_t s : {0U, 1U})
      for (Index l = 0; l < depth(); ++l) f(s, l);
  }
  [[nodiscard]] constexpr std::size_t at(std::size_t side, Index l) const {
    return side * layers.size() / 2 + static_cast<std::size_t>(l);
  }
  /// Whether a layer is given rows of its own in this run: one that is left out is not.
  template <class B>
  [[nodiscard]] constexpr bool takes(Context<B> const& c, std::size_t side, Index l) const {
    return owns(side, l) && !c.skips(static_cast<Index>(at(side, l)));
  }
  [[nodiscard]] constexpr bool owns(std::size_t side, Index l) const {
    return Layer::has_rows && layers[at(side, l)].takes_rows();
  }
  /// Which set of rows is a layer's: how many of its stream below it have rows.
  [[nodiscard]] constexpr Index set_of(std::size_t side, Index l) const {
    Index n = 0;
    for (Index i = 0; i < l; ++i) n += owns(side, i) ? 1 : 0;
    return n;
  }
  /// Whether prompt rows stand in front of a stream, or of what its layers are crossed with.
  static constexpr bool in_front = token_rows || (Rows::all && Layer::has_rows);
  /// The run of a stream with the prompt rows that stand in front of it.
  template <class T>
  static constexpr StackRun with_prompts(StackRun run, GivenRows<T> const& given) {
    if (!token_rows) run.tokens += given.count, run.prompts = given.count;
    return run;
  }
  /// [rows; x]: of set s, to each sample what it reads.
  template <bool Kept, class B, class T>
  static constexpr Stream<T const> behind(Context<B>& c, GivenRows<T> const& given, Index s,
                                          Stream<T const> x) {
    auto const y = c.template stream<Kept>(x.batch, given.count + x.tokens, x.dim);
    given.insert(c, s, y.range(0, given.count));
    c.backend.copy(x, y.range(given.count, x.tokens));
    return y;
  }
  /// The last n rows of d; the gradient of the rows in front of them, if any, is added to theirs.
  template <class B, class T>
  static constexpr Stream<T const> take_rows(Context<B>& c, GivenRows<T> const& given, Index s,
                                             Stream<T> d, Index n) {
    Index const front = d.tokens - n;
    if (front > 0) given.take(c, s, Stream<T const>(d.range(0, front)));
    return d.range(front, n);
  }
  template <class B, class T, class K>
  [[nodiscard]] constexpr BlockRun<T> block_run(Context<B> const& c, Given<T> const& given,
                                                K const& k, std::size_t side, Index l, Index out,
                                                Stream<T const> context, Run const& run) const {
    StackRun const& own = run[side];
    StackRun const& other = run[1 - side];
    BlockRun<T> b{.layer = static_cast<Index>(at(side, l))};
    b.rows = {.all = own.tokens, .first = 0, .gap_at = own.tokens, .gap = 0};
    b.prompts = token_rows ? own.prompts : 0;
    if (out != own.tokens) b.attention.first_query = own.read.first;
    b.attention.key_mask = own.mask, b.attention.mask_first = b.prompts;
    b.cross.context = context;
    b.cross.key_mask = other.mask;  // of rows that no prompt stands in front of
    b.cross.mask_first = context.tokens - other.tokens + (token_rows ? other.prompts : 0);
    b.cross.sets = given[1 - side].sets(c.tasks);
    if (token_rows && k.masks[side].rows != nullptr)
      b.attention.key_mask = k.masks[side].rows, b.attention.mask_first = 0;
    if (b.cross.mask_first > 0 && k.masks[1 - side].rows != nullptr)
      b.cross.key_mask = k.masks[1 - side].rows, b.cross.mask_first = 0;
    return b;
  }
};

}  // namespace vlpt
