#include "machine.hpp"

#include <malloc.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include "vlpt/core/error.hpp"

namespace growth {
namespace {

struct Machine {
  double all = 0, busy = 0;  // seconds of all processors; stolen ones count as work
};

Machine machine_now() {
  std::ifstream file("/proc/stat");
  std::string cpu;
  file >> cpu;
  double ticks[8]{}, all = 0;
  for (double& t : ticks) file >> t, all += t;
  auto const second = static_cast<double>(sysconf(_SC_CLK_TCK));
  return {all / second, (all - ticks[3] - ticks[4]) / second};
}

double own_now() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  auto const seconds = [](timeval t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

void keep_process_to(pid_t process, std::vector<int> const& processors) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int const p : processors) CPU_SET(static_cast<unsigned>(p), &set);
  VLPT_CHECK(sched_setaffinity(process, sizeof set, &set) == 0,
             "this process may not choose its processors");
}

}  // namespace

double resident_mib() {
  malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  vlpt::Index size = 0, resident = 0;
  file >> size >> resident;
  return in_mib(resident * sysconf(_SC_PAGESIZE));
}

std::vector<int> processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> out;
  VLPT_CHECK(sched_getaffinity(0, sizeof set, &set) == 0, "the processors cannot be read");
  for (int p = 0; p < CPU_SETSIZE; ++p)
    if (CPU_ISSET(static_cast<unsigned>(p), &set)) out.push_back(p);
  return out;
}

void keep_to(std::vector<int> const& processors) { keep_process_to(0, processors); }

Neighbours::Neighbours() : all_(machine_now().all), busy_(machine_now().busy), own_(own_now()) {}

double Neighbours::idle_percent() const {
  Machine const now = machine_now();
  double const all = now.all - all_, others = (now.busy - busy_) - (own_now() - own_);
  return all <= 0 ? 100 : 100 * (1 - std::clamp(others / all, 0., 1.));
}

Spinner::Spinner(int processor) : process_(fork()) {
  VLPT_CHECK(process_ >= 0, "no other process could be started");
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (unsigned volatile i = 0;;) i = i + 1;
  }
  rest();
  keep_process_to(process_, {processor});
}

Spinner::~Spinner() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

void Spinner::spin() const {
  kill(process_, SIGCONT);
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

void Spinner::rest() const {
  kill(process_, SIGSTOP);
  waitpid(process_, nullptr, WUNTRACED);
}

}  // namespace growth
