#pragma once
#include <algorithm>
#include <limits>
#include <memory>
#include <string_view>

#include "vlpt/kernels/cpu/attention.hpp"
#include "vlpt/kernels/reference.hpp"

namespace vlpt {

/// Eigen on a team of threads; T is float or double. Runs wherever Eigen does.
/// Work is cut by shape only, so results do not depend on the number of threads.
/// Copies share one team. What is not worth a thread comes from Reference<T>.
template <class T>
class Cpu : public Reference<T> {
 public:
  static constexpr std::string_view name = "cpu";

  /// threads = 0: one for each processor that this process may use.
  explicit Cpu(int threads = 0) : team_(std::make_shared<Team>(threads)) {}
  [[nodiscard]] int threads() const { return team_->threads(); }

  void copy(Stream<T const> x, Stream<T> y) const {
    samples(y.batch, y.tokens * y.dim,
            [&](Index b) { eigen::map(y.sample(b)) = eigen::map(x.sample(x.batch == 1 ? 0 : b)); });
  }
  void add(Stream<T const> x, Stream<T> y) const {
    if (y.batch == 1 && x.batch > 1) {
      for (Index b = 0; b < x.batch; ++b) eigen::map(y.sample(0)) += eigen::map(x.sample(b));
      return;
    }
    samples(y.batch, y.tokens * y.dim, [&](Index b) {
      eigen::map(y.sample(b)) += eigen::map(x.sample(x.batch == 1 ? 0 : b));
    });
  }

