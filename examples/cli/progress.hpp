#pragma once
#include <chrono>
#include <string>

#include "shared.hpp"
#include "vlpt/train/observer.hpp"

namespace vlpt::cli {

/// How far a run is, on standard error: on a terminal one line that rewrites itself, at most ten
/// times a second; elsewhere plain lines only, and none of these for a program (--json), to which
/// standard error tells of errors alone; with --no-progress nothing at all.
class Progress {
 public:
  explicit Progress(Shared const& asked);
  ~Progress() { finish(); }
  Progress(Progress const&) = delete;
  Progress& operator=(Progress const&) = delete;

  /// A piece of work of `total` steps begins.
  void start(std::string const& what, Index total);
  /// `done` steps of it are behind us.
  void advance(Index done, std::string const& note = {});
  /// A line that stays.
  void line(std::string const& words);
  /// Takes the rewriting line away.
  void finish();
  [[nodiscard]] bool rewrites() const { return bar_; }

 private:
  using Clock = std::chrono::steady_clock;
  bool bar_, lines_, shown_ = false;
  std::string what_;
  Index total_ = 0, first_ = -1;
  Clock::time_point begin_, last_;
};

/// Watches fit() or pretrain(): a bar on a terminal, a plain line an epoch elsewhere.
struct TrainingWatch {
  static constexpr Event events = Event::step | Event::epoch;
  Progress& progress;
  Index epochs = 0;
  bool each_epoch = true;  // whether epochs have their lines
  bool labels = true;      // whether there is an accuracy to tell

  void on_step(StepSummary const& s);
  void on_epoch(EpochSummary const& s);
};

}  // namespace vlpt::cli
