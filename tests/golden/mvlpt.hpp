#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "golden/backends.hpp"
#include "losses.hpp"
#include "mvlpt_names.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/train/task_ranges.hpp"

namespace golden {

/// A case `mvlpt.*`: CLIP under one prompt policy, by the naive rows with everything learning and
/// by the live rows as one tunes.
template <class Prompt>
class Mvlpt {
 public:
  explicit Mvlpt(Recording& file, Prompt prompt = {})
      : file_(file),
        names_(mvlpt_names(file.fact("cocoop_n_ctx", "0") != "0")),
        prompt_(std::move(prompt)),
        images_(file.read<double>("input.image")),
        cotangent_(file.read<double>("input.cotangent.logits")),
        labels_(file.read<Index>("input.labels")) {
    facts_ = {.image = file.number("image"),
              .channels = images_.shape[1],
              .patch = file.number("patch"),
              .dim = file.number("vision_width"),
              .depth = file.number("vision_layers"),
              .heads = file.number("vision_heads"),
              .hidden = file.number("vision_width") * file.number("mlp_ratio"),
              .projection = file.number("embed_dim"),
              .eps = file.number<double>("ln_eps"),
              .patch_bias = false,
              .pre_norm = true};
    text_ = {.vocabulary = file.number("vocab"),
             .tokens = file.number("context_length"),
             .dim = file.number("text_width"),
             .depth = file.number("text_layers"),
             .heads = file.number("text_heads"),
             .hidden = file.number("text_width") * file.number("mlp_ratio"),
             .eps = file.number<double>("ln_eps")};
    read_texts();
    if (file.fact("multitask", "false") == "true") {
      tasks_.off = vlpt::OffTask::zero;
      tasks_.start = file.read<Index>("input.task_start").values;
      tasks_.end = file.read<Index>("input.task_end").values;
      tasks_.select(file.read<Index>("input.task").values, first_, last_);
    }
  }

  void follow(Effort effort) {
    if (effort == Effort::until_mismatch) return on(exact(1), effort);
    on(exact());
    on(fast());
  }

 private:
  template <class Learn, class Rows>
  using Model = vlpt::DualEncoder<vlpt::arch::Dynamic<vlpt::QuickGelu>, Prompt, vlpt::skip::Dense,
                                  Learn, Rows>;
  using Naive = Model<vlpt::learn::Input<vlpt::learn::All>, vlpt::rows::All>;
  using Live = Model<vlpt::learn::Policy, vlpt::rows::Live>;
  template <class M>
  static constexpr bool naive = std::is_same_v<M, Naive>;
  static constexpr bool shifts = has(Prompt::sites, vlpt::Site::text_shift);

  /// The recorded words, without those that hold the place of the context.
  void read_texts() {
    auto const words = file_.read<Index>("input.tokenized_prompts");
    Index const context = has(Prompt::sites, vlpt::Site::text_context)
                              ? std::stol(file_.fact(shifts ? "cocoop_n_ctx" : "coop_n_ctx", "0"))
                              : 0;
    texts_.classes = words.shape[0], texts_.tokens = words.shape[1] - context;
    for (Index i = 0; i < words.size(); ++i)
      if (Index const at = i % words.shape[1]; at == 0 || at > context)
        texts_.ids.push_back(words[i]);
    if (file_.has("input.name_lens"))
      texts_.name_lengths = file_.read<Index>("input.name_lens").values;
    if (!file_.has("input.token_prefix")) return;
    auto const table = file_.read<double>("param.token_embedding.weight");
    std::vector<double> prefix, suffix;
    for (Index i = 0; i < texts_.classes * texts_.tokens; ++i)
      for (Index c = 0; c < text_.dim; ++c)
        (i % texts_.tokens == 0 ? prefix : suffix)
            .push_back(table[texts_.ids[static_cast<std::size_t>(i)] * text_.dim + c]);
    embedded_ = {{"input.token_prefix", prefix}, {"input.token_suffix", suffix}};
  }

  template <class B>
  void on(B const& backend, Effort effort = Effort::every_backend) {
    using T = typename B::Scalar;
    std::string const machine =
        vlpt::text(B::name, std::is_same_v<T, double> ? " double" : " float");
    file_.enter(machine + ", all rows");
    under<Naive>(backend);
    if (effort == Effort::until_mismatch && !file_.mismatches().empty()) return;
    file_.enter(machine + ", live rows");
    under<Live>(backend);
    for (auto const& [name, values] : embedded_) file_.compare<T>(name, Kind::forward, values);
    file_.leave();
  }

