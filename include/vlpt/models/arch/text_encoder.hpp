#pragma once
#include <concepts>
#include <string_view>

#include "vlpt/core/error.hpp"
#include "vlpt/core/square_root.hpp"
#include "vlpt/models/arch/words.hpp"
#include "vlpt/ops/any_gelu.hpp"

namespace vlpt {

/// What a text encoder gives for a text: tanh(dense(row 0)), row 0 itself, or the mean of the rows
/// of its words.
enum class TextPool { pooler, first_row, mean };

/// What an encoder of BERT's family is made of: plain values, known to the compiler
/// (arch::BertBase) or read from a file.
struct TextEncoderFacts {
  static constexpr Index in_order = -1;
  WordsFacts text;
  Index segments = 2;
  Index padding = in_order;  // RoBERTa counts positions from here, over words that are not this one
  TextPool pool = TextPool::pooler;
  bool unit_length = false;  // the pooled row is scaled to length 1, as sentence-transformers do

  [[nodiscard]] constexpr Index features() const { return text.dim; }
  constexpr bool operator==(TextEncoderFacts const&) const = default;
  /// What a policy is told at a layer, of which `running` are not skipped. The bound of VPT's law
  /// is that of a square projection.
  [[nodiscard]] constexpr LayerFacts at(Index layer, Index running) const {
    LayerFacts f = text.at(layer);
    f.running = running;
    f.prompt_bound = square_root(6.0 / static_cast<double>(2 * text.dim));
    return f;
  }
  /// Throws InputError that names the field in the way.
  constexpr void check() const {
    if (text.dim <= 0 || text.heads <= 0 || text.dim % text.heads != 0)
      throw InputError(vlpt::text("a text encoder of width ", text.dim, " does not divide into ",
                                  text.heads, " heads"));
    if (text.vocabulary <= 1 || text.words <= 0 || text.depth <= 0 || text.hidden <= 0 ||
        segments <= 0)
      throw InputError(vlpt::text("vocabulary ", text.vocabulary, ", words ", text.words,
                                  ", depth ", text.depth, ", MLP width ", text.hidden,
                                  " and segments ", segments, " must all be positive"));
    Index const room = text.positions - (padding + 1);
    if (padding < in_order || text.words > room)
      throw InputError(vlpt::text("texts of ", text.words, " words do not fit ", text.positions,
                                  " positions, the first of which is ", padding + 1));
  }
};

}  // namespace vlpt

namespace vlpt::arch {

/// BERT-base, uncased (Devlin et al., arXiv 1810.04805).
struct BertBase {
  using Activation = Gelu;
  static constexpr std::string_view name = "bert-base";
  static constexpr Index vocabulary = 30522, positions = 512, words = 512, segments = 2;
  static constexpr Index dim = 768, depth = 12, heads = 12, hidden = 3072;
  static constexpr Index padding = TextEncoderFacts::in_order;
  static constexpr double eps = 1e-12;
  static constexpr TextPool pool = TextPool::pooler;
  static constexpr bool unit_length = false;
};

/// RoBERTa-base (Liu et al., arXiv 1907.11692): positions count from 2 and leave out padding.
struct RobertaBase : BertBase {
  static constexpr std::string_view name = "roberta-base";
  static constexpr Index vocabulary = 50265, positions = 514, segments = 1, padding = 1;
  static constexpr double eps = 1e-5;
};

/// all-MiniLM-L6-v2 of sentence-transformers: the mean of the words' rows, of length 1.
struct MiniLM_L6 : BertBase {
  static constexpr std::string_view name = "minilm-l6";
  static constexpr Index dim = 384, depth = 6, hidden = 1536;
  static constexpr TextPool pool = TextPool::mean;
  static constexpr bool unit_length = true;
};

/// A text encoder whose sizes are known at run time only.
struct DynamicText : BertBase {
  static constexpr std::string_view name = "dynamic-text";
  static constexpr Index vocabulary = 0, positions = 0, words = 0;
  static constexpr Index dim = 0, depth = 0, heads = 1, hidden = 0;
};

}  // namespace vlpt::arch

namespace vlpt {

/// A named struct of facts about a text encoder.
template <class A>
concept TextArch = requires {
  typename A::Activation;
  { A::vocabulary } -> std::convertible_to<Index>;
  { A::positions } -> std::convertible_to<Index>;
  { A::words } -> std::convertible_to<Index>;
  { A::segments } -> std::convertible_to<Index>;
  { A::padding } -> std::convertible_to<Index>;
  { A::dim } -> std::convertible_to<Index>;
  { A::depth } -> std::convertible_to<Index>;
  { A::heads } -> std::convertible_to<Index>;
  { A::hidden } -> std::convertible_to<Index>;
  { A::pool } -> std::convertible_to<TextPool>;
};

/// The facts as a value.
template <TextArch A>
[[nodiscard]] constexpr TextEncoderFacts text_encoder_facts() {
  static_assert(A::dim % A::heads == 0, "heads must divide dim");
  return {.text = {.vocabulary = A::vocabulary,
                   .positions = A::positions,
                   .words = A::words,
                   .dim = A::dim,
                   .depth = A::depth,
                   .heads = A::heads,
                   .hidden = A::hidden,
                   .eps = A::eps},
          .segments = A::segments,
          .padding = A::padding,
          .pool = A::pool,
          .unit_length = A::unit_length};
}

}  // namespace vlpt
