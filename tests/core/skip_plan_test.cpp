#include "vlpt/core/skip_plan.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using vlpt::Index;
using vlpt::SkipPlan;

namespace {

constexpr SkipPlan four{12, {10, 4, 11, 5}};
static_assert(four.size() == 4 && four.depth() == 12 && four.skips(10) && !four.skips(3));
static_assert(!four.skips(-1) && !four.skips(12) && !four.skips(1000));
static_assert(four == SkipPlan{12, {4, 5, 10, 11}} && four != SkipPlan{13, {4, 5, 10, 11}});

std::string complaint(auto make) {
  try {
    static_cast<void>(make());
  } catch (vlpt::InputError const& e) {
    return e.what();
  }
  return "none";
}
bool contains(std::string const& whole, char const* part) {
  return whole.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(skip_plan)

BOOST_AUTO_TEST_CASE(layers_are_in_order_however_they_were_named) {
  BOOST_TEST(four.layers() == (std::vector<Index>{4, 5, 10, 11}), boost::test_tools::per_element());
  BOOST_TEST(SkipPlan(12).size() == 0);
  BOOST_TEST(SkipPlan().layers().empty());
}

BOOST_AUTO_TEST_CASE(text_goes_both_ways) {
  BOOST_TEST(vlpt::text(four) == "4,5,10,11");
  BOOST_TEST((SkipPlan::parse(12, "4,5,10,11") == four));
  BOOST_TEST((SkipPlan::parse(12, "11,10,5,4") == four));
  BOOST_TEST(vlpt::text(SkipPlan(12)) == "");
  BOOST_TEST((SkipPlan::parse(12, "") == SkipPlan(12)));
  BOOST_TEST((SkipPlan::parse(12, "7") == SkipPlan(12, {7})));
}

BOOST_AUTO_TEST_CASE(a_sentence_says_layer_or_layers) {
  BOOST_TEST(vlpt::layers_of(four) == "layers 4,5,10,11");
  BOOST_TEST(vlpt::layers_of(SkipPlan(12, {2})) == "layer 2");
  BOOST_TEST(vlpt::layers_of(SkipPlan(12)) == "no layers");
}

BOOST_AUTO_TEST_CASE(text_that_is_no_list_of_layers_is_refused) {
  for (char const* bad : {",", "4,", ",4", "4,,5", "4, 5", "4 5", "x", "4;5", "0x4", "4.5", " ",
                          "99999999999999999999"})
    BOOST_TEST(contains(complaint([&] { return SkipPlan::parse(12, bad); }),
                        "numbers with commas between, such as 4,5,10,11"),
               bad);
}

BOOST_AUTO_TEST_CASE(a_layer_past_the_depth_or_twice_is_refused) {
  auto const past = complaint([] { return SkipPlan(12, {4, 12}); });
  BOOST_TEST(contains(past, "layer 12 cannot be skipped: the model has 12 layers"), past);
  BOOST_TEST(contains(complaint([] { return SkipPlan(12, {-1}); }), "layer -1 cannot"));
  BOOST_TEST(contains(complaint([] { return SkipPlan::parse(6, "6"); }), "has 6 layers"));
  BOOST_TEST(contains(complaint([] {
                        return SkipPlan(12, {4, 5, 4});
                      }),
                      "layer 4 is skipped twice"));
  BOOST_TEST(contains(complaint([] { return SkipPlan::parse(12, "4,4"); }), "skipped twice"));
  BOOST_TEST(contains(complaint([] { return SkipPlan(129); }), "at most 128 layers, got 129"));
  BOOST_TEST(contains(complaint([] { return SkipPlan(-1); }), "got -1"));
  BOOST_TEST(SkipPlan(128, {127}).skips(127));
}

BOOST_AUTO_TEST_SUITE_END()
