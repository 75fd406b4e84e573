#include <iostream>

#include "dual.hpp"
#include "parts.hpp"
#include "vision.hpp"

namespace growth {
namespace {

struct VisionPolicy {
  std::string name;
  VisionMaker make;
  Index prompts = 0;
};
std::vector<VisionPolicy> const vision_policies{
    {"shallow-50", vision_shallow, 50},
    {"deep-50", vision_deep, 50},
    {"deep-200", vision_deep, 200},
    {"approximated-50", vision_approximated, 50},
    {"approximated-200", vision_approximated, 200},
    {"gated-50", vision_gated, 50},
    {"adapter-96", vision_adapter},
    {"parallel-adapter-96", vision_parallel_adapter},
    {"lora-4", vision_lora},
    {"ladder-4", vision_ladder},
    {"das-4", vision_das},
    {"shallow-50-step", vision_shallow_step, 50},
    {"deep-50-step", vision_deep_step, 50},
    {"approximated-50-step", vision_approximated_step, 50}};

struct DualPolicy {
  std::string name;
  DualMaker make;
};
std::vector<DualPolicy> const dual_policies{{"context-16", dual_context},
                                            {"context-16-middle", dual_context_middle},
                                            {"context-16-of-classes", dual_context_of_classes},
                                            {"conditional-4", dual_conditional},
                                            {"unified-4", dual_unified}};

/// Rows of policies beside one model.
class Rows {
 public:
  Rows(Table& table, Run const& run, std::string work, Index batch, Subject base)
      : table_(table), run_(run), work_(std::move(work)), batch_(batch), base_(std::move(base)) {}

  void add(std::string const& policy, Subject const& one) const {
    Pair const p =
        compare(base_, one, run_.quick ? Effort{.rounds = 5, .seconds = 2} : Effort{.rounds = 25});
    double const macs = one.macs / base_.macs - 1, time = p.added_ms / p.base_ms;
    table_.row({policy, work_, std::to_string(batch_), std::to_string(run_.threads),
                number(base_.macs, 0), number(p.base_ms), number(one.macs, 0), number(p.ms),
                number(p.added_ms), number(p.error_ms), number(100 * macs, 2),
                number(100 * time, 2), number(time / macs),
                number(std::abs(p.error_ms / p.base_ms / macs)), std::to_string(p.samples),
                number(p.idle_percent, 1)});
  }

 private:
  Table& table_;
  Run const& run_;
  std::string work_;
  Index batch_;
  Subject base_;
};

}  // namespace

void counts(Run const& run) {
  Table table(run.beside("counts"),
              {"policy", "work", "batch", "threads", "base_macs", "base_ms", "macs", "ms",
               "added_ms", "error_ms", "macs_percent", "ms_percent", "ratio", "ratio_error",
               "samples", "idle_percent"});
  auto const on_vision = [&](std::string const& work, Vision asked) {
    Rows const rows(table, run, work, asked.batch, vision_none(asked));
    for (VisionPolicy const& p : vision_policies) {
      asked.prompts = p.prompts;
      rows.add(p.name, p.make(asked));
    }
  };
  Index const batch = run.quick ? 2 : 8;
  on_vision("vit-b32", Vision::b32(batch));
  if (!run.quick) {
    on_vision("vit-b16", {.batch = 1});
    on_vision("vit-b16", {.batch = batch});
  }
  Dual const asked{.batch = batch, .classes = run.quick ? 20 : 100};
  Rows const rows(table, run, "clip-b32", asked.batch, dual_none(asked));
  for (DualPolicy const& p : dual_policies) rows.add(p.name, p.make(asked));
  std::cout << "ratio = ms_percent / macs_percent: at most 1.5 where a policy adds, at least 0.8 "
               "where it saves\n";
}

}  // namespace growth
