// Backbones that read texts are bound to files under their families' names: all that was
// pre-trained, what a policy goes on tuning (pooler, tables) included.
#include <boost/test/unit_test.hpp>

#include "fixture_copy.hpp"
#include "models/tiny_dual.hpp"
#include "models/tiny_stream.hpp"
#include "models/tiny_two_stream.hpp"
#include "scratch.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/naming/clip.hpp"
#include "vlpt/io/naming/meter.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/io/save_named.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

using namespace vlpt;

namespace {

template <class Model, class Change>
auto net_of(std::uint64_t seed, Change const& change) {
  typename Model::Settings s;
  change(s);
  return Net<Model, Reference<double>>{Model(s), {.seed = seed}};
}
/// A net's tensors, less some, in a file under a family's names.
template <class N>
io::Checkpoint file_of(test::Scratch const& scratch, N const& net, io::Naming const& naming,
                       Index channels, std::vector<std::string> const& less = {}) {
  std::vector<io::NamedTensor<double>> tensors;
  for (auto const& p : net.parameters())
    if (!p.name.starts_with("head.") && std::find(less.begin(), less.end(), p.name) == less.end())
      tensors.push_back(
          {p.name, Tensor<double>(p.shape, {p.values.data, p.values.data + p.shape.size()})});
  io::save_named(scratch / "x", tensors, naming, channels, io::Dtype::F64);
  return io::open_checkpoint(scratch / "x");
}
/// Every tensor of `net` that `from` has, but for its head, is the same.
template <class N, class From>
void check_same(N const& net, From const& from, std::vector<std::string> const& less = {}) {
  Index found = 0;
  for (auto const& p : net.parameters())
    for (auto const& q : from.parameters())
      if (p.name == q.name && !p.name.starts_with("head.") &&
          std::find(less.begin(), less.end(), p.name) == less.end()) {
        BOOST_TEST(std::equal(p.values.data, p.values.data + p.shape.size(), q.values.data),
                   p.name);
        ++found;
      }
  BOOST_TEST(found > 10);
}
std::vector<std::string> const fresh{"embed.first_row"};  // no file of a backbone has it
template <class Prompt = prompt::None, class Skip = skip::Dense>
using Stream1 = SingleStream<test::TinyStream, Prompt, Skip>;
template <class Prompt = prompt::None, class Skip = skip::Dense>
using Stream2 = TwoStream<test::TinyMeter, Prompt, Skip>;

}  // namespace

BOOST_AUTO_TEST_SUITE(stream_bind)

BOOST_AUTO_TEST_CASE(a_single_stream) {
  auto const headed = [](auto& s) { s.classes = 3; };
  auto const from = net_of<Stream1<>>(1, headed);
  for (auto const& naming : {io::naming::vilt(), io::naming::vilt_hf()}) {
    test::Scratch const scratch;
    auto const file = file_of(scratch, from, naming, 2, fresh);
    auto tuned = net_of<Stream1<prompt::Deep<2>>>(2, headed);
    io::bind(tuned, file, naming);
    check_same(tuned, from, fresh);
    auto skipping = net_of<Stream1<prompt::Deep<2>, skip::AdapterSkip<2, 3, 1>>>(2, headed);
    auto const report = io::bind(skipping, file, naming);
    check_same(skipping, from, fresh);
    BOOST_TEST(!report.ignored.empty());
  }
}

// NLVR2 adds the modality of a second image, which starts as that of the first, as in ViLT's code.
BOOST_AUTO_TEST_CASE(a_second_image_starts_as_the_first) {
  auto const from = net_of<Stream1<>>(1, [](auto&) {});
  test::Scratch const scratch;
  auto const file = file_of(scratch, from, io::naming::vilt(), 2, fresh);
  auto pairs = net_of<Stream1<>>(2, [](auto& s) { s.images = 2, s.classes = 2; });
  io::bind(pairs, file, io::naming::vilt());
  Index found = 0;
  for (auto const& p : pairs.parameters())
    for (auto const& q : from.parameters())
      if (p.name == "embed.types" && q.name == p.name) {
        BOOST_TEST(p.shape == (Shape{3, 8}));
        BOOST_TEST(std::equal(q.values.data, q.values.data + 16, p.values.data));
        BOOST_TEST(std::equal(q.values.data + 8, q.values.data + 16, p.values.data + 16));
        ++found;
      }
  BOOST_TEST(found == 1);
}

