#include "vlpt/io/bind_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "scratch.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/models/vision_tower.hpp"

using namespace vlpt;
using test::says;

namespace {

using Model = VisionTower<arch::Dynamic<AnyGelu>>;
using NetType = Net<Model, Reference<double>>;

std::filesystem::path fixture(std::string const& name) {
  return std::filesystem::path(VLPT_SOURCE_DIR) / "tests/conformance/fixtures" / name;
}
NetType net_of(VisionFacts const& facts) { return NetType(Model({.facts = facts})); }

}  // namespace

BOOST_AUTO_TEST_SUITE(bind_folder)

BOOST_AUTO_TEST_CASE(the_image_tower_of_a_dual_encoder_is_a_model_of_its_own) {
  auto const folder = io::ModelFolder::open(fixture("clip_hf") / "model", {.image_tower = true});
  auto net = net_of(folder.vision().facts);
  auto const report = io::bind(net, folder);
  BOOST_TEST(report.ignored.size() == 38U);  // the words' half, and the scale
  auto const expected = io::Safetensors::open(fixture("clip_hf") / "expected.safetensors");
  auto const want = expected.read<double>("image_features");
  auto const got = std::as_const(net)(expected.read<double>("input.images"));
  for (Index i = 0; i < want.size(); ++i) BOOST_TEST(std::abs(got[i] - want[i]) < 1e-12);
  BOOST_CHECK_EXCEPTION(
      (void)io::ModelFolder::open(fixture("vit_hf") / "model", {.image_tower = true}), InputError,
      says("a vision transformer", "a dual encoder is needed"));
}

BOOST_AUTO_TEST_CASE(every_fact_that_differs_is_named) {
  auto const folder = io::ModelFolder::open(fixture("vit_hf") / "model");
  VisionFacts facts = folder.vision().facts;
  facts.depth = 3, facts.eps = 1e-6, facts.gelu = GeluKind::quick;
  auto net = net_of(facts);
  BOOST_CHECK_EXCEPTION((void)io::bind(net, folder), InputError,
                        says("depth: the file has 2, the model (arch dynamic) has 3",
                             "eps: the file has 1e-12, the model (arch dynamic) has 1e-06",
                             "activation: the file has gelu", "{.facts = ...}"));
  auto const clip = io::ModelFolder::open(fixture("clip_hf") / "model");
  BOOST_CHECK_EXCEPTION((void)io::bind(net, clip), InputError,
                        says("a dual encoder", "a vision transformer is needed"));
}

BOOST_AUTO_TEST_CASE(positions_are_interpolated_only_where_that_was_asked_for) {
  auto folder = io::ModelFolder::open(fixture("vit_hf") / "model");
  VisionFacts facts = folder.vision().facts;
  facts.image = 20;
  auto net = net_of(facts);
  BOOST_CHECK_EXCEPTION((void)io::bind(net, folder.checkpoint, folder.naming), CheckpointError,
                        says("embed.positions", "3 x 3 patches", "5 x 5 patches", "{.image = "));
  auto const larger = io::ModelFolder::open(fixture("vit_hf") / "model", {.image = 20});
  BOOST_TEST(io::bind(net, larger).loaded == net.parameters().size());
}

BOOST_AUTO_TEST_CASE(a_head_is_read_where_that_was_asked_for) {
  auto const folder = io::ModelFolder::open(fixture("vit_hf") / "model");
  NetType net(Model({.facts = folder.vision().facts, .classes = 5}));
  auto const head = [&net] {
    for (auto const& r : net.parameters())
      if (r.name == "head.bias") return r.values.data[3];
    return 0.0;
  };
  double const drawn = head();
  (void)io::bind(net, folder);
  BOOST_TEST(head() == drawn);
  (void)io::bind(net, folder, io::Head::read);
  BOOST_TEST(head() == folder.checkpoint.read<double>("classifier.bias")[3]);
  NetType six(Model({.facts = folder.vision().facts, .classes = 6}));
  BOOST_CHECK_EXCEPTION((void)io::bind(six, folder, io::Head::read), CheckpointError,
                        says("head.weight: file (5, 24), model (6, 24)"));
}

BOOST_AUTO_TEST_SUITE_END()
