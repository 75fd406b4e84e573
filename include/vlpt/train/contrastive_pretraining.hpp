#pragma once
#include <algorithm>
#include <chrono>
#include <concepts>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "vlpt/core/random.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/io/dataset/preprocess.hpp"
#include "vlpt/models/class_texts.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/clip.hpp"
#include "vlpt/train/contrastive_loss.hpp"
#include "vlpt/train/finite_step.hpp"
#include "vlpt/train/groups.hpp"
#include "vlpt/train/metrics.hpp"
#include "vlpt/train/observer.hpp"
#include "vlpt/train/run_state.hpp"
#include "vlpt/train/schedule.hpp"

namespace vlpt {

/// A picture and the words of its caption, [start ... end].
struct CaptionedImage {
  io::Image image;
  std::vector<Index> words;
};

/// Where batches come from: fills all pairs of one, by these random numbers alone. No caption
/// should stand twice in a batch, because each is a wrong answer for the other's picture.
template <class S>
concept PairSource = requires(S const& s, Random random, std::span<CaptionedImage> pairs) {
  { s.draw(random, pairs) } -> std::same_as<void>;
};

/// How two towers are pretrained; defaults after CLIP (arXiv 2103.00020), for small data.
struct ContrastiveSettings {
  Index epochs = 20;
  Index steps = 100;  // of an epoch
  double learning_rate = 1e-3;
  double warmup = 0.05;  // share of all steps
  double clip = 1.0;     // of the gradient's norm
  double weight_decay = 0.1;
  std::uint64_t seed = 1;
  io::Preprocess preprocess{};
  std::filesystem::path state{};  // saved after every epoch, and resumed from
  bool resume = false;
  io::NamedValues recipe{};  // what a state must have been saved with to be resumed
};

/// The captions of a batch side by side, padded with 0 behind their ends.
[[nodiscard]] inline ClassTexts captions_of(std::span<CaptionedImage const> pairs) {
  std::size_t longest = 0;
  for (auto const& p : pairs) longest = std::max(longest, p.words.size());
  ClassTexts out{static_cast<Index>(pairs.size()), static_cast<Index>(longest)};
  for (auto const& p : pairs) {
    out.ids.insert(out.ids.end(), p.words.begin(), p.words.end());
    out.ids.resize(out.ids.size() + longest - p.words.size(), 0);
  }
  return out;
}

/// Trains a ContrastivePair's Net on batches of its source. Throws RunError where it diverges; the
/// state that was saved before stays. Returns the curve; its accuracy is the share of images that
/// find their own caption in their batch.
template <class N, PairSource S, Observer... O>
std::vector<EpochSummary> pretrain_pairs(N& net, S const& source, ContrastiveSettings const& s,
                                         O&... watching) {
  using T = typename N::T;
  using Clock = std::chrono::steady_clock;
  Index const pairs = net.model().pairs, total = s.steps * s.epochs;
  VLPT_CHECK(s.steps > 0, "an epoch needs at least one step, got ", s.steps);
  Schedule const schedule{
      .kind = Schedule::Kind::cosine,
      .total_steps = total,
      .warmup_steps = static_cast<Index>(s.warmup * static_cast<double>(total))};
  auto optimizer =
      adamw_of(net, groups_of(net), {.beta1 = 0.9, .beta2 = 0.98, .weight_decay = s.weight_decay});
  RunState run;
  if (s.resume) run = load_run(s.state, net, optimizer, s.recipe);
  auto const& f = net.model().facts;
  Tensor<T> images(Shape{pairs, f.channels, f.image, f.image});
  std::vector<CaptionedImage> batch(static_cast<std::size_t>(pairs));
  ContrastiveLoss<typename N::BackendType> contrastive;
  for (; run.epoch < s.epochs; ++run.epoch) {
    auto const begin = Clock::now();
    Random const draws = Random{s.seed, 78}.fork(static_cast<std::uint64_t>(run.epoch));
    EpochSummary sum{.epoch = run.epoch, .steps = s.steps};
    StepSummary made;  // the last one
    Index right = 0;
    for (Index i = 0; i < s.steps; ++i) {
      source.draw(draws.fork(static_cast<std::uint64_t>(i)), std::span(batch));
      auto const values = static_cast<std::size_t>(s.preprocess.values());
      for (std::size_t b = 0; b < batch.size(); ++b)
        io::preprocess<T>(batch[b].image, s.preprocess,
                          std::span(images.values).subspan(b * values, values));
      auto const captions = net.model().layout(captions_of(batch));
      auto const out = net.forward({pairs, net.stream_of(images), &captions},
                                   static_cast<std::uint64_t>(run.step));
      auto const d_out = net.d_out(pairs);
      contrastive(net.backend(), out, d_out);
      net.zero_gradients();
      net.backward(View<T const>(d_out));
      double const loss = static_cast<double>(contrastive.value(net.backend()));
      auto const logits = net.read(out);
      for (Index b = 0; b < pairs; ++b) right += best_class(logits.view(), b) == b ? 1 : 0;
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
      net.keep_ranges();
      sum.train_loss += loss / static_cast<double>(s.steps);
      sum.gradient_norm += norm / static_cast<double>(s.steps);
      sum.learning_rate = rate;
      (tell(watching, made), ...);
      ++run.step;
    }
    sum.train_accuracy = static_cast<double>(right) / static_cast<double>(s.steps * pairs);
    sum.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    sum.seconds_per_step = sum.seconds / static_cast<double>(s.steps);
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
