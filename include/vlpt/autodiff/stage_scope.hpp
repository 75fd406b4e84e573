#pragma once
#include "vlpt/autodiff/context.hpp"
#include "vlpt/core/work_by_stage.hpp"

namespace vlpt {

template <class B>
concept KnowsStages = requires(B const b, StageName name) {
  b.enter(name);
  b.leave();
};

/// Tells a backend that counts which stage of the model runs, one after the other; the last one
/// ends with the scope. Other backends hear nothing.
template <class B>
class StageScope {
 public:
  constexpr explicit StageScope(Context<B> const& c) : backend_(c.backend) {}
  constexpr StageScope(Context<B> const& c, std::string_view part, Index index = -1)
      : StageScope(c) {
    next(part, index);
  }
  constexpr ~StageScope() { end(); }
  StageScope(StageScope const&) = delete;
  StageScope& operator=(StageScope const&) = delete;

  constexpr void next([[maybe_unused]] std::string_view part, [[maybe_unused]] Index index = -1) {
    if constexpr (KnowsStages<B>) {
      end();
      backend_.enter({part, index});
      inside_ = true;
    }
  }
  constexpr void end() {
    if constexpr (KnowsStages<B>) {
      if (inside_) backend_.leave();
      inside_ = false;
    }
  }

 private:
  B const& backend_;
  bool inside_ = false;
};

}  // namespace vlpt
