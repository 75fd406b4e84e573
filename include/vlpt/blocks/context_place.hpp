#pragma once
#include <string_view>

namespace vlpt {

/// Where context rows stand in a class's text: behind the start token, behind the class's name, or
/// half of them (of an odd number the smaller half) before the name and the others behind it.
enum class ContextPlace { end, front, middle };

[[nodiscard]] constexpr std::string_view place_name(ContextPlace place) {
  switch (place) {
    case ContextPlace::end:
      return "end";
    case ContextPlace::front:
      return "front";
    case ContextPlace::middle:
      return "middle";
  }
  return "";
}

}  // namespace vlpt
