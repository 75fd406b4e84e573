// vlpt eval: how good a delta is on labelled images, or on questions.
#include <algorithm>
#include <iostream>

#include "command.hpp"
#include "evaluation.hpp"
#include "split.hpp"
#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vqa/questions.hpp"

namespace vlpt::cli {
namespace {

struct Options : Shared {
  DataChoice data;
  std::filesystem::path delta, split;
  Index limit = 0, top_k = 5;
};

/// What to test on: the data's test part; else all images, without those that the split names as
/// learnt from.
std::vector<Index> choose(Data const& data, Options const& o) {
  std::vector<bool> seen(static_cast<std::size_t>(data.tested().size()));
  if (!o.split.empty()) {
    VLPT_CHECK(!data.test, "--split has no effect on ", data.name,
               ": it has test images of its own, and nothing was learnt from these");
    seen = seen_images(o.split, data);
  }
  std::vector<Index> rest, out;
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (!seen[i]) rest.push_back(static_cast<Index>(i));
  VLPT_CHECK(!rest.empty(), data.name, ": the split leaves no images to test on");
  for (Index i : evenly(static_cast<Index>(rest.size()), o.limit))
    out.push_back(rest[static_cast<std::size_t>(i)]);
  return out;
}

/// What came of a test on pictures, or on questions about them.
struct Tested {
  io::DeltaInfo info;
  std::string data;
  Evaluation result;
  std::string things = "images";
  io::Json skipped = io::Json::array();
  std::string skipped_line{};
};

Tested test_images(io::ModelFolder const& folder, Options const& o) {
  auto const [classifier, info] = load_classifier(folder, o.delta);
  Data const data = open_data(o.data);
  Images const& images = data.tested();
  VLPT_CHECK(images.class_names() == info.class_names, data.name, " has the classes ",
             listed(images.class_names()), "; ", o.delta.string(), " was tuned for ",
             listed(info.class_names));
  auto const indices = choose(data, o);
  require_readable(data, {{.test = indices}});
  Progress progress(o);
  progress.start("eval", static_cast<Index>(indices.size()));
  auto result = evaluate(*classifier, images, indices, progress);
  progress.finish();
  return {info, data.name, std::move(result), "images", skipped_json(data), skipped_line(data)};
}

/// The questions of --test, else of --data: a JSONL file whose answers are the delta's.
Tested test_questions(CLI::App const& command, io::ModelFolder const& folder, Options const& o) {
  for (char const* option : {"--split", "--skip-bad"})
    require_effect(command, option, false, "with a model that answers questions");
  std::string const file = o.data.test.empty() ? o.data.data : o.data.test;
  VLPT_CHECK(command.count("--data") + command.count("--test") > 0, folder.path.string(),
             " answers questions: give --data, a JSONL file of questions to test on");
  auto const model = ViltModel::open(folder.path);
  auto const [answerer, info] = load_answerer(model, o.delta);
  io::QuestionLines const questions(file, {.answers = info.class_names});
  (void)longest_of(questions, model, false);  // tells what is cut
  auto const indices = evenly(questions.size(), o.limit);
  Progress progress(o);
  progress.start("eval", static_cast<Index>(indices.size()));
  auto result = evaluation_of(answerer->logits(questions, indices), questions, indices);
  progress.finish();
  return {info, file, std::move(result), "questions"};
}

void run(CLI::App const& command, Options const& o) {
  auto const folder = io::ModelFolder::open(find_model(o.model));
  Tested const t = std::holds_alternative<io::SingleStreamFamily>(folder.family)
                       ? test_questions(command, folder, o)
                       : test_images(folder, o);
  Confusion const& c = t.result.confusion;
  auto const& names = t.info.class_names;
  auto const count = static_cast<Index>(t.result.labels.size());
  PolicyChoice const policy = policy_of_delta(t.info);
  if (o.json) {
    io::Json json{{"delta", o.delta.string()},
                  {"policy", t.info.method},
                  {"prompts", policy.prompts},
                  {"skip", policy.skip.empty() ? "dense" : policy.skip},
                  {"model", folder.path.string()},
                  {"data", t.data},
                  {t.things, count},
                  {"accuracy", c.accuracy()},
                  {"mean_class_accuracy", c.mean_class_accuracy()},
                  {"top_k", o.top_k},
                  {"recall_at_k", t.result.recall_at(o.top_k)},
                  {"skipped", t.skipped},
                  {"classes", io::Json::array()}};
    for (Index k = 0; k < c.classes(); ++k)
      json["classes"].push_back({{"name", names[static_cast<std::size_t>(k)]},
                                 {t.things, c.samples(k)},
                                 {"accuracy", c.class_accuracy(k)}});
    return print_json(json);
  }
  TextTable table({"class", t.things, "accuracy"});
  for (Index k = 0; k < c.classes(); ++k)
    table.add({names[static_cast<std::size_t>(k)], report::grouped(c.samples(k)),
               c.samples(k) == 0 ? "-" : report::percent(c.class_accuracy(k)) + " %"});
  table.add({"mean over classes", "", report::percent(c.mean_class_accuracy()) + " %"});
  table.add({"all " + t.things, report::grouped(count), report::percent(c.accuracy()) + " %"});
  Index const best = std::min(o.top_k, c.classes());
  table.add(
      {text("among the ", best, " best"), "", report::percent(t.result.recall_at(best)) + " %"});
  std::string const sizes = policy.sizes();
  std::cout << t.info.method << (sizes.empty() ? "" : ", " + sizes) << ", on " << t.data << "\n\n"
            << table.str() << t.skipped_line;
}

}  // namespace

void add_eval(CLI::App& app) {
  auto* const c = app.add_subcommand("eval", "Accuracy of a delta on labelled images or questions");
  auto const o = std::make_shared<Options>();
  add_text(*c, {"--delta", "FILE", "What vlpt tune wrote"}, o->delta)->required();
  add_text(*c,
           {"--data", "PATH", "As for vlpt tune: its test part where it has one, or a JSONL file"},
           o->data.data);
  add_text(*c, {"--test", "PATH", "Folder of test images, or JSONL file, instead"}, o->data.test);
  add_text(*c, {"--split", "FILE", "split.json: leave out the images that were learnt from"},
           o->split);
  c->add_flag("--skip-bad", o->data.skip_bad, "Leave images out that cannot be decoded");
  add_number(*c, {"--limit", "N", "At most N images, evenly spread; 0: all"}, o->limit,
             image_counts);
  add_number(*c, {"--top-k", "K", "Recall at K: the class is among the K best"}, o->top_k,
             Range<Index>{1, 1000});
  add_model(*c, *o);
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer(
      "Example: vlpt eval --delta my-run/deep.delta --data my-images --split my-run/split.json");
  c->callback([c, o] { run(*c, *o); });
}

}  // namespace vlpt::cli
