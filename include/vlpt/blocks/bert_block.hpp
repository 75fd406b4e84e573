#pragma once
#include "vlpt/blocks/block.hpp"
#include "vlpt/blocks/mlp.hpp"
#include "vlpt/blocks/post_norm.hpp"
#include "vlpt/blocks/prepared_keys.hpp"
#include "vlpt/blocks/prompt_policy.hpp"
#include "vlpt/ops/cross_attention.hpp"
#include "vlpt/ops/self_attention.hpp"

namespace vlpt {

/// A post-norm transformer block (BERT, RoBERTa) with a policy's sites, each half being
/// x := after(norm(end(x + site(branch(x))))):  attention, then, where it Crosses, attention to the
/// other stream (METER), then MLP. Rows of a layer (Site::layer_rows) enter the last of its
/// attentions alone, as keys and values that no norm has seen.
template <class Act, PromptPolicy Policy, bool Crosses = false>
struct BertBlock {
  static constexpr Site sites = Policy::sites;
  static constexpr bool has_rows = has(sites, Site::layer_rows);
  static constexpr Site known = Site::token_rows | Site::layer_rows | Site::qkv |
                                Site::attention_out | Site::attention_end | Site::attention_normed |
                                Site::mlp_out | Site::mlp_end | Site::mlp_normed | Site::block_out;
  static_assert(within(sites, known),
                "the policy stands on a site that a post-norm block does not have");
  template <Site S>
  using ModuleAt = decltype(module_at<S>(Policy{}, LayerFacts{}));
  template <Name N, Site S>
  using Slot = SiteSlot<N, ModuleAt<S>>;
  using Cross = CrossAttention<has_rows, ModuleAt<Site::qkv>>;
  using Self = SelfAttention<has_rows && !Crosses, ModuleAt<Site::qkv>>;
  using AttentionHalf =
      PostNorm<"norm1", "attention", Self, Slot<"attention_out", Site::attention_out>,
               Slot<"attention_end", Site::attention_end>,
               Slot<"attention_normed", Site::attention_normed>>;
  using CrossHalf = PostNorm<"norm2", "cross", Cross, Slot<"cross_out", Site::attention_out>,
                             Slot<"cross_end", Site::attention_end>,
                             Slot<"cross_normed", Site::attention_normed>>;
  using MlpHalf = PostNorm<"norm3", "mlp", Mlp<Act>, Slot<"mlp_out", Site::mlp_out>,
                           Slot<"mlp_end", Site::mlp_end>, Slot<"mlp_normed", Site::mlp_normed>>;
  using End = Slot<"block_out", Site::block_out>;
  using Keys = PreparedKeys<std::conditional_t<Crosses, Cross, Self>>;

  AttentionHalf attention;
  CrossHalf cross;
  MlpHalf mlp;
  End end;

  constexpr BertBlock() = default;
  /// `context` is the width of the other stream.
  constexpr BertBlock(LayerFacts const& at, Policy const& policy, double dropout, Index context = 0)
      : attention{{at.dim, at.eps},
                  {{at.dim, at.heads, at.qkv_bias, module_at<Site::qkv>(policy, at)},
                   {module_at<Site::attention_out>(policy, at)},
                   {module_at<Site::attention_end>(policy, at)},
                   dropout},
                  {module_at<Site::attention_normed>(policy, at)}},
        mlp{{at.dim, at.eps},
            {vlpt::mlp<Act>(at),
             {module_at<Site::mlp_out>(policy, at)},
             {module_at<Site::mlp_end>(policy, at)},
             dropout},
            {module_at<Site::mlp_normed>(policy, at)}},
        end{module_at<Site::block_out>(policy, at)} {
    if constexpr (Crosses) {
      LayerFacts there = at;
      there.role = Role::cross;
      cross = {{at.dim, at.eps},
               {{at.dim, at.heads, context, at.qkv_bias, module_at<Site::qkv>(policy, there)},
                {module_at<Site::attention_out>(policy, there)},
                {module_at<Site::attention_end>(policy, there)},
                dropout},
               {module_at<Site::attention_normed>(policy, there)}};
    }
  }

