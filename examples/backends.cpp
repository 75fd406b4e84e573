// One model on several machines: Eigen in double, packed kernels in float and with weights in bf16.
#include <vlpt/vlpt.hpp>

#include <cmath>
#include <iostream>

using Model = vlpt::VisionTower<vlpt::arch::TinyViTMae, vlpt::prompt::Deep<8>>;

/// The logits of one grey image; the initial weights follow from the seed alone.
template <class Backend>
vlpt::Tensor<double> logits(Backend backend) {
  using T = typename Backend::Scalar;
  vlpt::Net<Model, Backend> const net(Model{{.classes = 10}}, {.seed = 1}, backend);
  auto const& f = net.model().facts;
  auto const out = net(vlpt::Tensor<T>(vlpt::Shape{1, f.channels, f.image, f.image}, T(0.5)));
  return {out.shape, {out.values.begin(), out.values.end()}};
}

double distance(vlpt::Tensor<double> const& a, vlpt::Tensor<double> const& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i)
    worst = std::max(worst, std::abs(a.values[i] - b.values[i]));
  return worst;
}

int main() {
  //! [backends]
  vlpt::PackedCpu<float> const packed;          // every processor, the best kernels that it has
  vlpt::PackedCpu<vlpt::bf16> const halves(2);  // frozen weights in half the memory; two threads
  vlpt::Cpu<double> const exact;
  std::cout << vlpt::name_of(packed.isa()) << ", " << packed.threads() << " threads\n";
  //! [backends]
  auto const truth = logits(exact);
  double const of_float = distance(logits(packed), truth),
               of_bf16 = distance(logits(halves), truth);
  std::cout << "largest difference to double: " << of_float << " in float, " << of_bf16
            << " with weights in bf16\n";
  return of_float < 1e-4 && of_bf16 < 5e-2 ? 0 : 1;
}
