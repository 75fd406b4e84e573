#pragma once
#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "vlpt/autodiff/check_tasks.hpp"
#include "vlpt/autodiff/check_views.hpp"
#include "vlpt/autodiff/frozen_rows.hpp"
#include "vlpt/autodiff/image_stream.hpp"
#include "vlpt/autodiff/net_parameters.hpp"
#include "vlpt/autodiff/room.hpp"
#include "vlpt/autodiff/workspace.hpp"
#include "vlpt/core/tensor.hpp"

namespace vlpt {

/// A model on a backend: the description becomes storage (NetParameters) and execution.
/// A const Net may be used by many threads at once, each with its own Workspace.
template <class Model, Backend B>
class Net : public NetParameters<Model, B> {
 public:
  using T = typename B::Scalar;
  using ModelType = Model;
  using Train = typename Model::TrainFlow;
  using Input = typename Model::template Input<T>;
  using InputGradient = typename Model::template InputGradient<T>;
  using WorkspaceType = Workspace<Model, B>;

  explicit Net(NetSettings settings = {}) : Net(Model{}, settings) {}
  explicit Net(Model model, NetSettings settings = {}, B backend = B{})
      : NetParameters<Model, B>(std::move(model), settings, std::move(backend)) {}
  Net(Net&&) noexcept = default;
  Net& operator=(Net&&) noexcept = default;

