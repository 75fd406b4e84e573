#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "vlpt/io/config/description.hpp"
#include "vlpt/io/config/from_shapes.hpp"
#include "vlpt/io/config/model_types.hpp"
#include "vlpt/io/config/open_clip_config.hpp"
#include "vlpt/io/config/timm_config.hpp"
#include "vlpt/io/dataset/preprocessor_config.hpp"
#include "vlpt/io/read_file.hpp"

namespace vlpt::io {

/// A model as its users have it: config.json decides the family and its sizes, the names in
/// model.safetensors (or shards) the naming, preprocessor_config.json how pictures are made.
struct ModelFolder {
  std::filesystem::path path;
  Family family;
  Naming naming;
  Checkpoint checkpoint;
  std::optional<Preprocess> pictures;  // none: no file says
  std::vector<std::string> labels;     // of the head in the file, where config.json names them

  /// A folder, or a file of tensors alone, whose sizes are then found from its shapes. Throws
  /// InputError, naming file and field, for what is missing, broken or not supported.
  [[nodiscard]] static ModelFolder open(std::filesystem::path const& path,
                                        FolderOptions const& options = {}) {
    VLPT_CHECK(!path.empty(), "the name of the model folder is empty");
    VLPT_CHECK(is_there(path), "there is no model folder ", path.string(),
               "; it holds config.json, preprocessor_config.json and model.safetensors");
    std::optional<Preprocess> pictures;
    if (is_folder(path) && is_there(preprocess_file(path))) pictures = read_preprocess(path);
    Checkpoint checkpoint = open_checkpoint(path);
    Description said = describe(path, checkpoint, options);
    ModelFolder out{path,
                    std::move(said.family),
                    std::move(said.naming),
                    std::move(checkpoint),
                    std::move(pictures),
                    std::move(said.labels)};
    if (options.image_tower) out.leave_words();
    if (options.image > 0) out.run_at(options.image);
    out.check_pictures();
    return out;
  }

  /// What this folder holds, as the family that is asked for; throws InputError, naming both, where
  /// it is another one.
  template <class F>
  [[nodiscard]] F const& as() const {
    if (auto const* const found = std::get_if<F>(&family)) return *found;
    throw InputError(text(path.string(), " holds ", family_name(family), " (names of ",
                          naming.family, "); ", F::name, " is needed here"));
  }
  [[nodiscard]] VisionFamily const& vision() const { return as<VisionFamily>(); }
  [[nodiscard]] DualFamily const& dual() const { return as<DualFamily>(); }

  /// How its pictures are made; throws InputError where no file says.
  [[nodiscard]] Preprocess const& preprocess() const {
    VLPT_CHECK(pictures, path.string(),
               " has no preprocessor_config.json, which says how a picture is made");
    return *pictures;
  }

 private:
  /// The file that says what a folder holds: config.json of Hugging Face or timm, else open_clip's
  /// config, else the tensors themselves, which the path stands for.
  [[nodiscard]] static std::filesystem::path config_of(std::filesystem::path const& path) {
    for (char const* name : {"config.json", "open_clip_config.json"})
      if (is_folder(path) && is_there(path / name)) return path / name;
    return path;
  }
  [[nodiscard]] static Description describe(std::filesystem::path const& path,
                                            Checkpoint const& checkpoint,
                                            FolderOptions const& options) {
    auto const config = config_of(path);
    if (config == path) return FromShapes(checkpoint, options).describe();
    ConfigFile const file{parse_json<CheckpointError>(read_file(config), config.string()),
                          config.string()};
    if (config.filename() != "config.json") return describe_open_clip(file, checkpoint);
    bool const timm = file.json.is_object() && file.json.contains("architecture");
    return timm ? describe_timm(file, checkpoint) : describe_hugging_face(file, checkpoint);
  }
  /// The image tower's facts, of families whose pictures all have one size; else none.
  [[nodiscard]] VisionFacts* image_facts() {
    if (auto* const vision = std::get_if<VisionFamily>(&family)) return &vision->facts;
    if (auto* const dual = std::get_if<DualFamily>(&family)) return &dual->facts;
    if (auto* const two = std::get_if<TwoStreamFamily>(&family)) return &two->facts.image;
    return nullptr;
  }
  /// Of a dual encoder, the image tower alone.
  void leave_words() {
    VisionFacts const facts = dual().facts;
    family = VisionFamily{facts};
    naming = naming::image_tower(naming);
  }
  /// Another resolution than the file's: positions are interpolated when they are bound.
  void run_at(Index image) {
    VisionFacts* const facts = image_facts();
    VLPT_CHECK(facts != nullptr, path.string(), " holds ", family_name(family),
               ", which has no one resolution to change to ", image);
    VLPT_CHECK(image % facts->patch == 0 && image <= static_cast<Index>(max_image_size),
               "an image of ", image, " pixels is no multiple of the patch size ", facts->patch,
               " of ", path.string(), ", or more than ", max_image_size);
    if (image == facts->image) return;
    facts->image = image;
    naming.interpolates = true;
    if (!pictures) return;
    pictures->fit.to = pictures->fit.to * image / pictures->size;
    pictures->size = image;
  }
  /// Pictures must be of the model's size; families whose size varies are asked nothing.
  void check_pictures() {
    VisionFacts const* const facts = image_facts();
    if (facts == nullptr || !pictures) return;
    auto const makes = [this](Index channels, Index size) {
      return text(preprocess_file(path).string(), " makes pictures of ", pictures->channels, " x ",
                  pictures->size, " x ", pictures->size, ", but ", config_of(path).string(),
                  " wants ", channels, " x ", size, " x ", size);
    };
    VLPT_CHECK(pictures->channels == facts->channels, makes(facts->channels, facts->image));
    VLPT_CHECK(pictures->size == facts->image, makes(facts->channels, facts->image),
               "; {.image = ", pictures->size,
               "} opens the folder at that resolution and interpolates its positions");
  }
};

}  // namespace vlpt::io
