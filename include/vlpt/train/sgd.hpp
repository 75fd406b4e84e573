#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/train/optimizer.hpp"
#include "vlpt/train/parameter_group.hpp"

namespace vlpt {

struct SGDSettings {
  double momentum = 0.9;
  bool nesterov = false;
  double weight_decay = 0;
};

/// Stochastic gradient descent with momentum and L2 decay, as torch.optim.SGD (no dampening):
/// d = g + decay v;  m = momentum m + d;  v -= rate (nesterov ? d + momentum m : m).
/// step() does not allocate. The groups must cover the values exactly.
template <class T>
class SGD {
 public:
  using value_type = T;
  using Settings = SGDSettings;

  explicit SGD(std::vector<ParameterGroup> groups, Settings settings = {})
      : groups_(in_order(std::move(groups))),
        settings_(settings),
        momentum_(settings.momentum != 0 ? static_cast<std::size_t>(covered(groups_)) : 0) {
    VLPT_CHECK(settings.momentum >= 0 && settings.momentum < 1, "SGD: momentum is in [0, 1), got ",
               settings.momentum);
    VLPT_CHECK(!settings.nesterov || settings.momentum > 0, "SGD: nesterov needs a momentum");
    VLPT_CHECK(settings.weight_decay >= 0, "SGD: weight decay is 0 or more, got ",
               settings.weight_decay);
  }
  /// One group of `count` values.
  explicit SGD(Index count, Settings settings = {})
      : SGD(std::vector<ParameterGroup>{{.name = "all", .offset = 0, .count = count}}, settings) {}

  void step(std::span<T> values, std::span<T const> gradients, double learning_rate) {
    auto const count = static_cast<std::size_t>(covered(groups_));
    VLPT_CHECK(values.size() == count && gradients.size() == count, "SGD was made for ", count,
               " values, got ", values.size(), " values and ", gradients.size(), " gradients");
    VLPT_CHECK(learning_rate >= 0, "SGD: a learning rate is 0 or more, got ", learning_rate);
    T const momentum = static_cast<T>(settings_.momentum);
    for (auto const& group : groups_) {
      T const rate = static_cast<T>(learning_rate * group.learning_rate_scale);
      T const decay = static_cast<T>(settings_.weight_decay * group.weight_decay_scale);
      T* const v = values.data() + group.offset;
      T const* const g = gradients.data() + group.offset;
      if (momentum_.empty()) {
        for (Index i = 0; i < group.count; ++i) v[i] -= rate * (g[i] + decay * v[i]);
        continue;
      }
      T* const m = momentum_.data() + group.offset;
      for (Index i = 0; i < group.count; ++i) {
        T const d = g[i] + decay * v[i];
        m[i] = momentum * m[i] + d;
        v[i] -= rate * (settings_.nesterov ? d + momentum * m[i] : m[i]);
      }
    }
    ++steps_;
  }

  [[nodiscard]] OptimizerState<T> state() { return {{"momentum", momentum_}}; }
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }
  [[nodiscard]] Settings const& settings() const { return settings_; }
  [[nodiscard]] std::vector<ParameterGroup> const& groups() const { return groups_; }

 private:
  std::vector<ParameterGroup> groups_;
  Settings settings_;
  std::vector<T> momentum_;
  std::int64_t steps_ = 0;
};

}  // namespace vlpt
