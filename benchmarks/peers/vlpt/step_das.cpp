// DAS on METER: "das-4" leaves out four of the twelve layers that cross; adapters of width 96
// beside the others, short-cuts of width 192.
#include "meter.hpp"
#include "vlpt/policies/skip/planned.hpp"

peers::Work peers::step_das(Request const& r) {
  if (r.rest != "das-4/meter") throw None{"no such work: " + r.rest};
  return with_weight<float, vlpt::bf16>(r, [&]<class Weight>() {
    using Model = vlpt::TwoStream<vlpt::arch::METER_B16_384, vlpt::prompt::None,
                                  vlpt::skip::Planned<96, 192>>;
    auto settings = Model::Settings::of({.text = MeterInput::words});
    settings.skip.plan = vlpt::SkipPlan(12, {4, 5, 10, 11});
    settings.classes = 100, settings.dropout = 0;
    return step_work(net_of<Model, Weight>(settings, r.rest), r.batch, MeterInput(r.batch));
  });
}
