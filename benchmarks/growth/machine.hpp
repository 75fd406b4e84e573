#pragma once
#include <vector>

#include "vlpt/core/index.hpp"

namespace growth {

[[nodiscard]] constexpr double in_mib(vlpt::Index bytes) {
  return static_cast<double>(bytes) / (1024 * 1024);
}

/// The memory of this process that is in use now; what was freed is given back first.
[[nodiscard]] double resident_mib();

/// The processors that this process may use.
[[nodiscard]] std::vector<int> processors();

/// Keeps this process and the threads that it starts from now on to these processors.
void keep_to(std::vector<int> const& processors);

/// 100 (1 - others / all) since this was made: of the time of all processors, what other processes
/// left.
class Neighbours {
 public:
  Neighbours();
  [[nodiscard]] double idle_percent() const;

 private:
  double all_, busy_, own_;
};

/// Another process, which does nothing but keep one processor busy; at first it rests. It ends with
/// this object, or with the process that made it.
class Spinner {
 public:
  explicit Spinner(int processor);
  ~Spinner();
  Spinner(Spinner const&) = delete;
  Spinner& operator=(Spinner const&) = delete;

  void spin() const;
  void rest() const;

 private:
  int process_;
};

}  // namespace growth
