// A policy of your own in about twenty lines (docs/write-your-own-policy.md quotes this file).
#include <vlpt/vlpt.hpp>

#include <iostream>

//! [policy]
// A bottleneck beside the MLP: x + mlp(norm(x)) + up(relu(down(norm(x)))).
struct Bottleneck {
  static constexpr std::string_view name = "bottleneck";
  static constexpr vlpt::Site sites = vlpt::Site::mlp_out;
  vlpt::Index width = 8;

  [[nodiscard]] constexpr auto mlp_out(vlpt::LayerFacts const& f) const {
    using vlpt::stage;
    return vlpt::BesideBranch{vlpt::Trainable{vlpt::Chain{
        stage<"down">(vlpt::Linear{.in = f.dim, .out = width}), stage<"relu">(vlpt::Relu{}),
        stage<"up">(vlpt::Linear{.in = width, .out = f.dim, .weight_init = vlpt::Init::zero()})}}};
  }
};
static_assert(vlpt::PromptPolicy<Bottleneck>);  // a site without its function fails here, by name
//! [policy]

//! [use]
struct Small : vlpt::arch::TinyViTMae {
  static constexpr vlpt::Index image = 8, dim = 16, depth = 3, heads = 2, hidden = 32;
};
using Model = vlpt::VisionTower<Small, Bottleneck>;
static_assert(Model::cost().trainable == 3 * (2 * 8 * 16 + 8 + 16));  // counted, not written down

int main() {
  vlpt::Net<Model, vlpt::Reference<double>> net{Model{{.classes = 4}}};
  for (auto const& p : net.parameters())
    if (p.learns) std::cout << p.name << ' ' << p.shape << '\n';
  //! [use]

  //! [check]
  // Its gradients, against differences in double: the same test as the library's own policies.
  vlpt::Random const random{.seed = 7};
  std::span<double> const learnt = net.learnt();
  for (std::size_t i = 0; i < learnt.size(); ++i) learnt[i] = 0.1 * random.normal(i);
  vlpt::Tensor<double> images(vlpt::Shape{3, 1, 8, 8});
  for (vlpt::Index i = 0; i < images.size(); ++i)
    images[i] = random.normal(1000 + static_cast<std::uint64_t>(i));
  auto const report = vlpt::gradcheck(net, images);
  std::cout << report << '\n';
  return report.ok(1e-7) ? 0 : 1;
  //! [check]
}
