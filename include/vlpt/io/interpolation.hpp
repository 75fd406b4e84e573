#pragma once

namespace vlpt::io {

/// How a family makes positions for another resolution than its file's. Cubic with a = -0.75 as
/// torch's bicubic (Hugging Face, the original MAE, METER); antialiased cubic with a = -0.5
/// (open_clip, timm); linear with aligned corners (ViLT); torch's bicubic with aligned corners
/// (torchvision).
enum class Interpolation { bicubic, bicubic_antialias, bilinear_corners, bicubic_corners };

}  // namespace vlpt::io
