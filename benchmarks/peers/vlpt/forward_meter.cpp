// METER-B/16 at 384 pixels.
#include "meter.hpp"

peers::Work peers::forward_meter(Request const& r) {
  return with_weight<float, vlpt::bf16, std::int8_t>(r, [&]<class Weight>() {
    using Model = vlpt::TwoStream<vlpt::arch::METER_B16_384>;
    auto const settings = Model::Settings::of({.text = MeterInput::words});
    return forward_work(net_of<Model, Weight>(settings, r.rest), r.batch, MeterInput(r.batch));
  });
}
