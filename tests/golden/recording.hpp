#pragma once
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vlpt/io/safetensors.hpp"

namespace golden {

using vlpt::Index;
using vlpt::Tensor;

/// What a value is judged as: gradients are allowed a larger error than outputs, and what a search
/// remembers is allowed the least.
enum class Kind { forward, gradient, search };

/// What of a recording is followed: all of it on every backend; or, to see that a change is
/// noticed, on one backend as far as the first pooling that shows it.
enum class Effort { every_backend, until_mismatch };

/// One file of tensors that a published implementation computed, and how vlpt compares with it.
/// Every tensor of the file must be read or compared on every backend: nothing is ignored silently.
/// `changed` names a parameter whose values are 1e-3 off, up or down: the comparison must notice.
class Recording {
 public:
  explicit Recording(std::filesystem::path const& path, std::string changed = {})
      : file_(vlpt::io::Safetensors::open(path)), changed_(std::move(changed)) {}

  /// Whether a recorded output depends on a parameter: not where all of its recorded gradients are
  /// zero.
  [[nodiscard]] bool matters(std::string const& parameter) const {
    bool recorded = false;
    for (char const* loss : {"grad.", "grad_task."}) {
      if (!has(loss + parameter)) continue;
      recorded = true;
      for (double const slope : file_.read<double>(loss + parameter).values)
        if (slope != 0) return true;
    }
    return !recorded;
  }

  [[nodiscard]] bool has(std::string const& name) const { return file_.find(name) != nullptr; }
  [[nodiscard]] std::vector<std::string> names(std::string_view prefix) const {
    std::vector<std::string> all;
    for (auto const& record : file_.records())
      if (record.name.starts_with(prefix)) all.push_back(record.name);
    return all;
  }

  // ---- what the file says of the configuration ----
  [[nodiscard]] std::string fact(std::string const& key, std::string const& otherwise) const {
    auto const at = file_.metadata().find(key);
    return at == file_.metadata().end() ? otherwise : at->second;
  }
  [[nodiscard]] std::string fact(std::string const& key) const {
    auto const at = file_.metadata().find(key);
    VLPT_CHECK(at != file_.metadata().end(), file_.path().string(), ": the metadata lack ", key);
    return at->second;
  }
  template <class T = Index>
  [[nodiscard]] T number(std::string const& key) const {
    std::string const value = fact(key);
    T out{};
    auto const end = value.data() + value.size();
    auto const [stop, error] = std::from_chars(value.data(), end, out);
    VLPT_CHECK(error == std::errc{} && stop == end, file_.path().string(), ": ", key, " is \"",
               value, "\", not a number");
    return out;
  }

  // ---- its tensors ----
  template <class T>
  [[nodiscard]] Tensor<T> read(std::string const& name) {
    read_.insert(name);
    Tensor<T> t = file_.read<T>(name);
    // Every value, each by another step without a pattern by rows or columns: some rows of a table
    // are never looked up, a clamp hides a change of what it clamps, a layer norm one that a row
    // shares, and steps that cancel in a sum of two values are not seen in it.
    if (name == changed_)
      for (Index i = 0; i < t.size(); ++i)
        t[i] += static_cast<T>(1e-3 * (1 + 0.1 * std::popcount(static_cast<std::uint64_t>(i))));
    return t;
  }
  /// A parameter that takes no part in this file's computation: nobody can notice a change of it.
  void set_aside(std::string const& name) { read_.insert(name), aside_.insert(name); }
  [[nodiscard]] bool is_aside(std::string const& name) const { return aside_.contains(name); }
  /// `got`, computed in T, must be the tensor `name` to the tolerance of its kind. Of a sum,
  /// `spread` is the root of the sum of its squared terms: their rounding errors add up to that
  /// scale, so single precision is judged by it.
  template <class T>
  void compare(std::string const& name, Kind kind, std::vector<double> const& got,
               double spread = 0) {
    compared_.insert(name), compared_now_.insert(name);
    Tensor<double> const want = file_.read<double>(name);
    if (got.size() != want.values.size())
      return miss(name, " has ", got.size(), " values, want ", want.shape);
    double largest = 0;
    for (double w : want.values) largest = std::max(largest, std::abs(w));
    constexpr bool fine = std::is_same_v<T, double>;
    if (!fine) largest = std::max(largest, spread);
    double const tolerance = (1 + largest) *
                             (kind == Kind::search    ? 1e-12
                              : kind == Kind::forward ? fine ? 1e-11 : 5e-6
                              : fine                  ? 1e-10
                                                      : 1e-4) *
                             (fine ? 1 : amplified_);
    std::size_t at = 0;
    double error = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      double const e = std::abs(got[i] - want.values[i]);
      if (e <= error) continue;  // a NaN is not
      error = std::isnan(e) ? std::numeric_limits<double>::infinity() : e, at = i;
    }
    if (error / tolerance > worst_) worst_ = error / tolerance, worst_name_ = name + ", " + where_;
    if (error > tolerance)
      miss(name, '[', at, "]: got ", got[at], ", want ", want.values[at], ", tolerance ",
           tolerance);
  }
  /// `got` must be the integers or flags of the tensor `name`, all of them.
  void compare(std::string const& name, std::vector<Index> const& got) {
    compared_.insert(name), compared_now_.insert(name);
    auto const want = file_.read<Index>(name);
    if (got.size() != want.values.size())
      return miss(name, " has ", got.size(), " values, want ", want.shape);
    auto const [g, w] = std::ranges::mismatch(got, want.values);
    if (g != got.end()) miss(name, '[', g - got.begin(), "]: got ", *g, ", want ", *w, " exactly");
  }
  /// Says that the case multiplies rounding errors by this factor: single precision is judged so
  /// much more gently, double precision as ever.
  void amplify(double factor) { amplified_ = factor; }
  [[nodiscard]] double amplified() const { return amplified_; }
  /// What is compared from here on, for messages.
  void enter(std::string where) { where_ = std::move(where); }
  /// Ends a pass over the file: what nobody asked for is a mismatch.
  void leave() {
    for (auto const& record : file_.records())
      if (!read_.contains(record.name) && !compared_now_.contains(record.name))
        miss(record.name, " was neither read nor compared");
    compared_now_.clear();
  }

  [[nodiscard]] std::size_t compared() const { return compared_.size(); }
  [[nodiscard]] std::vector<std::string> const& mismatches() const { return mismatches_; }
  /// The largest error as a part of its tolerance, and where it was.
  [[nodiscard]] double worst() const { return worst_; }
  [[nodiscard]] std::string const& worst_name() const { return worst_name_; }

 private:
  template <class... Parts>
  void miss(std::string const& name, Parts const&... parts) {
    std::ostringstream out;
    out.precision(17);
    out << name;
    (out << ... << parts) << " (" << where_ << ')';
    mismatches_.push_back(out.str());
  }

  vlpt::io::Safetensors file_;
  std::string changed_, where_, worst_name_;
  std::set<std::string> read_, aside_, compared_, compared_now_;
  std::vector<std::string> mismatches_;
  double worst_ = 0, amplified_ = 1;
};

}  // namespace golden
