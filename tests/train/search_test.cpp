#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "io/scratch.hpp"
#include "vlpt/train/search/skip_search.hpp"

using vlpt::Index;
using vlpt::Random;
using vlpt::SearchSettings;
using vlpt::SearchState;
using vlpt::SkipPlan;
using vlpt::SkipSearch;
using vlpt::SubsetLaw;

namespace {

std::vector<SkipPlan> subsets_of(Index n, Index m) {
  std::vector<SkipPlan> all;
  for (Index mask = 0; mask < Index{1} << n; ++mask) {
    std::vector<Index> layers;
    for (Index i = 0; i < n; ++i)
      if (mask >> i & 1) layers.push_back(i);
    if (static_cast<Index>(layers.size()) == m) all.emplace_back(n, layers);
  }
  return all;
}

/// The same probability, straight from the definition: a sum over every order.
double by_orders(std::vector<double> const& weights, SkipPlan const& subset) {
  double sum = 0;
  auto order = subset.layers();
  do {
    double chance = 1, left = 0;
    for (double w : weights) left += w;
    for (Index i : order) {
      chance *= weights[static_cast<std::size_t>(i)] / left;
      left -= weights[static_cast<std::size_t>(i)];
    }
    sum += chance;
  } while (std::ranges::next_permutation(order).found);
  return sum;
}

double flat_loss(SkipPlan const&) { return 1.5; }

/// Runs a whole search with `steps` a epoch; loss(plan) judges.
template <class Loss>
SkipSearch searched(SearchSettings const& settings, Index steps, Loss loss) {
  SkipSearch search(settings);
  for (Index e = 0; e < settings.epochs; ++e, search.end_epoch())
    for (Index s = 0; s < steps; ++s) {
      static_cast<void>(search.next());
      if (search.update_due()) search.update(loss);
    }
  return search;
}

std::string complaint(auto action) {
  try {
    static_cast<void>(action());
  } catch (vlpt::Error const& e) {
    return e.what();
  }
  return "none";
}
bool contains(std::string const& whole, char const* part) {
  return whole.find(part) != std::string::npos;
}

std::vector<double> const uneven{0.5, 0.9, 0.05, 0.3, 0.7, 0.2, 0.45, 0.6};

}  // namespace

BOOST_AUTO_TEST_SUITE(search)

BOOST_AUTO_TEST_CASE(probabilities_of_subsets_are_exact) {
  for (Index m = 0; m <= 8; ++m) {
    double sum = 0;
    for (SkipPlan const& subset : subsets_of(8, m)) {
      double const p = SubsetLaw(uneven).probability(subset);
      BOOST_TEST(std::abs(p - by_orders(uneven, subset)) < 1e-14, subset);
      sum += p;
    }
    BOOST_TEST(std::abs(sum - 1) < 1e-14, m);
  }
  // Equal weights: every subset as likely.
  BOOST_TEST(std::abs(SubsetLaw(std::vector<double>(12, 0.5)).probability({12, {1, 2, 7, 9}}) -
                      1.0 / 495) < 1e-16);
}

