#include "vlpt/ops/embed_words.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/kernels/reference.hpp"

using namespace vlpt;

namespace {

using Embed = EmbedWords<true>;

/// An embedding of 5 words, 4 positions and 2 segments in 3 columns, with memory to run in.
struct Setting {
  Embed const embed{.vocabulary = 5, .positions = 4, .segments = 2, .dim = 3, .eps = 1e-5};
  std::vector<double> values = std::vector<double>(39), slopes = std::vector<double>(39);
  Embed::Params<double> params{}, gradients{};
  std::vector<Index> ids{1, 4, 4, 0, 2, 2}, types{0, 1, 1, 0, 0, 1}, places{2, 3, 1, 2, 1, 1};
  std::vector<double> room = std::vector<double>(512), kept = std::vector<double>(512);

  Setting() {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = std::sin(1.7 * static_cast<double>(i * i + 1));
    PlaceParameters<double> place{nullptr, values.data()};
    embed.visit<Flow<learn::All>>(params, place);
    PlaceGradients<double> place_gradients{slopes.data()};
    embed.visit<Flow<learn::All>>(gradients, place_gradients);
  }
  static std::byte* bytes(std::vector<double>& v) {
    return static_cast<std::byte*>(static_cast<void*>(v.data()));
  }
  /// The tokens, and, where there is a cotangent, its reverse into `slopes`.
  std::vector<double> run(Words const& words, double const* cotangent = nullptr) {
    using F = Flow<learn::All>;
    std::vector<double> out(18);
    Arena tape(bytes(kept), 4096), scratch(bytes(room), 4096);
    Reference<double> const backend;
    Context<Reference<double>> c{backend, tape, scratch};
    Embed::Cache<double, F> k{};
    embed.forward<F>(c, params, words, Stream<double>(out.data(), 2, 3, 3), k);
    if (cotangent != nullptr)
      embed.backward<F>(c, params, k, Stream<double const>(cotangent, 2, 3, 3), gradients);
    return out;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(embed_words)

BOOST_AUTO_TEST_CASE(a_token_is_the_norm_of_word_segment_and_position) {
  Setting s;
  for (bool const given : {false, true}) {
    auto const out = s.run(
        {2, 3, s.ids.data(), given ? s.types.data() : nullptr, given ? s.places.data() : nullptr});
    for (Index i = 0; i < 6; ++i) {
      auto const n = static_cast<std::size_t>(i);
      double x[3], mean = 0, variance = 0;
      for (Index c = 0; c < 3; ++c) {
        x[c] = s.params.words(s.ids[n], c) + s.params.segments(given ? s.types[n] : 0, c) +
               s.params.positions(given ? s.places[n] : i % 3, c);
        mean += x[c] / 3;
      }
      for (double v : x) variance += (v - mean) * (v - mean) / 3;
      for (Index c = 0; c < 3; ++c) {
        double const want =
            (x[c] - mean) / std::sqrt(variance + 1e-5) * s.params.norm.weight(0, c) +
            s.params.norm.bias(0, c);
        BOOST_TEST(std::abs(out[3 * n + static_cast<std::size_t>(c)] - want) < 1e-12);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(its_reverse_is_the_slope_of_every_table) {
  Setting s;
  std::vector<double> cotangent(18);
  for (std::size_t i = 0; i < 18; ++i) cotangent[i] = std::cos(static_cast<double>(3 * i));
  for (bool const given : {false, true}) {
    Words const words{2, 3, s.ids.data(), given ? s.types.data() : nullptr,
                      given ? s.places.data() : nullptr};
    auto const loss = [&] {
      auto const out = s.run(words);
      double sum = 0;
      for (std::size_t i = 0; i < 18; ++i) sum += out[i] * cotangent[i];
      return sum;
    };
    std::fill(s.slopes.begin(), s.slopes.end(), 0.0);
    s.run(words, cotangent.data());
    for (std::size_t i = 0; i < s.values.size(); ++i) {
      double const at = s.values[i], step = 1e-6;
      s.values[i] = at + step;
      double const above = loss();
      s.values[i] = at - step;
      double const slope = (above - loss()) / (2 * step);
      s.values[i] = at;
      BOOST_TEST(std::abs(slope - s.slopes[i]) < 1e-7 * (1 + std::abs(slope)), "value " << i);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_segment_table_alone_learns_where_it_is_marked) {
  Embed::Params<float> p{};
  ListParameters<float> list;
  Embed{.vocabulary = 5, .positions = 4, .dim = 3}.visit<Flow<learn::Policy>>(p, list);
  for (auto const& r : list.records) BOOST_TEST(r.learns == (r.name == "segments"), r.name);
  BOOST_TEST(!EmbedWords<>::learns<Flow<learn::Policy>>);
}

BOOST_AUTO_TEST_CASE(numbers_outside_their_table_are_named) {
  Setting s;
  s.ids[4] = 5;
  auto const says = [](std::string const& what) {
    return [what](InputError const& e) {
      return std::string(e.what()).find(what) != std::string::npos;
    };
  };
  BOOST_CHECK_EXCEPTION(s.embed.check({2, 3, s.ids.data()}), InputError,
                        says("text 1, word 1: the word's number 5 is not one of 0 to 4"));
  s.ids[4] = 2, s.places[0] = 4;
  BOOST_CHECK_EXCEPTION(s.embed.check({2, 3, s.ids.data(), nullptr, s.places.data()}), InputError,
                        says("the position 4"));
  BOOST_CHECK_EXCEPTION(s.embed.check({1, 6, s.ids.data()}), InputError, says("6 words"));
  s.embed.check({2, 3, s.ids.data(), s.types.data()});
}

BOOST_AUTO_TEST_SUITE_END()
