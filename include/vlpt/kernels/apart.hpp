#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "vlpt/core/view.hpp"

namespace vlpt {

/// A backend whose memory the host can not read: bring(here, there) copies bytes of the host to an
/// address of its own, fetch(there, here) the other way. Both in the order of what it was asked
/// before; when they return, `here` may be written, or read.
template <class B>
concept KeepsApart = requires(B const b, std::span<std::byte const> from, std::byte* there,
                              std::byte const* back, std::span<std::byte> to) {
  b.bring(from, there);
  b.fetch(back, to);
};

/// Values of the host to an address of a backend.
template <class B, class U>
constexpr void bring(B const& backend, std::span<U const> here, U* there) {
  if constexpr (KeepsApart<B>)
    backend.bring(std::as_bytes(here), reinterpret_cast<std::byte*>(there));
  else
    std::copy(here.begin(), here.end(), there);
}
/// Values at an address of a backend to the host.
template <class B, class U>
constexpr void fetch(B const& backend, U const* there, std::span<U> here) {
  if constexpr (KeepsApart<B>)
    backend.fetch(reinterpret_cast<std::byte const*>(there), std::as_writable_bytes(here));
  else
    std::copy_n(there, here.size(), here.begin());
}
/// The same as a vector of their own.
template <class B, class U>
[[nodiscard]] std::vector<std::remove_const_t<U>> fetched(B const& backend, std::span<U> there) {
  std::vector<std::remove_const_t<U>> here(there.size());
  fetch(backend, static_cast<std::remove_const_t<U> const*>(there.data()), std::span(here));
  return here;
}
/// A matrix of a backend to one of the host; rows of either may have gaps between them.
template <class B, class U>
void fetch(B const& backend, View<U const> there, View<U> here) {
  auto const count = [](Index n) { return static_cast<std::size_t>(n); };
  if (here.contiguous() && there.contiguous())
    fetch(backend, there.data, std::span<U>(here.data, count(here.size())));
  else
    for (Index r = 0; r < here.rows; ++r)
      fetch(backend, there.row(r), std::span<U>(here.row(r), count(here.cols)));
}
template <class B, class U>
void fetch(B const& backend, Stream<U const> there, Stream<U> here) {
  if (there.dense() && here.dense()) return fetch(backend, there.flat(), here.flat());
  for (Index b = 0; b < here.batch; ++b) fetch(backend, there.sample(b), here.sample(b));
}

}  // namespace vlpt