BOOST_AUTO_TEST_CASE(draws_have_these_probabilities) {
  SubsetLaw const law(uneven);
  constexpr Index draws = 40'000;
  for (Index m : {1, 3}) {
    std::map<std::string, Index> seen;
    std::uint64_t numbers = 0;
    for (Index i = 0; i < draws; ++i)
      ++seen[vlpt::text(law.draw(m, [&] { return Random{.seed = 7}.uniform(numbers++); }))];
    BOOST_TEST(numbers == static_cast<std::uint64_t>(draws * m));
    for (SkipPlan const& subset : subsets_of(8, m)) {
      double const p = law.probability(subset);
      double const got = static_cast<double>(seen[vlpt::text(subset)]) / draws;
      BOOST_TEST(std::abs(got - p) < 4.5 * std::sqrt(p * (1 - p) / draws), subset);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_module_of_weight_zero_is_never_drawn) {
  SubsetLaw const law({0, 1, 0, 2, 0});
  for (double u : {0.0, 0.5, std::nextafter(1.0, 0.0)})
    BOOST_TEST((law.draw(2, [u] { return u; }) == SkipPlan(5, {1, 3})));
  BOOST_TEST(law.probability({5, {1, 3}}) == 1);
  BOOST_TEST(law.probability({5, {0, 3}}) == 0);
  BOOST_TEST(law.probability({5, {0, 1, 3}}) == 0);
  auto const too_many = complaint([&] { return law.draw(3, [] { return 0.5; }); });
  BOOST_TEST(contains(too_many, "cannot draw 3 modules: 2 of 5"), too_many);
  BOOST_CHECK_THROW(SubsetLaw({0.5, -0.1}), vlpt::InputError);
  BOOST_CHECK_THROW(SubsetLaw({0.5, std::nan("")}), vlpt::InputError);
  BOOST_CHECK_THROW(static_cast<void>(law.probability({6, {1}})), vlpt::InputError);
}

BOOST_AUTO_TEST_CASE(updates_come_when_they_are_due) {
  SkipSearch search({.turn = 4, .epochs = 3, .warm_up = 1});
  std::vector<Index> updated;
  for (Index step = 0; step < 36; ++step) {
    BOOST_TEST(search.next().size() == 4);
    if (search.update_due()) {
      updated.push_back(step);
      search.update(flat_loss);
      BOOST_TEST(search.state().steps == 0);
    }
    if (step % 9 == 8) search.end_epoch();
  }
  BOOST_TEST(updated == (std::vector<Index>{9, 13, 17, 21, 25}), boost::test_tools::per_element());
  BOOST_TEST(!search.searching());
  auto const before = search.state();
  BOOST_TEST((search.next() == search.choice()));  // nothing is drawn any more
  BOOST_TEST((search.state() == before));
  BOOST_TEST(contains(complaint([&] { return search.update(flat_loss); }), "no update is due"));
}

BOOST_AUTO_TEST_CASE(equal_rewards_leave_the_preferences_alone) {
  auto const search = searched({.subsets = 4}, 200, flat_loss);
  for (double g : search.state().preferences) BOOST_TEST(g == 0);
  BOOST_TEST((search.choice() == SkipPlan(12, {0, 1, 2, 3})));  // ties: lowest index
}

BOOST_AUTO_TEST_CASE(an_update_is_the_published_formula) {
  SkipSearch search({.modules = 3,
                     .skip = 2,
                     .subsets = 3,
                     .turn = 1,
                     .epochs = 1,
                     .warm_up = 0,
                     .step_size = 0.5});
  search.restore({.preferences = {1, -1, 0}, .steps = 1});
  std::vector<SkipPlan> const planned{
      {3, {0, 1}}, {3, {0, 1}}, {3, {1, 2}}, {3, {0, 1}}, {3, {0, 2}}};  // two of them twice
  std::size_t at = 0;
  auto const now = search.update([](SkipPlan const& s) { return s.skips(2) ? 2.0 : 1.0; },
                                 [&] { return planned.at(at++); });
  BOOST_TEST(at == 5U);
  BOOST_TEST((now.subsets == std::vector<SkipPlan>{planned[0], planned[2], planned[4]}));
  double const good = std::exp(-1.0), bad = std::exp(-2.0), mean = (good + 2 * bad) / 3;
  BOOST_TEST(std::abs(now.baseline - mean) < 1e-15);
  double const p0 = 1 / (1 + std::exp(-1.0)), p1 = 1 / (1 + std::exp(1.0));
  auto const& g = search.state().preferences;
  BOOST_TEST(std::abs(g[0] - (1 + 0.5 * (good + bad - 2 * mean) * p0 * (1 - p0))) < 1e-15);
  BOOST_TEST(std::abs(g[1] - (-1 + 0.5 * (good + bad - 2 * mean) * p1 * (1 - p1))) < 1e-15);
  BOOST_TEST(std::abs(g[2] - 0.5 * 2 * (bad - mean) * 0.25) < 1e-15);
}

BOOST_AUTO_TEST_CASE(advantages_sum_to_zero) {
  // A module in every subset stays where it is: 1 of 3 is drawn each time.
  SkipSearch search({.modules = 4, .skip = 3, .turn = 1, .epochs = 1, .warm_up = 0});
  static_cast<void>(search.next());
  Index k = 0;
  std::vector<SkipPlan> const planned{{4, {0, 1, 2}}, {4, {0, 1, 3}}, {4, {0, 2, 3}}};
  search.update([&](SkipPlan const&) { return 0.3 * static_cast<double>(k); },
                [&] { return planned.at(static_cast<std::size_t>(k++)); });
  BOOST_TEST(std::abs(search.state().preferences[0]) < 1e-16);
}

BOOST_AUTO_TEST_CASE(planted_redundant_layers_are_found) {
  SkipPlan const redundant(12, {2, 7, 8});
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    // Without any other layer the network is worse, by a different amount each; the batch adds
    // noise.
    std::uint64_t batch = 0;
    auto const loss = [&](SkipPlan const& skipped) {
      double sum = 0.4 + 0.2 * Random{.seed = seed}.uniform(batch++);
      for (Index l : skipped.layers())
        if (!redundant.skips(l)) sum += 0.2 + 0.05 * static_cast<double>(l % 4);
      return sum;
    };
    auto const three = searched({.skip = 3, .seed = seed}, 1000, loss);
    BOOST_TEST((three.choice() == redundant), "found " << three.choice());
    auto const one = searched({.skip = 1, .seed = seed}, 1000, loss);
    BOOST_TEST(redundant.skips(one.choice().layers()[0]), "found " << one.choice());
  }
}

BOOST_AUTO_TEST_CASE(a_search_that_is_put_back_goes_on_with_the_same_bits) {
  vlpt::test::Scratch const folder;
  SearchSettings const settings{.turn = 3, .seed = 5};
  auto const loss = [](SkipPlan const& s) { return 0.1 * static_cast<double>(s.layers()[0]); };
  std::vector<SkipPlan> drawn;
  std::optional<SkipSearch> second;
  SkipSearch search(settings);
  for (Index step = 0; step < 60; ++step) {
    if (step == 35) {  // an update is due but not made: the most that a state may have to hold
      BOOST_TEST(search.update_due());
      vlpt::io::save_safetensors(folder / "search", vlpt::tensors_of(search.state()));
      second.emplace(settings);
      second->restore(vlpt::search_state_of(vlpt::io::Safetensors::open(folder / "search"), 12));
      BOOST_TEST((second->state() == search.state()));
    }
    for (SkipSearch* s : {&search, second ? &*second : nullptr}) {
      if (s == nullptr) continue;
      if (s->update_due()) s->update(loss);
      drawn.push_back(s->next());
      if (step % 20 == 19) s->end_epoch();
    }
    if (second) BOOST_TEST((drawn.at(drawn.size() - 2) == drawn.back()), step);
  }
  BOOST_TEST((search.state() == second->state()));  // to the last bit
  BOOST_TEST((search.state().preferences != std::vector<double>(12)));
  BOOST_TEST(drawn.size() == 85U);
}

BOOST_AUTO_TEST_CASE(another_seed_draws_something_else) {
  SkipSearch a({.seed = 1}), b({.seed = 2}), c({.seed = 1});
  bool differ = false;
  for (int i = 0; i < 5; ++i) {
    auto const plan = a.next();
    differ = differ || plan != b.next();
    BOOST_TEST((plan == c.next()));
  }
  BOOST_TEST(differ);
}

BOOST_AUTO_TEST_CASE(a_damaged_state_is_refused) {
  vlpt::test::Scratch const folder;
  auto const refused = [&](SearchState const& s) {
    vlpt::io::save_safetensors(folder / "search", vlpt::tensors_of(s));
    auto const file = vlpt::io::Safetensors::open(folder / "search");
    BOOST_CHECK_THROW(static_cast<void>(vlpt::search_state_of(file, 2)), vlpt::CheckpointError);
  };
  refused({.preferences = {0, 1, 2}});
  refused({.preferences = {0, std::numeric_limits<double>::infinity()}});
  refused({.preferences = {0, 1}, .numbers = -1});
  SkipSearch search({});
  BOOST_CHECK_THROW(search.restore({.preferences = {0, 1}}), vlpt::InputError);
}

BOOST_AUTO_TEST_CASE(a_loss_that_is_not_finite_is_an_error_and_changes_no_preference) {
  double const infinity = std::numeric_limits<double>::infinity();
  for (double bad : {std::nan(""), infinity, -infinity, -1000.0}) {
    SkipSearch search({.turn = 1, .epochs = 1, .warm_up = 0});
    static_cast<void>(search.next());
    int k = 0;
    auto const said = complaint(
        [&] { return search.update([&](SkipPlan const&) { return ++k == 3 ? bad : 1.0 / k; }); });
    BOOST_TEST(contains(said, "the validation loss without layers "), said);
    BOOST_TEST(!contains(said, "nan"), said);
    for (double g : search.state().preferences) BOOST_TEST(g == 0);
  }
}

BOOST_AUTO_TEST_CASE(too_few_distinct_subsets_are_an_error_and_no_endless_loop) {
  auto const impossible = complaint([] { return SkipSearch({.modules = 2, .skip = 1}); });
  BOOST_TEST(contains(impossible, "cannot compare 3 distinct subsets: there are only 2 ways"),
             impossible);
  BOOST_TEST(
      contains(complaint([] { return SkipSearch({.modules = 4, .skip = 4}); }), "only 1 ways"));
  static_cast<void>(SkipSearch({.modules = 3, .skip = 1}));
  static_cast<void>(SkipSearch({.modules = 3, .skip = 2}));
  static_cast<void>(SkipSearch({.modules = 128, .skip = 64, .subsets = 1000}));
  // Possible by count, but one module has all the chances.
  SkipSearch search({.modules = 4, .skip = 1, .turn = 1, .epochs = 1, .warm_up = 0});
  search.restore({.preferences = {300, -300, -300, -300}, .steps = 1});
  auto const stuck = complaint([&] { return search.update(flat_loss); });
  BOOST_TEST(contains(stuck, "gave no other subset than 1 known ones"), stuck);
}

BOOST_AUTO_TEST_CASE(settings_are_checked) {
  for (SearchSettings const& bad :
       {SearchSettings{.modules = 0}, SearchSettings{.modules = 129}, SearchSettings{.skip = 0},
        SearchSettings{.skip = 13}, SearchSettings{.subsets = 1}, SearchSettings{.turn = 0},
        SearchSettings{.epochs = 0}, SearchSettings{.warm_up = 3}, SearchSettings{.warm_up = -1},
        SearchSettings{.step_size = 0}, SearchSettings{.step_size = std::nan("")}})
    BOOST_CHECK_THROW(SkipSearch{bad}, vlpt::InputError);
  auto const recipe = SearchSettings{}.recipe();
  BOOST_TEST(recipe.size() == 8U);
  BOOST_TEST(recipe.at("search_skip") == "4");
  BOOST_TEST(recipe.at("search_modules") == "12");
  BOOST_TEST((SearchSettings{.turn = 2}.recipe() != recipe));
}

BOOST_AUTO_TEST_SUITE_END()
