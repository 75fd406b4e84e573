// Questions about pictures on a frozen single-stream model: a head, deep prompts, APT, and a
// plan of layers to skip that DAS found, deployed and timed beside the dense model.
#include "../vqa/questions.hpp"
#include "../command.hpp"
#include "options.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/train/metrics.hpp"

namespace vlpt::cli {
namespace {

constexpr Index tested_questions = 200;
constexpr char const* task_names[] = {"colour"};

/// The folder of the questions: beside that of the models.
std::filesystem::path questions_folder() {
  auto const folder = find_model("examples/data/easy-vqa");
  VLPT_CHECK(io::is_folder(folder), "there is no folder ", folder.string(),
             ", in which the demo's questions lie");
  return folder;
}

}  // namespace

void add_questions(DemoResult& result, DemoOptions const& o, Progress& progress) {
  auto const model = ViltModel::open(find_model(o.questions));
  auto const folder = questions_folder();
  std::vector<QuestionTask> tasks;
  for (char const* name : task_names) tasks.push_back(QuestionTask::open(folder, name, model));
  // What answers, of the last seed and the first task, is timed in the end, all in turn.
  std::vector<std::unique_ptr<Answerer>> timed;
  std::vector<std::string> plans;
  double search_seconds = 0;
  std::size_t const first_row = result.outcomes.size();
  for (char const* name : {"none", "deep", "approximated", "das"}) {
    PolicyFacts const& facts = question_policy(name).facts;
    PolicyChoice policy{.name = name, .prompts = facts.has_prompts ? 8 : 0};
    if (facts.has_prompts && o.prompts > 0) policy.prompts = o.prompts;
    QuestionRun run{.policy = policy,
                    .shots = o.shots > 0 ? o.shots : 16,
                    .tested = o.full ? 0 : tested_questions};
    Outcome out{
        .group = "questions about pictures",
        .label = text(facts.label, policy.prompts > 0 ? text(" (", policy.prompts, ")") : "",
                      facts.has_skip ? text(" (", run.skip_layers, ")") : ""),
        .how = text(facts.epochs, " epochs, learning rate ", facts.learning_rate, ", weight decay ",
                    facts.weight_decay)};
    std::vector<double> sums(tasks.size());
    for (run.seed = 1; run.seed <= demo_seeds; ++run.seed) {
      double accuracy = 0;
      for (std::size_t t = 0; t < tasks.size(); ++t) {
        auto done = run_questions(model, tasks[t], run, progress);
        accuracy += done.accuracy / static_cast<double>(tasks.size());
        sums[t] += done.accuracy / static_cast<double>(demo_seeds);
        out.hash(done.before, done.after);
        out.cost.trainable = done.trained, out.cost.forward.product_macs = done.macs;
        out.add_curve(std::move(done.curve), static_cast<Index>(tasks.size() * demo_seeds));
        search_seconds += done.search_seconds;
        if (!done.plan.empty())
          plans.push_back(text(done.plan, " (", task_names[t], ", seed ", run.seed, ")"));
        if (t == 0 && run.seed == demo_seeds) timed.push_back(std::move(done.answerer));
      }
      out.accuracy.push_back(accuracy);
      progress.line(text(out.label, ", seed ", run.seed, " of ", demo_seeds, ": ",
                         report::percent(accuracy), " % of the questions"));
    }
    for (std::size_t t = 0; t < tasks.size() && tasks.size() > 1; ++t)
      out.tasks.emplace_back(task_names[t], sums[t]);
    result.outcomes.push_back(std::move(out));
  }
  progress.start("time of an answer", 1);
  std::vector<Answerer const*> all;
  for (auto const& a : timed) all.push_back(a.get());
  auto const seconds = seconds_of(all, tasks.front().test);
  progress.finish();
  for (std::size_t i = 0; i < seconds.size(); ++i)
    result.outcomes[first_row + i].seconds_per_answer = seconds[i];

  auto const row = [&](std::size_t i) -> Outcome const& { return result.outcomes[first_row + i]; };
  result.summary +=
      text(" ", verdict(row(1), "Deep prompts", row(0), "the pooler and a head"), " ",
           verdict(row(2), "Approximated prompts", row(0), "the pooler and a head"), " ",
           "With the layers that DAS leaves out an answer takes ", report::duration(seconds[3]),
           ", ", report::fixed(100 * seconds[3] / seconds[0], 0), " % of the ",
           report::duration(seconds[0]), " of the dense model.");
  result.facts.push_back(
      {"Layers skipped", text(listed(plans), "; found in ", report::duration(search_seconds),
                              " on the questions that are learnt from")});
  result.below += text("Layers that DAS left out: ", listed(plans), ".\n");
  result.notes.push_back(
      "The time of an answer is the median of 101 rounds in which all models take their turn, the "
      "picture read and its words known before; it depends on the machine.");
}

}  // namespace vlpt::cli
