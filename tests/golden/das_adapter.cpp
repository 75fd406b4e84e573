#include "cases.hpp"
#include "module_run.hpp"
#include "vlpt/autodiff/residual.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/ops/learnt_scale.hpp"
#include "vlpt/policies/prompt/bottleneck.hpp"

namespace {

using golden::Kind;
using golden::Recording;
using vlpt::Index;
using vlpt::stage;

/// up(relu(down(x))), then one stage more.
template <class Last>
auto then(Index dim, Index width, Last last) {
  return vlpt::Chain{stage<"down">(vlpt::Linear{.in = dim, .out = width}),
                     stage<"relu">(vlpt::Relu{}),
                     stage<"up">(vlpt::Linear{.in = width, .out = dim}), last};
}

template <class B>
class Adapters {
 public:
  Adapters(Recording& file, B const& backend)
      : file_(file),
        backend_(backend),
        dim_(file.number("dim")),
        width_(file.number("bottleneck")),
        eps_(file.number<double>("ln_eps")),
        x_(file.read<double>("input.x")),
        cotangent_(file.read<double>("input.cotangent")) {}

  void follow() {
    auto const init = vlpt::Init::zero();
    auto const normed = [&](double scale) {
      return vlpt::prompt::normed_bottleneck(dim_, width_, scale, init);
    };
    VLPT_CHECK(eps_ == 1e-5, "the adapters' layer norm has eps 1e-5");
    compare("in_res", vlpt::Residual{normed(1)});
    compare("in_nores", normed(4));
    compare("out_res",
            vlpt::Residual{then(dim_, width_, stage<"norm">(vlpt::LayerNorm{dim_, eps_}))});
    compare("none_res", vlpt::Residual{then(dim_, width_, stage<"scale">(vlpt::LearntScale{}))});
    auto const residual = file_.read<double>("input.residual");
    compare("extres", normed(1), &residual);
    compare("plain", vlpt::Residual{vlpt::prompt::bottleneck(dim_, width_, init)});
  }

 private:
  using T = typename B::Scalar;

  template <class M>
  void compare(std::string const& variant, M module,
               vlpt::Tensor<double> const* residual = nullptr) {
    auto const name = [&](std::string ours) {
      bool const plain = variant == "plain";
      auto const swap = [&ours](std::string_view from, std::string_view to) {
        if (ours.starts_with(from)) ours.replace(0, from.size(), to);
      };
      swap("norm.", "adapter_layer_norm_before.");
      swap("down.", plain ? "down_sampler." : "down_proj.");
      swap("up.", plain ? "up_sampler." : "up_proj.");
      swap("scale.scale", "scale");
      return variant + "." + ours;
    };
    golden::ModuleRun<M, B> run(module, backend_);
    run.load(file_, name);
    run.run(x_, cotangent_);
    auto y = run.y();
    for (std::size_t i = 0; residual != nullptr && i < y.size(); ++i) y[i] += residual->values[i];
    file_.compare<T>("output." + variant, Kind::forward, y);
    file_.compare<T>("grad.input." + variant + ".x", Kind::gradient, run.d_x());
    run.compare_gradients(file_, name);
  }

  Recording& file_;
  B const& backend_;
  Index dim_, width_;
  double eps_;
  vlpt::Tensor<double> x_, cotangent_;
};

template <class B>
void adapters_on(Recording& file, B const& backend) {
  file.enter(vlpt::text(B::name, sizeof(typename B::Scalar) == 8 ? " double" : " float"));
  Adapters<B>(file, backend).follow();
}

}  // namespace

void golden::das_adapter(Recording& file, Effort effort) {
  adapters_on(file, vlpt::Cpu<double>());
  if (effort == Effort::until_mismatch) return;
  adapters_on(file, vlpt::PackedCpu<float>());
  file.leave();
}
