#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "losses.hpp"
#include "names.hpp"
#include "vilt_batch.hpp"
#include "vlpt/autodiff/net.hpp"

namespace golden {

/// One loss of a file of texts and images: what is read, by which head, under which names.
template <class Settings>
struct PairTask {
  std::string gradient;
  ViltBatch batch;
  Settings settings{};
  std::vector<vlpt::io::Rule> head{};
};

template <class T>
[[nodiscard]] Tensor<T> cast(Tensor<double> const& t) {
  Tensor<T> out(t.shape);
  for (Index i = 0; i < t.size(); ++i) out[i] = static_cast<T>(t[i]);
  return out;
}

/// The losses of such a file, each followed for a model M: every row with fixed cotangents, then
/// the heads that the file has. Family has, for M and a task: model, names, look (a tap on a net)
/// and `rows`, the names of the outputs that make an output with every row, and of their
/// cotangents. Ends after the first loss with a mismatch where the effort is to find one.
template <class Family, class M, class B>
class PairTasks {
 public:
  using T = typename B::Scalar;
  using Settings = typename Family::Settings;
  using Task = PairTask<Settings>;
  using In = vlpt::View<T const>;
  using Out = vlpt::View<T>;

  PairTasks(Recording& file, Family& family, B const& backend, Effort effort)
      : file_(file), family_(family), backend_(backend), effort_(effort) {}

  void follow() {
    ViltBatch const plain = ViltBatch::plain(file_);
    every_row(plain);
    if (file_.has("output.vqa_loss") && !enough()) {
      auto const targets = cast<T>(file_.read<double>("input.vqa_targets"));
      follow(
          mlp("vqa", plain, 1), "output.vqa_loss",
          [&](In out, Out slope) {
            return vlpt::test::binary_cross_entropy(vlpt::test::on_host(backend_), out,
                                                    targets.view(), slope);
          },
          seen("output.vqa_logits"));
    }
    if (file_.has("output.nlvr2_loss") && !enough()) {
      auto const labels = file_.read<Index>("input.nlvr2_labels");
      follow(
          mlp("nlvr2", ViltBatch::two_images(file_), 2), "output.nlvr2_loss",
          [&](In out, Out slope) {
            return vlpt::test::cross_entropy(vlpt::test::on_host(backend_), out, labels.data(), {},
                                             slope);
          },
          seen("output.nlvr2_logits"));
    }
    if (!file_.has("output.irtr_loss") || enough()) return;
    Task ranking{"grad_irtr", ViltBatch::candidates(file_), {}, {{"head.*", {"rank_output.*"}}}};
    ranking.settings.classes = 1;
    std::vector<Index> const first(static_cast<std::size_t>(plain.samples), 0);
    follow(
        ranking, "output.irtr_loss",
        [&](In out, Out slope) {  // candidates of an image, the true one first
          Index const each = out.rows / plain.samples;
          return vlpt::test::cross_entropy(vlpt::test::on_host(backend_),
                                           In(out.data, plain.samples, each), first.data(), {},
                                           Out(slope.data, plain.samples, each));
        },
        seen("output.irtr_scores"));
  }

  /// Whether nothing more has to be followed.
  [[nodiscard]] bool enough() const {
    return effort_ == Effort::until_mismatch && !file_.mismatches().empty();
  }

