#include "vlpt/io/dataset/warp.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <numbers>

#include "vlpt/io/dataset/some_classes.hpp"
#include "vlpt/io/on_white.hpp"

using namespace vlpt;
using io::Image;

namespace {

/// 3 x 3: 10 20 30 / 40 50 60 / 70 80 90
Image const nine{3, 3, 1, {10, 20, 30, 40, 50, 60, 70, 80, 90}};

Image warped(io::Warp const& w) { return io::warp(nine, w, 3); }

struct Four {
  std::vector<std::string> names{"a", "b", "c"};
  [[nodiscard]] Index size() const { return 4; }
  [[nodiscard]] Index label(Index i) const { return i % 3; }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return names; }
  void image(Index i, Image& out) const { out = {1, 1, 1, {static_cast<std::uint8_t>(i)}}; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(warp)

BOOST_AUTO_TEST_CASE(nothing_mirror_turn_and_move) {
  BOOST_TEST((warped({}) == nine));
  BOOST_TEST((warped({.mirror = true}).pixels ==
              std::vector<std::uint8_t>{30, 20, 10, 60, 50, 40, 90, 80, 70}));
  BOOST_TEST((warped({.turn = std::numbers::pi / 2}).pixels ==
              std::vector<std::uint8_t>{70, 40, 10, 80, 50, 20, 90, 60, 30}));
  BOOST_TEST((warped({.right = 1.0 / 3, .background = 1}).pixels ==
              std::vector<std::uint8_t>{1, 10, 20, 1, 40, 50, 1, 70, 80}));
  BOOST_TEST((warped({.down = -1.0 / 3}).pixels ==
              std::vector<std::uint8_t>{40, 50, 60, 70, 80, 90, 255, 255, 255}));
}

BOOST_AUTO_TEST_CASE(scale_keeps_the_centre_and_size_is_free) {
  BOOST_TEST((warped({.scale = 3}).pixels ==
              std::vector<std::uint8_t>{37, 40, 43, 47, 50, 53, 57, 60, 63}));
  auto const one = io::warp(nine, {}, 1);
  BOOST_TEST((one == Image{1, 1, 1, {50}}));
  BOOST_CHECK_THROW((void)warped({.scale = 0}), InputError);
  BOOST_CHECK_THROW((void)io::warp(Image{}, {}, 3), InputError);
}

BOOST_AUTO_TEST_CASE(alpha_turns_white) {
  Image const colour{2, 1, 4, {10, 20, 30, 255, 10, 20, 30, 0}};
  BOOST_TEST((io::on_white(colour) == Image{2, 1, 3, {10, 20, 30, 255, 255, 255}}));
  BOOST_TEST((io::on_white(Image{1, 1, 2, {55, 51}}) == Image{1, 1, 1, {215}}));  // a fifth of it
  BOOST_TEST((io::on_white(nine) == nine));
  BOOST_TEST((io::white_square(Image{1, 3, 1, {1, 2, 3}}) ==
              Image{3, 3, 1, {255, 1, 255, 255, 2, 255, 255, 3, 255}}));
}

BOOST_AUTO_TEST_CASE(some_classes_are_a_data_set) {
  auto const all = std::make_shared<Four const>();
  io::SomeClasses const some(all, {2, 0});
  BOOST_TEST(some.size() == 3);  // images 0, 2, 3
  BOOST_TEST(some.label(0) == 1);
  BOOST_TEST(some.label(1) == 0);
  BOOST_TEST((some.class_names() == std::vector<std::string>{"c", "a"}));
  Image image;
  some.image(2, image);
  BOOST_TEST(+image.pixels[0] == 3);
  io::SomeClasses const called(all, {1}, {"bee"});
  BOOST_TEST(called.class_names().front() == "bee");
  BOOST_CHECK_THROW(io::SomeClasses(all, {3}), InputError);
  BOOST_CHECK_THROW(io::SomeClasses(all, {1}, {"x", "y"}), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
