// A skipped layer's weights are neither allocated nor loaded, and stay in the file.
#include "vlpt/io/left_out.hpp"

#include <boost/test/unit_test.hpp>

#include "../train/tiny_run.hpp"
#include "scratch.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/vit_mae_hf.hpp"
#include "vlpt/io/save_named.hpp"
#include "vlpt/policies/prompt/none.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

namespace vlpt::io {
namespace {

template <Index Depth>
struct Deeper : vlpt::test::TinyArch {
  static constexpr bool qkv_bias = true;
  static constexpr Index depth = Depth;
};
template <Index Depth, class Skip = skip::Dense>
auto net_of(std::uint64_t seed) {
  using Model = VisionTower<Deeper<Depth>, prompt::None, Skip>;
  return Net<Model, Cpu<float>>{Model{{.classes = 3}}, {.seed = seed}, Cpu<float>(1)};
}

BOOST_AUTO_TEST_SUITE(left_out_layers)

BOOST_AUTO_TEST_CASE(numbers_are_whole_parts_of_a_name) {
  BOOST_TEST(numbered_part("layers.4.shortcut.up.weight") == "layers.4.");
  BOOST_TEST(numbered_part("text.layers.12.norm1.bias") == "text.layers.12.");
  for (char const* none : {"head.weight", "layers4.norm1", "layers.4", "", "a..b"})
    BOOST_TEST(numbered_part(none).empty(), none);
}

BOOST_AUTO_TEST_CASE(a_net_without_layers_is_bound_to_a_file_that_has_them) {
  auto dense = net_of<4>(1);
  std::vector<NamedTensor<float>> tensors;
  for (auto const& p : dense.parameters())
    if (!p.marked)
      tensors.push_back(
          {p.name, Tensor<float>(p.shape, {p.values.data, p.values.data + p.shape.size()})});
  for (auto const& naming : {naming::vit_mae_hf(), naming::timm()}) {
    test::Scratch const scratch;
    save_named(scratch / "x", tensors, naming, 1, Dtype::F32);
    auto const checkpoint = open_checkpoint(scratch / "x");
    auto net = net_of<4, skip::AdapterSkip<2, 3, 3, 1>>(2);
    BOOST_TEST((left_out(net.parameters()) == std::vector<std::string>{"layers.1.", "layers.3."}));
    auto const report = bind(net, checkpoint, naming);
    BOOST_TEST(report.loaded < tensors.size());
    for (std::string const& name : report.ignored)
      BOOST_TEST((name.find(".1.") != std::string::npos || name.find(".3.") != std::string::npos),
                 name);
    for (auto const& p : net.parameters())
      for (auto const& [name, tensor] : tensors)
        if (name == p.name)
          BOOST_TEST(std::equal(tensor.values.begin(), tensor.values.end(), p.values.data), name);
    // What no plan explains is still refused: a layer past the depth.
    auto shallow = net_of<3, skip::AdapterSkip<2, 3, 1>>(2);
    BOOST_CHECK_EXCEPTION(bind(shallow, checkpoint, naming), CheckpointError,
                          test::says("unexpected: "));
    auto whole = net_of<3>(2);
    BOOST_CHECK_EXCEPTION(bind(whole, checkpoint, naming), CheckpointError,
                          test::says("unexpected: "));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace vlpt::io
