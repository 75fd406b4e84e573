// What CLIP and its prompts cost is known to the compiler, and is what was published.
#include "vlpt/models/dual_encoder.hpp"
#include "vlpt/policies/prompt/both.hpp"
#include "vlpt/policies/prompt/conditional.hpp"
#include "vlpt/policies/prompt/projected.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/policies/prompt/unified.hpp"

using namespace vlpt;

namespace {

template <class Prompt>
using Clip = DualEncoder<arch::ClipB16, Prompt>;
template <class Prompt>
constexpr Index trained = Clip<Prompt>::cost().trainable;
template <class Prompt>
constexpr Index trained_for(Index classes) {
  typename Clip<Prompt>::Settings s;
  s.texts = ClassTexts::blank(classes, 40);
  return cost_of(Clip<Prompt>(s)).trainable;
}

static_assert(DualEncoder<arch::ClipB32>::cost().params == 151'277'313);
static_assert(Clip<prompt::None>::cost().params == 149'620'737);
static_assert(DualEncoder<arch::ClipL14>::cost().params == 427'616'513);
static_assert(trained<prompt::None> == 0);

static_assert(trained<prompt::Context<4>> == 2048);
static_assert(trained<prompt::Context<16>> == 8192);
static_assert(trained_for<prompt::Context<16, ContextPlace::middle, true>>(10) == 81'920);
static_assert(trained<prompt::Conditional<4>> == 35'360);
static_assert(trained<prompt::Shallow<16>> == 12'288);
static_assert(trained<prompt::Deep<4>> == 36'864);
static_assert(trained<prompt::Deep<16>> == 147'456);
static_assert(trained<prompt::Projected<prompt::Deep<4>>> == 12 * 4 * 128 + 129 * 768);
static_assert(trained<prompt::Unified<>> == 566'400);
static_assert(trained<prompt::Unified<prompt::Context<16>, prompt::Deep<16>>> == 683'136);
static_assert(trained<prompt::Both<prompt::Deep<16>, prompt::Context<16>>> == 147'456 + 8192);

// The texts run once a load: after that an image costs as much as one without a text tower, and its
// product with the features of each class.
constexpr Cost plain = Clip<prompt::None>::cost();
static_assert(plain.forward.macs() < 17'600'000'000);
static_assert(plain.texts.macs() > 0 && plain.macs == plain.forward.macs() + plain.texts.macs());
static_assert(Clip<prompt::Context<16>>::cost().forward.macs() == plain.forward.macs());
// A text costs the rows that it has, wherever its end token stands among the tower's 77.
constexpr Cost brief = Clip<prompt::None>::cost({.text = 10});
static_assert(7 * brief.texts.macs() < plain.texts.macs() && brief.params == plain.params);
static_assert(brief.forward.macs() == plain.forward.macs());
constexpr Cost padded = [] {
  typename Clip<prompt::None>::Settings s;
  s.texts = ClassTexts::blank(1, 77);
  s.texts.ids[9] = 1, s.texts.ids[76] = 0;
  return cost_of(Clip<prompt::None>(s));
}();
static_assert(padded.macs == brief.macs && padded.saved_bytes == brief.saved_bytes);
// Nothing of the image tower is reversed for a context; nothing of the texts for visual prompts.
constexpr Cost context = Clip<prompt::Context<16>>::cost(), deep = Clip<prompt::Deep<16>>::cost();
static_assert(context.backward_macs < 4 * plain.prepare.macs());
static_assert(deep.backward_macs < 3 * deep.macs);

// What all texts start with runs once: with 17 of 22 rows before the names, 64 classes cost less
// than a quarter of 64 times one.
constexpr Index text_macs(Index classes) {
  using Model = Clip<prompt::Context<16, ContextPlace::end>>;
  typename Model::Settings s;
  s.texts = ClassTexts::blank(classes, 6);
  return cost_of(Model(s)).prepare.macs();
}
static_assert(4 * text_macs(64) < 64 * text_macs(1));

}  // namespace
