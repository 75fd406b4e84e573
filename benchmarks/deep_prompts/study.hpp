#pragma once
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "vlpt/analysis/cost_under.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/kernels/packed.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/none.hpp"

// What deep prompts cost as published, as vlpt runs them, and beside approximated ones.
namespace study {

using vlpt::Index;

inline constexpr Index prompts = 200, rank = 4;

/// One way to prompt one family.
struct Method {
  std::string name;
  Index macs = 0;      // of a sample
  Index prepared = 0;  // once a load
  Index added = 0;     // beside the family without prompts that runs in the same way
  double seconds = 0;  // of one inference: the median
};
struct Family {
  std::string name;
  std::vector<Method> methods;  // none, deep as published, deep, approximated
};

[[nodiscard]] inline double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
[[nodiscard]] inline double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

/// A net of its own, which runs one sample when asked.
template <class Model, class Input>
class Subject {
 public:
  Subject(typename Model::Settings const& settings, Input input, int threads)
      : net_(Model(settings), {}, vlpt::PackedCpu<float>{threads}),
        work_(net_.workspace(1)),
        out_(vlpt::Shape{1, net_.model().output_width()}),
        input_(input) {
    run();  // prepares what depends on parameters alone
  }
  void run() { net_.predict(input_, out_.view(), work_); }
  void time() {
    double const start = seconds_now();
    run();
    seconds_.push_back(seconds_now() - start);
  }
  [[nodiscard]] double seconds() const { return median(seconds_); }

 private:
  vlpt::Net<Model, vlpt::PackedCpu<float>> net_;
  typename vlpt::Net<Model, vlpt::PackedCpu<float>>::WorkspaceType work_;
  vlpt::Tensor<float> out_;
  Input input_;
  std::vector<double> seconds_;
};

/// The four rows of a family. Model<Prompt> names its models; settings(Model) and input are of one
/// sample. Runs take turns, so that a busy neighbour meets all of them.
template <template <class> class Model, class Input, class SettingsOf>
[[nodiscard]] Family measure(std::string name, SettingsOf settings_of, Input input, int repeats,
                             int threads) {
  using None = Model<vlpt::prompt::None>;
  using Deep = Model<vlpt::prompt::Deep<prompts>>;
  using Apt = Model<vlpt::prompt::Approximated<prompts, rank>>;
  using Published = typename Deep::template WithRows<vlpt::rows::All>;
  auto const none = settings_of.template operator()<None>();
  auto const deep = settings_of.template operator()<Deep>();
  auto const apt = settings_of.template operator()<Apt>();

  auto const naive = [&]<class M>(typename M::Settings const& s) {
    return vlpt::cost_under<M>(vlpt::convention::naive, s).macs;
  };
  vlpt::Cost const plain = vlpt::cost_of(None(none)), own = vlpt::cost_of(Deep(deep)),
                   approximated = vlpt::cost_of(Apt(apt));
  Index const all = naive.template operator()<None>(none),
              published = naive.template operator()<Deep>(deep);
  Family out{std::move(name),
             {{"no prompts", plain.macs, 0, 0},
              {"deep, as published", published, 0, published - all},
              {"deep", own.macs, own.prepare.macs(), own.macs - plain.macs},
              {"approximated", approximated.macs, approximated.prepare.macs(),
               approximated.macs - plain.macs}}};
  if (repeats == 0) return out;

  auto const subject = [&]<class M>(typename M::Settings const& s) {
    return std::make_unique<Subject<M, Input>>(s, input, threads);
  };
  auto const a = subject.template operator()<None>(none);
  auto const b = subject.template operator()<Published>(deep);
  auto const c = subject.template operator()<Deep>(deep);
  auto const d = subject.template operator()<Apt>(apt);
  for (int i = 0; i < repeats; ++i) a->time(), b->time(), c->time(), d->time();
  double const seconds[]{a->seconds(), b->seconds(), c->seconds(), d->seconds()};
  for (std::size_t i = 0; i < 4; ++i) out.methods[i].seconds = seconds[i];
  return out;
}

// A file each, so that each is compiled alone. repeats = 0: counts only.
[[nodiscard]] Family vit(int repeats, int threads);
[[nodiscard]] Family vilt(int repeats, int threads);
[[nodiscard]] Family meter(int repeats, int threads);

}  // namespace study
