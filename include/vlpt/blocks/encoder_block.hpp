#pragma once
#include "vlpt/blocks/mlp.hpp"
#include "vlpt/blocks/pre_norm.hpp"
#include "vlpt/blocks/prepared_rows.hpp"
#include "vlpt/blocks/prompt_policy.hpp"

namespace vlpt {

/// A pre-norm transformer block with a policy's sites:
///   x := x + site(attention(norm1(x)));  x := x + site(mlp(norm2(x)));  x := site(x).
template <class Act, PromptPolicy Policy>
struct EncoderBlock {
  static constexpr bool has_rows = has(Policy::sites, Site::layer_rows);
  using Attention = SelfAttention<has_rows>;
  using AttentionSite = decltype(attention_out_of(Policy{}, VisionFacts{}));
  using MlpSite = decltype(mlp_out_of(Policy{}, VisionFacts{}));
  using BlockSite = decltype(block_out_of(Policy{}, VisionFacts{}));
  using AttentionHalf = PreNorm<"norm1", "attention", "attention_out", Attention, AttentionSite>;
  using MlpHalf = PreNorm<"norm2", "mlp", "mlp_out", Mlp<Act>, MlpSite>;

  AttentionHalf attention;
  MlpHalf mlp;
  BlockSite block_out;
  PromptRows prompt;

  constexpr EncoderBlock() = default;
  constexpr EncoderBlock(VisionFacts const& f, Policy const& policy, double dropout)
      : attention{{f.dim, f.eps},
                  {f.dim, f.heads, f.qkv_bias},
                  attention_out_of(policy, f),
                  dropout},
        mlp{{f.dim, f.eps}, vlpt::mlp<Act>(f.dim, f.hidden), mlp_out_of(policy, f), dropout},
        block_out(block_out_of(policy, f)),
        prompt(rows_of<Site::layer_rows>(policy, f)) {}

  template <class F>
  using MlpFlow = typename F::template with_below<F::below || AttentionHalf::template learns<F>>;
  template <class F>
  using BlockFlow = typename F::template child<"block_out">::template with_below<
      MlpFlow<F>::below || MlpHalf::template learns<MlpFlow<F>>>;
  template <class F>
  static constexpr bool learns =
      AttentionHalf::template learns<F> || MlpHalf::template learns<MlpFlow<F>> ||
      BlockSite::template learns<BlockFlow<F>>;

  template <class T>
  struct Params {
    typename AttentionHalf::template Params<T> attention;
    typename MlpHalf::template Params<T> mlp;
    typename BlockSite::template Params<T> block_out;
    PromptRows::Params<T> prompt;
  };
  template <class T, class F>
  struct Cache {
    typename AttentionHalf::template Cache<T, F> attention;
    typename MlpHalf::template Cache<T, MlpFlow<F>> mlp;
    typename BlockSite::template Cache<T, BlockFlow<F>> block_out;
    Index in_tokens = 0;
  };
  template <class T>
  using Prepared = PreparedRows<T>;

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    attention.template visit<F>(p.attention, v);
    mlp.template visit<MlpFlow<F>>(p.mlp, v);
    if constexpr (is_site<BlockSite>) {
      v.enter("block_out");
      block_out.template visit<BlockFlow<F>>(p.block_out, v);
      v.leave();
    }
    if constexpr (has_rows) {
      v.enter("prompt");
      prompt.template visit<F>(p.prompt, v);
      v.leave();
    }
  }

