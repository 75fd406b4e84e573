// examples/models/tiny-clip: what lies there is what its card speaks of, vlpt computes what
// transformers does (tests/reference/tiny_clip.py wrote tiny_clip.json), and it knows emoji.
#include <boost/test/unit_test.hpp>
#include <map>

#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/dataset/emoji_set.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"
#include "vlpt/io/naming/clip.hpp"
#include "vlpt/io/sha256.hpp"
#include "vlpt/io/tokenizer/tokenizer.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/models/dual_encoder.hpp"

using namespace vlpt;

namespace {

using Clip = DualEncoder<arch::TinyClip>;
using ClipNet = Net<Clip, Cpu<float>>;

std::filesystem::path const folder =
    std::filesystem::path(VLPT_SOURCE_DIR) / "examples/models/tiny-clip";

io::Json recorded() {
  return io::parse_json<InputError>(
      io::read_file(std::filesystem::path(VLPT_SOURCE_DIR) / "tests/io/tiny_clip.json"),
      "tiny_clip.json");
}

/// The model, for texts as numbers of words.
ClipNet net_for(std::vector<std::vector<Index>> const& texts) {
  Clip::Settings s;
  for (auto const& t : texts) s.texts.tokens = std::max(s.texts.tokens, Index(t.size()));
  for (auto t : texts) {
    t.resize(static_cast<std::size_t>(s.texts.tokens), 0);
    s.texts.ids.insert(s.texts.ids.end(), t.begin(), t.end());
    ++s.texts.classes;
  }
  ClipNet net{Clip(s)};
  auto const report = io::bind(net, io::open_checkpoint(folder), io::naming::clip_hf());
  BOOST_TEST(report.loaded == net.parameters().size());
  return net;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tiny_clip)

BOOST_AUTO_TEST_CASE(the_file_is_the_one_of_the_card) {
  std::string const file = io::read_file(folder / "model.safetensors");
  BOOST_TEST(file.size() <= 4'000'000);
  std::string const card = io::read_file(folder / "README.md");
  io::Sha256 hash;
  hash.update(std::as_bytes(std::span(file)));
  BOOST_TEST(card.find(hash.hex()) != std::string::npos);
  auto const config = io::parse_json<InputError>(io::read_file(folder / "config.json"), "config");
  BOOST_TEST(config["model_type"] == "clip");
  BOOST_TEST(config["vision_config"]["hidden_size"] == arch::TinyClip::dim);
  BOOST_TEST(config["text_config"]["vocab_size"] == arch::TinyClip::Text::vocabulary);
  auto const made = io::read_preprocess(folder);
  BOOST_TEST(made.size == arch::TinyClip::image);
  BOOST_TEST(made.channels == 3);
}

BOOST_AUTO_TEST_CASE(its_logits_are_those_of_transformers) {
  auto const json = recorded();
  auto const ids = json["ids"].get<std::vector<std::vector<Index>>>();
  auto const tokenizer = io::Tokenizer::open(folder);
  for (std::size_t k = 0; k < ids.size(); ++k)
    BOOST_TEST((tokenizer.encode(json["texts"][k].get<std::string>(), 24).ids == ids[k]));
  auto const net = net_for(ids);
  auto const& f = net.model().facts;
  Tensor<float> images(Shape{8, f.channels, f.image, f.image});
  Index at = 0;
  for (Index i = 0; i < 8; ++i)
    for (Index c = 0; c < 3; ++c)
      for (Index y = 0; y < f.image; ++y)
        for (Index x = 0; x < f.image; ++x) {
          Index const byte = ((x * (3 + i) + y * (7 - i) + c * 60 + i * 31) * (1 + i % 2)) % 256;
          images[at++] = static_cast<float>(byte) / 127.5F - 1;
        }
  auto const out = net(images);
  auto const wanted = json["logits"].get<std::vector<std::vector<double>>>();
  double worst = 0, least = 1e9, most = -1e9;
  for (Index i = 0; i < 8; ++i)
    for (Index k = 0; k < out.shape[1]; ++k) {
      double const w = wanted[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)];
      worst = std::max(worst, std::abs(double{out.view()(i, k)} - w));
      least = std::min(least, w), most = std::max(most, w);
    }
  BOOST_TEST_MESSAGE("largest difference from transformers: " << worst);
  BOOST_TEST(worst < 1e-4);
  BOOST_TEST(most - least > 1);  // the pictures do differ
}

BOOST_AUTO_TEST_CASE(emoji_find_their_names) {
  if (!io::is_there(io::EmojiSet::usual_font) || !io::is_there(io::EmojiSet::usual_names)) {
    BOOST_TEST_MESSAGE("skipped: fonts-noto-color-emoji or unicode-data is not installed");
    return;
  }
  auto const net = net_for(recorded()["ids"].get<std::vector<std::vector<Index>>>());
  std::map<std::string, Index> const texts{
      {"red circle", 0}, {"dress", 1}, {"fire engine", 2}, {"piñata", 3}, {"twelve o’clock", 4}};
  auto const set = io::EmojiSet::open();
  auto const preprocess = io::read_preprocess(folder);
  Index seen = 0;
  for (Index i = 0; i < set.size(); ++i) {
    auto const own = texts.find(set[i].name);
    if (own == texts.end()) continue;
    io::Image picture;
    set.image(i, picture);
    Tensor<float> pixels(Shape{1, 3, arch::TinyClip::image, arch::TinyClip::image});
    io::preprocess<float>(picture, preprocess, std::span(pixels.values));
    auto const out = net(pixels);
    auto const best = std::ranges::max_element(out.values) - out.values.begin();
    BOOST_TEST(best == own->second, own->first << " is taken for text " << best);
    ++seen;
  }
  BOOST_TEST(seen == 5);
}

BOOST_AUTO_TEST_SUITE_END()
