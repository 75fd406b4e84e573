#include "vlpt/autodiff/gradcheck.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "autodiff/two_streams.hpp"
#include "vlpt/autodiff/chain.hpp"
#include "vlpt/autodiff/residual.hpp"
#include "vlpt/autodiff/route.hpp"
#include "vlpt/autodiff/trainable.hpp"
#include "vlpt/ops/detach.hpp"
#include "vlpt/ops/dropout.hpp"
#include "vlpt/ops/gelu.hpp"
#include "vlpt/ops/identity.hpp"
#include "vlpt/ops/layer_norm.hpp"
#include "vlpt/ops/linear.hpp"
#include "vlpt/ops/relu.hpp"

using namespace vlpt;

namespace {

/// How a module may be wrong.
enum class Fault {
  none,
  slope,
  adds_to_input,
  overwrites_gradient,
  keeps_in_scratch,
  keeps_nothing
};

/// y = x^2 * gain, by hand; with a fault on demand.
template <Fault How>
struct Square {
  template <class T>
  struct Params {
    View<T> gain;
  };
  template <class T, class F>
  struct Cache {
    Stream<T const> in;
  };
  template <class F>
  static constexpr bool learns = F::learns;
  template <class F>
  static constexpr bool keeps_input = F::reverses&& How == Fault::none;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index in) const { return in; }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.template tensor<F::learns>("gain", p.gain, Shape{1}, Init::constant(1), true);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> x, Stream<T> y, K& k) const {
    ArenaScope const scope(c.scratch);
    k.in = x;
    if constexpr (How != Fault::none && How != Fault::keeps_nothing) {
      auto const copy = c.template stream<How != Fault::keeps_in_scratch>(x.batch, x.tokens, x.dim);
      c.backend.copy(x, copy);
      k.in = copy;
    }
    if (x.data == nullptr) return;  // only sizes are wanted
    for (Index i = 0; i < x.size(); ++i) y.data[i] = p.gain(0, 0) * x.data[i] * x.data[i];
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>&, P const& p, K const& k, Stream<T const> dy, Stream<T> dx,
                          P& g) const {
    if (dy.data == nullptr) return;
    T const two = How == Fault::slope ? T(2.000001) : T(2);
    if constexpr (F::learns) {
      if (How == Fault::overwrites_gradient) g.gain(0, 0) = T(0);
      for (Index i = 0; i < dy.size(); ++i)
        g.gain(0, 0) += dy.data[i] * k.in.data[i] * k.in.data[i];
    }
    if constexpr (F::below)
      for (Index i = 0; i < dy.size(); ++i) {
        if (How != Fault::adds_to_input) dx.data[i] = T(0);
        dx.data[i] += dy.data[i] * two * p.gain(0, 0) * k.in.data[i];
      }
  }
};

/// A Route with its choice made.
template <class R>
struct Chosen {
  R route;
  bool second = false;

  template <class T>
  using Params = typename R::template Params<T>;
  template <class T, class F>
  using Cache = typename R::template Cache<T, F>;
  template <class F>
  static constexpr bool learns = R::template learns<F>;
  template <class F>
  static constexpr bool keeps_input = R::template keeps_input<F>;
  template <class F>
  static constexpr bool keeps_output = R::template keeps_output<F>;

  [[nodiscard]] constexpr Index width(Index in) const { return route.width(in); }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    route.template visit<F>(p, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> in, Stream<T> out, K& k) const {
    k.take_second = second;
    route.template forward<F>(c, p, in, out, k);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g) const {
    route.template backward<F>(c, p, k, d_out, d_in, g);
  }
};

template <class M>
void check(M const& module, Index width, std::size_t lines) {
  for (std::uint64_t const seed : {1U, 2U, 3U}) {
    GradReport const report = gradcheck(module, {.width = width, .seed = seed});
    BOOST_TEST(report.ok(1e-7), report);
    BOOST_TEST(report.count() == lines);
  }
}

