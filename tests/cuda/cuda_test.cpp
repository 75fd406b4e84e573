// What Cuda<T> is beyond the primitives that tests/kernels has for every backend: memory, copies,
// arrays of the host, choices, errors.
#include "vlpt/kernels/cuda.hpp"

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "kernels/arrays.hpp"
#include "vlpt/kernels/apart.hpp"
#include "vlpt/kernels/list_scope.hpp"
#include "vlpt/kernels/update.hpp"
#include "vlpt/train/sgd.hpp"

using namespace vlpt;
using test::Array;
using test::Mirrored;
using test::same;
using test::Truth;

static_assert(Backend<Cuda<float>> && Backend<Cuda<double>> && Backend<Cuda<bf16>>);
static_assert(RepeatsLists<Cuda<float>> && RepeatsLists<Cuda<bf16>>);
static_assert(KeepsApart<Cuda<float>> && Trains<Cuda<float>> && Trains<Cuda<double>> &&
              Trains<Cuda<bf16>>);

namespace {

using Scalars = boost::mpl::list<float, double>;

template <class T>
std::vector<T> counted(Index n) {
  std::vector<T> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), T(1));
  return values;
}

/// y = x w^T + b on the device and by the truth, w and b at addresses of little alignment.
template <class T>
void product_agrees(CudaSettings const& settings, double scale) {
  Cuda<T> const backend(settings);
  for (bool const padded : {false, true}) {
    Array<double, T> const rx(1, 1, 130, 72, padded), rw(2, 1, 65, 72, padded),
        rb(3, 1, 1, 65, padded);
    Array<T> const x(1, 1, 130, 72, padded), w(2, 1, 65, 72, padded), b(3, 1, 1, 65, padded);
    Array<T> y(4, 1, 130, 65, padded);
    Array<double, T> ry(4, 1, 130, 65, padded);
    Truth{}.linear_add(rx.view(), rw.view(), rb.view(), ry.view(), ry.view());
    test::Mirror<Cuda<T>> mirror(backend);
    auto const on = [&](auto v) { return mirror.there(v); };
    View<T const> const xv = x.view(), wv = w.view(), bv = b.view();
    mirror.note(xv), mirror.note(wv), mirror.note(bv), mirror.note(y.view());
    mirror.bring();
    backend.linear_add(on(xv), on(wv), on(bv), View<T const>(on(y.view())), on(y.view()));
    mirror.fetch();
    same(y, ry, scale);
  }
}

