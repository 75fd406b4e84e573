#include "vlpt/io/match.hpp"

#include <boost/test/unit_test.hpp>
#include <numeric>

#include "scratch.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/vit_hf.hpp"
#include "vlpt/io/naming/vit_mae_hf.hpp"
#include "vlpt/io/save_named.hpp"

using namespace vlpt;
using io::Dtype;
using test::says;
using test::Scratch;

namespace {

constexpr Index dim = 4, hidden = 8, channels = 1, patch = 2, patches = 4;

std::vector<io::NamedTensor<double>> model(bool decoder) {
  std::vector<io::NamedTensor<double>> all;
  auto const add = [&](std::string name, Shape shape) {
    Tensor<double> t(shape);
    for (Index i = 0; i < t.size(); ++i)
      t[i] = static_cast<double>(all.size()) + 0.01 * static_cast<double>(i);
    all.push_back({std::move(name), std::move(t)});
  };
  auto const linear = [&](std::string const& name, Index out, Index in) {
    add(name + ".weight", {out, in});
    add(name + ".bias", {out});
  };
  auto const norm = [&](std::string const& name) {
    add(name + ".weight", {dim});
    add(name + ".bias", {dim});
  };
  auto const layers = [&](std::string const& stack) {
    for (char const* i : {"0", "1"}) {
      norm(stack + i + ".norm1");
      linear(stack + i + ".attention.qkv", 3 * dim, dim);
      linear(stack + i + ".attention.out", dim, dim);
      norm(stack + i + ".norm2");
      linear(stack + i + ".mlp.fc1", hidden, dim);
      linear(stack + i + ".mlp.fc2", dim, hidden);
    }
  };
  linear("embed.patches", dim, channels * patch * patch);
  add("embed.class_row", {1, dim});
  add("embed.positions", {1 + patches, dim});
  layers("layers.");
  norm("norm");
  if (!decoder) return all;
  linear("decoder.embed", dim, dim);
  add("decoder.mask_row", {1, dim});
  add("decoder.positions", {1 + patches, dim});
  layers("decoder.layers.");
  norm("decoder.norm");
  linear("decoder.predict", patch * patch * channels, dim);
  return all;
}

io::Manifest manifest(std::vector<io::NamedTensor<double>> const& tensors) {
  io::Manifest m;
  for (auto const& [name, tensor] : tensors) m.push_back({name, tensor.shape});
  return m;
}

template <class T>
void same(io::BindPlan const& plan, std::vector<io::NamedTensor<double>> const& tensors) {
  BOOST_TEST(plan.size() == static_cast<Index>(tensors.size()));
  for (Index i = 0; i < plan.size(); ++i) {
    auto const& want = tensors[static_cast<std::size_t>(i)];
    auto const got = plan.read<T>(i);
    BOOST_TEST(plan.entry(i).name == want.name);
    BOOST_TEST((got.shape == want.tensor.shape));
    for (Index k = 0; k < got.size(); ++k) BOOST_TEST(got[k] == static_cast<T>(want.tensor[k]));
  }
}

std::string refusal(std::filesystem::path const& path, io::Manifest const& m, io::Naming const& n) {
  auto const checkpoint = io::open_checkpoint(path);
  try {
    (void)io::match(m, checkpoint, n);
  } catch (CheckpointError const& e) {
    return e.what();
  }
  return "it was accepted";
}
bool holds(std::string const& message, std::string const& part) {
  return message.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(matching)

BOOST_AUTO_TEST_CASE(every_family_round_trips) {
  Scratch const s;
  for (auto const& n : {io::naming::vit_mae_hf(), io::naming::timm(), io::naming::vit_hf()}) {
    auto const tensors = model(n.family != "vit_hf");
    io::save_named(s / "x", tensors, n, channels, Dtype::F64);
    auto const checkpoint = io::open_checkpoint(s / "x");
    auto const plan = io::match(manifest(tensors), checkpoint, n);
    same<double>(plan, tensors);
    same<float>(plan, tensors);
    BOOST_TEST(plan.report().ignored.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_file_has_the_shapes_of_its_family) {
  Scratch const s;
  io::save_named(s / "x", model(true), io::naming::vit_mae_hf(), channels, Dtype::F16,
                 {{"seed", "1"}});
  auto const file = io::Safetensors::open(s / "x");
  auto const is = [&](char const* name, Shape shape) {
    BOOST_TEST_REQUIRE(file.find(name) != nullptr, name);
    BOOST_TEST((file.find(name)->shape == shape), name);
  };
  is("vit.embeddings.patch_embeddings.projection.weight", {dim, channels, patch, patch});
  is("vit.embeddings.cls_token", {1, 1, dim});
  is("vit.embeddings.position_embeddings", {1, 1 + patches, dim});
  is("vit.encoder.layer.1.attention.attention.value.weight", {dim, dim});
  is("vit.encoder.layer.1.attention.attention.value.bias", {dim});
  is("decoder.mask_token", {1, 1, dim});
  is("decoder.decoder_pos_embed", {1, 1 + patches, dim});
  is("decoder.decoder_pred.weight", {patch * patch * channels, dim});
  BOOST_TEST(file.metadata().at("format") == "pt");
  BOOST_TEST(file.metadata().at("seed") == "1");
}

BOOST_AUTO_TEST_CASE(a_decoder_is_ignored_and_reported) {
  Scratch const s;
  io::save_named(s / "x", model(true), io::naming::vit_mae_hf(), channels, Dtype::F64);
  auto const checkpoint = io::open_checkpoint(s / "x");
  auto const encoder = model(false);
  auto const plan = io::match(manifest(encoder), checkpoint, io::naming::vit_mae_hf());
  same<double>(plan, encoder);
  BOOST_TEST(plan.report().loaded == encoder.size());
  BOOST_TEST(holds(text(plan.report()), "ignored 40: decoder.decoder_embed.bias, "));
  (void)io::match(manifest(encoder), checkpoint, io::naming::vit_hf());
}

BOOST_AUTO_TEST_CASE(other_prefixes_and_transposition) {
  Scratch const s;
  auto const tensors = model(false);
  auto moco = io::naming::timm();
  for (auto& rule : moco.rules)
    for (auto& name : rule.names) name = "module.base_encoder." + name;
  io::save_named(s / "x", tensors, moco, channels, Dtype::F64);
  auto const checkpoint = io::open_checkpoint(s / "x");
  same<double>(io::match(manifest(tensors), checkpoint, io::naming::timm()), tensors);

  auto turned = io::naming::timm();
  for (auto& rule : turned.rules)
    if (rule.canonical == "layers.*.mlp.fc1.*")
      rule = {"layers.*.mlp.fc1.weight", {"w.*"}, {}, true};
  turned.rules.push_back({"layers.*.mlp.fc1.bias", {"b.*"}});
  io::save_named(s / "y", tensors, turned, channels, Dtype::F64);
  auto const other = io::open_checkpoint(s / "y");
  BOOST_TEST((other.find("w.1").record->shape == Shape{dim, hidden}));
  same<double>(io::match(manifest(tensors), other, turned), tensors);
}

BOOST_AUTO_TEST_CASE(one_error_lists_everything) {
  Scratch const s;
  auto tensors = model(false);
  io::Manifest m = manifest(tensors);
  for (auto& e : m) {
    if (e.name == "layers.1.attention.qkv.weight") e.shape = {3 * dim, dim + 1};
    if (e.name == "embed.patches.weight") e.shape = {dim, 9};
    if (e.name == "norm.bias") e.shape = {dim + 1};
  }
  m.push_back({"layers.2.norm1.weight", {dim}});
  m.push_back({"head.weight", {10, dim}});
  m.push_back({"soup", {1}});
  io::Naming odd = io::naming::vit_hf();
  odd.rules.push_back({"extra", {"vit.encoder.layer.0.bonus"}});
  tensors.push_back({"extra", Tensor<double>({2})});
  io::save_named(s / "x", tensors, odd, channels, Dtype::F32);
  std::string const message = refusal(s / "x", m, io::naming::vit_hf());
  BOOST_TEST_MESSAGE(message);
  for (char const* part :
       {"does not fit the model (names of vit_hf):",
        "layers.1.attention.qkv.weight: file (12, 4), model (12, 5)",
        "embed.patches.weight: file (4, 1, 2, 2), model (4, 9)", "norm.bias: file (4), model (5)",
        "missing: layers.2.norm1.weight (vit.encoder.layer.2.layernorm_before.weight)",
        "missing: head.weight (classifier.weight)", "missing: soup, which",
        "unexpected: vit.encoder.layer.0.bonus (2)"})
    BOOST_TEST(holds(message, part), part);
}

BOOST_AUTO_TEST_CASE(near_names) {
  Scratch const s;
  io::Naming misspelt = io::naming::vit_hf();
  for (auto& rule : misspelt.rules)
    if (rule.canonical == "norm.*") rule.names = {"vit.layrnorm.*"};
  io::save_named(s / "x", model(false), misspelt, channels, Dtype::F32);
  std::string const message = refusal(s / "x", manifest(model(false)), io::naming::vit_hf());
  BOOST_TEST(
      holds(message, "missing: norm.weight (vit.layernorm.weight); near: vit.layrnorm.weight"));
  BOOST_TEST(holds(message, "unexpected: vit.layrnorm.bias"));
}

BOOST_AUTO_TEST_CASE(parts_that_do_not_join_and_wrong_types) {
  Scratch const s;
  std::vector<double> const v(32);
  auto const f = [&](char const* name, Shape shape) {
    return io::encode<double>(
        name, shape, std::span(v).first(static_cast<std::size_t>(shape.size())), Dtype::F32);
  };
  std::vector<std::int64_t> const n(4);
  io::Naming const table{"table", {{"a", {"q", "k"}}, {"b", {"n"}}}, "", {}, {}};
  io::save_safetensors(
      s / "x", {f("q", {2, 4}), f("k", {2, 3}), io::encode<std::int64_t>("n", {4}, n, Dtype::I64)});
  std::string const message = refusal(s / "x", {{"a", {4, 4}}, {"b", {4}}}, table);
  BOOST_TEST(holds(message, "a: file (2, 4) + (2, 3), model (4, 4)"));
  BOOST_TEST(holds(message, "n: file I64, model floating-point"));
}

BOOST_AUTO_TEST_CASE(nan_weights_are_named) {
  Scratch const s;
  auto tensors = model(false);
  for (auto& t : tensors)
    if (t.name == "layers.0.attention.qkv.weight") t.tensor[dim * dim + 2] = std::nan("");
  io::save_named(s / "x", tensors, io::naming::vit_hf(), channels, Dtype::F16);
  auto const checkpoint = io::open_checkpoint(s / "x");
  auto const plan = io::match(manifest(tensors), checkpoint, io::naming::vit_hf());
  auto const read = [&] {
    for (Index i = 0; i < plan.size(); ++i) (void)plan.read<float>(i);
  };
  BOOST_CHECK_EXCEPTION(
      read(), CheckpointError,
      says("vit.encoder.layer.0.attention.attention.key.weight", "nan", "element 2"));
}

BOOST_AUTO_TEST_SUITE_END()