  // ---- training ----
  /// Makes room for training on a batch; later steps of at most this batch allocate nothing.
  void reserve(Index batch) {
    if (batch <= capacity_ && plan_ == planned_) return;
    Index const most = std::max(batch, std::exchange(capacity_, 0));
    held_ = 0;  // the cache of an earlier forward lay in the old tape
    grow_arenas(tape_memory_, scratch_memory_, most,
                [&](Index n) { return plan_memory<Train>(model_, backend_, n, true, plan_); });
    grow(out_, bytes(most * model_.output_width()));
    tasks_.reserve(static_cast<std::size_t>(most));
    capacity_ = most, planned_ = plan_;
  }
  /// The outputs of a batch (batch, output_width()), in the backend's memory, keeping what backward
  /// needs. `step` numbers the randomness of dropout; training = false switches dropout off.
  /// `tasks` (batch): of the samples, where the model has tasks.
  [[nodiscard]] View<T const> forward(Input input, std::uint64_t step = 0, bool training = true) {
    return forward(input, std::span<Index const>{}, step, training);
  }
  [[nodiscard]] View<T const> forward(Input input, std::span<Index const> tasks,
                                      std::uint64_t step = 0, bool training = true) {
    model_.check(input);
    return run(input, tasks, step, training);
  }
  /// Room in the backend's memory for the gradient of so many outputs: what backward reads.
  [[nodiscard]] View<T> d_out(Index rows) {
    return {d_out_.reserve(rows * model_.output_width()), rows, model_.output_width()};
  }
  /// Adds the gradients of <d_out, outputs of the last forward> to gradients(); d_out is in the
  /// backend's memory. d_input, the host's, receives the input's gradient where the learning scope
  /// asks for it.
  void backward(View<T const> d_out, InputGradient d_input = {}) {
    if constexpr (Train::below)
      check_input_gradient(d_input.size(), model_.template blank<T>(d_out.rows).size(), d_out.rows);
    check_gradient(d_out, held_, model_.output_width());
    ArenaScope const scope(tape_);  // backward may run again on the same forward
    DryRun<B> const machine(backend_, false);
    Context<DryRun<B>> c = context(machine);
    InputGradient d_below = there(d_input);
    ListScope const list(backend_);
    model_.template backward<Train>(c, params_, prepared_, cache_, d_out, d_below, gradients_);
    model_.template prepare_backward<Train>(c, params_, prepared_, gradients_);
    if constexpr (Train::below && KeepsApart<B>)
      fetch(backend_, Stream<T const>(values_of(d_below)), values_of(d_input));
  }
  // ---- training on what precedes the first learner ----
  /// Values of a sample that all before the first learner gives, the same after any step; or 0.
  [[nodiscard]] Index frozen_width() const {
    if constexpr (PrecedesLearners<Model>) return model_.template frozen_width<Train>();
    return 0;
  }
  /// rows (batch, frozen_width()) = those values.
  void forward_frozen(Input input, std::span<Index const> tasks, View<T> rows) {
    check_frozen(input.batch, rows, frozen_width());
    model_.check(input);
    start_pass(tasks, input.batch);
    training_ = false;
    DryRun<B> const machine(backend_, false);
    Context<DryRun<B>> c = context(machine);
    if constexpr (PrecedesLearners<Model>)
      to_host(rows, rest_, [&](View<T> to) {
        model_.template forward_frozen<Train>(c, params_, prepared_, input, to, cache_);
      });
  }
  /// forward() of such rows, which stay where they are until its backward.
  [[nodiscard]] View<T const> forward_rest(View<T const> rows, std::span<Index const> tasks = {},
                                           std::uint64_t step = 0) requires
      PrecedesLearners<Model> {
    check_frozen(rows.rows, rows, frozen_width());
    rows.data = rest_.bring(backend_, std::span(rows.data, static_cast<std::size_t>(rows.size())));
    return run(FrozenRows<T>{rows.rows, rows}, tasks, step, true);
  }
  // ---- inference ----
  [[nodiscard]] WorkspaceType workspace(Index batch) const {
    WorkspaceType w;
    w.reserve(model_, backend_, batch, plan_);
    return w;
  }
  /// out (batch, output_width()) = f(images); a workspace of the calling thread.
  void predict(Input input, View<T> out, WorkspaceType& w) const { predict(input, {}, out, w); }
  void predict(Input input, std::span<Index const> tasks, View<T> out, WorkspaceType& w) const {
    infer(input, tasks, out, model_.output_width(), w,
          [&](auto& c, auto& prepared, auto& cache, View<T> to) {
            model_.template forward<InferFlow>(c, params_, prepared, input, to, cache);
          });
  }
  /// out (batch, features) = everything below the head.
  void features(Input input, View<T> out, WorkspaceType& w) const { features(input, {}, out, w); }
  void features(Input input, std::span<Index const> tasks, View<T> out, WorkspaceType& w) const {
    infer(input, tasks, out, model_.facts.features(), w,
          [&](auto& c, auto& prepared, auto& cache, View<T> to) {
            model_.template forward_trunk<InferFlow>(c, params_, prepared, input, to, cache);
          });
  }
  /// out (classes, features) = what a dual encoder's texts give, computed once a load.
  void text_features(View<T> out, WorkspaceType& w) const requires requires(Model m) {
    m.classes();
  }
  {
    check_out(out, model_.classes(), model_.facts.features());
    held_matrices_.settle(backend_);
    w.reserve(model_, backend_, 1, plan_);
    w.run(model_, backend_, params_, version_, tap_, plan_, [&](auto& c, auto& prepared, auto&) {
      to_host(out, w.out(), [&](View<T> to) { model_.text_features(c, prepared, to); });
    });
  }
  /// images (batch, channels, image, image) -> (batch, output_width()).
  [[nodiscard]] Tensor<T> operator()(Tensor<T> const& images) const {
    Tensor<T> out(Shape{images.shape[0], model_.output_width()});
    WorkspaceType w = workspace(images.shape[0]);
    predict(stream_of(images), out.view(), w);
    return out;
  }
  /// A tensor of images as the stream that forward and predict read.
  [[nodiscard]] Stream<T const> stream_of(Tensor<T> const& images) const {
    return stream_of_images(model_.facts, images);
  }

  /// Who looks at the streams of later runs.
  void set_tap(Tap<T> tap) { tap_ = tap; }
  /// Which layers later runs leave out (skip::Searched).
  void skip(SkipPlan const& plan) {
    check_search<Model>(plan);
    if (!(plan == plan_))
      held_ = 0, this->touch_learnt();  // a backward would not be that of the last forward
    plan_ = plan;
  }
  [[nodiscard]] SkipPlan const& skipped() const { return plan_; }
  void set_detach_record(DetachRecord<T>* record) { detached_ = record; }

 private:
  using Parameters = NetParameters<Model, B>;
  using Parameters::at, Parameters::bytes;
  using Parameters::backend_, Parameters::gradients_, Parameters::held_matrices_;
  using Parameters::model_, Parameters::params_, Parameters::version_;

