// A net on the kernels that were installed.
#include <cstdlib>
#include <vlpt/vlpt.hpp>

vlpt::Index classes_of_a_packed_net() {
  using Model = vlpt::VisionTower<vlpt::arch::TinyViTMae>;
  vlpt::Net<Model, vlpt::PackedCpu<float>> const net{Model{{.classes = 10}}};
  return net(vlpt::Tensor<float>(vlpt::Shape{1, 1, 28, 28})).size();
}

[[maybe_unused]] static bool const works = [] {
  if (classes_of_a_packed_net() != 10) std::abort();
  return true;
}();
