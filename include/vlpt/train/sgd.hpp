#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/autodiff/room.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/kernels/update.hpp"
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
/// step() does not allocate. The groups must cover the values exactly. B: whose memory the values
/// and gradients are in, as those of a Net on B; the host's, if none is named. Of halves it keeps
/// what they were rounded from.
template <class T, class B = Reference<T>>
class SGD {
  using S = Sum<T>;
  static constexpr bool rounds = !std::same_as<S, T>;

 public:
  using value_type = T;
  using Backend = B;
  using Settings = SGDSettings;

  SGD(std::vector<ParameterGroup> groups, Settings settings, B backend)
      : groups_(in_order(std::move(groups))), settings_(settings), backend_(std::move(backend)) {
    (void)momentum_.reserve(remembered());
    if (rounds) (void)master_.reserve(covered(groups_));
    VLPT_CHECK(settings.momentum >= 0 && settings.momentum < 1, "SGD: momentum is in [0, 1), got ",
               settings.momentum);
    VLPT_CHECK(!settings.nesterov || settings.momentum > 0, "SGD: nesterov needs a momentum");
    VLPT_CHECK(settings.weight_decay >= 0, "SGD: weight decay is 0 or more, got ",
               settings.weight_decay);
  }
  explicit SGD(std::vector<ParameterGroup> groups, Settings settings = {}) requires(!KeepsApart<B>)
      : SGD(std::move(groups), settings, B{}) {}
  /// One group of `count` values.
  explicit SGD(Index count, Settings settings = {})
      : SGD(std::vector<ParameterGroup>{{.name = "all", .offset = 0, .count = count}}, settings) {}

  void step(std::span<T> values, std::span<T const> gradients, double learning_rate) {
    auto const count = static_cast<std::size_t>(covered(groups_));
    VLPT_CHECK(values.size() == count && gradients.size() == count, "SGD was made for ", count,
               " values, got ", values.size(), " values and ", gradients.size(), " gradients");
    VLPT_CHECK(learning_rate >= 0, "SGD: a learning rate is 0 or more, got ", learning_rate);
    bool const remembers = remembered() > 0;
    for (auto const& group : groups_) {
      SGDLaw<S> const law{
          .rate = static_cast<S>(learning_rate * group.learning_rate_scale),
          .decay = static_cast<S>(settings_.weight_decay * group.weight_decay_scale),
          .momentum = static_cast<S>(settings_.momentum),
          .nesterov = settings_.nesterov,
          .remembers = remembers};
      auto const of = [&](auto all) {
        return all.subspan(static_cast<std::size_t>(group.offset),
                           static_cast<std::size_t>(group.count));
      };
      auto const own = [&](auto all) { return all.empty() ? all : of(all); };
      update(backend_, law, of(values), of(gradients), own(momentum()), {}, own(master()));
    }
    ++steps_;
  }

  [[nodiscard]] OptimizerState<S> state() {
    OptimizerState<S> all{{"momentum", momentum()}};
    if (rounds) all.emplace_back("master", master());
    return all;
  }
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }
  [[nodiscard]] Settings const& settings() const { return settings_; }
  [[nodiscard]] std::vector<ParameterGroup> const& groups() const { return groups_; }

 private:
  [[nodiscard]] Index remembered() const { return settings_.momentum != 0 ? covered(groups_) : 0; }
  [[nodiscard]] std::span<S> momentum() const {
    return {momentum_.data(), static_cast<std::size_t>(remembered())};
  }
  [[nodiscard]] std::span<S> master() const {
    return {master_.data(), rounds ? static_cast<std::size_t>(covered(groups_)) : 0};
  }

  std::vector<ParameterGroup> groups_;
  Settings settings_;
  [[no_unique_address]] B backend_;
  Room<S, B> momentum_, master_;
  std::int64_t steps_ = 0;
};

/// One for what a net learns, where its backend has it.
template <class N>
[[nodiscard]] auto sgd_of(N const& net, std::vector<ParameterGroup> groups,
                          SGDSettings const& settings = {}) {
  using T = typename N::T;
  using B = typename N::BackendType;
  if constexpr (trains_itself<B>)
    return SGD<T, B>(std::move(groups), settings, net.backend());
  else
    return SGD<T>(std::move(groups), settings);
}

}  // namespace vlpt
