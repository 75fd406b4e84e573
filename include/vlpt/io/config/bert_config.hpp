#pragma once
#include <string>

#include "vlpt/io/config/activation_field.hpp"
#include "vlpt/io/config/image_sizes.hpp"
#include "vlpt/io/config/optional_fields.hpp"
#include "vlpt/models/arch/text_encoder.hpp"

namespace vlpt::io {

/// The config.json of Hugging Face's BERT and RoBERTa. A field that it leaves out has the value
/// that transformers gives it.
struct BertConfig {
  std::string model_type = "bert";
  Index vocab_size = 30522, max_position_embeddings = 512, type_vocab_size = 2, pad_token_id = 0;
  Index hidden_size = 768, num_hidden_layers = 12, num_attention_heads = 12;
  Index intermediate_size = 3072;
  double layer_norm_eps = 1e-12;
  std::string hidden_act = "gelu";

  [[nodiscard]] bool counts_positions() const { return model_type == "roberta"; }
};

/// Its fields, out of the JSON of the file `where`.
[[nodiscard]] inline BertConfig bert_config(Json const& json, std::string const& where) {
  OptionalFields const field(json, where);
  BertConfig c;
  field.word("model_type", c.model_type);
  if (c.model_type != "bert" && c.model_type != "roberta")
    field.reader().fail("model_type", "\"bert\" or \"roberta\"");
  if (c.counts_positions()) c.vocab_size = 50265, c.pad_token_id = 1;
  field.count("vocab_size", c.vocab_size);
  field.count("max_position_embeddings", c.max_position_embeddings);
  field.count("type_vocab_size", c.type_vocab_size);
  field.limit("pad_token_id", c.pad_token_id);
  field.count("hidden_size", c.hidden_size, max_width);
  field.count("num_hidden_layers", c.num_hidden_layers, max_layers);
  field.count("num_attention_heads", c.num_attention_heads);
  field.count("intermediate_size", c.intermediate_size, max_width);
  field.fraction("layer_norm_eps", c.layer_norm_eps);
  field.word("hidden_act", c.hidden_act);
  if (c.hidden_act != gelu_name(GeluKind::exact))
    field.reader().fail("hidden_act", "\"gelu\", the activation that vlpt computes here");
  field.only("position_embedding_type", "absolute");
  field.only("is_decoder", false);
  field.only("add_cross_attention", false);
  if (c.hidden_size % c.num_attention_heads != 0)
    field.reader().fail("num_attention_heads", text("a divisor of hidden_size ", c.hidden_size));
  if (c.counts_positions() && c.max_position_embeddings <= c.pad_token_id + 1)
    field.reader().fail(
        "max_position_embeddings",
        text("more than ", c.pad_token_id + 1, ": positions count from behind pad_token_id"));
  return c;
}

/// The facts of the encoder, whose pooling other files decide.
[[nodiscard]] inline TextEncoderFacts text_facts(BertConfig const& c) {
  bool const counts = c.counts_positions();
  Index const padding = counts ? c.pad_token_id : TextEncoderFacts::in_order;
  return {.text = {.vocabulary = c.vocab_size,
                   .positions = c.max_position_embeddings,
                   .words = c.max_position_embeddings - (padding + 1),
                   .dim = c.hidden_size,
                   .depth = c.num_hidden_layers,
                   .heads = c.num_attention_heads,
                   .hidden = c.intermediate_size,
                   .eps = c.layer_norm_eps},
          .segments = c.type_vocab_size,
          .padding = padding};
}

}  // namespace vlpt::io
