#pragma once
#include <cmath>
#include <limits>

#include "vlpt/core/random.hpp"
#include "vlpt/core/shape.hpp"

namespace vlpt {

/// The law that a parameter's values are drawn from before anything is loaded or trained.
struct Init {
  enum class Law { zero, constant, normal, uniform, kaiming_fan_out, xavier_uniform };
  Law law = Law::zero;
  double scale = 0;  // the constant, the standard deviation, or v of U(-v, v)
  double low = -std::numeric_limits<double>::infinity();  // values are kept inside, while training
  double high = std::numeric_limits<double>::infinity();

  static constexpr Init zero() { return {}; }
  static constexpr Init constant(double value) { return {.law = Law::constant, .scale = value}; }
  static constexpr Init normal(double deviation) {
    return {.law = Law::normal, .scale = deviation};
  }
  static constexpr Init uniform(double v) { return {.law = Law::uniform, .scale = v}; }
  /// N(0, 2 / rows): He's law over the outputs, as VPT's heads and projections.
  static constexpr Init kaiming_fan_out() { return {.law = Law::kaiming_fan_out, .scale = 0}; }
  /// U(-v, v), v = sqrt(6 / (rows + cols)), as MAE's linear layers.
  static constexpr Init xavier_uniform() { return {.law = Law::xavier_uniform, .scale = 0}; }

  /// The same law, for a parameter whose values are clamped to [low, high] after each step.
  [[nodiscard]] constexpr Init within(double lowest, double highest) const {
    return {law, scale, lowest, highest};
  }
  [[nodiscard]] constexpr bool bounded() const {
    return low > -std::numeric_limits<double>::infinity() ||
           high < std::numeric_limits<double>::infinity();
  }

  /// Element i of a tensor of this shape.
  [[nodiscard]] double value(Shape const& shape, Random random, Index i) const {
    auto const n = static_cast<std::uint64_t>(i);
    double const rows = static_cast<double>(shape.rows()), cols = static_cast<double>(shape.cols());
    switch (law) {
      case Law::zero:
        return 0;
      case Law::constant:
        return scale;
      case Law::normal:
        return scale * random.normal(n);
      case Law::uniform:
        return scale * (2 * random.uniform(n) - 1);
      case Law::kaiming_fan_out:
        return std::sqrt(2 / rows) * random.normal(n);
      case Law::xavier_uniform:
        return std::sqrt(6 / (rows + cols)) * (2 * random.uniform(n) - 1);
    }
    return 0;
  }
};

}  // namespace vlpt
