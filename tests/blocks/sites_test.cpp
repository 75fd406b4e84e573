#include "vlpt/blocks/site_module.hpp"

#include <boost/test/unit_test.hpp>

#include "blocks/own_sites.hpp"
#include "vlpt/blocks/gradcheck_site.hpp"
#include "vlpt/blocks/mlp.hpp"
#include "vlpt/blocks/run.hpp"
#include "vlpt/ops/gelu.hpp"

using namespace vlpt;

static_assert(SiteModule<test::Gate> && SiteModule<OnBranch<Linear>> &&
              SiteModule<BesideBranch<Linear>>);
static_assert(!SiteModule<Linear> && !SiteModule<NoSite> && !is_site<NoSite>);
static_assert(PromptPolicy<test::Everywhere> && PromptPolicy<test::Gated>);

namespace {

// It declares a site and gives no module for it.
struct Forgetful {
  static constexpr std::string_view name = "forgetful";
  static constexpr Site sites = Site::attention_out;
};
static_assert(!PromptPolicy<Forgetful> && !PromptPolicy<int>);

}  // namespace

BOOST_AUTO_TEST_SUITE(sites)

BOOST_AUTO_TEST_CASE(site_modules_are_checked_like_any_other) {
  auto const check = [](auto const& site, std::size_t lines) {
    GradReport const report = gradcheck_site(site, {.width = 6});
    BOOST_TEST(report.ok(), report);
    BOOST_TEST(report.count() == lines);
  };
  check(OnBranch<Linear>{Linear{6, 6}}, 6);
  check(OnBranch<Mlp<Gelu>>{mlp<Gelu>(LayerFacts{.dim = 6, .hidden = 9})}, 10);
  check(BesideBranch<Linear>{Linear{6, 6}}, 6);
  check(BesideBranch<Trainable<Linear>>{{Linear{6, 6}}}, 6);
  check(test::Gate{6}, 4);
  check(test::SquaredScale{6}, 4);
}

BOOST_AUTO_TEST_CASE(dropout_of_rows_skips_the_gap) {
  Reference<double> const backend;
  Arena tape, scratch;
  Context<Reference<double>> c{backend, tape, scratch, Random{3, 4}, true};
  auto const drop = [&](LogicalRows rows, std::vector<double>& v) {
    Stream<double> const x(v.data(), 1, static_cast<Index>(v.size()) / 4, 4);
    Standing const here(c, 9, rows);
    Dropout const dropout{.rate = 0.5};
    Empty none;
    dropout.forward<InferFlow>(c, none, Stream<double const>(x), x, none);
  };
  std::vector<double> whole(7 * 4, 1.0), part(5 * 4, 1.0), front(7 * 4, 1.0);
  drop({.all = 7, .first = 0, .gap_at = 7, .gap = 0}, whole);
  drop({}, front);  // no block says what the rows are: they are all
  BOOST_TEST(whole == front, boost::test_tools::per_element());
  // rows 1 and 2 of the seven were never computed
  LogicalRows const rows{.all = 7, .first = 0, .gap_at = 1, .gap = 2};
  drop(rows, part);
  for (std::size_t i = 0; i < part.size(); ++i) BOOST_TEST(part[i] == whole[i < 4 ? i : i + 8]);
  // and the last two rows alone
  std::vector<double> last(2 * 4, 1.0);
  drop(rows.from(3), last);
  for (std::size_t i = 0; i < last.size(); ++i) BOOST_TEST(last[i] == whole[i + 20]);
  c.training = false;
  std::vector<double> still(4, 1.0);
  drop(rows, still);
  BOOST_TEST((still == std::vector<double>(4, 1.0)));
}

BOOST_AUTO_TEST_SUITE_END()
