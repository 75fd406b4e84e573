#pragma once
#include <utility>

#include "vlpt/blocks/behind.hpp"
#include "vlpt/blocks/block.hpp"
#include "vlpt/blocks/mlp.hpp"
#include "vlpt/blocks/pre_norm.hpp"
#include "vlpt/blocks/prepared_rows.hpp"
#include "vlpt/blocks/prompt_policy.hpp"

namespace vlpt {

/// A pre-norm transformer block with a policy's sites:
///   x := end(x + site(attention(norm1(x))));  x := end(x + site(mlp(norm2(x))));  x := site(x).
template <class Act, PromptPolicy Policy>
struct EncoderBlock {
  static constexpr Site sites = Policy::sites;
  static constexpr bool has_rows = has(sites, Site::layer_rows);
  static constexpr bool leaves_unread = true;  // it obeys BlockRun::unread
  static_assert(within(sites, every_site),
                "the policy stands on a site that a pre-norm block does not have");
  template <Site S>
  using ModuleAt = decltype(module_at<S>(Policy{}, LayerFacts{}));
  template <Site S>
  using Behind = decltype(module_behind<S>(Policy{}, LayerFacts{}));
  using Attention = SelfAttention<has_rows, ModuleAt<Site::qkv>>;
  using AttentionHalf = PreNorm<"norm1", "attention", Attention,
                                SiteSlot<"attention_out", ModuleAt<Site::attention_out>>,
                                SiteSlot<"attention_end", Behind<Site::attention_end>>>;
  using MlpHalf = PreNorm<"norm2", "mlp", Mlp<Act>, SiteSlot<"mlp_out", ModuleAt<Site::mlp_out>>,
                          SiteSlot<"mlp_end", Behind<Site::mlp_end>>>;
  using End = SiteSlot<"block_out", ModuleAt<Site::block_out>>;

  AttentionHalf attention;
  MlpHalf mlp;
  End end;

  constexpr EncoderBlock() = default;
  constexpr EncoderBlock(LayerFacts const& at, Policy const& policy, double dropout)
      : attention{{at.dim, at.eps},
                  {{at.dim, at.heads, at.qkv_bias, module_at<Site::qkv>(policy, at), at.causal},
                   {module_at<Site::attention_out>(policy, at)},
                   {module_behind<Site::attention_end>(policy, at)},
                   dropout}},
        mlp{{at.dim, at.eps},
            {vlpt::mlp<Act>(at),
             {module_at<Site::mlp_out>(policy, at)},
             {module_behind<Site::mlp_end>(policy, at)},
             dropout}},
        end{module_at<Site::block_out>(policy, at)} {}

  /// Whether this layer has prompt rows of its own (Site::layer_rows).
  [[nodiscard]] static constexpr bool takes_rows() { return has_rows; }

  template <class F>
  using MlpFlow = typename F::template with_below<F::below || AttentionHalf::template learns<F>>;
  template <class F>
  using EndFlow =
      typename F::template with_below<MlpFlow<F>::below || MlpHalf::template learns<MlpFlow<F>>>;
  template <class F>
  static constexpr bool learns =
      AttentionHalf::template learns<F> || MlpHalf::template learns<MlpFlow<F>> ||
      End::template learns<EndFlow<F>>;

  template <class T>
  struct Params {
    typename AttentionHalf::template Params<T> attention;
    typename MlpHalf::template Params<T> mlp;
    typename End::template Params<T> end;
  };
  template <class T>
  struct Prepared {
    PreparedRows<T, typename Attention::template ExtraCache<T>> rows;
    typename AttentionHalf::template Prepared<T> attention;
    typename MlpHalf::template Prepared<T> mlp;
    typename End::template Prepared<T> end;
  };
  template <class T, class F>
  struct Cache {
    typename AttentionHalf::template Cache<T, F> attention;
    typename MlpHalf::template Cache<T, MlpFlow<F>> mlp;
    typename End::template Cache<T, EndFlow<F>> end;
    Index in_tokens = 0;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    attention.template visit<F>(p.attention, v);
    mlp.template visit<MlpFlow<F>>(p.mlp, v);
    end.template visit<EndFlow<F>>(p.end, v);
  }

