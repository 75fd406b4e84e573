#include "option.hpp"

#include <charconv>
#include <system_error>
#include <utility>

namespace vlpt::cli {

template <class T>
T parse_number(std::string const& option, std::string const& found, Range<T> range) {
  T value{};
  char const* const end = found.data() + found.size();
  auto const [stop, error] = std::from_chars(found.data(), end, value);
  // Written so that a NaN is out of range.
  bool const good = error == std::errc{} && stop == end && value >= range.least;
  VLPT_CHECK(good && value <= range.most, option, " takes a ",
             std::is_integral_v<T> ? "whole number" : "number", " from ", range.least, " to ",
             range.most, ", got \"", found, '"');
  return value;
}
template Index parse_number(std::string const&, std::string const&, Range<Index>);
template std::uint64_t parse_number(std::string const&, std::string const&, Range<std::uint64_t>);
template double parse_number(std::string const&, std::string const&, Range<double>);

std::string const& parse_text(std::string const& option, std::string const& found) {
  VLPT_CHECK(!found.empty(), option, " takes a name or a path, got an empty one");
  VLPT_CHECK(!found.starts_with("--"), option, " takes a name or a path, got the option ", found);
  return found;
}

CLI::Option* add_value(CLI::App& command, OptionWords const& words,
                       std::function<void(std::string const&)> take) {
  auto const callback = [take = std::move(take), name = words.name](CLI::results_t const& found) {
    VLPT_CHECK(found.size() == 1, name, " is given ", found.size(), " times; once is expected");
    take(found.front());
    return true;
  };
  return command.add_option(words.name, callback, words.meaning)
      ->type_name(words.type)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void require_effect(CLI::App const& command, std::string const& option, bool read,
                    std::string const& why) {
  VLPT_CHECK(read || command.count(option) == 0, option, " has no effect ", why);
}

}  // namespace vlpt::cli
