#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// The factor on the base learning rate at a step counted from 0: a warm-up, then a decay from 1
/// to final_ratio that ends at total_steps and stays there. With steps_per_update = steps of an
/// epoch the factor changes between epochs only. Named runs: vpt(), hugging_face(), coop().
struct Schedule {
  enum class Kind { constant, cosine, linear, polynomial };
  enum class WarmUp { linear, constant };

  Kind kind = Kind::constant;
  Index total_steps = 0;  ///< warm-up included; must be set for any kind that decays
  Index warmup_steps = 0;
  WarmUp warmup = WarmUp::linear;
  double warmup_start = 0;  ///< factor at step 0, held through a constant warm-up
  double final_ratio = 0;
  double power = 1;  ///< of Kind::polynomial
  Index steps_per_update = 1;

  [[nodiscard]] double factor(Index step) const {
    VLPT_CHECK(step >= 0, "a schedule was asked for step ", step);
    VLPT_CHECK(steps_per_update > 0, "a schedule needs 1 or more steps per update, got ",
               steps_per_update);
    VLPT_CHECK(kind == Kind::constant || total_steps > 0,
               "a schedule that decays needs its total_steps, got ", total_steps);
    Index const now = step - step % steps_per_update;
    if (now < warmup_steps) {
      if (warmup == WarmUp::constant) return warmup_start;
      return warmup_start + (1 - warmup_start) * ratio(now, warmup_steps);
    }
    if (kind == Kind::constant) return 1;
    if (now >= total_steps) return final_ratio;
    return final_ratio +
           (1 - final_ratio) * left(ratio(now - warmup_steps, total_steps - warmup_steps));
  }

  /// VPT (Jia et al. 2022, released code): linear warm-up from 0 and cosine to 0, changed once an
  /// epoch, so that the whole first epoch has rate 0.
  [[nodiscard]] static Schedule vpt(Index epochs, Index warmup_epochs, Index steps_per_epoch) {
    return {.kind = Kind::cosine,
            .total_steps = epochs * steps_per_epoch,
            .warmup_steps = warmup_epochs * steps_per_epoch,
            .steps_per_update = steps_per_epoch};
  }
  /// Hugging Face's warm-up with polynomial decay, changed every step (ViLT, METER, APT: power 1).
  [[nodiscard]] static Schedule hugging_face(Index total_steps, Index warmup_steps,
                                             double power = 1, double final_ratio = 0) {
    return {.kind = Kind::polynomial,
            .total_steps = total_steps,
            .warmup_steps = warmup_steps,
            .final_ratio = final_ratio,
            .power = power};
  }
  /// CoOp (Zhou et al. 2022, Dassl): one epoch at a rate of 1e-5, then a cosine over `epochs` more
  /// epochs, of which the run makes epochs - 1: as in the released code, it never reaches 0.
  [[nodiscard]] static Schedule coop(Index epochs, Index steps_per_epoch, double base_rate = 0.002,
                                     double warmup_rate = 1e-5) {
    return {.kind = Kind::cosine,
            .total_steps = (epochs + 1) * steps_per_epoch,
            .warmup_steps = steps_per_epoch,
            .warmup = WarmUp::constant,
            .warmup_start = warmup_rate / base_rate,
            .steps_per_update = steps_per_epoch};
  }

 private:
  static double ratio(Index part, Index whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  }
  /// What is left of the rate after `progress` in [0, 1) of the decay.
  [[nodiscard]] double left(double progress) const {
    if (kind == Kind::cosine) return 0.5 * (1 + std::cos(std::numbers::pi * progress));
    return kind == Kind::linear ? 1 - progress : std::pow(1 - progress, power);
  }
};

}  // namespace vlpt
