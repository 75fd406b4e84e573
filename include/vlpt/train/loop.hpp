#pragma once
#include <chrono>
#include <filesystem>
#include <limits>
#include <optional>
#include <vector>

#include "vlpt/io/backbone_fingerprint.hpp"
#include "vlpt/io/sha256.hpp"
#include "vlpt/train/batches.hpp"
#include "vlpt/train/clip.hpp"
#include "vlpt/train/early_stopping.hpp"
#include "vlpt/train/evaluate.hpp"
#include "vlpt/train/finite_step.hpp"
#include "vlpt/train/observer.hpp"
#include "vlpt/train/run_state.hpp"
#include "vlpt/train/schedule.hpp"

namespace vlpt {

/// How a classifier is tuned. The learning rate of a step is learning_rate * schedule.factor(step).
struct FitSettings {
  Index epochs = 30;
  Index batch = 16;
  Index accumulate = 1;  // batches whose gradients make one step
  double learning_rate = 1e-3;
  Schedule schedule{};
  double clip = std::numeric_limits<double>::infinity();  // of the gradient's norm
  std::uint64_t seed = 1;                                 // of the order and the augmentation
  std::vector<double> class_weights{};
  std::optional<EarlyStopping> early_stopping{};  // on the accuracy of `valid`
  std::filesystem::path folder{};    // where last.run and best.run are kept; empty: nowhere
  OffTask off_task = OffTask::keep;  // logits of other tasks, where the examples have tasks
  Loss loss = Loss::cross_entropy;
  // For what precedes the first learner, computed once an example and kept in so many bytes; 0:
  // computed each time. Not given: features alone, where nothing below the head learns.
  std::optional<Index> cache_bytes{};
  bool resume = false;       // goes on from folder/last.run, bit for bit
  io::NamedValues recipe{};  // what else the run is; must be the same when it is resumed
};

/// Steps that an epoch of `examples` takes: the last one may be smaller.
[[nodiscard]] inline Index steps_of_epoch(Index examples, FitSettings const& s) {
  Index const images = s.batch * s.accumulate;
  return (examples + images - 1) / images;
}

/// Everything that the bits of a run depend on: two runs with the same one may continue each other.
/// `recipe` adds what only the caller knows, such as the data and the augmentation; of what both
/// name, such as the batch, the run's own value counts.
template <class N, class Train>
[[nodiscard]] io::NamedValues run_recipe(N const& net, Train const& train, FitSettings const& s) {
  std::string names;
  for (auto const& r : net.parameters())
    if (r.learns) names += text(r.name, r.shape, ' ');
  io::Sha256 hash;
  hash.update(std::as_bytes(std::span(names)));
  char const* const off[] = {"kept", "zero", "minus infinity"};
  io::NamedValues out{{"other_tasks", off[static_cast<int>(s.off_task)]},
                      {"seed", io::value_text(s.seed)},
                      {"net_seed", io::value_text(net.seed())},
                      {"train_images", io::value_text(train.size())},
                      {"epochs", io::value_text(s.epochs)},
                      {"batch", io::value_text(s.batch)},
                      {"accumulate", io::value_text(s.accumulate)},
                      {"lr", io::value_text(s.learning_rate)},
                      {"schedule", text(static_cast<int>(s.schedule.kind), ' ',
                                        s.schedule.warmup_steps, ' ', s.schedule.total_steps)},
                      {"clip", io::value_text(s.clip)},
                      {"learns", hash.hex().substr(0, 16)},
                      {"frozen", io::backbone_fingerprint(net).substr(0, 16)}};
  if (s.loss == Loss::binary_cross_entropy) out.emplace("loss", "binary");
  out.insert(s.recipe.begin(), s.recipe.end());
  return out;
}

/// `count` of the examples in an order.
[[nodiscard]] inline std::span<Index const> part_of(std::vector<Index> const& order, Index first,
                                                    Index count) {
  return std::span(order).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

/// Tunes what learns in a net on labelled images or questions. Everything random follows from
/// (seed, epoch, step), so a run that is killed and resumed ends with the very same bits,
/// observers' memories included. With `valid`, the values of the best epoch are in the net at the
/// end. Throws RunError where it diverges; what was saved before stays. Returns the curve.
template <class N, Optimizer O, class Train, class Valid, class... W>
std::vector<EpochSummary> fit(N& net, O& optimizer, Train& train, Valid* valid,
                              FitSettings const& s, W&... watching) {
  using T = typename N::T;
  using Clock = std::chrono::steady_clock;
  (require_observer<W, N>(), ...);
  VLPT_CHECK(s.epochs > 0 && s.batch > 0 && s.accumulate > 0,
             "a run needs at least one epoch, image a batch and batch a step; got ", s.epochs, ", ",
             s.batch, " and ", s.accumulate);
  VLPT_CHECK(train.classes() == net.model().output_width(), "the data have ", train.classes(),
             " classes, the net's head ", net.model().output_width());
  VLPT_CHECK(
      s.class_weights.empty() || static_cast<Index>(s.class_weights.size()) == train.classes(),
      "expected a weight for each of ", train.classes(), " classes, got ", s.class_weights.size());
  VLPT_CHECK(!s.early_stopping || valid != nullptr,
             "early stopping needs validation images to watch");
  static_assert(works_on<O, typename N::BackendType>,
                "the net's values are in its backend's memory alone: make its optimizer for that "
                "backend (adamw_of)");
  std::vector<T> const weights(s.class_weights.begin(), s.class_weights.end());
  Room<T, typename N::BackendType> brought;
  View<T const> const weight_row(
      weights.empty() ? nullptr : brought.bring(net.backend(), std::span(weights)), 1,
      train.classes());
  auto const last = s.folder / "last.run", best = s.folder / "best.run";
  io::NamedValues recipe;
  if (!s.folder.empty()) recipe = run_recipe(net, train, s), (add_recipe(watching, recipe), ...);
  RunState run;
  if (s.resume) {
    run = load_run(last, net, optimizer, recipe);
    (recall(watching, io::Safetensors::open(last)), ...);
  }
  EarlyStopping stopping =
      s.early_stopping.value_or(EarlyStopping{.patience = std::numeric_limits<Index>::max()});
  stopping.state = run.stopping;
  std::vector<T> best_values;
  Batches<N, Train> batches(net, train, s.batch, s.off_task, s.loss, s.cache_bytes);
  Index const steps = steps_of_epoch(train.size(), s);
  for (; run.epoch < s.epochs && !stopping.should_stop(); ++run.epoch) {
    auto const begin = Clock::now();
    Random const draws = Random{s.seed, 101}.fork(static_cast<std::uint64_t>(run.epoch));
    auto const order = draws.permutation(train.size());
    EpochSummary sum{.epoch = run.epoch, .steps = steps};
    StepSummary made;  // the last one
    Index right = 0;
    for (Index first = 0; first < train.size();) {
      Index const images = std::min(s.batch * s.accumulate, train.size() - first);
      double loss = 0;
      (tell(watching, StepPlace{.step = run.step, .epoch = run.epoch}), ...);
      net.zero_gradients();
      for (Index done = 0; done < images;) {
        Index const n = std::min(s.batch, images - done);
        // Dropout is numbered by micro-batch, so that accumulated batches draw different masks.
        auto const place = static_cast<std::uint64_t>(run.step * s.accumulate + done / s.batch);
        auto const logits = batches.forward(part_of(order, first + done, n), draws, place);
        View<T> const d = net.d_out(n);
        double const share = static_cast<double>(n) / static_cast<double>(images);
        batches.loss(logits, weight_row, d);
        if (n != images) net.backend().scale(static_cast<Sum<T>>(share), Stream<T>(d, 1));
        batches.backward(d);
        Index const next = first + done + n;
        Index const rest = done + n < images ? images - done - n : train.size() - next;
        batches.prepare(part_of(order, next, std::min(s.batch, rest)), draws);
        loss += share * batches.loss_value();
        right += batches.count_right(logits);
        done += n;
      }
      (tell_gradients(watching, net), ...);
      double const norm = clip_norm(net.backend(), net.gradients(), s.clip);
      double const rate = s.learning_rate * s.schedule.factor(run.step);
      made = {.step = run.step,
              .epoch = run.epoch,
              .loss = loss,
              .learning_rate = rate,
              .gradient_norm = norm};
      require_finite_step(made);
      optimizer.step(net.learnt(), net.gradients(), rate);
      net.keep_ranges();
      sum.train_loss += loss / static_cast<double>(steps);
      sum.gradient_norm += norm / static_cast<double>(steps);
      sum.learning_rate = rate;
      (tell(watching, made), ...);
      first += images;
      ++run.step;
    }
    sum.train_accuracy = static_cast<double>(right) / static_cast<double>(train.size());
    sum.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    sum.seconds_per_step = sum.seconds / static_cast<double>(steps);
    require_finite_values(net, optimizer, made);
    bool better = false;
    if (valid != nullptr) {
      sum.valid_accuracy = accuracy(predict_all(std::as_const(net), *valid), *valid);
      better = stopping.update(*sum.valid_accuracy);
      run.stopping = stopping.state;
      if (better) best_values = fetched(net.backend(), std::as_const(net).learnt());
    }
    run.history.push_back(sum);
    if (!s.folder.empty()) {
      RunState next = run;
      ++next.epoch;
      std::vector<io::TensorBytes> remembered;
      (remember(watching, remembered), ...);
      if (better) save_run(best, net, optimizer, next, recipe, remembered);
      save_run(last, net, optimizer, next, recipe, remembered);
    }
    (tell(watching, sum), ...);
  }
  if (valid != nullptr && best_values.empty() && !s.folder.empty() && std::filesystem::exists(best))
    best_values = learnt_of_run(best, net, recipe);  // the best epoch came before a resume
  if (!best_values.empty())
    bring(net.backend(), std::span<T const>(best_values), net.learnt().data());
  (tell_end(watching, std::span<EpochSummary const>(run.history)), ...);
  return run.history;
}

/// The same without validation images.
template <class N, Optimizer O, class Train, class... W>
std::vector<EpochSummary> fit(N& net, O& optimizer, Train& train, FitSettings const& s,
                              W&... watching) {
  return fit(net, optimizer, train, static_cast<Train*>(nullptr), s, watching...);
}

}  // namespace vlpt
