#include "vlpt/io/preprocess_facts.hpp"

#include <boost/test/unit_test.hpp>

#include "scratch.hpp"

namespace vlpt::io {
namespace {

BOOST_AUTO_TEST_SUITE(preprocessing_facts)

BOOST_AUTO_TEST_CASE(another_preprocessing_is_refused) {
  Preprocess const p{.size = 8, .channels = 3, .mean = {0.5}, .std = {0.25, 0.25, 0.3}};
  DeltaInfo const delta{.preprocess = preprocess_facts(p)};
  auto const differs = [&](Preprocess other, char const* fault) {
    BOOST_CHECK_EXCEPTION(check_preprocess(delta, other), CheckpointError, test::says(fault));
  };
  check_preprocess(delta, p);
  Preprocess other = p;
  other.mean = {0.5, 0.5, 0.5};
  check_preprocess(delta, other);  // the same, spelled out
  other.mean[1] = 0.4;
  differs(other, "mean: the delta was trained with 0.5, 0.5, 0.5, this model has 0.5, 0.4, 0.5");
  check_preprocess(DeltaInfo{}, other);  // the program did not say
  differs({8, 3, {0.5}, {0.25}}, "std: the delta was trained with 0.25, 0.25, 0.3, this model");
  differs({9, 3, p.mean, p.std}, "size: the delta was trained with 8, this model has 9");
  differs({8, 1, {0.5}, {0.25}}, "channels: the delta was trained with 3, this model has 1");
  differs({8, 3, p.mean, p.std, Filter::bicubic},
          "filter: the delta was trained with bilinear, this model has bicubic");
  other = p;
  other.fit = {.scale = PictureFit::Scale::shortest, .to = 9};
  differs(other, "fit: the delta does not say, this model has shortest");
  differs(other, "scaled_to: the delta does not say, this model has 9");
  DeltaInfo const clip{.preprocess = preprocess_facts(other)};
  check_preprocess(clip, other);
  other.fit.half = PictureFit::Half::even;
  BOOST_CHECK_EXCEPTION(check_preprocess(clip, other), CheckpointError,
                        test::says("half: the delta was trained with down, this model has even"));
  other.fit = {.scale = PictureFit::Scale::multiple, .multiple = 16};
  differs(other, "multiple: the delta does not say, this model has 16");
  BOOST_TEST(preprocess_facts(p).size() == 5U);  // as before there were other fits
  BOOST_CHECK_THROW((void)preprocess_facts({.channels = 3, .mean = {0.5, 0.5}}), InputError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt::io
