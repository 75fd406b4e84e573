// vlpt predict: the classes of single images, with probabilities.
#include <iostream>
#include <numeric>

#include "command.hpp"
#include "evaluation.hpp"
#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/decode_image.hpp"
#include "vqa/answerer.hpp"

namespace vlpt::cli {
namespace {

struct Options : Shared {
  std::vector<std::string> files, texts;
  std::string question;
  std::filesystem::path delta;
  Index top_k = 3;
  bool skip_bad = false, strict = false;
};

/// Who predicts, and what the classes are called.
struct Predictor {
  std::unique_ptr<Classifier> classifier;
  std::vector<std::string> names;
};

/// With a delta what was tuned; without one a dual encoder reads the texts, and another model has
/// the head of its own file.
Predictor predictor(io::ModelFolder const& folder, Options const& o) {
  bool const dual = std::holds_alternative<io::DualFamily>(folder.family);
  VLPT_CHECK(o.texts.empty() || dual, "--text has no effect with ", folder.path.string(), ", ",
             io::family_name(folder.family));
  if (!o.delta.empty()) {
    auto [classifier, info] = load_classifier(folder, o.delta, o.texts, o.strict);
    return {std::move(classifier), info.class_names};
  }
  ClassifierSettings settings{.policy = checked({.name = "none"}), .strict = o.strict};
  if (dual) {
    VLPT_CHECK(!o.texts.empty(),
               "give the texts to choose from, --text \"a photo of a cat\" --text "
               "..., or a --delta");
    settings.class_names = settings.texts = o.texts;
  } else {
    Index const classes = folder.vision().classes;
    VLPT_CHECK(classes > 0, folder.path.string(),
               " has no head of its own, so a --delta is needed: vlpt tune writes one");
    settings.own_head = true, settings.class_names = folder.labels;
    for (auto k = static_cast<Index>(folder.labels.size()); k < classes; ++k)
      settings.class_names.push_back(text("class ", k));
  }
  return {make_classifier(folder, settings), settings.class_names};
}

/// Logits of the classes, and what they are called.
struct Prediction {
  Tensor<float> logits;
  std::vector<std::string> names;
  bool independent = false;  // each class has a probability of its own: a sigmoid, no softmax
};

/// A question about each picture: of a delta, or of the head in the model's own file, which was
/// trained on answers of many people with a yes or no to each (binary cross-entropy).
Prediction answered(io::ModelFolder const& folder, std::vector<std::string> const& files,
                    Options const& o) {
  VLPT_CHECK(!o.question.empty(), folder.path.string(), " answers questions: give --question TEXT");
  auto const model = ViltModel::open(folder.path);
  if (!o.delta.empty()) {
    auto const [answerer, info] = load_answerer(model, o.delta);
    return {answerer->answer(o.question, files, o.strict), info.class_names};
  }
  Index const answers = folder.as<io::SingleStreamFamily>().classes;
  VLPT_CHECK(answers > 0, folder.path.string(),
             " has no head of its own, so a --delta is needed: vlpt tune writes one");
  auto const answerer = make_answerer(
      model, {.policy = checked({.name = "none"}), .answers = answers, .own_head = true});
  auto names = folder.labels;
  for (auto k = static_cast<Index>(names.size()); k < answers; ++k)
    names.push_back(text("answer ", k));
  return {answerer->answer(o.question, files, o.strict), std::move(names), true};
}

Prediction classified(io::ModelFolder const& folder, std::vector<std::string> const& files,
                      Options const& o) {
  if (std::holds_alternative<io::SingleStreamFamily>(folder.family))
    return answered(folder, files, o);
  VLPT_CHECK(o.question.empty(), "--question has no effect with ", folder.path.string(), ", ",
             io::family_name(folder.family));
  auto const [classifier, names] = predictor(folder, o);
  std::vector<Index> all(files.size());
  std::iota(all.begin(), all.end(), Index{0});
  Progress progress(o);
  progress.start("predict", static_cast<Index>(all.size()));
  return {classifier->logits(Images{Pictures{files, names}}, all, progress), names};
}

void run(Options const& o) {
  auto const folder = io::ModelFolder::open(find_model(o.model));
  std::vector<std::string> good;
  io::Json bad = io::Json::array();
  for (std::string const& file : o.files) try {  // each is decoded once before any is classified
      (void)io::load_image(file);
      good.push_back(file);
    } catch (InputError const& e) {
      if (!o.skip_bad) throw;
      bad.push_back({{"file", file}, {"reason", e.what()}});
    }
  VLPT_CHECK(!good.empty(), "none of the ", o.files.size(),
             " images can be decoded, the first: ", bad.front()["reason"].get<std::string>());
  auto const [logits, names, independent] = classified(folder, good, o);
  auto* const chances = independent ? independent_probabilities : probabilities;
  io::Json json{{"delta", o.delta.string()},
                {"probabilities", independent ? "sigmoid" : "softmax"},
                {"images", io::Json::array()},
                {"skipped", bad}};
  TextTable table({"image", "class", "probability"});
  for (Index i = 0; i < logits.shape[0]; ++i) {
    std::string const& file = good[static_cast<std::size_t>(i)];
    io::Json top = io::Json::array();
    for (auto const& [k, p] : best_classes(chances(logits.view(), i), o.top_k)) {
      table.add({top.empty() ? file : "", names[k], report::percent(p) + " %"});
      top.push_back({{"class", names[k]}, {"probability", p}});
    }
    json["images"].push_back({{"file", file}, {"top", top}});
  }
  if (o.json) return print_json(json);
  std::cout << table.str();
  if (independent) std::cout << "each answer is a yes or no of its own: they do not sum to 100 %\n";
  for (auto const& one : bad)
    std::cout << "skipped        " << printable(one["reason"].get<std::string>()) << '\n';
}

}  // namespace

void add_predict(CLI::App& app) {
  auto* const c = app.add_subcommand("predict", "Classes of single images");
  auto const o = std::make_shared<Options>();
  c->add_option("IMAGE", o->files, "PNG or JPEG files")->required();
  add_text(*c, {"--delta", "FILE", "What vlpt tune wrote"}, o->delta);
  c->add_option("--text", o->texts, "A text to choose, with a dual encoder; may be given again")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  add_text(*c, {"--question", "TEXT", "About each image, with a model that answers questions"},
           o->question);
  add_number(*c, {"--top-k", "K", "Name at most so many classes"}, o->top_k, Range<Index>{1, 1000});
  c->add_flag("--skip-bad", o->skip_bad, "Go on when an image cannot be decoded");
  c->add_flag("--strict", o->strict, "A text that is too long is an error, not cut");
  add_model(*c, *o);
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer(
      "Examples: vlpt predict a.png b.jpg --delta my-run/deep.delta\n"
      "          vlpt predict a.png --model clip --text \"a photo of a cat\" --text \"a dog\"\n"
      "          vlpt predict a.png --model vilt --question \"what is it?\"");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
