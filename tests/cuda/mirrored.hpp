#pragma once
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "vlpt/core/arena.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/kernels/attention.hpp"

namespace vlpt::test {

/// Memory of the host that a call reads or writes, and a copy of it in a backend's own: operands
/// that overlap do so there as well, at the same alignment, and between two margins that nobody may
/// write.
template <class B>
class Mirror {
  static constexpr std::size_t margin = 256;
  struct Block {
    std::byte* first;
    std::byte* last;
    bool written;
    typename B::Memory memory;
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(last - first); }
    [[nodiscard]] std::size_t start() const {
      return margin + reinterpret_cast<std::uintptr_t>(first) % margin;
    }
  };

 public:
  explicit Mirror(B const& backend) : backend_(backend) {}

  template <class U>
  void note(Stream<U> s) {
    if (s.data == nullptr || s.empty()) return;
    Index const n = (s.batch - 1) * s.batch_stride + (s.tokens - 1) * s.stride + s.dim;
    auto* const first = reinterpret_cast<std::byte*>(const_cast<std::remove_const_t<U>*>(s.data));
    Block block{first, first + static_cast<std::size_t>(n) * sizeof(U), !std::is_const_v<U>, {}};
    for (auto other = blocks_.begin(); other != blocks_.end();) {
      if (other->first >= block.last || block.first >= other->last) {
        ++other;
        continue;
      }
      block.first = std::min(block.first, other->first);
      block.last = std::max(block.last, other->last);
      block.written = block.written || other->written;
      other = blocks_.erase(other);
    }
    blocks_.push_back(std::move(block));
  }
  template <class U>
  void note(View<U> v) {
    note(Stream<U>(v, 1));
  }
  template <class T>
  void note(Attention<T> const& a) {
    note(a.query), note(a.key), note(a.value), note(a.extra_key), note(a.extra_value);
  }
  template <class T>
  void note(AttentionGradients<T> const& g) {
    note(g.query), note(g.key), note(g.value), note(g.extra_key), note(g.extra_value);
  }
  template <class Other>
  void note(Other const&) {}

  void bring() {
    for (Block& block : blocks_) {
      block.memory = typename B::Memory(block.start() + block.size() + margin);
      std::vector<std::byte> bytes(block.memory.size(), std::byte{0x5a});
      std::memcpy(bytes.data() + block.start(), block.first, block.size());
      backend_.bring(bytes, block.memory.data());
    }
  }
  void fetch() const {
    for (Block const& block : blocks_) {
      std::vector<std::byte> bytes(block.memory.size());
      backend_.fetch(block.memory.data(), bytes);
      std::size_t outside = 0;
      for (std::size_t i = 0; i < bytes.size(); ++i)
        if (i < block.start() || i >= block.start() + block.size())
          outside += bytes[i] != std::byte{0x5a};
      BOOST_TEST(outside == 0);
      auto const* const found = bytes.data() + block.start();
      if (block.written)
        std::memcpy(block.first, found, block.size());
      else
        BOOST_TEST(std::memcmp(block.first, found, block.size()) == 0);
    }
  }

  template <class U>
  [[nodiscard]] Stream<U> there(Stream<U> s) const {
    if (s.data == nullptr) return s;
    if (s.empty()) s.data = reinterpret_cast<U*>(nothing_.data());
    auto const* const here = reinterpret_cast<std::byte const*>(s.data);
    for (Block const& block : blocks_)
      if (here >= block.first && here < block.last)
        s.data = reinterpret_cast<U*>(block.memory.data() + block.start() + (here - block.first));
    return s;
  }
  template <class U>
  [[nodiscard]] View<U> there(View<U> v) const {
    v.data = there(Stream<U>(v, 1)).data;
    return v;
  }
  template <class T>
  [[nodiscard]] Attention<T> there(Attention<T> a) const {
    a.query = there(a.query), a.key = there(a.key), a.value = there(a.value);
    a.extra_key = there(a.extra_key), a.extra_value = there(a.extra_value);
    return a;
  }
  template <class T>
  [[nodiscard]] AttentionGradients<T> there(AttentionGradients<T> g) const {
    g.query = there(g.query), g.key = there(g.key), g.value = there(g.value);
    g.extra_key = there(g.extra_key), g.extra_value = there(g.extra_value);
    return g;
  }
  template <class Other>
  [[nodiscard]] Other there(Other const& other) const {
    return other;
  }

 private:
  B const& backend_;
  std::vector<Block> blocks_;
  typename B::Memory nothing_{margin};  // where operands without elements are
};

}  // namespace vlpt::test
