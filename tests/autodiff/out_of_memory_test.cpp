// A device that is too small says for what, and which batch it has memory for; and that batch runs.
#include <boost/test/unit_test.hpp>
#include <regex>

#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/reference.hpp"
#include "vlpt/models/vision_tower.hpp"

using namespace vlpt;

namespace {

/// Memory of which there are only so many bytes.
class Scarce {
 public:
  static inline std::size_t left = 0;
  Scarce() = default;
  explicit Scarce(std::size_t bytes) {
    if (bytes > left) throw OutOfMemory(text(bytes, " bytes were asked for"), left);
    left -= bytes;
    memory_ = HostMemory(bytes);
  }
  Scarce(Scarce&&) noexcept = default;
  Scarce& operator=(Scarce&& other) noexcept {
    memory_ = std::move(other.memory_);
    return *this;
  }
  ~Scarce() { left += memory_.size(); }
  [[nodiscard]] std::byte* data() const { return memory_.data(); }
  [[nodiscard]] std::size_t size() const { return memory_.size(); }

 private:
  HostMemory memory_;
};
struct Small : Reference<double> {
  using Memory = Scarce;
};
using Model = VisionTower<arch::TinyViTMae>;

/// What f says there is too little memory for.
template <class F>
std::string refused(F const& f) {
  try {
    f();
  } catch (OutOfMemory const& e) {
    return e.what();
  }
  return "nothing";
}
Index batch_in(std::string const& said) {
  std::smatch found;
  return std::regex_search(said, found, std::regex("one of ([0-9]+)$")) ? std::stol(found[1]) : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(out_of_memory)

BOOST_AUTO_TEST_CASE(the_batch_that_is_named_is_the_largest_that_runs) {
  std::size_t const plenty = std::size_t{1} << 40;
  Scarce::left = plenty;
  Net<Model, Small> net{Model{{.classes = 3}}};
  auto const need = [&](Index batch) {
    MemoryPlan const p = plan_memory<Model::TrainFlow>(net.model(), net.backend(), batch, true);
    return p.tape + p.scratch;
  };
  Scarce::left = need(37) + 5000;  // and what outputs need beside the arenas
  net.reserve(3);
  std::string const said = refused([&] { net.reserve(500); });
  BOOST_TEST_MESSAGE(said);
  BOOST_TEST(batch_in(said) >= 37);
  BOOST_TEST(need(batch_in(said)) <= need(37) + 5000);
  BOOST_TEST(need(batch_in(said) + 1) > need(37) + 5000);
  Tensor<double> const images(Shape{37, 1, 28, 28});
  BOOST_TEST(refused([&] { (void)net.forward(net.stream_of(images)); }) == "nothing");

  Scarce::left = 100;
  std::string const none = refused([&] { (void)net.workspace(4); });
  BOOST_TEST(none.find("there is memory for none") != std::string::npos);
  std::string const parameters = refused([] { Net<Model, Small>{Model{{.classes = 3}}}; });
  BOOST_TEST(parameters.find("bytes were asked for, for frozen parameters") != std::string::npos);
  Scarce::left = plenty;
}

BOOST_AUTO_TEST_SUITE_END()
