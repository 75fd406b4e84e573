#pragma once
#include <string>
#include <utility>
#include <vector>

#include "models/cost_input.hpp"
#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/reference.hpp"

namespace vlpt::test {

/// Memory that tells how much was asked for.
struct AskedMemory : HostMemory {
  AskedMemory() = default;
  explicit AskedMemory(std::size_t bytes) : HostMemory(bytes) { asked += bytes; }
  static inline std::size_t asked = 0;
};

/// Plain loops whose attention has scratch of its own: an arena then holds exactly what a Cost
/// counts, "attention's tiles aside".
struct OwnTiles : Reference<float> {
  using Memory = AskedMemory;
  [[nodiscard]] Index attention_scratch(Attention<float> const&) const { return 0; }
  void attend(Attention<float> const& a, Stream<float> out, float*) const {
    Reference::attend(a, out, tiles(a).data());
  }
  void attend_reverse(Attention<float> const& a, Stream<float const> d_out,
                      AttentionGradients<float> const& g, float*) const {
    Reference::attend_reverse(a, d_out, g, tiles(a).data());
  }

 private:
  [[nodiscard]] std::vector<float> tiles(Attention<float> const& a) const {
    return std::vector<float>(static_cast<std::size_t>(Reference::attention_scratch(a)));
  }
};

/// What one phase of a run did.
struct Phase {
  Work work;
  WorkByStage stages;

  /// What ran the texts of a dual encoder's classes.
  [[nodiscard]] Work texts() const {
    Work sum;
    for (auto const& part : stages.parts())
      if (!part.path.empty() && part.path.front().part == "text") sum += part.work;
    return sum;
  }
};

/// What a Net does and asks for.
struct NetRan {
  Work step, first, again;  // of training; of inference, with what it prepares and without
  std::size_t training_bytes = 0, inference_bytes = 0;
};

/// What a run did and held.
struct Ran {
  Phase prepare, forward, backward;
  MemoryPlan planned, peak;
  Index saved = 0;  // bytes of the tape, by its forward
  Index left = 0;   // bytes of scratch that were not given back
};

/// A model on real inputs and parameters, run as a Net runs it, in arenas of exactly the planned
/// size. Where it has tasks, all samples are of the first, as in a Cost.
template <class Model, class On = OwnTiles>
class CostRun {
 public:
  using B = Counting<On>;
  using Train = typename Model::TrainFlow;

  /// `skipped` is what a search leaves out; `on` the backend whose work is counted.
  CostRun(Model const& model, Index batch, SkipPlan const& skipped = {}, On on = On{})
      : model_(model),
        on_(std::move(on)),
        batch_(batch),
        skipped_(skipped),
        input_(model, batch),
        tasks_(HasTasks<Model> ? static_cast<std::size_t>(batch) : 0),
        out_(static_cast<std::size_t>(batch * model.output_width()), 0.5F) {
    PlaceParameters<float> count;
    visit_parameters<Train>(model_, params_, count);
    frozen_.assign(static_cast<std::size_t>(count.frozen_count), 0.02F);
    learnt_.assign(static_cast<std::size_t>(count.learnt_count), 0.01F);
    gradients_.resize(learnt_.size());
    PlaceParameters<float> place{frozen_.data(), learnt_.data()};
    visit_parameters<Train>(model_, params_, place);
    PlaceGradients<float> place_gradients{gradients_.data()};
    visit_parameters<Train>(model_, d_params_, place_gradients);
  }
  CostRun(CostRun const&) = delete;
  CostRun& operator=(CostRun const&) = delete;

  [[nodiscard]] Ran infer() { return run<InferFlow>(false); }
  [[nodiscard]] Ran train() { return run<Train>(true); }
  /// The same through a Net.
  [[nodiscard]] NetRan net() {
    NetRan ran;
    Work work;
    WorkByStage stages;
    Net<Model, B> net(model_, {}, B(work, stages, on_));
    View<float> const out(out_.data(), batch_, model_.output_width());
    AskedMemory::asked = 0;
    (void)net.forward(input_.input(), tasks_);
    net.backward(View<float const>(out), input_.gradient());
    ran.step = std::exchange(work, {});
    ran.training_bytes = std::exchange(AskedMemory::asked, 0) - out_.size() * sizeof(float);
    auto workspace = std::as_const(net).workspace(batch_);
    for (Work* phase : {&ran.first, &ran.again}) {
      std::as_const(net).predict(input_.input(), tasks_, out, workspace);
      *phase = std::exchange(work, {});
    }
    ran.inference_bytes = AskedMemory::asked;
    return ran;
  }
  [[nodiscard]] Index frozen() const { return static_cast<Index>(frozen_.size()); }
  [[nodiscard]] Index learnt() const { return static_cast<Index>(learnt_.size()); }
  [[nodiscard]] std::vector<std::string> names() {
    ListParameters<float> list;
    visit_parameters<Train>(model_, params_, list);
    std::vector<std::string> all;
    for (auto const& r : list.records) all.push_back(r.name);
    return all;
  }

 private:
  template <class F>
  [[nodiscard]] Ran run(bool training) {
    Ran ran;
    B const first(ran.prepare.work, ran.prepare.stages, on_),
        then(ran.forward.work, ran.forward.stages, on_),
        back(ran.backward.work, ran.backward.stages, on_);
    ran.planned = plan_memory<F>(model_, first, batch_, training, skipped_);
    HostMemory const tape_memory(ran.planned.tape), scratch_memory(ran.planned.scratch);
    Arena tape(tape_memory.data(), tape_memory.size());
    Arena scratch(scratch_memory.data(), scratch_memory.size());
    DryRun<B> const machines[]{DryRun<B>(first, false), DryRun<B>(then, false),
                               DryRun<B>(back, false)};
    Context<DryRun<B>> preparing{machines[0], tape, scratch}, running{machines[1], tape, scratch},
        reversing{machines[2], tape, scratch};
    for (auto* c : {&preparing, &running, &reversing}) {
      c->training = training, c->plan = &skipped_;
      if (HasTasks<Model>) c->tasks.task = tasks_.data();
    }
    View<float> const out(out_.data(), batch_, model_.output_width());
    typename Model::template Prepared<float> prepared;
    typename Model::template Cache<float, F> cache{};
    model_.template prepare<F>(preparing, params_, prepared, batch_);
    model_.template forward<F>(running, params_, prepared, input_.input(), out, cache);
    ran.saved = static_cast<Index>(training ? tape.mark() : tape.peak());
    if (training) {
      model_.template backward<F>(reversing, params_, prepared, cache, View<float const>(out),
                                  input_.gradient(), d_params_);
      model_.template prepare_backward<F>(reversing, params_, prepared, d_params_);
    }
    for (Phase* phase : {&ran.prepare, &ran.forward, &ran.backward}) phase->stages.end(phase->work);
    ran.peak = {tape.peak(), scratch.peak()};
    ran.left = static_cast<Index>(scratch.mark());
    return ran;
  }

  Model const& model_;
  On on_;
  Index batch_;
  SkipPlan skipped_;
  CostInput<Model> input_;
  std::vector<Index> tasks_;
  std::vector<float> out_, frozen_, learnt_, gradients_;
  typename Model::template Params<float> params_{}, d_params_{};
};

}  // namespace vlpt::test