auto const mlp =
    Chain{stage<"fc1">(Linear{6, 10}), stage<"gelu">(Gelu{}), stage<"fc2">(Linear{10, 6})};

}  // namespace

BOOST_AUTO_TEST_SUITE(gradcheck_of_modules)

BOOST_AUTO_TEST_CASE(a_module_of_ones_own_passes) { check(Square<Fault::none>{}, 5, 4); }

template <Fault How>
double worst() {
  GradReport const report = gradcheck(Square<How>{}, {.width = 5});
  BOOST_TEST(!report.ok(1e-7), report);
  return report.worst().error;
}

BOOST_AUTO_TEST_CASE(a_wrong_reverse_is_reported) {
  GradReport const report = gradcheck(Square<Fault::slope>{}, {.width = 5});
  BOOST_TEST(!report.ok());
  BOOST_TEST(report.worst().name.starts_with("input"));
  BOOST_TEST(report.worst().error > 1e-8);
  BOOST_TEST(report.worst().error < 1e-5);
  BOOST_TEST(!std::isfinite(worst<Fault::adds_to_input>()));
  BOOST_TEST(worst<Fault::overwrites_gradient>() > 1e-3);
}

BOOST_AUTO_TEST_CASE(reading_what_was_not_kept_is_reported) {
  BOOST_TEST(!std::isfinite(worst<Fault::keeps_in_scratch>()));
  BOOST_TEST(!std::isfinite(worst<Fault::keeps_nothing>()));
}

BOOST_AUTO_TEST_CASE(the_report_prints_a_line_for_every_tensor) {
  std::ostringstream out;
  out << gradcheck(Linear{8, 3});
  std::string const text = out.str();
  for (auto const* name :
       {"input", "weight", "bias", "worst of 6: ", "input, module frozen", "weight, nothing below"})
    BOOST_TEST(text.find(name) != std::string::npos, name);
  BOOST_TEST(!GradReport{}.ok());
}

BOOST_AUTO_TEST_CASE(combinators) {
  check(mlp, 6, 10);
  check(Residual{mlp}, 6, 10);
  check(Trainable{mlp}, 6, 10);
  check(Chain{stage<"norm">(LayerNorm{6}), stage<"mlp">(Residual{mlp}), stage<"relu">(Relu{}),
              stage<"id">(Identity{}), stage<"drop">(Dropout{0.3, 4}), stage<"out">(Linear{6, 4})},
        6, 18);
}

BOOST_AUTO_TEST_CASE(route_reverses_the_branch_that_was_taken) {
  Route const route{Linear{6, 6}, mlp};
  check(Chosen<decltype(route)>{route, false}, 6, 14);
  check(Chosen<decltype(route)>{route, true}, 6, 14);
}

BOOST_AUTO_TEST_CASE(exchange_reads_both_streams_from_before) {
  using E = Exchange<test::Mixes, test::Mixes>;
  test::Mixes const m{{.in = 5, .out = 5}, {.in = 5, .out = 5}};
  check(test::Halves<E>{{m, m}}, 5, 18);
}

// A chain through Detach depends on what stands below it, and its gradient, by definition, does
// not: gradcheck replays the detached value, or differences would disagree.
BOOST_AUTO_TEST_CASE(detach_replays_its_base_point) {
  Chain const lower{stage<"a">(Linear{5, 5}), stage<"stop">(Detach{}), stage<"b">(Linear{5, 4})};
  check(lower, 5, 10);
  check(Chain{stage<"stop">(Detach{}), stage<"b">(Linear{5, 4})}, 5, 6);
  check(Chain{stage<"b">(Linear{5, 4}), stage<"stop">(Detach{})}, 5, 6);
  check(Residual{Chain{stage<"a">(Linear{5, 5}), stage<"stop">(Detach{}), stage<"b">(Gelu{})}}, 5,
        6);
}

BOOST_AUTO_TEST_SUITE_END()
