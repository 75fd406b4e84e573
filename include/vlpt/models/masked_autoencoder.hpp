#pragma once
#include "vlpt/blocks/encoder_block.hpp"
#include "vlpt/blocks/stack.hpp"
#include "vlpt/models/arch/vision.hpp"
#include "vlpt/models/images.hpp"
#include "vlpt/models/masking.hpp"
#include "vlpt/ops/embed_patches.hpp"
#include "vlpt/policies/prompt/none.hpp"

namespace vlpt {

/// The decoder of a masked autoencoder and how much it has to guess.
struct DecoderFacts {
  Index dim = 64;
  Index depth = 2;
  Index heads = 4;
  Index hidden = 256;
  double mask_ratio = 0.75;
};

/// Masked autoencoding (He et al., arXiv 2111.06377), all weights learning: the encoder sees a
/// quarter of the patches, the decoder predicts the others.
///   images (batch, channels * image, image) -> (batch, masked * patch_size) predicted pixels.
/// The masking of a run follows from its random numbers: see Masking and masking_random().
template <Arch A>
struct MaskedAutoencoder {
  using Layer = EncoderBlock<typename A::Activation, prompt::None>;
  using Layers = Stack<Layer, rows::Live>;
  using TrainFlow = Flow<learn::All>;
  static constexpr bool trunk_learns = true;
  template <class T>
  using Input = Stream<T const>;
  template <class T>
  using InputGradient = Stream<T>;

  VisionFacts facts;
  DecoderFacts decoder;
  EmbedPatches embed;
  Layers layers, decoder_layers;
  LayerNorm norm, decoder_norm;
  Linear decoder_embed, predict;

  constexpr explicit MaskedAutoencoder(DecoderFacts const& d = {},
                                       VisionFacts const& f = facts_of<A>())
      : facts(f),
        decoder(d),
        embed{f.image, f.channels, f.patch, f.dim, f.patch_bias, f.learned_positions},
        norm{f.dim, f.eps},
        decoder_norm{d.dim, f.eps},
        decoder_embed{.in = f.dim, .out = d.dim, .weight_init = Init::xavier_uniform()},
        predict{.in = d.dim, .out = f.patch_size(), .weight_init = Init::xavier_uniform()} {
    facts.check();
    if (keep() < 1 || masked() < 1)
      throw InputError(text("a mask ratio of ", d.mask_ratio, " leaves ", keep(), " of ",
                            f.patches(),
                            " patches to see; at least one must be seen and one guessed"));
    VisionFacts inner = f;
    inner.dim = d.dim, inner.heads = d.heads, inner.hidden = d.hidden, inner.depth = d.depth;
    inner.check();
    for (Index l = 0; l < f.depth; ++l) layers.layers.push_back(Layer(f.at(l, f.depth), {}, 0));
    for (Index l = 0; l < d.depth; ++l)
      decoder_layers.layers.push_back(Layer(inner.at(l, d.depth), {}, 0));
  }

  [[nodiscard]] constexpr Index keep() const {
    return static_cast<Index>(static_cast<double>(facts.patches()) * (1 - decoder.mask_ratio));
  }
  [[nodiscard]] constexpr Index masked() const { return facts.patches() - keep(); }
  [[nodiscard]] constexpr Index output_width() const { return masked() * facts.patch_size(); }
  /// Images without memory, to plan a run with.
  template <class T>
  [[nodiscard]] constexpr Stream<T> blank(Index batch) const {
    return blank_images<T>(facts, batch);
  }
  template <class T>
  void check(Stream<T> images) const {
    check_images(facts, images);
  }
  /// The random numbers that the masking of a run is drawn from.
  [[nodiscard]] static constexpr Random masking_random(Random run) {
    return run.fork(0x6d61736bULL);
  }

  template <class T>
  struct Params {
    EmbedPatches::Params<T> embed;
    typename Layers::template Params<T> layers, decoder_layers;
    LayerNorm::Params<T> norm, decoder_norm;
    Linear::Params<T> decoder_embed, predict;
    View<T> mask_row, decoder_positions;
  };
  template <class T>
  struct Prepared {
    typename Layers::template Prepared<T> layers, decoder_layers;
  };
  template <class F>
  using Inner = typename F::template with_below<F::below || F::learns>;
  template <class T, class F>
  struct Cache {
    EmbedPatches::Cache<T, F> embed;
    typename Layers::template Cache<T, Inner<F>> layers, decoder_layers;
    LayerNorm::Cache<T, Inner<F>> norm, decoder_norm;
    Linear::Cache<T, Inner<F>> decoder_embed, predict;
    Masking masking;
    std::vector<Index> kept_rows, masked_rows, zeros;  // rows of [class; patches]
  };

