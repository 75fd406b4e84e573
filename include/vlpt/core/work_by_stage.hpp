#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "vlpt/core/arena.hpp"
#include "vlpt/core/cost.hpp"

namespace vlpt {

/// A part of a model as its parameters name it: embed, layers.3, head.
struct StageName {
  std::string_view part;
  Index index = -1;  // of one among many; -1: there is one

  constexpr bool operator==(StageName const&) const = default;
};
/// A part inside a part: image, layers.3.
using StagePath = std::vector<StageName>;

/// "image.layers.3", and "between" for what no stage does.
[[nodiscard]] inline std::string stage_text(StagePath const& path) {
  if (path.empty()) return "between";
  std::string out;
  for (StageName const& name : path) {
    if (!out.empty()) out += '.';
    out += name.part;
    if (name.index >= 0) out += '.' + std::to_string(name.index);
  }
  return out;
}

/// Work, divided among the stages in which it is done: it belongs to the innermost one that is
/// entered. Stages keep the order in which they were first entered; what is done behind the last
/// one is known when the run is said to end. The bytes that a watched tape grows by are divided in
/// the same way.
class WorkByStage {
 public:
  struct Part {
    StagePath path;
    Work work;
    Index tape_bytes = 0;
  };

  /// The tape must live until the end of the run.
  constexpr void watch(Arena const& tape) { tape_ = &tape; }
  constexpr void enter(StageName name, Work const& so_far) {
    settle(so_far);
    path_.push_back(name);
  }
  constexpr void leave(Work const& so_far) {
    settle(so_far);
    path_.pop_back();
  }
  constexpr void end(Work const& so_far) { settle(so_far); }
  [[nodiscard]] constexpr std::vector<Part> const& parts() const { return parts_; }

 private:
  constexpr void settle(Work const& so_far) {
    Work done = so_far;
    done += -1 * settled_;
    settled_ = so_far;
    auto const bytes = tape_ == nullptr ? 0 : static_cast<Index>(tape_->mark());
    Index const kept = bytes - settled_bytes_;
    settled_bytes_ = bytes;
    if (done == Work{} && kept == 0) return;
    auto const here =
        std::find_if(parts_.begin(), parts_.end(), [&](Part const& p) { return p.path == path_; });
    if (here != parts_.end())
      here->work += done, here->tape_bytes += kept;
    else
      parts_.push_back({path_, done, kept});
  }

  StagePath path_;
  Work settled_;
  Arena const* tape_ = nullptr;
  Index settled_bytes_ = 0;
  std::vector<Part> parts_;
};

}  // namespace vlpt
