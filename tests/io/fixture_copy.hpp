#pragma once
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "scratch.hpp"
#include "vlpt/io/model_folder.hpp"

namespace vlpt::test {

/// A copy of a fixture's model, whose files may be changed.
struct Copy {
  Scratch scratch;
  explicit Copy(std::string const& name) {
    std::filesystem::copy(
        std::filesystem::path(VLPT_SOURCE_DIR) / "tests/conformance/fixtures" / name / "model",
        scratch.path(),
        std::filesystem::copy_options::recursive |
            std::filesystem::copy_options::overwrite_existing);
  }
  Copy& edit(char const* file, std::string const& from, std::string const& to) {
    std::ostringstream content;
    content << std::ifstream(scratch / file).rdbuf();
    std::string s = content.str();
    auto const at = s.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, file << " has no " << from);
    (void)scratch.file(file, s.replace(at, from.size(), to));
    return *this;
  }
  io::ModelFolder open(io::FolderOptions const& options = {}) const {
    return io::ModelFolder::open(scratch.path(), options);
  }
};
inline io::ModelFolder open(std::string const& name) { return Copy(name).open(); }

template <class... Words>
void refused(Copy const& copy, Words... words) {
  std::string message = "nothing";
  try {
    (void)copy.open();
  } catch (InputError const& e) {
    message = e.what();
  }
  for (std::string_view const word : {std::string_view(words)...})
    BOOST_TEST(message.find(word) != std::string::npos, word << " is not in: " << message);
}

}  // namespace vlpt::test
