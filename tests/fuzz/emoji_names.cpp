// Unicode's emoji-test.txt: names, groups and subgroups of emoji.
#include "vlpt/io/dataset/emoji_names.hpp"
#include "target.hpp"

namespace {

void read(std::string_view content) {
  for (auto const& e : vlpt::io::parse_emoji_names(content, "x.txt"))
    if (e.name.empty()) throw vlpt::RunError("an emoji without a name");
}

vlpt::fuzz::Target const target{"emoji_names", read};

}  // namespace
