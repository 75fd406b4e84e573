#pragma once
#include <thread>
#include <vector>

#if defined(__linux__) && !defined(__ANDROID__)
#include <pthread.h>
#include <sched.h>
#endif

namespace vlpt {

/// Keeps threads off the processor of the thread that wakes them, within the processors that the
/// thread which made this might use then. Schedulers like to wake a thread where its waker runs,
/// for the sake of a warm cache, and may leave both there for milliseconds while another processor
/// is idle. Does nothing elsewhere than on Linux, where the system forbids it, and where there are
/// not as many processors as threads and the caller.
class Processors {
 public:
#if defined(__linux__) && !defined(__ANDROID__)
  Processors() : known_(sched_getaffinity(0, sizeof(allowed_), &allowed_) == 0) {}

  /// A system call for each thread when the caller has moved since the last time. requires that no
  /// one else calls it.
  void keep_off_caller(std::vector<std::thread>& threads) {
    int const here = sched_getcpu();
    if (here == last_ || here < 0 || !known_) return;
    last_ = here;
    if (static_cast<std::size_t>(CPU_COUNT(&allowed_)) <= threads.size()) return;
    cpu_set_t others = allowed_;
    CPU_CLR(static_cast<unsigned>(here), &others);
    for (auto& t : threads) pthread_setaffinity_np(t.native_handle(), sizeof(others), &others);
  }

 private:
  cpu_set_t allowed_;
  bool known_;
  int last_ = -1;
#else
  void keep_off_caller(std::vector<std::thread>&) {}
#endif
};

}  // namespace vlpt
