#pragma once
#include <concepts>
#include <span>

#include "vlpt/core/real.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/train/observer.hpp"

namespace vlpt {

/// What adds up values of a backend's memory over processes that train together, in the order of
/// what the backend is asked for; ranks() says how many they are. Communicator is one.
template <class C, class B, class T = typename B::Scalar>
concept SumsOverRanks = requires(C const& c, B const& backend, std::span<T> values) {
  c.sum(backend, values);
  { c.ranks() } -> std::convertible_to<int>;
};

/// Gives every process of a run the mean of their gradients: fit(net, optimizer, part, settings,
/// mean_over_ranks). Each has its own part of the data, as large as the others', and the same net,
/// settings and validation images, so all keep the same values; and a folder of its own, or none.
/// A step's batch is ranks() times what the settings say. Where an exception ends one of them the
/// others wait: end them all.
template <class C>
class MeanOverRanks {
 public:
  static constexpr Event events = Event::gradients;

  explicit MeanOverRanks(C const& communicator) : communicator_(communicator) {}

  template <class N>
  requires SumsOverRanks<C, typename N::BackendType>
  void on_gradients(N& net) const {
    using T = typename N::T;
    std::span<T> const values = net.gradients();
    communicator_.sum(net.backend(), values);
    net.backend().scale(Sum<T>(1) / static_cast<Sum<T>>(communicator_.ranks()),
                        Stream<T>(values.data(), 1, 1, static_cast<Index>(values.size())));
  }

 private:
  C const& communicator_;
};

}  // namespace vlpt
