#pragma once

namespace vlpt {

/// The places of a model where a policy may put something. A policy declares its sites and has, for
/// each, a function of the same name that takes LayerFacts and returns a module.
enum class Site : unsigned {
  none = 0,
  token_rows = 1U << 0,     // learnt rows of the sequence, once, before the first layer
  layer_rows = 1U << 1,     // learnt rows of the sequence, replaced at every layer
  qkv = 1U << 2,            // queries, keys and values, before they meet
  attention_out = 1U << 3,  // after the attention's projection, before the residual sum
  attention_end = 1U << 4,  // after that sum
  mlp_out = 1U << 5,        // after the MLP, before the residual sum
  mlp_end = 1U << 6,        // after that sum
  block_out = 1U << 7,      // the block's output, given its input
  text_context = 1U << 8,   // learnt rows of the classes' texts, in place of words (dual encoders)
  text_shift = 1U << 9,     // what an image adds to every row of that context
  dual_rows = 1U << 10,     // rows of both towers that are made together
  attention_normed = 1U << 11,  // as attention_end and, in a post-norm block, after the norm
  mlp_normed = 1U << 12,        // as mlp_end and, in a post-norm block, after the norm
  side = 1U << 13,              // a narrow network beside the layers that reads what each gives
};
/// All of the above.
inline constexpr Site every_site = static_cast<Site>((1U << 14) - 1);

[[nodiscard]] constexpr Site operator|(Site a, Site b) {
  return static_cast<Site>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has(Site set, Site site) {
  return (static_cast<unsigned>(set) & static_cast<unsigned>(site)) != 0;
}
/// Whether every site of `set` is one of `all`.
[[nodiscard]] constexpr bool within(Site set, Site all) {
  return (static_cast<unsigned>(set) & ~static_cast<unsigned>(all)) == 0;
}

}  // namespace vlpt
