#pragma once
#include <vector>

#include "vlpt/train/batch_loss.hpp"
#include "vlpt/train/examples.hpp"
#include "vlpt/train/input_batch.hpp"
#include "vlpt/train/observer.hpp"
#include "vlpt/train/search/skip_search.hpp"

namespace vlpt {

/// Searches the layers that a net of skip::Searched can do without, while it is tuned: an observer
/// of fit(). Every step trains the sub-network that skips a draw; each update compares subsets by
/// their loss on one batch of validation examples; at the end the net skips the choice. Where it
/// stands is saved with the run, so a search that was killed goes on with the very same bits.
///     LayerSearch search(net, valid, {.modules = 12, .skip = 1}, 32);
///     fit(net, optimizer, train, {.epochs = 3}, search);  then search.choice()
template <class N, class E>
class LayerSearch {
 public:
  static constexpr Event events =
      Event::before_step | Event::step | Event::epoch | Event::end | Event::memory;

  /// reward_dropout: whether dropout is active when a reward is measured, as in the published code
  /// for ViLT and METER.
  LayerSearch(N& net, E& valid, SearchSettings const& settings, Index batch,
              bool reward_dropout = true, Loss loss = Loss::cross_entropy)
      : net_(net),
        valid_(valid),
        search_(settings),
        batch_(std::min(batch, valid.size())),
        reward_dropout_(reward_dropout),
        loss_(loss) {
    Index const layers = layers_of(net.model().facts);
    VLPT_CHECK(settings.modules == layers, "a search over ", settings.modules,
               " modules does not fit a model of ", layers, " layers");
    labels_.resize(static_cast<std::size_t>(batch_));
  }

  void before_step(StepPlace const& place) {
    reach(place.epoch);
    net_.skip(search_.next());
  }
  void on_step(StepSummary const& s) {
    if (search_.update_due()) update(s);
    net_.skip(search_.choice());  // what an epoch is judged by, should it end here
  }
  void on_epoch(EpochSummary const& e) {
    reach(e.epoch + 1);
    net_.skip(search_.choice());
  }
  void on_end(std::span<EpochSummary const>) { net_.skip(search_.choice()); }

  [[nodiscard]] io::NamedValues recipe() const {
    auto out = search_.settings().recipe();
    out.emplace("search_rewards", text(batch_, " of ", valid_.size(), " images"));
    out.emplace("search_dropout", io::value_text(reward_dropout_));
    return out;
  }
  [[nodiscard]] std::vector<io::TensorBytes> memory() const { return tensors_of(search_.state()); }
  void recall(io::Safetensors const& file) {
    search_.restore(search_state_of(file, search_.settings().modules));
  }

  [[nodiscard]] SkipPlan choice() const { return search_.choice(); }
  [[nodiscard]] SkipSearch const& search() const { return search_; }
  /// The updates since the run began or went on.
  [[nodiscard]] std::vector<SearchUpdate> const& updates() const { return updates_; }

 private:
  using T = typename N::T;

  /// Layers that may be left out: of two streams both have theirs.
  template <class F>
  [[nodiscard]] static Index layers_of(F const& facts) {
    if constexpr (requires { facts.vision.depth; })
      return facts.vision.depth;
    else if constexpr (requires { facts.image.depth; })
      return 2 * facts.depth;
    else
      return facts.depth;
  }

  /// A run is saved before its epoch is told, so a search that goes on has that epoch to end.
  void reach(Index epoch) {
    while (search_.state().epoch < epoch) search_.end_epoch();
  }
  void update(StepSummary const& s) {
    Random const draws =
        Random{search_.settings().seed, 0x76616c6964ULL}.fork(static_cast<std::uint64_t>(s.step));
    which_ = draws.permutation(valid_.size());
    which_.resize(static_cast<std::size_t>(batch_));
    for (Index i = 0; i < batch_; ++i)
      labels_[static_cast<std::size_t>(i)] = valid_.label(which_[static_cast<std::size_t>(i)]);
    auto const input = input_.make(net_, valid_, which_);
    updates_.push_back(search_.update([&](SkipPlan const& plan) {
      return loss(plan, input, static_cast<std::uint64_t>(s.step));
    }));
  }
  [[nodiscard]] double loss(SkipPlan const& plan, typename N::Input const& input,
                            std::uint64_t step) {
    net_.skip(plan);
    auto const logits = net_.forward(input, step, reward_dropout_);
    loss_(net_.backend(), valid_, which_, labels_.data(), logits, {}, net_.d_out(batch_));
    return static_cast<double>(loss_.value(net_.backend()));
  }

  N& net_;
  E& valid_;
  SkipSearch search_;
  Index batch_;
  bool reward_dropout_;
  InputBatch<N, E> input_;
  BatchLoss<typename N::BackendType> loss_;
  std::vector<Index> which_, labels_;
  std::vector<SearchUpdate> updates_;
};

}  // namespace vlpt
