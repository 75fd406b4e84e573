#pragma once
#include <algorithm>
#include <limits>
#include <vector>

#include "vlpt/autodiff/module.hpp"
#include "vlpt/kernels/dry_run.hpp"
#include "vlpt/kernels/reference.hpp"

namespace vlpt {

/// What gradcheck feeds a module with, and how far it moves.
struct GradcheckSettings {
  Index batch = 2, tokens = 3, width = 8;  // of a module's input; a Net is given its images
  std::uint64_t seed = 1;
  double step = 1e-5;  // of the differences, in units of a standard normal
};

/// A module with everything that a run of it needs, in double and in plain loops. Before backward
/// it spoils what the module has no right to read: scratch, and an input or output that it did not
/// say it keeps.
template <Module M>
class GradcheckRun {
 public:
  using B = Reference<double>;
  using Train = Flow<learn::All, true>;
  using Frozen = Flow<learn::Nothing, true>;
  using Root = Flow<learn::All, false>;

  GradcheckRun(M const& module, GradcheckSettings const& s)
      : module_(module), s_(s), random_{s.seed, 0} {
    PlaceParameters<double> count;
    visit_parameters<Train>(module_, params_, count);
    plan<Train>();
    plan<Frozen>();
    plan<Root>();
    tape_memory_ = HostMemory(tape_.peak());
    scratch_memory_ = HostMemory(scratch_.peak());
    frozen = normal(count.frozen_count, 1, 0.5);
    learnt = normal(count.learnt_count, 2, 0.5);
    input = normal(s.batch * s.tokens * s.width, 3);
    weights_ = normal(s.batch * s.tokens * module.width(s.width), 4);
    output_ = weights_;
    PlaceParameters<double> place{frozen.data(), learnt.data()};
    visit_parameters<Train>(module_, params_, place);
    gradient.resize(learnt.size());
    PlaceGradients<double> place_gradients{gradient.data()};
    visit_parameters<Train>(module_, gradients_, place_gradients);
    d_input.resize(input.size());
    (void)value();  // counts what is detached
    detached_.resize(static_cast<std::size_t>(record_.used));
    record_ = {detached_.data(), record_.used};
    (void)value();
    record_.replaying = true;
  }

  GradcheckRun(GradcheckRun const&) = delete;
  GradcheckRun& operator=(GradcheckRun const&) = delete;

  /// <weights, f(input; parameters)>.
  [[nodiscard]] double value() {
    typename M::template Cache<double, Train> cache{};
    forward<Train>(cache);
    double sum = 0;
    for (std::size_t i = 0; i < output_.size(); ++i) sum += weights_[i] * output_[i];
    return sum;
  }
  /// Fills gradient and d_input by a forward and backward under flow F.
  template <class F>
  void reverse() {
    constexpr double garbage = std::numeric_limits<double>::quiet_NaN();
    auto const kept = input;
    typename M::template Cache<double, F> cache{};
    spoil(tape_memory_);
    forward<F>(cache);
    spoil(scratch_memory_);
    if (!M::template keeps_input<F>) std::fill(input.begin(), input.end(), garbage);
    if (!M::template keeps_output<F>) std::fill(output_.begin(), output_.end(), garbage);
    std::fill(gradient.begin(), gradient.end(), 1.0);                     // to be added to
    std::fill(d_input.begin(), d_input.end(), F::below ? garbage : 0.0);  // to be overwritten
    Context<DryRun<B>> c = context();
    module_.template backward<F>(c, params_, cache, Stream<double const>(stream(weights_)),
                                 F::below ? stream(d_input) : Stream<double>{}, gradients_);
    for (double& g : gradient) g -= 1.0;
    input = kept;
  }
  [[nodiscard]] std::vector<ParameterRecord<double>> parameters() {
    ListParameters<double> list;
    visit_parameters<Train>(module_, params_, list);
    return list.records;
  }
  [[nodiscard]] Index offset(ParameterRecord<double> const& r) {
    return r.values.data - learnt.data();
  }

  std::vector<double> frozen, learnt, gradient, input, d_input;

 private:
  static void spoil(HostMemory const& m) {
    std::fill_n(m.data(), m.size(), std::byte{0xFF});  // every double a NaN
  }
  [[nodiscard]] std::vector<double> normal(Index n, std::uint64_t id, double scale = 1) const {
    std::vector<double> v(static_cast<std::size_t>(n));
    Random const r = random_.fork(id);
    for (std::size_t i = 0; i < v.size(); ++i) v[i] = scale * r.normal(i);
    return v;
  }
  [[nodiscard]] Stream<double> stream(std::vector<double>& v) const {
    return {v.data(), s_.batch, s_.tokens, static_cast<Index>(v.size()) / (s_.batch * s_.tokens)};
  }
  [[nodiscard]] Context<DryRun<B>> context() {
    return {machine_, tape_, scratch_, random_.fork(5), true, {}, &record_};
  }
  template <class F, class K>
  void forward(K& cache) {
    tape_ = Arena(tape_memory_.data(), tape_memory_.size());
    scratch_ = Arena(scratch_memory_.data(), scratch_memory_.size());
    record_.used = 0;
    Context<DryRun<B>> c = context();
    module_.template forward<F>(c, params_, Stream<double const>(stream(input)), stream(output_),
                                cache);
  }
  template <class F>
  void plan() {
    DryRun<B> const nothing(backend_);
    Context<DryRun<B>> c{nothing, tape_, scratch_, {}, true};
    tape_.release({}), scratch_.release({});
    typename M::template Cache<double, F> cache{};
    Stream<double> const in(nullptr, s_.batch, s_.tokens, s_.width);
    Stream<double> const out(nullptr, s_.batch, s_.tokens, module_.width(s_.width));
    module_.template forward<F>(c, params_, Stream<double const>(in), out, cache);
    module_.template backward<F>(c, params_, cache, Stream<double const>(out),
                                 F::below ? in : Stream<double>{}, gradients_);
  }

  M module_;
  GradcheckSettings s_;
  Random random_;
  B backend_;
  DryRun<B> machine_{backend_, false};
  typename M::template Params<double> params_{}, gradients_{};
  HostMemory tape_memory_, scratch_memory_;
  Arena tape_, scratch_;
  std::vector<double> weights_, output_, detached_;
  DetachRecord<double> record_;
};

}  // namespace vlpt
