#pragma once
#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "golden/backends.hpp"
#include "losses.hpp"
#include "names.hpp"
#include "vlpt/autodiff/net.hpp"
#include "vlpt/models/vision_tower.hpp"
#include "vlpt/ops/positions.hpp"
#include "vlpt/policies/prompt/blocks.hpp"

namespace golden {

/// A case `vit.*`: a Vision Transformer with one prompt policy, under every pooling that the file
/// has, by the naive rows with everything learning and by the live rows as one tunes.
template <class Activation, class Prompt>
class Vit {
 public:
  explicit Vit(Recording& file)
      : file_(file),
        style_(file.fact("style")),
        names_(style_),
        images_(file.read<double>("input.image")),
        cotangent_(file.read<double>("input.cotangent.features")) {
    facts_.image = file.number("image");
    facts_.channels = images_.shape[1];
    facts_.patch = file.number("patch");
    facts_.dim = file.number("dim");
    facts_.depth = file.number("depth");
    facts_.heads = file.number("heads");
    facts_.hidden = facts_.dim * file.number("mlp_ratio");
    facts_.eps = file.number<double>("ln_eps");
    facts_.learned_positions = style_ != "moco";
    if (style_ == "clip") {
      facts_.projection = file.number("embed_dim");
      facts_.patch_bias = false;
      facts_.pre_norm = true;
    } else {
      labels_ = file.read<Index>("input.labels");
      class_weights_ = file.read<double>("input.class_weights");
    }
    if constexpr (requires(Prompt p) { p.prompts; }) prompt_.prompts = file.number("num_prompts");
    if constexpr (requires(Prompt p) { p.gates; }) {
      prompt_.gates = vlpt::prompt::Blocks::first(file.number("gate_num"));
      prompt_.temperature = file.number<double>("temp_fixed");
      if (file.has("output.temp_clamped"))  // scores divided by 0.01 carry 100 times the rounding
        for (double t : file.read<double>("output.temp_clamped").values)
          file.amplify(std::max(file.amplified(), 1 / t));
    }
  }

  void follow(Effort effort) {
    if (effort == Effort::until_mismatch) return on(exact(1), effort);
    on(exact());
    on(fast());
  }

 private:
  template <class Learn, class Rows>
  using Model =
      vlpt::VisionTower<vlpt::arch::Dynamic<Activation>, Prompt, vlpt::skip::Dense, Learn, Rows>;
  using Naive = Model<vlpt::learn::Input<vlpt::learn::All>, vlpt::rows::All>;
  using Live = Model<vlpt::learn::Policy, vlpt::rows::Live>;
  template <class M>
  static constexpr bool naive = std::is_same_v<M, Naive>;

  template <class B>
  void on(B const& backend, Effort effort = Effort::every_backend) {
    using T = typename B::Scalar;
    std::string const machine =
        vlpt::text(B::name, std::is_same_v<T, double> ? " double" : " float");
    std::istringstream pools(file_.fact("pools", "original"));
    for (std::string pool; std::getline(pools, pool, ',');) {
      file_.enter(vlpt::text(machine, ", all rows, ", pool));
      under<Naive>(backend, pool);
      file_.enter(vlpt::text(machine, ", live rows, ", pool));
      under<Live>(backend, pool);
      if (effort == Effort::until_mismatch && !file_.mismatches().empty()) return;
    }
    if (style_ == "moco")
      file_.compare<float>(
          "param.enc.pos_embed", Kind::forward,
          vlpt::sine_cosine_positions(facts_.image / facts_.patch, facts_.dim).values);
    file_.leave();
  }

  /// Two losses: of the features with a fixed cotangent, and, where there is a head, of the task.
  template <class M, class B>
  void under(B const& backend, std::string const& pool) {
    using T = typename B::Scalar;
    std::string const suffix = pool == "original" ? "" : "_" + pool;
    follow<M>(backend, pool, 0, "output" + suffix + ".features", "output" + suffix + ".loss",
              "grad" + suffix, [&](vlpt::View<T const> features, vlpt::View<T> slope) {
                double sum = 0;
                for (Index i = 0; i < features.size(); ++i) {
                  sum += static_cast<double>(features.data[i]) * cotangent_[i];
                  slope.data[i] = static_cast<T>(cotangent_[i]);
                }
                return sum;
              });
    if (style_ == "clip") return;
    auto const weights = cast<T>(class_weights_);
    follow<M>(backend, pool, file_.number("num_classes"), "output" + suffix + ".logits",
              "output" + suffix + ".task_loss", "grad_task" + suffix,
              [&](vlpt::View<T const> logits, vlpt::View<T> slope) {
                return vlpt::test::cross_entropy(vlpt::test::on_host(backend), logits,
                                                 labels_.data(), weights.view(), slope);
              });
  }

