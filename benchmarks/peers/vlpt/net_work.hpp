#pragma once
#include <memory>
#include <typeinfo>

#include "vlpt/autodiff/cost_of.hpp"
#include "vlpt/autodiff/net.hpp"
#include "weight.hpp"

namespace peers {

using vlpt::Index;
using vlpt::Shape;

/// The last net, for the next work that asks for the same.
[[nodiscard]] std::shared_ptr<void>& kept_net(std::string const& key);

template <class Model, class Weight>
using NetOf = vlpt::Net<Model, vlpt::PackedCpu<Weight>>;

/// A net whose frozen parameters are still to be written.
template <class Model, class Weight>
[[nodiscard]] std::shared_ptr<NetOf<Model, Weight>> empty_net(
    typename Model::Settings const& settings) {
  return std::make_shared<NetOf<Model, Weight>>(Model(settings),
                                                vlpt::NetSettings{.draw = vlpt::Draw::learnt},
                                                vlpt::PackedCpu<Weight>{threads()});
}

/// Large frozen tensors are filled, because drawing them takes seconds; the others are drawn.
template <class Net>
void fill_frozen(Net& net) {
  constexpr Index large = 100'000;
  for (auto const& r : net.parameters()) {
    if (r.learns) continue;
    if (r.shape.size() < large)
      vlpt::draw(r, vlpt::Random{1});
    else
      fill(r.values.data, r.shape.size());
  }
  net.touch();
}

/// A net of a model with these settings; `what` tells settings of one type apart.
template <class Model, class Weight>
[[nodiscard]] std::shared_ptr<NetOf<Model, Weight>> net_of(typename Model::Settings const& settings,
                                                           std::string const& what) {
  using N = NetOf<Model, Weight>;
  std::shared_ptr<void>& kept = kept_net(what + typeid(N).name());
  if (kept == nullptr) {
    auto const net = empty_net<Model, Weight>(settings);
    fill_frozen(*net);
    kept = net;
  }
  return std::static_pointer_cast<N>(kept);
}

[[nodiscard]] inline vlpt::Tensor<float> filled(Shape shape, unsigned seed = 1) {
  vlpt::Tensor<float> t(shape);
  fill(t.data(), t.size(), seed);
  return t;
}

/// Inference of a batch. `input` owns what it gives: Data::operator()(net) -> Net::Input.
template <class Net, class Data>
[[nodiscard]] Work forward_work(std::shared_ptr<Net> net, Index batch, Data data) {
  struct State {
    std::shared_ptr<Net> net;
    Data data;
    vlpt::Tensor<float> out;
    typename Net::WorkspaceType room;
  };
  auto const s = std::make_shared<State>(
      State{net, std::move(data), vlpt::Tensor<float>(Shape{batch, net->model().output_width()}),
            net->workspace(batch)});
  return {static_cast<double>(vlpt::cost_of(net->model(), batch).macs),
          [s] { s->net->predict(s->data(*s->net), s->out.view(), s->room); }};
}

/// Forward and reverse of a batch, for a gradient of the outputs that is given; no optimizer.
/// What depends on learnt parameters alone is computed anew, as after every step.
template <class Net, class Data>
[[nodiscard]] Work step_work(std::shared_ptr<Net> net, Index batch, Data data) {
  struct State {
    std::shared_ptr<Net> net;
    Data data;
    vlpt::Tensor<float> slope;
    std::uint64_t step = 0;
  };
  auto const s = std::make_shared<State>(
      State{net, std::move(data), filled(Shape{batch, net->model().output_width()}, 3)});
  auto const cost = vlpt::cost_of(net->model(), batch);
  return {static_cast<double>(cost.prepare.macs() + cost.forward.macs() + cost.backward_macs), [s] {
            (void)s->net->forward(s->data(*s->net), ++s->step);
            s->net->zero_gradients();
            s->net->backward(std::as_const(s->slope).view());
          }};
}

}  // namespace peers
