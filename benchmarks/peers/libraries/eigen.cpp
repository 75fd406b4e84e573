#include <Eigen/Dense>
#include <memory>

#include "libraries.hpp"

namespace peers {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct Product {
  std::vector<Matrix> weights;
  Matrix x, y;
  std::size_t next = 0;

  void run() {
    y.noalias() = x * weights[next].transpose();
    next = (next + 1) % weights.size();
  }
};

Work product(Request const& r) {
  if (r.dtype != "float") throw None{"not in " + r.dtype};
  auto const [in, out] = pair_of(r.rest);
  auto const p = std::make_shared<Product>();
  p->weights.assign(static_cast<std::size_t>(rotation(in * out * 4)), Matrix(out, in));
  for (Matrix& w : p->weights) fill(w.data(), w.size());
  p->x.resize(r.batch, in), p->y.resize(r.batch, out);
  fill(p->x.data(), p->x.size(), 2);
  return {static_cast<double>(in) * static_cast<double>(out * r.batch), [p] { p->run(); }};
}

}  // namespace

Peer eigen() {
  Eigen::setNbThreads(threads());
  return {.version = std::to_string(EIGEN_WORLD_VERSION) + "." +
                     std::to_string(EIGEN_MAJOR_VERSION) + "." +
                     std::to_string(EIGEN_MINOR_VERSION) + ", " + Eigen::SimdInstructionSetsInUse(),
          .families = {{"product", product}}};
}

}  // namespace peers
