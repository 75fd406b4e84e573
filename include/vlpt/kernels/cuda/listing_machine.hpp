#pragma once
#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "vlpt/core/view.hpp"
#include "vlpt/kernels/cuda/known_lists.hpp"
#include "vlpt/kernels/cuda/list_arrays.hpp"
#include "vlpt/kernels/cuda/machine.hpp"

namespace vlpt::cuda {

/// A Machine that is asked through another one, M, and between begin() and end() gathers calls in a
/// list, which KnownLists runs: at the end, and before anything that the host reads or writes, so
/// that all happens in the order of the calls. Arrays of the host are copied when they are placed.
/// M is a Machine that also has bring, capture(list) and launch(graph). Without `lists` it is M.
template <class T, class M>
class ListingMachine {
 public:
  using Memory = typename M::Memory;
  static constexpr std::string_view name = M::name;

  ListingMachine(M machine, bool lists)
      : state_(std::make_unique<State>(std::move(machine), lists)) {}

  // ---- lists ----
  void begin() const {
    if (!state_->lists) return;
    throw_late();
    ++state_->depth;
  }
  void end() const {
    if (!state_->lists || --state_->depth > 0) return;
    run_list();
    throw_late();
  }
  /// The end of what an exception leaves: an error of the calls so far is thrown later.
  void break_off() const noexcept {
    if (!state_->lists) return;
    --state_->depth;
    try {
      run_list(false);
    } catch (...) {
      state_->late = std::current_exception();
    }
  }
  [[nodiscard]] KnownLists<M> const& known() const { return state_->known; }
  /// M, after it was asked for everything.
  [[nodiscard]] M const& direct() const {
    throw_late();
    run_list();
    return state_->machine;
  }

  // ---- what a Machine is asked for ----
  template <class K>
  void launch(K const& kernel) const {
    ask([kernel](M const& m) { m.launch(kernel); });
  }
  void linear(View<T const> x, View<T const> w, View<T const> b, View<T> y) const {
    ask([=](M const& m) { m.linear(x, w, b, y); });
  }
  void linear_add(View<T const> x, View<T const> w, View<T const> b, View<T const> r,
                  View<T> y) const {
    ask([=](M const& m) { m.linear_add(x, w, b, r, y); });
  }
  [[nodiscard]] bool ends_in_gelu(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                                  View<T> y) const requires EndsInGelu<M, T> {
    return state_->machine.ends_in_gelu(x, w, b, before, y);
  }
  void linear_gelu(View<T const> x, View<T const> w, View<T const> b, View<T> before,
                   View<T> y) const requires EndsInGelu<M, T> {
    ask([=](M const& m) { m.linear_gelu(x, w, b, before, y); });
  }
  void linear_input(View<T const> dy, View<T const> w, View<T> dx) const {
    ask([=](M const& m) { m.linear_input(dy, w, dx); });
  }
  void linear_weight(View<T const> dy, View<T const> x, View<T> dw) const {
    ask([=](M const& m) { m.linear_weight(dy, x, dw); });
  }
  [[nodiscard]] std::byte* workspace() const { return state_->machine.workspace(); }
  void bring(std::span<std::byte const> here, std::byte* there) const {
    direct().bring(here, there);
  }
  void fetch(std::byte const* there, std::span<std::byte> here) const {
    direct().fetch(there, here);
  }
  template <class U>
  [[nodiscard]] U const* place(U const* here, Index count) const {
    if (state_->depth == 0) return state_->machine.place(here, count);
    return state_->arrays.place(here, count);
  }

 private:
  struct State {
    State(M m, bool l) : machine(std::move(m)), lists(l) {}
    M machine;
    bool lists;
    int depth = 0;  // of begin() without its end()
    ListArrays<Memory> arrays;
    LaunchList<M> list;
    KnownLists<M> known;
    std::exception_ptr late;
  };
  struct Clear {
    State& state;
    ~Clear() { state.list.clear(), state.arrays.clear(); }
  };

  template <class F>
  void ask(F const& f) const {
    if (state_->depth == 0)
      f(std::as_const(state_->machine));
    else
      state_->list.append(f);
  }
  /// Runs what was gathered, as a list to be known again or not.
  void run_list(bool whole = true) const {
    State& s = *state_;
    if (s.list.count() == 0) return;
    Clear const clear{s};
    M const& machine = s.machine;
    s.arrays.bring([&](auto here, auto* there) { machine.bring(here, there); });
    if (whole)
      s.known.run(s.list, machine);
    else
      s.list.run(machine);
  }
  void throw_late() const {
    if (state_->late) std::rethrow_exception(std::exchange(state_->late, nullptr));
  }

  std::unique_ptr<State> state_;
};

}  // namespace vlpt::cuda
