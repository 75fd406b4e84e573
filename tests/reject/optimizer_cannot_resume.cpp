// expect: HasState
// An optimizer that does not show what it remembers could not be resumed.
#include "vlpt/train/optimizer.hpp"

struct Forgetful {
  using value_type = float;
  void step(std::span<float>, std::span<float const>, double) {}
  [[nodiscard]] std::int64_t steps() const { return 0; }
  void set_steps(std::int64_t) {}
};

static_assert(vlpt::Optimizer<Forgetful>);
