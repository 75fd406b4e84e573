#pragma once
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/dry_run.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/kernels/update.hpp"

namespace vlpt::test {

/// Addresses of a memory that nobody but its backend can read: those of the host's, moved to where
/// no program has any.
struct Away {
  static constexpr std::uintptr_t distance = std::uintptr_t{1} << 60;

  template <class U>
  static U* there(U* p) {
    return p == nullptr ? nullptr
                        : reinterpret_cast<U*>(reinterpret_cast<std::uintptr_t>(p) + distance);
  }
  /// Throws RunError for an address that is the host's.
  template <class U>
  static U* here(U* p) {
    if (p == nullptr) return nullptr;
    auto const at = reinterpret_cast<std::uintptr_t>(p);
    if (at < distance) throw RunError("a primitive was given values of the host's memory");
    return reinterpret_cast<U*>(at - distance);
  }
  /// Throws RunError for an array that is not the host's.
  template <class U>
  static U const* host(U const* p) {
    if (reinterpret_cast<std::uintptr_t>(p) >= distance)
      throw RunError("a primitive was given an array that is not in the host's memory");
    return p;
  }
  template <class U>
  static View<U> here(View<U> v) {
    return {here(v.data), v.rows, v.cols, v.stride};
  }
  template <class U>
  static Stream<U> here(Stream<U> s) {
    return {here(s.data), s.batch, s.tokens, s.dim, s.batch_stride, s.stride};
  }
  template <class T>
  static Attention<T> here(Attention<T> a) {
    a.query = here(a.query), a.key = here(a.key), a.value = here(a.value);
    a.extra_key = here(a.extra_key), a.extra_value = here(a.extra_value);
    a.key_mask = host(a.key_mask), a.sets.counts = host(a.sets.counts);
    a.sets.tasks.task = host(a.sets.tasks.task);
    return a;
  }
  template <class T>
  static AttentionGradients<T> here(AttentionGradients<T> const& g) {
    return {here(g.query), here(g.key), here(g.value), here(g.extra_key), here(g.extra_value)};
  }
};

/// HostMemory behind such addresses.
class ApartMemory {
 public:
  ApartMemory() = default;
  explicit ApartMemory(std::size_t bytes) : memory_(bytes) {}
  [[nodiscard]] std::byte* data() const { return Away::there(memory_.data()); }
  [[nodiscard]] std::size_t size() const { return memory_.size(); }

 private:
  HostMemory memory_;
};

/// Backend B as one that keeps its memory apart: what runs on it runs on a device, as far as who
/// reads whose memory goes. A stray access of the host ends the program; a primitive that is given
/// the host's values throws.
template <class B>
class Apart : Away {
 public:
  using Scalar = typename B::Scalar;
  using Memory = ApartMemory;
  using T = Scalar;
  static constexpr std::string_view name = "apart";

  explicit Apart(B inner = B{}) : inner_(std::make_shared<B const>(std::move(inner))) {}

  void bring(std::span<std::byte const> from, std::byte* to) const {
    if (!from.empty()) std::memcpy(here(to), host(from.data()), from.size());
  }
  void fetch(std::byte const* from, std::span<std::byte> to) const {
    if (!to.empty()) std::memcpy(const_cast<std::byte*>(host(to.data())), here(from), to.size());
  }

  // ---- what trains beyond a model ----
  template <class Law>
  void update(Law const& law, View<T> v, View<Sum<T>> master, View<T const> g, View<Sum<T>> m,
              View<Sum<T>> s) const {
    vlpt::update(*inner_, law, row(here(v)), row(here(g)), row(here(m)), row(here(s)),
                 row(here(master)));
  }
  double squared_norm(View<T const> x) const { return vlpt::squared_norm(*inner_, row(here(x))); }
  void turn(View<T const> x, View<T> y) const { vlpt::turn(*inner_, here(x), here(y)); }

