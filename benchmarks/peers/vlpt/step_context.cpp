// CoOp: 16 learnt rows in the texts of 100 classes, CLIP-B/16; texts of 21 words, as names of two
// words make them.
#include "clip.hpp"
#include "vision.hpp"
#include "vlpt/policies/prompt/context.hpp"

peers::Work peers::step_context(Request const& r) {
  if (r.rest != "context-16/clip-b16") throw None{"no such work: " + r.rest};
  return with_weight<float, vlpt::bf16>(r, [&]<class Weight>() {
    using Policy = vlpt::prompt::Context<16, vlpt::ContextPlace::end>;
    using Model = vlpt::DualEncoder<vlpt::arch::ClipB16, Policy>;
    typename Model::Settings settings;
    settings.texts = class_texts(5, settings.text.vocabulary);
    return step_work(net_of<Model, Weight>(settings, r.rest), r.batch, Images(r.batch));
  });
}
