#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "vlpt/core/error.hpp"
#include "vlpt/core/skip_plan.hpp"
#include "vlpt/io/named_values.hpp"

namespace vlpt {

/// How layers to skip are searched (DAS, arXiv 2309.01479). The defaults are those of the published
/// code for METER; for ViLT it skips 1.
struct SearchSettings {
  Index modules = 12;    // that may be skipped
  Index skip = 4;        // of them will be
  Index subsets = 3;     // compared in each update (das_step)
  Index turn = 10;       // training steps from one update to the next (das_turn)
  Index epochs = 3;      // of search
  Index warm_up = 1;     // of these epochs only train, with every module as likely
  double step_size = 1;  // of the preferences
  std::uint64_t seed = 1;

  /// Throws InputError, saying why, where no search can follow.
  void check() const {
    VLPT_CHECK(modules > 0 && modules <= SkipPlan::max_depth, "a search is over 1 to ",
               SkipPlan::max_depth, " modules, got ", modules);
    VLPT_CHECK(skip > 0 && skip <= modules, "a search skips 1 to ", modules, " of ", modules,
               " modules, got ", skip);
    VLPT_CHECK(subsets > 1 && subsets <= 1000,
               "a search compares 2 to 1000 subsets in an update, got ", subsets);
    VLPT_CHECK(turn > 0, "a search updates every 1 or more training steps, got ", turn);
    VLPT_CHECK(epochs > 0 && warm_up >= 0 && warm_up < epochs,
               "a search needs an epoch after its warm-up, got ", warm_up, " of ", epochs,
               " epochs of warm-up");
    VLPT_CHECK(std::isfinite(step_size) && step_size > 0,
               "the step size of a search is a positive number, got ", step_size);
    VLPT_CHECK(possible() >= subsets, "a search cannot compare ", subsets,
               " distinct subsets: there are only ", possible(), " ways to skip ", skip, " of ",
               modules, " modules; compare fewer, or skip another number");
  }
  /// Everything that the bits of a search depend on: part of a run's recipe.
  [[nodiscard]] io::NamedValues recipe() const {
    return {{"search_modules", io::value_text(modules)},
            {"search_skip", io::value_text(skip)},
            {"search_subsets", io::value_text(subsets)},
            {"search_turn", io::value_text(turn)},
            {"search_epochs", io::value_text(epochs)},
            {"search_warm_up", io::value_text(warm_up)},
            {"search_step_size", io::value_text(step_size)},
            {"search_seed", io::value_text(seed)}};
  }

 private:
  /// Ways to choose `skip` of `modules`; counting stops once there are enough.
  [[nodiscard]] Index possible() const {
    Index ways = 1;
    for (Index k = 1; k <= std::min(skip, modules - skip); ++k) {
      ways = ways * (modules - k + 1) / k;  // exact: C(modules, k), which grows up to the middle
      if (ways >= subsets) break;
    }
    return ways;
  }
};

}  // namespace vlpt
