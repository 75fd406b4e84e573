#pragma once
#include <atomic>
#include <exception>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "vlpt/core/index.hpp"
#include "vlpt/core/processors.hpp"

namespace vlpt {

/// A persistent team of threads. Tasks are handed out by a counter; what one computes must not
/// depend on who runs it or on the number of threads, so that results are bit-identical for any.
/// run() never allocates and passes on what a task throws; from inside a task, or while the team is
/// busy, it runs on the caller.
class Team {
 public:
  /// threads = 0: one for each processor that this process may use.
  explicit Team(int threads = 0) {
    if (threads <= 0) threads = static_cast<int>(std::thread::hardware_concurrency());
    if (threads < 1) threads = 1;
    workers_.reserve(static_cast<std::size_t>(threads - 1));
    for (int i = 1; i < threads; ++i) workers_.emplace_back([this, i] { work(i); });
  }
  ~Team() {
    stop_.store(true, std::memory_order_relaxed);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    for (auto& w : workers_) w.join();
  }
  Team(Team const&) = delete;
  Team& operator=(Team const&) = delete;

  [[nodiscard]] int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls f(task, thread) for every task in [0, tasks); thread is in [0, threads()).
  template <class F>
  void run(Index tasks, F&& f) {
    using Body = std::remove_reference_t<F>;
    if (tasks <= 1 || workers_.empty() || busy_.test_and_set(std::memory_order_acquire)) {
      for (Index t = 0; t < tasks; ++t) f(t, 0);
      return;
    }
    call_ = [](void* body, Index task, int thread) { (*static_cast<Body*>(body))(task, thread); };
    body_ = const_cast<void*>(static_cast<void const*>(&f));
    tasks_ = tasks;
    next_.store(0, std::memory_order_relaxed);
    processors_.keep_off_caller(workers_);
    door_.store(open, std::memory_order_release);
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
    drain(0);
    // Only those inside are waited for: whom a busy neighbour keeps from coming has missed it.
    int inside = door_.fetch_and(~open, std::memory_order_acq_rel) & ~open;
    for (int spin = 0; inside != 0; inside = door_.load(std::memory_order_acquire), ++spin)
      if (spin > spins)
        door_.wait(inside, std::memory_order_acquire);
      else
        relax();
    std::exception_ptr const failure = std::exchange(failure_, nullptr);
    failing_.clear(std::memory_order_relaxed);
    busy_.clear(std::memory_order_release);
    if (failure) std::rethrow_exception(failure);
  }

 private:
  // Some tens of microseconds, then sleep: neighbours may need us.
  static constexpr int spins = 1000;
  static constexpr int open = 1 << 30;

  static void relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  /// Nothing leaves a task: the first exception is kept, the other tasks are dropped.
  void drain(int thread) noexcept {
    for (Index t = next_.fetch_add(1, std::memory_order_relaxed); t < tasks_;
         t = next_.fetch_add(1, std::memory_order_relaxed))
      try {
        call_(body_, t, thread);
      } catch (...) {
        if (!failing_.test_and_set(std::memory_order_relaxed)) failure_ = std::current_exception();
        next_.store(tasks_, std::memory_order_relaxed);
      }
  }
  void work(int thread) {
    unsigned seen = 0;
    for (;;) {
      for (int spin = 0; round_.load(std::memory_order_acquire) == seen; ++spin)
        if (spin > spins)
          round_.wait(seen, std::memory_order_acquire);
        else
          relax();
      seen = round_.load(std::memory_order_acquire);
      if (stop_.load(std::memory_order_relaxed)) return;
      if (!enter()) continue;
      drain(thread);
      if (door_.fetch_sub(1, std::memory_order_acq_rel) == 1) door_.notify_one();
    }
  }
  /// Whether the work of this round, or of a later one, goes on.
  bool enter() {
    int seen = door_.load(std::memory_order_relaxed);
    while ((seen & open) != 0)
      if (door_.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire)) return true;
    return false;
  }

  Processors processors_;
  std::vector<std::thread> workers_;
  std::atomic_flag busy_;
  std::atomic_flag failing_;
  std::exception_ptr failure_;
  std::atomic<unsigned> round_{0};
  std::atomic<Index> next_{0};
  std::atomic<int> door_{0};  // how many workers are inside, and whether more may come in
  std::atomic<bool> stop_{false};
  void (*call_)(void*, Index, int) = nullptr;
  void* body_ = nullptr;
  Index tasks_ = 0;
};

}  // namespace vlpt