  /// One loss: outputs for training and for inference, the loss, and every gradient of it.
  template <class M, class B, class Loss>
  void follow(B const& backend, std::string const& pool, Index classes, std::string const& output,
              std::string const& loss_name, std::string const& gradient, Loss const& loss) {
    using T = typename B::Scalar;
    vlpt::Net<M, B> net(model<M>(pool, classes), {}, backend);
    names_.load(file_, net);
    Look<T> look{*this, gradient};
    if (naive<M>) net.set_tap({Look<T>::look, &look});

    auto const images = cast<T>(images_);
    auto const outputs = net.read(net.forward(net.stream_of(images), 0, false));
    auto const out = outputs.view();
    file_.compare<T>(output, Kind::forward, values<T>(vlpt::Stream<T const>(out, 1)));
    Tensor<T> slope(outputs.shape);
    file_.compare<T>(loss_name, Kind::forward, {static_cast<double>(loss(out, slope.view()))});

    Tensor<T> d_images(images.shape);
    vlpt::Stream<T> const to(d_images.data(), images.shape[0], facts_.channels * facts_.image,
                             facts_.image);
    net.zero_gradients();
    vlpt::test::backward(net, slope, to);
    std::string const prefix = gradient + ".param.";
    for (std::string const& name : file_.names(prefix))
      if (auto const got = names_.gradient(file_, net, name.substr(prefix.size())))
        file_.compare<T>(name, Kind::gradient, *got);
    if (naive<M> && file_.has(gradient + ".input.image"))
      file_.compare<T>(gradient + ".input.image", Kind::gradient,
                       {d_images.values.begin(), d_images.values.end()});

    net.set_tap({});
    if (file_.has("output.temp_clamped")) {
      net.keep_ranges();
      std::vector<double> t;
      for (auto const& p : net.parameters())
        if (p.name.ends_with(".change.t")) t.push_back(static_cast<double>(net.read(p)[0]));
      file_.compare<T>("output.temp_clamped", Kind::forward, t);
    }
    auto const inferred = std::as_const(net)(images);
    file_.compare<T>(output, Kind::forward, {inferred.values.begin(), inferred.values.end()});
  }

  template <class M>
  [[nodiscard]] M model(std::string const& pool, Index classes) const {
    typename M::Settings s{.facts = facts_, .prompt = prompt_, .classes = classes};
    if (pool == "original")  // the class row, but for masked autoencoders
      s.facts.pool = style_ == "mae" ? vlpt::Pool::mean_all : vlpt::Pool::class_row;
    else if (pool == "imgprompt_pool")
      s.facts.pool = vlpt::Pool::mean_all;
    else if (pool == "img_pool")
      s.facts.pool = vlpt::Pool::mean_image;
    else if (pool == "prompt_pool")
      s.facts.pool = vlpt::Pool::mean_prompts;
    else
      throw vlpt::InputError("unknown pooling " + pool);
    return M(s);
  }

  /// Compares what passes between the blocks.
  template <class T>
  struct Look {
    static constexpr bool gated(Index) { return vlpt::has(Prompt::sites, vlpt::Site::block_out); }
    Vit& vit;
    std::string gradient;

    static void look(void* self, vlpt::TapPoint point, Index layer, vlpt::Stream<T const> x) {
      auto const& [vit, gradient] = *static_cast<Look const*>(self);
      auto& file = vit.file_;
      std::string const block = vlpt::text("block.", layer),
                        before = vlpt::text("block.", layer - 1);
      switch (point) {
        case vlpt::TapPoint::tokens:
          vit.see("input.tokens", Kind::forward, x);
          break;
        case vlpt::TapPoint::block_in:  // not recorded where it is what the block before gave
          vit.see(file.has(block + ".in") ? block + ".in" : before + ".out", Kind::forward, x);
          break;
        case vlpt::TapPoint::block_raw:  // before a gate
        case vlpt::TapPoint::block_out:
          if (point == vlpt::TapPoint::block_raw || !gated(layer))
            vit.see(block + ".out", Kind::forward, x);
          break;
        case vlpt::TapPoint::tokens_gradient:
          if (file.has(gradient + ".input.tokens"))
            vit.see(gradient + ".input.tokens", Kind::gradient, x);
          break;
        default:
          break;
      }
    }
  };
  template <class T>
  void see(std::string const& name, Kind kind, vlpt::Stream<T const> x) {
    file_.compare<T>(name, kind, values(x));
  }

  template <class T>
  [[nodiscard]] static std::vector<double> values(vlpt::Stream<T const> x) {
    std::vector<double> all;
    for (Index b = 0; b < x.batch; ++b)
      for (Index r = 0; r < x.tokens; ++r)
        for (Index c = 0; c < x.dim; ++c) all.push_back(static_cast<double>(x.sample(b)(r, c)));
    return all;
  }
  template <class T>
  [[nodiscard]] static Tensor<T> cast(Tensor<double> const& t) {
    Tensor<T> out(t.shape);
    for (Index i = 0; i < t.size(); ++i) out[i] = static_cast<T>(t[i]);
    return out;
  }

  Recording& file_;
  std::string style_;
  Names names_;
  vlpt::VisionFacts facts_;
  Prompt prompt_;
  Tensor<double> images_, cotangent_, class_weights_;
  Tensor<Index> labels_;
};

}  // namespace golden
