// What lists of calls are made of, on a machine that writes numbers down.
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/cuda/listing_machine.hpp"

using namespace vlpt;

namespace {

/// A machine whose kernels write numbers; the first `broken` captures fail.
struct Tape {
  using Memory = HostMemory;
  struct Graph {
    cuda::LaunchList<Tape> list;
  };
  mutable std::vector<int> written{};
  mutable int broken = 0;
  Graph capture(cuda::LaunchList<Tape> const& list) const {
    if (broken-- > 0) throw RunError("no capture");
    return {list};
  }
  void launch(Graph const& g) const { g.list.run(*this); }
  void bring(std::span<std::byte const> here, std::byte* there) const {
    std::copy(here.begin(), here.end(), there);
  }
  template <class K>
  void launch(K const& kernel) const {
    kernel(*this);
  }
};

cuda::LaunchList<Tape> writes(int a, int b) {
  cuda::LaunchList<Tape> list;
  list.append([a](Tape const& t) { t.written.push_back(a); });
  list.append([b](Tape const& t) { t.written.push_back(b); });
  return list;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cuda_known_lists)

BOOST_AUTO_TEST_CASE(an_error_behind_an_exception_is_the_next_calls) {
  cuda::ListingMachine<float, Tape> const machine(Tape{}, true);
  machine.begin();
  machine.launch([](Tape const& t) { t.written.push_back(1); });
  machine.launch([](Tape const&) { throw RunError("refused"); });
  machine.break_off();
  BOOST_CHECK_THROW(machine.begin(), RunError);
  machine.begin();
  machine.launch([](Tape const& t) { t.written.push_back(2); });
  machine.end();
  BOOST_TEST((machine.direct().written == std::vector<int>{1, 2}));
}

BOOST_AUTO_TEST_CASE(lists_are_equal_whatever_lies_between_members) {
  struct Gaps {
    bool a;
    double b;
    float c;
    void operator()(Tape const& t) const { t.written.push_back(static_cast<int>(b) + a); }
  };
  auto const list_of = [](int fill, double b) {
    alignas(Gaps) std::array<std::byte, sizeof(Gaps)> memory;
    std::memset(memory.data(), fill, sizeof(Gaps));
    auto* const gaps = ::new (static_cast<void*>(memory.data())) Gaps;
    gaps->a = true, gaps->b = b, gaps->c = 0;
    cuda::LaunchList<Tape> list;
    list.append(*gaps);
    return list;
  };
  BOOST_TEST((list_of(1, 2) == list_of(7, 2) || !cuda::LaunchList<Tape>::exact));
  BOOST_TEST(!(list_of(1, 2) == list_of(1, 3)));
}

BOOST_AUTO_TEST_CASE(few_lists_are_kept_and_the_oldest_goes) {
  using Pair = std::vector<int>;
  Tape const tape;
  cuda::KnownLists<Tape> known(2);
  auto const run = [&](int a) {
    tape.written.clear();
    known.run(writes(a, -a), tape);
    BOOST_TEST((tape.written == Pair{a, -a}));
  };
  run(1), run(1), run(2), run(2);
  BOOST_TEST((known.captured() == 2U && known.repeated() == 0U));
  run(1), run(3), run(3), run(1);  // 3 in the place of 2, and with a graph of its own
  BOOST_TEST((known.captured() == 3U && known.repeated() == 2U));
  run(2), run(1), run(3);  // 2 in the place of 3, 3 in that of 2
  BOOST_TEST((known.captured() == 3U && known.repeated() == 3U));
  cuda::LaunchList<Tape> one;
  one.append([](Tape const& t) { t.written.push_back(9); });
  for (int i = 0; i < 4; ++i) known.run(one, tape);
  BOOST_TEST(known.captured() == 3U);
}

BOOST_AUTO_TEST_CASE(a_capture_that_fails_is_said_and_tried_again) {
  Tape const tape{.broken = 1};
  cuda::KnownLists<Tape> known;
  known.run(writes(1, 2), tape);
  BOOST_CHECK_THROW(known.run(writes(1, 2), tape), RunError);
  BOOST_TEST(tape.written.size() == 2U);
  known.run(writes(1, 2), tape), known.run(writes(1, 2), tape);
  BOOST_TEST((tape.written.size() == 6U && known.repeated() == 1U));
}

BOOST_AUTO_TEST_CASE(arrays_keep_their_places_while_more_come) {
  cuda::ListArrays<HostMemory> arrays(64);
  std::vector<Index> const few{1, 2, 3}, many(40, 7);
  std::vector<Index const*> first;
  for (int time = 0; time < 3; ++time) {
    std::vector<unsigned char> const odd(5, 1);
    (void)arrays.place(odd.data(), 5);
    std::vector<Index const*> const at{arrays.place(few.data(), 3), arrays.place(few.data(), 3),
                                       arrays.place(many.data(), 40), arrays.place(few.data(), 2)};
    arrays.bring([](auto here, auto* there) { std::copy(here.begin(), here.end(), there); });
    BOOST_TEST((at[0][2] == 3 && at[1][0] == 1 && at[2][39] == 7 && at[3][1] == 2));
    for (Index const* place : at)
      BOOST_TEST(reinterpret_cast<std::uintptr_t>(place) % alignof(Index) == 0U);
    if (time == 0) first = at;
    BOOST_TEST((at == first));
    arrays.clear();
  }
  BOOST_TEST((arrays.place(few.data(), 0) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
