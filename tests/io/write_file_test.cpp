#include "vlpt/io/write_file.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <iterator>

#include "scratch.hpp"
#include "vlpt/io/read_file.hpp"

using namespace vlpt;
using test::says;
using test::Scratch;

namespace {

auto files_in(Scratch const& s) {
  return std::distance(std::filesystem::directory_iterator(s.path()), {});
}

/// While it lives, no file can grow past `bytes`: what a full disk looks like to write().
struct FullDisk {
  rlimit before{};
  void (*handler)(int);
  explicit FullDisk(rlim_t bytes) : handler(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit const now{bytes, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(write_file)

BOOST_AUTO_TEST_CASE(writes_and_replaces) {
  Scratch const s;
  io::write_file(s / "a.txt", std::string_view("first"));
  BOOST_TEST(io::read_file(s / "a.txt") == "first");
  io::write_file(s / "a.txt", std::string_view("second, longer"));
  BOOST_TEST(io::read_file(s / "a.txt") == "second, longer");
  io::write_file(s / "empty", std::string_view());
  BOOST_TEST(io::read_file(s / "empty").empty());
  BOOST_TEST(files_in(s) == 2);
}

BOOST_AUTO_TEST_CASE(without_commit_nothing_changes) {
  Scratch const s;
  io::write_file(s / "a", std::string_view("old"));
  {
    io::AtomicFile file(s / "a");
    file.write(std::as_bytes(std::span(std::string_view("new"))));
    BOOST_TEST(files_in(s) == 2);
  }
  BOOST_TEST(io::read_file(s / "a") == "old");
  BOOST_TEST(files_in(s) == 1);
}

BOOST_AUTO_TEST_CASE(full_disk_keeps_the_old_file) {
  Scratch const s;
  io::write_file(s / "a", std::string_view("old"));
  std::string const large(100'000, 'x');
  {
    FullDisk const full(4096);
    BOOST_CHECK_EXCEPTION(io::write_file(s / "a", std::string_view(large)), RunError,
                          says((s / "a").c_str(), "too large"));
  }
  BOOST_TEST(io::read_file(s / "a") == "old");
  BOOST_TEST(files_in(s) == 1);
}

BOOST_AUTO_TEST_CASE(missing_folder_and_odd_targets) {
  Scratch const s;
  BOOST_CHECK_EXCEPTION(io::write_file(s / "no/such/a", std::string_view("x")), RunError,
                        says("no/such/a", "No such file or directory"));
  BOOST_CHECK_EXCEPTION(io::write_file(s.path(), std::string_view("x")), RunError,
                        says("no regular file"));
  BOOST_CHECK_EXCEPTION(io::write_file("/dev/full", std::string_view("x")), RunError,
                        says("/dev/full"));
  s.file("plain", "");
  BOOST_CHECK_THROW(io::write_file(s / "plain/a", std::string_view("x")), RunError);
  BOOST_CHECK_EXCEPTION((void)io::read_file(s / "gone"), InputError, says("gone", "no such file"));
  BOOST_CHECK_THROW((void)io::read_file("/dev/null"), InputError);
}

BOOST_AUTO_TEST_CASE(leftovers_of_dead_processes_go) {
  Scratch const s;
  pid_t const gone = ::fork();
  if (gone == 0) ::_exit(0);
  ::waitpid(gone, nullptr, 0);
  std::string const dead = std::to_string(gone), alive = std::to_string(::getpid());
  s.file(".a." + dead + "-0", "");
  for (auto const& other :
       std::initializer_list<std::string>{".b." + dead + "-0", ".a." + alive + "-900", ".a." + dead,
                                          ".a." + dead + "-0x", ".a.0-0", ".a.-1-0"})
    s.file(other, "");
  io::write_file(s / "a", std::string_view("new"));
  BOOST_TEST(!std::filesystem::exists(s / (".a." + dead + "-0")));
  BOOST_TEST(files_in(s) == 7);
}

BOOST_AUTO_TEST_CASE(names_that_no_disk_can_hold) {
  Scratch const s;
  std::filesystem::create_symlink("loop", s / "loop");
  auto const refused = [](std::filesystem::path const& path, char const* what) {
    BOOST_CHECK_EXCEPTION((void)io::read_file(path), InputError, says("cannot read", what));
    BOOST_TEST(!io::is_folder(path));
    BOOST_TEST(!io::is_there(path));
  };
  refused("", "the name is empty");
  refused(std::string(5000, 'x'), "too long");
  refused(s / "loop", "symbolic links");
  BOOST_CHECK_EXCEPTION(io::write_file("", std::string_view("x")), RunError, says("is empty"));
  // A regular file whose first byte cannot be read.
  BOOST_CHECK_EXCEPTION((void)io::read_file("/proc/self/mem"), InputError, says("/proc/self/mem"));
}

BOOST_AUTO_TEST_SUITE_END()
