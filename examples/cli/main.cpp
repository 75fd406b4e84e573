// The vlpt program. Exit codes: 0 done; 2 wrong input, option or file; 1 a failure while running.
#include <iostream>
#include <new>
#include <stdexcept>

#include "command.hpp"
#include "names.hpp"
#include "printable.hpp"
#include "vlpt/core/error.hpp"
#include "vlpt/version.hpp"

namespace vlpt::cli {
namespace {

/// A message of many lines as one: its first faults, and how many more there are.
std::string one_line(std::string const& message) {
  constexpr int most = 4;
  std::istringstream lines(message);
  std::string out;
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    auto const begin = line.find_first_not_of(' ');
    if (begin == std::string::npos || count > most) continue;
    if (count > 0) out += count == 1 ? " " : "; ";
    out += line.substr(begin);
  }
  if (count > most + 1) out += text("; and ", count - most - 1, " more");
  return out;
}

/// The one place where words of files and of the command line reach standard error.
int complain(std::string const& message, int code) {
  constexpr std::size_t most = 2000, head = 1600, tail = 300;
  std::string line = one_line(message);
  if (line.size() > most) line = line.substr(0, head) + " ... " + line.substr(line.size() - tail);
  std::cerr << "vlpt: " << printable(line) << std::endl;
  return code;
}

/// What CLI11 says, with the nearest option or command for one that does not exist.
std::string explain(CLI::App const& app, CLI::ParseError const& error) {
  auto const chosen = app.get_subcommands();
  CLI::App const& where = chosen.empty() ? app : *chosen.front();
  std::string const help =
      text(" (see vlpt ", chosen.empty() ? "" : where.get_name() + ' ', "--help)");
  auto const extra = where.remaining();
  if (extra.empty()) return text(error.what(), help);
  std::vector<std::string> known;
  for (auto const* option : where.get_options())
    for (std::string const& name : option->get_lnames()) known.push_back("--" + name);
  for (auto const* command : where.get_subcommands([](CLI::App const*) { return true; }))
    known.push_back(command->get_name());
  std::string const name = extra.front().substr(0, extra.front().find('='));
  bool const option = name.starts_with('-');
  return text("there is no ",
              option           ? "option"
              : chosen.empty() ? "command"
                               : "argument",
              " \"", name, '"', did_you_mean(name, known), help);
}

int run(int argc, char** argv) {
  CLI::App app{
      "Adapts frozen vision-language models: prompt tuning on your own pictures, texts and "
      "questions.",
      "vlpt"};
  app.set_version_flag("--version", std::string(version));
  app.require_subcommand(1);
  app.get_formatter()->column_width(32);
  app.footer("Example: vlpt demo\nExit codes: 0 done, 2 wrong input, 1 a failure while running.");
  add_demo(app);
  add_tune(app);
  add_eval(app);
  add_predict(app);
  add_features(app);
  add_pack(app);
  add_serve_batch(app);
  add_retrieve(app);
  add_cost(app);
  add_pretrain(app);
  add_convert(app);
  add_inspect(app);
  add_pretrain_clip(app);
  add_pretrain_vilt(app);
  try {
    app.parse(argc, argv);
  } catch (CLI::Success const& asked) {  // --help, --version
    app.exit(asked);
  } catch (CLI::ParseError const& e) {
    return complain(explain(app, e), 2);
  } catch (Error const& e) {
    return complain(e.what(), e.exit_code());
  } catch (std::bad_alloc const&) {
    return complain("out of memory; try a smaller --batch", 1);
  } catch (std::length_error const&) {  // asked for more than there can be
    return complain("out of memory; try a smaller --batch", 1);
  } catch (std::filesystem::filesystem_error const& e) {
    return complain(text("cannot use ", e.path1().string(), ": ", e.code().message()), 1);
  } catch (std::exception const& e) {
    return complain(text("a fault of the program itself, please report it: ", e.what()), 1);
  }
  if (!std::cout.flush()) return complain("cannot write to standard output", 1);
  return 0;
}

}  // namespace
}  // namespace vlpt::cli

int main(int argc, char** argv) { return vlpt::cli::run(argc, argv); }
