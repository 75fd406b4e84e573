// vlpt retrieve: captions of pictures, found by a dual encoder from either side.
#include <algorithm>
#include <iostream>

#include "command.hpp"
#include "features/features.hpp"
#include "range.hpp"
#include "text_table.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/dataset/caption_table.hpp"

namespace vlpt::cli {
namespace {

struct Options : Shared {
  std::filesystem::path data;
  bool skip_bad = false, strict = false;
};

/// Pictures and captions that belong together, each picture once.
struct Pairs {
  FeatureRequest request;
  std::vector<Index> picture_of;  // of each caption

  explicit Pairs(io::CaptionTable const& table) {
    request.images.resize(static_cast<std::size_t>(table.pictures()));
    for (Index i = 0; i < table.size(); ++i) {
      request.texts.push_back(table.caption(i));
      picture_of.push_back(table.picture_of(i));
      request.images[static_cast<std::size_t>(table.picture_of(i))] = table.file(i).string();
    }
  }
};

/// How many of the others score higher than the best right one; of each question, a row.
template <class Score, class Right>
std::vector<Index> ranks(Index questions, Index answers, Score const& score, Right const& right) {
  std::vector<Index> out;
  for (Index q = 0; q < questions; ++q) {
    float best = -std::numeric_limits<float>::infinity();
    for (Index a = 0; a < answers; ++a)
      if (right(q, a)) best = std::max(best, score(q, a));
    Index better = 0;
    for (Index a = 0; a < answers; ++a)
      if (!right(q, a) && score(q, a) >= best) ++better;
    out.push_back(better);
  }
  return out;
}

double recall_at(std::vector<Index> const& ranks, Index k) {
  auto const found = std::ranges::count_if(ranks, [k](Index r) { return r < k; });
  return static_cast<double>(found) / static_cast<double>(ranks.size());
}

void run(Options const& o) {
  auto const folder = io::ModelFolder::open(find_model(o.model));
  io::CaptionTable const table(o.data, o.skip_bad ? io::BadLines::skip : io::BadLines::refuse);
  Pairs pairs(table);
  pairs.request.strict = o.strict;
  (void)folder.dual();
  auto const logits = *features_of_dual(folder, pairs.request).logits_per_image;
  auto const v = logits.view();
  auto const belongs = [&](Index image, Index caption) {
    return pairs.picture_of[static_cast<std::size_t>(caption)] == image;
  };
  auto const texts = ranks(
      v.rows, v.cols, [&](Index i, Index t) { return v(i, t); }, belongs);
  auto const images = ranks(
      v.cols, v.rows, [&](Index t, Index i) { return v(i, t); },
      [&](Index t, Index i) { return belongs(i, t); });
  io::Json json{{"model", folder.path.string()},
                {"data", o.data.string()},
                {"images", v.rows},
                {"captions", v.cols},
                {"skipped", table.skipped().size()}};
  TextTable shown({"recall at", "caption of an image", "image of a caption"});
  for (Index k : {1, 5, 10}) {
    json["text_recall"][text(k)] = recall_at(texts, k);
    json["image_recall"][text(k)] = recall_at(images, k);
    shown.add({text(k), report::percent(recall_at(texts, k)) + " %",
               report::percent(recall_at(images, k)) + " %"});
  }
  if (o.json) return print_json(json);
  std::cout << v.cols << " captions of " << v.rows << " images\n\n" << shown.str();
  if (!table.skipped().empty())
    std::cout << printable(io::summary(table.skipped(), table.size())) << '\n';
}

}  // namespace

void add_retrieve(CLI::App& app) {
  auto* const c =
      app.add_subcommand("retrieve", "How well a dual encoder finds captions and images");
  auto const o = std::make_shared<Options>();
  o->model = "examples/models/tiny-clip";
  add_text(*c, {"--data", "FILE", "A CSV file with the header file,caption"}, o->data)->required();
  c->add_flag("--skip-bad", o->skip_bad, "Leave lines out that are broken");
  c->add_flag("--strict", o->strict, "A text that is too long is an error, not cut");
  add_model(*c, *o);
  add_json(*c, *o);
  c->footer("Example: vlpt retrieve --model clip --data captions.csv");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
