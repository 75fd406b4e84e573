// expect: OnStepExactlyIfDeclared
// A hook that is written but not declared would silently never run.
#include "vlpt/train/observer.hpp"

struct Watcher {
  static constexpr vlpt::Event events = vlpt::Event::epoch;
  void on_step(vlpt::StepSummary const&) {}
  void on_epoch(vlpt::EpochSummary const&) {}
};

static_assert(vlpt::Observer<Watcher>);
