#pragma once
#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include "names.hpp"
#include "vilt_batch.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/io/naming/vilt.hpp"
#include "vlpt/kernels/cpu.hpp"
#include "vlpt/models/single_stream.hpp"

namespace golden {

/// What tells the cases of ViLT apart: the policy, what it skips, its names in the published code.
template <class Prompt, class Skip = vlpt::skip::Dense>
struct ViltVariant {
  Prompt prompt{};
  Skip skip{};
  std::vector<vlpt::io::Rule> rules;
};

/// A case `vilt.*`, and `das.vilt`: every row and the pooled one with a fixed cotangent, then every
/// head that the file has, by the naive rows with everything learning and by the live rows as one
/// tunes.
template <class Prompt, class Skip = vlpt::skip::Dense>
class Vilt {
 public:
  Vilt(Recording& file, ViltVariant<Prompt, Skip> variant)
      : file_(file), variant_(std::move(variant)) {
    facts_.vision.image = facts_.canvas = file.number("image");
    facts_.vision.patch = file.number("patch");
    facts_.vision.dim = file.number("dim");
    facts_.vision.depth = file.number("depth");
    facts_.vision.heads = file.number("heads");
    facts_.vision.hidden = facts_.vision.dim * file.number("mlp_ratio");
    facts_.vision.eps = file.number<double>("ln_eps");
    facts_.text_eps = file.number<double>("text_ln_eps");
    facts_.vocabulary = file.number("vocab");
    facts_.words = file.number("text_len");
    facts_.types = file.read<double>("param.token_type_embeddings.weight").shape.rows();
    facts_.max_patches = facts_.vision.patches();
    if constexpr (requires { variant_.prompt.prompts = Index{1}; })
      variant_.prompt.prompts = file.number("num_prompts");
  }

  void follow(Effort effort) {
    effort_ = effort;
    if (effort == Effort::until_mismatch) return on(vlpt::Cpu<double>(1));
    on(vlpt::Cpu<double>());
    on(vlpt::Cpu<float>());
  }

 private:
  template <class Learn, class Rows>
  using Model = vlpt::SingleStream<vlpt::arch::ViLT_B32, Prompt, Skip, Learn, Rows>;
  using Naive = Model<vlpt::learn::Input<vlpt::learn::All>, vlpt::rows::All>;
  using Live = Model<vlpt::learn::Policy, vlpt::rows::Live>;
  using Settings = typename Live::Settings;
  template <class M>
  static constexpr bool naive = std::is_same_v<M, Naive>;

  /// One loss of a file: what is read, by which head, under which names.
  struct Task {
    std::string gradient;
    ViltBatch batch;
    Settings settings{};
    std::vector<vlpt::io::Rule> head{};
  };

  template <class B>
  void on(B const& backend) {
    using T = typename B::Scalar;
    std::string const machine =
        vlpt::text(B::name, std::is_same_v<T, double> ? " double" : " float");
    file_.enter(machine);
    for (std::string const suffix : {"", "_1"})
      if (file_.has("input.image" + suffix)) choices<T>(suffix);
    file_.enter(machine + ", all rows");
    under<Naive>(backend);
    if (enough()) return;
    file_.enter(machine + ", live rows");
    under<Live>(backend);
    file_.leave();
  }

  /// A loss, and where it is a sum of many terms the root of the sum of their squares.
  struct Loss {
    double value, spread = 0;
  };

  [[nodiscard]] bool enough() const {
    return effort_ == Effort::until_mismatch && !file_.mismatches().empty();
  }
  /// Which patches are read, and the mask.
  template <class T>
  void choices(std::string const& suffix) {
    auto const images = cast<T>(file_.read<double>("input.image" + suffix));
    auto const& v = facts_.vision;
    vlpt::PatchChoice<T> choice;
    choice.choose({images.data(), images.shape[0], v.channels * v.image, v.image}, v.channels,
                  v.patch, v.image / v.patch, facts_.max_patches);
    std::vector<Index> places, mask, joint;
    auto const words = file_.read<Index>("input.text_mask");
    for (Index b = 0; b < choice.images; ++b) {
      mask.push_back(1);
      for (Index i = 0; i < choice.count; ++i) {
        auto const at = static_cast<std::size_t>(b * choice.count + i);
        places.push_back(choice.patches[at] / (v.image / v.patch));
        places.push_back(choice.patches[at] % (v.image / v.patch));
        mask.push_back(choice.valid[at]);
      }
      joint.insert(joint.end(), words.data() + b * facts_.words,
                   words.data() + (b + 1) * facts_.words);
      joint.insert(joint.end(), mask.end() - 1 - choice.count, mask.end());
    }
    file_.compare("input.patch_index" + suffix, places);
    file_.compare("input.image_mask" + suffix, mask);
    if (suffix.empty()) file_.compare("input.mask", joint);
  }

