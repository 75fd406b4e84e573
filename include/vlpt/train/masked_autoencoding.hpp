#pragma once
#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>
#include <vector>

#include "vlpt/io/dataset/augment.hpp"
#include "vlpt/io/dataset/dataset.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/models/masking.hpp"
#include "vlpt/ops/positions.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/clip.hpp"
#include "vlpt/train/finite_step.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/loss_sum.hpp"
#include "vlpt/train/observer.hpp"
#include "vlpt/train/run_state.hpp"
#include "vlpt/train/schedule.hpp"

namespace vlpt {

/// How a backbone is pretrained by masked autoencoding; defaults after MAE (arXiv 2111.06377).
struct PretrainSettings {
  Index epochs = 20;
  Index batch = 256;
  double learning_rate = 1e-3;
  double warmup = 0.05;  // share of all steps
  double clip = 1.0;     // of the gradient's norm
  std::uint64_t seed = 1;
  bool normalise_patches = true;  // targets have mean 0 and deviation 1 within each patch
  io::Preprocess preprocess{};
  std::optional<io::Augment> augment{};
  std::filesystem::path state{};  // saved after every epoch, and resumed from
  bool resume = false;
  io::NamedValues recipe{};  // what a state must have been saved with to be resumed
};

/// The pixels that the decoder has to predict: (batch, masked * patch_size), made by the host and
/// brought to B's memory.
template <class B>
class MaskedTargets {
 public:
  using T = typename B::Scalar;

  template <class N>
  View<T const> make(N const& net, Stream<T const> images, Random run, bool normalise) {
    auto const& m = net.model();
    Index const n = m.facts.patches(), width = m.facts.patch_size(), batch = images.batch;
    masking_.draw(m.masking_random(run), batch, n, m.keep());
    all_.resize(static_cast<std::size_t>(batch * n * width));
    values_.resize(static_cast<std::size_t>(batch * m.output_width()));
    Stream<T> const cut(all_.data(), batch, n, width),
        out(values_.data(), batch, m.masked(), width);
    auto const cut_and_choose = [&](auto const& host) {
      host.patches(images, m.facts.channels, m.facts.patch, cut);
      host.gather(Stream<T const>(cut), masking_.masked.data(), out);
    };
    if constexpr (KeepsApart<B>)
      cut_and_choose(Reference<T>{});
    else
      cut_and_choose(net.backend());
    if (normalise)
      for (Index r = 0; r < out.rows(); ++r) standardise(out.flat().row(r), width);
    return {brought_.bring(net.backend(), std::span<T const>(values_)), batch, m.output_width()};
  }

 private:
  static void standardise(T* x, Index n) {
    using S = Sum<T>;
    S mean = 0, square = 0;
    for (Index i = 0; i < n; ++i) mean += x[i];
    mean /= static_cast<S>(n);
    for (Index i = 0; i < n; ++i) square += (x[i] - mean) * (x[i] - mean);
    S const scale = S(1) / std::sqrt(square / static_cast<S>(n - 1) + S(1e-6));
    for (Index i = 0; i < n; ++i) x[i] = static_cast<T>((x[i] - mean) * scale);
  }
  Masking masking_;
  std::vector<T> all_, values_;
  Room<T, B> brought_;
};

/// Writes the fixed sine-cosine positions of MAE into the encoder and the decoder.
template <class N>
void set_mae_positions(N& net) {
  auto const& f = net.model().facts;
  Index const side = f.image / f.patch;
  for (auto const& r : net.parameters())
    if (r.name == "embed.positions" || r.name == "decoder.positions") {
      auto const table = sine_cosine_positions(side, r.shape[1], true);
      net.write(r, std::vector<typename N::T>(table.values.begin(), table.values.end()));
    }
  net.touch();
}

/// Trains a MaskedAutoencoder's Net on the images of a data set, labels unused. Throws RunError
/// where it diverges; the state that was saved before stays. Returns the curve.
template <class N, io::Dataset D, Observer... O>
std::vector<EpochSummary> pretrain(N& net, D const& data, PretrainSettings const& s,
                                   O&... watching) {
  using T = typename N::T;
  using Clock = std::chrono::steady_clock;
  VLPT_CHECK(data.size() >= s.batch, "pretraining with batches of ", s.batch,
             " needs as many images, got ", data.size());
  set_mae_positions(net);
  Index const steps = data.size() / s.batch, total = steps * s.epochs;
  Schedule const schedule{
      .kind = Schedule::Kind::cosine,
      .total_steps = total,
      .warmup_steps = static_cast<Index>(s.warmup * static_cast<double>(total))};
  using B = typename N::BackendType;
  auto optimizer =
      adamw_of(net, groups_of(net), {.beta1 = 0.9, .beta2 = 0.95, .weight_decay = 0.05});
  RunState run;
  if (s.resume) run = load_run(s.state, net, optimizer, s.recipe);
  auto const& f = net.model().facts;
  Tensor<T> images(Shape{s.batch, f.channels, f.image, f.image});
  MaskedTargets<B> targets;
  LossSum<T, B> error;
  io::Image picture;
  for (; run.epoch < s.epochs; ++run.epoch) {
    auto const begin = Clock::now();
    Random const draws = Random{s.seed, 77}.fork(static_cast<std::uint64_t>(run.epoch));
    auto const order = draws.permutation(data.size());
    EpochSummary sum{.epoch = run.epoch, .steps = steps};
    StepSummary made;  // the last one
    for (Index i = 0; i < steps; ++i) {
      for (Index b = 0; b < s.batch; ++b) {
        Index const at = order[static_cast<std::size_t>(i * s.batch + b)];
        data.image(at, picture);
        if (s.augment) io::augment(picture, *s.augment, draws.fork(static_cast<std::uint64_t>(at)));
        io::preprocess<T>(picture, s.preprocess,
                          std::span(images.data() + b * s.preprocess.values(),
                                    static_cast<std::size_t>(s.preprocess.values())));
      }
      auto const step = static_cast<std::uint64_t>(run.step);
      auto const out = net.forward(net.stream_of(images), step);
      auto const want =
          targets.make(net, net.stream_of(images), net.random(step), s.normalise_patches);
      View<T> const d = net.d_out(out.rows);
      net.backend().squared_error(Stream<T const>(out, 1), Stream<T const>(want, 1),
                                  Stream<T>(d, 1), error.start(net.backend()));
      net.zero_gradients();
      net.backward(View<T const>(d));
      double const loss = static_cast<double>(error.value(net.backend()));
      (tell_gradients(watching, net), ...);
      double const norm = clip_norm(net.backend(), net.gradients(), s.clip);
      double const rate = s.learning_rate * schedule.factor(run.step);
      made = {.step = run.step,
              .epoch = run.epoch,
              .loss = loss,
              .learning_rate = rate,
              .gradient_norm = norm};
      require_finite_step(made);
      optimizer.step(net.learnt(), net.gradients(), rate);
      sum.train_loss += loss / static_cast<double>(steps);
      sum.gradient_norm += norm / static_cast<double>(steps);
      sum.learning_rate = rate;
      (tell(watching, made), ...);
      ++run.step;
    }
    sum.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    sum.seconds_per_step = sum.seconds / static_cast<double>(steps);
    require_finite_values(net, optimizer, made);
    run.history.push_back(sum);
    if (!s.state.empty()) {
      RunState next = run;
      ++next.epoch;
      save_run(s.state, net, optimizer, next, s.recipe);
    }
    (tell(watching, sum), ...);
  }
  (tell_end(watching, std::span<EpochSummary const>(run.history)), ...);
  return run.history;
}

}  // namespace vlpt
