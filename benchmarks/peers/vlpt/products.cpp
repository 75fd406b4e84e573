// y = x W^T, W packed before.
#include <memory>

#include "vlpt/core/tensor.hpp"
#include "weight.hpp"

namespace peers {
namespace {

using vlpt::Index;
using vlpt::Shape;
using vlpt::Tensor;
using vlpt::View;

template <class Weight>
struct Product {
  Index in, out, rows, count = rotation(in * out * static_cast<Index>(sizeof(Weight)));
  vlpt::PackedCpu<Weight> cpu{threads()};
  Tensor<float> weights{Shape{count * out, in}}, x{Shape{rows, in}}, y{Shape{rows, out}};
  Index next = 0;

  Product(Pair const& p, Index batch) : in(p.first), out(p.second), rows(batch) {
    fill(weights.data(), weights.size()), fill(x.data(), x.size(), 2);
    std::vector<View<float const>> all;
    for (Index i = 0; i < count; ++i) all.push_back(weight(i));
    cpu.hold(all);
  }
  [[nodiscard]] View<float const> weight(Index i) const {
    return {weights.data() + i * out * in, out, in};
  }
  void run() {
    cpu.linear(std::as_const(x).view(), weight(next), {}, y.view());
    next = (next + 1) % count;
  }
};

}  // namespace

Work product(Request const& r) {
  return with_weight<float, vlpt::bf16, std::int8_t>(r, [&]<class Weight>() -> Work {
    auto const p = std::make_shared<Product<Weight>>(pair_of(r.rest), r.batch);
    return {static_cast<double>(p->in * p->out * p->rows), [p] { p->run(); }};
  });
}

}  // namespace peers