  template <class F, class P, class V>
  constexpr void visit(P& p, V& v) const {
    visit_part(v, "embed", [&] { embed.template visit<F>(p.embed, v); });
    layers.template visit<Inner<F>>(p.layers, v);
    visit_part(v, "norm", [&] { norm.template visit<Inner<F>>(p.norm, v); });
    visit_part(v, "decoder", [&] {
      visit_part(v, "embed", [&] { decoder_embed.template visit<Inner<F>>(p.decoder_embed, v); });
      v.template tensor<F::learns>("mask_row", p.mask_row, Shape{1, decoder.dim},
                                   Init::normal(0.02), false);
      v.template tensor<false>("positions", p.decoder_positions, Shape{facts.tokens(), decoder.dim},
                               Init::zero(), false);
      decoder_layers.template visit<Inner<F>>(p.decoder_layers, v);
      visit_part(v, "norm", [&] { decoder_norm.template visit<Inner<F>>(p.decoder_norm, v); });
      visit_part(v, "predict", [&] { predict.template visit<Inner<F>>(p.predict, v); });
    });
  }

  template <class F, class B, class P, class R>
  constexpr void prepare(Context<B>& c, P const& p, R& r, Index) const {
    GivenRows<typename B::Scalar> const none{};
    layers.template prepare<Inner<F>>(c, p.layers, r.layers, none, every_row(1 + keep()));
    decoder_layers.template prepare<Inner<F>>(c, p.decoder_layers, r.decoder_layers, none,
                                              every_row(facts.tokens()));
  }
  template <class F, class B, class P, class R>
  constexpr void prepare_backward(Context<B>&, P const&, R&, P&) const {}  // no policy, no rows

  template <class F, class B, class P, class T, class K>
  void forward(Context<B>& c, P const& p, Prepared<T> const& r, Stream<T const> images, View<T> out,
               K& k) const {
    GivenRows<T> const none{};
    ArenaScope const scope(c.scratch);
    Index const batch = images.batch, n = facts.tokens(), seen = 1 + keep();
    choose(c, batch, k);
    auto const all = c.scratch.template stream<T>(batch, n, facts.dim);
    embed.template forward<F>(c, p.embed, images, all, k.embed);
    auto const x = c.tape.template stream<T>(batch, seen, facts.dim);
    c.backend.gather(Stream<T const>(all), k.kept_rows.data(), x);
    auto const y = c.tape.template stream<T>(batch, seen, facts.dim);
    layers.template forward<Inner<F>>(c, p.layers, r.layers, none, Stream<T const>(x), y, k.layers,
                                      every_row(seen));
    auto const z = c.tape.template stream<T>(batch, seen, facts.dim);
    norm.template forward<Inner<F>>(c, p.norm, Stream<T const>(y), z, k.norm);
    auto const e = c.scratch.template stream<T>(batch, seen, decoder.dim);
    decoder_embed.template forward<Inner<F>>(c, p.decoder_embed, Stream<T const>(z), e,
                                             k.decoder_embed);
    auto const guesses = c.scratch.template stream<T>(batch, masked(), decoder.dim);
    c.backend.gather(Stream<T const>(p.mask_row, 1), k.zeros.data(), guesses);
    auto const full = c.tape.template stream<T>(batch, n, decoder.dim);
    c.backend.copy(Stream<T const>(p.decoder_positions, 1), full);
    c.backend.scatter_add(Stream<T const>(e), k.kept_rows.data(), full);
    c.backend.scatter_add(Stream<T const>(guesses), k.masked_rows.data(), full);
    auto const decoded = c.scratch.template stream<T>(batch, n, decoder.dim);
    decoder_layers.template forward<Inner<F>>(c, p.decoder_layers, r.decoder_layers, none,
                                              Stream<T const>(full), decoded, k.decoder_layers,
                                              every_row(n));
    auto const read = c.tape.template stream<T>(batch, masked(), decoder.dim);
    c.backend.gather(Stream<T const>(decoded), k.masked_rows.data(), read);
    auto const normed = c.tape.template stream<T>(batch, masked(), decoder.dim);
    decoder_norm.template forward<Inner<F>>(c, p.decoder_norm, Stream<T const>(read), normed,
                                            k.decoder_norm);
    predict.template forward<Inner<F>>(c, p.predict, Stream<T const>(normed), pixels(out),
                                       k.predict);
  }

