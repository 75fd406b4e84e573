#include "vlpt/ops/embed_patches.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "vlpt/kernels/reference.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(embed_patches)
// Its reverse is checked with the whole tower: tests/models/vision_tower_test.cpp.

BOOST_AUTO_TEST_CASE(tokens_are_class_row_and_patches_plus_positions) {
  EmbedPatches const embed{.image = 4, .channels = 1, .patch = 2, .dim = 3};
  std::vector<double> w(12), b{10, 20, 30}, one{100, 200, 300}, place(15), pixels(16), out(15);
  w[0] = 1, w[4 + 3] = 1, w[8 + 2] = 1;  // rows read the patch's pixels (0,0), (1,1) and (1,0)
  for (std::size_t i = 0; i < 16; ++i) pixels[i] = static_cast<double>(i);
  for (std::size_t i = 0; i < 15; ++i) place[i] = 0.001 * static_cast<double>(i);
  EmbedPatches::Params<double> p{
      {{w.data(), 3, 4}, {b.data(), 1, 3}}, {one.data(), 1, 3}, {place.data(), 5, 3}};
  std::vector<double> room(64);
  Arena tape, scratch(static_cast<std::byte*>(static_cast<void*>(room.data())), 512);
  Reference<double> const backend;
  Context<Reference<double>> c{backend, tape, scratch};
  EmbedPatches::Cache<double, InferFlow> k{};
  embed.forward<InferFlow>(c, p, Stream<double const>(pixels.data(), 1, 4, 4),
                           Stream<double>(out.data(), 1, 5, 3), k);
  BOOST_TEST(out[0] == 100);
  BOOST_TEST(out[2] == 300 + 0.002);
  // patch 3 starts at pixel (2, 2) = 10
  BOOST_TEST(out[12] == 10 + 10 + 0.012);
  BOOST_TEST(out[13] == 20 + 15 + 0.013);
  BOOST_TEST(out[14] == 30 + 14 + 0.014);
}

BOOST_AUTO_TEST_CASE(a_fixed_table_of_positions_never_learns) {
  EmbedPatches::Params<float> p{};
  ListParameters<float> list;
  EmbedPatches{.image = 4, .channels = 1, .patch = 2, .dim = 3, .learned_positions = false}
      .visit<Flow<learn::All>>(p, list);
  BOOST_TEST(list.records.back().name == "positions");
  BOOST_TEST(!list.records.back().learns);
  BOOST_TEST(list.records.front().learns);
}

BOOST_AUTO_TEST_SUITE_END()
