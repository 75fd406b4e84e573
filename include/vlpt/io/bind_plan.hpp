#pragma once
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/tensor.hpp"
#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/finite.hpp"
#include "vlpt/io/interpolate_positions.hpp"
#include "vlpt/io/manifest.hpp"
#include "vlpt/io/naming/naming.hpp"
#include "vlpt/io/transpose.hpp"

namespace vlpt::io {

/// What a binding took from a file and what it left there.
struct BindReport {
  std::size_t loaded = 0;            ///< tensors of the model
  std::vector<std::string> ignored;  ///< tensors of the file that the model does not have

  friend std::ostream& operator<<(std::ostream& out, BindReport const& r) {
    out << "loaded " << r.loaded << ", ignored " << r.ignored.size();
    char const* separator = ": ";
    for (std::string const& name : r.ignored) out << std::exchange(separator, ", ") << name;
    return out;
  }
};

/// A manifest whose every entry has found its place in a checkpoint, which must outlive the plan.
class BindPlan {
 public:
  [[nodiscard]] Index size() const { return static_cast<Index>(places_.size()); }
  [[nodiscard]] BindReport const& report() const { return report_; }
  [[nodiscard]] ManifestEntry const& entry(Index i) const {
    return places_[static_cast<std::size_t>(i)].entry;
  }
  /// Entry i as T (float or double) in the model's shape. A NaN or infinity is a CheckpointError.
  template <class T>
  [[nodiscard]] Tensor<T> read(Index i) const {
    Place const& place = places_[static_cast<std::size_t>(i)];
    std::vector<T> values;
    for (Checkpoint::Entry const& part : place.parts) {
      Tensor<T> t = part.file->read<T>(*part.record);
      require_finite<T>(t.values, part.record->name, part.file->path().string());
      if (place.transpose) t = transpose(t);
      if (values.empty())
        values = std::move(t.values);
      else
        values.insert(values.end(), t.values.begin(), t.values.end());
    }
    if (place.interpolates) return interpolated(place, std::move(values));
    if (place.form == Form::first_rows) repeat_last_row(values, place.entry.shape);
    return Tensor<T>(place.entry.shape, std::move(values));
  }

 private:
  friend class Matcher;
  struct Place {
    ManifestEntry entry;
    std::vector<Checkpoint::Entry> parts;
    bool transpose = false;
    Form form = Form::plain;
    bool interpolates = false;
    Interpolation interpolation = Interpolation::bicubic;
  };
  template <class T>
  static Tensor<T> interpolated(Place const& place, std::vector<T> const& values) {
    Index const dim = place.entry.shape.cols();
    Tensor<double> const table({static_cast<Index>(values.size()) / dim, dim},
                               std::vector<double>(values.begin(), values.end()));
    auto const made = interpolate_positions(table, place.entry.shape.rows(), place.interpolation);
    std::vector<T> out;
    for (double const v : made.values) out.push_back(static_cast<T>(v));
    return Tensor<T>(place.entry.shape, std::move(out));
  }
  /// Fills a table whose last rows the file lacks.
  template <class T>
  static void repeat_last_row(std::vector<T>& values, Shape const& table) {
    auto const row = static_cast<std::size_t>(table.cols());
    values.reserve(static_cast<std::size_t>(table.size()));
    while (values.size() < static_cast<std::size_t>(table.size()))
      for (std::size_t i = values.size() - row, end = values.size(); i < end; ++i)
        values.push_back(values[i]);
  }

  std::vector<Place> places_;
  BindReport report_;
};

}  // namespace vlpt::io
