#pragma once
#include <utility>

#include "vlpt/blocks/run.hpp"
#include "vlpt/blocks/site_slot.hpp"

namespace vlpt {

/// A branch beside the residual stream, with its sites: out = end(in + dropout(site(body(read)))).
/// Body reads all rows of `read` and gives the rows that `out` has (only an attention to its own
/// sequence may give fewer); site and end are SiteSlots. Read says whether the gradient of `read`
/// is wanted, F::below whether that of `in` is.
template <Name BodyName, class Body, class Out, class End>
struct Branch {
  Body body;
  Out site;
  End end;
  double dropout = 0;

  static constexpr bool attends = requires { Body::takes_extras; };
  /// Whether the body attends to another stream.
  static constexpr bool crosses = requires { Body::crosses; };
  /// Where it draws: the branches of a layer draw apart, and so do their ends, one place further.
  static constexpr unsigned place = crosses ? 5 : attends ? 0 : 2;
  /// Whether out = in + body(read), but for dropout, and the body can be written so.
  static constexpr bool plain = !Out::filled && !End::filled && adds_onto<Body>;
  /// Whether the body reads learnt rows besides its input.
  template <class F>
  static constexpr bool wants_extras = [] {
    if constexpr (attends)
      return Body::takes_extras && F::marked::learns;
    else
      return false;
  }();
  template <class F, bool Read>
  using BodyFlow = typename F::template child<BodyName>::template with_below<Read>;
  template <class F, bool Read>
  static constexpr bool branch_reverses =
      Read || Body::template learns<BodyFlow<F, Read>> || wants_extras<F>;
  template <class F, bool Read>
  using SiteFlow = typename F::template with_below<branch_reverses<F, Read>>;
  /// Whether the sum of stream and branch wants its gradient.
  template <class F, bool Read>
  static constexpr bool sum_reverses =
      F::below || branch_reverses<F, Read> || Out::template learns<SiteFlow<F, Read>>;
  template <class F, bool Read>
  using EndFlow = typename F::template with_below<sum_reverses<F, Read>>;
  template <class F, bool Read>
  static constexpr bool learns =
      Body::template learns<BodyFlow<F, Read>> || Out::template learns<SiteFlow<F, Read>> ||
      End::template learns<EndFlow<F, Read>> || wants_extras<F>;
  template <class F, bool Read>
  static constexpr bool reverses = sum_reverses<F, Read> || learns<F, Read>;
  /// Whether the reverse reads what the body or a site read.
  template <class F, bool Read>
  static constexpr bool keeps_read =
      Body::template keeps_input<BodyFlow<F, Read>> ||
      Out::template keeps_read<SiteFlow<F, Read>> || End::template keeps_read<EndFlow<F, Read>>;

  template <class T>
  struct Params {
    typename Body::template Params<T> body;
    typename Out::template Params<T> site;
    typename End::template Params<T> end;
  };
  template <class T>
  struct Prepared {
    typename Out::template Prepared<T> site;
    typename End::template Prepared<T> end;
  };
  template <class T, class F, bool Read>
  struct Cache {
    typename Body::template Cache<T, BodyFlow<F, Read>> body;
    typename Out::template Cache<T, SiteFlow<F, Read>> site;
    typename End::template Cache<T, EndFlow<F, Read>> end;
  };

