// vlpt predict: the classes of single images, with probabilities.
#include <iostream>
#include <numeric>

#include "command.hpp"
#include "evaluation.hpp"
#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/decode_image.hpp"

namespace vlpt::cli {
namespace {

struct Options : Shared {
  std::vector<std::string> files;
  std::filesystem::path delta;
  Index top_k = 3;
  bool skip_bad = false;
};

void run(Options const& o) {
  auto const folder = io::ModelFolder::open(find_model(o.model));
  auto const [classifier, info] = load_classifier(folder, o.delta);
  auto const& names = info.class_names;
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
  std::vector<Index> all(good.size());
  std::iota(all.begin(), all.end(), Index{0});
  Progress progress(o);
  progress.start("predict", static_cast<Index>(all.size()));
  auto const logits = classifier->logits(Images{Pictures{good, names}}, all, progress);
  progress.finish();

  auto const k = std::min<std::size_t>(static_cast<std::size_t>(o.top_k), names.size());
  io::Json json{{"delta", o.delta.string()}, {"images", io::Json::array()}, {"skipped", bad}};
  TextTable table({"image", "class", "probability"});
  for (Index i : all) {
    auto const p = probabilities(logits.view(), i);
    std::vector<std::size_t> order(p.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p[a] > p[b]; });
    io::Json top = io::Json::array();
    std::string const& file = good[static_cast<std::size_t>(i)];
    for (std::size_t n = 0; n < k; ++n) {
      top.push_back({{"class", names[order[n]]}, {"probability", p[order[n]]}});
      table.add({n == 0 ? file : "", names[order[n]], report::percent(p[order[n]]) + " %"});
    }
    json["images"].push_back({{"file", file}, {"top", top}});
  }
  if (o.json) return print_json(json);
  std::cout << table.str();
  for (auto const& one : bad)
    std::cout << "skipped        " << printable(one["reason"].get<std::string>()) << '\n';
}

}  // namespace

void add_predict(CLI::App& app) {
  auto* const c = app.add_subcommand("predict", "Classes of single images");
  auto const o = std::make_shared<Options>();
  c->add_option("IMAGE", o->files, "PNG or JPEG files")->required();
  add_text(*c, {"--delta", "FILE", "What vlpt tune wrote"}, o->delta)->required();
  add_number(*c, {"--top-k", "K", "Name at most so many classes"}, o->top_k, Range<Index>{1, 1000});
  c->add_flag("--skip-bad", o->skip_bad, "Go on when an image cannot be decoded");
  add_model(*c, *o);
  add_no_progress(*c, *o);
  add_json(*c, *o);
  c->footer("Example: vlpt predict a.png b.jpg --delta my-run/deep.delta");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
