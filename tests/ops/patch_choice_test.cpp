#include "vlpt/ops/patch_choice.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "vlpt/ops/positions.hpp"

using namespace vlpt;

namespace {

/// Images of two channels on a canvas of 4 x 5 patches of 2 x 2 pixels, each valid in a rectangle.
struct Canvas {
  std::vector<double> pixels;
  explicit Canvas(std::vector<std::pair<Index, Index>> const& sizes) {
    for (auto const& [high, wide] : sizes)
      for (Index channel = 0; channel < 2; ++channel)
        for (Index y = 0; y < 8; ++y)
          for (Index x = 0; x < 10; ++x)
            pixels.push_back(y < 2 * high && x < 2 * wide ? 1.0 + static_cast<double>(x) : 0.0);
  }
  [[nodiscard]] Stream<double const> images() const {
    return {pixels.data(), static_cast<Index>(pixels.size()) / 160, 16, 10};
  }
};

using Places = std::vector<Index>;

}  // namespace

BOOST_AUTO_TEST_SUITE(patch_choice)

BOOST_AUTO_TEST_CASE(valid_patches_come_first_and_invalid_ones_fill_up) {
  Canvas const canvas({{2, 3}, {1, 2}});
  PatchChoice<double> choice;
  choice.choose(canvas.images(), 2, 2, 3, 100);
  BOOST_TEST(choice.count == 6);
  BOOST_TEST((choice.patches == Places{0, 1, 2, 5, 6, 7, 0, 1, 2, 3, 4, 5}));
  for (std::size_t i = 0; i < 12; ++i) BOOST_TEST(int{choice.valid[i]} == int{i < 8});
}

BOOST_AUTO_TEST_CASE(of_too_many_patches_some_are_chosen_evenly) {
  Canvas const canvas({{4, 5}, {1, 3}});
  PatchChoice<double> choice;
  choice.choose(canvas.images(), 2, 2, 3, 5);
  BOOST_TEST((choice.patches == Places{0, 4, 8, 12, 16, 0, 1, 2, 3, 4}));
  choice.choose(canvas.images(), 2, 2, 3, 20);
  BOOST_TEST(choice.count == 20);
}

BOOST_AUTO_TEST_CASE(positions_are_the_table_stretched_over_the_valid_rectangle) {
  Tensor<double> table(Shape{10, 2});
  for (Index i = 0; i < 20; ++i) table[i] = std::sin(static_cast<double>(i * i));
  Canvas const canvas({{2, 3}, {4, 5}, {1, 1}});
  PatchChoice<double> choice;
  choice.choose(canvas.images(), 2, 2, 3, 20);
  for (Index b = 0; b < 3; ++b) {
    Index const high = b == 0 ? 2 : b == 1 ? 4 : 1, wide = b == 0 ? 3 : b == 1 ? 5 : 1;
    auto const want = interpolate_positions(table, high, wide, Interpolation::bilinear_corners);
    for (Index i = 0; i < choice.count; ++i) {
      Index const at = b * choice.count + i, place = choice.patches[static_cast<std::size_t>(at)];
      bool const inside = place / 5 < high && place % 5 < wide;
      for (Index c = 0; c < 2; ++c) {
        double got = 0;
        for (Index k = 0; k < 4; ++k)
          got += choice.weight(k)(at, 0) * table.view()(choice.corner(k)[at], c);
        double const expected = inside ? want.view()(1 + place / 5 * wide + place % 5, c) : 0.0;
        BOOST_TEST(std::abs(got - expected) < 1e-14);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_empty_image_is_named) {
  Canvas const canvas({{2, 3}, {0, 0}});
  PatchChoice<double> choice;
  BOOST_CHECK_EXCEPTION(
      choice.choose(canvas.images(), 2, 2, 3, 20), InputError, [](InputError const& e) {
        return std::string(e.what()).find("image 1 of the batch is empty") != std::string::npos;
      });
}

BOOST_AUTO_TEST_SUITE_END()
