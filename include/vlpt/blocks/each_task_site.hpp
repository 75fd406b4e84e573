#pragma once
#include "vlpt/autodiff/of_each_task.hpp"
#include "vlpt/blocks/site_slot.hpp"

namespace vlpt {

/// A site's module for each task: every row of the batch passes that of its own.
template <SiteModule M>
struct EachTaskSite : OfEachTask<M> {
  using Base = OfEachTask<M>;
  using Slot = SiteSlot<"task", M>;
  template <class T>
  struct Prepared {
    std::vector<typename Slot::template Prepared<T>> parts;
  };
  template <class T, class F>
  struct Cache {
    std::vector<typename Base::template RunCache<typename M::template Cache<T, F>>> runs;
  };
  template <class F>
  static constexpr bool learns = M::template learns<F>;
  template <class F>
  static constexpr bool keeps_branch = M::template keeps_branch<F>;
  template <class F>
  static constexpr bool keeps_read = M::template keeps_read<F>;
  template <class F>
  static constexpr bool keeps_stream = M::template keeps_stream<F>;

  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r) const {
    r.parts.resize(this->parts.size());
    if constexpr (prepares<M>)
      for (std::size_t t = 0; t < this->parts.size(); ++t)
        this->parts[t].template prepare<F>(c, p.parts[t], r.parts[t]);
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>& c, P const& p, R& r, P& g) const {
    if constexpr (prepares<M>)
      for (std::size_t t = 0; t < this->parts.size(); ++t)
        this->parts[t].template prepare_backward<F>(c, p.parts[t], r.parts[t], g.parts[t]);
  }

  template <class F, class B, class P, class R, class T, class K>
  constexpr void forward_site(Context<B>& c, P const& p, R const& r, SiteInput<T> const& in,
                              Stream<T> out, K& k) const {
    this->each_run(c, out.batch, k.runs, [&](auto& run) {
      auto const& part = this->parts[run.task];
      auto const rows = [&run](Stream<T const> s) { return s.samples(run.first, run.count); };
      SiteInput<T> const own{rows(in.stream_in), rows(in.read), rows(in.branch), in.first_prompt,
                             in.prompts};
      auto const to = out.samples(run.first, run.count);
      if constexpr (prepares<M>)
        part.template forward_site<F>(c, p.parts[run.task], r.parts[run.task], own, to, run.cache);
      else
        part.template forward_site<F>(c, p.parts[run.task], own, to, run.cache);
    });
  }
  template <class F, class B, class P, class R, class T, class K>
  constexpr void backward_site(Context<B>& c, P const& p, R& r, K const& k, Stream<T const> d_out,
                               SiteGradient<T> d, P& g) const {
    this->each_run_reverse(c, k.runs, [&](auto const& run) {
      auto const& part = this->parts[run.task];
      auto const rows = [&run](Stream<T> s) { return s.samples(run.first, run.count); };
      SiteGradient<T> const own{rows(d.stream_in), rows(d.read), rows(d.branch)};
      auto const from = d_out.samples(run.first, run.count);
      if constexpr (prepares<M>)
        part.template backward_site<F>(c, p.parts[run.task], r.parts[run.task], run.cache, from,
                                       own, g.parts[run.task]);
      else
        part.template backward_site<F>(c, p.parts[run.task], run.cache, from, own,
                                       g.parts[run.task]);
    });
  }
};

}  // namespace vlpt