  template <class M, class B>
  void under(B const& backend) {
    using T = typename B::Scalar;
    using In = vlpt::View<T const>;
    using Out = vlpt::View<T>;
    ViltBatch const plain = ViltBatch::plain(file_);
    Settings every{};
    every.every_row = true;
    auto const hidden = file_.read<double>("input.cotangent.hidden");
    auto const cls = file_.read<double>("input.cotangent.cls_feats");
    Index const wide = hidden.size() / plain.samples, dim = facts_.vision.dim;
    auto const sum = [&](In out, Out slope) {
      double total = 0, squares = 0;
      for (Index b = 0; b < out.rows; ++b)
        for (Index i = 0; i < out.cols; ++i) {
          double const w = i < wide ? hidden[b * wide + i] : cls[b * dim + i - wide];
          double const term = static_cast<double>(out(b, i)) * w;
          total += term, squares += term * term;
          slope(b, i) = static_cast<T>(w);
        }
      return Loss{total, std::sqrt(squares)};
    };
    follow<M>(backend, Task{"grad", plain, every}, "output.loss", sum, [&](In out) {
      see<T>("output.hidden", Kind::forward, vlpt::Stream<T const>(out.middle_cols(0, wide), 1));
      see<T>("output.cls_feats", Kind::forward,
             vlpt::Stream<T const>(out.middle_cols(wide, dim), 1));
    });
    auto const seen = [this](std::string const& name) {
      return [this, name](In out) { see<T>(name, Kind::forward, vlpt::Stream<T const>(out, 1)); };
    };
    if (file_.has("output.vqa_loss") && !enough()) {
      auto const targets = cast<T>(file_.read<double>("input.vqa_targets"));
      follow<M>(
          backend, mlp("vqa", plain, 1), "output.vqa_loss",
          [&](In out, Out slope) {
            return Loss{
                static_cast<double>(backend.binary_cross_entropy(out, targets.view(), slope))};
          },
          seen("output.vqa_logits"));
    }
    if (file_.has("output.nlvr2_loss") && !enough()) {
      auto const labels = file_.read<Index>("input.nlvr2_labels");
      follow<M>(
          backend, mlp("nlvr2", ViltBatch::two_images(file_), 2), "output.nlvr2_loss",
          [&](In out, Out slope) {
            return Loss{
                static_cast<double>(backend.cross_entropy(out, labels.data(), In{}, slope))};
          },
          seen("output.nlvr2_logits"));
    }
    if (file_.has("output.irtr_loss") && !enough()) {
      Task ranking{"grad_irtr", ViltBatch::candidates(file_), {}, {{"head.*", {"rank_output.*"}}}};
      ranking.settings.classes = 1;
      std::vector<Index> const first(static_cast<std::size_t>(plain.samples), 0);
      follow<M>(
          backend, ranking, "output.irtr_loss",
          [&](In out, Out slope) {
            Index const each =
                out.rows / plain.samples;  // candidates of an image, the true one first
            return Loss{static_cast<double>(
                backend.cross_entropy(In(out.data, plain.samples, each), first.data(), In{},
                                      Out(slope.data, plain.samples, each)))};
          },
          seen("output.irtr_scores"));
    }
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

  /// One loss: outputs for training and for inference, the loss, and every gradient of it.
  template <class M, class B, class LossOf, class Seen>
  void follow(B const& backend, Task const& task, std::string const& loss_name,
              LossOf const& loss_of, Seen const& seen) {
    using T = typename B::Scalar;
    vlpt::Net<M, B> net(model<M>(task.settings), {}, backend);
    auto rules = vlpt::io::naming::vilt();
    rules.rules.insert(rules.rules.begin(), task.head.begin(), task.head.end());
    rules.rules.insert(rules.rules.begin(), variant_.rules.begin(), variant_.rules.end());
    Names const names(rules);
    names.load(file_, net);
    Look<T> look{*this, task, types_of<T>(net)};
    if (naive<M>) net.set_tap({Look<T>::look, &look});

    auto const images = cast<T>(task.batch.images);
    auto const in = task.batch.template input<T>(images);
    auto const out = net.forward(in, 0, false);
    seen(out);
    Tensor<T> slope(vlpt::Shape{out.rows, out.cols});
    Loss const loss = loss_of(out, slope.view());
    file_.compare<T>(loss_name, Kind::forward, {loss.value}, loss.spread);

    Tensor<T> d_images(images.shape);
    vlpt::TextImages<T> d_in = net.model().template blank<T>(in.batch);
    d_in.images.data = d_images.data();
    net.zero_gradients();
    net.backward(std::as_const(slope).view(), d_in);
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

  template <class M>
  [[nodiscard]] M model(Settings const& task) const {
    typename M::Settings s{};
    s.facts = facts_, s.prompt = variant_.prompt, s.skip = variant_.skip;
    s.classes = task.classes, s.head_hidden = task.head_hidden, s.images = task.images;
    s.every_row = task.every_row;
    s.replaces_first = file_.has("param.token4classifier");
    return M(s);
  }

  /// The modality table, to take it off what the file records without it.
  template <class T, class Net>
  [[nodiscard]] static vlpt::View<T> types_of(Net const& net) {
    for (auto const& p : net.parameters())
      if (p.name == "embed.types") return p.values;
    throw vlpt::InputError("the model has no table of modalities");
  }

  /// Compares what passes between the blocks.
  template <class T>
  struct Look {
    Vilt& vilt;
    Task const& task;
    vlpt::View<T> types;

    static void look(void* self, vlpt::TapPoint point, Index layer, vlpt::Stream<T const> x) {
      auto const& [vilt, task, types] = *static_cast<Look const*>(self);
      auto& file = vilt.file_;
      bool const plain = task.gradient == "grad";
      std::string const block = vlpt::text("block.", layer),
                        before = vlpt::text("block.", layer - 1);
      Index const each = task.settings.images;
      switch (point) {
        case vlpt::TapPoint::tokens:
          if (plain) vilt.see("input.tokens", Kind::forward, x);
          for (Index i = 0; i < each && (plain || each > 1); ++i) {
            Index const words = vilt.facts_.words;
            auto const rows = x.range(words, x.tokens - words);
            vilt.see(i == 0 ? "input.image_tokens" : "input.image_tokens_1", Kind::forward, rows, i,
                     each, types.row(1 + i));
          }
          break;
        case vlpt::TapPoint::block_in:  // not recorded where it is what the block before gave
          if (plain)
            vilt.see(file.has(block + ".in") ? block + ".in" : before + ".out", Kind::forward, x);
          break;
        case vlpt::TapPoint::block_out:
          if (plain) vilt.see(block + ".out", Kind::forward, x);
          break;
        case vlpt::TapPoint::tokens_gradient:
          for (Index i = 0; i < each; ++i)
            vilt.see(task.gradient + (i == 0 ? ".input.tokens" : ".input.tokens_1"), Kind::gradient,
                     x, i, each);
          break;
        case vlpt::TapPoint::side_in:
        case vlpt::TapPoint::side_out:
          if (plain)
            vilt.see(
                vlpt::text("block.side.", layer, point == vlpt::TapPoint::side_in ? ".in" : ".out"),
                Kind::forward, x);
          break;
        default:
          break;
      }
    }
  };
  /// Samples first, first + step, ... and of each the rows that are recorded: prompts and padding
  /// of other images stand behind them. `less` is taken off every row.
  template <class T>
  void see(std::string const& name, Kind kind, vlpt::Stream<T const> x, Index first = 0,
           Index step = 1, T const* less = nullptr) {
    auto const shape = file_.read<double>(name).shape;
    Index const rows = shape.rank == 3 ? std::min(x.tokens, shape[1]) : x.tokens;
    std::vector<double> all;
    for (Index b = first; b < x.batch; b += step)
      for (Index r = 0; r < (x.batch == 1 ? x.tokens : rows); ++r)
        for (Index c = 0; c < x.dim; ++c)
          all.push_back(static_cast<double>(x.sample(b)(r, c)) -
                        (less == nullptr ? 0.0 : static_cast<double>(less[c])));
    file_.compare<T>(name, kind, all);
  }
  template <class T>
  [[nodiscard]] static Tensor<T> cast(Tensor<double> const& t) {
    Tensor<T> out(t.shape);
    for (Index i = 0; i < t.size(); ++i) out[i] = static_cast<T>(t[i]);
    return out;
  }

  Recording& file_;
  ViltVariant<Prompt, Skip> variant_;
  vlpt::SingleStreamFacts facts_;
  Effort effort_ = Effort::every_backend;
};

}  // namespace golden
