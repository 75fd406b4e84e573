#include "vlpt/core/arena.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>

using vlpt::Arena;
using vlpt::ArenaScope;
using vlpt::HostMemory;

namespace {

bool aligned(void const* p) { return reinterpret_cast<std::uintptr_t>(p) % Arena::alignment == 0; }

// The same allocations for the plan and for the run.
void* fill(Arena& arena) {
  (void)arena.allocate<char>(3);
  {
    ArenaScope const scope(arena);
    (void)arena.matrix<double>(10, 10);
  }
  return arena.stream<float>(2, 3, 4).data;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(arena)

BOOST_AUTO_TEST_CASE(host_memory_is_aligned_and_zero) {
  HostMemory const memory(100);
  BOOST_TEST(memory.size() == 100);
  BOOST_TEST(aligned(memory.data()));
  for (std::size_t i = 0; i < memory.size(); ++i) BOOST_TEST((memory.data()[i] == std::byte{0}));
  BOOST_TEST(HostMemory(0).data() == nullptr);
}

BOOST_AUTO_TEST_CASE(a_measuring_arena_hands_out_nothing) {
  Arena plan;
  BOOST_TEST(plan.measuring());
  BOOST_TEST(fill(plan) == nullptr);
  BOOST_TEST(plan.peak() == 64 + 832);  // 3 bytes and 800 bytes, rounded up to 64
}

BOOST_AUTO_TEST_CASE(what_was_measured_is_enough_and_one_byte_less_is_not) {
  Arena plan;
  fill(plan);
  HostMemory const memory(plan.peak());
  Arena arena(memory.data(), memory.size());
  BOOST_TEST(fill(arena) == memory.data() + 64);
  BOOST_TEST(arena.peak() == plan.peak());
  Arena small(memory.data(), memory.size() - 1);
  BOOST_CHECK_THROW(fill(small), vlpt::RunError);
}

BOOST_AUTO_TEST_CASE(its_end_outlives_scopes_and_meets_what_begins) {
  HostMemory const memory(256);
  Arena arena(memory.data(), memory.size()), plan;
  for (Arena* a : {&plan, &arena}) {
    {
      ArenaScope const scope(*a);
      (void)a->allocate<char>(64);
      (void)a->allocate_at_end<double>(3);
      (void)a->allocate_at_end<char>(65);
    }
    BOOST_TEST(a->mark() == 0);
    BOOST_TEST(a->mark_of_end() == 192);
    BOOST_TEST(a->peak() == 256);
  }
  BOOST_TEST(plan.allocate_at_end<char>(0) == nullptr);
  BOOST_TEST(reinterpret_cast<std::byte*>(arena.allocate_at_end<char>(0)) == memory.data() + 64);
  arena.release_end(64);  // the three doubles
  auto* const again = arena.allocate_at_end<char>(1);
  BOOST_TEST(reinterpret_cast<std::byte*>(again) == memory.data() + 128);
  BOOST_TEST(aligned(again));
  (void)arena.allocate<char>(128);
  BOOST_CHECK_THROW((void)arena.allocate<char>(1), vlpt::RunError);
  Arena other(memory.data(), memory.size());
  (void)other.allocate<char>(193);
  BOOST_CHECK_THROW((void)other.allocate_at_end<char>(1), vlpt::RunError);
}

BOOST_AUTO_TEST_CASE(allocations_are_aligned_and_do_not_overlap) {
  HostMemory const memory(1024);
  Arena arena(memory.data(), memory.size());
  auto* const a = arena.allocate<char>(65);
  auto* const b = arena.allocate<char>(1);
  BOOST_TEST(aligned(a));
  BOOST_TEST(aligned(b));
  BOOST_TEST(b - a == 128);
}

BOOST_AUTO_TEST_CASE(a_scope_gives_its_memory_back) {
  HostMemory const memory(1024);
  Arena arena(memory.data(), memory.size());
  auto const before = arena.mark();
  void const* first = nullptr;
  {
    ArenaScope const scope(arena);
    first = arena.allocate<int>(8);
    BOOST_TEST(arena.mark() != before);
  }
  BOOST_TEST(arena.mark() == before);
  BOOST_TEST(static_cast<void const*>(arena.allocate<int>(8)) == first);
}

BOOST_AUTO_TEST_SUITE_END()
