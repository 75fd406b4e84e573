#pragma once
#include <string_view>

namespace vlpt {

/// Which of two curves an MLP's activation is: a fact of a model. The exact (erf) form is that of
/// ViT, BERT, MAE, ViLT and most of open_clip's models; the quick one, x sigmoid(1.702 x),
/// OpenAI's.
enum class GeluKind { exact, quick };

[[nodiscard]] constexpr std::string_view gelu_name(GeluKind kind) {
  return kind == GeluKind::exact ? "gelu" : "quick_gelu";
}

}  // namespace vlpt
