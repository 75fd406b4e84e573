#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/index.hpp"

namespace vlpt::io {

/// How a tensor of a prompt file becomes one of vlpt's: as it is; without its batch of one; its
/// rows behind those that are there; one value for each layer, whose number stands for the `*`.
enum class Fold { same, batch_of_one, behind, each_layer };

/// One line of a layout. The shape names its extents: numbers, sizes that the model fixes (d its
/// width, L its layers) or that the file does (P), which are the same wherever they stand.
struct PromptRule {
  std::string name;   // in the file, without a prefix
  std::string own;    // of the delta
  std::string shape;  // "1 P d"
  Fold fold = Fold::same;
  bool optional = false;
};

/// How the code of one paper names what it learns: a table, as data.
struct PromptLayout {
  std::string name;                   // "coop"
  std::vector<std::string> prefixes;  // that its names may have
  std::vector<PromptRule> rules;
  std::vector<std::pair<std::string, std::string>> ignored;  // a pattern (naming.hpp), and why
};

/// Sizes by the letters of a shape.
using PromptSizes = std::map<std::string, Index>;

}  // namespace vlpt::io
