#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "io/scratch.hpp"
#include "vlpt/core/error.hpp"

namespace vlpt::fuzz {

/// A reader of files that may come from anywhere, under the name of its file and of its corpus
/// (corpus/<name>). It registers itself: each program runs the targets that it was linked with.
class Target {
 public:
  using Read = void (*)(std::string_view content);

  Target(std::string name, Read read) : name_(std::move(name)), read_(read) {
    all().push_back(this);
  }
  Target(Target const&) = delete;
  Target& operator=(Target const&) = delete;

  [[nodiscard]] static std::vector<Target const*>& all() {
    static std::vector<Target const*> targets;
    return targets;
  }
  [[nodiscard]] std::string const& name() const { return name_; }

  /// Reads the content; whatever it is, the reader may refuse it with vlpt's own errors only.
  /// Whether it was accepted.
  bool operator()(std::string_view content) const {
    try {
      read_(content);
      return true;
    } catch (InputError const&) {
      return false;
    }
  }

 private:
  std::string name_;
  Read read_;
};

/// The content as a file of that name, for readers that take a path; it is overwritten each time.
[[nodiscard]] inline std::filesystem::path file_of(std::string_view content,
                                                   std::string_view name) {
  static test::Scratch const scratch;
  return scratch.file(name, content);
}

}  // namespace vlpt::fuzz
