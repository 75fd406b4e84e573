// Every method as the type of a model, with what it trains (docs/methods/*.md quote this file).
#include <vlpt/io.hpp>
#include <vlpt/vlpt.hpp>

#include <iostream>

namespace prompt = vlpt::prompt;
namespace skip = vlpt::skip;

// The backbone of all of them: ViT-B/16, 12 layers of width 768, 197 rows. The last layer computes
// the class row alone, because nobody reads the others.
template <class Prompt, class Skip = skip::Dense, class Learn = vlpt::learn::Policy>
using Tower = vlpt::VisionTower<vlpt::arch::ViT_B16, Prompt, Skip, Learn>;
constexpr vlpt::Cost plain = Tower<prompt::None>::cost();
constexpr vlpt::Index rows_read = 11 * 197 + 1;

//! [probe]
using Probe = Tower<prompt::None>;
constexpr vlpt::Cost probe = vlpt::cost_of(Probe{{.classes = 200}});
static_assert(probe.trainable == 200 * 769);      // the head
static_assert(probe.backward_macs == 200 * 768);  // its reverse ends at the features
//! [probe]

//! [full]
using Full = Tower<prompt::None, skip::Dense, vlpt::learn::All>;
constexpr vlpt::Cost full = vlpt::cost_of(Full{{.classes = 200}});
static_assert(full.trainable == full.params);
static_assert(full.trainable == 85'952'456);
// Norms alone, by their paths.
using Norms =
    Tower<prompt::None, skip::Dense, vlpt::learn::Paths<"norm", "layers.norm1", "layers.norm2">>;
static_assert(Norms::cost().trainable == 25 * 2 * 768);
//! [full]

//! [shallow]
using Shallow = Tower<prompt::Shallow<100>>;
static_assert(Shallow::cost().trainable == 100 * 768);
//! [shallow]

//! [deep]
using Deep = Tower<prompt::Deep<100>>;
static_assert(Deep::cost().trainable == 12 * 100 * 768);
// An image meets the prompts as keys and values only; these are projected once a step or load.
static_assert(Deep::cost().macs == plain.macs + rows_read * 2 * 100 * 768);
static_assert(Deep::cost().prepare.macs() == 12 * 100 * 2 * 768 * 768);
//! [deep]

//! [projected]
using Projected = Tower<prompt::Projected<prompt::Deep<100>>>;  // learnt at width 128
static_assert(Projected::cost().trainable == 12 * 100 * 128 + 129 * 768);
//! [projected]

//! [approximated]
using Approximated = Tower<prompt::Approximated<200, 4>>;
static_assert(Approximated::cost().trainable == 1'916'940);  // 12 (200 d + 2 * 4 d + 1)
static_assert(Approximated::cost().macs == plain.macs + rows_read * 2 * 200 * 768);
static_assert(Approximated::cost().prepare.macs() == 12 * 2 * 200 * 4 * 768);
// The named alternatives: softmax over the prompts, a scale that stays 1.
using Softmax = Tower<prompt::Approximated<200, 4, vlpt::Normalised, false>>;
static_assert(Softmax::cost().trainable == 1'916'940 - 12);
//! [approximated]

