// vlpt features: what a model makes of pictures and texts.
#include "features.hpp"

#include <cmath>
#include <iostream>

#include "../command.hpp"
#include "../printable.hpp"
#include "../range.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/io/decode_image.hpp"

namespace vlpt::cli {

Tensor<float> planes_of(io::Preprocess const& how, std::vector<std::string> const& files) {
  Tensor<float> out(Shape{static_cast<Index>(files.size()), how.channels, how.size, how.size});
  std::span<float> const all(out.data(), static_cast<std::size_t>(out.size()));
  auto const one = static_cast<std::size_t>(how.values());
  for (std::size_t i = 0; i < files.size(); ++i)
    io::preprocess<float>(io::load_image(files[i]), how, all.subspan(i * one, one));
  return out;
}

Tensor<float> checked_features(Tensor<float> features) {
  for (float const x : features.values)
    if (!std::isfinite(x))
      throw RunError(text("the model answers with ", std::isnan(x) ? "nan" : "infinity",
                          ", no finite number: its weights are out of range"));
  return features;
}

namespace {

struct Options : Shared {
  FeatureRequest request;
  Index resolution = 0;
};

io::Json rows(Tensor<float> const& t) {
  io::Json out = io::Json::array();
  auto const v = t.view();
  for (Index i = 0; i < v.rows; ++i) out.push_back(std::vector<float>(v.row(i), v.row(i) + v.cols));
  return out;
}

Features look(io::ModelFolder const& folder, FeatureRequest const& r) {
  if (std::holds_alternative<io::DualFamily>(folder.family)) return features_of_dual(folder, r);
  if (std::holds_alternative<io::SingleStreamFamily>(folder.family))
    return features_of_single_stream(folder, r);
  if (std::holds_alternative<io::TextFamily>(folder.family)) return features_of_texts(folder, r);
  VLPT_CHECK(!std::holds_alternative<io::TwoStreamFamily>(folder.family), folder.path.string(),
             " holds ", io::family_name(folder.family), " (names of ", folder.naming.family,
             "), which is read from C++ only: see docs/checkpoints.md, \"Text encoders, ViLT and "
             "METER\"");
  return features_of_vision(folder, r);
}

void run(Options const& o) {
  auto const folder = io::ModelFolder::open(find_model(o.model), {.image = o.resolution});
  Features const f = look(folder, o.request);
  io::Json json{{"model", folder.path.string()}};
  auto const add = [&](char const* name, std::optional<Tensor<float>> const& values) {
    if (values) json[name] = rows(*values);
  };
  add("image_features", f.images), add("text_features", f.texts);
  add("logits_per_image", f.logits_per_image);
  if (o.json) return print_json(json);
  auto const print = [&](char const* what, std::vector<std::string> const& names,
                         std::optional<Tensor<float>> const& values) {
    if (!values) return;
    std::cout << what << " (" << values->shape[0] << " x " << values->shape.cols() << ")\n";
    for (Index i = 0; i < values->shape[0]; ++i) {
      std::cout << "  " << printable(names[static_cast<std::size_t>(i)]) << ':';
      Index const shown = std::min<Index>(6, values->shape.cols());
      for (Index c = 0; c < shown; ++c) std::cout << ' ' << report::fixed(values->view()(i, c), 4);
      std::cout << (shown < values->shape.cols() ? " ...\n" : "\n");
    }
  };
  print("image features", o.request.images, f.images);
  print("text features", o.request.texts, f.texts);
  print("logits of each image for the texts", o.request.images, f.logits_per_image);
}

}  // namespace

void add_features(CLI::App& app) {
  auto* const c = app.add_subcommand("features", "What a model makes of pictures and texts");
  auto const o = std::make_shared<Options>();
  o->model = "examples/models/tiny-clip";
  c->add_option("--image", o->request.images, "A PNG or JPEG file; may be given again")
      ->type_name("FILE")
      ->allow_extra_args(false);
  c->add_option("--text", o->request.texts, "A text; may be given again")
      ->type_name("TEXT")
      ->allow_extra_args(false);
  add_number(*c, {"--resolution", "N", "Run at another image size: positions are interpolated"},
             o->resolution, Range<Index>{0, 4096});
  c->add_flag("--strict", o->request.strict, "A text that is too long is an error, not cut");
  add_model(*c, *o);
  add_json(*c, *o);
  c->footer(
      "Example: vlpt features --model clip --image cat.png --text \"a photo of a cat\" --json");
  c->callback([o] { run(*o); });
}

}  // namespace vlpt::cli
