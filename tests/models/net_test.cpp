#include "vlpt/autodiff/net.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <thread>

#include "heap.hpp"
#include "models/tiny.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

namespace {

template <class Prompt, class Learn = learn::Policy>
using Tower = VisionTower<test::Tiny, Prompt, skip::Dense, Learn>;
template <class Prompt, class B>
struct Case {
  using Model = Tower<Prompt>;
  using Backend = B;
};
using Cases =
    boost::mpl::list<Case<prompt::None, Reference<float>>,
                     Case<prompt::Shallow<2>, Reference<double>>,
                     Case<prompt::Deep<2>, Reference<double>>, Case<prompt::None, Cpu<double>>,
                     Case<prompt::Shallow<2>, Cpu<float>>, Case<prompt::Deep<2>, Cpu<float>>,
                     Case<prompt::Deep<>, Cpu<double>>>;

using Scalars = boost::mpl::list<float, double>;
template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 1e-5 : 1e-12;

template <class Model, class B>
Net<Model, B> made(double dropout = 0, B backend = B{}) {
  Net<Model, B> net(test::tower<Model>(Pool::mean_all, dropout, dropout), {.seed = 3},
                    std::move(backend));
  test::randomise(net);
  return net;
}
template <class A, class B>
double difference(View<A> a, View<B> b) {
  BOOST_REQUIRE(a.rows == b.rows);
  double worst = 0;
  for (Index i = 0; i < a.rows; ++i)
    for (Index j = 0; j < a.cols; ++j)
      worst =
          std::max(worst, std::abs(static_cast<double>(a(i, j)) - static_cast<double>(b(i, j))));
  return worst;
}
template <class NetType>
void train(NetType& net, Tensor<typename NetType::T> const& images, std::uint64_t step) {
  static Tensor<typename NetType::T> const d_out =
      test::normal<typename NetType::T>(Shape{9, 3}, 4);
  (void)net.forward(net.stream_of(images), step);
  net.zero_gradients();
  net.backward(View<typename NetType::T const>(d_out.data(), images.shape[0], 3));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(net)

BOOST_AUTO_TEST_CASE_TEMPLATE(inference_is_the_forward_of_training_without_dropout, C, Cases) {
  using T = typename C::Backend::Scalar;
  auto net = made<typename C::Model, typename C::Backend>(0.3);
  auto const images = test::images<T>(4, net.model().facts);
  Tensor<T> const out = net(images);
  BOOST_TEST(difference(out.view(), net.forward(net.stream_of(images), 1, false)) < tolerance<T>);
  BOOST_TEST(difference(out.view(), net.forward(net.stream_of(images), 1, true)) > 1e-3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_of_a_batch_sees_no_other_row, C, Cases) {
  using T = typename C::Backend::Scalar;
  auto const net = made<typename C::Model, typename C::Backend>();
  auto const images = test::images<T>(9, net.model().facts);
  Tensor<T> const together = net(images);
  Index const size = images.size() / 9;
  for (Index b = 0; b < 9; ++b) {
    Tensor<T> one(Shape{1, 2, 8, 8});
    std::copy_n(images.data() + b * size, size, one.data());
    BOOST_TEST(difference(net(one).view(), together.view().middle_rows(b, 1)) < tolerance<T>);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_const_net_serves_many_threads, C, Cases) {
  using T = typename C::Backend::Scalar;
  auto const net = made<typename C::Model, typename C::Backend>();
  auto const images = test::images<T>(6, net.model().facts);
  Tensor<T> const expected = net(images);
  std::vector<Tensor<T>> found(4, Tensor<T>(Shape{6, 3}));
  std::vector<std::thread> threads;
  for (auto& mine : found)
    threads.emplace_back([&] {
      auto workspace = net.workspace(6);
      for (int i = 0; i < 20; ++i) net.predict(net.stream_of(images), mine.view(), workspace);
    });
  for (auto& t : threads) t.join();
  for (auto const& mine : found) BOOST_TEST((mine.values == expected.values));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(prepared_rows_follow_the_parameters, C, Cases) {
  using T = typename C::Backend::Scalar;
  auto net = made<typename C::Model, typename C::Backend>();
  auto const images = test::images<T>(2, net.model().facts);
  Tensor<T> before(Shape{2, 3}), after(Shape{2, 3});
  auto workspace = net.workspace(2);
  net.predict(net.stream_of(images), before.view(), workspace);
  for (T& w : net.learnt()) w *= T(1.5);
  net.predict(net.stream_of(images), after.view(), workspace);
  BOOST_TEST(difference(before.view(), after.view()) > 1e-2);
  BOOST_TEST((after.values == net(images).values));
  // A workspace grows with the batch, and what was prepared moves along.
  auto const more = test::images<T>(5, net.model().facts);
  Tensor<T> many(Shape{5, 3});
  net.predict(net.stream_of(more), many.view(), workspace);
  BOOST_TEST((many.values == net(more).values));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_heap_use_after_the_first_step, C, Cases) {
  using T = typename C::Backend::Scalar;
  auto net = made<typename C::Model, typename C::Backend>(0.2);
  auto const images = test::images<T>(9, net.model().facts),
             fewer = test::images<T>(4, net.model().facts);
  train(net, images, 0);
  auto start = test::heap_allocations();
  for (std::uint64_t step = 1; step < 4; ++step) train(net, step % 2 == 0 ? images : fewer, step);
  BOOST_TEST(test::heap_allocations() - start == 0);

  auto workspace = net.workspace(9);
  Tensor<T> out(Shape{9, 3});
  net.predict(net.stream_of(images), out.view(), workspace);
  start = test::heap_allocations();
  for (int i = 0; i < 3; ++i) {
    (void)net.learnt();  // counts as a change: rows are prepared again
    net.predict(net.stream_of(images), out.view(), workspace);
    net.predict(net.stream_of(fewer), out.view().middle_rows(0, 4), workspace);
  }
  BOOST_TEST(test::heap_allocations() - start == 0);
}

BOOST_AUTO_TEST_CASE(no_heap_use_at_a_real_width) {
  using Model = VisionTower<arch::TinyViTMae, prompt::Deep<8>>;
  Net<Model, Cpu<float>> net{Model{{.classes = 3}}, {}, Cpu<float>(2)};
  auto const images = test::images<float>(16, net.model().facts);
  train(net, images, 0);
  auto const start = test::heap_allocations();  // Eigen's own packing counts as well
  train(net, images, 1);
  BOOST_TEST(test::heap_allocations() - start == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(threads_do_not_change_a_bit, T, Scalars) {
  using Model = Tower<prompt::Deep<2>, learn::All>;
  auto const images = test::images<T>(9, facts_of<test::Tiny>());
  std::vector<T> outputs, gradients;
  for (int threads : {1, 2, 3}) {
    auto net = made<Model, Cpu<T>>(0.2, Cpu<T>(threads));
    BOOST_TEST(net.backend().threads() == threads);
    train(net, images, 7);
    Tensor<T> const out = net(images);
    auto const g = net.gradients();
    if (threads == 1) {
      outputs = out.values;
      gradients.assign(g.begin(), g.end());
      continue;
    }
    BOOST_TEST(std::memcmp(outputs.data(), out.data(), outputs.size() * sizeof(T)) == 0);
    BOOST_TEST(std::memcmp(gradients.data(), g.data(), gradients.size() * sizeof(T)) == 0);
  }
}

BOOST_AUTO_TEST_CASE(initial_values_depend_on_seed_and_name_alone) {
  auto const values = [](auto const& net, std::string const& name) {
    for (auto const& p : net.parameters())
      if (p.name == name) return std::vector<double>(p.values.data, p.values.data + p.shape.size());
    return std::vector<double>();
  };
  Net<Tower<prompt::None>, Reference<double>> const plain({.seed = 3}), other({.seed = 4});
  Net<Tower<prompt::Deep<2>, learn::All>, Reference<double>> const deep({.seed = 3});
  std::string const name = "layers.1.mlp.fc1.weight";
  BOOST_TEST(values(plain, name).size() == 8 * 12);
  BOOST_TEST((values(plain, name) == values(deep, name)));
  BOOST_TEST((values(plain, name) != values(other, name)));
  BOOST_TEST((values(plain, name) != values(plain, "layers.2.mlp.fc1.weight")));
  double const bound = std::sqrt(6.0 / (2 * 4 * 4 + 8));  // VPT's law
  for (double const v : values(deep, "prompt.rows")) BOOST_TEST(std::abs(v) <= bound);
}

BOOST_AUTO_TEST_CASE(a_scope_names_parts_that_exist) {
  using Misspelt =
      Net<Tower<prompt::None, learn::Paths<"norm", "layers.nrom1">>, Reference<double>>;
  BOOST_CHECK_EXCEPTION(Misspelt{}, InputError, [](InputError const& e) {
    return std::string(e.what()).find("\"layers.nrom1\"") != std::string::npos;
  });
  using Half = Net<Tower<prompt::None, learn::Paths<"layers.norm">>, Reference<double>>;
  BOOST_CHECK_THROW(Half{}, InputError);  // a path ends where a name ends
  BOOST_CHECK_NO_THROW(
      (Net<Tower<prompt::None, learn::Paths<"layers.mlp.fc2", "embed">>, Reference<double>>{}));
}

BOOST_AUTO_TEST_CASE(the_gradient_of_the_images_needs_a_place) {
  auto net = made<Tower<prompt::None, learn::Input<learn::Policy>>, Reference<double>>();
  auto const images = test::images<double>(3, net.model().facts);
  (void)net.forward(net.stream_of(images));
  auto const d_out = test::normal<double>(Shape{3, 3}, 4);
  BOOST_CHECK_THROW(net.backward(d_out.view()), InputError);
}

BOOST_AUTO_TEST_CASE(gradients_are_added_to_and_backward_follows_each_forward) {
  auto net = made<Tower<prompt::Deep<2>, learn::All>, Reference<double>>();
  auto const images = test::images<double>(3, net.model().facts);
  train(net, images, 0);
  std::vector<double> const once(net.gradients().begin(), net.gradients().end());
  auto const d_out = test::normal<double>(Shape{9, 3}, 4);
  (void)net.forward(net.stream_of(images), 0);
  net.backward(d_out.view().middle_rows(0, 3));
  for (std::size_t i = 0; i < once.size(); ++i)
    if (std::abs(net.gradients()[i] - 2 * once[i]) > 1e-12) BOOST_FAIL("gradient " << i);
}

BOOST_AUTO_TEST_SUITE_END()
