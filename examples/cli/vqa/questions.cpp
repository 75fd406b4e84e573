#include "questions.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "../cut_text.hpp"
#include "../split.hpp"
#include "layer_choice.hpp"
#include "vlpt/io/dataset/few_shot.hpp"
#include "vlpt/io/image.hpp"
#include "vlpt/train/metrics.hpp"

namespace vlpt::cli {
namespace {

QuestionTuning tuning_of(QuestionRun const& run, QuestionTask const& task, std::vector<Index> train,
                         Index epochs) {
  PolicyFacts const& policy = question_policy(run.policy.name).facts;
  QuestionTuning t{.questions = task.train,
                   .train = std::move(train),
                   .weight_decay = run.weight_decay.value_or(policy.weight_decay)};
  t.fit.epochs = epochs, t.fit.batch = run.batch, t.fit.seed = run.seed;
  t.fit.learning_rate = run.learning_rate.value_or(policy.learning_rate);
  Index const steps = epochs * steps_of_epoch(static_cast<Index>(t.train.size()), t.fit);
  t.fit.schedule = {
      .kind = Schedule::Kind::cosine, .total_steps = steps, .warmup_steps = steps / 10};
  return t;
}

/// Rows of the picture of question i, the class row included.
Index rows_of_picture(ViltModel const& model, io::QuestionLines const& questions, Index i) {
  io::Image picture;
  questions.image(i, picture);
  auto const& how = model.preprocess;
  auto const [width, height] = how.fit.scaled(picture.width, picture.height, how.size);
  Index const patch = model.facts.vision.patch, rows = (width / patch) * (height / patch);
  return 1 + std::min(rows, model.facts.max_patches);
}

double total_seconds(std::vector<EpochSummary> const& curve) {
  double sum = 0;
  for (auto const& e : curve) sum += e.seconds;
  return sum;
}

}  // namespace

QuestionTask QuestionTask::open(std::filesystem::path const& folder, std::string const& name,
                                ViltModel const& model) {
  return of(folder / (name + "-train.jsonl"), folder / (name + "-test.jsonl"), model);
}

QuestionTask QuestionTask::of(std::filesystem::path const& train_file,
                              std::filesystem::path const& test_file, ViltModel const& model,
                              bool strict) {
  io::QuestionLines train(train_file);
  io::QuestionLines test(test_file, {.answers = train.class_names()});
  Index words = 0, rows = 0;
  for (auto const* set : {&train, &test}) {
    words = std::max(words, longest_of(*set, model, strict));
    std::vector<bool> seen(static_cast<std::size_t>(set->pictures()));
    for (Index i = 0; i < set->size(); ++i) {
      auto const picture = static_cast<std::size_t>(set->picture_of(i));
      if (!seen[picture]) rows = std::max(rows, rows_of_picture(model, *set, i));
      seen[picture] = true;
    }
  }
  return {std::move(train), std::move(test), words, rows};
}

Index longest_of(io::QuestionLines const& questions, ViltModel const& model, bool strict) {
  Index words = 0, longest = 0, cut = 0, count = 0;
  for (Index i = 0; i < questions.size(); ++i) {
    auto const encoded = model.tokenizer.encode(questions.question(i), model.facts.words);
    words = std::max(words, static_cast<Index>(encoded.ids.size()));
    if (encoded.cut > 0) ++count;
    if (encoded.cut > cut) cut = encoded.cut, longest = i;
  }
  if (count > 0) tell_cut(questions.question(longest), cut, model.facts.words, strict, count - 1);
  return words;
}

QuestionOutcome run_questions(ViltModel const& model, QuestionTask const& task,
                              QuestionRun const& run, Progress& progress) {
  PolicyFacts const& policy = question_policy(run.policy.name).facts;
  QuestionOutcome out;
  out.label = std::string(policy.label);
  auto const few = run.shots > 0 ? io::few_shot_split(task.train, run.shots, run.seed).indices
                                 : evenly(task.train.size(), 0);
  AnswererSettings settings{.policy = run.policy,
                            .answers = static_cast<Index>(task.train.class_names().size()),
                            .words = task.words,
                            .image_rows = task.image_rows,
                            .seed = run.seed};
  auto const train = [&](QuestionTuning const& t, std::string const& what) {
    progress.start(what, t.fit.epochs * steps_of_epoch(static_cast<Index>(few.size()), t.fit));
  };
  std::string const what = text(out.label, ", seed ", run.seed);
  if (policy.has_skip && run.policy.skip.empty()) {
    auto const t = tuning_of(run, task, few, run.search_epochs);
    auto const how =
        search_settings(model.facts.vision.depth, run.skip_layers, run.search_epochs, run.seed);
    TrainingWatch watch{progress, t.fit.epochs, false};
    train(t, what + ", search");
    auto const found = search_question_layers(model, settings, t, how, watch);
    settings.policy.skip = text(found.plan);
    out.search_seconds = total_seconds(found.curve);
  }
  out.plan = settings.policy.skip;
  out.answerer = make_answerer(model, settings);
  out.before = out.answerer->fingerprint();
  auto const t = tuning_of(run, task, few, run.epochs.value_or(policy.epochs));
  TrainingWatch watch{progress, t.fit.epochs, false};
  train(t, what);
  out.curve = out.answerer->tune(t, watch);
  double steps = 0;
  for (auto const& e : out.curve) steps += static_cast<double>(e.steps);
  out.seconds_per_step = total_seconds(out.curve) / steps;

  auto const tested = evenly(task.test.size(), run.tested);
  progress.start(what + ", test", static_cast<Index>(tested.size()));
  auto const logits = out.answerer->logits(task.test, tested);
  RunningMean right;
  for (Index i = 0; i < logits.shape[0]; ++i)
    right.add(best_class(logits.view(), i) == task.test.label(tested[static_cast<std::size_t>(i)])
                  ? 1
                  : 0);
  out.accuracy = right.value();
  out.after = out.answerer->fingerprint();
  Cost const cost = out.answerer->cost();
  out.trained = cost.trainable, out.macs = cost.macs;
  return out;
}

std::vector<double> seconds_of(std::vector<Answerer const*> const& answerers,
                               io::QuestionLines const& questions, Index rounds) {
  std::vector<std::vector<double>> all(answerers.size());
  for (Index r = 0; r < rounds; ++r)
    for (std::size_t a = 0; a < answerers.size(); ++a)
      all[a].push_back(answerers[a]->seconds(questions, r % questions.size()));
  std::vector<double> out;
  for (auto& times : all) {
    std::ranges::nth_element(times, times.begin() + std::ssize(times) / 2);
    out.push_back(times[times.size() / 2]);
  }
  return out;
}

}  // namespace vlpt::cli
