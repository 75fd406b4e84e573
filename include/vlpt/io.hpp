#pragma once
// Files, images, data sets, and the training loop over them. Link vlpt::io.

#include "vlpt/io/backbone_fingerprint.hpp"
#include "vlpt/io/bind.hpp"
#include "vlpt/io/config.hpp"
#include "vlpt/io/dataset/few_shot.hpp"
#include "vlpt/io/dataset/idx_gz.hpp"
#include "vlpt/io/dataset/image_folder.hpp"
#include "vlpt/io/decode_image.hpp"
#include "vlpt/io/delta.hpp"
#include "vlpt/io/model_folder.hpp"
#include "vlpt/io/naming/timm.hpp"
#include "vlpt/io/naming/vit_hf.hpp"
#include "vlpt/io/naming/vit_mae_hf.hpp"
#include "vlpt/io/npy.hpp"
#include "vlpt/io/save_named.hpp"
#include "vlpt/train/loop.hpp"
#include "vlpt/train/masked_autoencoding.hpp"
