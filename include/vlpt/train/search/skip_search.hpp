#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include "vlpt/core/random.hpp"
#include "vlpt/core/skip_plan.hpp"
#include "vlpt/train/search/search_settings.hpp"
#include "vlpt/train/search/search_state.hpp"
#include "vlpt/train/search/search_update.hpp"
#include "vlpt/train/search/subset_law.hpp"

namespace vlpt {

/// Finds the modules that a network misses least (DAS, arXiv 2309.01479): a bandit whose arms are
/// the modules, each with a preference g to be skipped, g = 0 at first. Knows no network:
///     plan = search.next();                                // train one step that skips plan
///     if (search.update_due()) search.update(loss);        // loss(plan) on validation data
///     search.end_epoch();                                  // at last: search.choice()
class SkipSearch {
 public:
  /// Draws in a row that may bring no new subset before an update gives up.
  static constexpr Index patience = 100'000;

  explicit SkipSearch(SearchSettings const& settings) : settings_(settings) {
    settings.check();
    state_.preferences.assign(static_cast<std::size_t>(settings.modules), 0.0);
  }

  [[nodiscard]] SearchSettings const& settings() const { return settings_; }
  [[nodiscard]] SearchState const& state() const { return state_; }
  /// Puts a state back; the search goes on as the one that it was taken from.
  void restore(SearchState state) {
    VLPT_CHECK(static_cast<Index>(state.preferences.size()) == settings_.modules,
               "the state of a search over ", state.preferences.size(),
               " modules does not fit a search over ", settings_.modules);
    state_ = std::move(state);
  }

  /// False once the epochs of search are over: then nothing is drawn and nothing changes.
  [[nodiscard]] bool searching() const { return state_.epoch < settings_.epochs; }
  /// p = sigmoid(g).
  [[nodiscard]] std::vector<double> probabilities() const {
    std::vector<double> p;
    for (double g : state_.preferences) p.push_back(1 / (1 + std::exp(-g)));
    return p;
  }
  /// Distinct modules, one after another, each with a chance proportional to its p.
  [[nodiscard]] SkipPlan draw() {
    Random const random{settings_.seed, 0x736b6970ULL};
    return SubsetLaw(probabilities()).draw(settings_.skip, [&] {
      return random.uniform(static_cast<std::uint64_t>(state_.numbers++));
    });
  }

  /// What the next training step skips: a draw while searching, the choice afterwards. Counts the
  /// step. `source()` draws in place of draw(), to replay a record or to follow another law.
  template <class Source>
  [[nodiscard]] SkipPlan next(Source&& source) {
    if (!searching()) return choice();
    ++state_.steps;
    return source();
  }
  [[nodiscard]] SkipPlan next() {
    return next([this] { return draw(); });
  }

  /// True when `turn` steps have passed since the last update and the warm-up is over. Steps of
  /// the warm-up count: the first step after it updates, as in the published code.
  [[nodiscard]] bool update_due() const {
    return searching() && state_.epoch >= settings_.warm_up && state_.steps >= settings_.turn;
  }
  /// Compares distinct subsets: g_i += eta (R_k - mean R) p_i (1 - p_i) for every module i of every
  /// subset k, in order, with R = exp(-loss(subset)) and p as it was before. A large g says: skip.
  /// requires: update_due(). Throws RunError, and leaves g alone, where a loss is not finite.
  template <class Loss, class Source>
  SearchUpdate update(Loss&& loss, Source&& source) {
    VLPT_CHECK(update_due(), "no update is due after ", state_.steps, " steps in epoch ",
               state_.epoch, "; ask update_due() first");
    SearchUpdate now{.subsets = distinct(source)};
    for (SkipPlan const& subset : now.subsets) now.rewards.push_back(reward(loss(subset), subset));
    now.baseline = std::accumulate(now.rewards.begin(), now.rewards.end(), 0.0) /
                   static_cast<double>(now.rewards.size());
    auto const p = probabilities();
    for (std::size_t k = 0; k < now.subsets.size(); ++k)
      for (Index i : now.subsets[k].layers()) {
        auto const at = static_cast<std::size_t>(i);
        state_.preferences[at] +=
            settings_.step_size * (now.rewards[k] - now.baseline) * p[at] * (1 - p[at]);
      }
    state_.steps = 0;
    return now;
  }
  template <class Loss>
  SearchUpdate update(Loss&& loss) {
    return update(loss, [this] { return draw(); });
  }

  void end_epoch() { ++state_.epoch; }
  /// The modules of the largest preferences; among equals, those of the lowest index.
  [[nodiscard]] SkipPlan choice() const {
    std::vector<Index> order(state_.preferences.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::ranges::stable_sort(order, std::greater{}, [this](Index i) {
      return state_.preferences[static_cast<std::size_t>(i)];
    });
    order.resize(static_cast<std::size_t>(settings_.skip));
    return SkipPlan(settings_.modules, order);
  }

 private:
  /// As many subsets as an update compares; one that was drawn already is drawn again.
  template <class Source>
  [[nodiscard]] std::vector<SkipPlan> distinct(Source&& source) const {
    std::vector<SkipPlan> found;
    for (Index in_vain = 0; static_cast<Index>(found.size()) < settings_.subsets;) {
      SkipPlan const subset = source();
      if (std::ranges::find(found, subset) == found.end())
        found.push_back(subset), in_vain = 0;
      else if (++in_vain == patience)
        throw RunError(text(patience, " draws in a row gave no other subset than ", found.size(),
                            " known ones, and an update compares ", settings_.subsets,
                            "; the preferences are too far apart, try a smaller step size"));
    }
    return found;
  }
  [[nodiscard]] static double reward(double loss, SkipPlan const& subset) {
    double const r = std::exp(-loss);
    if (!std::isfinite(loss) || !std::isfinite(r))
      throw RunError(text("the validation loss without ", layers_of(subset), " is ",
                          std::isfinite(loss) ? text(loss) : "no finite number",
                          "; a search needs finite losses, try a smaller learning rate"));
    return r;
  }

  SearchSettings settings_;
  SearchState state_;
};

}  // namespace vlpt
