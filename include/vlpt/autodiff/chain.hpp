#pragma once
#include <tuple>
#include <type_traits>

#include "vlpt/autodiff/module.hpp"

namespace vlpt {

/// A named part of a Chain; the name becomes part of its parameters' names.
template <Name N, class M>
struct Stage {
  static constexpr auto name = N;
  using ModuleType = M;
  M module;
};

/// Makes a Stage: stage<"fc1">(Linear{8, 32}).
template <Name N, class M>
[[nodiscard]] constexpr Stage<N, M> stage(M module) {
  return {module};
}

/// One module after the other. Each stage's Flow follows from the ones before it: nothing below the
/// first learner is reversed, and a value between two stages is kept only if one of them asks.
template <class... S>
struct Chain {
  static constexpr std::size_t size = sizeof...(S);
  std::tuple<S...> stages;

  constexpr Chain() = default;
  constexpr explicit Chain(S... s) : stages(s...) {}

  template <std::size_t I>
  using At = std::tuple_element_t<I, std::tuple<S...>>;
  template <std::size_t I>
  using ModuleAt = typename At<I>::ModuleType;

  /// Whether one of the first I stages learns and a gradient from stage I would reach it.
  template <class F, std::size_t I>
  static constexpr bool learns_before() {
    if constexpr (I > 0) {
      if constexpr (!stops_gradient<ModuleAt<I - 1>>)
        return learns_before<F, I - 1>() ||
               ModuleAt<I - 1>::template learns<typename F::template child<At<I - 1>::name>>;
    }
    return false;
  }
  /// Whether a gradient from stage I would reach the chain's input.
  template <std::size_t I>
  static constexpr bool open_before() {
    if constexpr (I == 0)
      return true;
    else
      return !stops_gradient<ModuleAt<I - 1>> && open_before<I - 1>();
  }
  template <class F, std::size_t I>
  using FlowAt =
      typename F::template child<At<I>::name>::template with_below<(F::below && open_before<I>()) ||
                                                                   learns_before<F, I>()>;

  template <class T>
  using Params = std::tuple<typename S::ModuleType::template Params<T>...>;

  template <class T, class F, class I = std::make_index_sequence<size>>
  struct Caches;
  template <class T, class F, std::size_t... I>
  struct Caches<T, F, std::index_sequence<I...>> {
    std::tuple<typename ModuleAt<I>::template Cache<T, FlowAt<F, I>>...> parts;
    Index in_width = 0;
  };
  template <class T, class F>
  using Cache = Caches<T, F>;

  template <class F>
  static constexpr bool learns = learns_before<F, size>();
  template <class F>
  static constexpr bool keeps_input = ModuleAt<0>::template keeps_input<FlowAt<F, 0>>;
  template <class F>
  static constexpr bool keeps_output =
      ModuleAt<size - 1>::template keeps_output<FlowAt<F, size - 1>>;

  [[nodiscard]] constexpr Index width(Index in) const { return width_after<size>(in); }

  template <class F, class P, class V, std::size_t I = 0>
  constexpr void visit(P& p, V& v) const {
    if constexpr (I < size) {
      v.enter(At<I>::name.view());
      module<I>().template visit<FlowAt<F, I>>(std::get<I>(p), v);
      v.leave();
      visit<F, P, V, I + 1>(p, v);
    }
  }

  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> in, Stream<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    k.in_width = in.dim;
    forward_from<F, 0>(c, p, in, Stream<T>{}, out, k);
  }
  /// out = r + this(in), where the last stage can.
  static constexpr bool adds = adds_onto<ModuleAt<size - 1>>;
  template <class F, class B, class P, class T, class K>
  constexpr void forward_onto(Context<B>& c, P const& p, Stream<T const> in, Stream<T const> r,
                              Stream<T> out, K& k) const {
    ArenaScope const scope(c.scratch);
    k.in_width = in.dim;
    forward_from<F, 0>(c, p, in, Stream<T>{}, out, k, r);
  }
  /// What forward keeps, where nobody reads its output: all stages but the last one's own work.
  static constexpr bool keeps_alone = keeps_without_output<ModuleAt<size - 1>>;
  template <class F, class B, class P, class T, class K>
  constexpr void keep(Context<B>& c, P const& p, Stream<T const> in, K& k) const {
    ArenaScope const scope(c.scratch);
    k.in_width = in.dim;
    forward_from<F, 0>(c, p, in, Stream<T>{}, Stream<T>{}, k, Unread{});
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g) const {
    ArenaScope const scope(c.scratch);
    backward_from<F, size - 1>(c, p, k, d_out, Stream<T>{}, d_in, g);
  }

