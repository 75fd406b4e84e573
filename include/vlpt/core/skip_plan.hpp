#pragma once
#include <array>
#include <charconv>
#include <initializer_list>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/index.hpp"

namespace vlpt {

/// Which layers of a stack are skipped: a set of indices below `depth`. A literal value, so that a
/// constexpr policy can hold it. Where a model has two stacks the indices run on from one to the
/// other (METER: 0-5 text, 6-11 image). Its text form, read and written: 4,5,10,11.
/// Throws InputError for an index past the depth and for the same layer twice.
class SkipPlan {
 public:
  static constexpr Index max_depth = 128;

  constexpr SkipPlan() = default;
  constexpr explicit SkipPlan(Index depth, std::span<Index const> layers = {}) : depth_(depth) {
    VLPT_CHECK(depth >= 0 && depth <= max_depth, "a skip plan is for a model of at most ",
               max_depth, " layers, got ", depth);
    for (Index l : layers) skip(l);
  }
  constexpr SkipPlan(Index depth, std::initializer_list<Index> layers)
      : SkipPlan(depth, std::span<Index const>(layers.begin(), layers.size())) {}

  /// From the text form; "" skips nothing.
  [[nodiscard]] static SkipPlan parse(Index depth, std::string_view layers) {
    SkipPlan plan(depth);
    char const *at = layers.data(), *const end = at + layers.size();
    for (bool more = !layers.empty(); more;) {
      Index layer = 0;
      auto const [stop, error] = std::from_chars(at, end, layer);
      VLPT_CHECK(error == std::errc{} && (stop == end || *stop == ','),
                 "layers to skip are numbers with commas between, such as 4,5,10,11; found \"",
                 layers, '"');
      plan.skip(layer);
      more = stop != end;
      at = more ? stop + 1 : end;
    }
    return plan;
  }

  [[nodiscard]] constexpr Index depth() const { return depth_; }
  /// How many layers are skipped.
  [[nodiscard]] constexpr Index size() const { return size_; }
  [[nodiscard]] constexpr bool skips(Index layer) const {
    return layer >= 0 && layer < depth_ && skipped_[static_cast<std::size_t>(layer)];
  }
  /// The skipped layers, smallest first.
  [[nodiscard]] constexpr std::vector<Index> layers() const {
    std::vector<Index> all;
    for (Index l = 0; l < depth_; ++l)
      if (skips(l)) all.push_back(l);
    return all;
  }
  constexpr bool operator==(SkipPlan const&) const = default;

  friend std::ostream& operator<<(std::ostream& out, SkipPlan const& plan) {
    char const* comma = "";
    for (Index l : plan.layers()) out << comma << l, comma = ",";
    return out;
  }

 private:
  constexpr void skip(Index layer) {
    VLPT_CHECK(layer >= 0 && layer < depth_, "layer ", layer, " cannot be skipped: the model has ",
               depth_, " layers, counted from 0");
    bool& skipped = skipped_[static_cast<std::size_t>(layer)];
    VLPT_CHECK(!skipped, "layer ", layer, " is skipped twice; name every layer once");
    skipped = true, ++size_;
  }

  Index depth_ = 0, size_ = 0;
  std::array<bool, max_depth> skipped_{};
};

/// "layer 2", "layers 4,5", "no layers": a plan inside a sentence.
[[nodiscard]] inline std::string layers_of(SkipPlan const& plan) {
  if (plan.size() == 0) return "no layers";
  return text(plan.size() == 1 ? "layer " : "layers ", plan);
}

}  // namespace vlpt
