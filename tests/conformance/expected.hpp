#pragma once
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "vlpt/core/error.hpp"
#include "vlpt/core/tensor.hpp"
#include "vlpt/core/view.hpp"
#include "vlpt/io/safetensors.hpp"

namespace conformance {

using vlpt::Index;
using vlpt::Tensor;

/// What a reference framework computed for a model at double precision, and how far vlpt is from
/// it: input.* are inputs, everything else must be compared. An error is relative to the largest
/// magnitude of its tensor.
class Expected {
 public:
  /// Of one precision.
  struct Result {
    double error = 0;
    std::string worst = "nothing";
    std::size_t tensors = 0;
  };
  explicit Expected(std::filesystem::path const& path) : file_(vlpt::io::Safetensors::open(path)) {}

  [[nodiscard]] bool has(std::string const& name) const { return file_.find(name) != nullptr; }
  /// What the metadata say; `otherwise` where they do not.
  [[nodiscard]] std::string fact(std::string const& key, std::string const& otherwise = "") const {
    auto const at = file_.metadata().find(key);
    return at == file_.metadata().end() ? otherwise : at->second;
  }
  [[nodiscard]] Index number(std::string const& key, Index otherwise = 0) const {
    std::string const value = fact(key);
    return value.empty() ? otherwise : std::stol(value);
  }
  template <class T>
  [[nodiscard]] Tensor<T> input(std::string const& name) const {
    auto const values =
        file_.read<std::conditional_t<std::is_floating_point_v<T>, double, T>>("input." + name);
    return Tensor<T>(values.shape, {values.values.begin(), values.values.end()});
  }
  /// 1 where something is, 0 where padding.
  [[nodiscard]] std::vector<unsigned char> mask(std::string const& name) const {
    auto const values = input<Index>(name).values;
    return {values.begin(), values.end()};
  }

  /// Starts the pass of one precision; leave() ends it.
  void enter() {
    result_ = {};
    compared_.clear();
  }
  [[nodiscard]] Result leave() {
    result_.tensors = compared_.size();
    for (auto const& record : file_.records())
      if (!record.name.starts_with("input.") && !compared_.contains(record.name))
        throw vlpt::RunError(
            vlpt::text(file_.path().string(), ": ", record.name, " was not compared"));
    return result_;
  }
  /// Compares with the tensor of this name; one that the file lacks is passed over.
  void compare(std::string const& name, std::vector<double> const& got) {
    if (!has(name)) return;
    compared_.insert(name);
    auto const want = file_.read<double>(name);
    if (static_cast<std::size_t>(want.size()) != got.size())
      throw vlpt::RunError(vlpt::text(file_.path().string(), ": ", name, " has shape ", want.shape,
                                      ", but vlpt gave ", got.size(), " values"));
    double largest = 0, error = 0;
    for (double const v : want.values) largest = std::max(largest, std::abs(v));
    for (std::size_t i = 0; i < got.size(); ++i) {
      double const e = std::abs(got[i] - want.values[i]);
      error = std::isnan(e) ? std::numeric_limits<double>::infinity() : std::max(error, e);
    }
    if (largest > 0) error /= largest;
    if (error >= result_.error) result_.error = error, result_.worst = name;
  }
  /// `rows` says 0 of rows of padding, (samples, tokens), which count as 0; empty: none is.
  template <class T>
  void compare(std::string const& name, vlpt::Stream<T const> s,
               std::vector<unsigned char> const& rows = {}) {
    std::vector<double> got;
    for (Index b = 0; b < s.batch; ++b)
      for (Index r = 0; r < s.tokens; ++r) {
        bool const seen = rows.empty() || rows.at(static_cast<std::size_t>(b * s.tokens + r)) != 0;
        for (Index c = 0; c < s.dim; ++c)
          got.push_back(seen ? static_cast<double>(s.sample(b)(r, c)) : 0.0);
      }
    compare(name, got);
  }
  template <class T>
  void compare(std::string const& name, Tensor<T> const& t) {
    compare(name, std::vector<double>(t.values.begin(), t.values.end()));
  }

 private:
  vlpt::io::Safetensors file_;
  Result result_;
  std::set<std::string> compared_;
};

}  // namespace conformance
