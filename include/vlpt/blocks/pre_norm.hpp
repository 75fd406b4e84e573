#pragma once
#include "vlpt/blocks/run.hpp"
#include "vlpt/blocks/site_slot.hpp"
#include "vlpt/ops/layer_norm.hpp"

namespace vlpt {

/// Half a pre-norm block: out = end(in + dropout(site(body(norm(in))))). Body reads all rows and
/// gives the rows that `out` has (only attention may give fewer); site and end are SiteSlots.
template <Name NormName, Name BodyName, class Body, class Out, class End>
struct PreNorm {
  LayerNorm norm;
  Body body;
  Out site;
  End end;
  double dropout = 0;

  static constexpr bool attends = requires { Body::takes_extras; };
  /// Whether the body reads learnt rows besides its input.
  template <class F>
  static constexpr bool wants_extras = [] {
    if constexpr (attends)
      return Body::takes_extras && F::marked::learns;
    else
      return false;
  }();
  template <class F>
  using NormFlow = typename F::template child<NormName>;
  template <class F>
  using BodyFlow =
      typename F::template child<BodyName>::template with_below<F::below || NormFlow<F>::learns>;
  template <class F>
  static constexpr bool branch_reverses =
      BodyFlow<F>::below || Body::template learns<BodyFlow<F>> || wants_extras<F>;
  template <class F>
  using SiteFlow = typename F::template with_below<branch_reverses<F>>;
  /// Whether the sum of stream and branch wants its gradient.
  template <class F>
  static constexpr bool sum_reverses =
      F::below || branch_reverses<F> || Out::template learns<SiteFlow<F>>;
  template <class F>
  using EndFlow = typename F::template with_below<sum_reverses<F>>;
  template <class F>
  static constexpr bool learns =
      NormFlow<F>::learns || Body::template learns<BodyFlow<F>> ||
      Out::template learns<SiteFlow<F>> || End::template learns<EndFlow<F>> || wants_extras<F>;
  template <class F>
  static constexpr bool reverses = F::below || learns<F>;

  template <class T>
  struct Params {
    LayerNorm::Params<T> norm;
    typename Body::template Params<T> body;
    typename Out::template Params<T> site;
    typename End::template Params<T> end;
  };
  template <class T>
  struct Prepared {
    typename Out::template Prepared<T> site;
    typename End::template Prepared<T> end;
  };
  template <class T, class F>
  struct Cache {
    LayerNorm::Cache<T, NormFlow<F>> norm;
    typename Body::template Cache<T, BodyFlow<F>> body;
    typename Out::template Cache<T, SiteFlow<F>> site;
    typename End::template Cache<T, EndFlow<F>> end;
    Index in_tokens = 0;
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter(NormName.view());
    norm.template visit<NormFlow<F>>(p.norm, v);
    v.leave();
    v.enter(BodyName.view());
    body.template visit<BodyFlow<F>>(p.body, v);
    v.leave();
    site.template visit<SiteFlow<F>>(p.site, v);
    end.template visit<EndFlow<F>>(p.end, v);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    site.template prepare<SiteFlow<F>>(c, p.site, r.site);
    end.template prepare<EndFlow<F>>(c, p.end, r.end);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    site.template prepare_backward<SiteFlow<F>>(c, p.site, r.site, g.site);
    end.template prepare_backward<EndFlow<F>>(c, p.end, r.end, g.end);
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Stream<T const> in, Stream<T> out,
                         K& k, BlockRun<T> const& run) const {
    ArenaScope const scope(c.scratch);
    Standing const here(c, run.place(first_place), run.rows);
    Index const first = run.attention.first_query;
    k.in_tokens = in.tokens;
    constexpr bool site_reads = Out::template keeps_read<SiteFlow<F>>;
    constexpr bool end_reads = End::template keeps_read<EndFlow<F>>;
    constexpr bool keep_normed = Body::template keeps_input<BodyFlow<F>> || site_reads || end_reads;
    auto const normed = c.template stream<keep_normed>(in.batch, in.tokens, in.dim);
    norm.template forward<NormFlow<F>>(c, p.norm, in, normed, k.norm);
    constexpr bool keep_branch =
        Body::template keeps_output<BodyFlow<F>> || Out::template keeps_branch<SiteFlow<F>>;
    auto branch = c.template stream<keep_branch>(in.batch, out.tokens, in.dim);
    if constexpr (attends)
      body.template forward<BodyFlow<F>>(c, p.body, Stream<T const>(normed), branch, k.body,
                                         run.attention);
    else
      body.template forward<BodyFlow<F>>(c, p.body, Stream<T const>(normed), branch, k.body);
    auto const given = run.part(first, out.tokens);
    SiteInput<T> input{{}, {}, branch, given.first_prompt, given.prompts};
    if constexpr (Out::filled || End::filled) {
      constexpr bool keep_rows =
          Out::template keeps_stream<SiteFlow<F>> || End::template keeps_stream<EndFlow<F>>;
      input.stream_in = some_rows<keep_rows>(c, in, first, out.tokens);
      input.read =
          some_rows < site_reads || end_reads > (c, Stream<T const>(normed), first, out.tokens);
    }
    c.row_places = rows(run);
    if constexpr (Out::filled) {
      branch = c.scratch.template stream<T>(in.batch, out.tokens, in.dim);
      site.template forward<SiteFlow<F>>(c, p.site, r.site, input, branch, k.site);
    }
    if (drops(c)) drop_rows(c, dropout, random(c), c.row_places, Stream<T const>(branch), branch);
    auto sum = out;
    if constexpr (End::filled)
      sum = c.template stream<End::template keeps_branch<EndFlow<F>>>(in.batch, out.tokens, in.dim);
    c.backend.copy(in.range(first, out.tokens), sum);
    c.backend.add(branch, sum);
    if constexpr (End::filled) {
      Standing const there(c, run.place(first_place + 1), rows(run));
      input.branch = sum;
      end.template forward<EndFlow<F>>(c, p.end, r.end, input, out, k.end);
    }
  }

