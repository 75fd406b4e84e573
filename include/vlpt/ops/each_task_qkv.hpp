#pragma once
#include "vlpt/autodiff/of_each_task.hpp"
#include "vlpt/ops/qkv_module.hpp"

namespace vlpt {

/// Says, or does not, that a change's reverse reads the changed values.
template <bool>
struct ReadsValues {};
template <>
struct ReadsValues<true> {
  static constexpr bool reads_values = true;
};

/// A change of queries, keys and values for each task: every row passes that of its own.
template <QkvModule M>
struct EachTaskQkv : OfEachTask<M>, ReadsValues<vlpt::reads_values<M>> {
  using Base = OfEachTask<M>;
  template <class T, class F>
  struct Cache {
    std::vector<typename Base::template RunCache<typename M::template Cache<T, F>>> runs;
  };
  template <class F>
  static constexpr bool learns = M::template learns<F>;
  template <class F>
  static constexpr bool keeps_input = M::template keeps_input<F>;

  template <class F, class B, class P, class T, class K>
  constexpr void forward_qkv(Context<B>& c, P const& p, Stream<T const> query_in,
                             Stream<T const> key_in, Qkv<T> to, K& k) const {
    this->each_run(c, to.key.batch, k.runs, [&](auto& run) {
      this->parts[run.task].template forward_qkv<F>(
          c, p.parts[run.task], query_in.samples(run.first, run.count),
          key_in.samples(run.first, run.count), rows(to, run), run.cache);
    });
  }
  template <class F, class B, class P, class T, class K>
  constexpr void backward_qkv(Context<B>& c, P const& p, K const& k, Qkv<T const> values, Qkv<T> d,
                              Stream<T> d_query_in, Stream<T> d_key_in, P& g) const {
    this->each_run_reverse(c, k.runs, [&](auto const& run) {
      this->parts[run.task].template backward_qkv<F>(
          c, p.parts[run.task], run.cache, rows(values, run), rows(d, run),
          d_query_in.samples(run.first, run.count), d_key_in.samples(run.first, run.count),
          g.parts[run.task]);
    });
  }

 private:
  template <class T, class Run>
  static constexpr Qkv<T> rows(Qkv<T> const& x, Run const& run) {
    return {x.query.samples(run.first, run.count), x.key.samples(run.first, run.count),
            x.value.samples(run.first, run.count), x.first_query,
            x.key_rows.from_sample(run.first)};
  }
};

}  // namespace vlpt
