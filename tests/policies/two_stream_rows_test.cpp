// Prompt rows on a two-stream model.
#include "policies/check_two_stream.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

BOOST_AUTO_TEST_SUITE(two_stream_rows)

BOOST_AUTO_TEST_CASE(nothing) { test::check_two_stream<prompt::None>(); }
BOOST_AUTO_TEST_CASE(everything_but_the_image_tower_learns) {
  test::check_two_stream<prompt::None, skip::Dense, learn::All>();
}
BOOST_AUTO_TEST_CASE(shallow) { test::check_two_stream<prompt::Shallow<2>>(); }
BOOST_AUTO_TEST_CASE(deep) { test::check_two_stream<prompt::Deep<2>>(); }
BOOST_AUTO_TEST_CASE(shallow_behind_the_class_row) {  // then the poolers do not read a prompt
  using Live = test::TwoStreamRun<prompt::Shallow<2>, skip::Dense, learn::Policy, rows::Live>;
  using All = test::TwoStreamRun<prompt::Shallow<2>, skip::Dense, learn::Policy, rows::All>;
  Live front({});
  for (bool const every_row : {false, true}) {
    auto const settings = [&]<class S>(S s) {
      s.facts.place = PromptPlace::after_class, s.every_row = every_row;
      return s;
    };
    Live live(settings(Live::Settings{}));
    GradReport const report = live.check();
    BOOST_TEST(report.ok(1e-7), report);
    All all(settings(All::Settings{}));
    auto const found = live.step();
    BOOST_TEST(test::distance(found, all.step()) < 1e-12);
    if (!every_row) BOOST_TEST(test::distance(found, front.step()) > 0.01);
  }
  Live::Settings s{};
  s.facts.place = PromptPlace::end;
  BOOST_CHECK_THROW(Live::Model{s}, InputError);
}

BOOST_AUTO_TEST_SUITE_END()
