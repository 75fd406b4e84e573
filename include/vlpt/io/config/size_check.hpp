#pragma once
#include <string>
#include <utility>

#include "vlpt/io/interpolate_positions.hpp"
#include "vlpt/io/naming/look_up.hpp"

namespace vlpt::io {

/// Compares what a config says with the shapes in the file, before a model of that size is built:
/// each mismatch is a CheckpointError that names the field and both values.
class SizeCheck {
 public:
  SizeCheck(std::string config, Checkpoint const& checkpoint, Naming const& naming)
      : config_(std::move(config)), checkpoint_(checkpoint), naming_(naming) {}

  void compare(char const* field, Index says, Index has, std::string const& seen) const {
    if (says != has)
      throw CheckpointError(text(config_, ": field \"", field, "\" is ", says, ", but ",
                                 checkpoint_.path().string(), " has ", has, " (", seen, ")"));
  }
  void layers(char const* field, Index says, std::string const& part = "") const {
    compare(field, says, layers_in(checkpoint_, naming_, part), "layers");
  }
  /// The tensor's whole size; `what` it is, for the message.
  void size(char const* field, Index says, std::string const& canonical, char const* what) const {
    Shape const shape = shape_of(canonical);
    compare(field, says, shape.size(), text(what, ' ', shape));
  }
  /// One extent of it.
  void extent(char const* field, Index says, std::string const& canonical, int axis,
              char const* what) const {
    Shape const shape = shape_of(canonical);
    if (shape.rank > axis) compare(field, says, shape[axis], text(what, ' ', shape));
  }
  /// A table of an image's positions, where the file has it.
  void positions(Index image, Index patch, Index width, std::string const& canonical) const {
    auto const* const record = find_canonical(checkpoint_, naming_, canonical);
    Index const side = image / patch, rows = side * side + 1;
    if (record == nullptr || record->shape.size() == rows * width) return;
    Index const in_file = square_side(record->shape.size() / width);
    throw CheckpointError(
        text(config_, ": field \"image_size\" is ", image, ", which with patches of ", patch,
             " needs ", rows, " positions of ", width, " values, but ", checkpoint_.path().string(),
             " has positions ", record->shape,
             in_file > 0 ? text(", those of image_size ", in_file * patch,
                                ": write that and open the folder with {.image = ", image,
                                "} to interpolate them")
                         : std::string()));
  }

 private:
  [[nodiscard]] Shape shape_of(std::string const& canonical) const {
    if (auto const* const record = find_canonical(checkpoint_, naming_, canonical))
      return record->shape;
    throw CheckpointError(text(checkpoint_.path().string(), ": tensor ",
                               naming_.source(canonical).value().names.front(), " is missing"));
  }
  std::string config_;
  Checkpoint const& checkpoint_;
  Naming const& naming_;
};

}  // namespace vlpt::io
