#include "vilt_model.hpp"

#include <sstream>

#include "vlpt/io/field_reader.hpp"
#include "vlpt/io/read_file.hpp"

namespace vlpt::cli {
namespace {

SingleStreamFacts facts_of_config(std::filesystem::path const& file) {
  auto const json = io::parse_json<CheckpointError>(io::read_file(file), file.string());
  io::FieldReader const field(json, file.string());
  std::string word;
  field.word("model_type", word);
  if (word != "vilt") field.fail("model_type", "\"vilt\"");
  field.word("hidden_act", word);
  if (word != "gelu") field.fail("hidden_act", "\"gelu\"");
  SingleStreamFacts f;
  auto& v = f.vision;
  field.count("hidden_size", v.dim), field.count("num_hidden_layers", v.depth);
  field.count("num_attention_heads", v.heads), field.count("intermediate_size", v.hidden);
  field.count("image_size", v.image, io::max_image_size), field.count("patch_size", v.patch);
  field.count("num_channels", v.channels), field.fraction("layer_norm_eps", v.eps);
  field.count("vocab_size", f.vocabulary), field.count("max_position_embeddings", f.words);
  field.count("type_vocab_size", f.segments), field.count("modality_type_vocab_size", f.types);
  f.canvas = v.image, f.max_patches = v.image / v.patch * (v.image / v.patch);
  f.text_eps = v.eps;
  f.check();
  return f;
}

}  // namespace

ViltModel ViltModel::open(std::filesystem::path const& path) {
  VLPT_CHECK(io::is_folder(path), "there is no model folder ", path.string());
  auto const facts = facts_of_config(path / "config.json");
  std::vector<std::string> words;
  std::istringstream lines(io::read_file(path / "vocab.txt"));
  for (std::string line; std::getline(lines, line);) words.push_back(line);
  return {path,
          facts,
          {.size = facts.vision.image, .channels = facts.vision.channels},
          WordIds(words),
          io::open_checkpoint(path),
          io::naming::vilt_hf()};
}

}  // namespace vlpt::cli