  template <class F, bool Read, class P, class V>
  constexpr void visit(P& p, V& v) const {
    v.enter(BodyName.view());
    body.template visit<BodyFlow<F, Read>>(p.body, v);
    v.leave();
    site.template visit<SiteFlow<F, Read>>(p.site, v);
    end.template visit<EndFlow<F, Read>>(p.end, v);
  }
  template <class F, bool Read, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    site.template prepare<SiteFlow<F, Read>>(c, p.site, r.site);
    end.template prepare<EndFlow<F, Read>>(c, p.end, r.end);
  }
  template <class F, bool Read, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    site.template prepare_backward<SiteFlow<F, Read>>(c, p.site, r.site, g.site);
    end.template prepare_backward<EndFlow<F, Read>>(c, p.end, r.end, g.end);
  }

  template <class F, bool Read, class B, class P, class R, class T, class K>
  constexpr void forward(Context<B>& c, P const& p, R const& r, Stream<T const> in,
                         Stream<T const> read, Stream<T> out, K& k, BlockRun<T> const& run) const {
    using Here = SiteFlow<F, Read>;
    using Last = EndFlow<F, Read>;
    ArenaScope const scope(c.scratch);
    Standing const here(c, run.place(place), run.rows);
    Index const first = first_row(run), m = out.tokens;
    constexpr bool keep_branch =
        Body::template keeps_output<BodyFlow<F, Read>> || Out::template keeps_branch<Here>;
    if constexpr (plain && !keep_branch && keeps_without_output<Body>) {
      if (run.unread) return body.template keep<BodyFlow<F, Read>>(c, p.body, read, k.body);
    }
    if constexpr (plain && !keep_branch) {
      if (!drops(c)) {  // nothing stands between the body and the sum
        Stream<T const> rest = in.range(first, m);
        if (!rest.dense()) {
          c.backend.copy(rest, out);
          rest = out;
        }
        run_body(run, [&](auto const&... e) {
          body.template forward_onto<BodyFlow<F, Read>>(c, p.body, read, rest, out, k.body, e...);
        });
        return;
      }
    }
    auto branch = c.template stream<keep_branch>(in.batch, m, in.dim);
    run_body(run, [&](auto const&... e) {
      body.template forward<BodyFlow<F, Read>>(c, p.body, read, branch, k.body, e...);
    });
    auto const given = run.part(first, m);
    SiteInput<T> input{{}, {}, branch, given.first_prompt, given.prompts};
    if constexpr (Out::filled || End::filled) {
      constexpr bool keep_rows =
          Out::template keeps_stream<Here> || End::template keeps_stream<Last>;
      constexpr bool keep_read = Out::template keeps_read<Here> || End::template keeps_read<Last>;
      input.stream_in = some_rows<keep_rows>(c, in, first, m);
      input.read = some_rows<keep_read>(c, read, first, m);
    }
    c.row_places = rows(run);
    if constexpr (Out::filled) {
      branch = c.scratch.template stream<T>(in.batch, m, in.dim);
      site.template forward<Here>(c, p.site, r.site, input, branch, k.site);
    }
    if (drops(c)) drop_rows(c, dropout, random(c), c.row_places, Stream<T const>(branch), branch);
    auto sum = out;
    if constexpr (End::filled)
      sum = c.template stream<End::template keeps_branch<Last>>(in.batch, m, in.dim);
    c.backend.copy(in.range(first, m), sum);
    c.backend.add(branch, sum);
    if constexpr (End::filled) {
      Standing const there(c, run.place(place + 1), rows(run));
      input.branch = sum;
      end.template forward<Last>(c, p.end, r.end, input, out, k.end);
    }
  }

  /// Writes d_read (all its rows) if Read; returns the gradient of those rows of `in` that `out`
  /// has, in scratch of the caller's scope, empty if nothing below wants it.
  template <class F, bool Read, class B, class P, class R, class T, class K>
  constexpr Stream<T const> backward(Context<B>& c, P const& p, R& r, K const& k,
                                     Stream<T const> d_out, Stream<T> d_read, P& g,
                                     BlockRun<T> const& run) const {
    Standing const here(c, run.place(place), rows(run));
    Index const first = first_row(run), m = d_out.tokens;
    SiteGradient<T> to{};
    if constexpr (Out::filled || End::filled) {
      if constexpr (F::below) to.stream_in = zeroed(c, d_out);
      if constexpr (Read) to.read = zeroed(c, d_out);
    }
    Stream<T const> d_sum = d_out;
    if constexpr (End::filled) {
      Standing const there(c, run.place(place + 1), rows(run));
      if constexpr (sum_reverses<F, Read>) to.branch = same(c, d_out);
      end.template backward<EndFlow<F, Read>>(c, p.end, r.end, k.end, d_out, to, g.end);
      d_sum = to.branch;
    }
    if constexpr (sum_reverses<F, Read>) {
      Stream<T const> d_branch = d_sum;
      if (drops(c)) {
        auto const dropped = same(c, d_out);
        drop_rows(c, dropout, random(c), c.row_places, d_sum, dropped);
        d_branch = dropped;
      }
      if constexpr (Out::filled) {
        to.branch = {};
        if constexpr (branch_reverses<F, Read>) to.branch = same(c, d_out);
        site.template backward<SiteFlow<F, Read>>(c, p.site, r.site, k.site, d_branch, to, g.site);
        d_branch = to.branch;
      }
      if constexpr (branch_reverses<F, Read>) {
        c.row_places = run.rows;
        run_body(run, [&](auto const&... e) {
          body.template backward<BodyFlow<F, Read>>(c, p.body, k.body, d_branch, d_read, g.body,
                                                    e...);
        });
        if (Read && !to.read.empty()) c.backend.add(to.read, d_read.range(first, m));
      }
    }
    if constexpr (!F::below) return {};
    if (to.stream_in.empty()) return d_sum;
    c.backend.add(d_sum, to.stream_in);
    return to.stream_in;
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
  /// Memory in scratch like another stream's.
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
  /// The first row of the stream that the branch has: those before it are keys and values only.
  template <class T>
  static constexpr Index first_row(BlockRun<T> const& run) {
    return attends && !crosses ? run.attention.first_query : 0;
  }

 private:
  template <class T, class F>
  static constexpr void run_body(BlockRun<T> const& run, F const& f) {
    if constexpr (crosses)
      f(run.cross);
    else if constexpr (attends)
      f(run.attention);
    else
      f();
  }
  template <class T>
  static constexpr LogicalRows rows(BlockRun<T> const& run) {
    return run.rows.from(first_row(run));
  }
  template <class B>
  [[nodiscard]] constexpr bool drops(Context<B> const& c) const {
    return c.training && dropout > 0;
  }
  template <class B>
  static constexpr Random random(Context<B> const& c) {
    return c.random.fork(0x64726f7000000000ULL + c.place);
  }
};

}  // namespace vlpt
