#include "vlpt/core/view.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <numeric>

using vlpt::Index;
using vlpt::Stream;
using vlpt::View;

namespace {

// 0, 1, 2, ...: an element is its own offset.
struct Counted {
  std::array<int, 60> values;
  Counted() { std::iota(values.begin(), values.end(), 0); }
  int* data() { return values.data(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(view)

BOOST_AUTO_TEST_CASE(a_view_is_row_major) {
  Counted memory;
  View<int> const v(memory.data(), 3, 4);
  BOOST_TEST(v(0, 0) == 0);
  BOOST_TEST(v(2, 3) == 11);
  BOOST_TEST(v.size() == 12);
  BOOST_TEST(v.contiguous());
  BOOST_TEST(!v.empty());
}

BOOST_AUTO_TEST_CASE(slices_keep_the_stride) {
  Counted memory;
  View<int> const v(memory.data(), 6, 10);
  View<int> const block = v.middle_rows(2, 3).middle_cols(4, 5);
  BOOST_TEST(block.rows == 3);
  BOOST_TEST(block.cols == 5);
  BOOST_TEST(block(0, 0) == 24);
  BOOST_TEST(block(2, 4) == 48);
  BOOST_TEST(!block.contiguous());
  BOOST_TEST(block.middle_rows(1, 1).contiguous());  // one row has no gaps
}

BOOST_AUTO_TEST_CASE(writing_through_a_slice_reaches_the_whole) {
  Counted memory;
  View<int> const v(memory.data(), 6, 10);
  v.middle_rows(1, 2).middle_cols(3, 2)(1, 1) = -1;
  BOOST_TEST(v(2, 4) == -1);
  View<int const> const readable = v;
  BOOST_TEST(readable(2, 4) == -1);
}

BOOST_AUTO_TEST_CASE(slices_of_a_null_view_stay_null) {
  View<int> const v(nullptr, 6, 10);
  BOOST_TEST(v.row(3) == nullptr);
  BOOST_TEST(v.middle_rows(2, 2).data == nullptr);
  BOOST_TEST(v.middle_cols(2, 2).data == nullptr);
  BOOST_TEST(v.middle_rows(2, 2).rows == 2);
  Stream<int> const s(nullptr, 2, 3, 10);
  BOOST_TEST(s.sample(1).data == nullptr);
  BOOST_TEST(s.range(1, 2).data == nullptr);
  BOOST_TEST(s.columns(1, 2).data == nullptr);
}

BOOST_AUTO_TEST_CASE(a_stream_is_a_batch_of_views) {
  Counted memory;
  Stream<int> const s(memory.data(), 3, 4, 5);
  BOOST_TEST(s.rows() == 12);
  BOOST_TEST(s.size() == 60);
  BOOST_TEST(s.dense());
  BOOST_TEST(s.sample(2)(1, 3) == 2 * 20 + 1 * 5 + 3);
  BOOST_TEST(s.flat()(9, 3) == s.sample(2)(1, 3));
}

BOOST_AUTO_TEST_CASE(ranges_and_columns_of_a_stream) {
  Counted memory;
  Stream<int> const s(memory.data(), 3, 4, 5);
  Stream<int> const tail = s.range(1, 3);
  BOOST_TEST(!tail.dense());
  BOOST_TEST(tail.sample(1)(0, 0) == 25);
  BOOST_TEST(tail.sample(1)(2, 4) == 39);
  Stream<int> const right = s.columns(3, 2);
  BOOST_TEST(right.dense());  // evenly spaced rows, though with gaps
  BOOST_TEST(right.flat()(11, 1) == 59);
  BOOST_TEST(s.range(1, 1).columns(2, 1).sample(2)(0, 0) == 47);
}

BOOST_AUTO_TEST_CASE(a_view_becomes_a_stream_of_equal_samples) {
  Counted memory;
  Stream<int> const s(View<int>(memory.data(), 6, 8, 10), 3);
  BOOST_TEST(s.batch == 3);
  BOOST_TEST(s.tokens == 2);
  BOOST_TEST(s.sample(1)(1, 7) == 37);
  BOOST_TEST(Stream<int>(View<int>(), 0).empty());
}

BOOST_AUTO_TEST_CASE(one_sample_can_serve_the_whole_batch) {
  Counted memory;
  Stream<int> const shared(memory.data(), 4, 2, 5, 0, 5);
  BOOST_TEST(shared.sample(3)(1, 2) == 7);
  BOOST_TEST(!shared.dense());
}

BOOST_AUTO_TEST_SUITE_END()
