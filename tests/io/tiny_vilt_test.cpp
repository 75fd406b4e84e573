// The model in examples/models/tiny-vilt: its words and outputs are those of transformers
// (tests/reference/tiny_vilt.py), and a row that starts as [CLS] changes nothing.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind_folder.hpp"
#include "vlpt/io/start_first_row.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/models/single_stream.hpp"

using namespace vlpt;

namespace {

using Model = SingleStream<arch::TinyViLT>;
using ViltNet = Net<Model, Cpu<double>>;

std::filesystem::path const root = VLPT_SOURCE_DIR;
auto const folder = root / "examples/models/tiny-vilt";

/// The reference's formula.
std::vector<double> picture(Index i, Index side) {
  std::vector<double> out;
  for (Index c = 0; c < 3; ++c)
    for (Index y = 0; y < side; ++y)
      for (Index x = 0; x < side; ++x) {
        Index const v = ((x * (3 + i) + y * (7 - i) + c * 60 + i * 31) * (1 + i % 2)) % 256;
        out.push_back(static_cast<double>(v) / 127.5 - 1);
      }
  return out;
}

ViltNet net_of(io::ModelFolder const& from, bool replaces_first) {
  ViltNet net(Model{{.replaces_first = replaces_first}});
  (void)io::bind(net, from);
  return net;
}

/// The pooled row of text and picture i.
Tensor<double> pooled(ViltNet const& net, std::vector<Index> const& ids, Index i) {
  Index const side = net.model().facts.vision.image, n = static_cast<Index>(ids.size());
  auto const planes = picture(i, side);
  Tensor<double> out(Shape{1, net.model().output_width()});
  auto work = net.workspace(1);
  net.predict({1, n, ids.data(), nullptr, nullptr, {planes.data(), 1, 3 * side, side}}, out.view(),
              work);
  return out;
}

double largest_difference(Tensor<double> const& a, auto const& b) {
  double most = 0;
  for (Index i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b(i)));
  return most;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tiny_vilt)

BOOST_AUTO_TEST_CASE(words_and_pooled_rows_are_those_of_transformers) {
  auto const file = root / "tests/io/tiny_vilt.json";
  auto const said = io::parse_json(io::read_file(file), file.string());
  auto const from = io::ModelFolder::open(folder);
  auto const tokenizer = io::Tokenizer::open(folder);
  ViltNet const net = net_of(from, false);
  ViltNet started = net_of(from, true), drawn = net_of(from, true);
  io::start_first_row(started, tokenizer.start());
  BOOST_TEST(tokenizer.vocabulary() == net.model().facts.vocabulary);
  BOOST_TEST(said["texts"].size() == 4U);
  for (std::size_t i = 0; i < said["texts"].size(); ++i) {
    auto const at = static_cast<Index>(i);
    auto const ids = tokenizer.encode(said["texts"][i].get<std::string>(), 24).ids;
    BOOST_TEST(ids == said["ids"][i].get<std::vector<Index>>(), boost::test_tools::per_element());
    auto const got = pooled(net, ids, at);
    auto const& wanted = said["pooled"][i];
    BOOST_TEST(largest_difference(got, [&](Index k) {
                 return wanted[static_cast<std::size_t>(k)].get<double>();
               }) < 2e-6);
    // The first word is always [CLS]: a row that starts as it gives what the word itself gives.
    auto const same = [&](Index k) { return got[k]; };
    BOOST_TEST(largest_difference(pooled(started, ids, at), same) < 1e-10);
    BOOST_TEST(largest_difference(pooled(drawn, ids, at), same) > 1e-3);
  }
  BOOST_CHECK_THROW(io::start_first_row(started, 129), InputError);
}

BOOST_AUTO_TEST_SUITE_END()
