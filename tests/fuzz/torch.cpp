// A file of torch.save: zip and pickle. A second turn takes the content as the pickle alone, which
// a fuzzer can vary without minding the archive around it.
#include <cstdint>

#include "target.hpp"
#include "vlpt/io/torch_file.hpp"

namespace {

void read(std::string_view content) {
  if (content.starts_with("\x80")) {
    auto const pickle = vlpt::io::Unpickler::read(content, "pickle");
    (void)vlpt::io::find_weights(pickle, "pickle");
    return;
  }
  auto const file = vlpt::io::open_torch_file(vlpt::fuzz::file_of(content, "x.pt"));
  for (auto const& r : file.records())
    if (vlpt::io::facts(r.dtype).floating)
      (void)file.read<double>(r);
    else
      (void)file.read<std::int64_t>(r);
}

vlpt::fuzz::Target const target{"torch", read};

}  // namespace
