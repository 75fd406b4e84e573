#include <boost/test/unit_test.hpp>
#include <fstream>

#include "scratch.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/bind_packed.hpp"
#include "vlpt/io/fingerprint.hpp"
#include "vlpt/io/read_file.hpp"
#include "vlpt/io/write_packed.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/models/vision_tower.hpp"

using namespace vlpt;
using test::says;
using test::Scratch;

namespace {

using Model = VisionTower<arch::Dynamic<AnyGelu>>;
template <class Weight>
using NetOf = Net<Model, PackedCpu<Weight>>;

io::ModelFolder folder() {
  return io::ModelFolder::open(std::filesystem::path(VLPT_SOURCE_DIR) /
                               "tests/conformance/fixtures/vit_hf/model");
}
template <class Weight>
NetOf<Weight> net_of(VisionFacts const& facts) {
  return NetOf<Weight>(Model({.facts = facts}), {.draw = Draw::learnt});
}
template <class Weight>
NetOf<Weight> bound() {
  auto net = net_of<Weight>(folder().vision().facts);
  (void)io::bind(net, folder());
  return net;
}
template <class N>
std::vector<float> answer(N const& net) {
  auto const& f = net.model().facts;
  Tensor<float> images(Shape{2, f.channels, f.image, f.image});
  for (Index i = 0; i < images.size(); ++i) images[i] = static_cast<float>(i % 17) / 17;
  return net(images).values;
}
bool packs() { return PackedCpu<float>(1).holds(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(packed_file)

BOOST_AUTO_TEST_CASE(a_net_answers_from_the_file_as_from_the_weights) {
  if (!packs()) return;
  Scratch const scratch;
  auto const from = folder();
  auto const first = bound<float>();
  io::write_packed(scratch / "packed", first, from.checkpoint, io::fingerprint(from.checkpoint));
  auto const file = io::PackedFile::open(scratch / "packed");
  BOOST_TEST(file.fingerprint() == io::fingerprint(from.checkpoint));
  BOOST_CHECK(file.sources() == io::PackedSource::of(from.checkpoint));
  auto second = net_of<float>(from.vision().facts);
  io::bind_packed(second, file);
  BOOST_TEST(answer(second) == answer(first), boost::test_tools::per_element());
  // What is laid out plainly again is what was loaded.
  BOOST_TEST(second.parameters().size() == first.parameters().size());
  auto const want = first.parameters(), got = second.parameters();
  for (std::size_t i = 0; i < want.size(); ++i)
    for (Index j = 0; j < want[i].shape.size(); ++j)
      BOOST_REQUIRE(got[i].values.data[j] == want[i].values.data[j]);
  BOOST_TEST(answer(second) == answer(first), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_format_has_its_files) {
  if (!packs()) return;
  Scratch const scratch;
  auto const from = folder();
  auto const check = [&]<class Weight>(Weight) {
    auto const first = bound<Weight>();
    io::write_packed(scratch / "packed", first, from.checkpoint, "");
    auto second = net_of<Weight>(from.vision().facts);
    io::bind_packed(second, io::PackedFile::open(scratch / "packed"));
    BOOST_TEST(answer(second) == answer(first), boost::test_tools::per_element());
  };
  check(bf16{}), check(std::int8_t{});
  auto other = net_of<float>(from.vision().facts);
  BOOST_CHECK_EXCEPTION(io::bind_packed(other, io::PackedFile::open(scratch / "packed")),
                        InputError, says("panels of 48, int8", "panels of 48, float"));
}

BOOST_AUTO_TEST_CASE(another_model_is_refused_and_named) {
  if (!packs()) return;
  Scratch const scratch;
  io::write_packed(scratch / "packed", bound<float>(), folder().checkpoint, "");
  VisionFacts facts = folder().vision().facts;
  facts.hidden += 4, facts.depth += 1;
  auto other = net_of<float>(facts);
  BOOST_CHECK_EXCEPTION(
      io::bind_packed(other, io::PackedFile::open(scratch / "packed")), CheckpointError,
      says("layers.0.mlp.fc1.weight: the file has", "layers.2.norm1.weight is missing"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_cut_or_changed_is_refused) {
  if (!packs()) return;
  Scratch const scratch;
  io::write_packed(scratch / "packed", bound<float>(), folder().checkpoint, "");
  std::string const whole = io::read_file(scratch / "packed");
  for (std::size_t const length : {std::size_t{0}, std::size_t{7}, std::size_t{15},
                                   std::size_t{300}, whole.size() / 2, whole.size() - 1})
    BOOST_CHECK_THROW((void)io::PackedFile::open(scratch.file("cut", whole.substr(0, length))),
                      Error);
  std::string later = whole;
  auto const at = later.find("\"version\":1");
  BOOST_REQUIRE(at != std::string::npos);
  later[at + 10] = '2';
  BOOST_CHECK_EXCEPTION((void)io::PackedFile::open(scratch.file("later", later)), CheckpointError,
                        says("version 2", "vlpt pack"));
  std::string odd = whole;
  auto const name = odd.find("\"layout\"");
  odd[name + 1] = 'L';
  BOOST_CHECK_EXCEPTION((void)io::PackedFile::open(scratch.file("odd", odd)), CheckpointError,
                        says("header", "broken"));
}

BOOST_AUTO_TEST_SUITE_END()
