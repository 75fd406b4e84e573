#pragma once
#include <boost/test/unit_test.hpp>

#include "models/cost_run.hpp"
#include "vlpt/analysis/cost_under.hpp"

namespace vlpt::test {

/// What is said of a model before anything runs.
struct Said {
  Cost cost;
  WorkByStage prepares, forwards, reverses;
  Index naive = 0;  // multiply-accumulates
};
/// What it does: both modes, and an inference with every row.
struct Done {
  Index frozen = 0, learnt = 0;  // parameters
  std::vector<std::string> names;
  Ran infer, train, all_rows;
  NetRan net;
};

/// A phase did what was counted on null views, in all and in each stage; and the stages, which are
/// named as the parameters are, make up the whole.
inline void check_phase(std::string const& name, Phase const& ran, Work const& counted,
                        WorkByStage const& stages, std::vector<std::string> const& parameters) {
  BOOST_TEST_CONTEXT(name) {
    BOOST_TEST((ran.work == counted));
    auto const &real = ran.stages.parts(), &null = stages.parts();
    BOOST_REQUIRE(real.size() == null.size());
    Work sum;
    for (std::size_t i = 0; i < real.size(); ++i) {
      std::string const path = stage_text(real[i].path);
      BOOST_TEST_CONTEXT(path) {
        BOOST_TEST((real[i].path == null[i].path));
        BOOST_TEST((real[i].work == null[i].work));
        bool const named =
            std::any_of(parameters.begin(), parameters.end(),
                        [&](std::string const& p) { return p.starts_with(path + '.'); });
        // Between stages rows are copied; images and texts meet in scores.
        bool const between = real[i].path.empty() && real[i].work.macs() == 0;
        BOOST_TEST((named || between || path == "scores"));
      }
      sum += real[i].work;
    }
    BOOST_TEST((sum == counted));
  }
}

/// What of its memory a run used: all that was planned for it, or with tasks, which a plan does not
/// know, at most that.
inline void check_memory(Ran const& ran, bool tasks) {
  BOOST_TEST((tasks ? ran.peak.tape <= ran.planned.tape : ran.peak.tape == ran.planned.tape));
  BOOST_TEST(
      (tasks ? ran.peak.scratch <= ran.planned.scratch : ran.peak.scratch == ran.planned.scratch));
  BOOST_TEST(ran.left == 0);
}
/// Its scratch, and of the tape what its reverse ran again.
inline Index workspace(Ran const& ran) {
  return static_cast<Index>(ran.peak.scratch + ran.peak.tape) - ran.saved;
}

/// A Net does the same in as much memory.
inline void check_net(NetRan const& net, Ran const& infer, Ran const& train) {
  Work step = train.prepare.work, first = infer.prepare.work;
  step += train.forward.work, step += train.backward.work;
  first += infer.forward.work;
  BOOST_TEST((net.step == step));
  BOOST_TEST((net.first == first));
  BOOST_TEST((net.again == infer.forward.work));
  BOOST_TEST(net.training_bytes == train.planned.tape + train.planned.scratch);
  BOOST_TEST(net.inference_bytes == infer.planned.tape + infer.planned.scratch);
}

inline void check_said(Said const& said, Done const& done, Index batch, bool tasks) {
  Cost const& cost = said.cost;
  BOOST_TEST(cost.params == done.frozen + done.learnt);
  BOOST_TEST(cost.trainable == done.learnt);
  BOOST_TEST(cost.weight_bytes == 4 * cost.params);

  Work const texts = done.infer.prepare.texts();
  check_phase("prepare", done.infer.prepare, cost.prepare, said.prepares, done.names);
  check_phase("forward", done.infer.forward, cost.forward, said.forwards, done.names);
  BOOST_TEST((texts == cost.texts));
  BOOST_TEST(cost.macs == done.infer.forward.work.macs() + texts.macs());
  BOOST_TEST(cost.bytes_moved ==
             4 * (done.infer.forward.work.moved_elements + texts.moved_elements));
  check_memory(done.infer, tasks);
  BOOST_TEST(workspace(done.infer) == cost.workspace_bytes);

  check_phase("backward", done.train.backward, cost.backward, said.reverses, done.names);
  BOOST_TEST(cost.backward_macs == done.train.backward.work.macs());
  BOOST_TEST(cost.saved_bytes == done.train.saved);
  check_memory(done.train, tasks);
  BOOST_TEST(workspace(done.train) == cost.training_workspace_bytes);
  check_net(done.net, done.infer, done.train);

  // In published code what is prepared is computed for every sample, and texts once.
  Phase const& prepare = done.all_rows.prepare;
  Index const once = prepare.texts().macs(), each = prepare.work.macs() - once;
  BOOST_TEST(said.naive == done.all_rows.forward.work.macs() + batch * each + once);
}

/// What is said of a model of these settings against what it does. No tolerance.
template <class Model>
void check_cost(typename Model::Settings const& settings, Index batch) {
  Model const model(settings);
  Said said;
  said.cost = cost_of(model, batch);
  said.naive = cost_under<Model>(convention::naive, settings, batch).macs;
  Cost again;
  CountingRun<Model> const counted(model, batch);
  counted.infer(again, said.prepares, said.forwards);
  WorkByStage keeps;
  counted.train(again, keeps, said.reverses);
  Index kept = 0;
  for (auto const& part : keeps.parts()) kept += part.tape_bytes;
  BOOST_TEST(kept == said.cost.saved_bytes);
  CostRun<Model> run(model, batch);
  using AllRows = typename Model::template WithRows<rows::All>;
  AllRows const all(settings);
  Done const done{run.frozen(), run.learnt(), run.names(),
                  run.infer(),  run.train(),  CostRun<AllRows>(all, batch).infer(),
                  run.net()};
  BOOST_TEST_CONTEXT(Model::PromptType::name << ", " << Model::SkipType::name << ", batch of "
                                             << batch) {
    check_said(said, done, batch, HasTasks<Model>);
    if constexpr (requires { requires Model::SkipType::searches; }) {  // a plan for every choice
      CostRun<Model> searching(model, batch, SkipPlan(3, {1, 2}));
      for (Ran const& ran : {searching.infer(), searching.train()})
        check_memory(ran, HasTasks<Model>);
    }
  }
}

}  // namespace vlpt::test
