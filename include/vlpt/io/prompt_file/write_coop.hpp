#pragma once
#include <filesystem>
#include <string>

#include "vlpt/io/delta_info.hpp"
#include "vlpt/io/prompt_file/torch_writer.hpp"
#include "vlpt/io/prompt_file/write_peft.hpp"
#include "vlpt/io/safetensors_writer.hpp"

namespace vlpt::io {

/// Writes the context of a delta as CoOp's code names it, "ctx": what torch.load reads, or, under a
/// name that ends in .safetensors, that. CheckpointError for a delta that is more than a context.
inline void write_coop(std::filesystem::path const& path, Safetensors const& delta) {
  DeltaInfo const info = read_delta_info(delta);
  if (info.policy != "context")
    throw CheckpointError(text(delta.path().string(), " is of the policy ", info.policy,
                               "; CoOp's format has a place for contexts (prompt::Context)"));
  refuse_rest(delta, {"prompt.context.rows"}, "CoOp's format");
  auto const rows = delta.read<float>("prompt.context.rows");
  if (path.extension() == ".safetensors")
    save_safetensors(path, {encode<float>("ctx", rows.shape, rows.values, Dtype::F32)},
                     {{"format", "pt"}});
  else
    write_torch(path, "ctx", rows);
}

}  // namespace vlpt::io
