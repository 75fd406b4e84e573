#pragma once
#include <initializer_list>

#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/json.hpp"

namespace vlpt::io {

/// A field that a model may have only with the value at which it changes nothing (or null).
struct AllowedField {
  char const* name;
  Json value;
};

/// Throws a CheckpointError that names the first field which asks for what vlpt does not compute.
inline void check_allowed(FieldReader const& field, Json const& json,
                          std::initializer_list<AllowedField> fields) {
  for (AllowedField const& f : fields)
    if (json.contains(f.name) && !json[f.name].is_null() && json[f.name] != f.value)
      field.fail(f.name, f.value.dump() + ", the only one that vlpt computes");
}

}  // namespace vlpt::io