  template <class F, class B, class P, class T, class K>
  void backward(Context<B>& c, P const& p, Prepared<T>& r, K const& k, View<T const> d_out,
                Stream<T>, P& g) const {
    GivenRows<T> const none{};
    ArenaScope const scope(c.scratch);
    Index const batch = d_out.rows, n = facts.tokens(), seen = 1 + keep();
    auto const inner = [&](Index tokens, Index dim) {
      return c.scratch.template stream<T>(batch, tokens, dim);
    };
    auto const d_normed = inner(masked(), decoder.dim), d_read = inner(masked(), decoder.dim);
    predict.template backward<Inner<F>>(c, p.predict, k.predict, pixels(d_out), d_normed,
                                        g.predict);
    decoder_norm.template backward<Inner<F>>(c, p.decoder_norm, k.decoder_norm,
                                             Stream<T const>(d_normed), d_read, g.decoder_norm);
    auto const d_decoded = inner(n, decoder.dim), d_full = inner(n, decoder.dim);
    c.backend.fill(d_decoded, T(0));
    c.backend.scatter_add(Stream<T const>(d_read), k.masked_rows.data(), d_decoded);
    decoder_layers.template backward<Inner<F>>(c, p.decoder_layers, r.decoder_layers, none,
                                               k.decoder_layers, Stream<T const>(d_decoded), d_full,
                                               g.decoder_layers, every_row(n));
    c.backend.gather(Stream<T const>(d_full), k.masked_rows.data(), d_read);
    c.backend.scatter_add(Stream<T const>(d_read), k.zeros.data(), Stream<T>(g.mask_row, 1));
    auto const d_e = inner(seen, decoder.dim);
    c.backend.gather(Stream<T const>(d_full), k.kept_rows.data(), d_e);
    auto const d_z = inner(seen, facts.dim), d_y = inner(seen, facts.dim),
               d_x = inner(seen, facts.dim);
    decoder_embed.template backward<Inner<F>>(c, p.decoder_embed, k.decoder_embed,
                                              Stream<T const>(d_e), d_z, g.decoder_embed);
    norm.template backward<Inner<F>>(c, p.norm, k.norm, Stream<T const>(d_z), d_y, g.norm);
    layers.template backward<Inner<F>>(c, p.layers, r.layers, none, k.layers, Stream<T const>(d_y),
                                       d_x, g.layers, every_row(seen));
    auto const d_all = inner(n, facts.dim);
    c.backend.fill(d_all, T(0));
    c.backend.scatter_add(Stream<T const>(d_x), k.kept_rows.data(), d_all);
    embed.template backward<F>(c, p.embed, k.embed, Stream<T const>(d_all), Stream<T>{}, g.embed);
  }

 private:
  static constexpr StackRun every_row(Index tokens) {
    return {.tokens = tokens, .read = {0, tokens}};
  }
  template <class T>
  [[nodiscard]] constexpr Stream<T> pixels(View<T> out) const {
    return {out.data, out.rows, masked(), facts.patch_size()};
  }
  template <class B, class K>
  void choose(Context<B>& c, Index batch, K& k) const {
    if (c.tape.measuring()) return;
    k.masking.draw(masking_random(c.random), batch, facts.patches(), keep());
    k.kept_rows.resize(static_cast<std::size_t>(batch * (1 + keep())));
    k.masked_rows.resize(k.masking.masked.size());
    k.zeros.assign(k.masking.masked.size(), 0);
    auto to = k.kept_rows.begin();
    auto from = k.masking.kept.begin();
    for (Index b = 0; b < batch; ++b) {
      *to++ = 0;  // the class row is always seen
      for (Index i = 0; i < keep(); ++i) *to++ = 1 + *from++;
    }
    for (std::size_t i = 0; i < k.masked_rows.size(); ++i)
      k.masked_rows[i] = 1 + k.masking.masked[i];
  }
};

}  // namespace vlpt
