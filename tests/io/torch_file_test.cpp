#include "vlpt/io/torch_file.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <filesystem>
#include <string>

#include "scratch.hpp"
#include "torch_bytes.hpp"
#include "vlpt/core/random.hpp"
#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/prompt_file/torch_writer.hpp"
#include "vlpt/io/read_file.hpp"

using namespace vlpt;
using io::open_torch_file;
using test::says;
using test::Scratch;
namespace pickled = test::pickled;

namespace {

std::filesystem::path const fixtures =
    std::filesystem::path(VLPT_SOURCE_DIR) / "tests/io/fixtures/torch";

/// What torch_fixtures.py calls number(): 0, 0.5, 1, ...
Tensor<float> numbers(Shape shape, float start = 0) {
  Tensor<float> t(shape);
  for (Index i = 0; i < t.size(); ++i) t[i] = start + 0.5F * static_cast<float>(i);
  return t;
}
template <class T>
void check(io::TensorFile const& file, std::string const& name, Tensor<T> const& expected) {
  auto const found = file.read<T>(name);
  BOOST_TEST((found.shape == expected.shape), name << ' ' << found.shape);
  BOOST_TEST(found.values == expected.values, boost::test_tools::per_element());
}

/// An archive with this pickle and a storage "0" of four floats.
test::ZipBytes archive(std::string const& pickle) {
  return {.entries = {{"x/data.pkl", pickled::whole(pickle)},
                      {"x/byteorder", "little"},
                      {"x/data/0", std::string(16, '\1')}}};
}
template <class... Words>
void bytes_refused(std::string const& bytes, Words... words) {
  Scratch const s;
  auto const path = s.file("bad.pt", bytes);
  try {
    (void)open_torch_file(path);
    BOOST_ERROR("accepted, but should say " << (std::string() + ... + words));
  } catch (CheckpointError const& e) {
    BOOST_TEST(says("bad.pt", words...)(e), e.what());
  }
}
template <class... Words>
void pickle_refused(std::string const& pickle, Words... words) {
  bytes_refused(archive(pickle).text(), words...);
}
template <class... Words>
void tensor_refused(pickled::Tensor const& t, Words... words) {
  pickle_refused(pickled::dict({{"w", pickled::tensor(t)}}), "tensor w", words...);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(torch_file)

BOOST_AUTO_TEST_CASE(every_dtype) {
  auto const file = open_torch_file(fixtures / "dtypes.pt");
  check(file, "f32", numbers({2, 3}));
  check(file, "f16", numbers({4}));
  check(file, "bf16", numbers({4}));
  check(file, "i64", Tensor<std::int64_t>({3}, {-2, -1, 0}));
  check(file, "i32", Tensor<int>({2}, {-2, -1}));
  check(file, "u8", Tensor<int>({3}, {0, 1, 2}));
  check(file, "bool", Tensor<int>({3}, {1, 0, 1}));
  check(file, "scalar", Tensor<float>(Shape{}, 2.5F));
  check(file, "empty", Tensor<float>({0, 4}));
  BOOST_TEST(io::name(file.find("bf16")->dtype) == "BF16");
  BOOST_TEST(file.records().front().name == "bf16");  // sorted
  BOOST_TEST(file.metadata().at("weights") == "");
}

BOOST_AUTO_TEST_CASE(views_are_gathered_and_contiguous_ones_are_not_copied) {
  auto const file = open_torch_file(fixtures / "strides.pt");
  auto const base = numbers({4, 6});
  check(file, "base", base);
  auto const pick = [&](Shape shape, Index row, Index column, Index from = 0) {
    Tensor<float> t(shape);
    for (Index r = 0; r < shape[0]; ++r)
      for (Index c = 0; c < shape[1]; ++c) t[r * shape[1] + c] = base[from + r * row + c * column];
    return t;
  };
  check(file, "transposed", pick({6, 4}, 1, 6));
  check(file, "columns", pick({4, 2}, 6, 1, 1));
  check(file, "rows", pick({2, 6}, 6, 1, 6));
  check(file, "steps", pick({2, 2}, 12, 3));
  check(file, "column", pick({6, 1}, 1, 0));
  check(file, "expanded", pick({2, 3}, 0, 1));
  check(file, "last", Tensor<float>(Shape{}, 11.5F));
  Tensor<float> permuted({4, 2, 3});
  for (Index i = 0; i < 24; ++i)
    permuted[i] = 0.5F * static_cast<float>(i / 6 + i / 3 % 2 * 12 + i % 3 * 4);
  check(file, "permuted", permuted);
  auto const* const all = file.find("base")->bytes.data();
  BOOST_TEST(file.find("column")->bytes.data() == all);
  BOOST_TEST(file.find("rows")->bytes.data() == all + 6 * sizeof(float));
  BOOST_TEST(file.find("last")->bytes.data() == all + 23 * sizeof(float));
}

BOOST_AUTO_TEST_CASE(a_module_with_tied_weights) {
  for (char const* name : {"module.pth", "protocol4.pth"}) {
    auto const file = open_torch_file(fixtures / name);
    BOOST_TEST(file.records().size() == 5U);
    check(file, "0.weight", numbers({3, 2}));
    check(file, "1.weight", numbers({3, 2}));
    check(file, "2.bias", numbers({3}));
    BOOST_TEST(file.find("0.weight")->bytes.data() == file.find("1.weight")->bytes.data());
  }
}

BOOST_AUTO_TEST_CASE(the_dict_of_the_weights) {
  struct Case {
    char const *file, *key, *beside, *tensor;
    Tensor<float> value;
  };
  for (Case const& c :
       {Case{"lightning.ckpt", "state_dict",
             "epoch, global_step, pytorch-lightning_version, optimizer_states, lr_schedulers, "
             "hyper_parameters",
             "1.weight", numbers({3, 2})},
        Case{"moco.pth.tar", "state_dict", "epoch, arch, optimizer",
             "module.base_encoder.cls_token", numbers({1, 1, 4})},
        Case{"coop.pth.tar-50", "state_dict", "epoch, optimizer, scheduler, val_result", "ctx",
             numbers({4, 8})},
        Case{"mae.pth", "model", "", "cls_token", numbers({1, 1, 4})},
        Case{"dino.pth", "teacher", "student, epoch", "w", numbers({2}, 5)},
        Case{"one_dict.pt", "net", "epoch", "w", numbers({2})},
        Case{"with_best.pt", "state_dict", "best_acc1", "w", numbers({2})}}) {
    auto const file = open_torch_file(fixtures / c.file);
    BOOST_TEST(file.metadata().at("weights") == c.key);
    auto const beside = file.metadata().find("beside");
    BOOST_TEST((beside == file.metadata().end() ? "" : beside->second) == c.beside);
    check(file, c.tensor, c.value);
  }
}

BOOST_AUTO_TEST_CASE(the_first_of_the_known_keys_wins_wherever_it_stands) {
  auto const taken = [](std::vector<std::string> const& keys) {
    std::vector<std::pair<std::string, std::string>> items;
    for (std::string const& key : keys)
      items.emplace_back(key, pickled::dict({{"w", pickled::tensor()}}));
    Scratch const s;
    auto const path = s.file("x.pt", archive(pickled::dict(items)).text());
    return open_torch_file(path).metadata().at("weights");
  };
  BOOST_TEST(taken({"model", "state_dict", "other"}) == "state_dict");
  BOOST_TEST(taken({"other", "state_dict", "model"}) == "state_dict");
  BOOST_TEST(taken({"teacher", "student"}) == "teacher");
  BOOST_TEST(taken({"student", "module", "model_state_dict"}) == "module");
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_named) {
  auto const refused = [](char const* name, auto... words) {
    BOOST_CHECK_EXCEPTION((void)open_torch_file(fixtures / name), CheckpointError,
                          says(name, words...));
  };
  refused("malicious.pt", "malicious/data.pkl", "posix.system", "nothing was executed",
          "torch_to_safetensors.py");
  refused("mae_args.pth", "argparse.Namespace", "torch_to_safetensors.py");
  refused("vpt.pth", "multiarray._reconstruct");
  refused("parameter.pt", "torch._utils._rebuild_parameter");
  refused("legacy.pt", "before PyTorch 1.6", "torch_to_safetensors.py");
  refused("script.pt", "TorchScript", "script/code/", "OpenAI");
  refused("one_tensor.pt", "a dict of tensors is expected", "a tensor");
  refused("two_dicts.pt", "several dicts", "encoder, decoder");
  bytes_refused("", "no file of torch.save");
  bytes_refused("\x80\x04K\x01.", "a bare Python pickle");
  bytes_refused(std::string(257, '\0') + "ustar" + std::string(250, '\0'), "tar archive");
  bytes_refused(test::ZipBytes{.entries = {{"x/version", "3"}}}.text(), "lacks data.pkl");
}

BOOST_AUTO_TEST_CASE(archives) {
  std::string const good = pickled::dict({{"w", pickled::tensor()}});
  auto const opens = [&](test::ZipBytes zip) {
    Scratch const s;
    auto const path = s.file("good.pt", zip.text());
    BOOST_TEST(open_torch_file(path).records().size() == 1U);
  };
  auto const with = [&](auto change) {
    auto zip = archive(good);
    change(zip);
    return zip;
  };
  opens(archive(good));
  opens(with([](auto& z) { z.wide = true; }));
  opens(with([](auto& z) { z.comment = "PK\x05\x06 a comment"; }));
  opens(with([](auto& z) {
    z.entries[1].method = 8;
    z.entries[1].name = "x/unused";
  }));
  opens(with([](auto& z) {
    z.entries[0].name = "any/name/data.pkl";
    z.entries[1].name = "b";
    z.entries[2].name = "any/name/data/0";
  }));
  auto const refused = [&](auto change, auto... words) {
    bytes_refused(with(change).text(), words...);
  };
  refused([](auto& z) { z.entries[2].method = 8; }, "x/data/0 is compressed (method 8)");
  refused([](auto& z) { z.entries[2].flags = 1; }, "x/data/0 is encrypted");
  refused([](auto& z) { z.entries[1].bytes = "big"; }, "x/byteorder", "little-endian");
  refused([](auto& z) { z.entries[2].more = 1 << 20; }, "x/data/0 claims 1048592 bytes");
  refused([](auto& z) { z.entries[2].more = 60; }, "overlap");
  refused([](auto& z) { z.entries[1].more = 60; }, "overlap");
  refused([](auto& z) { z.entries[2].name = "x/data/1"; }, "tensor w", "x/data/0", "missing");
  refused([](auto& z) { z.entries[2].other_name = "y"; }, "x/data/0 is called y");
  refused([](auto& z) { z.entries[2].local = 7; }, "does not start where");
  refused([](auto& z) { z.entries[1].name = "x/data/0"; }, "x/data/0 is twice there");
  refused([](auto& z) { z.entries[1].name = "y/data.pkl"; }, "two entries");
  refused([](auto& z) { z.entries[1].name = "x/constants.pkl"; }, "TorchScript");
  refused(
      [](auto& z) {
        z.wide = true;
        z.entries[2].more = -17;
      },
      "x/data/0 claims 18446744");
  // Two entries of the same bytes: a short file that claims much.
  auto twice = archive(good);
  (void)twice.text();
  twice.entries.push_back(twice.entries[2]);
  twice.entries.back().name = "x/data/1", twice.entries.back().other_name = "x/data/0";
  bytes_refused(twice.text(), "x/data/1 is called x/data/0");
}

BOOST_AUTO_TEST_CASE(archives_cut_anywhere) {
  for (bool const wide : {false, true}) {
    auto zip = archive(pickled::dict({{"w", pickled::tensor()}}));
    zip.wide = wide;
    std::string const whole = zip.text();
    Scratch const s;
    for (std::size_t n = 0; n < whole.size(); ++n) {
      auto const path = s.file("cut.pt", whole.substr(0, n));
      BOOST_CHECK_EXCEPTION((void)open_torch_file(path), CheckpointError, says("cut.pt"));
    }
  }
}

BOOST_AUTO_TEST_CASE(tensors_that_do_not_fit_their_storage) {
  constexpr std::int64_t huge = std::int64_t{1} << 40, most = INT64_MAX;
  tensor_refused({.stored = 5}, "x/data/0", "16 bytes", "5 values of F32");
  tensor_refused({.stored = 3, .shape = {3}}, "3 values of F32");
  tensor_refused({.stored = most}, "values of F32");
  tensor_refused({.type = "HalfStorage"}, "4 values of F16");
  tensor_refused({.key = "7"}, "x/data/7", "missing");
  tensor_refused({.shape = {5}}, "of shape (5)", "past its storage of 4 values");
  tensor_refused({.offset = 1}, "from element 1", "past");
  tensor_refused({.offset = most}, "past");
  tensor_refused({.offset = 5, .shape = {0}}, "past");
  tensor_refused({.shape = {2}, .strides = {4}}, "past");
  tensor_refused({.shape = {2}, .strides = {most}}, "past");
  tensor_refused({.shape = {3, 3}, .strides = {most / 2, most / 2}}, "past");
  tensor_refused({.shape = {huge, huge}, .strides = {0, 0}}, "overflows");
  tensor_refused({.shape = {0, huge, huge}, .strides = {0, 0, 0}}, "overflows");
  tensor_refused({.shape = {huge}, .strides = {0}}, "repeats its 4 stored values too often");
  auto many = pickled::dict({{"a", pickled::tensor({.shape = {1 << 21}, .strides = {0}})},
                             {"b", pickled::tensor({.shape = {1 << 21}, .strides = {0}})},
                             {"c", pickled::tensor({.shape = {1 << 21}, .strides = {0}})}});
  pickle_refused(many, "tensor c", "too often");
  std::string const at = "cannot read the pickle at byte";
  auto const odd = [](pickled::Tensor const& t) {
    return pickled::dict({{"w", pickled::tensor(t)}});
  };
  pickle_refused(odd({.shape = {-1}}), at, "no count");
  pickle_refused(odd({.shape = {4}, .strides = {-1}}), at, "no count");
  pickle_refused(odd({.shape = {2, 2}}), at, "2 extents and 1 strides");
  pickle_refused(
      odd({.shape = std::vector<std::int64_t>(9, 1), .strides = std::vector<std::int64_t>(9, 1)}),
      at, "at most 8");
  pickle_refused(odd({.stored = -1}), at, "storage");
  pickle_refused(odd({.offset = -1}), at, "starts");
  pickle_refused(odd({.type = "DoubleStorage"}), "torch.DoubleStorage", "nothing was executed");
}

BOOST_AUTO_TEST_CASE(names) {
  std::string const w = pickled::tensor();
  pickle_refused(pickled::dict({{"w", w}, {"w", w}}), "tensor w is twice there");
  pickle_refused(pickled::dict({{"\xff", w}}), "no UTF-8");
  pickle_refused(pickled::dict({{std::string(2000, 'n'), w}}), "2000 bytes");
  pickle_refused("}K\x01" + w + "s", "name is an integer");
  pickle_refused(pickled::dict({{"w", "K\x01"}}), "no dict of tensors");
  pickle_refused("]", "a dict of tensors is expected, this holds a list");
}

BOOST_AUTO_TEST_CASE(pickles) {
  std::string const w = pickled::word("w") + pickled::tensor() + "s", close = "u";
  auto const opens = [&](std::string const& pickle) {
    Scratch const s;
    auto const path = s.file("good.pt", archive(pickle).text());
    BOOST_TEST(open_torch_file(path).records().size() == 1U);
  };
  opens("}" + w);
  opens("}" + pickled::word("deep") + std::string(100'000, ']') + std::string(99'999, 'a') + "s" +
        w);
  opens("}q" + std::string(1, '\0') + pickled::word("itself") + "h" + std::string(1, '\0') + "s" +
        w);
  std::string laughs = "]q" + std::string(1, '\0');  // each list holds the one before twice
  for (char i = 0; i < 60; ++i)
    laughs += std::string("0](h") + i + "h" + i + "eq" + static_cast<char>(i + 1);
  opens("}" + pickled::word("laughs") + laughs + "s" + w);
  pickle_refused("c__builtin__\neval\n" + pickled::word("1") + "\x85R", "__builtin__.eval");
  pickle_refused("\x8c\x02os\x8c\x06system\x93", "os.system", "nothing was executed");
  pickle_refused("ccollections\nOrderedDict\n)\x81", "operation 129");
  pickle_refused("(ios\nsystem\n", "operation 105");
  pickle_refused("\x8f", "builtins.set");
  pickle_refused("ccollections\nOrderedDict\nK\x01\x85R", "collections.OrderedDict with 1");
  pickle_refused("ccollections\nOrderedDict\n}R", "a dict for its arguments");
  pickle_refused("ctorch\nFloatStorage\n)R", "torch.FloatStorage with 0");
  pickle_refused("K\x01)R", "calls an integer");
  pickle_refused("}}b", "sets the state of a dict");
  pickle_refused("h\7", "never kept (7)");
  pickle_refused("u", "a mark is missing");
  pickle_refused("(", "middle of a value");
  pickle_refused("}}", "middle of a value");
  pickle_refused("", "middle of a value");
  pickle_refused("s", "stack is empty");
  pickle_refused("K\x01(", "middle of a value");
  pickle_refused("}(K\x01u", "key without a value");
  pickle_refused("}K\1K\2a", "appends to");
  pickle_refused("]K\1K\2s", "sets items of a list");
  pickle_refused("X\xff\xff\xff\xff", "truncated");
  pickle_refused("\x80\x06", "protocol 6");
  pickle_refused(std::string(io::Unpickler::max_steps, ')'), "steps");
  pickle_refused(pickled::word("x") + "Q", "five facts");
}

// Random damage is either refused or harmless; under the sanitizers this is a small fuzzer.
BOOST_AUTO_TEST_CASE(random_damage) {
  Scratch const s;
  std::string const good = io::read_file(fixtures / "strides.pt");
  Random const random{.seed = 42};
  int refused = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    std::string bad = good;
    Random const r = random.fork(i);
    for (std::uint64_t k = 0; k <= static_cast<std::uint64_t>(r.below(0, 4)); ++k)
      bad[static_cast<std::size_t>(r.below(10 + 2 * k, static_cast<Index>(bad.size())))] =
          static_cast<char>(r.below(11 + 2 * k, 256));
    try {
      auto const file = open_torch_file(s.file("bad", bad));
      for (auto const& record : file.records())
        if (io::facts(record.dtype).floating)
          (void)file.read<float>(record);
        else
          (void)file.read<std::int64_t>(record);
    } catch (CheckpointError const&) {
      ++refused;
    }
  }
  BOOST_TEST(refused > 500);
}

// Its strides would be divided by zero, and a file of it is of no use to CoOp.
BOOST_AUTO_TEST_CASE(a_tensor_without_values_is_not_written) {
  Scratch const s;
  for (Shape const& shape : {Shape{0, 4}, Shape{4, 0}})
    BOOST_CHECK_EXCEPTION(io::write_torch(s / "x.pth.tar", "ctx", Tensor<float>(shape)), InputError,
                          says("x.pth.tar", "a tensor of 0 values"));
  BOOST_TEST(!std::filesystem::exists(s / "x.pth.tar"));
  io::write_torch(s / "x.pth.tar", "ctx", Tensor<float>(Shape{1, 4}, {1, 2, 3, 4}));
  BOOST_TEST((io::open_checkpoint(s / "x.pth.tar").read<float>("ctx").shape == Shape{1, 4}));
}

BOOST_AUTO_TEST_SUITE_END()
