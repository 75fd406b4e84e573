// conformance FOLDER...: each folder (or each of its folders) holds a model as users have it and
// expected.safetensors, what its own framework computes. Prints one JSON object a folder and
// precision; exit 1 where an error is larger than the precision allows, 2 where one cannot be read.
// conformance --published-clip, --published-vilt: logits of openai/clip-vit-base-patch32, or of
// dandelin's ViLTs, as transformers publishes them; 77 where VLPT_CLIP_DIR or VLPT_VILT_DIR does
// not say where they lie.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string_view>
#include <vector>

#include "cases.hpp"

namespace {

using conformance::Expected;

template <class T>
bool run(vlpt::io::ModelFolder const& folder, Expected& expected, double tolerance) {
  expected.enter();
  conformance::check<T>(folder, expected);
  auto const result = expected.leave();
  bool const good = result.error <= tolerance;
  std::cout << vlpt::io::Json{{"case", expected.fact("case")},
                              {"family", vlpt::io::family_name(folder.family)},
                              {"names", folder.naming.family},
                              {"size", expected.fact("size")},
                              {"framework", expected.fact("framework")},
                              {"precision", sizeof(T) == 4 ? "float" : "double"},
                              {"error", result.error},
                              {"worst", result.worst},
                              {"tensors", result.tensors},
                              {"good", good}}
                   .dump()
            << std::endl;
  return good;
}

bool check(std::filesystem::path const& path) {
  Expected expected(path / "expected.safetensors");
  auto const folder = vlpt::io::ModelFolder::open(path / expected.fact("model", "model"),
                                                  {.image = expected.number("image"),
                                                   .heads = expected.number("heads"),
                                                   .text_heads = expected.number("text_heads")});
  bool const fine = run<double>(folder, expected, 1e-10);
  return run<float>(folder, expected, std::stod(expected.fact("float", "2e-5"))) && fine;
}

}  // namespace

int main(int count, char** arguments) try {
  if (count == 2 && std::string_view(arguments[1]) == "--published-clip")
    return conformance::published_clip();
  if (count == 2 && std::string_view(arguments[1]) == "--published-vilt")
    return conformance::published_vilt();
  std::vector<std::filesystem::path> folders;
  for (int i = 1; i < count; ++i) {
    std::filesystem::path const path = arguments[i];
    if (exists(path / "expected.safetensors")) {
      folders.push_back(path);
      continue;
    }
    for (auto const& entry : std::filesystem::directory_iterator(path))
      if (exists(entry.path() / "expected.safetensors")) folders.push_back(entry.path());
  }
  std::ranges::sort(folders);
  VLPT_CHECK(!folders.empty(), "no folder with an expected.safetensors is named");
  bool good = true;
  for (auto const& folder : folders) good = check(folder) && good;
  return good ? 0 : 1;
} catch (std::exception const& e) {
  std::cerr << e.what() << '\n';
  return 2;
}
