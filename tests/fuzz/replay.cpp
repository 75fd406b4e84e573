// replay CORPUS: reads every file of every target's corpus once, without a fuzzer. Former findings
// lie among them. Fails where a target has no corpus, a corpus no target, or nothing is accepted.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <vector>

#include "target.hpp"
#include "vlpt/io/read_file.hpp"

int main(int count, char** words) try {
  using vlpt::fuzz::Target;
  namespace fs = std::filesystem;
  if (count != 2) throw vlpt::InputError("usage: replay CORPUS");
  fs::path const corpus = words[1];
  for (auto const& folder : fs::directory_iterator(corpus))
    if (std::ranges::find(Target::all(), folder.path().filename().string(), &Target::name) ==
        Target::all().end())
      throw vlpt::InputError("no target reads " + folder.path().string());
  for (Target const* const target : Target::all()) {
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator(corpus / target->name()))
      files.push_back(entry.path());
    std::ranges::sort(files);
    std::size_t accepted = 0;
    for (fs::path const& file : files) {
      std::cout << target->name() << ": " << file.filename().string() << std::endl;
      accepted += (*target)(vlpt::io::read_file(file)) ? 1 : 0;
    }
    std::cout << target->name() << ": " << files.size() << " files, " << accepted << " accepted\n";
    if (accepted == 0)  // a reader that refuses all proves nothing
      throw vlpt::InputError(target->name() + " accepts no file of its corpus");
  }
} catch (std::exception const& e) {
  std::cout << "replay: " << e.what() << '\n';
  return 1;
}
