#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "vlpt/kernels/cuda/launch_list.hpp"

namespace vlpt::cuda {

/// The lists that a machine M ran last: one that comes again, equal byte for byte, becomes a graph
/// (M::Graph, by m.capture(list)), and from then on m.launch(graph) is all that it costs. The first
/// time it runs call by call, for then algorithms are chosen, which no capture allows.
template <class M>
class KnownLists {
 public:
  explicit KnownLists(std::size_t most = 16) : most_(most) { kept_.reserve(most); }

  void run(LaunchList<M> const& list, M const& machine) {
    if (list.count() < 2) return list.run(machine);  // a graph of one would save nothing
    auto const known =
        std::find_if(kept_.begin(), kept_.end(), [&](Known const& k) { return k.list == list; });
    if (known == kept_.end()) {
      list.run(machine);
      return keep(list);
    }
    known->last = ++clock_;
    if (!known->graph) {
      known->graph.emplace(machine.capture(list));
      ++captured_;
    } else {
      ++repeated_;
    }
    machine.launch(*known->graph);
  }
  /// How many lists became graphs, and how often one was launched after that.
  [[nodiscard]] std::size_t captured() const { return captured_; }
  [[nodiscard]] std::size_t repeated() const { return repeated_; }

 private:
  struct Known {
    LaunchList<M> list;
    std::optional<typename M::Graph> graph{};
    std::uint64_t last = 0;
  };
  /// In the place of the one that was not asked for longest, where there are enough.
  void keep(LaunchList<M> const& list) {
    if (kept_.size() < most_) {
      kept_.push_back({list, {}, ++clock_});
      return;
    }
    auto const oldest = std::min_element(
        kept_.begin(), kept_.end(), [](Known const& a, Known const& b) { return a.last < b.last; });
    oldest->graph.reset();
    oldest->list = list;
    oldest->last = ++clock_;
  }

  std::size_t most_;
  std::vector<Known> kept_;
  std::uint64_t clock_ = 0;
  std::size_t captured_ = 0, repeated_ = 0;
};

}  // namespace vlpt::cuda
