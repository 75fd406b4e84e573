#pragma once
#include <algorithm>
#include <atomic>
#include <span>
#include <vector>

#include "vlpt/autodiff/check_paths.hpp"
#include "vlpt/autodiff/check_tasks.hpp"
#include "vlpt/autodiff/check_views.hpp"
#include "vlpt/autodiff/draw.hpp"
#include "vlpt/autodiff/frozen_rows.hpp"
#include "vlpt/autodiff/held_matrices.hpp"
#include "vlpt/autodiff/image_stream.hpp"
#include "vlpt/autodiff/net_settings.hpp"
#include "vlpt/autodiff/workspace.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/kernels/apart.hpp"

namespace vlpt {

/// A model on a backend: the description becomes storage and execution. Parameters lie in two runs
/// of memory, frozen and learnt; gradients have the layout of the learnt run.
/// A const Net may be used by many threads at once, each with its own Workspace.
template <class Model, Backend B>
class Net {
 public:
  using T = typename B::Scalar;
  using ModelType = Model;
  using Train = typename Model::TrainFlow;
  using Input = typename Model::template Input<T>;
  using InputGradient = typename Model::template InputGradient<T>;
  using WorkspaceType = Workspace<Model, B>;

  explicit Net(NetSettings settings = {}) : Net(Model{}, settings) {}
  explicit Net(Model model, NetSettings settings = {}, B backend = B{})
      : model_(std::move(model)), backend_(std::move(backend)), random_{settings.seed, 0} {
    PlaceParameters<T> count;
    visit_parameters<Train>(model_, params_, count);
    frozen_ = typename B::Memory(bytes(count.frozen_count));
    learnt_ = typename B::Memory(bytes(count.learnt_count));
    gradient_ = typename B::Memory(bytes(count.learnt_count));
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
  Net(Net&&) noexcept = default;
  Net& operator=(Net&&) noexcept = default;

  [[nodiscard]] Model const& model() const { return model_; }
  [[nodiscard]] B const& backend() const { return backend_; }
  [[nodiscard]] std::uint64_t seed() const { return random_.seed; }

  // ---- parameters ----
  /// Every parameter tensor, in memory order, readable until the next run; by read() and write()
  /// where the backend keeps its memory apart. Writing is loading: touch() after it.
  [[nodiscard]] std::vector<ParameterRecord<T>> parameters() const {
    held_matrices_.expose(backend_);
    return list_parameters<T, Train, Flow<learn::Policy>>(model_, params_);
  }
  /// The values of a tensor, and others in their place; nothing is touched.
  [[nodiscard]] std::vector<T> read(ParameterRecord<T> const& r) const {
    std::vector<T> values(static_cast<std::size_t>(r.shape.size()));
    vlpt::fetch(backend_, static_cast<T const*>(r.values.data), std::span(values));
    return values;
  }
  void write(ParameterRecord<T> const& r, std::span<T const> values) {
    VLPT_CHECK(static_cast<Index>(values.size()) == r.shape.size(), r.name, " has ",
               r.shape.size(), " values, not ", values.size());
    vlpt::bring(backend_, values, r.values.data);
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
  void zero_gradients() {
    for (T& g : gradients()) g = T(0);
  }
  /// Says that parameters were written: what is computed from them alone is computed anew.
  void touch() {
    held_matrices_.change();
    touch_learnt();
  }
  /// Makes the backend hold the frozen matrices now, not at the first run.
  void hold() const { held_matrices_.settle(backend_); }
  /// Says that it does already: nothing lies in their plain places (io::bind_packed).
  void held_already() { held_matrices_.adopt(), touch_learnt(); }
  /// The same where only learnt ones were.
  void touch_learnt() {
    static std::atomic<std::uint64_t> versions{0};  // of all nets: no two ever share one
    version_ = ++versions;
  }
  /// Draws every parameter from its law again; a tensor's values depend on seed and name alone.
  void initialise() {
    for (auto const& r : parameters()) write(r, drawn(r, random_));
    touch();
  }

  // ---- training ----
  /// Makes room for training on a batch; later steps of at most this batch allocate nothing.
  void reserve(Index batch) {
    if (batch <= capacity_ && plan_ == planned_) return;
    capacity_ = std::max(batch, capacity_), planned_ = plan_;
    MemoryPlan const plan = plan_memory<Train>(model_, backend_, capacity_, true, plan_);
    grow(tape_memory_, plan.tape), grow(scratch_memory_, plan.scratch);
    grow(out_, bytes(capacity_ * model_.output_width()));
    tasks_.reserve(static_cast<std::size_t>(capacity_));
    held_ = 0;  // the cache of an earlier forward lay in the old tape
  }
  /// The outputs of a batch (batch, output_width()), keeping what backward needs. `step` numbers
  /// the randomness of dropout; training = false switches dropout off. `tasks` (batch): of the
  /// samples, where the model has tasks.
  [[nodiscard]] View<T const> forward(Input input, std::uint64_t step = 0, bool training = true) {
    return forward(input, std::span<Index const>{}, step, training);
  }
  [[nodiscard]] View<T const> forward(Input input, std::span<Index const> tasks,
                                      std::uint64_t step = 0, bool training = true) {
    model_.check(input);
    return run(input, tasks, step, training);
  }
  /// Adds the gradients of <d_out, outputs of the last forward> to gradients(). d_input receives
  /// the input's gradient where the learning scope asks for it.
  void backward(View<T const> d_out, InputGradient d_input = {}) {
    if constexpr (Train::below)
      check_input_gradient(d_input.size(), model_.template blank<T>(d_out.rows).size(), d_out.rows);
    check_gradient(d_out, held_, model_.output_width());
    ArenaScope const scope(tape_);  // backward may run again on the same forward
    DryRun<B> const machine(backend_, false);
    Context<DryRun<B>> c = context(machine);
    model_.template backward<Train>(c, params_, prepared_, cache_, d_out, d_input, gradients_);
    model_.template prepare_backward<Train>(c, params_, prepared_, gradients_);
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
    held_ = 0, training_ = false;
    DryRun<B> const machine(backend_, false);
    Context<DryRun<B>> c = context(machine);
    if constexpr (PrecedesLearners<Model>)
      model_.template forward_frozen<Train>(c, params_, prepared_, input, rows, cache_);
  }
  /// forward() of such rows, which stay where they are until its backward.
  [[nodiscard]] View<T const> forward_rest(View<T const> rows, std::span<Index const> tasks = {},
                                           std::uint64_t step = 0) requires
      PrecedesLearners<Model> {
    check_frozen(rows.rows, rows, frozen_width());
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
    infer(input, tasks, out, model_.output_width(), w, [&](auto& c, auto& prepared, auto& cache) {
      model_.template forward<InferFlow>(c, params_, prepared, input, out, cache);
    });
  }
  /// out (batch, features) = everything below the head.
  void features(Input input, View<T> out, WorkspaceType& w) const { features(input, {}, out, w); }
  void features(Input input, std::span<Index const> tasks, View<T> out, WorkspaceType& w) const {
    infer(input, tasks, out, model_.facts.features(), w, [&](auto& c, auto& prepared, auto& cache) {
      model_.template forward_trunk<InferFlow>(c, params_, prepared, input, out, cache);
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
    w.run(model_, backend_, params_, version_, tap_, plan_,
          [&](auto& c, auto& prepared, auto&) { model_.text_features(c, prepared, out); });
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

  /// The random numbers of a step, as forward uses them.
  [[nodiscard]] Random random(std::uint64_t step) const { return random_.fork(step); }
  /// Who looks at the streams of later runs.
  void set_tap(Tap<T> tap) { tap_ = tap; }
  /// Which layers later runs leave out (skip::Searched).
  void skip(SkipPlan const& plan) {
    check_search<Model>(plan);
    if (!(plan == plan_))
      held_ = 0, touch_learnt();  // a backward would not be that of the last forward
    plan_ = plan;
  }
  [[nodiscard]] SkipPlan const& skipped() const { return plan_; }
  /// Clamps what learns to the ranges of its laws (Init::within); after each step of an optimizer.
  void keep_ranges() {
    for (auto const& r : ranged_) {
      auto values = read(r);
      keep_range(r.init, std::span(values));
      write(r, values);
    }
    if (!ranged_.empty()) touch_learnt();
  }
  void set_detach_record(DetachRecord<T>* record) { detached_ = record; }

 private:
  static std::size_t bytes(Index n) { return static_cast<std::size_t>(n) * sizeof(T); }
  static T* at(typename B::Memory const& m) { return reinterpret_cast<T*>(m.data()); }
  [[nodiscard]] Context<DryRun<B>> context(DryRun<B> const& machine) {
    Context<DryRun<B>> c{machine,   tape_, scratch_,  random(step_),
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
    model_.template prepare<Train>(c, params_, prepared_, in.batch);
    View<T> const out(at(out_), in.batch, model_.output_width());
    model_.template forward<Train>(c, params_, prepared_, in, out, cache_);
    held_ = in.batch;
    return out;
  }
  /// Checks what an inference is asked for, makes room for it and runs f(context, prepared, cache).
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
            f(c, prepared, cache);
          });
  }
  /// Makes ready for a batch of these tasks; none for a model without tasks.
  void start_pass(std::span<Index const> tasks, Index batch) {
    check_tasks(model_, tasks, batch);
    held_matrices_.settle(backend_);
    reserve(batch);
    tasks_.assign(tasks.begin(), tasks.end());
    tape_ = Arena(tape_memory_.data(), tape_memory_.size());
    scratch_ = Arena(scratch_memory_.data(), scratch_memory_.size());
  }

  Model model_;
  B backend_;
  Random random_;
  typename Model::template Params<T> params_{}, gradients_{};
  typename B::Memory frozen_, learnt_, gradient_, tape_memory_, scratch_memory_, out_;
  Arena tape_, scratch_;
  typename Model::template Prepared<T> prepared_;
  typename Model::template Cache<T, Train> cache_{};
  Tap<T> tap_{};
  DetachRecord<T>* detached_ = nullptr;
  Index frozen_count_ = 0, learnt_count_ = 0, capacity_ = 0, held_ = 0;
  std::uint64_t version_ = 0, step_ = 0;
  bool training_ = true;
  mutable HeldMatrices<B> held_matrices_;
  SkipPlan plan_{}, planned_{};             // of later runs; that memory is planned for
  std::vector<Index> tasks_;                // of the samples of the last forward
  std::vector<ParameterRecord<T>> ranged_;  // what keep_ranges clamps
};

}  // namespace vlpt
