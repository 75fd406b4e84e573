// expect: HasBackward
// A policy's module without a reverse.
#include "vlpt/models/vision_tower.hpp"

struct OneWay {
  template <class T>
  using Params = vlpt::Empty;
  template <class T, class F>
  using Cache = vlpt::Empty;
  template <class F>
  static constexpr bool learns = false;
  template <class F>
  static constexpr bool keeps_input = false;
  template <class F>
  static constexpr bool keeps_output = false;
  [[nodiscard]] constexpr vlpt::Index width(vlpt::Index in) const { return in; }
  template <class F, class P, class V>
  constexpr void visit(P&, V&) const {}
  template <class F, class B, class P, class T, class K>
  constexpr void forward(vlpt::Context<B>& c, P const&, vlpt::Stream<T const> x, vlpt::Stream<T> y,
                         K&) const {
    c.backend.copy(x, y);
  }
};

struct Irreversible {
  static constexpr std::string_view name = "irreversible";
  static constexpr vlpt::Site sites = vlpt::Site::attention_out;
  [[nodiscard]] constexpr OneWay attention_out(vlpt::LayerFacts const&) const { return {}; }
};

vlpt::VisionTower<vlpt::arch::ViT_B16, Irreversible> model;
