#pragma once
#include <cstddef>
#include <sstream>
#include <stdexcept>
#include <string>

namespace vlpt {

/// Base of everything vlpt throws; exit_code() is what a command-line program returns for it.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  [[nodiscard]] virtual int exit_code() const noexcept { return 1; }
};

/// Wrong input: an option, an argument, the contents of a file. Exit code 2.
class InputError : public Error {
 public:
  using Error::Error;
  [[nodiscard]] int exit_code() const noexcept override { return 2; }
};

/// A file that is no valid checkpoint, or does not fit the model: one message lists all of it.
class CheckpointError : public InputError {
 public:
  using InputError::InputError;
};

/// A failure while running that is not the input's fault: disk full, write refused. Exit code 1.
class RunError : public Error {
 public:
  using Error::Error;
};

/// There is less memory than was asked for; about `available` bytes could still be had.
class OutOfMemory : public RunError {
 public:
  OutOfMemory(std::string const& what, std::size_t available)
      : RunError(what), available_(available) {}
  [[nodiscard]] std::size_t available() const noexcept { return available_; }

 private:
  std::size_t available_;
};

/// Joins its arguments into one string: text("layer ", 3, ": width ", 8).
template <class... Parts>
[[nodiscard]] std::string text(Parts const&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

}  // namespace vlpt

/// Throws InputError with the joined message unless the condition holds.
#define VLPT_CHECK(condition, ...)                         \
  do {                                                     \
    if (!(condition)) [[unlikely]]                         \
      throw ::vlpt::InputError(::vlpt::text(__VA_ARGS__)); \
  } while (false)
