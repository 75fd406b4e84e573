#include "tune_questions.hpp"

#include <algorithm>
#include <iostream>

#include "../command.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/write_file.hpp"

namespace vlpt::cli {

void tune_questions(io::ModelFolder const& folder, Shared const& asked,
                    std::filesystem::path const& train, std::filesystem::path const& test,
                    QuestionRun const& run, std::filesystem::path const& out, bool strict) {
  VLPT_CHECK(!test.empty(), folder.path.string(),
             " answers questions: give --data and --test, two "
             "JSONL files of questions to learn from and to test on");
  auto const model = ViltModel::open(folder.path);
  auto const task = QuestionTask::of(train, test, model, strict);
  auto const& answers = task.train.class_names();
  Progress progress(asked);
  make_folder(out);
  auto const done = run_questions(model, task, run, progress);
  progress.finish();
  auto const delta = out / (run.policy.name + ".delta");
  std::string const recipe = text("shots ", run.shots, ", batch ", run.batch, ", seed ", run.seed,
                                  ", epochs ", done.curve.size());
  done.answerer->save_delta(delta, {.class_names = answers, .recipe = recipe});
  bool const unchanged = done.before == done.after;
  Index const tested = run.tested > 0 ? std::min(run.tested, task.test.size()) : task.test.size();
  io::Json const json{{"policy", run.policy.name},
                      {"prompts", run.policy.prompts},
                      {"skip", done.plan.empty() ? "dense" : done.plan},
                      {"model", folder.path.string()},
                      {"data", train.string()},
                      {"answers", answers},
                      {"shots", run.shots},
                      {"seed", run.seed},
                      {"epochs", done.curve.size()},
                      {"batch", run.batch},
                      {"test_questions", tested},
                      {"accuracy", done.accuracy},
                      {"params_trained", done.trained},
                      {"macs", done.macs},
                      {"seconds_per_step", done.seconds_per_step},
                      {"backbone_before", done.before},
                      {"backbone_after", done.after},
                      {"backbone_unchanged", unchanged},
                      {"delta", delta.string()}};
  io::write_file(out / "result.json", std::string_view(json_text(json)));
  if (asked.json) return print_json(json);
  std::cout << done.label << ", on " << folder.path.string() << '\n'
            << train.string() << ": " << task.train.size() << " questions, " << answers.size()
            << " answers\n\ntest accuracy  " << report::percent(done.accuracy) << " % of " << tested
            << " questions\n"
            << (done.plan.empty() ? "" : "left out       " + layers_named(done.plan) + '\n')
            << "backbone       " << done.before.substr(0, 16) << " before, "
            << done.after.substr(0, 16) << " after: " << (unchanged ? "unchanged" : "CHANGED")
            << "\nwritten        " << delta.string() << ", " << (out / "result.json").string()
            << '\n';
}

}  // namespace vlpt::cli
