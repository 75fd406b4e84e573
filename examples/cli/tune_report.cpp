#include "tune_report.hpp"

#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"

namespace vlpt::cli {
namespace {

std::string counts(Data const& data, Split const& split) {
  return text(split.train.size(), " of ", report::grouped(data.train.size()),
              " images to learn from", split.shots > 0 ? text(" (", split.shots, " a class)") : "",
              split.valid.empty() ? "" : text(", ", split.valid.size(), " to choose the epoch"),
              ", ", report::grouped(static_cast<Index>(split.test.size())), " to test on");
}

TextTable parts_table(Classifier const& classifier) {
  TextTable table({"part", "frozen", "trained"});
  Index frozen = 0, trained = 0;
  for (auto const& p : classifier.parts()) {
    table.add({p.name, report::grouped(p.frozen), report::grouped(p.trained)});
    frozen += p.frozen, trained += p.trained;
  }
  table.add({"together", report::grouped(frozen), report::grouped(trained)});
  return table;
}

}  // namespace

io::Json TuneReport::json() const {
  PolicyChoice const& p = choice.policy;
  io::Json json{{"policy", p.name},
                {"prompts", p.prompts},
                {"rank", p.rank},
                {"width", p.width},
                {"shortcut", p.shortcut},
                {"skip", p.skip.empty() ? "dense" : p.skip},
                {"model", folder.path.string()},
                {"data", data.name},
                {"classes", data.train.class_names()},
                {"shots", split.shots},
                {"seed", choice.seed},
                {"epochs", curve.size()},
                {"batch", choice.batch},
                {"lr", tuning.fit.learning_rate},
                {"train_images", split.train.size()},
                {"test_images", split.test.size()},
                {"accuracy", confusion.accuracy()},
                {"mean_class_accuracy", confusion.mean_class_accuracy()},
                {"params_trained", cost.trainable},
                {"macs", cost.macs},
                {"seconds_per_step", curve.back().seconds_per_step},
                {"backbone_before", before},
                {"backbone_after", after},
                {"backbone_unchanged", unchanged()},
                {"delta", delta.string()},
                {"skipped", skipped_json(data)},
                {"curve", io::Json::array()}};
  if (cache) json["cache"] = {{"images", cache->samples}, {"bytes", cache->bytes}};
  if (found)
    json["search"] = {{"epochs", found->curve.size()},
                      {"preferences", found->preferences},
                      {"skip", vlpt::text(found->plan)}};
  for (auto const& e : curve) {
    io::Json point{{"epoch", e.epoch + 1}, {"loss", e.train_loss}, {"train", e.train_accuracy}};
    if (e.valid_accuracy) point["valid"] = *e.valid_accuracy;
    json["curve"].push_back(point);
  }
  return json;
}

std::string TuneReport::text() const {
  PolicyChoice const& p = choice.policy;
  std::string const sizes = p.sizes();
  char const* const now = everything()  ? "what full tuning leaves frozen"
                          : unchanged() ? "unchanged"
                                        : "CHANGED";
  return vlpt::text(policy_facts(p.name, folder).label, sizes.empty() ? "" : ", ", sizes, ", on ",
                    folder.path.string(), '\n', data.name, ": ", data.train.class_names().size(),
                    " classes, ", counts(data, split), "\n\n", parts_table(classifier).str(),
                    "\ntest accuracy  ", report::percent(confusion.accuracy()),
                    " %  (mean over classes ", report::percent(confusion.mean_class_accuracy()),
                    " %)\nbackbone       ", before.substr(0, 16), " before, ", after.substr(0, 16),
                    " after: ", now, '\n', skipped_line(data));
}

}  // namespace vlpt::cli