// A file that was tuned has the row that replaces the first word; a pooler must be there.
BOOST_AUTO_TEST_CASE(what_a_policy_tunes_on_is_read_where_it_is_and_missed_where_it_must_be) {
  auto const from = net_of<Stream1<>>(1, [](auto&) {});
  auto net = net_of<Stream1<>>(2, [](auto&) {});
  test::Scratch const whole, less;
  io::bind(net, file_of(whole, from, io::naming::vilt(), 2), io::naming::vilt());
  check_same(net, from);
  BOOST_CHECK_EXCEPTION(
      io::bind(net, file_of(less, from, io::naming::vilt(), 2, {"pooler.dense.bias"}),
               io::naming::vilt()),
      CheckpointError, test::says("missing: pooler.dense.bias"));
}

BOOST_AUTO_TEST_CASE(two_streams) {
  auto const headed = [](auto& s) { s.classes = 3; };
  auto const from = net_of<Stream2<>>(1, headed);
  auto const naming = io::naming::meter(test::TinyMeter::depth);
  test::Scratch const scratch;
  auto const file = file_of(scratch, from, naming, 2, fresh);
  auto tuned = net_of<Stream2<prompt::Deep<2>>>(2, headed);
  io::bind(tuned, file, naming);
  check_same(tuned, from, fresh);
  auto skipping = net_of<Stream2<prompt::Deep<2>, skip::AdapterSkip<2, 3, 0, 3>>>(2, headed);
  BOOST_TEST(!io::bind(skipping, file, naming).ignored.empty());
  check_same(skipping, from, fresh);
}

BOOST_AUTO_TEST_CASE(a_dual_encoder_that_skips_a_layer_of_each_tower) {
  auto const from = net_of<test::Dual<prompt::None, learn::Policy>>(1, [](auto&) {});
  for (auto const& naming : {io::naming::clip_openai(), io::naming::clip_hf()}) {
    test::Scratch const scratch;
    auto const file = file_of(scratch, from, naming, 2);
    using Model =
        test::Dual<prompt::Deep<2>, learn::Policy, rows::Live, skip::AdapterSkip<2, 3, 1, 2>>;
    auto skipping = net_of<Model>(2, [](auto&) {});
    io::bind(skipping, file, naming);
    check_same(skipping, from);
  }
}

// The weights are the same and fit, but other patches would be read, or a text at another word.
BOOST_AUTO_TEST_CASE(a_net_that_reads_other_patches_or_ends_texts_elsewhere_is_refused) {
  auto const vilt = test::open("vilt_hf");
  SingleStreamFacts stream = vilt.as<io::SingleStreamFamily>().facts;
  auto const bind_stream = [&] {
    auto net = net_of<Stream1<>>(1, [&](auto& s) { s.facts = stream; });
    return io::bind(net, vilt).loaded;
  };
  BOOST_TEST(bind_stream() > 10U);
  stream.max_patches = 7;
  BOOST_CHECK_EXCEPTION(
      (void)bind_stream(), InputError,
      test::says("max_patches: the file has 36, the model (arch tiny-stream) has 7"));
  auto const clip = test::open("clip_hf");
  auto const bind_dual = [&](Index end) {
    auto net = net_of<test::Dual<prompt::None, learn::Policy>>(1, [&](auto& s) {
      s.facts = clip.dual().facts, s.text = clip.dual().text, s.text.end = end, s.texts = {};
    });
    return io::bind(net, clip).loaded;
  };
  BOOST_TEST(bind_dual(TextTowerFacts::largest) > 10U);
  BOOST_CHECK_EXCEPTION((void)bind_dual(57), InputError,
                        test::says("text_end: the file has the largest word, the model", "57"));
}

BOOST_AUTO_TEST_SUITE_END()
