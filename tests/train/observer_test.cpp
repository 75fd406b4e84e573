#include "vlpt/train/observer.hpp"

#include <boost/test/unit_test.hpp>
#include <span>
#include <vector>

namespace {
using vlpt::EpochSummary;
using vlpt::Event;
using vlpt::StepSummary;

struct Everything {
  static constexpr Event events = Event::step | Event::epoch | Event::end;
  vlpt::Index steps = 0, epochs = 0, ended_after = -1;
  void on_step(StepSummary const&) { ++steps; }
  void on_epoch(EpochSummary const&) { ++epochs; }
  void on_end(std::span<EpochSummary const> all) {
    ended_after = static_cast<vlpt::Index>(all.size());
  }
};
struct Silent {
  static constexpr Event events = Event::none;
};
struct Misspelt {
  static constexpr Event events = Event::epoch;
  void on_epok(EpochSummary const&) {}
};
struct Undeclared {
  static constexpr Event events = Event::epoch;
  void on_epoch(EpochSummary const&) {}
  void on_end(std::span<EpochSummary const>) {}
};
struct WrongArgument {
  static constexpr Event events = Event::step;
  void on_step(EpochSummary const&) {}
};
struct HalfAMemory {  // what it remembers would never come back
  static constexpr Event events = Event::memory;
  [[nodiscard]] vlpt::io::NamedValues recipe() const { return {{"half", "1"}}; }
  [[nodiscard]] std::vector<vlpt::io::TensorBytes> memory() const { return {}; }
};
struct NoEvents {
  void on_epoch(EpochSummary const&) {}
};

struct Halving {
  static constexpr Event events = Event::gradients;
  void on_gradients(double& net) { net /= 2; }
};

static_assert(vlpt::Observer<Halving> && vlpt::HasOnGradients<Halving, double>);
static_assert(!vlpt::HasOnGradients<Halving, int> && !vlpt::HasOnGradients<Silent, double>);
static_assert(vlpt::Observer<Everything> && vlpt::Observer<Silent>);
static_assert(!vlpt::Observer<Misspelt> && !vlpt::OnEpochExactlyIfDeclared<Misspelt>);
static_assert(!vlpt::Observer<Undeclared> && !vlpt::OnEndExactlyIfDeclared<Undeclared>);
static_assert(!vlpt::Observer<WrongArgument> && !vlpt::OnStepExactlyIfDeclared<WrongArgument>);
static_assert(!vlpt::Observer<HalfAMemory> && !vlpt::MemoryExactlyIfDeclared<HalfAMemory>);
static_assert(!vlpt::Observer<NoEvents> && !vlpt::Observer<int>);
}  // namespace

BOOST_AUTO_TEST_SUITE(observer)

BOOST_AUTO_TEST_CASE(declared_hooks_are_called) {
  Everything all;
  Silent silent;
  std::vector<EpochSummary> const epochs(3);
  for (int i = 0; i < 4; ++i) vlpt::tell(all, StepSummary{});
  vlpt::tell(all, epochs[0]);
  vlpt::tell_end(all, std::span(epochs));
  vlpt::tell(silent, StepSummary{});
  vlpt::tell_end(silent, std::span(epochs));
  BOOST_TEST(all.steps == 4);
  BOOST_TEST(all.epochs == 1);
  BOOST_TEST(all.ended_after == 3);
}

BOOST_AUTO_TEST_CASE(one_function_is_an_observer) {
  vlpt::Index last = -1;
  vlpt::EachEpoch watch{[&](auto const& e) { last = e.epoch; }};
  static_assert(vlpt::Observer<decltype(watch)>);
  vlpt::tell(watch, EpochSummary{.epoch = 7});
  vlpt::tell(watch, StepSummary{});
  BOOST_TEST(last == 7);
}

BOOST_AUTO_TEST_SUITE_END()