  // ---- primitives ----
  void fill(Stream<T> y, T a) const { run().fill(here(y), a); }
  void copy(Stream<T const> x, Stream<T> y) const { run().copy(here(x), here(y)); }
  void add(Stream<T const> x, Stream<T> y) const { run().add(here(x), here(y)); }
  void scale(Sum<T> a, Stream<T> y) const { run().scale(a, here(y)); }
  void gather(Stream<T const> x, Index const* i, Stream<T> y) const {
    run().gather(here(x), host(i), here(y));
  }
  void scatter_add(Stream<T const> x, Index const* i, Stream<T> y) const {
    run().scatter_add(here(x), host(i), here(y));
  }
  void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
    run().linear(here(x), here(w), here(b), here(y));
  }
  template <class F>
  void linear_activate(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                       View<T> y) const {
    run().template linear_activate<F>(here(x), here(w), here(b), here(before), here(y));
  }
  void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                  View<T> y) const {
    run().linear_add(here(x), here(w), here(b), here(r), here(y));
  }
  void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    run().linear_input(here(dy), here(w), here(dx));
  }
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw, View<T> db) const {
    run().linear_weight(here(dy), here(x), here(dw), here(db));
  }
  void layer_norm(View<T const> x, View<T const> gamma, View<T const> beta, double eps, View<T> y,
                  View<Sum<T>> stats) const {
    run().layer_norm(here(x), here(gamma), here(beta), eps, here(y), here(stats));
  }
  void layer_norm_reverse(View<T const> dy, View<T const> x, View<Sum<T> const> stats,
                          View<T const> gamma, View<T> dx, View<T> dgamma, View<T> dbeta) const {
    run().layer_norm_reverse(here(dy), here(x), here(stats), here(gamma), here(dx), here(dgamma),
                             here(dbeta));
  }
  template <class F>
  void activate(View<T const> x, View<T> y) const {
    run().template activate<F>(here(x), here(y));
  }
  template <class F>
  void activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const {
    run().template activate_reverse<F>(here(dy), here(x), here(dx));
  }
  void row_max(View<T const> x, View<T> y) const { run().row_max(here(x), here(y)); }
  void scale_rows(View<T const> a, View<T const> x, View<T> y) const {
    run().scale_rows(here(a), here(x), here(y));
  }
  void softmax(View<T const> x, View<T> y) const { run().softmax(here(x), here(y)); }
  void softmax_reverse(View<T const> dy, View<T const> y, View<T> dx) const {
    run().softmax_reverse(here(dy), here(y), here(dx));
  }
  void scale_by(View<T const> a, Stream<T const> x, Stream<T> y) const {
    run().scale_by(here(a), here(x), here(y));
  }
  void add_scaled(View<T const> a, Stream<T const> x, Stream<T> y) const {
    run().add_scaled(here(a), here(x), here(y));
  }
  void dot(Stream<T const> x, Stream<T const> y, View<T> a) const {
    run().dot(here(x), here(y), here(a));
  }
  [[nodiscard]] Index attention_scratch(Attention<T> const& a) const {
    return run().attention_scratch(a);
  }
  void attend(Attention<T> const& a, Stream<T> out, T* scratch) const {
    run().attend(here(a), here(out), here(scratch));
  }
  void attend_reverse(Attention<T> const& a, Stream<T const> d_out, AttentionGradients<T> const& g,
                      T* scratch) const {
    run().attend_reverse(here(a), here(d_out), here(g), here(scratch));
  }
  void mean_rows(Stream<T const> x, View<T> y) const { run().mean_rows(here(x), here(y)); }
  void mean_rows_reverse(View<T const> dy, Stream<T> dx) const {
    run().mean_rows_reverse(here(dy), here(dx));
  }
  void cross_entropy(View<T const> logits, Index const* labels, View<T const> weights,
                     View<T> d_logits, View<Sum<T>> loss) const {
    run().cross_entropy(here(logits), host(labels), here(weights), here(d_logits), here(loss));
  }
  void binary_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                            View<Sum<T>> loss) const {
    run().binary_cross_entropy(here(logits), here(targets), here(d_logits), here(loss));
  }
  void soft_cross_entropy(View<T const> logits, View<T const> targets, View<T> d_logits,
                          View<Sum<T>> loss) const {
    run().soft_cross_entropy(here(logits), here(targets), here(d_logits), here(loss));
  }
  void squared_error(Stream<T const> x, Stream<T const> target, Stream<T> dx,
                     View<Sum<T>> loss) const {
    run().squared_error(here(x), here(target), here(dx), here(loss));
  }
  void patches(Stream<T const> images, Index channels, Index patch, Stream<T> y) const {
    run().patches(here(images), channels, patch, here(y));
  }
  void patches_reverse(Stream<T const> dy, Index channels, Index patch, Stream<T> d_images) const {
    run().patches_reverse(here(dy), channels, patch, here(d_images));
  }
  void unit_rows(View<T const> x, View<T> y, View<T> lengths) const {
    run().unit_rows(here(x), here(y), here(lengths));
  }
  void unit_rows_reverse(View<T const> dy, View<T const> y, View<T const> lengths,
                         View<T> dx) const {
    run().unit_rows_reverse(here(dy), here(y), here(lengths), here(dx));
  }
  void clear_outside(Index const* first, Index const* last, T value, View<T> y) const {
    run().clear_outside(host(first), host(last), value, here(y));
  }
  void narrow(View<T const> x, View<bf16> y) const { run().narrow(here(x), here(y)); }
  void widen(View<bf16 const> x, View<T> y) const { run().widen(here(x), here(y)); }
  void dropout(Random random, double rate, Index all_rows, Index first_row, Stream<T const> x,
               Stream<T> y) const {
    run().dropout(random, rate, all_rows, first_row, here(x), here(y));
  }

 private:
  /// As a DryRun, because its kernels are compiled elsewhere.
  [[nodiscard]] DryRun<B> run() const { return DryRun<B>(*inner_, false); }
  template <class U>
  static std::span<U> row(View<U> v) {
    return {v.data, v.data == nullptr ? 0 : static_cast<std::size_t>(v.size())};
  }

  std::shared_ptr<B const> inner_;
};

}  // namespace vlpt::test
