// A whole net on the emulated device: its reverse is that of its forward, and its numbers are those
// of Reference<double>.
#include <boost/test/unit_test.hpp>

#include "kernels/emulated_cuda.hpp"
#include "models/tiny.hpp"
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/policies/prompt/approximated.hpp"

using namespace vlpt;

static_assert(Backend<EmulatedCuda<float>> && Backend<EmulatedCuda<double>>);

BOOST_AUTO_TEST_SUITE(cuda_net)

BOOST_AUTO_TEST_CASE(a_prompted_tower_is_that_of_the_reference) {
  using Model =
      VisionTower<test::Tiny, prompt::Approximated<2>, skip::Dense, learn::All, rows::All>;
  auto const images = test::images<double>(3, Model().facts);
  Net<Model, EmulatedCuda<double>> net(
      test::tower<Model>(Pool::mean_all, 0.25, 0.25), {},
      EmulatedCuda<double>(cuda::HostMachine<double>(cuda::Order::shuffled)));
  Net<Model, Reference<double>> truth(test::tower<Model>(Pool::mean_all, 0.25, 0.25));
  test::randomise(net), test::randomise(truth);
  auto const found = net.forward(net.stream_of(images), 3);
  auto const expected = truth.forward(truth.stream_of(images), 3);
  double worst = 0;
  for (Index i = 0; i < expected.rows; ++i)
    for (Index j = 0; j < expected.cols; ++j)
      worst = std::max(worst, std::abs(found(i, j) - expected(i, j)));
  BOOST_TEST(worst < 1e-12);
  GradReport const report = gradcheck(net, images);
  BOOST_TEST(report.ok(1e-7), report);
  BOOST_TEST(report.count() > 30);
}

BOOST_AUTO_TEST_SUITE_END()