  void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
    rows(y.rows, w.size(), [&](Index first, Index n) {
      auto const out = y.middle_rows(first, n);
      Products::right_transposed(x.middle_rows(first, n), w, out);
      if (b.data != nullptr)
        for (Index i = 0; i < n; ++i) eigen::row(out, i) += eigen::row(b, 0);
    });
  }
  template <class F>
  void linear_activate(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                       View<T> y) const {
    View<T> const to = before.data == nullptr ? y : before;
    linear(x, w, b, to);
    activate<F>(View<T const>(to), y);
  }
  void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                  View<T> y) const {
    rows(y.rows, w.size(), [&](Index first, Index n) {
      auto const out = y.middle_rows(first, n);
      auto const from = r.middle_rows(first, n);
      for (Index i = 0; i < n; ++i) {
        if (from.row(i) != out.row(i)) eigen::row(out, i) = eigen::row(from, i);
        if (b.data != nullptr) eigen::row(out, i) += eigen::row(b, 0);
      }
      Products::right_transposed(x.middle_rows(first, n), w, out, true);
    });
  }
  void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    rows(dx.rows, w.size(), [&](Index first, Index n) {
      Products::plain(dy.middle_rows(first, n), w, dx.middle_rows(first, n));
    });
  }
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw, View<T> db) const {
    if (dw.data != nullptr)
      rows(dw.rows, dy.rows * x.cols, [&](Index first, Index n) {
        Products::left_transposed(dy.middle_cols(first, n), x, dw.middle_rows(first, n), true);
      });
    if (db.data != nullptr)
      for (Index i = 0; i < dy.rows; ++i) eigen::row(db, 0) += eigen::row(dy, i);
  }

  void layer_norm(View<T const> x, View<T const> gamma, View<T const> beta, double eps, View<T> y,
                  View<T> stats) const {
    auto const g = eigen::row(gamma, 0), o = eigen::row(beta, 0);
    rows(x.rows, x.cols, [&](Index first, Index n) {
      for (Index i = first; i < first + n; ++i) {
        auto const r = eigen::row(x, i);
        T const mean = r.mean();
        T const rstd = T(1) / std::sqrt((r - mean).square().mean() + T(eps));
        eigen::row(y, i) = (r - mean) * rstd * g + o;
        if (stats.data != nullptr) stats(i, 0) = mean, stats(i, 1) = rstd;
      }
    });
  }
  void layer_norm_reverse(View<T const> dy, View<T const> x, View<T const> stats,
                          View<T const> gamma, View<T> dx, View<T> dgamma, View<T> dbeta) const {
    auto const g = eigen::row(gamma, 0);
    if (dgamma.data != nullptr)
      for (Index i = 0; i < x.rows; ++i) {
        eigen::row(dgamma, 0) += eigen::row(dy, i) * (eigen::row(x, i) - stats(i, 0)) * stats(i, 1);
        eigen::row(dbeta, 0) += eigen::row(dy, i);
      }
    if (dx.data == nullptr) return;
    rows(x.rows, x.cols, [&](Index first, Index n) {
      for (Index i = first; i < first + n; ++i) {
        T const mean = stats(i, 0), rstd = stats(i, 1);
        auto const d = eigen::row(dy, i), r = eigen::row(x, i);
        T const sum_g = (d * g).mean();
        T const sum_gh = (d * g * (r - mean)).mean() * rstd;
        eigen::row(dx, i) = rstd * (d * g - sum_g - (r - mean) * (rstd * sum_gh));
      }
    });
  }

  template <class F>
  void activate(View<T const> x, View<T> y) const {
    rows(x.rows, x.cols, [&](Index first, Index n) {
      for (Index i = first; i < first + n; ++i) {
        auto const r = eigen::row(x, i);
        auto out = eigen::row(y, i);
        if constexpr (std::is_same_v<F, GeluFormula>)
          out = T(0.5) * r * (T(1) + (r * T(1 / std::numbers::sqrt2)).erf());
        else if constexpr (std::is_same_v<F, QuickGeluFormula>)
          out = r / (T(1) + (T(-1.702) * r).exp());
        else
          out = r.unaryExpr([](T v) { return F::value(v); });
      }
    });
  }
  template <class F>
  void activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const {
    rows(x.rows, x.cols, [&](Index first, Index n) {
      for (Index i = first; i < first + n; ++i) {
        auto const r = eigen::row(x, i);
        auto out = eigen::row(dx, i);
        auto const d = eigen::row(dy, i);
        if constexpr (std::is_same_v<F, GeluFormula>) {
          T const norm = T(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
          out = d * (T(0.5) * (T(1) + (r * T(1 / std::numbers::sqrt2)).erf()) +
                     r * (T(-0.5) * r.square()).exp() * norm);
        } else if constexpr (std::is_same_v<F, QuickGeluFormula>) {
          auto const s = (T(1) + (T(-1.702) * r).exp()).inverse();
          out = d * s * (T(1) + T(1.702) * r * (T(1) - s));
        } else {
          out = d * r.unaryExpr([](T v) { return F::slope(v); });
        }
      }
    });
  }

  void narrow(View<T const> x, View<bf16> y) const {
    rows(x.rows, x.cols, [&](Index first, Index n) {
      Reference<T>::narrow(x.middle_rows(first, n), y.middle_rows(first, n));
    });
  }
  void widen(View<bf16 const> x, View<T> y) const {
    rows(x.rows, x.cols, [&](Index first, Index n) {
      Reference<T>::widen(x.middle_rows(first, n), y.middle_rows(first, n));
    });
  }

  void row_max(View<T const> x, View<T> y) const {
    rows(x.rows, x.cols, [&](Index first, Index n) {
      for (Index i = first; i < first + n; ++i) y(i, 0) = eigen::row(x, i).maxCoeff();
    });
  }
  void scale_rows(View<T const> a, View<T const> x, View<T> y) const {
    rows(x.rows, x.cols, [&](Index first, Index n) {
      for (Index i = first; i < first + n; ++i) eigen::row(y, i) = a(i, 0) * eigen::row(x, i);
    });
  }
  void softmax(View<T const> x, View<T> y) const {
    rows(x.rows, x.cols * 8, [&](Index first, Index n) {
      for (Index i = first; i < first + n; ++i) {
        auto out = eigen::row(y, i);
        out = (eigen::row(x, i) - eigen::row(x, i).maxCoeff()).exp();
        out *= T(1) / out.sum();
      }
    });
  }
  void softmax_reverse(View<T const> dy, View<T const> y, View<T> dx) const {
    rows(y.rows, y.cols, [&](Index first, Index n) {
      for (Index i = first; i < first + n; ++i) {
        auto const d = eigen::row(dy, i), p = eigen::row(y, i);
        T const sum = (d * p).sum();
        eigen::row(dx, i) = p * (d - sum);
      }
    });
  }
  void scale_by(View<T const> a, Stream<T const> x, Stream<T> y) const {
    samples(y.batch, y.tokens * y.dim,
            [&](Index b) { eigen::map(y.sample(b)) = a(0, 0) * eigen::map(x.sample(b)); });
  }
  void add_scaled(View<T const> a, Stream<T const> x, Stream<T> y) const {
    samples(y.batch, y.tokens * y.dim,
            [&](Index b) { eigen::map(y.sample(b)) += a(0, 0) * eigen::map(x.sample(b)); });
  }
  void dot(Stream<T const> x, Stream<T const> y, View<T> a) const {
    T sum = T(0);
    for (Index b = 0; b < x.batch; ++b)
      sum += eigen::map(x.sample(b)).cwiseProduct(eigen::map(y.sample(b))).sum();
    a(0, 0) += sum;
  }

  [[nodiscard]] Index attention_scratch(Attention<T> const& a) const {
    return Heads<T, EigenHead<T>>{}.scratch(a, threads());
  }
  void attend(Attention<T> const& a, Stream<T> out, T* scratch) const {
    Heads<T, EigenHead<T>>{}.forward(*team_, a, out, scratch);
  }
  void attend_reverse(Attention<T> const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      T* scratch) const {
    Heads<T, EigenHead<T>>{}.reverse(*team_, a, d_out, g, scratch);
  }

 protected:
  static constexpr Index worth_a_task = 1 << 16;  // operations below which a thread is no help

  /// f(first, count) over rows, in chunks whose size depends on the shape alone.
  template <class F>
  void rows(Index n, Index work_per_row, F const& f) const {
    Index const small = n >= 2048 ? 256 : n >= 1024 ? 128 : 64;
    Index const chunk = std::max(small, worth_a_task / std::max<Index>(work_per_row, 1));
    Index const tasks = (n + chunk - 1) / chunk;
    team_->run(tasks, [&](Index t, int) { f(t * chunk, std::min(chunk, n - t * chunk)); });
  }
  template <class F>
  void samples(Index batch, Index work, F const& f) const {
    Index const chunk = std::max<Index>(1, worth_a_task / std::max<Index>(work, 1));
    team_->run((batch + chunk - 1) / chunk, [&](Index t, int) {
      for (Index b = t * chunk; b < std::min((t + 1) * chunk, batch); ++b) f(b);
    });
  }
  [[nodiscard]] Team& team() const { return *team_; }

 private:
  using Products = eigen::Products<T>;
  std::shared_ptr<Team> team_;
};

}  // namespace vlpt
