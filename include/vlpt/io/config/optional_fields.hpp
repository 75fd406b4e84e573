#pragma once
#include <cstdint>
#include <string>

#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::io {

/// Reads fields that may be missing or null, which leaves the value as it is: a config leaves out
/// what transformers would fill in.
class OptionalFields {
 public:
  OptionalFields(Json const& json, std::string const& where) : json_(json), field_(json, where) {}
  [[nodiscard]] bool says(char const* name) const {
    return field_.has(name) && !json_[name].is_null();
  }
  void count(char const* name, Index& into, std::uint64_t limit = 1'000'000) const {
    if (says(name)) field_.count(name, into, limit);
  }
  void fraction(char const* name, double& into) const {
    if (says(name)) field_.fraction(name, into);
  }
  void word(char const* name, std::string& into) const {
    if (says(name)) field_.word(name, into);
  }
  void flag(char const* name, bool& into) const {
    if (says(name)) field_.flag(name, into);
  }
  /// A whole number, of which one below 1 means that there is no limit.
  void limit(char const* name, Index& into) const {
    if (!says(name)) return;
    if (!json_[name].is_number_integer()) field_.fail(name, "a whole number");
    if (json_[name].is_number_unsigned() && json_[name].get<std::uint64_t>() > 0)
      field_.count(name, into);
    else
      into = 0;
  }
  /// Throws unless the field is missing, null, or this value, the only one that vlpt computes.
  void only(char const* name, Json const& value) const {
    if (says(name) && json_[name] != value)
      field_.fail(name, value.dump() + ", the only one that vlpt computes");
  }
  [[nodiscard]] FieldReader const& reader() const { return field_; }

 private:
  Json const& json_;
  FieldReader field_;
};

}  // namespace vlpt::io
