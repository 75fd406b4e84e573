// vlpt eval: how good a delta is on labelled images.
#include <iostream>

#include "command.hpp"
#include "data_choice.hpp"
#include "evaluation.hpp"
#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"

namespace vlpt::cli {
namespace {

struct Options : Shared {
  DataChoice data;
  std::filesystem::path delta, split;
  Index limit = 0;
};

/// What to test on: the data's test part; else all images, without those that the split names as
/// learnt from.
std::vector<Index> choose(Data const& data, Options const& o) {
  std::vector<Index> rest;
  std::vector<bool> seen(static_cast<std::size_t>(data.train.size()));
  Images const& images = data.test ? *data.test : data.train;
  if (!o.split.empty() && !data.test) {
    io::Json const json = io::parse_json(io::read_file(o.split), o.split.string());
    VLPT_CHECK(json.is_object(), o.split.string(), ": this is no split.json");
    for (char const* part : {"indices", "valid"})
      for (io::Json const& i : json.value(part, io::Json::array())) {
        VLPT_CHECK(i.is_number_unsigned() && i.get<std::uint64_t>() < seen.size(), o.split.string(),
                   ": ", i.dump(), " is no image of ", data.name, ", which has ", seen.size());
        seen[i.get<std::size_t>()] = true;
      }
  }
  for (Index i = 0; i < images.size(); ++i)
    if (data.test || !seen[static_cast<std::size_t>(i)]) rest.push_back(i);
  VLPT_CHECK(!rest.empty(), data.name, ": the split leaves no images to test on");
  std::vector<Index> out;
  for (Index i : evenly(static_cast<Index>(rest.size()), o.limit))
    out.push_back(rest[static_cast<std::size_t>(i)]);
  return out;
}

void run(Options const& o) {
  VLPT_CHECK(o.limit >= 0, "--limit is 0 or more, got ", o.limit);
  auto const folder = io::ModelFolder::open(find_model(o.model));
  auto const [classifier, info] = load_classifier(folder, o.delta);
  Data const data = open_data(o.data);
  Images const& images = data.test ? *data.test : data.train;
  VLPT_CHECK(images.class_names() == info.class_names, data.name, " has the classes ",
             listed(images.class_names()), "; ", o.delta.string(), " was tuned for ",
             listed(info.class_names));
  auto const indices = choose(data, o);
  require_readable(images, indices);
  Progress progress(!o.no_progress);
  progress.start("eval", static_cast<Index>(indices.size()));
  auto const result = evaluate(*classifier, images, indices, progress);
  progress.finish();
  Confusion const& c = result.confusion;
  Index const prompts = io::count_in(info.settings, "prompts");
  if (o.json) {
    io::Json json{{"delta", o.delta.string()},   {"policy", info.method},
                  {"prompts", prompts},          {"model", folder.path.string()},
                  {"data", data.name},           {"images", indices.size()},
                  {"accuracy", c.accuracy()},    {"mean_class_accuracy", c.mean_class_accuracy()},
                  {"classes", io::Json::array()}};
    for (Index k = 0; k < c.classes(); ++k)
      json["classes"].push_back({{"name", info.class_names[static_cast<std::size_t>(k)]},
                                 {"images", c.samples(k)},
                                 {"accuracy", c.class_accuracy(k)}});
    return print_json(json);
  }
  TextTable table({"class", "images", "accuracy"});
  for (Index k = 0; k < c.classes(); ++k)
    table.add({info.class_names[static_cast<std::size_t>(k)], report::grouped(c.samples(k)),
               c.samples(k) == 0 ? "-" : report::percent(c.class_accuracy(k)) + " %"});
  table.add({"mean over classes", "", report::percent(c.mean_class_accuracy()) + " %"});
  table.add({"all images", report::grouped(static_cast<Index>(indices.size())),
             report::percent(c.accuracy()) + " %"});
  std::cout << info.method << (prompts > 0 ? text(", ", prompts, " prompts") : "") << ", on "
            << data.name << "\n\n"
            << table.str();
}

}  // namespace

void add_eval(CLI::App& app) {
  auto* const c = app.add_subcommand("eval", "Accuracy of a delta on labelled images");
  auto const o = std::make_shared<Options>();
  c->add_option("--delta", o->delta, "What vlpt tune wrote")->type_name("FILE")->required();
  c->add_option("--data", o->data.data, "As for vlpt tune; its test part where it has one")
      ->type_name("PATH")
      ->capture_default_str();
  c->add_option("--test", o->data.test, "Folder of test images instead")->type_name("PATH");
  c->add_option("--split", o->split, "split.json: leave out the images that were learnt from")
      ->type_name("FILE");
  c->add_flag("--skip-bad", o->data.skip_bad, "Leave images out that cannot be decoded");
  c->add_option("--limit", o->limit, "At most N images, evenly spread")->type_name("N");
  add_model(*c, *o);
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer(
      "Example: vlpt eval --delta my-run/deep.delta --data my-images --split my-run/split.json");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
