#include "vlpt/io/interpolate_positions.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

using namespace vlpt;
using io::Interpolation;
using test::says;

namespace {

/// A grid of one number a place.
Tensor<double> grid(Index height, Index width, std::vector<double> values) {
  return Tensor<double>({height * width, 1}, std::move(values));
}
Tensor<double> three() { return grid(3, 3, {0, 1, 4, 9, -2, 3, 5, 7, -6}); }
Tensor<double> six() {
  Tensor<double> t({36, 1});
  for (Index i = 0; i < 36; ++i) t[i] = static_cast<double>((i * i) % 17);
  return t;
}
void same(Tensor<double> const& got, std::vector<double> const& want, double tolerance) {
  BOOST_REQUIRE_EQUAL(got.values.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i)
    BOOST_TEST(std::abs(got.values[i] - want[i]) <= tolerance, got.values[i] << " at " << i);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interpolate_positions)

// The numbers are those of torch.nn.functional.interpolate at double precision.
BOOST_AUTO_TEST_CASE(bicubic_as_torch) {
  same(io::interpolate_grid(three(), 3, 3, 4, 4, Interpolation::bicubic),
       {-0.779597282409668, 0.23078107833862305, 2.449148178100586, 4.276805400848389,
        6.777972936630249, 0.3251791000366211, -0.543386697769165, 4.798220157623291,
        9.095296382904053, 3.803575038909912, -0.38152074813842773, -0.4439406394958496,
        4.502360105514526, 8.159212112426758, 2.8180949687957764, -7.671837329864502},
       1e-12);
  same(io::interpolate_grid(six(), 6, 6, 2, 2, Interpolation::bicubic), {15, 15, 13, 2}, 1e-12);
}

BOOST_AUTO_TEST_CASE(antialiased_as_torch) {
  same(io::interpolate_grid(three(), 3, 3, 4, 4, Interpolation::bicubic_antialias),
       {-0.5551347738917353, 0.3463482400904737, 2.3515979503790683, 4.203497438182223,
        6.309718945031623, 0.8756642902584177, 0.025770042904859264, 4.2928458735322454,
        8.503581251832511, 3.868337298875268, 0.06932245675167437, -0.5118118481493374,
        4.651091557139675, 7.448221939879648, 2.454951621685772, -7.198373802628649},
       1e-12);
  same(io::interpolate_grid(six(), 6, 6, 2, 2, Interpolation::bicubic_antialias),
       {8.0148891966759, 8.565962603878116, 10.271295013850416, 5.519563711911356}, 1e-12);
}

BOOST_AUTO_TEST_CASE(bilinear_with_aligned_corners_as_torch) {
  same(io::interpolate_grid(three(), 3, 3, 4, 4, Interpolation::bilinear_corners),
       {0, 2 / 3.0, 2, 4, 6, 4 / 3.0, 4 / 9.0, 10 / 3.0, 23 / 3.0, 29 / 9.0, 2 / 3.0, 0, 5,
        19 / 3.0, 8 / 3.0, -6},
       1e-12);
  same(io::interpolate_grid(six(), 6, 6, 2, 3, Interpolation::bilinear_corners),
       {0, 6.5, 8, 16, 2.5, 1}, 1e-12);
}

BOOST_AUTO_TEST_CASE(bicubic_with_aligned_corners_as_torch) {
  same(io::interpolate_grid(three(), 3, 3, 4, 4, Interpolation::bicubic_corners),
       {0, 0.35185185185185164, 2.0555555555555562, 4, 6.611111111111111, -0.03497942386831457,
        -1.0130315500685874, 4.314814814814815, 8.740740740740742, 3.1436899862825785,
        -0.5555555555555556, 0.05555555555555469, 5, 7.814814814814814, 3.129629629629629, -6},
       1e-12);
}

BOOST_AUTO_TEST_CASE(the_class_row_stays) {
  auto table = grid(10, 1, {7, 0, 1, 4, 9, -2, 3, 5, 7, -6});
  auto const made = io::interpolate_positions(table, 17, Interpolation::bicubic);
  BOOST_TEST(made.shape == (Shape{17, 1}));
  BOOST_TEST(made[0] == 7);
  auto const patches = io::interpolate_grid(three(), 3, 3, 4, 4, Interpolation::bicubic);
  for (Index i = 0; i < 16; ++i) BOOST_TEST(made[1 + i] == patches[i]);
  BOOST_CHECK_EXCEPTION((void)io::interpolate_positions(table, 16, Interpolation::bicubic),
                        InputError, says("10 rows", "16", "square"));
}

BOOST_AUTO_TEST_SUITE_END()