  /// Up to three losses: of the logits with a fixed cotangent, of the task, and of soft targets.
  template <class M, class B>
  void under(B const& backend) {
    using T = typename B::Scalar;
    using Logits = vlpt::View<T const>;
    using Slope = vlpt::View<T>;
    follow<M>(backend, "output.loss", "grad", [&](Logits logits, Slope slope) {
      double sum = 0;
      for (Index i = 0; i < logits.size(); ++i) {
        sum += static_cast<double>(logits.data[i]) * cotangent_[i];
        slope.data[i] = static_cast<T>(cotangent_[i]);
      }
      return sum;
    });
    follow<M>(backend, "output.task_loss", "grad_task", [&](Logits logits, Slope slope) {
      return vlpt::test::cross_entropy(vlpt::test::on_host(backend), logits, labels_.data(), {},
                                       slope);
    });
    if (!file_.has("input.multilabel")) return;
    auto targets = cast<T>(file_.read<double>("input.multilabel"));
    for (Index i = 0; i < targets.shape[0]; ++i) {
      T sum = T(0);
      for (Index k = 0; k < targets.shape[1]; ++k) sum += targets.view()(i, k);
      for (Index k = 0; k < targets.shape[1]; ++k) targets.view()(i, k) /= sum;
    }
    follow<M>(backend, "output.multilabel_loss", "grad_multilabel",
              [&](Logits logits, Slope slope) {
                return vlpt::test::soft_cross_entropy(vlpt::test::on_host(backend), logits,
                                                      std::as_const(targets).view(), slope);
              });
  }

  /// One loss: what passes inside, the logits, the loss, and every gradient of it.
  template <class M, class B, class Loss>
  void follow(B const& backend, std::string const& loss_name, std::string const& gradient,
              Loss const& loss) {
    using T = typename B::Scalar;
    typename M::Settings const settings{
        .facts = facts_, .text = text_, .prompt = prompt_, .texts = texts_};
    vlpt::Net<M, B> net(M(settings), {}, backend);
    names_.load(file_, net);
    Look<T> look;
    look.layers = facts_.depth;
    net.set_tap({Look<T>::look, &look});

    auto const images = cast<T>(images_);
    Tensor<T> logits = net.read(net.forward(net.stream_of(images), 0, false)), slope(logits.shape);
    auto const& host = vlpt::test::on_host(backend);
    tasks_.apply(host, first_, last_, logits.view());
    file_.compare<T>("output.logits", Kind::forward, doubles(logits));
    if (file_.has("output.logits_per_text"))
      file_.compare<T>("output.logits_per_text", Kind::forward, transposed(logits));
    file_.compare<T>(loss_name, Kind::forward,
                     {static_cast<double>(loss(std::as_const(logits).view(), slope.view()))});

    tasks_.reverse(host, first_, last_, slope.view());
    Tensor<T> d_images(images.shape);
    vlpt::Stream<T> const to(d_images.data(), images.shape[0], facts_.channels * facts_.image,
                             facts_.image);
    net.zero_gradients();
    vlpt::test::backward(net, slope, to);
    std::string const prefix = gradient + ".param.";
    for (std::string const& name : file_.names(prefix))
      if (auto const got = names_.gradient(file_, net, name.substr(prefix.size())))
        file_.compare<T>(name, Kind::gradient, *got);
    net.set_tap({});
    file_.compare<T>("output.text_features", Kind::forward, look.seen["text_features"]);
    if (naive<M>) {
      if (file_.has(gradient + ".input.image"))
        file_.compare<T>(gradient + ".input.image", Kind::gradient, doubles(d_images));
      inside<T>(look, gradient);
    }
    auto const inferred = std::as_const(net)(images);
    Tensor<T> again = inferred;
    tasks_.apply(host, first_, last_, again.view());
    file_.compare<T>("output.logits", Kind::forward, doubles(again));
    Tensor<T> features(vlpt::Shape{images.shape[0], facts_.features()});
    auto workspace = std::as_const(net).workspace(images.shape[0]);
    std::as_const(net).features(net.stream_of(images), features.view(), workspace);
    file_.compare<T>("output.image_features", Kind::forward, doubles(features));
  }

  /// What is seen between the blocks, under the names of the file.
  template <class T>
  struct Look {
    std::map<std::string, std::vector<double>> seen;
    Index layers = 0;  // of the image tower; the text tower's are numbered behind them

