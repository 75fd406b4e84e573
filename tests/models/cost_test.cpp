// What cost_of counts on null views is what a real run executes and keeps.
#include "vlpt/autodiff/cost_of.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include "models/tiny.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/shallow.hpp"

using namespace vlpt;

namespace {

template <class Prompt, class Learn = learn::Policy, class Rows = rows::Live, class A = test::Tiny>
using Tower = VisionTower<A, Prompt, skip::Dense, Learn, Rows>;
using Models =
    boost::mpl::list<Tower<prompt::None>, Tower<prompt::Shallow<3>>, Tower<prompt::Deep<2>>,
                     Tower<prompt::Deep<2>, learn::Policy, rows::All>,
                     Tower<prompt::Deep<>, learn::All>,
                     Tower<prompt::Shallow<2>, learn::Input<learn::Paths<"layers.mlp">>>,
                     Tower<prompt::Deep<3>, learn::All, rows::Live, test::TinyClip>>;

/// A run by hand in arenas of exactly the planned size.
template <class Model, class B>
struct Run {
  using T = typename B::Scalar;
  using Train = typename Model::TrainFlow;
  Model const& model;
  B const& backend;
  Index batch;
  std::vector<T> parameters, gradients, images, out, d_images;
  typename Model::template Params<T> p{}, g{};
  typename Model::template Prepared<T> prepared;
  typename Model::template Cache<T, Train> cache{};
  MemoryPlan plan = plan_memory<Train>(model, backend, batch, true);
  HostMemory tape_memory{plan.tape}, scratch_memory{plan.scratch};
  Arena tape{tape_memory.data(), plan.tape}, scratch{scratch_memory.data(), plan.scratch};
  DryRun<B> machine{backend, false};  // as a Net runs: compiled once with the plan
  Context<DryRun<B>> c{machine, tape, scratch};

  Run(Model const& m, B const& b, Index n) : model(m), backend(b), batch(n) {
    PlaceParameters<T> count;
    model.template visit<Train>(p, count);
    parameters.assign(static_cast<std::size_t>(count.frozen_count + count.learnt_count), T(0.01));
    gradients.resize(static_cast<std::size_t>(count.learnt_count));
    PlaceParameters<T> place{parameters.data(), parameters.data() + count.frozen_count};
    model.template visit<Train>(p, place);
    PlaceGradients<T> place_gradients{gradients.data()};
    model.template visit<Train>(g, place_gradients);
    auto const& f = model.facts;
    images.assign(static_cast<std::size_t>(n * f.channels * f.image * f.image), T(0.5));
    d_images = images;
    out.resize(static_cast<std::size_t>(n * model.output_width()));
  }
  [[nodiscard]] Stream<T> stream(std::vector<T>& v) const {
    auto const& f = model.facts;
    return {v.data(), batch, f.channels * f.image, f.image};
  }
  void prepare() { model.template prepare<Train>(c, p, prepared, batch); }
  void forward() {
    model.template forward<Train>(c, p, prepared, Stream<T const>(stream(images)),
                                  View<T>(out.data(), batch, model.output_width()), cache);
  }
  void backward() {
    model.template backward<Train>(c, p, prepared, cache,
                                   View<T const>(out.data(), batch, model.output_width()),
                                   stream(d_images), g);
    model.template prepare_backward<Train>(c, p, prepared, g);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cost)

BOOST_AUTO_TEST_CASE_TEMPLATE(is_what_runs, Model, Models) {
  for (Pool pool : test::poolings<Model>())
    for (Index const batch : {1, 5}) {
      Model const model = test::tower<Model>(pool);
      Cost const cost = cost_of(model, batch);
      Work work;
      Counting<Cpu<float>> const backend(work);
      Run<Model, Counting<Cpu<float>>> run(model, backend, batch);
      run.prepare();
      BOOST_TEST((work == cost.prepare));
      work = {};
      run.forward();
      BOOST_TEST((work == cost.forward));
      BOOST_TEST(work.macs() == cost.macs);
      BOOST_TEST(static_cast<Index>(run.tape.peak()) == cost.saved_bytes);
      work = {};
      run.backward();
      BOOST_TEST((work == cost.backward));
      BOOST_TEST(work.macs() == cost.backward_macs);
      BOOST_TEST(static_cast<Index>(run.parameters.size()) == cost.params);
      BOOST_TEST(static_cast<Index>(run.gradients.size()) == cost.trainable);
      BOOST_TEST(cost.weight_bytes == 4 * cost.params);
      BOOST_TEST(cost.macs > 0);
    }
}

// The measuring run asks for exactly as much as the real one uses.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_plan_of_memory_is_its_peak, Model, Models) {
  Model const model = test::tower<Model>(Pool::mean_all);
  auto const check = [&](auto const& backend) {
    for (Index const batch : {1, 6}) {
      Run<Model, std::remove_cvref_t<decltype(backend)>> run(model, backend, batch);
      run.prepare(), run.forward(), run.backward();
      BOOST_TEST(run.tape.peak() == run.plan.tape);
      BOOST_TEST(run.scratch.peak() == run.plan.scratch);
      BOOST_TEST(run.scratch.mark() == 0);  // everything was given back
    }
  };
  check(Reference<double>{});
  check(Cpu<float>{2});
  check(Cpu<double>{3});
}

BOOST_AUTO_TEST_CASE(live_rows_cost_less_than_all) {
  auto const cost = []<class Model>(std::type_identity<Model>) {
    return cost_of(test::tower<Model>(Pool::class_row), 2);
  };
  Cost const live = cost(std::type_identity<Tower<prompt::Deep<2>>>{});
  Cost const all = cost(std::type_identity<Tower<prompt::Deep<2>, learn::Policy, rows::All>>{});
  BOOST_TEST(live.macs < all.macs);
  BOOST_TEST(live.backward_macs < all.backward_macs);
  BOOST_TEST(live.saved_bytes < all.saved_bytes);
  BOOST_TEST(live.params == all.params);
  BOOST_TEST(live.prepare.macs() == 3 * 2 * 8 * 16);  // keys and values of two rows in three layers
}

BOOST_AUTO_TEST_SUITE_END()
