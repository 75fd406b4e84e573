#pragma once
#include "recording.hpp"
#include "vlpt/policies/prompt/context.hpp"

namespace golden {

/// The context that a case `mvlpt.*` has.
[[nodiscard]] inline vlpt::prompt::Context<> context_of(Recording const& file) {
  vlpt::prompt::Context<> context;
  context.prompts = file.number("coop_n_ctx");
  context.class_specific = file.fact("csc") == "true";
  std::string const place = file.fact("class_token_position");
  for (auto const p : {vlpt::ContextPlace::end, vlpt::ContextPlace::front})
    if (place == place_name(p)) context.place = p;
  VLPT_CHECK(place == place_name(context.place), "unknown place of a context: ", place);
  return context;
}

}  // namespace golden