    static void look(void* self, vlpt::TapPoint point, Index layer, vlpt::Stream<T const> x) {
      auto& [seen, layers] = *static_cast<Look*>(self);
      bool const image = layer < layers;
      auto const block =
          vlpt::text("block.", image ? "image." : "text.", image ? layer : layer - layers);
      using enum vlpt::TapPoint;
      auto& to = seen[point == tokens            ? image ? "tokens" : "text_tokens"
                      : point == block_in        ? block + ".in"
                      : point == block_out       ? block + ".out"
                      : point == tokens_gradient ? image ? "d_tokens" : "d_prompts"
                      : point == joint_in        ? "block.joint.in"
                      : point == joint_out       ? "block.joint.out"
                                                 : "text_features"];
      for (Index b = 0; b < x.batch; ++b)
        for (Index r = 0; r < x.tokens; ++r)
          for (Index c = 0; c < x.dim; ++c) to.push_back(static_cast<double>(x.sample(b)(r, c)));
    }
  };
  template <class T>
  void inside(Look<T>& look, std::string const& gradient) {
    for (std::string const& name : file_.names("block."))
      file_.compare<T>(name, Kind::forward, look.seen[name]);
    auto const see = [&](std::string const& name, Kind kind, std::vector<double> const& got) {
      if (file_.has(name)) file_.compare<T>(name, kind, got);
    };
    see("input.tokens", Kind::forward, look.seen["tokens"]);
    see(gradient + ".input.tokens", Kind::gradient, look.seen["d_tokens"]);
    see(gradient + ".input.prompts", Kind::gradient, look.seen["d_prompts"]);
    auto prompts = look.seen["text_tokens"];
    auto const places = file_.read<double>("param.positional_embedding");
    for (std::size_t i = 0; i < prompts.size(); ++i)
      prompts[i] -= places.values[i % places.values.size()];
    see("output.prompts", Kind::forward, prompts);
    // A projected prompt is recorded as it is learnt, any other as its layer reads it.
    bool const lifted = file_.has("param.prompt_learner.vpt_proj.weight");
    if (file_.has("output.vpt_used"))
      see("output.vpt_used", Kind::forward, lifted ? learnt("vpt_embeddings") : rows<T>(look, 0));
    if (file_.has("output.vpt_deep_used")) {
      std::vector<double> deep;
      for (Index l = 1; l < facts_.depth; ++l)
        for (double const v : rows<T>(look, l)) deep.push_back(v);
      see("output.vpt_deep_used", Kind::forward, lifted ? learnt("vpt_embeddings_deep") : deep);
    }
  }
  [[nodiscard]] std::vector<double> learnt(std::string const& name) {
    return file_.read<double>("param.prompt_learner." + name).values;
  }
  /// The prompt rows behind the first image's class row.
  template <class T>
  [[nodiscard]] std::vector<double> rows(Look<T>& look, Index layer) {
    auto const& all = look.seen[vlpt::text("block.image.", layer, ".in")];
    Index const count = file_.number("vpt_n_ctx");
    auto const first = all.begin() + facts_.dim;
    return {first, first + count * facts_.dim};
  }

  template <class T>
  [[nodiscard]] static std::vector<double> doubles(Tensor<T> const& t) {
    return {t.values.begin(), t.values.end()};
  }
  template <class T>
  [[nodiscard]] static std::vector<double> transposed(Tensor<T> const& t) {
    std::vector<double> out;
    for (Index c = 0; c < t.shape[1]; ++c)
      for (Index r = 0; r < t.shape[0]; ++r) out.push_back(static_cast<double>(t.view()(r, c)));
    return out;
  }
  template <class T>
  [[nodiscard]] static Tensor<T> cast(Tensor<double> const& t) {
    Tensor<T> out(t.shape);
    for (Index i = 0; i < t.size(); ++i) out[i] = static_cast<T>(t[i]);
    return out;
  }

  Recording& file_;
  Names names_;
  vlpt::VisionFacts facts_;
  vlpt::TextTowerFacts text_;
  vlpt::ClassTexts texts_;
  vlpt::TaskRanges tasks_;
  std::vector<Index> first_, last_;  // the classes of each image's task
  Prompt prompt_;
  Tensor<double> images_, cotangent_;
  Tensor<Index> labels_;
  std::map<std::string, std::vector<double>> embedded_;
};

}  // namespace golden