//! [gated]
using Gated = Tower<prompt::Gated<100>>;
static_assert(Gated::cost().trainable == 100 * 768 + 11 + 12);  // gates, temperatures
static_assert(Gated::cost().macs == Shallow::cost().macs);
using Gates = Tower<prompt::Gated<100, prompt::GatedParts::gates>>;
static_assert(Gates::cost().trainable == 76'811);
// The paper's sign, and gates on the first six blocks alone.
constexpr Gates nearly_open() {
  prompt::Gated<100, prompt::GatedParts::gates> policy;
  policy.prior = 5;
  policy.gates = prompt::Blocks::first(6);
  return Gates{{.prompt = policy}};
}
static_assert(vlpt::cost_of(nearly_open()).trainable == 100 * 768 + 6);
//! [gated]

//! [lora]
using Lora = Tower<prompt::Lora<4>>;
static_assert(Lora::cost().trainable == 147'456);  // 12 layers, q and v: 4 * 4 d
//! [lora]

//! [adapter]
using Adapter = Tower<prompt::Adapter<96>>;
static_assert(Adapter::cost().trainable == 3'559'680);  // 24 (2 * 96 d + 96 + d)
static_assert(Adapter::cost().macs == plain.macs + rows_read * 2 * 2 * 96 * 768);
//! [adapter]

//! [parallel_adapter]
using Parallel = Tower<prompt::ParallelAdapter<96>>;
static_assert(Parallel::cost().trainable == 1'798'272);  // 12 (2 * 96 d + 96 + d + 2 d)
static_assert(Parallel::cost().macs == plain.macs + rows_read * 2 * 96 * 768);
//! [parallel_adapter]

//! [das_deployed]
// Layer 4 is left out; its weights are neither allocated nor loaded.
using Deployed = Tower<prompt::None, skip::AdapterSkip<96, 192, 4>>;
static_assert(Deployed::cost().trainable == 3'594'240);  // 22 beside, 1 short-cut
static_assert(Deployed::cost().params < plain.params);
// The same plan, read at run time.
using Planned = Tower<prompt::None, skip::Planned<96, 192>>;
constexpr vlpt::Cost planned = vlpt::cost_of(Planned{{.skip = {{}, vlpt::SkipPlan(12, {4})}}});
static_assert(planned.trainable == Deployed::cost().trainable);
static_assert(planned.macs == Deployed::cost().macs);
// While it searches a layer has both, and a run says which is taken.
using Searched = Tower<prompt::None, skip::Searched<96, 192>>;
static_assert(Searched::cost().trainable == 7'165'440);
//! [das_deployed]

//! [both]
// Policies stand together, and with every skip policy; a skipped layer holds no prompts.
using Together = Tower<prompt::Both<prompt::Deep<10>, prompt::Lora<4>>>;
static_assert(Together::cost().trainable == 12 * 10 * 768 + 147'456);
using DeepAndSkip = Tower<prompt::Deep<10>, skip::AdapterSkip<96, 192, 4>>;
static_assert(DeepAndSkip::cost().trainable == 11 * 10 * 768 + 3'594'240);
//! [both]

//! [ladder]
template <class Prompt>
using Vilt = vlpt::SingleStream<vlpt::arch::ViLT_B32, Prompt>;
constexpr vlpt::Cost vilt = Vilt<prompt::None>::cost();
using Ladder = Vilt<prompt::Ladder<4>>;  // a quarter of the width
static_assert(Ladder::cost().trainable - vilt.trainable == 8'024'448 - 618'432);
// The reverse stays in the side network; deep prompts send it through every layer.
static_assert(4 * Ladder::cost().backward_macs < Vilt<prompt::Deep<200>>::cost().backward_macs);
//! [ladder]

//! [context]
template <class Prompt>
using Clip = vlpt::DualEncoder<vlpt::arch::ClipB16, Prompt>;
constexpr vlpt::Cost zero_shot = Clip<prompt::None>::cost();
using Context = Clip<prompt::Context<16>>;
static_assert(Context::cost().trainable == 16 * 512);
static_assert(Context::cost().macs == zero_shot.macs);  // texts are encoded once a load
// The class's name in front of the context, and a context for each of ten classes.
using Own = prompt::Context<16, vlpt::ContextPlace::front, true>;
constexpr Clip<Own> ten_classes() { return Clip<Own>{{.texts = vlpt::ClassTexts::blank(10, 40)}}; }
static_assert(vlpt::cost_of(ten_classes()).trainable == 10 * 16 * 512);
//! [context]

//! [conditional]
using Conditional = Clip<prompt::Conditional<4>>;
static_assert(Conditional::cost().trainable == 35'360);
// Every image needs the texts again; here there is one.
static_assert(Conditional::cost().forward.macs() >
              zero_shot.forward.macs() + zero_shot.texts.macs() / 2);
//! [conditional]

//! [unified]
using Unified = Clip<prompt::Unified<prompt::Context<4>, prompt::Deep<4>>>;
static_assert(Unified::cost().trainable == 566'400);
// Its transformer runs once a load: an image costs what independent prompts cost.
using Independent = Clip<prompt::Both<prompt::Context<4>, prompt::Deep<4>>>;
static_assert(Unified::cost().macs == Independent::cost().macs);
// The released code's form: no row sees another.
constexpr Unified as_coded() { return Unified{{.prompt = {.no_mix = true}}}; }
static_assert(vlpt::cost_of(as_coded()).trainable == 566'400);
//! [unified]

namespace {

//! [das_search]
// What a network would lose without some layers, here in place of one: layers 2 and 5 are idle.
double loss_without(vlpt::SkipPlan const& plan) {
  return plan.skips(2) && plan.skips(5) ? 0.1 : plan.skips(2) || plan.skips(5) ? 0.5 : 1.0;
}

vlpt::SkipPlan search_layers() {
  vlpt::SkipSearch search({.modules = 8, .skip = 2, .step_size = 1, .seed = 7});
  for (int epoch = 0; epoch < 3; ++epoch, search.end_epoch())
    for (int step = 0; step < 2000; ++step) {
      (void)search.next();  // a plan: net.skip(plan), then train a step
      if (search.update_due()) search.update(loss_without);
    }
  return search.choice();
}
//! [das_search]

void row(char const* name, vlpt::Cost const& c) {
  std::cout << name << ": " << c.trainable << " trained, " << c.macs - plain.macs
            << " MACs an image added, " << c.prepare.macs() << " a load\n";
}

}  // namespace

int main() {
  row("shallow prompts (100)", Shallow::cost());
  row("deep prompts (100)", Deep::cost());
  row("approximated prompts (200, rank 4)", Approximated::cost());
  row("gated prompts (100)", Gated::cost());
  row("LoRA (4)", Lora::cost());
  row("adapters (96)", Adapter::cost());
  row("parallel adapters (96)", Parallel::cost());
  row("layer 4 skipped, adapters (96, 192)", Deployed::cost());
  vlpt::SkipPlan const found = search_layers();
  std::cout << "the search skips " << found << '\n';
  return found == vlpt::SkipPlan(8, {2, 5}) ? 0 : 1;
}
