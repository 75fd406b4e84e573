// golden [--perturb | --perturb-one]: compares vlpt with tensors that the published implementations
// computed. Reads every *.safetensors of VLPT_GOLDEN_DIR (default: tests/golden). Exit 1 on any
// mismatch, on an unknown case, and where there is nothing to compare. With --perturb every
// parameter (of a search: every loss) is changed in turn, and each change must be noticed: exit 1
// where one is not. --perturb-one changes the last one of each file only: a quick proof that every
// comparison can fail.
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
    {"vilt.none", {golden::vilt_none}},
    {"meter.none", {golden::meter_none}},
    {"meter.deep", {golden::meter_deep}},
    {"meter.shallow", {golden::meter_shallow}},
    {"meter.apt", {golden::meter_apt}},
    {"meter.lora", {golden::meter_lora}},
    {"meter.adapter", {golden::meter_adapter}},
    {"meter.scaled_pa", {golden::meter_scaled_pa}},
    {"das.meter", {golden::das_meter}},
    {"vilt.apt_heads", {golden::vilt_apt}},
    {"vilt.apt", {golden::vilt_apt}},
    {"vilt.deep", {golden::vilt_deep}},
    {"vilt.shallow", {golden::vilt_shallow}},
    {"vilt.lora", {golden::vilt_lora}},
    {"vilt.adapter", {golden::vilt_adapter}},
    {"vilt.scaled_pa", {golden::vilt_scaled_pa}},
    {"vilt.lst", {golden::vilt_lst}},
    {"das.vilt", {golden::das_vilt}},
    {"vit.gapt.mae", {golden::vit_gapt}},
    {"vit.gapt.moco", {golden::vit_gapt}},
    {"vit.gapt_clamp.mae", {golden::vit_gapt}},
    {"vit.gapt_gates.mae", {golden::vit_gapt}},
    {"vit.gapt_gates.moco", {golden::vit_gapt}},
    {"vit.gapt_temps.mae", {golden::vit_gapt}},
    {"apt.module", {golden::apt_module}},
    {"das.adapter", {golden::das_adapter}},
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
void perturb(fs::path const& path, Case const& how, bool one, Count& count) {
  std::size_t noticed = 0, aside = 0;
  std::vector<std::string> parameters;
  for (std::string_view prefix : how.changed)
    std::ranges::copy(Recording(path).names(prefix), std::back_inserter(parameters));
  // A unit that is off in all samples, a softmax over one key: what had no effect shows none.
  std::erase_if(parameters, [&](std::string const& p) { return !Recording(path).matters(p); });
  if (parameters.empty()) ++count.failures;
  if (one && !parameters.empty()) parameters.erase(parameters.begin(), parameters.end() - 1);
  for (std::string const& parameter : parameters) {
    Recording file(path, parameter);
    how.compare(file, Effort::until_mismatch);
    if (file.is_aside(parameter)) {
      ++aside;
      continue;
    }
    if (!file.mismatches().empty()) {
      ++noticed;
      continue;
    }
    ++count.failures;
    std::cout << "  NOT NOTICED: a change of " << parameter << '\n';
  }
  std::cout << std::left << std::setw(32) << path.stem().string() << std::right << noticed << " of "
            << parameters.size() - aside << " changes noticed\n";
  count.noticed += noticed;
}

}  // namespace

int main(int argc, char** argv) try {
  std::string_view const option = argc > 1 ? argv[1] : "";
  if (argc > 2 || (argc == 2 && option != "--perturb" && option != "--perturb-one")) {
    std::cerr << "usage: golden [--perturb | --perturb-one]\n";
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
      } else if (!option.empty()) {
        perturb(path, known->second, option == "--perturb-one", count);
      } else {
        compare(path, known->second, count);
      }
    } catch (std::exception const& e) {
      ++count.failures;
      std::cout << "  FAILED " << e.what() << '\n';
    }
  }
  if (!option.empty())
    std::cout << "golden: " << count.files << " files, " << count.noticed << " changes noticed, "
              << count.failures << " not" << std::endl;
  else
    std::cout << "golden: " << count.files << " files, " << count.tensors << " tensors, "
              << count.unknown << " unknown cases" << std::endl;
  return count.failures + count.unknown > 0 ? 1 : 0;
} catch (std::exception const& e) {
  std::cerr << "golden: " << e.what() << '\n';
  return 1;
}
