#pragma once
#include <cmath>
#include <cstdint>

#include "vlpt/core/bf16.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/kernels/cuda/element_laws.cuh"
#include "vlpt/kernels/cuda/move_rows.cuh"
#include "vlpt/kernels/cuda/on_machine.hpp"
#include "vlpt/kernels/cuda/patches.cuh"
#include "vlpt/kernels/cuda/scatter_add.cuh"
#include "vlpt/kernels/cuda/update.cuh"

namespace vlpt::cuda {

/// The primitives whose elements do not depend on one another: a part of CudaPrimitives<T, M>.
template <class T, class M>
class ElementPrimitives : public OnMachine<T, M> {
  using Base = OnMachine<T, M>;
  using S = Sum<T>;

 public:
  using Base::Base;

  void fill(Stream<T> y, T value) const {
    this->map(Constant<S>(static_cast<S>(value)), {}, {}, y);
  }
  void copy(Stream<T const> x, Stream<T> y) const {
    this->map(Same<S>{}, this->repeated(x, y.batch), {}, y);
  }
  void add(Stream<T const> x, Stream<T> y) const {
    if (x.empty()) return;
    if (y.batch != 1 || x.batch <= 1)
      return this->map(Plus<S>{}, this->repeated(x, y.batch), {}, y);
    this->at_width(this->all_even(x, y), [&](auto n) {
      this->launch_each(AddSamples<T, decltype(n)::value>{x, y.sample(0)});
    });
  }
  void scale(S a, Stream<T> y) const { this->map(Times<S>(a), {}, {}, y); }
  void scale_by(View<T const> a, Stream<T const> x, Stream<T> y) const {
    this->map(TimesValue<T>(a.data), x, {}, y);
  }
  void add_scaled(View<T const> a, Stream<T const> x, Stream<T> y) const {
    this->map(PlusTimesValue<T>(a.data), x, {}, y);
  }
  void scale_rows(View<T const> a, View<T const> x, View<T> y) const {
    this->map(TimesOfRow<T>(a), this->whole(x), {}, this->whole(y));
  }
  void clear_outside(Index const* first, Index const* last, T value, View<T> y) const {
    this->map(Within<S>(first, last, static_cast<S>(value)), {}, {}, this->whole(y));
  }
  template <class F>
  void activate(View<T const> x, View<T> y) const {
    this->map(ValueOf<S, F>{}, this->whole(x), {}, this->whole(y));
  }
  template <class F>
  void activate_reverse(View<T const> dy, View<T const> x, View<T> dx) const {
    this->map(SlopeOf<S, F>{}, this->whole(dy), this->whole(x), this->whole(dx));
  }
  void dropout(Random random, double rate, Index all_rows, Index first_row, Stream<T const> x,
               Stream<T> y) const {
    auto const least_bits = static_cast<std::uint64_t>(std::ceil(rate * 0x1.0p53));
    S const keep = static_cast<S>(1.0 / (1.0 - rate));
    this->map(Dropped<S, Random>(random, least_bits, keep, all_rows, first_row, y.dim),
              this->repeated(x, y.batch), {}, y);
  }

  void gather(Stream<T const> x, Index const* index, Stream<T> y) const {
    Stream<T const> const from = this->repeated(x, y.batch);
    this->at_width(this->all_even(from, y), [&](auto n) {
      this->launch_each(Gather<T, decltype(n)::value>{from, index, y});
    });
  }
  void scatter_add(Stream<T const> x, Index const* index, Stream<T> y) const {
    if (x.empty()) return;
    this->at_width(this->all_even(x, y),
                   [&](auto n) { this->launch(ScatterAdd<T, decltype(n)::value>(x, index, y)); });
  }
  void mean_rows(Stream<T const> x, View<T> y) const {
    this->at_width(this->all_even(x, y), [&](auto n) {
      this->launch_each(MeanRows<T, decltype(n)::value>{x, y});
    });
  }
  void mean_rows_reverse(View<T const> dy, Stream<T> dx) const {
    Stream<T const> const from(dy.data, dx.batch, dx.tokens, dy.cols, dy.stride, 0);
    this->map(DividedBy<S>(static_cast<S>(dx.tokens)), from, {}, dx);
  }

  void patches(Stream<T const> images, Index channels, Index patch, Stream<T> y) const {
    this->at_width(patch % wide<T> == 0 && this->all_even(images, y), [&](auto n) {
      this->launch_each(Patches<T, decltype(n)::value>{grid(images, channels, patch), images, y});
    });
  }
  void patches_reverse(Stream<T const> dy, Index channels, Index patch, Stream<T> images) const {
    this->at_width(patch % wide<T> == 0 && this->all_even(images, dy), [&](auto n) {
      this->launch_each(
          PatchesReverse<T, decltype(n)::value>{grid(images, channels, patch), dy, images});
    });
  }

  void narrow(View<T const> x, View<bf16> y) const { convert(x, y); }
  void widen(View<bf16 const> x, View<T> y) const { convert(x, y); }

  // ---- laws of training -------------------------------------------------------------------
  /// law(v, g, m, s) for each element of v (1, n); all but v may be null.
  template <class Law>
  void update(Law const& law, View<T> v, View<S> master, View<T const> g, View<S> m,
              View<S> s) const {
    auto const fits = [](auto x) { return x.data == nullptr || Base::even(x); };
    this->at_width(Base::even(v) && fits(master) && fits(g) && fits(m) && fits(s), [&](auto n) {
      this->launch_each(Update<T, decltype(n)::value, Law>{law, v.cols, v.data, master.data, g.data,
                                                           m.data, s.data});
    });
  }
  /// y(j, i) = x(i, j).
  void turn(View<T const> x, View<T> y) const { this->launch_each(Turn<T>{x, y}); }

 private:
  template <class U>
  static PatchGrid grid(Stream<U> images, Index channels, Index patch) {
    return {channels, patch, images.dim / patch, images.tokens / channels / patch};
  }
  /// As many elements at a time as either side has in 16 bytes of floats or doubles.
  template <class From, class To>
  void convert(View<From const> x, View<To> y) const {
    constexpr Index n = wide<T>;
    bool const even_rows = x.cols % n == 0 && x.stride % n == 0 && y.stride % n == 0 &&
                           reinterpret_cast<std::uintptr_t>(x.data) % (n * sizeof(From)) == 0 &&
                           reinterpret_cast<std::uintptr_t>(y.data) % (n * sizeof(To)) == 0;
    this->at_width(even_rows, [&](auto w) {
      this->launch_each(Convert<From, To, decltype(w)::value>{x, y});
    });
  }
};

}  // namespace vlpt::cuda