  /// What depends on parameters alone; `rows` (empty: none) become keys and values through the
  /// norm.
  template <class F, class B, class P, class R, class T>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Stream<T const> rows) const {
    ArenaScope const scope(c.scratch);
    attention.template prepare<F>(c, p.attention, r.attention);
    mlp.template prepare<MlpFlow<F>>(c, p.mlp, r.mlp);
    end.template prepare<EndFlow<F>>(c, p.end, r.end);
    r.rows = {};
    if (rows.empty()) return;
    auto const like = [&](Index dim) {
      return c.tape.template stream<T>(rows.batch, rows.tokens, dim);
    };
    auto const normed = c.scratch.template stream<T>(rows.batch, rows.tokens, rows.dim);
    c.backend.copy(rows, normed);  // evenly spaced
    r.rows.rows = rows, r.rows.normed = like(rows.dim), r.rows.kv = like(2 * rows.dim);
    r.rows.stats = c.tape.template matrix<Sum<T>>(rows.rows(), 2);
    auto const& norm = p.attention.norm;
    c.backend.layer_norm(View<T const>(normed.flat()), norm.weight, norm.bias, attention.norm.eps,
                         r.rows.normed.flat(), r.rows.stats);
    attention.branch.body.project_extra(c, p.attention.branch.body, Stream<T const>(r.rows.normed),
                                        r.rows.kv, r.rows.cache);
    if constexpr (F::marked::learns) {
      r.rows.d_kv = like(2 * rows.dim);
      c.backend.fill(r.rows.d_kv, T(0));
    }
  }
  /// Adds to the gradient of the rows.
  template <class F, class B, class P, class R, class T>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, Stream<T> d_rows, P& g) const {
    ArenaScope const scope(c.scratch);
    attention.template prepare_backward<F>(c, p.attention, r.attention, g.attention);
    mlp.template prepare_backward<MlpFlow<F>>(c, p.mlp, r.mlp, g.mlp);
    end.template prepare_backward<EndFlow<F>>(c, p.end, r.end, g.end);
    if (r.rows.d_kv.empty()) return;
    using NormFlow = typename AttentionHalf::template NormFlow<F>;
    using BodyFlow = typename AttentionHalf::template BodyFlow<F>;
    auto const like = [&] {
      return c.scratch.template stream<T>(d_rows.batch, d_rows.tokens, d_rows.dim);
    };
    auto const d_normed = like(), d_own = like(), rows = like();
    c.backend.copy(r.rows.rows, rows);
    attention.branch.body.template project_extra_reverse<BodyFlow>(
        c, p.attention.branch.body, Stream<T const>(r.rows.normed), Stream<T const>(r.rows.kv),
        r.rows.cache, r.rows.d_kv, d_normed, g.attention.branch.body);
    c.backend.layer_norm_reverse(View<T const>(d_normed.flat()), View<T const>(rows.flat()),
                                 r.rows.stats, p.attention.norm.weight, d_own.flat(),
                                 NormFlow::learns ? g.attention.norm.weight : View<T>{},
                                 NormFlow::learns ? g.attention.norm.bias : View<T>{});
    c.backend.add(Stream<T const>(d_own), d_rows);
    c.backend.fill(r.rows.d_kv, T(0));
  }

  /// in (batch, n, dim) -> out (batch, m, dim): rows [first_query, first_query + m) of the output.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Stream<T const> in, Stream<T> out,
                         K& k, BlockRun<T> run) const {
    ArenaScope const scope(c.scratch);
    k.in_tokens = in.tokens;
    r.rows.give(run.attention);
    bool const unread = std::exchange(run.unread, false) && !End::filled;
    constexpr bool keep_middle = MlpHalf::template reverses<MlpFlow<F>>;
    auto const middle = c.template stream<keep_middle>(in.batch, out.tokens, in.dim);
    attention.template forward<F>(c, p.attention, r.attention, in, middle, k.attention, run);
    auto rest = run.part(run.attention.first_query, out.tokens);
    rest.unread = unread;
    Stream<T> raw = out;
    if constexpr (End::filled)
      raw = c.template stream<End::template keeps_branch<EndFlow<F>>>(in.batch, out.tokens, in.dim);
    mlp.template forward<MlpFlow<F>>(c, p.mlp, r.mlp, Stream<T const>(middle), raw, k.mlp, rest);
    if constexpr (End::filled) {
      c.observe(TapPoint::block_raw, run.layer, raw);
      Standing const here(c, run.place(4), rest.rows);
      Stream<T const> before = in;
      if (out.tokens != in.tokens) {
        auto const rows =
            c.template stream<End::template keeps_stream<EndFlow<F>>>(in.batch, out.tokens, in.dim);
        c.backend.copy(in.range(run.attention.first_query, out.tokens), rows);
        before = rows;
      }
      end.template forward<EndFlow<F>>(
          c, p.end, r.end, SiteInput<T>{before, {}, raw, rest.first_prompt, rest.prompts}, out,
          k.end);
    }
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g, BlockRun<T> run) const {
    ArenaScope const scope(c.scratch);
    Index const batch = d_out.batch, m = d_out.tokens, dim = d_out.dim;
    r.rows.give(run.attention);
    auto const rest = run.part(run.attention.first_query, m);
    SiteGradient<T> to{};
    Stream<T const> d_raw = d_out;
    if constexpr (End::filled) {
      Standing const here(c, run.place(4), rest.rows);
      if constexpr (EndFlow<F>::below) to.branch = c.scratch.template stream<T>(batch, m, dim);
      if constexpr (F::below) {
        to.stream_in = c.scratch.template stream<T>(batch, m, dim);
        c.backend.fill(to.stream_in, T(0));
      }
      end.template backward<EndFlow<F>>(c, p.end, r.end, k.end, d_out, to, g.end);
      d_raw = to.branch;
    }
    Stream<T> d_middle;
    if constexpr (MlpFlow<F>::below) d_middle = c.scratch.template stream<T>(batch, m, dim);
    mlp.template backward<MlpFlow<F>>(c, p.mlp, r.mlp, k.mlp, d_raw, d_middle, g.mlp, rest);
    if constexpr (MlpFlow<F>::below)
      attention.template backward<F>(c, p.attention, r.attention, k.attention,
                                     Stream<T const>(d_middle), d_in, g.attention, run);
    if (F::below && !to.stream_in.empty())
      c.backend.add(to.stream_in, d_in.range(run.attention.first_query, m));
  }
};

}  // namespace vlpt
