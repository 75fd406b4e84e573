#pragma once
#include <cmath>
#include <cstdint>
#include <span>
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

struct AdamWSettings {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
};

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch.optim.AdamW:
/// v *= 1 - rate decay;  m = beta1 m + (1 - beta1) g;  s = beta2 s + (1 - beta2) g^2;
/// v -= rate / (1 - beta1^t) * m / (sqrt(s / (1 - beta2^t)) + epsilon).
/// step() does not allocate. The groups must cover the values exactly. B: whose memory the values
/// and gradients are in, as those of a Net on B; the host's, if none is named. Of halves it keeps
/// what they were rounded from.
template <class T, class B = Reference<T>>
class AdamW {
  using S = Sum<T>;
  static constexpr bool rounds = !std::same_as<S, T>;

 public:
  using value_type = T;
  using Backend = B;
  using Settings = AdamWSettings;

  AdamW(std::vector<ParameterGroup> groups, Settings settings, B backend)
      : groups_(in_order(std::move(groups))), settings_(settings), backend_(std::move(backend)) {
    (void)first_.reserve(count()), (void)second_.reserve(count());
    if (rounds) (void)master_.reserve(count());
    for (double beta : {settings.beta1, settings.beta2})
      VLPT_CHECK(beta >= 0 && beta < 1, "AdamW: a beta is in [0, 1), got ", beta);
    VLPT_CHECK(settings.epsilon > 0, "AdamW: epsilon is above 0, got ", settings.epsilon);
    VLPT_CHECK(settings.weight_decay >= 0, "AdamW: weight decay is 0 or more, got ",
               settings.weight_decay);
  }
  explicit AdamW(std::vector<ParameterGroup> groups,
                 Settings settings = {}) requires(!KeepsApart<B>)
      : AdamW(std::move(groups), settings, B{}) {}
  /// One group of `count` values.
  explicit AdamW(Index count, Settings settings = {})
      : AdamW(std::vector<ParameterGroup>{{.name = "all", .offset = 0, .count = count}}, settings) {
  }

  void step(std::span<T> values, std::span<T const> gradients, double learning_rate) {
    auto const made_for = static_cast<std::size_t>(count());
    VLPT_CHECK(values.size() == made_for && gradients.size() == made_for, "AdamW was made for ",
               made_for, " values, got ", values.size(), " values and ", gradients.size(),
               " gradients");
    VLPT_CHECK(learning_rate >= 0, "AdamW: a learning rate is 0 or more, got ", learning_rate);
    ++steps_;
    double const t = static_cast<double>(steps_);
    double const correction1 = 1 - std::pow(settings_.beta1, t);
    AdamWLaw<S> law{.beta1 = static_cast<S>(settings_.beta1),
                    .rest1 = static_cast<S>(1 - settings_.beta1),
                    .beta2 = static_cast<S>(settings_.beta2),
                    .rest2 = static_cast<S>(1 - settings_.beta2),
                    .epsilon = static_cast<S>(settings_.epsilon),
                    .root2 = static_cast<S>(std::sqrt(1 - std::pow(settings_.beta2, t)))};
    for (auto const& group : groups_) {
      double const rate = learning_rate * group.learning_rate_scale;
      law.keep = static_cast<S>(1 - rate * settings_.weight_decay * group.weight_decay_scale);
      law.size = static_cast<S>(rate / correction1);
      auto const of = [&](auto all) {
        return all.subspan(static_cast<std::size_t>(group.offset),
                           static_cast<std::size_t>(group.count));
      };
      update(backend_, law, of(values), of(gradients), of(kept(first_)), of(kept(second_)),
             rounds ? of(kept(master_)) : std::span<S>{});
    }
  }

  [[nodiscard]] OptimizerState<S> state() {
    OptimizerState<S> all{{"first_moment", kept(first_)}, {"second_moment", kept(second_)}};
    if (rounds) all.emplace_back("master", kept(master_));
    return all;
  }
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  void set_steps(std::int64_t steps) { steps_ = steps; }
  [[nodiscard]] Settings const& settings() const { return settings_; }
  [[nodiscard]] std::vector<ParameterGroup> const& groups() const { return groups_; }

 private:
  [[nodiscard]] Index count() const { return covered(groups_); }
  [[nodiscard]] std::span<S> kept(Room<S, B> const& of) const {
    return {of.data(), static_cast<std::size_t>(count())};
  }

  std::vector<ParameterGroup> groups_;
  Settings settings_;
  [[no_unique_address]] B backend_;
  Room<S, B> first_, second_, master_;
  std::int64_t steps_ = 0;
};

/// One for what a net learns, where its backend has it.
template <class N>
[[nodiscard]] auto adamw_of(N const& net, std::vector<ParameterGroup> groups,
                            AdamWSettings const& settings = {}) {
  using T = typename N::T;
  using B = typename N::BackendType;
  if constexpr (trains_itself<B>)
    return AdamW<T, B>(std::move(groups), settings, net.backend());
  else
    return AdamW<T>(std::move(groups), settings);
}

}  // namespace vlpt