 private:
  /// Stands for the rows that the last stage's output is added to, where nobody reads it.
  struct Unread {};
  template <std::size_t I>
  [[nodiscard]] constexpr ModuleAt<I> const& module() const {
    return std::get<I>(stages).module;
  }
  template <std::size_t I>
  [[nodiscard]] constexpr Index width_after(Index in) const {
    if constexpr (I == 0)
      return in;
    else
      return module<I - 1>().width(width_after<I - 1>(in));
  }
  /// Whether stage I and the formula behind it are one step: a product that ends in its activation.
  template <std::size_t I>
  static constexpr bool fuses() {
    if constexpr (I + 1 < size)
      return ends_in_formula<ModuleAt<I>> && is_formula<ModuleAt<I + 1>>;
    else
      return false;
  }
  /// Whether what stage I gives the next one must live until the reverse.
  template <class F, std::size_t I>
  static constexpr bool keeps_after = ModuleAt<I>::template keeps_output<FlowAt<F, I>> ||
                                      ModuleAt<I + 1>::template keeps_input<FlowAt<F, I + 1>>;
  /// `own` is the input's memory if it may be overwritten, else empty; r is what the last stage's
  /// output is added to, if anything, or says that nobody reads it.
  template <class F, std::size_t I, class B, class P, class T, class K, class... R>
  constexpr void forward_from(Context<B>& c, P const& p, Stream<T const> in, Stream<T> own,
                              Stream<T> out, K& k, R const&... r) const {
    using Here = FlowAt<F, I>;
    if constexpr (I + 1 == size) {
      if constexpr ((std::is_same_v<R, Unread> || ...))
        module<I>().template keep<Here>(c, std::get<I>(p), in, std::get<I>(k.parts));
      else if constexpr (sizeof...(R) > 0)
        module<I>().template forward_onto<Here>(c, std::get<I>(p), in, r..., out,
                                                std::get<I>(k.parts));
      else
        module<I>().template forward<Here>(c, std::get<I>(p), in, out, std::get<I>(k.parts));
    } else if constexpr (fuses<I>() && I + 2 < size) {
      View<T> before;
      if constexpr (keeps_after<F, I>) {
        before = c.template matrix<true>(in.rows(), module<I>().width(in.dim));
        std::get<I + 1>(k.parts).in = before;
      }
      constexpr bool kept = keeps_after<F, I + 1>;
      auto const next = c.template stream<kept>(in.batch, in.tokens, module<I>().width(in.dim));
      module<I + 1>().with_formula([&]<class Formula>(Formula) {
        module<I>().template forward_activated<Here, Formula>(c, std::get<I>(p), in, before, next,
                                                              std::get<I>(k.parts));
      });
      forward_from<F, I + 2>(c, p, Stream<T const>(next), kept ? Stream<T>{} : next, out, k, r...);
    } else {
      constexpr bool kept = keeps_after<F, I>;
      Stream<T> next;
      if constexpr (in_place<ModuleAt<I>> && !kept) {
        next = own.empty() ? c.template stream<false>(in.batch, in.tokens, in.dim) : own;
      } else {
        next = c.template stream<kept>(in.batch, in.tokens, module<I>().width(in.dim));
      }
      module<I>().template forward<Here>(c, std::get<I>(p), in, next, std::get<I>(k.parts));
      forward_from<F, I + 1>(c, p, Stream<T const>(next), kept ? Stream<T>{} : next, out, k, r...);
    }
  }
  /// `own` is d_out's memory if it may be overwritten, else empty.
  template <class F, std::size_t I, class B, class P, class T, class K>
  constexpr void backward_from(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                               Stream<T> own, Stream<T> d_in, P& g) const {
    using Here = FlowAt<F, I>;
    constexpr bool reversed =
        !stops_gradient<ModuleAt<I>> && (Here::below || ModuleAt<I>::template learns<Here>);
    if constexpr (reversed) {
      Stream<T> d_before{};
      if constexpr (I == 0) {
        d_before = d_in;
      } else if constexpr (Here::below) {
        bool const there = in_place<ModuleAt<I>> && !own.empty();
        d_before =
            there ? own
                  : c.template stream<false>(d_out.batch, d_out.tokens, width_after<I>(k.in_width));
      }
      module<I>().template backward<Here>(c, std::get<I>(p), std::get<I>(k.parts), d_out, d_before,
                                          std::get<I>(g));
      if constexpr (I > 0 && Here::below)
        backward_from<F, I - 1>(c, p, k, Stream<T const>(d_before), d_before, d_in, g);
    }
    // Where the walk ends early, a boundary parts what is below from d_out.
    if constexpr (F::below && !(reversed && Here::below)) c.backend.fill(d_in, T(0));
  }
};

template <class... S>
Chain(S...) -> Chain<S...>;

}  // namespace vlpt