 private:
  /// Every row with a fixed cotangent: the parts of the output follow one another.
  void every_row(ViltBatch const& plain) {
    Settings every{};
    every.every_row = true;
    std::vector<std::pair<std::string, Tensor<double>>> parts;
    for (auto const& [name, cotangent] : family_.rows())
      parts.emplace_back(name, file_.read<double>(cotangent));
    auto const sum = [&](In out, Out slope) {
      double total = 0, squares = 0;
      Index first = 0;
      for (auto const& part : parts) {
        Tensor<double> const& weights = part.second;
        Index const wide = weights.size() / out.rows;
        for (Index b = 0; b < out.rows; ++b)
          for (Index i = 0; i < wide; ++i) {
            double const w = weights[b * wide + i];
            double const term = static_cast<double>(out(b, first + i)) * w;
            total += term, squares += term * term;
            slope(b, first + i) = static_cast<T>(w);
          }
        first += wide;
      }
      spread_ = std::sqrt(squares);
      return total;
    };
    follow(Task{"grad", plain, every, {}}, "output.loss", sum, [&](In out) {
      Index first = 0;
      for (auto const& [name, weights] : parts) {
        Index const wide = weights.size() / out.rows;
        see(name, out.middle_cols(first, wide));
        first += wide;
      }
    });
  }
  [[nodiscard]] Task mlp(std::string const& name, ViltBatch batch, Index images) {
    std::string const from = name + "_classifier.";
    Task task{"grad_" + name,
              std::move(batch),
              {},
              {{"head.first.*", {from + "0.*"}},
               {"head.norm.*", {from + "1.*"}},
               {"head.last.*", {from + "3.*"}}}};
    task.settings.images = images;
    task.settings.classes = file_.read<double>("param." + from + "3.bias").size();
    task.settings.head_hidden = file_.read<double>("param." + from + "0.bias").size();
    return task;
  }
  [[nodiscard]] auto seen(std::string const& name) {
    return [this, name](In out) { see(name, out); };
  }
  void see(std::string const& name, In out) {
    std::vector<double> all;
    for (Index b = 0; b < out.rows; ++b)
      for (Index i = 0; i < out.cols; ++i) all.push_back(static_cast<double>(out(b, i)));
    file_.compare<T>(name, Kind::forward, all);
  }

  /// One loss: outputs for training and for inference, the loss, and every gradient of it.
  template <class Loss, class Seen>
  void follow(Task const& task, std::string const& loss_name, Loss const& loss, Seen const& seen) {
    vlpt::Net<M, B> net(family_.template model<M>(task.settings), {}, backend_);
    auto rules = family_.names();
    rules.rules.insert(rules.rules.begin(), task.head.begin(), task.head.end());
    Names const names(rules);
    names.load(file_, net);
    auto look = family_.template look<M, T>(task, net);
    net.set_tap(look.tap());

    auto const images = cast<T>(task.batch.images);
    auto const in = task.batch.template input<T>(images);
    auto const outputs = net.read(net.forward(in, 0, false));
    auto const out = outputs.view();
    seen(out);
    Tensor<T> slope(outputs.shape);
    spread_ = 0;
    double const value = loss(out, slope.view());
    file_.compare<T>(loss_name, Kind::forward, {value}, spread_);

    net.zero_gradients();
    Tensor<T> d_images(images.shape);
    typename vlpt::Net<M, B>::InputGradient d_in{};
    if constexpr (vlpt::Net<M, B>::Train::below) {
      d_in = net.model().template blank<T>(in.batch);
      d_in.images.data = d_images.data();
    }
    vlpt::test::backward(net, slope, d_in);
    std::string const prefix = task.gradient + ".param.";
    for (std::string const& name : file_.names(prefix)) {
      std::string const own = name.substr(prefix.size());
      auto const got = names.gradient(file_, net, own);
      if (!got) file_.set_aside("param." + own);  // not of this model: nothing depends on it
      file_.compare<T>(name, Kind::gradient,
                       got ? *got
                           : std::vector<double>(static_cast<std::size_t>(
                                 file_.read<double>("param." + own).size())));
    }

    net.set_tap({});
    Tensor<T> inferred(slope.shape);
    auto workspace = net.workspace(in.batch);
    std::as_const(net).predict(in, inferred.view(), workspace);
    seen(std::as_const(inferred).view());
  }

  Recording& file_;
  Family& family_;
  B const& backend_;
  Effort effort_;
  double spread_ = 0;  // of a loss that is a sum of many terms: see Recording::compare
};

}  // namespace golden
