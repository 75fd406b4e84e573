// What people read of costs: tables, stages, budgets, memory.
#include <boost/test/unit_test.hpp>

#include "models/tiny.hpp"
#include "vlpt/analysis/compare.hpp"
#include "vlpt/analysis/cost_report.hpp"
#include "vlpt/analysis/fits.hpp"
#include "vlpt/analysis/stage_costs.hpp"
#include "vlpt/autodiff/module_cost.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"

using namespace vlpt;

namespace {

using Plain = VisionTower<test::Tiny>;
using Deep = VisionTower<test::Tiny, prompt::Deep<2>>;
using Skipped = VisionTower<test::Tiny, prompt::Deep<2>, skip::AdapterSkip<2, 3, 1>>;

bool contains(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(costs)

BOOST_AUTO_TEST_CASE(models_are_compared_under_every_convention) {
  CostTable const table = compare<Plain, Deep, Skipped>();
  BOOST_REQUIRE(table.rows.size() == 3U);
  CostRow const &plain = table.rows[0], &deep = table.rows[1];
  BOOST_TEST(plain.name == "tiny, none");
  BOOST_TEST(deep.name == "tiny, deep (prompts 2)");
  BOOST_TEST(table.rows[2].name ==
             "tiny, deep (prompts 2), adapter_skip (beside 2, plan 1, shortcut 3)");
  BOOST_TEST(plain.macs[0] == Plain::cost().macs);
  BOOST_TEST(deep.macs[1] == (Deep::WithRows<rows::All>::cost().macs));
  BOOST_TEST(plain.macs[0] <= plain.macs[1]);
  BOOST_TEST(deep.macs[1] - deep.macs[0] > plain.macs[1] - plain.macs[0]);
  // Only layer norms tell naive and fvcore apart, five an element.
  Work const work = Plain::WithRows<rows::All>::cost().forward;
  BOOST_TEST(plain.macs[2] - plain.macs[1] == 5 * work.norm_elements);
  BOOST_TEST(table.change(plain, 0) == 0.0);
  BOOST_TEST(table.change(deep, 0) > 0.0);
}

BOOST_AUTO_TEST_CASE(every_format_says_the_same) {
  CostTable table = compare<Plain, Deep>({.batch = 2});
  table.title = "A <table>";
  table.rows[1].name = "deep, \"2\"";
  Index const macs = table.rows[1].macs[0];
  auto const json = to_json(table);
  BOOST_TEST(json["rows"][1]["macs_exact"].get<Index>() == macs);
  BOOST_TEST(json["rows"][1]["params_trained"].get<Index>() == Deep::cost().trainable);
  BOOST_TEST(!json["rows"][1].contains("seconds"));
  std::string const csv = to_csv(table);
  BOOST_TEST(csv.starts_with("name,macs_exact,macs_naive,macs_fvcore,backward_macs,"));
  BOOST_TEST(contains(csv, "\n\"deep, \"\"2\"\"\"," + std::to_string(macs) + ','));
  BOOST_TEST(contains(to_markdown(table), report::scaled(static_cast<double>(macs))));
  BOOST_TEST(!contains(to_markdown(table), "measured"));
  table.rows[0].seconds = 0.25;
  BOOST_TEST(contains(to_markdown(table), "measured"));
  BOOST_TEST(contains(to_csv(table), ",seconds\n"));
  std::swap(table.rows[0].seconds, table.rows[1].seconds);
  BOOST_TEST(contains(to_csv(table), ",seconds\n"));  // where the first is not measured as well
  BOOST_TEST(contains(to_csv(table), ",\n"));
  std::string const html = to_html(table);
  BOOST_TEST(contains(html, "A &lt;table&gt;"));
  BOOST_TEST(!contains(html, "A <table>"));
  BOOST_TEST(contains(html, "250 ms"));
  BOOST_TEST(contains(bars(table).svg(), "</svg>"));
  BOOST_TEST(!contains(html, "http:"));
}

BOOST_AUTO_TEST_CASE(stages_sum_to_the_whole) {
  auto const check = [](auto const& model) {
    Cost const whole = cost_of(model, 3);
    Work prepare, forward, backward;
    Index params = 0, trainable = 0, saved = 0;
    for (StageCost const& stage : stage_costs(model, 3)) {
      prepare += stage.prepare, forward += stage.forward, backward += stage.backward;
      params += stage.params, trainable += stage.trainable, saved += stage.saved_bytes;
    }
    BOOST_TEST((prepare == whole.prepare));
    BOOST_TEST((forward == whole.forward));
    BOOST_TEST((backward == whole.backward));
    BOOST_TEST(params == whole.params);
    BOOST_TEST(saved == whole.saved_bytes);
    BOOST_TEST(trainable == whole.trainable);
  };
  check(Plain{}), check(Deep{}), check(Skipped{});
  check(test::tower<VisionTower<test::TinyClip>>(Pool::class_row));
}

BOOST_AUTO_TEST_CASE(layers_and_head_are_stages) {
  Plain::Settings s;
  s.classes = 3;
  auto const stages = stage_costs(Plain(s));
  auto const find = [&](std::string const& name) {
    for (StageCost const& stage : stages)
      if (stage_text(stage.path) == name) return stage;
    return StageCost{};
  };
  BOOST_TEST(find("head").forward.macs() == 3 * s.facts.dim);
  BOOST_TEST(find("head").params == 3 * s.facts.dim + 3);
  BOOST_TEST(find("layers.0").params == find("layers.1").params);
  BOOST_TEST(find("layers.0").forward.macs() > 0);
  BOOST_TEST(find("embed").forward.macs() ==
             s.facts.patches() * s.facts.patch_size() * s.facts.dim);
}

BOOST_AUTO_TEST_CASE(a_module_costs_what_it_runs) {
  constexpr Chain mlp{stage<"fc1">(Linear{.in = 8, .out = 32}),
                      stage<"fc2">(Linear{.in = 32, .out = 8})};
  constexpr Cost all = module_cost(mlp, 2, 5, 8);
  static_assert(all.macs == 10 * (8 * 32 + 32 * 8));
  static_assert(all.backward_macs == 2 * all.macs);  // of the input, and of the weights
  static_assert(all.params == 8 * 32 + 32 + 32 * 8 + 8 && all.trainable == all.params);
  constexpr Cost frozen = module_cost<Flow<learn::Policy, true>>(mlp, 2, 5, 8);
  static_assert(frozen.backward_macs == all.macs && frozen.trainable == 0);
  static_assert(frozen.saved_bytes == 0 && all.saved_bytes > 0, "a frozen product keeps nothing");
  constexpr Cost idle = module_cost<InferFlow>(mlp, 2, 5, 8);
  static_assert(idle.macs == all.macs && idle.backward_macs == 0);
  BOOST_TEST(all.bytes_moved == 4 * (10 * 8 + 8 * 32 + 32 + 2 * 10 * 32 + 32 * 8 + 8 + 10 * 8));
}

BOOST_AUTO_TEST_CASE(a_budget_names_the_figure_and_the_limit) {
  Cost const cost = Deep::cost();
  check_budget(cost, {.macs = cost.macs, .trained = cost.trainable});
  BOOST_CHECK_EXCEPTION(check_budget(cost, {.trained = cost.trainable - 1}), InputError,
                        [&](InputError const& e) {
                          return contains(e.what(), text(cost.trainable, " trained parameters")) &&
                                 contains(e.what(), text("limit is ", cost.trainable - 1));
                        });
  BOOST_CHECK_THROW(check_budget(cost, {.saved_bytes = cost.saved_bytes - 1}), InputError);
  BOOST_CHECK_THROW(check_budget(cost, {.workspace_bytes = 0}), InputError);
  BOOST_CHECK_THROW(check_budget(cost, {.weight_bytes = 4 * cost.params - 1}), InputError);
  static_assert(fits<Deep>({.batch = 2}, {}));
}

BOOST_AUTO_TEST_CASE(memory_follows_from_the_cost) {
  Cost const cost = cost_of(Deep{}, 4);
  MemoryNeeds const adamw = memory_needs(cost), sgd = memory_needs(cost, 1);
  BOOST_TEST(adamw.weights == 4 * cost.params);
  BOOST_TEST(adamw.to_train() - sgd.to_train() == 4 * cost.trainable);
  BOOST_TEST(adamw.to_infer() == cost.weight_bytes + cost.prepared_bytes + cost.workspace_bytes);
  // Keys and values of two rows in each layer, which no prompts have not.
  Index const kv = 2 * 2 * test::Tiny::dim * test::Tiny::depth * Index{sizeof(float)};
  BOOST_TEST(cost.prepared_bytes - cost_of(Plain{}, 4).prepared_bytes >= kv);
  MemoryPlan const plan = plan_memory<InferFlow>(Deep{}, Reference<float>{}, 4, false);
  BOOST_TEST(static_cast<Index>(plan.tape) == cost.prepared_bytes);
}

BOOST_AUTO_TEST_CASE(a_number_of_rows_sets_the_resolution) {
  auto const s = Plain::Settings::of({.image = 26});
  BOOST_TEST(s.facts.image == 5 * s.facts.patch);
  BOOST_TEST(s.facts.tokens() == 26);
  BOOST_CHECK_EXCEPTION((void)Plain::Settings::of({.image = 20}), InputError,
                        [](InputError const& e) { return contains(e.what(), "17 and 26 are"); });
}

BOOST_AUTO_TEST_SUITE_END()
