#pragma once
#include <string>
#include <vector>

#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/family.hpp"
#include "vlpt/io/json.hpp"
#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io {

/// A config file that was parsed, and its name for messages.
struct ConfigFile {
  Json json;
  std::string where;
};

/// What a folder's config and the names in its file say of the model.
struct Description {
  Family family;
  Naming naming;
  std::vector<std::string> labels{};  // of the head's classes, where the config names them
};

/// What the user says of a folder because its files cannot; 0: nothing.
struct FolderOptions {
  Index image = 0;  // the resolution to run at: positions of another one are interpolated
  Index heads = 0;  // where there is no config: a checkpoint's shapes do not show them
  Index text_heads = 0;
};

}  // namespace vlpt::io