/// A layer and its reverse on other values, rows and labels each time, as one list: all that is in
/// the memory after each.
template <class T>
std::vector<std::vector<T>> steps_of(CudaSettings const& settings) {
  Cuda<T> const backend(settings);
  constexpr Index rows = 40, width = 24, all = 8 * rows * width;
  DeviceMemory const memory(static_cast<std::size_t>(all) * sizeof(T));
  auto* const at = reinterpret_cast<T*>(memory.data());
  auto const part = [&](Index i) { return View<T>(at + i * rows * width, rows, width); };
  auto const read = [&](Index i) { return View<T const>(part(i)); };
  View<T> const w(part(2).data, width, width), b(part(3).data, 1, width),
      dw(part(7).data, width, width);
  std::vector<std::vector<T>> found;
  for (Index step = 0; step < 5; ++step) {
    std::vector<T> values(static_cast<std::size_t>(all), T(0));
    for (std::size_t i = 0; i < values.size() / 2; ++i)
      values[i] = std::sin(static_cast<T>(i) + static_cast<T>(step));
    bring(backend, std::span<T const>(values), at);
    std::vector<Index> index, labels;
    for (Index i = 0; i < rows; ++i)
      index.push_back((i * 7 + step) % rows), labels.push_back((i + step) % width);
    {
      ListScope const list(backend);
      backend.gather(Stream<T const>(read(0), 1), index.data(), Stream<T>(part(1), 1));
      backend.template linear_activate<GeluFormula>(read(1), w, b, part(4), part(5));
      backend.cross_entropy(read(5), labels.data(), {}, part(6), View<T>(b.data + width, 1, 1));
      backend.linear_weight(read(6), read(1), dw, View<T>(b.data + 2 * width, 1, width));
      index.assign(index.size(), -1), labels.assign(labels.size(), -1);
    }
    fetch(backend, static_cast<T const*>(at), std::span(values));
    found.push_back(values);
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cuda_backend)

BOOST_AUTO_TEST_CASE(memory_is_zeroed_aligned_and_moves) {
  Cuda<float> const backend;
  DeviceMemory memory(1000003);
  BOOST_TEST(memory.size() == 1000003U);
  BOOST_TEST(reinterpret_cast<std::uintptr_t>(memory.data()) % DeviceMemory::alignment == 0U);
  std::vector<std::byte> bytes(memory.size(), std::byte{1});
  backend.fetch(memory.data(), bytes);
  BOOST_TEST((bytes == std::vector<std::byte>(bytes.size())));
  std::byte* const at = memory.data();
  DeviceMemory other(std::move(memory));
  BOOST_TEST((other.data() == at && memory.data() == nullptr && memory.size() == 0U));
  memory = std::move(other);
  BOOST_TEST((memory.data() == at));
  BOOST_TEST(DeviceMemory(0).data() == nullptr);
}

BOOST_AUTO_TEST_CASE(too_much_memory_is_an_error_that_says_how_much) {
  try {
    DeviceMemory const memory(std::size_t{1} << 50);
    BOOST_ERROR("a device has a pebibyte");
  } catch (RunError const& e) {
    BOOST_TEST_MESSAGE(e.what());
    BOOST_TEST(std::string(e.what()).find("1125899906842624 bytes were asked for") !=
               std::string::npos);
  }
  Cuda<float> const backend;  // and nothing else is wrong afterwards
  DeviceMemory const memory(4);
  backend.fill(Stream<float>(reinterpret_cast<float*>(memory.data()), 1, 1, 1), 3);
  float value = 0;
  fetch(backend, reinterpret_cast<float const*>(memory.data()), std::span(&value, 1));
  BOOST_TEST(value == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_brought_may_change_at_once, T, Scalars) {
  Cuda<T> const backend;
  // More than the ring at once, then often more than a segment, then little, all overwritten.
  for (Index const n : {20'000'000, 3'000'000, 3'000'000, 3'000'000, 7, 1}) {
    auto values = counted<T>(n);
    auto const expected = values;
    DeviceMemory const there(values.size() * sizeof(T));
    bring(backend, std::span<T const>(values), reinterpret_cast<T*>(there.data()));
    std::fill(values.begin(), values.end(), T(-1));
    fetch(backend, reinterpret_cast<T const*>(there.data()), std::span(values));
    BOOST_TEST((values == expected));
  }
}

BOOST_AUTO_TEST_CASE(index_arrays_of_the_host_may_change_at_once) {
  Cuda<float> const backend;
  Index const n = 3'000'000;  // 24 MB of indices: more than half of the ring, which then grows
  DeviceMemory const from(16), to(static_cast<std::size_t>(n) * 4);
  std::vector<float> const x{1, 2, 3, 4};
  bring(backend, std::span<float const>(x), reinterpret_cast<float*>(from.data()));
  for (Index const rows : {Index{5}, n, Index{1000}}) {
    std::vector<Index> index(static_cast<std::size_t>(rows));
    for (std::size_t i = 0; i < index.size(); ++i) index[i] = static_cast<Index>(i * i % 4);
    backend.gather(Stream<float const>(reinterpret_cast<float*>(from.data()), 1, 4, 1),
                   index.data(), Stream<float>(reinterpret_cast<float*>(to.data()), 1, rows, 1));
    std::fill(index.begin(), index.end(), Index{-1});
    std::vector<float> found(index.size());
    fetch(backend, reinterpret_cast<float const*>(to.data()), std::span(found));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < found.size(); ++i) wrong += found[i] != x[i * i % 4];
    BOOST_TEST(wrong == 0U);
  }
}

BOOST_AUTO_TEST_CASE(algorithms_that_are_measured_give_the_same_numbers) {
  product_agrees<float>({.deterministic = false}, 4);
  product_agrees<double>({.deterministic = false}, 4);
  product_agrees<bf16>({.deterministic = false}, 4);
  product_agrees<float>({.tf32 = true}, 1000);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_graph_does_what_its_calls_do, T, Scalars) {
  auto const expected = steps_of<T>({.graphs = false}), found = steps_of<T>({});
  BOOST_TEST((expected[1] != expected[2]));
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST((found[i] == expected[i]), "step " << i);
}

BOOST_AUTO_TEST_CASE(an_exception_ends_a_list_and_loses_no_call) {
  Cuda<float> const backend;
  DeviceMemory const memory(4);
  Stream<float> const one(reinterpret_cast<float*>(memory.data()), 1, 1, 1);
  for (int i = 0; i < 4; ++i) {
    float value = 0;
    try {
      ListScope const list(backend);
      backend.fill(one, 2), backend.scale(3, one);
      throw std::runtime_error("of the host");
    } catch (std::runtime_error const&) {
      fetch(backend, static_cast<float const*>(one.data), std::span(&value, 1));
    }
    BOOST_TEST(value == 6);
  }
}

BOOST_AUTO_TEST_CASE(threads_share_a_stream) {
  Cuda<float> const backend;
  Cuda<float> const copy = backend;
  BOOST_TEST((copy.stream() == backend.stream()));
  std::vector<std::thread> threads;
  std::vector<float> found(4, -1);
  for (std::size_t t = 0; t < found.size(); ++t)
    threads.emplace_back([&, t] {
      DeviceMemory const memory(4);
      auto* const at = reinterpret_cast<float*>(memory.data());
      for (int i = 0; i < 100; ++i) {
        auto const value = static_cast<float>(t);
        ListScope const list(copy);  // of this thread: its calls are together
        bring(copy, std::span(&value, 1), at);
        copy.scale(4, Stream<float>(at, 1, 1, 1));
        copy.scale(0.5F, Stream<float>(at, 1, 1, 1));
      }
      fetch(copy, static_cast<float const*>(at), std::span(&found[t], 1));
    });
  for (auto& thread : threads) thread.join();
  BOOST_TEST((found == std::vector<float>{0, 2, 4, 6}));
}

BOOST_AUTO_TEST_CASE(devices_that_are_not_there_are_refused) {
  BOOST_CHECK_THROW(Cuda<float>(CudaSettings{.device = cuda::devices()}), InputError);
  BOOST_CHECK_THROW(Cuda<float>(CudaSettings{.device = -1}), InputError);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(laws_of_training, T, Scalars) {
  Cuda<T> const backend;
  Index const n = 1003;
  std::vector<T> v = counted<T>(n), g(v), m(v), s(v), rv(v), rm(v), rs(v);
  AdamWLaw<T> const law{T(0.9), T(0.1), T(0.99), T(0.01), T(1e-8), T(0.5), T(0.999), T(0.01)};
  update(Truth{}, law, std::span(rv), std::span<T const>(g), std::span(rm), std::span(rs));
  DeviceMemory const memory(static_cast<std::size_t>(n) * 4 * sizeof(T));
  auto* const at = reinterpret_cast<T*>(memory.data());
  auto const row = [&](Index i) { return std::span(at + i * n, static_cast<std::size_t>(n)); };
  bring(backend, std::span<T const>(v), at), bring(backend, std::span<T const>(g), at + n);
  bring(backend, std::span<T const>(m), at + 2 * n),
      bring(backend, std::span<T const>(s), at + 3 * n);
  update(backend, law, row(0), std::span<T const>(row(1)), row(2), row(3));
  double const norm = squared_norm(backend, std::span<T const>(row(1)));
  BOOST_TEST(std::abs(norm - static_cast<double>(n * (n + 1) * (2 * n + 1) / 6)) < 1e-6 * norm);
  update(backend, ClampLaw<T>{T(2), T(5)}, row(1));
  fetch(backend, static_cast<T const*>(at), std::span(v));
  fetch(backend, static_cast<T const*>(at + n), std::span(g));
  double worst = 0;
  std::size_t outside = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    worst =
        std::max(worst, std::abs(static_cast<double>(v[i] - rv[i]) / static_cast<double>(rv[i])));
    outside += g[i] < T(2) || g[i] > T(5);
  }
  BOOST_TEST(worst < (std::is_same_v<T, float> ? 1e-5 : 1e-12));
  BOOST_TEST(outside == 0U);
}

// Steps that halves can not tell, one by one: kept in what the values were rounded from.
BOOST_AUTO_TEST_CASE(halves_keep_what_they_were_rounded_from) {
  Cuda<bf16> const backend;
  Index const n = 1003;
  SGD<bf16, Cuda<bf16>> sgd({{.name = "all", .offset = 0, .count = n}}, {}, backend);
  Room<bf16, Cuda<bf16>> values, gradients;
  backend.fill({values.reserve(n), 1, 1, n}, bf16(1));
  backend.fill({gradients.reserve(n), 1, 1, n}, bf16(1));
  auto const of = [&](auto const& room) { return std::span(room.data(), std::size_t{1003}); };
  for (int i = 0; i < 100; ++i)
    sgd.step(of(values), std::span<bf16 const>(of(gradients)), i < 20 ? 1e-4 : 1e-5);
  auto const exact = fetched(backend, sgd.state().back().second);
  auto const found = fetched(backend, of(values));
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    wrong += exact[i] != exact[0] || exact[i] > 0.999F;
    wrong += found[i].bits != bf16(exact[i]).bits;
  }
  BOOST_TEST(wrong == 0U);
}

using Formulas = boost::mpl::list<GeluFormula, QuickGeluFormula, ReluFormula, TanhFormula,
                                  SigmoidFormula, ExpFormula, TemperatureFormula>;

BOOST_AUTO_TEST_CASE_TEMPLATE(formulas, F, Formulas) {
  Array<float> x(1, 2, 33, 12), y(2, 2, 33, 12);
  Array<double> rx(1, 2, 33, 12), ry(2, 2, 33, 12);
  Mirrored<Cuda<float>>{}.activate_reverse<F>(y.view(), x.view(), y.view());
  Truth{}.activate_reverse<F>(ry.view(), rx.view(), ry.view());
  same(y, ry, 8);
  Mirrored<Cuda<float>>{}.activate<F>(x.view(), x.view());
  Truth{}.activate<F>(rx.view(), rx.view());
  same(x, rx, 8);
}

BOOST_AUTO_TEST_SUITE_END()
