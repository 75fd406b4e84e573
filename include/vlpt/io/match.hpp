#pragma once
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/shape.hpp"
#include "vlpt/io/bind_plan.hpp"
#include "vlpt/io/checkpoint.hpp"
#include "vlpt/io/edit_distance.hpp"
#include "vlpt/io/manifest.hpp"
#include "vlpt/io/naming/naming.hpp"

namespace vlpt::io {

/// Finds the place of every entry and collects all that is wrong.
class Matcher {
 public:
  Matcher(Manifest const& manifest, Checkpoint const& checkpoint, Naming const& naming,
          std::vector<std::string> const& left_out)
      : checkpoint_(checkpoint), naming_(naming) {
    for (ManifestEntry const& entry : manifest) place(entry);
    for (auto const& [name, where] : checkpoint.entries()) {
      if (used_.contains(name)) continue;
      unused_.push_back(name);
      if (naming.may_ignore(name) || lies_in(left_out, name))
        plan_.report_.ignored.push_back(name);
      else
        faults_.push_back(text("unexpected: ", name, ' ', where.record->shape));
    }
    plan_.report_.loaded = plan_.places_.size();
  }
  [[nodiscard]] BindPlan result() && {
    if (missing_.empty() && faults_.empty()) return std::move(plan_);
    std::string message = text(checkpoint_.path().string(), " does not fit the model (names of ",
                               naming_.family, "):");
    for (auto const& [entry, name] : missing_) {
      message +=
          text("\n  missing: ", entry, name.empty() ? ", which these names do not cover" : "",
               name.empty() || name == entry ? "" : " (" + name + ")");
      char const* separator = "; near: ";
      for (std::string const& near : near_names(name, unused_))
        message += std::exchange(separator, ", ") + near;
    }
    for (std::string const& fault : faults_) message += "\n  " + fault;
    throw CheckpointError(message);
  }

 private:
  /// Whether a tensor of the file belongs to a part that the model leaves out.
  [[nodiscard]] bool lies_in(std::vector<std::string> const& parts, std::string const& name) const {
    for (std::string const& canonical : naming_.canonical(name))
      for (std::string const& part : parts)
        if (canonical.starts_with(part)) return true;
    return false;
  }
  void place(ManifestEntry const& entry) {
    auto const source = naming_.source(entry.name);
    if (!source) {
      missing_.emplace_back(entry.name, "");
      return;
    }
    BindPlan::Place place{entry, {}, source->transpose, source->form, false, naming_.interpolation};
    for (std::string const& name : source->names)
      if (auto const found = find(name); found.record != nullptr)
        place.parts.push_back(found);
      else
        missing_.emplace_back(entry.name, name);
    if (place.parts.size() != source->names.size() || !check(place, source->form)) return;
    plan_.places_.push_back(std::move(place));
  }

  Checkpoint::Entry find(std::string const& name) {
    for (std::string const& spelling : naming_.spellings(name))
      if (auto const found = checkpoint_.find(spelling); found.record != nullptr) {
        used_.insert(spelling);
        return found;
      }
    return {};
  }

  /// Each part must be floating, and fit its share of the model's rows.
  bool check(BindPlan::Place& place, Form form) {
    Shape share = place.entry.shape;
    auto const parts = static_cast<Index>(place.parts.size());
    bool good = parts == 1 || (share.rank > 0 && share[0] % parts == 0);
    if (good && parts > 1) share.extent[0] /= parts;
    std::vector<Shape> shapes;
    for (auto const& [record, file] : place.parts) {
      if (!facts(record->dtype).floating) {
        faults_.push_back(
            text(record->name, ": file ", name(record->dtype), ", model floating-point"));
        return false;
      }
      Shape s = record->shape;
      if (place.transpose && s.rank == 2) std::swap(s.extent[0], s.extent[1]);
      good = good && fits(form, s, share);
      shapes.push_back(s);
    }
    if (!good && place.entry.name == naming_.positions)
      if (auto const [file, model] = sides(shapes.front(), place.entry.shape);
          file > 0 && model > 0) {
        if (naming_.interpolates) return place.interpolates = true;
        faults_.push_back(
            text(place.entry.name, ": file ", shapes.front(), ", ", file, " x ", file,
                 " patches, model ", place.entry.shape, ", ", model, " x ", model,
                 " patches; ModelFolder::open(path, {.image = pixels}) interpolates"));
        return false;
      }
    if (!good)
      faults_.push_back(
          text(place.entry.name, ": file ", concatenated(shapes), ", model ", place.entry.shape));
    return good;
  }
  /// The sides of two tables of positions of the same width; 0 where one is none.
  static std::pair<Index, Index> sides(Shape const& file, Shape const& model) {
    Index const width = model.cols();
    if (file.rank == 0 || file.cols() != width) return {};
    return {square_side(file.size() / width), square_side(model.rows())};
  }
  /// The shape of the parts together, or, where they do not join, all their shapes.
  static std::string concatenated(std::vector<Shape> const& parts) {
    Shape whole = parts.front();
    std::string each = text(whole);
    bool joins = whole.rank > 0;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      each += text(" + ", parts[i]);
      Shape same = parts[i];
      same.extent[0] = whole[0];
      joins = joins && same == whole;
      if (joins) whole.extent[0] += parts[i][0];
    }
    return joins ? text(whole) : each;
  }

  Checkpoint const& checkpoint_;
  Naming const& naming_;
  BindPlan plan_;
  std::set<std::string, std::less<>> used_;
  std::vector<std::string> unused_;
  std::vector<std::pair<std::string, std::string>> missing_;  // canonical name, name in the file
  std::vector<std::string> faults_;
};

/// Matches a model with a checkpoint completely before any data is touched. Throws ONE
/// CheckpointError that lists every missing tensor (with near names), every unexpected one and
/// every one of the wrong shape or type, with both shapes. What the naming lists as ignorable and
/// the model does not ask for is in report().ignored, and so is what lies in a part that the model
/// leaves out ("layers.4.").
[[nodiscard]] inline BindPlan match(Manifest const& manifest, Checkpoint const& checkpoint,
                                    Naming const& naming,
                                    std::vector<std::string> const& left_out = {}) {
  return Matcher(manifest, checkpoint, naming, left_out).result();
}

}  // namespace vlpt::io
