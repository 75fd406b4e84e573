#pragma once
#include <string_view>
#include <vector>

#include "recording.hpp"

namespace golden {

/// How a case is compared: the whole file at once, leaving what it finds in the recording; and what
/// begins the names of those of its tensors whose change must be noticed.
struct Case {
  void (*compare)(Recording&, Effort);
  std::vector<std::string_view> changed = {"param."};
};

// The families of cases.

void vit_none(Recording& file, Effort effort);
void vit_vpt_shallow(Recording& file, Effort effort);
void vit_vpt_deep(Recording& file, Effort effort);
void vilt_none(Recording& file, Effort effort);
void meter_none(Recording& file, Effort effort);
void meter_deep(Recording& file, Effort effort);
void meter_shallow(Recording& file, Effort effort);
void meter_apt(Recording& file, Effort effort);
void meter_lora(Recording& file, Effort effort);
void meter_adapter(Recording& file, Effort effort);
void meter_scaled_pa(Recording& file, Effort effort);
void das_meter(Recording& file, Effort effort);
void vilt_apt(Recording& file, Effort effort);
void vilt_deep(Recording& file, Effort effort);
void vilt_shallow(Recording& file, Effort effort);
void vilt_lora(Recording& file, Effort effort);
void vilt_adapter(Recording& file, Effort effort);
void vilt_scaled_pa(Recording& file, Effort effort);
void vilt_lst(Recording& file, Effort effort);
void das_vilt(Recording& file, Effort effort);
void vit_gapt(Recording& file, Effort effort);
void apt_module(Recording& file, Effort effort);
void das_adapter(Recording& file, Effort effort);
void mvlpt_none(Recording& file, Effort effort);
void mvlpt_vpt_shallow(Recording& file, Effort effort);
void mvlpt_vpt_deep(Recording& file, Effort effort);
void mvlpt_vpt_deep_project(Recording& file, Effort effort);
void mvlpt_coop(Recording& file, Effort effort);
void mvlpt_cocoop(Recording& file, Effort effort);
void mvlpt_upt(Recording& file, Effort effort);
void mvlpt_upt_shallow(Recording& file, Effort effort);
void das_search(Recording& file, Effort effort);

}  // namespace golden