  /// Keys and values of this layer's prompt rows; run once, before any forward of the step.
  template <class B, class P, class T>
  constexpr void prepare(Context<B>& c, P const& p, Index layer, Index batch,
                         PreparedRows<T>& r) const {
    Index const n = prompt.per_sample(c) ? batch : 1, dim = attention.norm.dim;
    r.rows = c.tape.template stream<T>(n, prompt.count, dim);
    r.normed = c.tape.template stream<T>(n, prompt.count, dim);
    r.kv = c.tape.template stream<T>(n, prompt.count, 2 * dim);
    r.stats = c.tape.template matrix<T>(n * prompt.count, 2);
    prompt.emit(c, p.prompt, layer, r.rows);
    auto const& norm = p.attention.norm;
    c.backend.layer_norm(r.rows.flat(), norm.weight, norm.bias, attention.norm.eps, r.normed.flat(),
                         r.stats);
    attention.body.project_extra(c, p.attention.body, View<T const>(r.normed.flat()), r.kv.flat());
  }
  template <class F, class B, class P, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, Index layer, PreparedRows<T> const& r,
                                  P& g) const {
    ArenaScope const scope(c.scratch);
    using NormFlow = typename AttentionHalf::template NormFlow<F>;
    using BodyFlow = typename AttentionHalf::template BodyFlow<F>;
    auto const d_normed = c.scratch.template stream<T>(r.rows.batch, r.rows.tokens, r.rows.dim);
    auto const d_rows = c.scratch.template stream<T>(r.rows.batch, r.rows.tokens, r.rows.dim);
    attention.body.template project_extra_reverse<BodyFlow>(
        c, p.attention.body, View<T const>(r.normed.flat()), View<T const>(r.d_kv.flat()),
        d_normed.flat(), g.attention.body);
    c.backend.layer_norm_reverse(d_normed.flat(), r.rows.flat(), r.stats, p.attention.norm.weight,
                                 d_rows.flat(),
                                 NormFlow::learns ? g.attention.norm.weight : View<T>{},
                                 NormFlow::learns ? g.attention.norm.bias : View<T>{});
    prompt.absorb(c, layer, Stream<T const>(d_rows), g.prompt);
  }

  /// in (batch, n, dim) -> out (batch, m, dim): rows [first_query, first_query + m) of the output.
  template <class F, class B, class P, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, Stream<T const> in, Stream<T> out, K& k,
                         BlockRun<T> const& run) const {
    ArenaScope const scope(c.scratch);
    k.in_tokens = in.tokens;
    constexpr bool keep_middle = MlpHalf::template reverses<MlpFlow<F>>;
    auto const middle = c.template stream<keep_middle>(in.batch, out.tokens, in.dim);
    attention.template forward<F>(c, p.attention, in, middle, k.attention, run);
    Stream<T> raw = out;
    if constexpr (is_site<BlockSite>)
      raw = c.template stream<BlockSite::template keeps_branch<BlockFlow<F>>>(in.batch, out.tokens,
                                                                              in.dim);
    mlp.template forward<MlpFlow<F>>(c, p.mlp, Stream<T const>(middle), raw, k.mlp, after(run));
    if constexpr (is_site<BlockSite>) {
      Stream<T const> before = in;
      if (out.tokens != in.tokens) {
        auto const rows = c.template stream<BlockSite::template keeps_stream<BlockFlow<F>>>(
            in.batch, out.tokens, in.dim);
        c.backend.copy(in.range(run.attention.first_query, out.tokens), rows);
        before = rows;
      }
      SiteInput<T> const site{.stream_in = before,
                              .normed = {},
                              .branch = raw,
                              .layer = run.layer,
                              .first_prompt = run.first_prompt - run.attention.first_query,
                              .prompts = run.prompts};
      block_out.template forward_site<BlockFlow<F>>(c, p.block_out, site, out, k.block_out);
    }
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g, BlockRun<T> const& run) const {
    ArenaScope const scope(c.scratch);
    Index const batch = d_out.batch, m = d_out.tokens, dim = d_out.dim;
    SiteGradient<T> to{};
    Stream<T const> d_raw = d_out;
    if constexpr (is_site<BlockSite>) {
      if constexpr (BlockFlow<F>::below) to.branch = c.scratch.template stream<T>(batch, m, dim);
      if constexpr (F::below) {
        to.stream_in = c.scratch.template stream<T>(batch, m, dim);
        c.backend.fill(to.stream_in, T(0));
      }
      block_out.template backward_site<BlockFlow<F>>(c, p.block_out, k.block_out, d_out, to,
                                                     g.block_out);
      d_raw = to.branch;
    }
    Stream<T> d_middle;
    if constexpr (MlpFlow<F>::below) d_middle = c.scratch.template stream<T>(batch, m, dim);
    mlp.template backward<MlpFlow<F>>(c, p.mlp, k.mlp, d_raw, d_middle, g.mlp, after(run));
    if constexpr (MlpFlow<F>::below)
      attention.template backward<F>(c, p.attention, k.attention, Stream<T const>(d_middle), d_in,
                                     g.attention, run);
    if (F::below && !to.stream_in.empty())
      c.backend.add(to.stream_in, d_in.range(run.attention.first_query, m));
  }

 private:
  /// The second half reads the rows that the first one gave.
  template <class T>
  static constexpr BlockRun<T> after(BlockRun<T> const& run) {
    Index const first = run.attention.first_query;
    return {.layer = run.layer,
            .rows = run.rows.from(first),
            .first_prompt = run.first_prompt - first,
            .prompts = run.prompts};
  }
};

}  // namespace vlpt
