#pragma once
#include <thread>
#include <vector>

#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
#endif

namespace vlpt {

/// Keeps threads off the processor of the thread that wakes them, within what the process may use.
/// Schedulers like to wake a thread where its waker runs, for the sake of a warm cache, and may
/// leave both there for milliseconds while another processor is idle. Elsewhere than on Linux, and
/// where there is one processor, it does nothing.
class Processors {
 public:
#if defined(__linux__)
  Processors() : known_(sched_getaffinity(0, sizeof(allowed_), &allowed_) == 0) {}

  /// How many this process may use; 0: unknown.
  [[nodiscard]] int count() const { return known_ ? CPU_COUNT(&allowed_) : 0; }

  /// Costs a system call for each thread when the caller has moved since the last time.
  void keep_off_caller(std::vector<std::thread>& threads) {
    int const here = sched_getcpu();
    if (here == last_ || here < 0 || count() < 2) return;
    last_ = here;
    cpu_set_t others = allowed_;
    CPU_CLR(here, &others);
    for (auto& t : threads) pthread_setaffinity_np(t.native_handle(), sizeof(others), &others);
  }

 private:
  cpu_set_t allowed_;
  bool known_;
  int last_ = -1;
#else
  [[nodiscard]] int count() const { return 0; }
  void keep_off_caller(std::vector<std::thread>&) {}
#endif
};

}  // namespace vlpt
