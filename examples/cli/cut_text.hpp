#pragma once
#include <iostream>
#include <string>

#include "printable.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::cli {

/// Says that a text was longer than a model reads, and by how much: a warning on standard error,
/// or, with --strict, an InputError.
inline void tell_cut(std::string const& text_, Index cut, Index most, bool strict) {
  std::string const shown = text_.size() <= 60 ? text_ : text_.substr(0, 57) + "...";
  std::string const what =
      text("the text \"", shown, "\" is ", cut, cut == 1 ? " token" : " tokens",
           " longer than the ", most, " that this model reads");
  if (strict) throw InputError(what + " (--strict)");
  std::cerr << "vlpt: warning: " << printable(what) << "; its end is cut\n";
}

}  // namespace vlpt::cli
