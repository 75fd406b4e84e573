// What is trained on ViLT-B/32 is what the published code trains: three tasks under every method.
#include "vlpt/models/single_stream.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/ladder.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/policies/skip/searched.hpp"

using namespace vlpt;

namespace {

/// Trained parameters with the heads of VQA, NLVR2 and ranking.
struct Trained {
  Index vqa, nlvr2, ranking;
  constexpr bool operator==(Trained const&) const = default;
};

template <class Prompt, class Skip = skip::Dense>
constexpr Trained trained(bool replaces_first = true) {
  using Model = SingleStream<arch::ViLT_B32, Prompt, Skip>;
  auto const count = [&](Index classes, Index hidden, Index images) {
    typename Model::Settings s{};
    s.classes = classes, s.head_hidden = hidden, s.images = images;
    s.replaces_first = replaces_first;
    typename Model::template Params<float> params{};
    PlaceParameters<float> place;
    Model(s).template visit<typename Model::TrainFlow>(params, place);
    return place.learnt_count;
  };
  return {count(3129, 1536, 1), count(2, 1536, 2), count(1, 0, 1)};
}

constexpr Trained none = trained<prompt::None>();
static_assert(none == Trained{6587961, 2962178, 595201});
static_assert(trained<prompt::Deep<200>>() == Trained{8431161, 4805378, 2438401});
static_assert(trained<prompt::Shallow<200>>() == Trained{6741561, 3115778, 748801});
static_assert(trained<prompt::Approximated<50, 4>>() == Trained{7122501, 3496718, 1129741});
static_assert(trained<prompt::Lora<204>>() == Trained{14108217, 10482434, 8115457});
static_assert(trained<prompt::Adapter<96>>() == Trained{10147641, 6521858, 4154881});
static_assert(trained<prompt::ParallelAdapter<204>>() == Trained{10378185, 6752402, 4385425});
static_assert(trained<prompt::Ladder<4>>(false) == Trained{13993209, 10367426, 8000449});
static_assert(trained<prompt::None, skip::Searched<96, 192>>(false) ==
              Trained{13752633, 10126850, 7759873});

// The law of prompts is U(-v, v) with v of patches of 16, as in APT's code, though ViLT's have 32.
constexpr bool near(double a, double b) { return a - b < 1e-12 && b - a < 1e-12; }
constexpr SingleStreamFacts facts = single_stream_facts<arch::ViLT_B32>();
static_assert(near(facts.at(0, 12).prompt_bound, 0.0625));
constexpr double own_law() {
  SingleStreamFacts own = facts;
  own.law_patch = 0;
  return own.at(0, 12).prompt_bound;
}
static_assert(near(own_law() * own_law(), 6.0 / (3 * 32 * 32 + 768)));

// What a method adds. The ladder of the published code has 618432 more that nothing reads: a patch
// embedding, positions, a class row and a norm of the side network.
template <class Prompt>
constexpr Index extra = trained<Prompt>().vqa - none.vqa;
static_assert(extra<prompt::Deep<200>> == 1843200);
static_assert(extra<prompt::Shallow<200>> == 153600);
static_assert(extra<prompt::Approximated<50, 4>> == 534540);
static_assert(extra<prompt::Approximated<200, 4>> == 1916940);
static_assert(extra<prompt::Lora<204>> == 7520256);
static_assert(extra<prompt::Lora<4>> == 147456);
static_assert(extra<prompt::Adapter<96>> == 3559680);
static_assert(extra<prompt::ParallelAdapter<204>> == 3790224);
static_assert(extra<prompt::ParallelAdapter<96>> == 1798272);
static_assert(extra<prompt::Ladder<4>> == 8024448 - 618432);

// The whole of it, without a head; the published totals add one of these heads to it (and to that
// of ranking the frozen matching head, 1538, which nothing reads).
template <class Prompt, class Rows>
using Naive = SingleStream<arch::ViLT_B32, Prompt, skip::Dense, learn::Policy, Rows>;
constexpr Tokens probe{.text = 40, .image = 201};
constexpr Cost naive = Naive<prompt::None, rows::All>::cost(probe);
constexpr Index n = 241, d = 768;
static_assert(naive.params == 111'595'008 + 768);
constexpr Index pooler = d * d + d, tables = (2 + 2 + 1) * d;  // segments, modalities, first row
static_assert(naive.params + none.vqa - pooler - tables == 117589305);
static_assert(naive.params + none.nlvr2 - pooler - tables == 113963522);
static_assert(naive.params + none.ranking - pooler - tables == 111598083 - 1538);

// Multiply-accumulates of the published probe: 40 words and 200 patches.
constexpr Index block = 12 * d * d * n + 2 * d * n * n;
static_assert(naive.macs == 12 * block + 200 * 3072 * d + d * d);
static_assert(Naive<prompt::Approximated<200, 4>, rows::All>::cost(probe).macs - naive.macs ==
              Index{12} * 2 * 200 * n * d);

}  // namespace
