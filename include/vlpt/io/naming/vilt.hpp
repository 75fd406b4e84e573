#pragma once
#include "vlpt/io/naming/bert.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/vit_hf.hpp"

namespace vlpt::io::naming {

/// The rules of a Vision Transformer as those of a single stream, whose names begin with `to`
/// instead of `from`, and the rules of its text embedding, named `words`.
[[nodiscard]] inline std::vector<Rule> single_stream(std::vector<Rule> const& vit,
                                                     std::string const& from, std::string const& to,
                                                     std::string const& words) {
  std::vector<Rule> rules;
  add_word_tables(rules, "embed.text.", words);
  for (Rule rule : vit) {
    if (rule.canonical.starts_with("decoder.") || rule.canonical.starts_with("head.")) continue;
    if (rule.canonical.starts_with("embed.")) rule.canonical.insert(6, "image.");
    for (auto& name : rule.names) name = to + name.substr(from.size());
    rules.push_back(rule);
  }
  return rules;
}

/// The original ViLT (and the code of APT and DAS, which is built on it), without its heads.
[[nodiscard]] inline Naming vilt() {
  Naming n{"vilt",
           single_stream(timm().rules, "", "transformer.", "text_embeddings."),
           "",
           {"module.", "model."},
           {"text_embeddings.position_ids", "mlm_score.**", "itm_score.**", "rank_output.**",
            "vqa_classifier.**", "nlvr2_classifier.**", "token4classifier"},
           "embed.image.positions",
           Interpolation::bilinear_corners};
  n.rules.push_back({"embed.first_row", {"token4classifier"}, Form::batch_of_one});
  n.rules.push_back({"embed.types", {"token_type_embeddings.weight"}, Form::first_rows});
  n.rules.push_back({"pooler.dense.*", {"pooler.dense.*"}});
  return n;
}

/// transformers' ViltModel (dandelin/vilt-b32-mlm, -finetuned-vqa and others), without its heads.
[[nodiscard]] inline Naming vilt_hf() {
  Naming n{"vilt_hf",
           single_stream(vit_hf_encoder(), "vit.", "vilt.", "vilt.embeddings.text_embeddings."),
           "vilt.",
           {""},
           {"embeddings.text_embeddings.position_ids", "mlm_score.**", "rank_output.**",
            "classifier.**"},
           "embed.image.positions",
           Interpolation::bilinear_corners};
  n.rules.push_back(
      {"embed.types", {"vilt.embeddings.token_type_embeddings.weight"}, Form::first_rows});
  n.rules.push_back({"pooler.dense.*", {"vilt.pooler.dense.*"}});
  return n;
}

}  // namespace vlpt::io::naming