  /// Whether this layer has prompt rows of its own (Site::layer_rows).
  [[nodiscard]] static constexpr bool takes_rows() { return has_rows; }

  template <class F>
  using CrossFlow = typename F::template with_below<AttentionHalf::template reverses<F>>;
  template <class F>
  static constexpr bool cross_learns = Crosses&& CrossHalf::template learns<CrossFlow<F>>;
  template <class F>
  using MlpFlow = typename F::template with_below<CrossFlow<F>::below || cross_learns<F>>;
  template <class F>
  using EndFlow = typename F::template with_below<MlpHalf::template reverses<MlpFlow<F>>>;
  template <class F>
  static constexpr bool learns =
      AttentionHalf::template learns<F> || cross_learns<F> ||
      MlpHalf::template learns<MlpFlow<F>> || End::template learns<EndFlow<F>>;

  template <class T>
  struct Params {
    typename AttentionHalf::template Params<T> attention;
    typename CrossHalf::template Params<T> cross;
    typename MlpHalf::template Params<T> mlp;
    typename End::template Params<T> end;
  };
  template <class T>
  struct Prepared {
    typename Keys::template Prepared<T> rows;
    typename AttentionHalf::template Prepared<T> attention;
    typename CrossHalf::template Prepared<T> cross;
    typename MlpHalf::template Prepared<T> mlp;
    typename End::template Prepared<T> end;
  };
  template <class T, class F>
  struct Cache {
    typename AttentionHalf::template Cache<T, F> attention;
    typename CrossHalf::template Cache<T, CrossFlow<F>> cross;
    typename MlpHalf::template Cache<T, MlpFlow<F>> mlp;
    typename End::template Cache<T, EndFlow<F>> end;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    attention.template visit<F>(p.attention, v);
    if constexpr (Crosses) cross.template visit<CrossFlow<F>>(p.cross, v);
    mlp.template visit<MlpFlow<F>>(p.mlp, v);
    end.template visit<EndFlow<F>>(p.end, v);
  }

