#include "cases.hpp"
#include "module_run.hpp"
#include "vlpt/blocks/gradcheck_site.hpp"
#include "vlpt/kernels/cpu/extern.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/policies/prompt/diffusion.hpp"

namespace {

using golden::Kind;
using golden::Recording;
using vlpt::Index;
using vlpt::Tensor;
using Module = vlpt::SiteOnColumns<vlpt::prompt::Diffusion<vlpt::Rectified, true>>;

std::string name(std::string const& ours) {
  return ours == "rows"   ? "mm_tokens"
         : ours == "down" ? "mm.0.weight"
         : ours == "up"   ? "mm.1.weight"
                          : ours;
}

/// Columns [stream_in read branch]: the stream is read by nobody.
Tensor<double> columns(Tensor<double> const& read, Tensor<double> const& branch) {
  Index const rows = read.shape.rows(), dim = read.shape.cols();
  Tensor<double> all(vlpt::Shape{read.shape[0], read.shape[1], 3 * dim});
  for (Index r = 0; r < rows; ++r)
    for (Index c = 0; c < dim; ++c) {
      all[(r * 3 + 1) * dim + c] = read[r * dim + c];
      all[(r * 3 + 2) * dim + c] = branch[r * dim + c];
    }
  return all;
}
std::vector<double> part(std::vector<double> const& all, Index dim, Index which) {
  std::vector<double> out;
  for (Index r = 0; r < static_cast<Index>(all.size()) / (3 * dim); ++r)
    for (Index c = 0; c < dim; ++c)
      out.push_back(all[static_cast<std::size_t>((r * 3 + which) * dim + c)]);
  return out;
}

template <class B>
void module_on(Recording& file, B const& backend) {
  using T = typename B::Scalar;
  Index const dim = file.number("dim"), prompts = file.number("num_prompts");
  file.enter(vlpt::text(B::name, sizeof(T) == 8 ? " double" : " float"));
  golden::ModuleRun<Module, B> run(
      Module{{.dim = dim, .prompts = prompts, .rank = file.number("rank")}}, backend);
  run.load(file, name);
  auto const x = file.read<double>("input.x"), residual = file.read<double>("input.residual");
  auto const cotangent = file.read<double>("input.cotangent");
  run.run(columns(residual, x), cotangent);
  auto const y = run.y();
  file.compare<T>("output.y", Kind::forward, y);
  double loss = 0;
  for (std::size_t i = 0; i < y.size(); ++i) loss += y[i] * cotangent.values[i];
  file.compare<T>("output.loss", Kind::forward, {loss});
  file.compare<T>("grad.input.x", Kind::gradient, part(run.d_x(), dim, 2));
  file.compare<T>("grad.input.residual", Kind::gradient, part(run.d_x(), dim, 1));
  run.compare_gradients(file, name);
  // The similarities themselves: K = T + (T W1^T) W2^T, s = x K^T.
  auto const tokens = file.read<double>("param.mm_tokens"),
             down = file.read<double>("param.mm.0.weight"),
             up = file.read<double>("param.mm.1.weight");
  Index const rank = down.shape[0], rows = residual.shape.rows();
  std::vector<T> t(tokens.values.begin(), tokens.values.end()),
      a(down.values.begin(), down.values.end()), b(up.values.begin(), up.values.end()),
      r(residual.values.begin(), residual.values.end()),
      low(static_cast<std::size_t>(prompts * rank)), keys(t.size()),
      s(static_cast<std::size_t>(rows * prompts));
  using View = vlpt::View<T>;
  View const tv(t.data(), prompts, dim), kv(keys.data(), prompts, dim),
      lv(low.data(), prompts, rank);
  backend.linear(tv, View(a.data(), rank, dim), View{}, lv);
  backend.linear(lv, View(b.data(), dim, rank), View{}, kv);
  backend.add(vlpt::Stream<T const>(tv, 1), vlpt::Stream<T>(kv, 1));
  backend.linear(View(r.data(), rows, dim), kv, View{}, View(s.data(), rows, prompts));
  file.compare<T>("output.similarity", Kind::forward, {s.begin(), s.end()});
}

}  // namespace

void golden::apt_module(Recording& file, Effort effort) {
  module_on(file, vlpt::Cpu<double>());
  if (effort == Effort::until_mismatch) return;
  module_on(file, vlpt::PackedCpu<float>());
  file.leave();
}
