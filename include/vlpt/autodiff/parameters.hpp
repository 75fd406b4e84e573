#pragma once
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "vlpt/autodiff/init.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

// Modules present their parameters to visitors: visit<F>(params, visitor) calls
//   visitor.enter(name) ... visitor.leave()                       around a part,
//   visitor.template tensor<Learns>(name, view, shape, init, decays)   for a tensor.
// A view has shape.rows() rows and shape.cols() columns.

/// One parameter tensor of a model.
template <class T>
struct ParameterRecord {
  std::string name;  // layers.3.attention.qkv.weight
  Shape shape;
  View<T> values;
  Init init;
  bool learns = false;
  bool marked = false;  // belongs to a policy or a head, not to the backbone
  bool decays = true;   // whether weight decay applies: not to biases, norms and class rows
};

/// Gives every tensor a place: frozen ones and learnt ones each in their own contiguous run.
/// With null bases it only measures.
template <class T>
struct PlaceParameters {
  T* frozen = nullptr;
  T* learnt = nullptr;
  Index frozen_count = 0;
  Index learnt_count = 0;

  constexpr void enter(std::string_view) {}
  constexpr void enter(std::string_view, Index) {}
  constexpr void leave() {}
  template <bool Learns>
  constexpr void tensor(std::string_view, View<T>& view, Shape shape, Init, bool) {
    T* const base = Learns ? learnt : frozen;
    Index& count = Learns ? learnt_count : frozen_count;
    view = {base == nullptr ? nullptr : base + count, shape.rows(), shape.cols()};
    count += shape.size();
  }
};

/// Gives learnt tensors a place and leaves the others empty: gradients have the type of parameters.
template <class T>
struct PlaceGradients {
  T* learnt = nullptr;
  Index count = 0;

  constexpr void enter(std::string_view) {}
  constexpr void enter(std::string_view, Index) {}
  constexpr void leave() {}
  template <bool Learns>
  constexpr void tensor(std::string_view, View<T>& view, Shape shape, Init, bool) {
    if constexpr (Learns) {
      view = {learnt == nullptr ? nullptr : learnt + count, shape.rows(), shape.cols()};
      count += shape.size();
    }
  }
};

/// Lists every tensor under its full name, in the order in which they lie in memory.
template <class T>
class ListParameters {
 public:
  std::vector<ParameterRecord<T>> records;

  void enter(std::string_view name) {
    marks_.push_back(prefix_.size());
    prefix_.append(name).push_back('.');
  }
  void enter(std::string_view name, Index i) {
    marks_.push_back(prefix_.size());
    prefix_.append(name).append(".").append(std::to_string(i)).push_back('.');
  }
  void leave() {
    prefix_.resize(marks_.back());
    marks_.pop_back();
  }
  template <bool Learns>
  void tensor(std::string_view name, View<T>& view, Shape shape, Init init, bool decays) {
    records.push_back({prefix_ + std::string(name), shape, view, init, Learns, false, decays});
  }

 private:
  std::string prefix_;
  std::vector<std::size_t> marks_;
};

}  // namespace vlpt
