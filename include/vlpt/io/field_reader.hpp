#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::io {

/// The largest side of a picture that a model may ask for.
inline constexpr std::uint64_t max_image_size = 16'384;

/// Takes fields out of a JSON object; one that is missing or odd is a CheckpointError naming it.
class FieldReader {
 public:
  FieldReader(Json const& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json_.is_object()) throw CheckpointError(text(where_, ": a JSON object is expected"));
  }
  [[nodiscard]] bool has(char const* field) const { return json_.contains(field); }
  [[nodiscard]] std::string const& where() const { return where_; }

  /// A count from 1 to the limit; the usual limit keeps every product of two in range.
  void count(char const* field, Index& into, std::uint64_t limit = 1'000'000) const {
    Json value = get(field);
    if (value.is_array() && value.size() == 2 && value[0] == value[1]) value = value[0];
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() == 0 ||
        value.get<std::uint64_t>() > limit)
      fail(field, text("a count from 1 to ", limit));
    into = value.get<Index>();
  }
  void fraction(char const* field, double& into) const {
    Json const& value = get(field);
    if (!value.is_number()) fail(field, "a number from 0 to 1");
    into = value.get<double>();
    if (!(into >= 0 && into < 1)) fail(field, "a number from 0 to 1");
  }
  void numbers(char const* field, std::vector<double>& into) const {
    Json const& value = get(field);
    if (!value.is_array()) fail(field, "a list of numbers");
    into.clear();
    for (Json const& number : value) {
      if (!number.is_number()) fail(field, "a list of numbers");
      into.push_back(number.get<double>());
    }
  }
  void word(char const* field, std::string& into) const {
    if (!get(field).is_string()) fail(field, "a string");
    into = get(field).get<std::string>();
  }
  void flag(char const* field, bool& into) const {
    if (!get(field).is_boolean()) fail(field, "true or false");
    into = get(field).get<bool>();
  }
  [[noreturn]] void fail(char const* field, std::string const& expected) const {
    throw CheckpointError(text(where_, ": field \"", field, "\" must be ", expected,
                               has(field) ? ", not " + json_[field].dump() : ", but is missing"));
  }

 private:
  [[nodiscard]] Json const& get(char const* field) const {
    static Json const nothing;
    return has(field) ? json_[field] : nothing;
  }
  Json const& json_;
  std::string where_;
};

}  // namespace vlpt::io
