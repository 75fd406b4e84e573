#include "vlpt/train/optimizer.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "heap.hpp"
#include "vlpt/train/adamw.hpp"
#include "vlpt/train/parameter_group.hpp"
#include "vlpt/train/sgd.hpp"

namespace {
using namespace vlpt;
using Values = std::array<double, 5>;

static_assert(Optimizer<SGD<float>> && Optimizer<SGD<double>>);
static_assert(Optimizer<AdamW<float>> && Optimizer<AdamW<double>>);
struct Stateless {
  using value_type = float;
  void step(std::span<float>, std::span<float const>, double) {}
};
static_assert(CanStep<Stateless> && !HasState<Stateless> && !CountsSteps<Stateless>);
static_assert(!Optimizer<Stateless> && !Optimizer<int>);

std::vector<ParameterGroup> two_groups() {
  return {
      {.name = "bias", .offset = 3, .count = 2, .learning_rate_scale = 2, .weight_decay_scale = 0},
      {.name = "weight", .offset = 0, .count = 3}};
}

template <class T>
void gradients_of(int step, std::span<T> g) {
  for (int i = 0; i < 3; ++i) g[static_cast<std::size_t>(i)] = static_cast<T>(std::sin(step + i));
  g[3] = static_cast<T>(0.25 * (step + 1));
  g[4] = static_cast<T>(step - 2.0);
}

/// The five steps, with changing rates, that the expected numbers were made with (PyTorch 2.15).
template <class T, template <class> class O>
std::array<T, 5> five_steps(O<T> optimizer, double rate) {
  std::array<T, 5> v{T(0.5), T(-1.25), T(2), T(0.1), T(-0.3)}, g{};
  std::array const factors{1.0, 0.5, 0.25, 0.0, 1.0};
  for (int t = 0; t < 5; ++t) {
    gradients_of<T>(t, g);
    optimizer.step(v, g, rate * factors[static_cast<std::size_t>(t)]);
  }
  BOOST_TEST(optimizer.steps() == 5);
  return v;
}

template <class T>
void check_close(std::array<T, 5> const& got, Values const& expected, double tolerance) {
  for (std::size_t i = 0; i < 5; ++i)
    BOOST_TEST(std::abs(static_cast<double>(got[i]) - expected[i]) <= tolerance,
               "value " << i << ": " << got[i] << ", expected " << expected[i]);
}

/// The same law in long double and written from the formula, another way than the library's.
Values adamw_by_hand(double rate, AdamWSettings s) {
  std::array<long double, 5> v{0.5L, -1.25L, 2.0L, 0.1L, -0.3L};
  std::array<std::vector<double>, 5> past;
  std::array const factors{1.0, 0.5, 0.25, 0.0, 1.0};
  for (int t = 0; t < 5; ++t) {
    Values g{};
    gradients_of<double>(t, g);
    for (std::size_t i = 0; i < 5; ++i) {
      past[i].push_back(g[i]);
      long double first = 0, second = 0, weight1 = 0, weight2 = 0;
      for (int k = 0; k <= t; ++k) {  // bias-corrected moments are weighted means of the past
        long double const w1 = std::pow(static_cast<long double>(s.beta1), t - k);
        long double const w2 = std::pow(static_cast<long double>(s.beta2), t - k);
        long double const d = past[i][static_cast<std::size_t>(k)];
        first += w1 * d, second += w2 * d * d, weight1 += w1, weight2 += w2;
      }
      long double const r = rate * factors[static_cast<std::size_t>(t)] * (i < 3 ? 1 : 2);
      v[i] -= r * (i < 3 ? s.weight_decay : 0) * v[i];
      v[i] -= r * (first / weight1) / (std::sqrt(second / weight2) + s.epsilon);
    }
  }
  Values out{};
  std::transform(v.begin(), v.end(), out.begin(), [](auto x) { return static_cast<double>(x); });
  return out;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(optimizer)

BOOST_AUTO_TEST_CASE(sgd_follows_pytorch) {
  struct Case {
    SGDSettings settings;
    Values expected;
  };
  for (auto const& c : {
           Case{{},
                {0.34424404037081435, -1.4274279062235238, 1.964026545913334, -0.74983,
                 0.33424000000000004}},
           Case{{.nesterov = true, .weight_decay = 0.05},
                {0.35130159614246814, -1.3850527713829157, 1.835095626793663, -1.052347,
                 0.37081600000000015}},
           Case{{.momentum = 0, .weight_decay = 0.05},
                {0.5044083735602414, -1.2691059586547422, 1.9222499724450104, -0.28750000000000003,
                 -0.2}},
           Case{{.weight_decay = 0.05},
                {0.32856179042789246, -1.3822030692251692, 1.8999617074883772, -0.74983,
                 0.33424000000000004}},
       }) {
    check_close(five_steps(SGD<double>(two_groups(), c.settings), 0.1), c.expected, 1e-14);
    check_close(five_steps(SGD<float>(two_groups(), c.settings), 0.1), c.expected, 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(adamw_follows_pytorch) {
  // Made in PyTorch with rates 0.01 and 0.1: a learning-rate scale of 10.
  auto groups = two_groups();
  groups[0].learning_rate_scale = 10;
  AdamWSettings const s{.beta2 = 0.98, .epsilon = 1e-6, .weight_decay = 0.1};
  Values const expected{0.49010196114767307, -1.2626852951735388, 1.984203123938623,
                        -0.1676648729400728, -0.1499288650931833};
  check_close(five_steps(AdamW<double>(groups, s), 0.01), expected, 1e-14);
  check_close(five_steps(AdamW<float>(groups, s), 0.01), expected, 2e-6);
  check_close(five_steps(AdamW<double>(5), 0.001),
              {0.4991297333413306, -1.2515793627426113, 1.998913482851546, 0.0973079472698525,
               -0.2984938311783187},
              1e-14);
}

BOOST_AUTO_TEST_CASE(adamw_follows_its_formula) {
  for (AdamWSettings s : {AdamWSettings{}, AdamWSettings{.beta1 = 0, .beta2 = 0.5},
                          AdamWSettings{.epsilon = 0.1, .weight_decay = 0.3}})
    check_close(five_steps(AdamW<double>(two_groups(), s), 0.05), adamw_by_hand(0.05, s), 1e-14);
}

using Optimizers = std::tuple<SGD<float>, SGD<double>, AdamW<float>, AdamW<double>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(a_resumed_run_is_bit_identical, O, Optimizers) {
  using T = typename O::value_type;
  std::array<T, 5> straight{T(0.5), T(-1.25), T(2), T(0.1), T(-0.3)}, resumed = straight, g{};
  O whole(two_groups()), first(two_groups()), second(two_groups());
  for (int t = 0; t < 6; ++t) {
    gradients_of<T>(t, g);
    whole.step(straight, g, 0.1);
    (t < 3 ? first : second).step(resumed, g, 0.1);
    if (t == 2) {
      auto from = first.state(), to = second.state();
      BOOST_REQUIRE(!from.empty());
      for (std::size_t i = 0; i < from.size(); ++i) {
        BOOST_TEST(from[i].first == to[i].first);
        BOOST_TEST(from[i].second.size() == 5U);
        std::copy(from[i].second.begin(), from[i].second.end(), to[i].second.begin());
      }
      second.set_steps(first.steps());
    }
  }
  BOOST_TEST(straight == resumed, boost::test_tools::per_element());
  BOOST_TEST(second.steps() == 6);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_step_does_not_allocate, O, Optimizers) {
  using T = typename O::value_type;
  std::vector<T> values(5), gradients(5, T(1));
  O o(two_groups());
  auto const before = vlpt::test::heap_allocations();
  o.step(values, gradients, 0.1);
  o.step(values, gradients, 0.1);
  auto const after = vlpt::test::heap_allocations();
  BOOST_TEST(after == before);
  BOOST_TEST(before > 0U);  // the counter is alive
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wrong_use_is_refused, O, Optimizers) {
  using T = typename O::value_type;
  using Groups = std::vector<ParameterGroup>;
  std::vector<T> five(5), four(4);
  O o(two_groups());
  BOOST_CHECK_THROW(o.step(four, four, 0.1), InputError);
  BOOST_CHECK_THROW(o.step(five, four, 0.1), InputError);
  BOOST_CHECK_THROW(o.step(five, five, -1), InputError);
  BOOST_CHECK_THROW(o.step(five, five, std::nan("")), InputError);
  BOOST_CHECK_EQUAL(o.steps(), 0);
  BOOST_CHECK_THROW(O(Groups{{"a", 0, 2}, {"b", 3, 2}}), InputError);  // a gap
  BOOST_CHECK_THROW(O(Groups{{"a", 0, 3}, {"b", 2, 2}}), InputError);  // an overlap
  BOOST_CHECK_THROW(O(Groups{{"a", 1, 4}}), InputError);               // a late start
  BOOST_CHECK_THROW(O(Groups{{"a", 0, -1}}), InputError);
  BOOST_CHECK_THROW(O(Groups{{"a", 0, 1, -1.0}}), InputError);
  BOOST_CHECK_THROW(O(1, {.weight_decay = -1}), InputError);
  O(Groups{}).step({}, {}, 0.1);  // nothing to learn is no error
}

BOOST_AUTO_TEST_CASE(wrong_settings_are_refused) {
  BOOST_CHECK_THROW(SGD<float>(1, {.momentum = 1}), InputError);
  BOOST_CHECK_THROW(SGD<float>(1, {.momentum = 0, .nesterov = true}), InputError);
  BOOST_CHECK_THROW(AdamW<float>(1, {.beta1 = 1}), InputError);
  BOOST_CHECK_THROW(AdamW<float>(1, {.beta2 = -0.1}), InputError);
  BOOST_CHECK_THROW(AdamW<float>(1, {.epsilon = 0}), InputError);
  try {
    SGD<float>({{"a", 0, 2}, {"prompt.weight", 3, 2}});
    BOOST_FAIL("a gap was accepted");
  } catch (InputError const& e) {
    BOOST_TEST(std::string(e.what()).find("'prompt.weight' starts at 3") != std::string::npos);
    BOOST_TEST(std::string(e.what()).find("a gap") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
