// golden [--perturb]: compares vlpt with tensors that the published implementations computed.
// Reads every *.safetensors of VLPT_GOLDEN_DIR (default: tests/golden). Exit 1 on any mismatch, and
// where there is nothing to compare. With --perturb every parameter (of a search: every loss) is
// changed in turn, and each change must be noticed: exit 1 where one is not.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <map>
#include <string_view>
#include <vector>

#include "cases.hpp"

namespace {

namespace fs = std::filesystem;
using golden::Case;
using golden::Effort;
using golden::Recording;

Case const search{golden::das_search, {"trace.update.losses", "sampling.prob"}};

std::map<std::string, Case, std::less<>> const cases{
    {"vit.none.mae", {golden::vit_none}},
    {"vit.none.moco", {golden::vit_none}},
    {"vit.none.clip", {golden::vit_none}},
    {"vit.vpt_shallow.mae", {golden::vit_vpt_shallow}},
    {"vit.vpt_shallow.moco", {golden::vit_vpt_shallow}},
    {"vit.vpt_deep.mae", {golden::vit_vpt_deep}},
    {"vit.vpt_deep.moco", {golden::vit_vpt_deep}},
    {"mvlpt.none", {golden::mvlpt_none}},
    {"mvlpt.coop_end", {golden::mvlpt_coop}},
    {"mvlpt.coop_front", {golden::mvlpt_coop}},
    {"mvlpt.coop_middle", {golden::mvlpt_coop}},
    {"mvlpt.coop_csc", {golden::mvlpt_coop}},
    {"mvlpt.multitask_coop", {golden::mvlpt_coop}},
    {"mvlpt.cocoop", {golden::mvlpt_cocoop}},
    {"mvlpt.vpt_shallow", {golden::mvlpt_vpt_shallow}},
    {"mvlpt.vpt_deep", {golden::mvlpt_vpt_deep}},
    {"mvlpt.vpt_deep_project", {golden::mvlpt_vpt_deep_project}},
    {"mvlpt.upt", {golden::mvlpt_upt}},
    {"mvlpt.upt_mixing", {golden::mvlpt_upt}},
    {"mvlpt.multitask_upt", {golden::mvlpt_upt}},
    {"mvlpt.upt_shallow_csc", {golden::mvlpt_upt_shallow}},
    {"das.search_vilt", search},
    {"das.search_meter", search},
};

std::vector<fs::path> recordings(fs::path const& folder) {
  std::vector<fs::path> paths;
  if (fs::is_directory(folder))
    for (auto const& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".safetensors") paths.push_back(entry.path());
  if (paths.empty()) throw vlpt::InputError("no *.safetensors in the folder " + folder.string());
  std::ranges::sort(paths);
  return paths;
}

struct Count {
  std::size_t files = 0, tensors = 0, unknown = 0, failures = 0, noticed = 0;
};

/// Compares one file as it is.
void compare(fs::path const& path, Case const& how, Count& count) {
  Recording file(path);
  how.compare(file, Effort::every_backend);
  count.tensors += file.compared();
  count.failures += file.mismatches().size();
  std::cout << std::left << std::setw(32) << path.stem().string() << std::right << std::setw(4)
            << file.compared() << " tensors, worst error " << std::setprecision(2) << file.worst()
            << " of its tolerance: " << file.worst_name() << '\n';
  for (std::string const& mismatch : file.mismatches())
    std::cout << "  MISMATCH " << mismatch << '\n';
}

/// Compares one file with each of its parameters changed in turn; a file without any cannot show
/// that its comparison can fail, and counts as one.
void perturb(fs::path const& path, Case const& how, Count& count) {
  std::size_t noticed = 0;
  std::vector<std::string> parameters;
  for (std::string_view prefix : how.changed)
    std::ranges::copy(Recording(path).names(prefix), std::back_inserter(parameters));
  // A unit that is off in all samples, a softmax over one key: what had no effect shows none.
  std::erase_if(parameters, [&](std::string const& p) { return !Recording(path).steepest(p); });
  if (parameters.empty()) ++count.failures;
  for (std::string const& parameter : parameters) {
    Recording file(path, parameter);
    how.compare(file, Effort::until_mismatch);
    if (!file.mismatches().empty()) {
      ++noticed;
      continue;
    }
    ++count.failures;
    std::cout << "  NOT NOTICED: a change of " << parameter << '\n';
  }
  std::cout << std::left << std::setw(32) << path.stem().string() << std::right << noticed << " of "
            << parameters.size() << " changes noticed\n";
  count.noticed += noticed;
}

}  // namespace

int main(int argc, char** argv) try {
  std::string_view const option = argc > 1 ? argv[1] : "";
  if (argc > 2 || (argc == 2 && option != "--perturb")) {
    std::cerr << "usage: golden [--perturb]\n";
    return 2;
  }
  char const* const chosen = std::getenv("VLPT_GOLDEN_DIR");
  fs::path const folder = chosen != nullptr && *chosen != '\0'
                              ? fs::path(chosen)
                              : fs::path(VLPT_SOURCE_DIR) / "tests" / "golden";
  Count count;
  for (fs::path const& path : recordings(folder)) {
    ++count.files;
    try {
      std::string const name = Recording(path).fact("case");
      auto const known = cases.find(name);
      if (known == cases.end()) {
        ++count.unknown;
        std::cout << path.stem().string() << ": unknown case " << name << '\n';
      } else if (option == "--perturb") {
        perturb(path, known->second, count);
      } else {
        compare(path, known->second, count);
      }
    } catch (std::exception const& e) {
      ++count.failures;
      std::cout << "  FAILED " << e.what() << '\n';
    }
  }
  if (option == "--perturb")
    std::cout << "golden: " << count.files << " files, " << count.noticed << " changes noticed, "
              << count.failures << " not" << std::endl;
  else
    std::cout << "golden: " << count.files << " files, " << count.tensors << " tensors, "
              << count.unknown << " unknown cases" << std::endl;
  return count.failures > 0 ? 1 : 0;
} catch (std::exception const& e) {
  std::cerr << "golden: " << e.what() << '\n';
  return 1;
}
