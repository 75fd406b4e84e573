// A whole net on the emulated device: its reverse is that of its forward, and its numbers are those
// of Reference<double>; lists of calls that are repeated change no bit of a training.
#include <boost/test/unit_test.hpp>

#include "kernels/listing_cuda.hpp"
#include "models/tiny.hpp"
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"

using namespace vlpt;

static_assert(Backend<EmulatedCuda<float>> && Backend<EmulatedCuda<double>>);

namespace {

using Prompted = VisionTower<test::Tiny, prompt::Deep<2>>;
using Tuned = Net<Prompted, test::ListingCuda<float>>;
constexpr bool exact = cuda::LaunchList<cuda::HostStream<float>>::exact;

/// A step of plain descent on the first `batch` images, turned by their number, and a prediction.
struct Training {
  Tuned net;
  Tensor<float> images = test::images<float>(3, Prompted().facts);
  Tensor<float> found = Tensor<float>(Shape{2, 3});
  Tuned::WorkspaceType workspace = net.workspace(2);

  Training(bool lists, double dropout)
      : net(test::tower<Prompted>(Pool::class_row, 0, dropout), {},
            test::ListingCuda<float>(lists)) {
    test::randomise(net);
  }
  Stream<float const> first(Index batch) const { return net.stream_of(images).samples(0, batch); }
  void step(Index number, Index batch) {
    images[number] += 0.5F;
    std::vector<Index> labels;
    for (Index i = 0; i < batch; ++i) labels.push_back((number + i) % 3);
    net.zero_gradients();
    auto const out = net.forward(first(batch), static_cast<std::uint64_t>(number));
    auto const slope = net.d_out(batch);
    float loss = 0;
    net.backend().cross_entropy(out, labels.data(), {}, slope, {&loss, 1, 1});
    net.backward(slope);
    auto const g = net.gradients();
    auto const v = net.learnt();
    for (std::size_t i = 0; i < v.size(); ++i) v[i] -= 0.1F * g[i];
    net.predict(first(2), found.view(), workspace);
  }
  [[nodiscard]] cuda::KnownLists<cuda::HostStream<float>> const& known() const {
    return net.backend().machine().known();
  }
};

void same_bits(Training& a, Training& b) {
  auto const x = std::as_const(a.net).learnt(), y = std::as_const(b.net).learnt();
  BOOST_TEST((std::equal(x.begin(), x.end(), y.begin(), y.end())));
  auto const u = a.net.gradients(), v = b.net.gradients();
  BOOST_TEST((std::equal(u.begin(), u.end(), v.begin(), v.end())));
  for (Index i = 0; i < a.found.size(); ++i) BOOST_TEST(a.found[i] == b.found[i]);
}

}  // namespace

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

BOOST_AUTO_TEST_CASE(a_training_of_repeated_lists_is_that_of_single_calls) {
  Training with(true, 0), without(false, 0);
  Index number = 0;
  for (Index const batch : {3, 3, 3, 3, 2, 2, 3, 2}) {
    std::size_t const before = with.known().repeated();
    with.step(number, batch), without.step(number, batch);
    same_bits(with, without);
    // Prepared rows and the rest of a forward, the reverse, and the same two of a prediction: all
    // are repeated where a batch of this size was met twice.
    bool const met = number != 0 && number != 1 && number != 4 && number != 5;
    if (exact && met) BOOST_TEST(with.known().repeated() - before == 5U);
    ++number;
  }
  BOOST_TEST(without.known().captured() == 0U);
}

BOOST_AUTO_TEST_CASE(dropout_is_another_list_each_step) {
  Training with(true, 0.5), without(false, 0.5);
  for (Index number = 0; number < 4; ++number) {
    with.step(number, 3), without.step(number, 3);
    same_bits(with, without);
  }
}

BOOST_AUTO_TEST_SUITE_END()
