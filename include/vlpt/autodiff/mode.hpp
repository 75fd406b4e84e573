#pragma once
#include <string_view>

namespace vlpt {

/// What a module does besides its output. Computed from the type of the model, never set by hand.
enum class Mode {
  infer,    // nothing below it or in it learns: no cache, no reverse
  root,     // it learns and nothing below it does: gradients of its parameters only
  through,  // frozen, but something below it learns: gradient of its input only
  train     // both
};

[[nodiscard]] constexpr std::string_view to_string(Mode m) {
  switch (m) {
    case Mode::infer:
      return "infer";
    case Mode::root:
      return "root";
    case Mode::through:
      return "through";
    case Mode::train:
      return "train";
  }
  return "?";
}

}  // namespace vlpt
