// Attention to another stream: its reverse, and what it is where the other stream is its own.
#include "vlpt/ops/cross_attention.hpp"

#include <boost/test/unit_test.hpp>

#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/ops/self_attention.hpp"

using namespace vlpt;

namespace {

/// The first 6 columns of the input attend to its other columns, which are a stream of their own.
struct Crosses {
  static constexpr Index dim = 6;
  CrossAttention<> attention;
  unsigned char const* mask = nullptr;
  Index mask_first = 0;

  template <class T>
  using Params = CrossAttention<>::Params<T>;
  template <class T, class F>
  using Cache = CrossAttention<>::Cache<T, F>;
  template <class F>
  static constexpr bool learns = CrossAttention<>::learns<F>;
  template <class F>
  static constexpr bool keeps_input = false;
  template <class F>
  static constexpr bool keeps_output = false;

  [[nodiscard]] constexpr Index width(Index) const { return dim; }
  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    attention.visit<F>(p, v);
  }
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> in, Stream<T> out, K& k) const {
    auto const x = part(c.tape, in, 0, dim), other = part(c.tape, in, dim, attention.context);
    c.backend.copy(in.columns(0, dim), x);
    c.backend.copy(in.columns(dim, attention.context), other);
    attention.forward<F>(c, p, Stream<T const>(x), out, k, extras<T>(other, {}));
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g) const {
    Stream<T> dx, d_other;
    if constexpr (F::below) {
      dx = part(c.scratch, d_out, 0, dim), d_other = part(c.scratch, d_out, 0, attention.context);
      c.backend.fill(d_other, T(0));
    }
    attention.backward<F>(c, p, k, d_out, dx, g, extras<T>({}, d_other));
    if constexpr (F::below) {
      c.backend.copy(Stream<T const>(dx), d_in.columns(0, dim));
      c.backend.copy(Stream<T const>(d_other), d_in.columns(dim, attention.context));
    }
  }

 private:
  template <class T>
  static constexpr Stream<std::remove_const_t<T>> part(Arena& arena, Stream<T> like, Index,
                                                       Index columns) {
    return arena.stream<std::remove_const_t<T>>(like.batch, like.tokens, columns);
  }
  template <class T>
  [[nodiscard]] constexpr AttentionExtras<T> extras(Stream<T const> other, Stream<T> d) const {
    AttentionExtras<T> e;
    e.key_mask = mask, e.mask_first = mask_first, e.context = other, e.d_context = d;
    return e;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cross_attention)

BOOST_AUTO_TEST_CASE(reverse_is_the_slope) {
  unsigned char const mask[]{1, 0, 1, 1, 1, 0, 1, 1};  // of keys 1 to 4 of two samples
  for (bool const bias : {true, false})
    for (bool const masked : {true, false}) {
      Crosses const m{{Crosses::dim, 2, 4, bias}, masked ? mask : nullptr, 1};
      GradReport const report =
          gradcheck(m, {.batch = 2, .tokens = 5, .width = Crosses::dim + 4, .seed = 3});
      BOOST_TEST(report.ok(1e-7), report);
      BOOST_TEST(report.count() == 2 + 2 * (bias ? 6U : 4U));
    }
}

BOOST_AUTO_TEST_SUITE_END()
