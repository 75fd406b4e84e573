// config.json and preprocessor_config.json: one text is read as each of them.
#include "vlpt/io/config.hpp"
#include "target.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"

namespace {

/// One reader after the other, whatever the one before said.
void read(std::string_view content) {
  auto const config = vlpt::fuzz::file_of(content, "config.json");
  auto const preprocess = vlpt::fuzz::file_of(content, "preprocessor_config.json");
  int accepted = 0;
  auto const turn = [&](auto reader, std::filesystem::path const& path) {
    try {
      (void)reader(path);
      ++accepted;
    } catch (vlpt::InputError const&) {
    }
  };
  turn([](auto const& p) { return vlpt::io::read_vit_config(p); }, config);
  turn([](auto const& p) { return vlpt::io::read_preprocess(p); }, preprocess);
  if (accepted == 0) throw vlpt::InputError("no reader of configurations accepts it");
}

vlpt::fuzz::Target const target{"config", read};

}  // namespace
