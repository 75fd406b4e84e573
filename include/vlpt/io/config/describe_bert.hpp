#pragma once
#include <filesystem>
#include <utility>

#include "vlpt/io/config/bert_config.hpp"
#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/labels.hpp"
#include "vlpt/io/config/sentence_modules.hpp"
#include "vlpt/io/config/size_check.hpp"
#include "vlpt/io/naming/bert.hpp"
#include "vlpt/io/naming/task_head.hpp"

namespace vlpt::io {

/// Where a file's classifier stands: BERT's behind the pooler, RoBERTa's as a pooler and a product
/// of its own.
inline HeadSizes add_text_head(Naming& naming, Checkpoint const& checkpoint) {
  if (checkpoint.find("classifier.out_proj.weight").record == nullptr)
    return add_head(naming, checkpoint, {{"classifier"}});
  naming.rules.back().names = {"classifier.dense.*"};
  return add_head(naming, checkpoint, {{"classifier.out_proj"}});
}

/// Hugging Face's BERT and RoBERTa, and sentence-transformers' folders of them (MiniLM). The
/// pooling is what modules.json says, or the file's pooler, or the first row.
[[nodiscard]] inline Description describe_bert(ConfigFile const& file,
                                               Checkpoint const& checkpoint) {
  BertConfig const c = bert_config(file.json, file.where);
  Naming naming = naming_of(checkpoint, {naming::bert(), naming::bert(true)}, "embed.norm.weight");
  TextFamily family{text_facts(c)};
  HeadSizes const head = add_text_head(naming, checkpoint);
  SizeCheck const check(file.where, checkpoint, naming);
  check.extent("vocab_size", c.vocab_size, "embed.words", 0, "the table of words is");
  check.extent("hidden_size", c.hidden_size, "embed.words", 1, "the table of words is");
  check.extent("max_position_embeddings", c.max_position_embeddings, "embed.positions", 0,
               "the table of positions is");
  check.extent("type_vocab_size", c.type_vocab_size, "embed.segments", 0,
               "the table of segments is");
  check.layers("num_hidden_layers", c.num_hidden_layers);
  check.extent("intermediate_size", c.intermediate_size, "layers.0.mlp.fc1.weight", 0,
               "the first MLP is");
  if (find_canonical(checkpoint, naming, "pooler.dense.weight") == nullptr)
    family.facts.pool = TextPool::first_row;
  add_sentence_modules(std::filesystem::path(file.where).parent_path(), family.facts);
  family.facts.check();
  family.classes = head.classes;
  return {family, std::move(naming), labels_of(file, family.classes)};
}

}  // namespace vlpt::io
