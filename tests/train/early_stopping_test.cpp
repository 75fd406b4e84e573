#include "vlpt/train/early_stopping.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

using vlpt::EarlyStopping;

BOOST_AUTO_TEST_SUITE(early_stopping)

BOOST_AUTO_TEST_CASE(stops_after_patience_updates_without_gain) {
  EarlyStopping stop{.patience = 2};
  BOOST_TEST(!stop.should_stop());
  BOOST_TEST(stop.update(-0.5));  // the first value is the best, whatever it is
  BOOST_TEST(!stop.update(-0.5));
  BOOST_TEST(!stop.should_stop());
  BOOST_TEST(stop.update(0.6));
  BOOST_TEST(!stop.update(0.55));
  BOOST_TEST(!stop.should_stop());
  BOOST_TEST(!stop.update(std::nan("")));
  BOOST_TEST(stop.should_stop());
  BOOST_TEST(stop.waited() == 2);
  BOOST_TEST(stop.state.best == 0.6);
  BOOST_TEST(stop.state.best_update == 2);
}

BOOST_AUTO_TEST_CASE(a_gain_must_exceed_min_delta) {
  EarlyStopping stop{
      .patience = 1, .min_delta = 0.25, .mode = EarlyStopping::Mode::smaller_is_better};
  BOOST_TEST(stop.update(1));
  BOOST_TEST(stop.update(0.5));
  BOOST_TEST(!stop.update(0.25));
  BOOST_TEST(stop.should_stop());
}

BOOST_AUTO_TEST_CASE(nan_from_the_start_is_never_the_best) {
  EarlyStopping stop{.patience = 2};
  BOOST_TEST(!stop.update(std::nan("")));
  BOOST_TEST(!stop.should_stop());
  BOOST_TEST(!stop.update(std::nan("")));
  BOOST_TEST(stop.should_stop());
  BOOST_TEST(stop.update(0.1));
  BOOST_TEST(!stop.should_stop());
}

BOOST_AUTO_TEST_CASE(its_state_can_be_put_back) {
  EarlyStopping a{.patience = 3}, b{.patience = 3};
  a.update(0.4);
  a.update(0.3);
  b.state = a.state;
  for (double v : {0.2, 0.1}) BOOST_TEST(a.update(v) == b.update(v));
  BOOST_TEST((a.state == b.state));
  BOOST_TEST(b.should_stop());
  BOOST_CHECK_THROW(EarlyStopping{.patience = 0}.update(1), vlpt::InputError);
}

BOOST_AUTO_TEST_SUITE_END()
