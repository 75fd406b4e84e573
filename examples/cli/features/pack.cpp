// vlpt pack: a model's weights as the kernels hold them, in a file that is mapped and not read.
#include <iostream>

#include "../command.hpp"
#include "../printable.hpp"
#include "features.hpp"

namespace vlpt::cli {
namespace {

std::filesystem::path pack(io::ModelFolder const& folder) {
  if (std::holds_alternative<io::DualFamily>(folder.family)) return pack_dual(folder);
  if (std::holds_alternative<io::SingleStreamFamily>(folder.family))
    return pack_single_stream(folder);
  if (std::holds_alternative<io::TextFamily>(folder.family)) return pack_texts(folder);
  VLPT_CHECK(!std::holds_alternative<io::TwoStreamFamily>(folder.family), folder.path.string(),
             " holds ", io::family_name(folder.family), ", which is read from C++ only");
  return pack_vision(folder);
}

void run(Shared const& o) {
  auto const folder = io::ModelFolder::open(find_model(o.model));
  auto const path = pack(folder);
  auto const bytes = std::filesystem::file_size(path);
  if (o.json) return print_json({{"packed", path.string()}, {"bytes", bytes}});
  std::cout << "wrote " << printable(path.string()) << ", " << bytes / 1'000'000 << " MB\n";
}

}  // namespace

void add_pack(CLI::App& app) {
  auto* const c = app.add_subcommand(
      "pack", "Lay a model's weights out for this library, so that vlpt features starts at once");
  auto const o = std::make_shared<Shared>();
  c->add_option("MODEL", o->model, "A model folder")->type_name("DIR")->required();
  add_json(*c, *o);
  c->footer("Example: vlpt pack clip-vit-base-patch32");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
