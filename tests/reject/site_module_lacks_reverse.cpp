// expect: backward_site
// A module that reads a site's input, without the reverse of that.
#include "vlpt/models/vision_tower.hpp"

struct OneWay {
  template <class T>
  using Params = vlpt::Empty;
  template <class T, class F>
  using Cache = vlpt::Empty;
  template <class F>
  static constexpr bool learns = false;
  template <class F>
  static constexpr bool keeps_branch = false;
  template <class F>
  static constexpr bool keeps_read = false;
  template <class F>
  static constexpr bool keeps_stream = false;
  template <class F, class P, class V>
  constexpr void visit(P&, V&) const {}
  template <class F, class B, class P, class T, class K>
  constexpr void forward_site(vlpt::Context<B>& c, P const&, vlpt::SiteInput<T> const& in,
                              vlpt::Stream<T> out, K&) const {
    c.backend.copy(in.branch, out);
  }
};

struct Irreversible {
  static constexpr std::string_view name = "irreversible";
  static constexpr vlpt::Site sites = vlpt::Site::block_out;
  [[nodiscard]] constexpr OneWay block_out(vlpt::LayerFacts const&) const { return {}; }
};

vlpt::VisionTower<vlpt::arch::ViT_B16, Irreversible> model;
