#include "vilt_folder.hpp"

#include "vlpt/io/json.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::cli {

void write_vilt_files(std::filesystem::path const& folder, SingleStreamFacts const& facts,
                      std::vector<std::string> const& words) {
  auto const& v = facts.vision;
  std::vector<double> const half(static_cast<std::size_t>(v.channels), 0.5);
  bool const all = facts.max_patches >= facts.canvas_patches();
  auto const write = [&folder](char const* name, io::Json const& json) {
    io::write_file(folder / name, std::string_view(json.dump(2) + "\n"));
  };
  write("config.json", {{"architectures", {"ViltModel"}},
                        {"model_type", "vilt"},
                        {"hidden_size", v.dim},
                        {"num_hidden_layers", v.depth},
                        {"num_attention_heads", v.heads},
                        {"intermediate_size", v.hidden},
                        {"image_size", v.image},
                        {"patch_size", v.patch},
                        {"num_channels", v.channels},
                        {"layer_norm_eps", v.eps},
                        {"hidden_act", gelu_name(v.gelu)},
                        {"qkv_bias", v.qkv_bias},
                        {"vocab_size", facts.vocabulary},
                        {"max_position_embeddings", facts.words},
                        {"type_vocab_size", facts.segments},
                        {"modality_type_vocab_size", facts.types},
                        {"num_images", -1},
                        {"max_image_length", all ? -1 : facts.max_patches},
                        {"hidden_dropout_prob", 0.0},
                        {"attention_probs_dropout_prob", 0.0}});
  write("preprocessor_config.json", {{"image_processor_type", "ViltImageProcessor"},
                                     {"do_resize", true},
                                     {"do_rescale", true},
                                     {"do_normalize", true},
                                     {"do_pad", true},
                                     {"rescale_factor", 1.0 / 255},
                                     {"image_mean", half},
                                     {"image_std", half},
                                     {"resample", 3},
                                     {"size", {{"shortest_edge", v.image}}},
                                     {"size_divisor", v.patch}});
  write("tokenizer_config.json", {{"tokenizer_class", "BertTokenizer"},
                                  {"do_lower_case", true},
                                  {"model_max_length", facts.words}});
  std::string vocabulary;
  for (std::string const& word : words) vocabulary += word + '\n';
  io::write_file(folder / "vocab.txt", std::string_view(vocabulary));
}

}  // namespace vlpt::cli
