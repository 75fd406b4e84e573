#pragma once
#include <string>
#include <vector>

#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io::naming {

/// Adds the names of a post-norm block. Old files of BERT call the norms' tensors gamma and beta.
inline void add_bert_layer(std::vector<Rule>& rules, std::string const& canonical,
                           std::string const& name, bool old = false) {
  auto const rule = [&](std::string const& ours, std::vector<std::string> const& theirs) {
    Rule r{canonical + ours, {}};
    for (auto const& part : theirs) r.names.push_back(name + part);
    rules.push_back(r);
  };
  auto const norm = [&](std::string const& ours, std::string const& theirs) {
    if (!old) return rule(ours + ".*", {theirs + ".*"});
    rule(ours + ".weight", {theirs + ".gamma"}), rule(ours + ".bias", {theirs + ".beta"});
  };
  rule("attention.qkv.*",
       {"attention.self.query.*", "attention.self.key.*", "attention.self.value.*"});
  rule("attention.out.*", {"attention.output.dense.*"});
  norm("norm1", "attention.output.LayerNorm");
  rule("mlp.fc1.*", {"intermediate.dense.*"});
  rule("mlp.fc2.*", {"output.dense.*"});
  norm("norm3", "output.LayerNorm");
}

/// Adds the names of the tables of words, positions and segments, and of their norm.
inline void add_word_tables(std::vector<Rule>& rules, std::string const& canonical,
                            std::string const& name, bool old = false) {
  rules.push_back({canonical + "words", {name + "word_embeddings.weight"}});
  rules.push_back({canonical + "positions", {name + "position_embeddings.weight"}});
  rules.push_back({canonical + "segments", {name + "token_type_embeddings.weight"}});
  if (old) {
    rules.push_back({canonical + "norm.weight", {name + "LayerNorm.gamma"}});
    rules.push_back({canonical + "norm.bias", {name + "LayerNorm.beta"}});
  } else {
    rules.push_back({canonical + "norm.*", {name + "LayerNorm.*"}});
  }
}

/// BERT, RoBERTa and MiniLM, whose names begin with "bert.", "roberta." or neither. `old`: with
/// norms of gamma and beta.
[[nodiscard]] inline Naming bert(bool old = false) {
  Naming n{old ? "bert (gamma and beta)" : "bert",
           {},
           "bert.",
           {"", "roberta."},
           {"embeddings.position_ids", "embeddings.token_type_ids", "pooler.**", "cls.**",
            "lm_head.**", "classifier.**", "qa_outputs.**"},
           ""};
  add_word_tables(n.rules, "embed.", "bert.embeddings.", old);
  add_bert_layer(n.rules, "layers.*.", "bert.encoder.layer.*.", old);
  n.rules.push_back({"pooler.dense.*", {"bert.pooler.dense.*"}});
  return n;
}

}  // namespace vlpt::io::naming