  /// What depends on parameters alone; `rows` (empty: none) become keys and values.
  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Stream<T const> rows) const {
    attention.template prepare<F>(c, p.attention, r.attention);
    if constexpr (Crosses) {
      cross.template prepare<CrossFlow<F>>(c, p.cross, r.cross);
      Keys{cross.branch.body}.template prepare<F>(c, p.cross.branch.body, r.rows, rows);
    } else if constexpr (has_rows) {
      Keys{attention.branch.body}.template prepare<F>(c, p.attention.branch.body, r.rows, rows);
    }
    mlp.template prepare<MlpFlow<F>>(c, p.mlp, r.mlp);
    end.template prepare<EndFlow<F>>(c, p.end, r.end);
  }
  /// Adds to the gradient of the rows.
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, Stream<T> d_rows, P& g) const {
    attention.template prepare_backward<F>(c, p.attention, r.attention, g.attention);
    if constexpr (Crosses) {
      cross.template prepare_backward<CrossFlow<F>>(c, p.cross, r.cross, g.cross);
      using Flow = typename CrossHalf::template BodyFlow<CrossFlow<F>>;
      Keys{cross.branch.body}.template prepare_backward<Flow>(c, p.cross.branch.body, r.rows,
                                                              d_rows, g.cross.branch.body);
    } else if constexpr (has_rows) {
      Keys{attention.branch.body}
          .template prepare_backward<typename AttentionHalf::template BodyFlow<F>>(
              c, p.attention.branch.body, r.rows, d_rows, g.attention.branch.body);
    }
    mlp.template prepare_backward<MlpFlow<F>>(c, p.mlp, r.mlp, g.mlp);
    end.template prepare_backward<EndFlow<F>>(c, p.end, r.end, g.end);
  }

  /// in (batch, n, dim) -> out (batch, m, dim): rows [first_query, first_query + m) of the output.
  /// `in`, and what it crosses with, must live on until the reverse.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Stream<T const> in, Stream<T> out,
                         K& k, BlockRun<T> run) const {
    ArenaScope const scope(c.scratch);
    auto const like_out = [&]<bool Kept>(std::bool_constant<Kept>) {
      return c.template stream<Kept>(out.batch, out.tokens, out.dim);
    };
    give_keys(r, run);
    auto const rest = run.part(run.attention.first_query, out.tokens);
    auto x = like_out(std::bool_constant<(Crosses ? CrossHalf::template reverses<CrossFlow<F>>
                                                  : MlpHalf::template reverses<MlpFlow<F>>)>{});
    attention.template forward<F>(c, p.attention, r.attention, in, x, k.attention, run);
    if constexpr (Crosses) {
      auto const y = like_out(std::bool_constant<MlpHalf::template reverses<MlpFlow<F>>>{});
      cross.template forward<CrossFlow<F>>(c, p.cross, r.cross, Stream<T const>(x), y, k.cross,
                                           rest);
      x = y;
    }
    Stream<T> raw = out;
    if constexpr (End::filled)
      raw = like_out(std::bool_constant<End::template keeps_branch<EndFlow<F>>>{});
    mlp.template forward<MlpFlow<F>>(c, p.mlp, r.mlp, Stream<T const>(x), raw, k.mlp, rest);
    if constexpr (End::filled) {
      Standing const here(c, run.place(4), rest.rows);
      auto const before = MlpHalf::Part::template some_rows<End::template keeps_stream<EndFlow<F>>>(
          c, in, run.attention.first_query, out.tokens);
      end.template forward<EndFlow<F>>(
          c, p.end, r.end, SiteInput<T>{before, {}, raw, rest.first_prompt, rest.prompts}, out,
          k.end);
    }
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g, BlockRun<T> run) const {
    ArenaScope const scope(c.scratch);
    using Rows = typename MlpHalf::Part;
    Index const first = run.attention.first_query, m = d_out.tokens;
    give_keys(r, run);
    auto const rest = run.part(first, m);
    SiteGradient<T> to{};
    Stream<T const> d = d_out;
    if constexpr (End::filled) {
      Standing const here(c, run.place(4), rest.rows);
      if constexpr (EndFlow<F>::below) to.branch = Rows::same(c, d_out);
      if constexpr (F::below) to.stream_in = Rows::zeroed(c, d_out);
      end.template backward<EndFlow<F>>(c, p.end, r.end, k.end, d_out, to, g.end);
      d = to.branch;
    }
    Stream<T> before;
    if constexpr (MlpFlow<F>::below) before = Rows::same(c, d_out);
    mlp.template backward<MlpFlow<F>>(c, p.mlp, r.mlp, k.mlp, d, before, g.mlp, rest);
    d = before;
    if constexpr (Crosses && MlpFlow<F>::below) {
      Stream<T> d_middle;
      if constexpr (CrossFlow<F>::below) d_middle = Rows::same(c, d_out);
      cross.template backward<CrossFlow<F>>(c, p.cross, r.cross, k.cross, d, d_middle, g.cross,
                                            rest);
      d = d_middle;
    }
    if constexpr (CrossFlow<F>::below)
      attention.template backward<F>(c, p.attention, r.attention, k.attention, d, d_in, g.attention,
                                     run);
    if (F::below && !to.stream_in.empty())
      c.backend.add(Stream<T const>(to.stream_in), d_in.range(first, m));
  }

 private:
  /// Adds what was prepared from the layer's rows to what the last attention reads.
  template <class R, class T>
  static constexpr void give_keys(R const& r, BlockRun<T>& run) {
    if constexpr (Crosses)
      r.rows.give(run.cross);
    else if constexpr (has_rows)
      r.rows.give(run.attention);
  }
};

}  // namespace vlpt
