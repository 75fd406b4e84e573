#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/random.hpp"
#include "vlpt/io/dataset/dataset.hpp"

namespace vlpt::cli {

/// A colour that grey pictures are painted in.
struct Colour {
  char const* name;
  std::array<int, 3> rgb;
};

inline constexpr std::array<Colour, 10> colours{{{"red", {220, 40, 40}},
                                                 {"orange", {245, 140, 30}},
                                                 {"yellow", {250, 215, 50}},
                                                 {"green", {60, 160, 70}},
                                                 {"blue", {50, 110, 220}},
                                                 {"purple", {140, 70, 180}},
                                                 {"pink", {250, 130, 180}},
                                                 {"brown", {130, 85, 55}},
                                                 {"grey", {130, 130, 130}},
                                                 {"black", {35, 35, 35}}}};

/// A bright thing before a dark ground (grey) as a thing of this colour on white.
[[nodiscard]] inline io::Image painted(io::Image const& grey, Colour const& colour) {
  io::Image out;
  out.resize(grey.width, grey.height, 3);
  for (std::size_t i = 0; i < grey.pixels.size(); ++i)
    for (std::size_t c = 0; c < 3; ++c)
      out.pixels[3 * i + c] = static_cast<std::uint8_t>(
          (255 * (255 - grey.pixels[i]) + colour.rgb[c] * grey.pixels[i]) / 255);
  return out;
}

/// The pictures of a grey data set, each painted in a colour of its own, which is its class.
template <io::Dataset D>
class Coloured {
 public:
  explicit Coloured(D set, std::uint64_t seed = 1) : set_(std::move(set)), draws_{seed, 0} {
    for (Colour const& c : colours) class_names_.emplace_back(c.name);
  }
  [[nodiscard]] Index size() const { return set_.size(); }
  [[nodiscard]] Index label(Index i) const {
    return draws_.below(static_cast<std::uint64_t>(i), static_cast<Index>(colours.size()));
  }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return class_names_; }
  void image(Index i, io::Image& out) const {
    set_.image(i, out);
    out = painted(out, colours[static_cast<std::size_t>(label(i))]);
  }

 private:
  D set_;
  Random draws_;
  std::vector<std::string> class_names_;
};

}  // namespace vlpt::cli
