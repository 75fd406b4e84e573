#include "vlpt/io/checkpoint.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "scratch.hpp"
#include "vlpt/io/fingerprint.hpp"
#include "vlpt/io/safetensors_writer.hpp"

using namespace vlpt;
namespace fs = std::filesystem;
using io::Dtype;
using test::says;
using test::Scratch;

namespace {

std::vector<io::NamedTensor<float>> const first{{"a", Tensor<float>({2}, {1, 2})}};
std::vector<io::NamedTensor<float>> const second{{"b", Tensor<float>({1, 2}, {3, 4})}};
std::vector<io::NamedTensor<float>> const both{first[0], second[0]};

void shards(Scratch const& s, std::string const& map) {
  io::save_safetensors(s / "1.safetensors", first, {}, Dtype::F32);
  io::save_safetensors(s / "2.safetensors", second, {}, Dtype::F32);
  s.file("model.safetensors.index.json", map);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkpoint)

BOOST_AUTO_TEST_CASE(file_folder_and_shards_are_the_same) {
  Scratch const s, t;
  io::save_safetensors(s / "model.safetensors", both, {{"m", "1"}}, Dtype::F32);
  shards(t, R"({"metadata":{},"weight_map":{"a":"1.safetensors","b":"2.safetensors"}})");
  auto const file = io::open_checkpoint(s / "model.safetensors");
  auto const folder = io::open_checkpoint(s.path());
  auto const sharded = io::open_checkpoint(t.path());
  for (auto const* c : {&file, &folder, &sharded}) {
    BOOST_TEST(c->entries().size() == 2U);
    BOOST_TEST(c->read<float>("b")[1] == 4.0F);
    BOOST_TEST(io::fingerprint(*c) == io::fingerprint(file));
  }
  BOOST_CHECK_EXCEPTION((void)sharded.read<float>("c"), CheckpointError, says("c", "missing"));
}

BOOST_AUTO_TEST_CASE(bad_folders) {
  Scratch const s;
  BOOST_CHECK_EXCEPTION((void)io::open_checkpoint(s.path()), CheckpointError, says("neither"));
  BOOST_CHECK_EXCEPTION((void)io::open_checkpoint(s / "no"), CheckpointError, says("no such"));
  auto const refused = [&](std::string const& map, char const* what) {
    shards(s, map);
    BOOST_CHECK_EXCEPTION((void)io::open_checkpoint(s.path()), InputError, says(what));
  };
  refused("{", "JSON");
  refused("{}", "weight_map");
  refused(R"({"weight_map":{"a":7}})", "name of a file");
  refused(R"({"weight_map":{"a":"../1.safetensors"}})", "name of a file");
  refused(R"({"weight_map":{"a":"3.safetensors"}})", "3.safetensors");
  refused(R"({"weight_map":{"a":"1.safetensors","b":"1.safetensors"}})", "b is not in 1");
  refused(R"({"weight_map":{"b":"2.safetensors","c":"1.safetensors"}})", "c is not in 1");
  io::save_safetensors(s / "2.safetensors", both, {}, Dtype::F32);
  s.file("model.safetensors.index.json",
         R"({"weight_map":{"a":"1.safetensors","b":"2.safetensors"}})");
  BOOST_CHECK_EXCEPTION((void)io::open_checkpoint(s.path()), CheckpointError,
                        says("a of 2.safetensors"));
}

BOOST_AUTO_TEST_CASE(files_of_any_format_under_any_name) {
  fs::path const torch = fs::path(VLPT_SOURCE_DIR) / "tests/io/fixtures/torch/module.pth";
  auto const opens = [](fs::path const& path) {
    return io::open_checkpoint(path).read<float>("1.bias")[2];
  };
  BOOST_TEST(opens(torch) == 1.0F);
  for (char const* name : {"pytorch_model.bin", "open_clip_pytorch_model.bin", "only.pt",
                           "only.pth", "only.ckpt", "only.bin", "only.pth.tar", "odd.pth.tar-50"}) {
    Scratch const s;
    fs::copy(torch, s / name);
    s.file("config.json", "{}");
    BOOST_TEST(opens(s.path()) == 1.0F, name);
  }
  Scratch const s;  // bytes decide, whatever the name says
  fs::copy(torch, s / "model.safetensors");
  BOOST_TEST(opens(s.path()) == 1.0F);
  for (char const* name : {"pointer.safetensors", "pointer.bin"})
    BOOST_CHECK_EXCEPTION(
        (void)io::open_checkpoint(s.file(name,
                                         "version https://git-lfs.github.com/spec/v1\n"
                                         "oid sha256:ab\nsize 605247071\n")),
        CheckpointError, says(name, "git lfs pull"));
  io::save_safetensors(s / "really_safe.bin", first, {}, Dtype::F32);
  BOOST_TEST(io::open_checkpoint(s / "really_safe.bin").read<float>("a")[1] == 2.0F);
}

BOOST_AUTO_TEST_CASE(the_file_of_a_folder) {
  Scratch const s;
  auto const found = [&] { return io::find_tensor_file(s.path()).filename().string(); };
  BOOST_CHECK_EXCEPTION((void)found(), CheckpointError, says("neither", "no other file"));
  s.file("b.pth", "");
  BOOST_TEST(found() == "b.pth");
  s.file("a.ckpt", "");
  BOOST_CHECK_EXCEPTION((void)found(), CheckpointError, says("several", "a.ckpt, b.pth"));
  for (char const* name :
       {"open_clip_pytorch_model.bin", "pytorch_model.bin.index.json", "pytorch_model.bin",
        "open_clip_model.safetensors", "model.safetensors.index.json", "model.safetensors"}) {
    s.file(name, "");  // each goes before those above
    BOOST_TEST(found() == name);
  }
}

BOOST_AUTO_TEST_CASE(shards_of_torch) {
  fs::path const torch = fs::path(VLPT_SOURCE_DIR) / "tests/io/fixtures/torch";
  Scratch const s;
  fs::copy(torch / "mae.pth", s / "pytorch_model-1.bin");
  fs::copy(torch / "one_dict.pt", s / "pytorch_model-2.bin");
  s.file("pytorch_model.bin.index.json",
         R"({"weight_map":{"cls_token":"pytorch_model-1.bin","w":"pytorch_model-2.bin"}})");
  auto const sharded = io::open_checkpoint(s.path());
  BOOST_TEST(sharded.entries().size() == 2U);
  BOOST_TEST(sharded.read<float>("cls_token")[3] == 1.5F);
  BOOST_TEST(sharded.read<float>("w")[1] == 0.5F);
}

BOOST_AUTO_TEST_CASE(fingerprint_sees_everything) {
  std::vector<std::byte> const x(8, std::byte{1}), y(8, std::byte{2});
  io::FingerprintEntry const a{"a", Dtype::F32, {2}, x}, b{"b", Dtype::F32, {2}, y};
  std::string const base = io::fingerprint({a, b});
  BOOST_TEST(base.size() == 64U);
  BOOST_TEST(io::fingerprint({b, a}) == base);
  auto const differs = [&](auto change) {
    auto c = a;
    change(c);
    BOOST_TEST(io::fingerprint({c, b}) != base);
  };
  differs([](auto& e) { e.name = "aa"; });
  differs([](auto& e) { e.dtype = Dtype::I32; });
  differs([](auto& e) { e.shape = {1, 2}; });
  differs([&](auto& e) { e.bytes = y; });
}

BOOST_AUTO_TEST_SUITE_END()
