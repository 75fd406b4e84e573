#pragma once
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace conformance {

/// Numbers that were published for a checkpoint, and the largest difference that they were checked
/// with.
struct Published {
  std::vector<double> logits;
  double tolerance = 0;

  /// Whether a model's first logits are these; says both.
  [[nodiscard]] bool compare(std::string const& model, std::vector<double> const& got) const {
    bool good = got.size() >= logits.size();
    double error = 0;
    std::cout << model << ": logits";
    for (std::size_t i = 0; i < logits.size() && i < got.size(); ++i) {
      double const e = std::abs(got[i] - logits[i]);
      good = good && e <= tolerance;  // not so of a NaN
      error = e > error ? e : error;
      std::cout << ' ' << got[i];
    }
    std::cout << ", published";
    for (double const x : logits) std::cout << ' ' << x;
    std::cout << ": off by " << error << (good ? ", within " : ", MORE THAN ") << tolerance
              << std::endl;
    return good;
  }
};

/// The picture that numbers were published for: what an environment variable names, else NAME.png
/// or .jpg in the folder; empty where there is neither, which is said.
[[nodiscard]] inline std::filesystem::path published_picture(std::filesystem::path const& folder,
                                                             std::string const& name,
                                                             char const* variable) {
  char const* const said = std::getenv(variable);
  if (said != nullptr && *said != '\0') return said;
  for (char const* ending : {".png", ".jpg"})
    if (exists(folder / (name + ending))) return folder / (name + ending);
  std::cout << "skipped: " << folder.string() << " lacks " << name << ".jpg (or .png), and "
            << variable << " does not say where it is\n";
  return {};
}

}  // namespace conformance
