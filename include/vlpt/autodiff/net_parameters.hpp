#pragma once
#include <atomic>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/autodiff/check_paths.hpp"
#include "vlpt/autodiff/draw.hpp"
#include "vlpt/autodiff/flow.hpp"
#include "vlpt/autodiff/held_matrices.hpp"
#include "vlpt/autodiff/net_settings.hpp"
#include "vlpt/autodiff/parameters.hpp"
#include "vlpt/autodiff/room.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/kernels/update.hpp"

namespace vlpt {

/// The parameters of a Net: two runs of its backend's memory, frozen and learnt; gradients have the
/// layout of the learnt run. Spans and records are addresses of that memory. Where it is the
/// host's they may be read and written in place; read() and write() work on every backend.
template <class Model, Backend B>
class NetParameters {
 public:
  using T = typename B::Scalar;
  using BackendType = B;
  using Train = typename Model::TrainFlow;

  NetParameters(Model model, NetSettings settings, B backend)
      : model_(std::move(model)), backend_(std::move(backend)), random_{settings.seed, 0} {
    PlaceParameters<T> count;
    visit_parameters<Train>(model_, params_, count);
    frozen_ = memory_for<typename B::Memory>(bytes(count.frozen_count), "frozen parameters");
    learnt_ = memory_for<typename B::Memory>(bytes(count.learnt_count), "learnt parameters");
    gradient_ = memory_for<typename B::Memory>(bytes(count.learnt_count), "gradients");
    frozen_count_ = count.frozen_count;
    learnt_count_ = count.learnt_count;
    PlaceParameters<T> place{at(frozen_), at(learnt_)};
    visit_parameters<Train>(model_, params_, place);
    PlaceGradients<T> place_gradients{at(gradient_)};
    visit_parameters<Train>(model_, gradients_, place_gradients);
    auto const all = parameters();
    check_paths<typename Train::ScopeType>(all);
    for (auto const& r : all)
      if (r.learns && r.init.bounded()) ranged_.push_back(r);
    held_matrices_ = HeldMatrices<B>(all);
    for (auto const& r : all)
      if (r.learns || settings.draw == Draw::all) write(r, drawn(r, random_));
    touch();
  }

  [[nodiscard]] Model const& model() const { return model_; }
  [[nodiscard]] B const& backend() const { return backend_; }
  [[nodiscard]] std::uint64_t seed() const { return random_.seed; }
  /// The random numbers of a step, as forward uses them.
  [[nodiscard]] Random random(std::uint64_t step) const { return random_.fork(step); }

  /// Every parameter tensor, in memory order, readable until the next run. Writing is loading:
  /// touch() after it.
  [[nodiscard]] std::vector<ParameterRecord<T>> parameters() const {
    held_matrices_.expose(backend_);
    return list_parameters<T, Train, Flow<learn::Policy>>(model_, params_);
  }
  /// The values of a tensor, and others in their place; nothing is touched.
  [[nodiscard]] std::vector<T> read(ParameterRecord<T> const& r) const {
    return fetched(backend_, span_of(r));
  }
  /// Any matrix of the backend's memory, such as what forward gives.
  [[nodiscard]] Tensor<T> read(View<T const> there) const {
    Tensor<T> here(Shape{there.rows, there.cols});
    fetch(backend_, there, here.view());
    return here;
  }
  void write(ParameterRecord<T> const& r, std::span<T const> values) {
    VLPT_CHECK(static_cast<Index>(values.size()) == r.shape.size(), r.name, " has ", r.shape.size(),
               " values, not ", values.size());
    bring(backend_, values, r.values.data);
  }
  /// What learns, as one run. Taking it counts as a change: take it anew for values written after a
  /// prediction, or touch_learnt(), so that prepared rows follow.
  [[nodiscard]] std::span<T> learnt() {
    touch_learnt();
    return {at(learnt_), static_cast<std::size_t>(learnt_count_)};
  }
  [[nodiscard]] std::span<T const> learnt() const {
    return {at(learnt_), static_cast<std::size_t>(learnt_count_)};
  }
  [[nodiscard]] std::span<T const> frozen() const {
    held_matrices_.expose(backend_);
    return {at(frozen_), static_cast<std::size_t>(frozen_count_)};
  }
  [[nodiscard]] std::span<T> gradients() {
    return {at(gradient_), static_cast<std::size_t>(learnt_count_)};
  }
  /// Where a learnt record lies in learnt() and gradients().
  [[nodiscard]] Index offset(ParameterRecord<T> const& r) const {
    return r.values.data - at(learnt_);
  }
  void zero_gradients() { backend_.fill(Stream<T>(at(gradient_), 1, 1, learnt_count_), T(0)); }
  /// Says that parameters were written: what is computed from them alone is computed anew.
  void touch() {
    held_matrices_.change();
    touch_learnt();
  }
  /// The same where only learnt ones were.
  void touch_learnt() {
    static std::atomic<std::uint64_t> versions{0};  // of all nets: no two ever share one
    version_ = ++versions;
  }
  /// Makes the backend hold the frozen matrices now, not at the first run.
  void hold() const { held_matrices_.settle(backend_); }
  /// Says that it does already: nothing lies in their plain places (io::bind_packed).
  void held_already() { held_matrices_.adopt(), touch_learnt(); }
  /// Draws every parameter from its law again; a tensor's values depend on seed and name alone.
  void initialise() {
    for (auto const& r : parameters()) write(r, drawn(r, random_));
    touch();
  }
  /// Clamps what learns to the ranges of its laws (Init::within); after each step of an optimizer.
  void keep_ranges() {
    for (auto const& r : ranged_)
      update(backend_,
             ClampLaw<Sum<T>>{static_cast<Sum<T>>(r.init.low), static_cast<Sum<T>>(r.init.high)},
             span_of(r));
    if (!ranged_.empty()) touch_learnt();
  }

 protected:
  static std::size_t bytes(Index n) { return static_cast<std::size_t>(n) * sizeof(T); }
  static T* at(typename B::Memory const& m) { return reinterpret_cast<T*>(m.data()); }

  Model model_;
  B backend_;
  typename Model::template Params<T> params_{}, gradients_{};
  mutable HeldMatrices<B> held_matrices_;
  std::uint64_t version_ = 0;

 private:
  static std::span<T> span_of(ParameterRecord<T> const& r) {
    return {r.values.data, static_cast<std::size_t>(r.shape.size())};
  }

  Random random_;
  typename B::Memory frozen_, learnt_, gradient_;
  Index frozen_count_ = 0, learnt_count_ = 0;
  std::vector<ParameterRecord<T>> ranged_;  // what keep_ranges clamps
};

}  // namespace vlpt