  [[nodiscard]] Context<DryRun<B>> context(DryRun<B> const& machine) {
    Context<DryRun<B>> c{machine,   tape_, scratch_,  this->random(step_),
                         training_, tap_,  detached_, &plan_};
    if (HasTasks<Model>) c.tasks.task = tasks_.data();
    return c;
  }
  /// A forward of the model's own input or of FrozenRows.
  template <class In>
  [[nodiscard]] View<T const> run(In const& in, std::span<Index const> tasks, std::uint64_t step,
                                  bool training) {
    start_pass(tasks, in.batch);
    step_ = step, training_ = training;
    DryRun<B> const machine(backend_, false);
    Context<DryRun<B>> c = context(machine);
    View<T> const out(at(out_), in.batch, model_.output_width());
    {
      ListScope const list(backend_);
      model_.template prepare<Train>(c, params_, prepared_, in.batch);
      model_.template forward<Train>(c, params_, prepared_, in, out, cache_);
    }
    held_ = in.batch;  // after the list
    return out;
  }
  /// Checks what an inference is asked for, makes room for it and runs f(context, prepared, cache,
  /// where its outputs go).
  template <class F>
  void infer(Input input, std::span<Index const> tasks, View<T> out, Index width, WorkspaceType& w,
             F const& f) const {
    model_.check(input);
    check_tasks(model_, tasks, input.batch);
    check_out(out, input.batch, width);
    held_matrices_.settle(backend_);
    w.reserve(model_, backend_, input.batch, plan_);
    w.run(model_, backend_, params_, version_, tap_, plan_,
          [&](auto& c, auto& prepared, auto& cache) {
            c.tasks.task = tasks.data();
            to_host(out, w.out(), [&](View<T> to) { f(c, prepared, cache, to); });
          });
  }
  /// f(to) writes a matrix of the backend's memory that is then here: `here` itself, or `room`.
  template <class F>
  void to_host(View<T> here, Room<T, B>& room, F const& f) const {
    if constexpr (KeepsApart<B>) {
      View<T> const to(room.reserve(here.size()), here.rows, here.cols);
      listed(f, to);
      fetch(backend_, View<T const>(to), here);
    } else {
      listed(f, here);
    }
  }
  template <class F>
  void listed(F const& f, View<T> to) const {
    ListScope const list(backend_);
    f(to);
  }
  /// Where the input's gradient is written: in place, or in room of the backend's.
  [[nodiscard]] InputGradient there(InputGradient here) {
    if constexpr (Train::below && KeepsApart<B>) {
      Stream<T>& s = values_of(here);
      s = {d_below_.reserve(s.size()), s.batch, s.tokens, s.dim};
    }
    return here;
  }
  static Stream<T>& values_of(InputGradient& of) {
    if constexpr (requires { of.images; })
      return of.images;
    else
      return of;
  }
  /// Makes ready for a batch of these tasks; none for a model without tasks.
  void start_pass(std::span<Index const> tasks, Index batch) {
    check_tasks(model_, tasks, batch);
    held_matrices_.settle(backend_);
    reserve(batch);
    held_ = 0;  // until a forward has ended
    tasks_.assign(tasks.begin(), tasks.end());
    tape_ = Arena(tape_memory_.data(), tape_memory_.size());
    scratch_ = Arena(scratch_memory_.data(), scratch_memory_.size());
  }

  typename B::Memory tape_memory_, scratch_memory_, out_;
  Room<T, B> d_out_, d_below_, rest_;  // gradients of outputs, of inputs; rows of forward_rest
  Arena tape_, scratch_;
  typename Model::template Prepared<T> prepared_;
  typename Model::template Cache<T, Train> cache_{};
  Tap<T> tap_{};
  DetachRecord<T>* detached_ = nullptr;
  Index capacity_ = 0, held_ = 0;
  std::uint64_t step_ = 0;
  bool training_ = true;
  SkipPlan plan_{}, planned_{};  // of later runs; that memory is planned for
  std::vector<Index> tasks_;     // of the samples of the last forward
};

}  // namespace vlpt
