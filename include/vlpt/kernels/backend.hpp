#pragma once
#include <concepts>
#include <span>
#include <string_view>

#include "vlpt/core/bf16.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/core/real.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/kernels/activation.hpp"
#include "vlpt/kernels/attention.hpp"

namespace vlpt {

// A backend is an object with about thirty primitives on views of run-time size. It knows nothing
// of models. Each group is a concept of its own, so that an error names the group that is missing.
// Views and streams are of its own memory; arrays of indices, labels and masks are the host's, and
// may change when a primitive has returned (kernels/apart.hpp). Losses and the statistics of rows
// are Sum<T>, which is T but for halves; so are factors of the host.
// Formulas stand in kernels/reference.hpp, the truth that every other backend is tested against.

template <class B>
concept Named = requires {
  { B::name } -> std::convertible_to<std::string_view>;
};

template <class B>
concept OwnsMemory = requires(typename B::Memory m) {
  typename B::Scalar;
  m.data();
};

template <class B, class T = typename B::Scalar>
concept MovesRows = requires(B const b, Stream<T> y, Stream<T const> x, T a, Index const* i) {
  b.fill(y, a);
  b.copy(x, y);
  b.add(x, y);
  b.scale(Sum<T>(1), y);
  b.gather(x, i, y);
  b.scatter_add(x, i, y);
};

template <class B, class T = typename B::Scalar>
concept MultipliesMatrices = requires(B const b, View<T> y, View<T const> x) {
  b.linear(x, x, x, y);
  b.template linear_activate<GeluFormula>(x, x, x, y, y);
  b.linear_add(x, x, x, x, y);
  b.linear_input(x, x, y);
  b.linear_weight(x, x, y, y);
};

template <class B, class T = typename B::Scalar>
concept Normalises = requires(B const b, View<T> y, View<T const> x, View<Sum<T>> stats) {
  b.layer_norm(x, x, x, 1e-6, y, stats);
  b.layer_norm_reverse(x, x, stats, x, y, y, y);
};

template <class B, class T = typename B::Scalar>
concept Activates = requires(B const b, View<T> y, View<T const> x) {
  b.template activate<GeluFormula>(x, y);
  b.template activate_reverse<GeluFormula>(x, x, y);
};

template <class B, class T = typename B::Scalar>
concept WeighsRows = requires(B const b, View<T> y, View<T const> x) {
  b.row_max(x, y);
  b.scale_rows(x, x, y);
  b.softmax(x, y);
  b.softmax_reverse(x, x, y);
};

template <class B, class T = typename B::Scalar>
concept ScalesByValues = requires(B const b, View<T> a, Stream<T> y, Stream<T const> x) {
  b.scale_by(View<T const>(a), x, y);
  b.add_scaled(View<T const>(a), x, y);
  b.dot(x, x, a);
};

template <class B, class T = typename B::Scalar>
concept Attends = requires(B const b, Attention<T> const a, AttentionGradients<T> const g,
                           Stream<T> y, T* scratch) {
  { b.attention_scratch(a) } -> std::convertible_to<Index>;
  b.attend(a, y, scratch);
  b.attend_reverse(a, y, g, scratch);
};

template <class B, class T = typename B::Scalar>
concept Reduces = requires(B const b, Stream<T const> x, Stream<T> y, View<T> v, Index const* i,
                           View<Sum<T>> loss) {
  b.mean_rows(x, v);
  b.mean_rows_reverse(v, y);
  b.cross_entropy(v, i, v, v, loss);
  b.binary_cross_entropy(v, v, v, loss);
  b.squared_error(x, x, y, loss);
};

template <class B, class T = typename B::Scalar>
concept Embeds = requires(B const b, Stream<T const> x, Stream<T> y, Index n) {
  b.patches(x, n, n, y);
  b.patches_reverse(x, n, n, y);
};

template <class B, class T = typename B::Scalar>
concept DropsOut = requires(B const b, Random r, Stream<T const> x, Stream<T> y, Index n) {
  b.dropout(r, 0.1, n, n, x, y);
};

template <class B, class T = typename B::Scalar>
concept Rounds = requires(B const b, View<T> y, View<T const> x, View<bf16> h) {
  b.narrow(x, h);
  b.widen(View<bf16 const>(h), y);
};

template <class B, class T = typename B::Scalar>
concept Scores = requires(B const b, View<T> y, View<T const> x, Index const* i, T a,
                          View<Sum<T>> loss) {
  b.unit_rows(x, y, y);
  b.unit_rows_reverse(x, x, x, y);
  b.clear_outside(i, i, a, y);
  b.soft_cross_entropy(x, x, y, loss);
};

/// A backend that lays out matrices its own way: hold() packs them, or says that it does not, after
/// which products find them by where they lay; give() writes one there again. Both through a const
/// object: what is held does not change what is computed.
template <class B, class T = typename B::Scalar>
concept HoldsMatrices = requires(B const b, std::span<View<T const> const> all, View<T const> one) {
  { b.hold(all) } -> std::same_as<bool>;
  b.give(one);
};

/// Everything that modules may ask of a machine.
template <class B>
concept Backend = Named<B> && OwnsMemory<B> && MovesRows<B> && MultipliesMatrices<B> &&
    Normalises<B> && Activates<B> && WeighsRows<B> && ScalesByValues<B> && Attends<B> &&
    Reduces<B> && Embeds<B> && DropsOut<B> && Rounds<B> && Scores<B>;

}  // namespace vlpt
