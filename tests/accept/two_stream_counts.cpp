// What METER trains under each method is what the published code trains: for VQA (3129 answers),
// NLVR2 and ranking.
#include "vlpt/models/two_stream.hpp"
#include "vlpt/policies/prompt/adapter.hpp"
#include "vlpt/policies/prompt/approximated.hpp"
#include "vlpt/policies/prompt/deep.hpp"
#include "vlpt/policies/prompt/lora.hpp"
#include "vlpt/policies/prompt/parallel_adapter.hpp"
#include "vlpt/policies/prompt/shallow.hpp"
#include "vlpt/policies/skip/adapter_skip.hpp"
#include "vlpt/policies/skip/searched.hpp"

using namespace vlpt;

namespace {

enum class Task { vqa, nlvr2, ranking };

template <class Prompt, class Skip = skip::Dense>
constexpr Index trained(Task task) {
  using Model = TwoStream<arch::METER_B16_384, Prompt, Skip>;
  typename Model::Settings s;
  s.classes = task == Task::vqa ? 3129 : task == Task::nlvr2 ? 2 : 1;
  s.head_hidden = task == Task::ranking ? 0 : 1536;
  s.images = task == Task::nlvr2 ? 2 : 1;
  typename Model::template Params<float> params;
  PlaceParameters<float> place;
  Model(s).template visit<typename Model::TrainFlow>(params, place);
  return place.learnt_count;
}
template <class Prompt, class Skip = skip::Dense>
constexpr bool trains(Index vqa, Index nlvr2, Index ranking) {
  return trained<Prompt, Skip>(Task::vqa) == vqa && trained<Prompt, Skip>(Task::nlvr2) == nlvr2 &&
         trained<Prompt, Skip>(Task::ranking) == ranking;
}

static_assert(trains<prompt::None>(8356665, 5910530, 1185025));
static_assert(trains<prompt::Deep<200>>(10199865, 7753730, 3028225));
static_assert(trains<prompt::Shallow<200>>(8663865, 6217730, 1492225));
static_assert(trains<prompt::Approximated<200, 4, Rectified, false>>(12190521, 9744386, 5018881));
static_assert(trains<prompt::Lora<27>>(10347321, 7901186, 3175681));
static_assert(trains<prompt::Adapter<96>>(13696185, 11250050, 6524545));
static_assert(trains<prompt::ParallelAdapter<96, true>>(11953209, 9507074, 4781569));
static_assert(trains<prompt::None, skip::Searched<96, 288>>(19091001, 16644866, 11919361));
// DAS deployed, four layers skipped: 8 layers of three adapters and 4 short-cuts.
static_assert(trained<prompt::None, skip::AdapterSkip<96, 288, 0, 3, 7, 11>>(Task::vqa) -
                  trained<prompt::None>(Task::vqa) ==
              5376384);

// The law of prompts is VPT's, of CLIP's patches and the width of the layers that cross.
constexpr double bound = two_stream_facts<arch::METER_B16_384>().at(0, 6).prompt_bound;
static_assert(bound > 0.0625 - 1e-12 && bound < 0.0625 + 1e-12);

// What methods add to an image of 384 pixels and a text of 40 words, where every row is computed.
template <class Prompt, class Skip = skip::Dense, class Rows = rows::All>
constexpr Cost cost =
    TwoStream<arch::METER_B16_384, Prompt, Skip, learn::Policy, Rows>::cost({.text = 40});
constexpr Index plain = cost<prompt::None>.macs, queries = 6 * (40 + 577);
// Deep prompts are keys and values of the attention to the other stream, and nothing else.
static_assert(cost<prompt::Deep<200>>.macs - plain ==
              Index{12} * 200 * 768 * 2 * 768 + 2 * Index{200} * 768 * queries);
// Live, their projection is computed once a load, not once a sample.
constexpr Cost live = cost<prompt::Deep<200>, skip::Dense, rows::Live>;
static_assert(live.prepare.product_macs == Index{12} * 200 * 768 * 2 * 768);
static_assert(live.macs < plain);
static_assert(cost<prompt::Adapter<96>>.macs - plain == 3 * 2 * Index{96} * 768 * queries);

}  // namespace