  /// d_in is overwritten if the flow has something below; extras' gradients are added to.
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                          Stream<T> d_in, P& g, BlockRun<T> const& run) const {
    if constexpr (reverses<F>) {
      ArenaScope const scope(c.scratch);
      Standing const here(c, run.place(first_place), rows(run));
      Index const first = run.attention.first_query, m = d_out.tokens;
      SiteGradient<T> to{};
      if constexpr (Out::filled || End::filled) {
        if constexpr (F::below) to.stream_in = zeroed(c, d_out);
        if constexpr (BodyFlow<F>::below) to.read = zeroed(c, d_out);
      }
      Stream<T const> d_sum = d_out;
      if constexpr (End::filled) {
        Standing const there(c, run.place(first_place + 1), rows(run));
        if constexpr (sum_reverses<F>) to.branch = same(c, d_out);
        end.template backward<EndFlow<F>>(c, p.end, r.end, k.end, d_out, to, g.end);
        d_sum = to.branch;
      }
      if constexpr (sum_reverses<F>) {
        Stream<T const> d_branch = d_sum;
        if (drops(c)) {
          auto const dropped = same(c, d_out);
          drop_rows(c, dropout, random(c), c.row_places, d_sum, dropped);
          d_branch = dropped;
        }
        if constexpr (Out::filled) {
          to.branch = {};
          if constexpr (branch_reverses<F>) to.branch = same(c, d_out);
          site.template backward<SiteFlow<F>>(c, p.site, r.site, k.site, d_branch, to, g.site);
          d_branch = to.branch;
        }
        if constexpr (branch_reverses<F>) {
          c.row_places = run.rows;
          Stream<T> d_normed;
          if constexpr (BodyFlow<F>::below)
            d_normed = c.scratch.template stream<T>(d_out.batch, k.in_tokens, d_out.dim);
          if constexpr (attends)
            body.template backward<BodyFlow<F>>(c, p.body, k.body, d_branch, d_normed, g.body,
                                                run.attention);
          else
            body.template backward<BodyFlow<F>>(c, p.body, k.body, d_branch, d_normed, g.body);
          if constexpr (BodyFlow<F>::below) {
            if (!to.read.empty()) c.backend.add(to.read, d_normed.range(first, m));
            norm.template backward<NormFlow<F>>(c, p.norm, k.norm, Stream<T const>(d_normed), d_in,
                                                g.norm);
          }
        }
        if constexpr (F::below) {
          c.backend.add(d_sum, d_in.range(first, m));
          if (!to.stream_in.empty()) c.backend.add(to.stream_in, d_in.range(first, m));
        }
      }
    }
  }

 private:
  /// The halves of a layer draw apart, and so do their ends.
  static constexpr unsigned first_place = attends ? 0 : 2;

  template <class T>
  static constexpr LogicalRows rows(BlockRun<T> const& run) {
    return run.rows.from(run.attention.first_query);
  }
  template <class B>
  [[nodiscard]] constexpr bool drops(Context<B> const& c) const {
    return c.training && dropout > 0;
  }
  template <class B>
  static constexpr Random random(Context<B> const& c) {
    return c.random.fork(0x64726f7000000000ULL + c.place);
  }
  template <class B, class T>
  static constexpr Stream<T> same(Context<B>& c, Stream<T const> like) {
    return c.scratch.template stream<T>(like.batch, like.tokens, like.dim);
  }
  template <class B, class T>
  static constexpr Stream<T> zeroed(Context<B>& c, Stream<T const> like) {
    auto const s = same(c, like);
    c.backend.fill(s, T(0));
    return s;
  }
  /// The rows of x that the branch has, evenly spaced (a site's products need that).
  template <bool Kept, class B, class T>
  static constexpr Stream<T const> some_rows(Context<B>& c, Stream<T const> x, Index first,
                                             Index count) {
    if (count == x.tokens) return x;
    auto const rows = c.template stream<Kept>(x.batch, count, x.dim);
    c.backend.copy(x.range(first, count), rows);
    return rows;
  }
};

}  // namespace vlpt
