// The texts that describe a model or its pictures: each is read as what its fields say that it is.
#include <filesystem>
#include <map>
#include <string>

#include "target.hpp"
#include "vlpt/io/config/describe_bert.hpp"
#include "vlpt/io/config/describe_meter.hpp"
#include "vlpt/io/config/describe_vilt.hpp"
#include "vlpt/io/model_folder.hpp"

namespace {

using namespace vlpt::io;

/// A real checkpoint for a "model_type": sizes are compared with its own.
Checkpoint const& checkpoint_of(std::string const& type) {
  static std::map<std::string, Checkpoint> const all = [] {
    auto const fixtures = std::filesystem::path(VLPT_SOURCE_DIR) / "tests/conformance/fixtures";
    std::map<std::string, Checkpoint> open;
    for (auto const& [of, folder] : {std::pair{"vit", "vit_hf"},
                                     {"vit_mae", "vit_mae_hf"},
                                     {"clip", "clip_hf"},
                                     {"clip_vision_model", "clip_vision_hf"}})
      open.emplace(of, open_checkpoint(fixtures / folder / "model"));
    return open;
  }();
  auto const found = all.find(type);
  return found == all.end() ? all.at("vit") : found->second;
}

/// One reader, then the other, whatever the first said; the second one's refusal counts.
template <class First, class Second>
void both(First first, Second second) {
  try {
    first();
  } catch (vlpt::InputError const&) {
    return second();
  }
  try {
    second();
  } catch (vlpt::InputError const&) {
  }
}

void read(std::string_view content) {
  ConfigFile const file{parse_json(content, "config.json"), "config.json"};
  Json const& json = file.json;
  auto const has = [&](char const* key) { return json.is_object() && json.contains(key); };
  std::string const type =
      has("model_type") && json["model_type"].is_string() ? json["model_type"] : "";
  Checkpoint const& checkpoint = checkpoint_of(type);
  if (has("architecture"))
    (void)describe_timm(file, checkpoint_of("vit"));
  else if (has("model_cfg"))
    (void)describe_open_clip(file, checkpoint_of("clip"));
  else if (type == "bert" || type == "roberta")
    both([&] { (void)text_facts(bert_config(json, file.where)); },
         [&] { (void)describe_bert(file, checkpoint); });
  else if (type == "vilt")
    both([&] { (void)stream_facts(vilt_config(json, file.where), 1e-6); },
         [&] { (void)describe_vilt(file, checkpoint); });
  else if (type == "meter")
    both([&] { (void)meter_config(json, file.where); },
         [&] { (void)describe_meter(file, checkpoint); });
  else if (has("model_type"))
    (void)describe_hugging_face(file, checkpoint);
  else if (has("vocab_size"))
    both([&] { (void)text_facts(clip_text_config(json, file.where)); },
         [&] { (void)open_clip_text(json, file.where); });
  else if (has("width"))
    (void)open_clip_vision(json, file.where);
  else if (has("word_embedding_dimension"))
    (void)sentence_pool(vlpt::fuzz::file_of(content, "config.json"));
  else
    (void)read_preprocess(vlpt::fuzz::file_of(content, "preprocessor_config.json"));
}

vlpt::fuzz::Target const target{"config", read};

}  // namespace
