#pragma once
#include "kernels/emulated_cuda.hpp"
#include "vlpt/kernels/list_scope.hpp"

namespace vlpt::test {

/// The emulated device as a backend that repeats lists, or that is asked call by call.
template <class T>
struct ListingCuda : EmulatedCuda<T> {
  explicit ListingCuda(bool lists = true)
      : EmulatedCuda<T>(cuda::HostMachine<T>(cuda::Order::backward, lists)) {}

  void bring(std::span<std::byte const> here, std::byte* there) const {
    this->machine().bring(here, there);
  }
  void fetch(std::byte const* there, std::span<std::byte> here) const {
    this->machine().fetch(there, here);
  }
  void begin_list() const { this->machine().begin(); }
  void end_list() const { this->machine().end(); }
  void break_list() const noexcept { this->machine().break_off(); }
};

}  // namespace vlpt::test
