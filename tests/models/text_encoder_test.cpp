// BERT's family as a model: padding, positions, poolings; policies and scopes with their slopes.
#include "vlpt/models/text_encoder.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "heap.hpp"
#include "models/tiny_text.hpp"
#include "vlpt/autodiff/gradcheck.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

using namespace vlpt;
using test::TextBatch;
using test::TinyText;

namespace {

template <class Prompt = prompt::None, class Skip = skip::Dense, class Learn = learn::Policy,
          class Rows = rows::Live>
using NetOf = Net<TextEncoder<TinyText, Prompt, Skip, Learn, Rows>, Reference<double>>;

template <class NetType, class Change>
NetType net_of(Change const& change) {
  typename NetType::ModelType::Settings s{};
  change(s);
  NetType net{typename NetType::ModelType(s)};
  test::randomise(net);
  return net;
}
template <class NetType>
std::vector<double> outputs(NetType const& net, Texts const& in) {
  Tensor<double> out(Shape{in.batch, net.model().output_width()});
  auto workspace = net.workspace(in.batch);
  net.predict(in, out.view(), workspace);
  return out.values;
}
double largest_difference(std::vector<double> const& a, std::vector<double> const& b) {
  BOOST_REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}
/// Outputs of a step with dropout, then every gradient.
template <class NetType>
std::vector<double> step(NetType& net, TextBatch const& batch) {
  auto const out = net.forward(batch.input(), 3);
  std::vector<double> all;
  for (Index i = 0; i < out.rows; ++i) all.insert(all.end(), out.row(i), out.row(i) + out.cols);
  auto const d_out = test::normal<double>(Shape{out.rows, out.cols}, 2);
  net.zero_gradients();
  net.backward(d_out.view());
  all.insert(all.end(), net.gradients().begin(), net.gradients().end());
  return all;
}
/// The slopes of everything that learns, for each pooling and kind of output; and the rows that
/// are read against all of them.
template <class Prompt, class Skip = skip::Dense, class Learn = learn::Policy>
void check_slopes() {
  TextBatch const batch;
  for (int const kind : {0, 1, 2}) {
    auto const change = [kind](auto& s) {
      s.facts.pool = kind == 0   ? TextPool::mean
                     : kind == 1 ? TextPool::pooler
                                 : TextPool::first_row;
      s.facts.unit_length = kind != 1;
      s.every_row = kind == 2, s.classes = kind == 2 ? 0 : 3;
      s.head_hidden = kind == 1 ? 6 : 0;
      s.dropout = kind == 0 ? 0 : 0.25;
    };
    using Live = NetOf<Prompt, Skip, Learn>;
    auto live = net_of<Live>(change);
    if (live.learnt().empty()) continue;
    GradReport const report = gradcheck(live, CheckedInput<Live>{batch.input(), {}, {}, {}});
    BOOST_TEST(report.ok(1e-7), "output " << kind << ": " << report);
    auto all = net_of<NetOf<Prompt, Skip, Learn, rows::All>>(change);
    BOOST_TEST(largest_difference(step(live, batch), step(all, batch)) < 1e-12);
  }
}
auto says(std::string const& what) {
  return [what](InputError const& e) {
    if (std::string(e.what()).find(what) != std::string::npos) return true;
    BOOST_TEST_MESSAGE(e.what());
    return false;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_encoder)

BOOST_AUTO_TEST_CASE(a_head_alone) { check_slopes<prompt::None>(); }
BOOST_AUTO_TEST_CASE(everything_learns) {
  check_slopes<prompt::Deep<2>, skip::AdapterSkip<2, 3, 1>, learn::All>();
}
BOOST_AUTO_TEST_CASE(prompts_before_the_first_layer) { check_slopes<prompt::Shallow<2>>(); }
BOOST_AUTO_TEST_CASE(prompts_of_every_layer) { check_slopes<prompt::Deep<2>>(); }
BOOST_AUTO_TEST_CASE(low_rank_changes) { check_slopes<prompt::Lora<2>>(); }

BOOST_AUTO_TEST_CASE(a_text_does_not_depend_on_the_others_nor_on_padding) {
  TextBatch const batch;
  for (TextPool const pool : {TextPool::pooler, TextPool::mean}) {
    auto const net = net_of<NetOf<prompt::Shallow<2>>>([&](auto& s) { s.facts.pool = pool; });
    auto const all = outputs(net, batch.input());
    for (std::size_t b : {0U, 1U}) {
      Texts one = batch.input();
      one.batch = 1, one.ids += 4 * b, one.mask += 4 * b, one.types += 4 * b;
      if (b == 1) one.words = 3, one.mask = nullptr;
      std::vector<double> const both(all.begin() + 8 * static_cast<std::ptrdiff_t>(b),
                                     all.begin() + 8 * static_cast<std::ptrdiff_t>(b + 1));
      BOOST_TEST(largest_difference(both, outputs(net, one)) < 1e-13);
    }
  }
}

BOOST_AUTO_TEST_CASE(positions_are_counted_over_words_or_taken_as_given) {
  auto const net = net_of<NetOf<>>([](auto&) {});
  TextBatch batch;
  batch.ids[2] = 1;  // padding in the middle: what follows stands one place earlier
  auto in = batch.input();
  auto const counted = outputs(net, in);
  std::vector<Index> const positions{2, 3, 1, 4, 2, 3, 4, 1};
  in.positions = positions.data();
  BOOST_TEST(largest_difference(counted, outputs(net, in)) == 0.0);
  std::vector<Index> const others{2, 3, 1, 5, 2, 3, 4, 1};
  in.positions = others.data();
  BOOST_TEST(largest_difference(counted, outputs(net, in)) > 1e-6);
}

BOOST_AUTO_TEST_CASE(rows_and_the_row_of_length_one) {
  auto const net = net_of<NetOf<>>([](auto& s) {
    s.facts.pool = TextPool::mean, s.facts.unit_length = true, s.every_row = true;
  });
  TextBatch const batch;
  auto const out = outputs(net, batch.input());
  for (std::size_t b : {0U, 1U}) {
    double mean[8]{}, length = 0;
    std::size_t const words = b == 0 ? 4 : 3;
    for (std::size_t w = 0; w < words; ++w)
      for (std::size_t i = 0; i < 8; ++i) mean[i] += out[40 * b + 8 * w + i];
    for (double x : mean) length += x * x;
    for (std::size_t i = 0; i < 8; ++i)
      BOOST_TEST(std::abs(out[40 * b + 32 + i] - mean[i] / std::sqrt(length)) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(later_steps_ask_for_no_heap) {
  auto net = net_of<NetOf<prompt::Deep<2>>>([](auto& s) { s.classes = 3; });
  TextBatch const batch;
  Tensor<double> const slope(Shape{2, 3}, 1.0);
  auto const again = [&] {
    (void)net.forward(batch.input());
    net.backward(slope.view());
  };
  again();
  auto const before = test::heap_allocations();
  again();
  BOOST_TEST(test::heap_allocations() == before);
}

BOOST_AUTO_TEST_CASE(inputs_and_facts_that_do_not_fit_are_named) {
  auto const net = net_of<NetOf<>>([](auto&) {});
  TextBatch batch;
  auto in = batch.input();
  in.words = 5;
  BOOST_CHECK_EXCEPTION(outputs(net, in), InputError, says("texts of 5 words do not fit"));
  batch.ids[5] = 9;
  BOOST_CHECK_EXCEPTION(outputs(net, batch.input()), InputError,
                        says("text 1, word 1: the word's number 9 is not one of 0 to 8"));
  batch = TextBatch();
  for (std::size_t i = 4; i < 8; ++i) batch.mask[i] = 0;
  BOOST_CHECK_EXCEPTION(outputs(net, batch.input()), InputError, says("text 1 of the batch is"));
  using Model = TextEncoder<TinyText>;
  BOOST_CHECK_EXCEPTION(Model({.words = 5}), InputError, says("texts of 5 words"));
  BOOST_CHECK_EXCEPTION(Model({.classes = 2, .every_row = true}), InputError, says("every row"));
  Model::Settings s;
  s.facts.text.positions = 5;
  BOOST_CHECK_EXCEPTION((Model(s)), InputError, says("do not fit 5 positions, the first of"));
}

BOOST_AUTO_TEST_CASE(costs_are_known_to_the_compiler) {
  constexpr Tokens sentence{.text = 16};
  using Mini = TextEncoder<arch::MiniLM_L6>;
  constexpr Cost plain = Mini::cost(sentence);
  // per row 4 d^2 + 2 d h, and 2 n d of attention
  static_assert(plain.macs == 6 * 16 * (4 * 384 * 384 + 2 * 384 * 1536 + 2 * 16 * 384));
  static_assert(plain.trainable == 0 && plain.params == 22'565'376);
  static_assert(TextEncoder<arch::MiniLM_L6, prompt::Deep<4>>::cost(sentence).trainable ==
                6 * 4 * 384);
}

BOOST_AUTO_TEST_SUITE_END()
