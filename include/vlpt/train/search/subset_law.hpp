#pragma once
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/skip_plan.hpp"

namespace vlpt {

/// The law by which modules are drawn without replacement: one after another, each with a chance
/// proportional to its weight among those that are left (torch.multinomial's law).
/// requires: finite weights, none negative.
class SubsetLaw {
 public:
  explicit SubsetLaw(std::vector<double> weights) : weights_(std::move(weights)) {
    for (std::size_t i = 0; i < weights_.size(); ++i)
      VLPT_CHECK(std::isfinite(weights_[i]) && weights_[i] >= 0, "the weight of module ", i, " is ",
                 weights_[i], "; a chance to be drawn is a finite number, not negative");
  }

  /// Draws `count` distinct modules; `uniform()` gives the next number in [0, 1), one for each.
  template <class Uniform>
  [[nodiscard]] SkipPlan draw(Index count, Uniform&& uniform) const {
    std::vector<double> left = weights_;
    auto const possible = std::ranges::count_if(left, [](double w) { return w > 0; });
    VLPT_CHECK(count >= 0 && count <= possible, "cannot draw ", count, " modules: ", possible,
               " of ", left.size(), " have a weight above 0");
    std::vector<Index> drawn;
    for (Index k = 0; k < count; ++k) {
      double total = 0;
      for (double w : left) total += w;
      double past = uniform() * total;
      std::size_t chosen = 0;
      for (std::size_t i = 0; i < left.size(); ++i) {
        if (left[i] == 0) continue;
        chosen = i;  // the last one with a weight stands, should rounding carry `past` to the end
        if (past < left[i]) break;
        past -= left[i];
      }
      left[chosen] = 0;
      drawn.push_back(static_cast<Index>(chosen));
    }
    return SkipPlan(static_cast<Index>(weights_.size()), drawn);
  }

  /// The exact probability that draw(subset.size()) gives this subset, in whatever order. Sums over
  /// the orders by way of the subset's own subsets: size * 2^size steps.
  [[nodiscard]] double probability(SkipPlan const& subset) const {
    static constexpr Index most = 20;
    VLPT_CHECK(subset.depth() == static_cast<Index>(weights_.size()), "a subset of ",
               subset.depth(), " modules has no probability among ", weights_.size());
    VLPT_CHECK(subset.size() <= most, "the probability of a subset is summed for at most ", most,
               " modules, this one has ", subset.size());
    std::vector<double> inside;
    double outside = 0;
    for (Index i = 0; i < subset.depth(); ++i) {
      double const w = weights_[static_cast<std::size_t>(i)];
      if (subset.skips(i))
        inside.push_back(w);
      else
        outside += w;
    }
    // reached[A]: the probability that the first |A| draws are A; A is a mask over `inside`.
    std::vector<double> reached(std::size_t{1} << inside.size(), 0.0);
    reached[0] = 1;
    for (std::size_t a = 0; a < reached.size(); ++a) {
      double left = outside;
      for (std::size_t i = 0; i < inside.size(); ++i)
        if (!(a >> i & 1)) left += inside[i];
      for (std::size_t i = 0; i < inside.size(); ++i)
        if (!(a >> i & 1) && inside[i] > 0)
          reached[a | std::size_t{1} << i] += reached[a] * inside[i] / left;
    }
    return reached.back();
  }

 private:
  std::vector<double> weights_;
};

}  // namespace vlpt
