#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <type_traits>

#include "range.hpp"
#include "vlpt/core/error.hpp"

namespace vlpt::cli {

/// All of `found` as a number in the range: no blanks, no rest, no overflow. The InputError says
/// which option, what was expected and what was found. T: Index, std::uint64_t, double.
template <class T>
[[nodiscard]] T parse_number(std::string const& option, std::string const& found, Range<T> range);

/// A name or a path; InputError if it is empty or, a slip, another option.
[[nodiscard]] std::string const& parse_text(std::string const& option, std::string const& found);

/// How an option is shown in the help: its name, what stands for its value, and what it is for.
struct OptionWords {
  std::string name, type, meaning;
};

/// An option with one value, put into place by `take`.
CLI::Option* add_value(CLI::App& command, OptionWords const& words,
                       std::function<void(std::string const&)> take);

/// An option that takes a number in the range. The help shows the value that `into` has, unless it
/// is an optional.
template <class T, class Into>
CLI::Option* add_number(CLI::App& command, OptionWords const& words, Into& into, Range<T> range) {
  auto* const option =
      add_value(command, words, [&into, range, name = words.name](std::string const& found) {
        into = parse_number(name, found, range);
      });
  if constexpr (std::is_arithmetic_v<Into>) option->default_str(text(into));
  return option;
}

/// An option that takes a name or a path. The help shows the value that `into` has, if any.
template <class Into>
CLI::Option* add_text(CLI::App& command, OptionWords const& words, Into& into) {
  auto* const option = add_value(
      command, words,
      [&into, name = words.name](std::string const& found) { into = parse_text(name, found); });
  if (!into.empty()) option->default_str(std::string(into));
  return option;
}

/// InputError if the option was given and yet nothing reads it: "--mean has no effect " + why.
void require_effect(CLI::App const& command, std::string const& option, bool read,
                    std::string const& why);

}  // namespace vlpt::cli
