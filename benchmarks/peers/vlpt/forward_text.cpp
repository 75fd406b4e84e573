// CLIP's text tower over the texts of 100 classes, "clip-text-16" and "clip-text-77" words long.
#include "clip.hpp"

peers::Work peers::forward_text(Request const& r) {
  if (r.batch != classes) throw None{"texts are of 100 classes"};
  return with_weight<float, vlpt::bf16, std::int8_t>(r, [&]<class Weight>() -> Work {
    using Model = vlpt::DualEncoder<vlpt::arch::ClipB16>;
    typename Model::Settings settings;
    settings.texts = class_texts(std::stol(r.rest.substr(10)), settings.text.vocabulary);
    auto const net = net_of<Model, Weight>(settings, r.rest);
    struct Room {
      vlpt::Tensor<float> out;
      typename NetOf<Model, Weight>::WorkspaceType work;
    };
    auto const room = std::make_shared<Room>(Room{
        vlpt::Tensor<float>(Shape{classes, net->model().facts.features()}), net->workspace(1)});
    return {static_cast<double>(vlpt::cost_of(net->model()).prepare.macs()), [net, room] {
              net->touch_learnt();  // texts are read once a load: this is another
              net->text_features(room->out.view(), room->work);
            }};
  });
}
