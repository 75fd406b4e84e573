#include "progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "printable.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/core/error.hpp"

namespace vlpt::cli {
namespace {

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

std::string left_text(double seconds) {
  auto const s = static_cast<Index>(seconds + 0.5);
  return s < 60 ? text(s, " s left") : text(s / 60, " min ", s % 60, " s left");
}

}  // namespace

Progress::Progress(Shared const& asked)
    : bar_(!asked.no_progress && ::isatty(STDERR_FILENO) == 1),
      lines_(!asked.no_progress && !asked.json) {}

void Progress::start(std::string const& what, Index total) {
  what_ = printable(what), total_ = std::max<Index>(total, 1), first_ = -1;
  begin_ = Clock::now(), last_ = {};
}

void Progress::advance(Index done, std::string const& note) {
  if (!rewrites()) return;
  if (first_ < 0) first_ = done, begin_ = Clock::now();  // a resumed run does not begin at 0
  auto const now = Clock::now();
  if (done < total_ && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  constexpr Index cells = 24;
  Index const full = std::min(cells, done * cells / total_);
  std::string out = text(what_, "  [", std::string(static_cast<std::size_t>(full), '#'),
                         std::string(static_cast<std::size_t>(cells - full), '.'), "] ",
                         100 * done / total_, " %");
  double const spent = std::chrono::duration<double>(now - begin_).count();
  if (done > first_ && spent > 1)
    out += "  " + left_text(spent * static_cast<double>(total_ - done) /
                            static_cast<double>(done - first_));
  if (!note.empty()) out += "  " + note;
  out.resize(std::min(out.size(), terminal_width() - 1));
  std::cerr << '\r' << out << "\x1b[K" << std::flush;
  shown_ = true;
}

void Progress::line(std::string const& words) {
  if (!lines_) return;
  finish();
  std::cerr << printable(words) << std::endl;
}

void Progress::finish() {
  if (shown_) std::cerr << "\r\x1b[K" << std::flush;
  shown_ = false;
}

void TrainingWatch::on_step(StepSummary const& s) {
  progress.advance(s.step + 1,
                   text("epoch ", s.epoch + 1, '/', epochs, "  loss ", report::fixed(s.loss, 3)));
}

void TrainingWatch::on_epoch(EpochSummary const& s) {
  if (!each_epoch || progress.rewrites()) return;
  progress.line(text("epoch ", s.epoch + 1, '/', epochs, "  loss ", report::fixed(s.train_loss, 4),
                     labels ? "  train " + report::percent(s.train_accuracy) + " %" : "",
                     s.valid_accuracy ? "  valid " + report::percent(*s.valid_accuracy) + " %" : "",
                     "  ", report::duration(s.seconds_per_step), " a step"));
}

}  // namespace vlpt::cli
