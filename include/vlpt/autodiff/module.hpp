#pragma once
#include <concepts>

#include "vlpt/autodiff/context.hpp"
#include "vlpt/autodiff/flow.hpp"
#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/kernels/nothing.hpp"

namespace vlpt {

/// A module that keeps nothing, or has no parameters.
struct Empty {};

// A module is a value: its sizes are members, so the same type serves sizes known to the compiler
// and sizes read from a file. Its type says what it is made of and, with a Flow, what its reverse
// must do. Costs are not written down anywhere: they are counted where forward and backward call
// the backend (autodiff/cost_of.hpp).

template <class M>
concept HasParams = requires {
  typename M::template Params<float>;
};

template <class M>
concept HasCache = requires {
  typename M::template Cache<float, InferFlow>;
};

template <class M>
concept TellsLearning = requires {
  { M::template learns<InferFlow> } -> std::convertible_to<bool>;
};

template <class M>
concept TellsKeeping = requires {
  { M::template keeps_input<InferFlow> } -> std::convertible_to<bool>;
  { M::template keeps_output<InferFlow> } -> std::convertible_to<bool>;
};

template <class M>
concept TellsWidth = requires(M const m, Index width) {
  { m.width(width) } -> std::convertible_to<Index>;
};

template <class M>
concept Visits = HasParams<M> &&
    requires(M const m, typename M::template Params<float> p, PlaceParameters<float> v) {
  m.template visit<InferFlow>(p, v);
};

using ProbeFlow = Flow<learn::All, true>;

template <class M>
concept HasForward = HasParams<M> && HasCache<M> &&
    requires(M const m, Context<Nothing<float>> c, typename M::template Params<float> p,
             typename M::template Cache<float, ProbeFlow> k, Stream<float const> in,
             Stream<float> out) {
  m.template forward<ProbeFlow>(c, p, in, out, k);
};

template <class M>
concept HasBackward = HasParams<M> && HasCache<M> &&
    requires(M const m, Context<Nothing<float>> c, typename M::template Params<float> p,
             typename M::template Cache<float, ProbeFlow> k, Stream<float const> d_out,
             Stream<float> d_in) {
  m.template backward<ProbeFlow>(c, p, k, d_out, d_in, p);
};

/// One differentiable step on a stream.
///   forward(context, params, in, out, cache)           out := f(in; params)
///   backward(context, params, cache, d_out, d_in, g)   d_in := J^T d_out unless the flow has
///                                                      nothing below; g += (df/dparams)^T d_out
/// requires  forward was the last call on this cache, and `in` lives on if keeps_input.
template <class M>
concept Module = HasParams<M> && HasCache<M> && TellsLearning<M> && TellsKeeping<M> &&
    TellsWidth<M> && Visits<M> && HasForward<M> && HasBackward<M>;

/// Modules whose output may lie where their input lay, when the input need not be kept; and the
/// gradient of their input where that of their output lay.
template <class M>
inline constexpr bool in_place = requires {
  M::in_place;
};

/// Modules that can write their output on top of other rows: forward_onto(c, p, x, r, y, k), y = r
/// + M(x).
template <class M>
inline constexpr bool adds_onto = requires {
  requires M::adds;
};

/// Modules that can do without their output what their reverse needs: keep(c, p, in, cache).
template <class M>
inline constexpr bool keeps_without_output = requires {
  requires M::keeps_alone;
};

/// Modules that can hand their output through an element-wise formula: forward_activated.
template <class M>
inline constexpr bool ends_in_formula = requires {
  M::activates;
};

/// Element-wise functions without parameters: with_formula(f) calls f with the formula.
template <class M>
inline constexpr bool is_formula = requires {
  M::formula;
};

/// Modules that no gradient passes: a boundary of Mode, nothing below is reversed for their sake.
template <class M>
inline constexpr bool stops_gradient = requires {
  M::stops_gradient;
};

}  // namespace vlpt
