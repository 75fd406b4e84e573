#pragma once
#include <span>
#include <vector>

#include "vlpt/core/arena.hpp"
#include "vlpt/core/logical_rows.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/core/row_tasks.hpp"
#include "vlpt/core/skip_plan.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/kernels/backend.hpp"

namespace vlpt {

/// A place of a model where an observer may look at a stream.
enum class TapPoint {
  tokens,
  block_in,
  block_raw,  // before a site at the block's end
  block_out,
  side_in,  // of a side network
  side_out,
  tokens_gradient,
  joint_in,  // of a transformer that makes prompts
  joint_out,
  text_features,
  encoded,  // by a tower that another stream reads
};

/// Who looks: a function and its own data. Called on the values as they are at that place.
template <class T>
struct Tap {
  void (*look)(void* self, TapPoint point, Index layer, Stream<T const> values) = nullptr;
  void* self = nullptr;
};

/// Values that Detach held at a base point, replayed while gradcheck moves the parameters:
/// otherwise differences would see a dependence that the gradient, by definition, does not.
/// Without values it only counts them.
template <class T>
struct DetachRecord {
  T* values = nullptr;
  Index capacity = 0;
  Index used = 0;
  bool replaying = false;
};

/// What travels with one forward and its backward: the machine, two arenas, the randomness.
/// The tape holds what the reverse needs; scratch is given back at the end of every call.
template <class B>
struct Context {
  using T = typename B::Scalar;
  B const& backend;
  Arena& tape;
  Arena& scratch;
  Random random{};        // forked for each place that draws
  bool training = false;  // whether dropout is active
  Tap<T> tap{};
  DetachRecord<T>* detached = nullptr;
  SkipPlan const* plan = nullptr;  // the layers that a search leaves out in this run
  LogicalRows row_places{};        // which rows the module that runs sees, where a block says so
  std::uint64_t place = 0;         // the layer and site that run: one module type draws apart there
  RowTasks tasks{};                // of the batch's rows, where the model has tasks
  bool rounds = false;             // whether what is kept will be rounded (ExactValues)

  /// From the tape if the reverse will read it, else from scratch.
  template <bool Kept>
  [[nodiscard]] constexpr Stream<T> stream(Index batch, Index tokens, Index dim) {
    return {room<Kept>(batch * tokens * dim), batch, tokens, dim};
  }
  template <bool Kept>
  [[nodiscard]] constexpr View<T> matrix(Index rows, Index cols) {
    return {room<Kept>(rows * cols), rows, cols};
  }
  /// Whether a search leaves this layer out.
  [[nodiscard]] constexpr bool skips(Index layer) const {
    return plan != nullptr && plan->skips(layer);
  }
  /// Values of the host where primitives can read them: in place, or, where the backend keeps its
  /// memory apart, as a copy from the tape, if the reverse reads them, or from scratch. (What a
  /// primitive takes as an array of indices or a mask is the host's: it needs no copy.)
  template <bool Kept>
  [[nodiscard]] constexpr View<T const> bring(View<T const> here) {
    if constexpr (KeepsApart<B>) {
      auto const there = matrix<Kept>(here.rows, here.cols);
      if (!tape.measuring())
        for (Index r = 0; r < here.rows; ++r)
          vlpt::bring(backend, std::span(here.row(r), static_cast<std::size_t>(here.cols)),
                      there.row(r));
      return there;
    } else {
      return here;
    }
  }
  template <bool Kept>
  [[nodiscard]] constexpr Stream<T const> bring(Stream<T const> here) {
    if constexpr (KeepsApart<B>) {
      if (here.dense() && here.stride == here.dim)  // as one row: one copy
        return {bring<Kept>(View<T const>(here.data, 1, here.size())).data, here.batch, here.tokens,
                here.dim};
      auto const there = stream<Kept>(here.batch, here.tokens, here.dim);
      for (Index b = 0; b < here.batch && !tape.measuring(); ++b)
        for (Index r = 0; r < here.tokens; ++r)
          vlpt::bring(backend, std::span(here.sample(b).row(r), static_cast<std::size_t>(here.dim)),
                      there.sample(b).row(r));
      return there;
    } else {
      return here;
    }
  }
  constexpr void observe(TapPoint point, Index layer, Stream<T const> values) const {
    if (tap.look == nullptr) return;
    if constexpr (KeepsApart<B>) {
      std::vector<T> here(static_cast<std::size_t>(values.size()));
      Stream<T> const seen(here.data(), values.batch, values.tokens, values.dim);
      fetch(backend, values, seen);
      tap.look(tap.self, point, layer, seen);
    } else {
      tap.look(tap.self, point, layer, values);
    }
  }

 private:
  template <bool Kept>
  [[nodiscard]] constexpr T* room(Index count) {
    if (Kept && rounds) return scratch.template allocate_at_end<T>(count);
    return (Kept ? tape : scratch).template allocate<T>(count);
  }
};

/// Tells the modules that run inside a scope which layer and site they stand at, and which rows
/// they see.
template <class B>
class Standing {
 public:
  constexpr Standing(Context<B>& c, std::uint64_t place, LogicalRows rows)
      : c_(c), place_(c.place), rows_(c.row_places) {
    c.place = place, c.row_places = rows;
  }
  constexpr ~Standing() { c_.place = place_, c_.row_places = rows_; }
  Standing(Standing const&) = delete;
  Standing& operator=(Standing const&) = delete;

 private:
  Context<B>& c_;
  std::uint64_t place_;
  LogicalRows rows_;
};

/// What runs inside a scope ran before: nobody looks at it again, and nothing of it is recorded.
template <class B>
class Unseen {
 public:
  constexpr explicit Unseen(Context<B>& c) : c_(c), tap_(c.tap), detached_(c.detached) {
    c.tap = {}, c.detached = nullptr;
  }
  constexpr ~Unseen() { c_.tap = tap_, c_.detached = detached_; }
  Unseen(Unseen const&) = delete;
  Unseen& operator=(Unseen const&) = delete;

 private:
  Context<B>& c_;
  Tap<typename B::Scalar> tap_;
  DetachRecord<typename B::Scalar>* detached_;
};

/// Tells what runs inside a scope whose rows these are.
template <class B>
class OfTasks {
 public:
  constexpr OfTasks(Context<B>& c, RowTasks tasks) : c_(c), before_(c.tasks) { c.tasks = tasks; }
  constexpr ~OfTasks() { c_.tasks = before_; }
  OfTasks(OfTasks const&) = delete;
  OfTasks& operator=(OfTasks const&) = delete;

 private:
  Context<B>& c_;
  RowTasks before_;
};

}  // namespace vlpt
