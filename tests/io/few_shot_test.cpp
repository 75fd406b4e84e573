#include "vlpt/io/dataset/few_shot.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "scratch.hpp"

using namespace vlpt;
using test::says;
using test::Scratch;

namespace {

struct Toy {
  std::vector<std::string> names{"a", "b", "c"};
  Index count = 60;
  [[nodiscard]] Index size() const { return count; }
  [[nodiscard]] Index label(Index i) const { return i * 7 % 3; }
  [[nodiscard]] std::vector<std::string> const& class_names() const { return names; }
  void image(Index, io::Image& out) const { out.resize(1, 1, 1); }
};
static_assert(io::Dataset<Toy>);
static_assert(!io::Dataset<int>);

}  // namespace

BOOST_AUTO_TEST_SUITE(few_shot)

BOOST_AUTO_TEST_CASE(k_of_each_class_by_seed) {
  Toy const data;
  auto const split = io::few_shot_split(data, 4, 11);
  BOOST_TEST(split.indices.size() == 12U);
  BOOST_TEST(std::set<Index>(split.indices.begin(), split.indices.end()).size() == 12U);
  for (std::size_t i = 0; i < 12; ++i)
    BOOST_TEST(data.label(split.indices[i]) == static_cast<Index>(i / 4));
  BOOST_TEST((io::few_shot_split(data, 4, 11) == split));
  BOOST_TEST((io::few_shot_split(data, 4, 12).indices != split.indices));
  // All classes alike would mean that the class does not enter the draw.
  std::set<Index> first;
  for (std::size_t i = 0; i < 4; ++i) first.insert(split.indices[i] / 3);
  std::set<Index> second;
  for (std::size_t i = 4; i < 8; ++i) second.insert(split.indices[i] / 3);
  BOOST_TEST((first != second));
  BOOST_TEST(io::few_shot_split(data, 20, 1).indices.size() == 60U);
}

BOOST_AUTO_TEST_CASE(too_few) {
  Toy data;
  data.names.push_back("lonely");
  BOOST_CHECK_EXCEPTION((void)io::few_shot_split(data, 1, 0), InputError,
                        says("lonely", "0 images; 1"));
  BOOST_CHECK_EXCEPTION((void)io::few_shot_split(Toy{}, 21, 0), InputError, says("a has 20"));
  BOOST_CHECK_THROW((void)io::few_shot_split(Toy{}, 0, 0), InputError);
}

BOOST_AUTO_TEST_CASE(to_json_and_back) {
  Scratch const s;
  Toy const data;
  auto const split = io::few_shot_split(data, 2, ~std::uint64_t{0});
  io::save_split(s / "split.json", split);
  BOOST_TEST((io::load_split(s / "split.json", data) == split));
  auto const refused = [&](auto change, char const* what) {
    auto bad = split;
    change(bad);
    io::save_split(s / "bad.json", bad);
    BOOST_CHECK_EXCEPTION((void)io::load_split(s / "bad.json", data), InputError,
                          says("bad.json", what));
  };
  refused([](auto& b) { b.class_names[0] = "z"; }, "other classes");
  refused([](auto& b) { b.indices[0] = 60; }, "index 60 is out of range");
  refused([](auto& b) { b.indices[0] = -1; }, "\"indices\" needs whole numbers from 0 on, not -1");
  refused([](auto& b) { b.indices[0] = b.indices[1]; }, "twice");
  refused([](auto& b) { b.shots = 3; }, "has 2 indices, expected 3");
  s.file("bad.json", "{\"seed\": 1}");
  BOOST_CHECK_EXCEPTION((void)io::load_split(s / "bad.json", data), InputError,
                        says("bad.json", "shots"));
  auto const bad_json = [&](char const* content, char const* what) {
    s.file("bad.json", content);
    BOOST_CHECK_EXCEPTION((void)io::load_split(s / "bad.json", data), InputError,
                          says("bad.json", what));
  };
  bad_json(R"({"seed":1,"shots":1.5,"class_names":["a","b","c"],"indices":[]})", "not 1.5");
  bad_json(R"({"seed":-1,"shots":1,"class_names":["a","b","c"],"indices":[]})", "not -1");
  bad_json(R"({"seed":1,"shots":1,"class_names":["a","b","c"],"indices":[0,true]})", "not true");
  bad_json(R"({"seed":1,"shots":1,"class_names":["a","b","c"],"indices":{"x":0}})", "a list");
  s.file("bad.json", "{");
  BOOST_CHECK_THROW((void)io::load_split(s / "bad.json", data), InputError);
  BOOST_CHECK_THROW(io::save_split(s / "no/split.json", split), RunError);
}

BOOST_AUTO_TEST_SUITE_END()
