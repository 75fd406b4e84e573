#pragma once
#include <iostream>
#include <string>

#include "printable.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt::cli {

/// Says that a text was longer than a model reads, and by how much: a warning on standard error,
/// or, with --strict, an InputError. `others` are cut as well, by no more.
inline void tell_cut(std::string const& text_, Index cut, Index most, bool strict,
                     Index others = 0) {
  std::string const shown = text_.size() <= 60 ? text_ : text_.substr(0, 57) + "...";
  std::string const what = text(
      "the text \"", shown, "\" is ", cut, cut == 1 ? " token" : " tokens", " longer than the ",
      most, " that this model reads",
      others > 0 ? text(", and ", others, " more ", others == 1 ? "is" : "are", " too long") : "");
  if (strict) throw InputError(what + " (--strict)");
  std::cerr << "vlpt: warning: " << printable(what)
            << (others > 0 ? "; their ends are cut\n" : "; its end is cut\n");
}

}  // namespace vlpt::cli
