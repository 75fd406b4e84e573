#pragma once
#include <functional>
#include <string>
#include <vector>

#include "recording.hpp"
#include "vlpt/autodiff/module.hpp"
#include "vlpt/kernels/dry_run.hpp"

namespace golden {

/// One module by itself, everything in it learning: forward and backward on given values.
template <class M, class B>
class ModuleRun {
 public:
  using T = typename B::Scalar;
  using Flow = vlpt::Flow<vlpt::learn::All, true>;

  ModuleRun(M module, B const& backend) : module_(std::move(module)), backend_(backend) {
    vlpt::PlaceParameters<T> count;
    vlpt::visit_parameters<Flow>(module_, params_, count);
    values_.resize(static_cast<std::size_t>(count.learnt_count));
    slopes_ = values_;
    vlpt::PlaceParameters<T> place{nullptr, values_.data()};
    vlpt::visit_parameters<Flow>(module_, params_, place);
    vlpt::PlaceGradients<T> place_gradients{slopes_.data()};
    vlpt::visit_parameters<Flow>(module_, gradients_, place_gradients);
  }

  /// Every parameter, as the file names it.
  void load(Recording& file, std::function<std::string(std::string const&)> const& name) {
    vlpt::ListParameters<T> list;
    vlpt::visit_parameters<Flow>(module_, params_, list);
    for (auto const& p : list.records) {
      auto const from = file.read<double>("param." + name(p.name));
      VLPT_CHECK(from.size() == p.shape.size(), name(p.name), " has ", from.shape, ", not ",
                 p.shape);
      for (Index i = 0; i < from.size(); ++i) p.values.data[i] = static_cast<T>(from[i]);
    }
  }
  /// y for x (batch, tokens, width); then d_x and the parameters' gradients for d_y.
  void run(vlpt::Tensor<double> const& x, vlpt::Tensor<double> const& d_y) {
    Index const batch = x.shape[0], n = x.shape[1], in = x.shape[2], width = module_.width(in);
    auto const cast = [](vlpt::Tensor<double> const& t) {
      return std::vector<T>(t.values.begin(), t.values.end());
    };
    auto own_x = cast(x), own_d = cast(d_y);
    y_.assign(static_cast<std::size_t>(batch * n * width), T(0)), d_x_ = own_x;
    auto const go = [&](vlpt::DryRun<B> const& backend, vlpt::Arena tape, vlpt::Arena scratch) {
      vlpt::Context<vlpt::DryRun<B>> c{backend, tape, scratch};
      bool const dry = tape.measuring();
      auto const stream = [&](std::vector<T>& v, Index dim) {
        return vlpt::Stream<T>(dry ? nullptr : v.data(), batch, n, dim);
      };
      typename M::template Cache<T, Flow> cache{};
      module_.template forward<Flow>(c, params_, vlpt::Stream<T const>(stream(own_x, in)),
                                     stream(y_, width), cache);
      module_.template backward<Flow>(c, params_, cache,
                                      vlpt::Stream<T const>(stream(own_d, width)), stream(d_x_, in),
                                      gradients_);
      return std::pair(tape.peak(), scratch.peak());
    };
    auto const [tape, scratch] = go(vlpt::DryRun<B>(backend_), {}, {});
    vlpt::HostMemory const tapes(tape), scratches(scratch);
    slopes_.assign(slopes_.size(), T(0));
    go(vlpt::DryRun<B>(backend_, false), vlpt::Arena(tapes.data(), tape),
       vlpt::Arena(scratches.data(), scratch));
  }
  [[nodiscard]] std::vector<double> y() const { return {y_.begin(), y_.end()}; }
  [[nodiscard]] std::vector<double> d_x() const { return {d_x_.begin(), d_x_.end()}; }
  void compare_gradients(Recording& file,
                         std::function<std::string(std::string const&)> const& name) {
    vlpt::ListParameters<T> list;
    vlpt::visit_parameters<Flow>(module_, gradients_, list);
    for (auto const& p : list.records)
      file.compare<T>("grad.param." + name(p.name), Kind::gradient,
                      {p.values.data, p.values.data + p.shape.size()});
  }

 private:
  M module_;
  B const& backend_;
  typename M::template Params<T> params_{}, gradients_{};
  std::vector<T> values_, slopes_, y_, d_x_;
};

}  // namespace golden
