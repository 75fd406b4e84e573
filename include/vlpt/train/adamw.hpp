#pragma once
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/train/optimizer.hpp"
#include "vlpt/train/parameter_group.hpp"

namespace vlpt {

struct AdamWSettings {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
};

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW:
/// v *= 1 - rate decay;  m = beta1 m + (1 - beta1) g;  s = beta2 s + (1 - beta2) g^2;
/// v -= rate / (1 - beta1^t) * m / (sqrt(s / (1 - beta2^t)) + epsilon).
/// step() does not allocate. The groups must cover the values exactly.
template <class T>
class AdamW {
 public:
  using value_type = T;
  using Settings = AdamWSettings;

  explicit AdamW(std::vector<ParameterGroup> groups, Settings settings = {})
      : groups_(in_order(std::move(groups))),
        settings_(settings),
        first_(static_cast<std::size_t>(covered(groups_))),
        second_(first_.size()) {
    for (double beta : {settings.beta1, settings.beta2})
      VLPT_CHECK(beta >= 0 && beta < 1, "AdamW: a beta is in [0, 1), got ", beta);
    VLPT_CHECK(settings.epsilon > 0, "AdamW: epsilon is above 0, got ", settings.epsilon);
    VLPT_CHECK(settings.weight_decay >= 0, "AdamW: weight decay is 0 or more, got ",
               settings.weight_decay);
  }
  /// One group of `count` values.
  explicit AdamW(Index count, Settings settings = {})
      : AdamW(std::vector<ParameterGroup>{{.name = "all", .offset = 0, .count = count}}, settings) {
  }

  void step(std::span<T> values, std::span<T const> gradients, double learning_rate) {
    VLPT_CHECK(values.size() == first_.size() && gradients.size() == first_.size(),
               "AdamW was made for ", first_.size(), " values, got ", values.size(), " values and ",
               gradients.size(), " gradients");
    VLPT_CHECK(learning_rate >= 0, "AdamW: a learning rate is 0 or more, got ", learning_rate);
    ++steps_;
    double const t = static_cast<double>(steps_);
    double const correction1 = 1 - std::pow(settings_.beta1, t);
    T const root2 = static_cast<T>(std::sqrt(1 - std::pow(settings_.beta2, t)));
    T const beta1 = static_cast<T>(settings_.beta1), rest1 = static_cast<T>(1 - settings_.beta1);
    T const beta2 = static_cast<T>(settings_.beta2), rest2 = static_cast<T>(1 - settings_.beta2);
    T const epsilon = static_cast<T>(settings_.epsilon);
    for (auto const& group : groups_) {
      double const rate = learning_rate * group.learning_rate_scale;
      T const keep = static_cast<T>(1 - rate * settings_.weight_decay * group.weight_decay_scale);
      T const size = static_cast<T>(rate / correction1);
      T* const v = values.data() + group.offset;
      T const* const g = gradients.data() + group.offset;
      T* const m = first_.data() + group.offset;
      T* const s = second_.data() + group.offset;
      for (Index i = 0; i < group.count; ++i) {
        m[i] = beta1 * m[i] + rest1 * g[i];
        s[i] = beta2 * s[i] + rest2 * g[i] * g[i];
        v[i] = keep * v[i] - size * m[i] / (std::sqrt(s[i]) / root2 + epsilon);
      }
    }
  }

  [[nodiscard]] OptimizerState<T> state() {
    return {{"first_moment", first_}, {"second_moment", second_}};
  }
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }
  [[nodiscard]] Settings const& settings() const { return settings_; }
  [[nodiscard]] std::vector<ParameterGroup> const& groups() const { return groups_; }

 private:
  std::vector<ParameterGroup> groups_;
  Settings settings_;
  std::vector<T> first_, second_;
  std::int64_t steps_ = 0;
};

}  // namespace vlpt
