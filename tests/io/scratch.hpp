#pragma once
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace vlpt::test {

/// A new empty folder that goes away with this object.
class Scratch {
 public:
  Scratch() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() /
            ("vlpt-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~Scratch() {
    std::error_code none;
    std::filesystem::remove_all(path_, none);
  }
  Scratch(Scratch const&) = delete;
  Scratch& operator=(Scratch const&) = delete;

  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return path_ / name;
  }
  [[nodiscard]] std::filesystem::path const& path() const { return path_; }

  /// Writes a file into the folder (making folders on the way) and returns its path.
  std::filesystem::path file(std::string_view name, std::string_view content) const {
    std::filesystem::path const p = path_ / name;
    std::filesystem::create_directories(p.parent_path());
    std::ofstream(p, std::ios::binary) << content;
    return p;
  }

 private:
  std::filesystem::path path_;
};

/// For BOOST_CHECK_EXCEPTION: the message must hold every one of these words.
template <class... Words>
auto says(Words... words) {
  return [=](std::exception const& e) {
    std::string_view const message = e.what();
    return ((message.find(std::string_view(words)) != std::string_view::npos) && ...);
  };
}

}  // namespace vlpt::test
