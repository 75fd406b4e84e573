// Prompt files of other projects. A first line is the adapter_config.json of PEFT, or empty; every
// other one a tensor: a name and its extents.
#include <array>
#include <sstream>

#include "target.hpp"
#include "vlpt/io/naming/clip.hpp"
#include "vlpt/io/naming/meter.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/io/naming/vit_hf.hpp"
#include "vlpt/io/prompt_file/convert_prompt.hpp"
#include "vlpt/models/vision_tower.hpp"

namespace {

namespace io = vlpt::io;
using vlpt::Index;

/// A model of each shape, two layers of width 4; what tells them apart are the flags and the names.
std::array<io::BaseModel, 4> const& bases() {
  static io::Checkpoint const nothing("nothing", {});
  static auto const all = [] {
    vlpt::VisionFacts const facts{
        .image = 8, .channels = 1, .patch = 4, .dim = 4, .depth = 2, .heads = 2, .hidden = 4};
    vlpt::VisionTower<vlpt::arch::Dynamic<>> const model({.facts = facts});
    std::array<io::BaseModel, 4> out{io::base_model(model, nothing, io::naming::vit_hf()),
                                     io::base_model(model, nothing, io::naming::clip_openai()),
                                     io::base_model(model, nothing, io::naming::vilt()),
                                     io::base_model(model, nothing, io::naming::meter(2))};
    out[1].dual = true, out[1].facts["text_dim"] = "6", out[1].facts["projection"] = "3";
    out[2].facts["canvas"] = "8";
    out[2].learnt.push_back({"embed.types", {2, 4}});
    out[3].two_streams = true;
    return out;
  }();
  return all;
}

void read(std::string_view content) {
  std::istringstream lines{std::string(content)};
  std::string config, line;
  std::getline(lines, config);
  io::PromptTensors tensors;
  std::vector<io::TensorTitle> titles;
  Index room = 1 << 16;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    vlpt::Shape shape;
    for (Index e = 0; shape.rank < 4 && words >> e;) shape.append(e < 0 || e > 64 ? 64 : e);
    room -= shape.size();
    if (room < 0) break;
    auto const [at, fresh] = tensors.emplace(name, vlpt::Tensor<float>(shape, 0.5F));
    if (fresh) titles.push_back({at->first, shape.rank});
  }
  auto const kind = io::detect_prompt_kind(titles);
  bool accepted = false;
  std::string refusal = "no tensors of a prompt file";
  for (io::BaseModel const& base : bases()) try {
      io::ConvertedPrompt out{.kind = kind};
      std::string faults;
      io::PromptChoices const choices{.skip = "1", .has_skip = true};
      if (!config.empty()) {
        auto const said = io::parse_peft_config(config, "adapter_config.json");
        io::PeftReader{tensors, said, base, choices}.read(out, faults);
      } else if (kind > io::PromptKind::peft_lora) {
        io::convert_code(tensors, base, choices, out, faults);
      } else {
        continue;
      }
      if (!faults.empty()) throw vlpt::CheckpointError(faults);
      accepted = true;
    } catch (vlpt::InputError const& e) {
      refusal = e.what();
    }
  if (!accepted) throw vlpt::CheckpointError(refusal);
}

vlpt::fuzz::Target const target{"prompt_file", read};

}  // namespace
