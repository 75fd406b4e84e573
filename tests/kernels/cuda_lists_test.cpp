// Lists of calls that are gathered, and repeated where they come again: what is repeated is what
// was asked for, whatever changed in between.
#include <boost/test/unit_test.hpp>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "heap.hpp"
#include "kernels/emulated_cuda.hpp"
#include "kernels/listing_cuda.hpp"
#include "vlpt/kernels/apart.hpp"

using namespace vlpt;
using test::ListingCuda;

static_assert(RepeatsLists<ListingCuda<float>> && KeepsApart<ListingCuda<float>>);
static_assert(!RepeatsLists<EmulatedCuda<float>>);

namespace {

using Values = std::vector<float>;

Stream<float> row(Values& v) { return {v.data(), 1, 1, static_cast<Index>(v.size())}; }
Stream<float const> row(Values const& v) { return {v.data(), 1, 1, static_cast<Index>(v.size())}; }

std::size_t repeated(ListingCuda<float> const& b) { return b.machine().known().repeated(); }
/// Lists are known again where equal calls are equal bytes, as they are with gcc and nvcc.
constexpr std::size_t if_exact(std::size_t n) {
  return cuda::LaunchList<cuda::HostStream<float>>::exact ? n : 0;
}

/// y = 2 (y + x), as one list.
void add_twice(ListingCuda<float> const& b, Values const& x, Values& y, float factor = 2) {
  ListScope const list(b);
  b.add(row(x), row(y));
  b.scale(factor, row(y));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cuda_lists)

BOOST_AUTO_TEST_CASE(a_list_waits_and_is_repeated_on_changed_values) {
  ListingCuda<float> const b;
  Values x{1, 2, 3}, y{0, 0, 0};
  {
    ListScope const list(b);
    b.add(row(x), row(y));
    {
      ListScope const inner(b);
      b.scale(2, row(y));
    }
    BOOST_TEST((y == Values{0, 0, 0}));
  }
  BOOST_TEST((y == Values{2, 4, 6}));
  for (int i = 0; i < 3; ++i) {
    y = {0, 0, 1}, x[0] += 1;
    add_twice(b, x, y);
    BOOST_TEST((y == Values{2 * x[0], 4, 8}));
  }
  BOOST_TEST(b.machine().known().captured() == if_exact(1));
  BOOST_TEST(repeated(b) == if_exact(2));
  b.scale(2, row(y));  // outside of lists: at once
  BOOST_TEST(y[1] == 8);
}

BOOST_AUTO_TEST_CASE(other_numbers_addresses_and_sizes_are_other_lists) {
  ListingCuda<float> const b;
  Values x{1, 2, 3}, y{0, 0, 0}, z{5, 5, 5}, longer{1, 1, 1, 1}, sum{0, 0, 0, 0};
  for (int i = 0; i < 3; ++i) add_twice(b, x, y);
  std::size_t const before = repeated(b);
  y = {0, 0, 0};
  add_twice(b, x, y, 3);
  BOOST_TEST((y == Values{3, 6, 9}));
  add_twice(b, z, y);
  BOOST_TEST((y == Values{16, 22, 28}));
  add_twice(b, longer, sum);
  BOOST_TEST((sum == Values{2, 2, 2, 2}));
  {
    ListScope const list(b);  // the same two calls, the other way round
    b.scale(2, row(z));
    b.add(row(x), row(z));
  }
  BOOST_TEST((z == Values{11, 12, 13}));
  BOOST_TEST(repeated(b) == before);
}

BOOST_AUTO_TEST_CASE(arrays_of_the_host_are_those_of_the_call) {
  ListingCuda<float> const b;
  Values table(12), logits(12), q(32), k(32), e(32);
  struct Results {
    Values out = Values(6), sums = Values(12), slope = Values(12), loss = Values(1),
           read = Values(32), d_query = Values(32), d_extra = Values(32), within = Values(12, 1);
    bool operator==(Results const&) const = default;
  } found;
  Values scratch(1000);
  for (Values* v : {&table, &logits, &q, &k, &e}) std::iota(v->begin(), v->end(), 0.25F);
  View<float const> const scores{logits.data(), 3, 4};
  for (Index step = 0; step < 5; ++step) {
    Attention<float> a;
    a.heads = 1;
    a.query = {q.data(), 2, 2, 8}, a.key = a.value = {k.data(), 2, 2, 8};
    a.extra_key = a.extra_value = {e.data(), 2, 2, 8};
    a.sets.by_task = true;
    std::vector<Index> index{step % 3, 2, (step + 1) % 3}, labels{step % 4, 3, 1};
    std::vector<Index> tasks{step % 2, 1 - step % 2}, counts{1, 2};
    std::vector<unsigned char> mask{1, static_cast<unsigned char>(step % 2), 0, 1};
    a.sets.tasks.task = tasks.data(), a.sets.counts = counts.data(), a.key_mask = mask.data();
    std::vector<Index> from{0, step % 2, 1}, to{4, 2, 3};
    auto const ask = [&](auto const& backend, Results& r) {
      backend.gather({table.data(), 1, 6, 2}, index.data(), {r.out.data(), 1, 3, 2});
      backend.scatter_add({table.data(), 1, 3, 2}, index.data(), {r.sums.data(), 1, 6, 2});
      backend.cross_entropy(scores, labels.data(), {}, {r.slope.data(), 3, 4},
                            {r.loss.data(), 1, 1});
      backend.attend(a, {r.read.data(), 2, 2, 8}, nullptr);
      AttentionGradients<float> g;
      g.query = {r.d_query.data(), 2, 2, 8};
      g.extra_key = g.extra_value = {r.d_extra.data(), 2, 2, 8};
      backend.attend_reverse(a, a.query, g, scratch.data());
      backend.clear_outside(from.data(), to.data(), 0, {r.within.data(), 3, 4});
    };
    Results expected;
    ask(EmulatedCuda<float>(cuda::HostMachine<float>(cuda::Order::backward)), expected);
    for (Values* v : {&found.out, &found.sums, &found.slope, &found.loss, &found.d_extra})
      v->assign(v->size(), 0);
    found.within.assign(12, 1);
    {
      ListScope const list(b);
      ask(b, found);
      index.assign(3, -1), labels.assign(3, -1), tasks.assign(2, -1), mask.assign(4, 9);
      from.assign(3, 1), to.assign(3, 1), counts.assign(2, 0);
    }
    BOOST_TEST((found == expected));
  }
  BOOST_TEST(repeated(b) == if_exact(3));
}

BOOST_AUTO_TEST_CASE(what_the_host_reads_and_writes_keeps_its_place) {
  ListingCuda<float> const b;
  Values x{1, 2, 3}, y{0, 0, 0}, seen(3);
  for (int i = 0; i < 4; ++i) {
    y = {0, 0, 0};
    ListScope const list(b);
    b.add(row(x), row(y));
    b.scale(2, row(y));
    fetch(b, static_cast<float const*>(y.data()), std::span(seen));
    BOOST_TEST((seen == Values{2, 4, 6}));
    Values const given{1, 1, static_cast<float>(i)};
    bring(b, std::span<float const>(given), y.data());  // after what reads and writes it
    b.scale(3, row(y));
    b.add(row(x), row(y));
    BOOST_TEST(b.squared_norm({y.data(), 1, 3}) == 16 + 25 + (3 + 3 * i) * (3 + 3 * i));
    b.scale(2, row(y));
  }
  BOOST_TEST((y == Values{8, 10, 24}));
}

BOOST_AUTO_TEST_CASE(an_exception_ends_a_list_and_loses_no_call) {
  ListingCuda<float> const b;
  Values x{1, 2, 3}, y{0, 0, 0};
  for (int i = 1; i < 4; ++i) {
    BOOST_CHECK_THROW(
        {
          ListScope const list(b);
          b.add(row(x), row(y));
          b.add(row(x), row(y));
          throw std::runtime_error("of the host");
        },
        std::runtime_error);
    BOOST_TEST(y[0] == 2.F * static_cast<float>(i));
    b.scale(1, row(y));
  }
  BOOST_TEST(b.machine().known().captured() == 0U);  // part of a list is not known again
  b.add(row(x), row(y));
  BOOST_TEST((y == Values{7, 14, 21}));
}

BOOST_AUTO_TEST_CASE(lists_that_come_again_allocate_nothing) {
  ListingCuda<float> const b;
  Values x{1, 2, 3}, y{0, 0, 0};
  std::vector<Index> const index{0};
  auto const step = [&] {
    ListScope const list(b);
    b.gather(row(x), index.data(), row(y));
    b.scale(2, row(y));
  };
  for (int i = 0; i < 3; ++i) step();
  std::size_t const before = test::heap_allocations();
  for (int i = 0; i < 3; ++i) step();
  BOOST_TEST(test::heap_allocations() - before == 0U);
  BOOST_TEST((y == Values{2, 4, 6}));
}

BOOST_AUTO_TEST_SUITE_END()
