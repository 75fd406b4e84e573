#pragma once
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "vlpt/autodiff/init.hpp"
#include "vlpt/core/view.hpp"

namespace vlpt {

/// One parameter tensor of a model.
template <class T>
struct ParameterRecord {
  std::string name;  // layers.3.attention.qkv.weight
  Shape shape;
  View<T> values;
  Init init;
  bool learns = false;
  bool marked = false;      // belongs to a policy or a head, not to the backbone
  bool decays = true;       // whether weight decay applies: not to biases, norms and class rows
  bool multiplies = false;  // a weight that rows are multiplied by: a backend may pack it
};

/// Who is shown the parameters of a module: visit<F>(params, visitor) calls enter(name) and leave()
/// around a part, and tensor<Learns>(...) for a tensor, whose view has shape.rows() rows; or
/// matrix<Learns>(...) for one that only products read, as their right operand. Virtual, so that a
/// model's visit is compiled once for all visitors (visit_parameters).
template <class T>
class ParameterVisitor {
 public:
  constexpr virtual void enter(std::string_view) {}
  constexpr virtual void enter(std::string_view, Index) {}
  constexpr virtual void leave() {}
  template <bool Learns>
  constexpr void tensor(std::string_view name, View<T>& view, Shape shape, Init init, bool decays) {
    show(name, view, shape, init, {.decays = decays, .learns = Learns});
  }
  template <bool Learns>
  constexpr void matrix(std::string_view name, View<T>& view, Shape shape, Init init) {
    show(name, view, shape, init, {.decays = true, .learns = Learns, .multiplies = true});
  }

 protected:
  struct Kind {
    bool decays = true, learns = false, multiplies = false;
  };
  constexpr ParameterVisitor() = default;
  constexpr ~ParameterVisitor() = default;

 private:
  constexpr virtual void show(std::string_view name, View<T>& view, Shape const& shape,
                              Init const& init, Kind kind) = 0;
};

/// Shows a visitor what a module has for parameters, as they learn in flow F.
template <class F, class M, class P, class T>
constexpr void visit_parameters(M const& module, P& params, ParameterVisitor<T>& visitor) {
  module.template visit<F>(params, visitor);
}

/// Shows a visitor a named part: what `inside` shows it.
template <class V, class Inside>
constexpr void visit_part(V& visitor, std::string_view name, Inside&& inside) {
  visitor.enter(name);
  inside();
  visitor.leave();
}

/// Gives every tensor a place: frozen ones and learnt ones each in their own contiguous run.
/// With null bases it only measures.
template <class T>
class PlaceParameters final : public ParameterVisitor<T> {
 public:
  T* frozen;
  T* learnt;
  Index frozen_count = 0;
  Index learnt_count = 0;

  constexpr explicit PlaceParameters(T* frozen_base = nullptr, T* learnt_base = nullptr)
      : frozen(frozen_base), learnt(learnt_base) {}

 private:
  using Kind = typename ParameterVisitor<T>::Kind;
  constexpr void show(std::string_view, View<T>& view, Shape const& shape, Init const&,
                      Kind kind) override {
    T* const base = kind.learns ? learnt : frozen;
    Index& count = kind.learns ? learnt_count : frozen_count;
    view = {base == nullptr ? nullptr : base + count, shape.rows(), shape.cols()};
    count += shape.size();
  }
};

/// Gives learnt tensors a place and leaves the others empty: gradients have the type of parameters.
template <class T>
class PlaceGradients final : public ParameterVisitor<T> {
 public:
  T* learnt;
  Index count = 0;

  constexpr explicit PlaceGradients(T* base = nullptr) : learnt(base) {}

 private:
  constexpr void show(std::string_view, View<T>& view, Shape const& shape, Init const&,
                      typename ParameterVisitor<T>::Kind kind) override {
    if (!kind.learns) return;
    view = {learnt == nullptr ? nullptr : learnt + count, shape.rows(), shape.cols()};
    count += shape.size();
  }
};

/// Lists every tensor under its full name, in the order in which they lie in memory.
template <class T>
class ListParameters final : public ParameterVisitor<T> {
 public:
  std::vector<ParameterRecord<T>> records;

  void enter(std::string_view name) override {
    marks_.push_back(prefix_.size());
    prefix_.append(name).push_back('.');
  }
  void enter(std::string_view name, Index i) override {
    marks_.push_back(prefix_.size());
    prefix_.append(name).append(".").append(std::to_string(i)).push_back('.');
  }
  void leave() override {
    prefix_.resize(marks_.back());
    marks_.pop_back();
  }

 private:
  void show(std::string_view name, View<T>& view, Shape const& shape, Init const& init,
            typename ParameterVisitor<T>::Kind kind) override {
    records.push_back({prefix_ + std::string(name), shape, view, init, kind.learns, false,
                       kind.decays, kind.multiplies});
  }

  std::string prefix_;
  std::vector<std::size_t> marks_;
};

/// The tensors of a model as they learn in flow F, each with whether a policy or a head marks it.
template <class T, class F, class Marks, class M, class P>
[[nodiscard]] std::vector<ParameterRecord<T>> list_parameters(M const& model, P params) {
  ListParameters<T> list, marks;
  visit_parameters<F>(model, params, list);
  visit_parameters<Marks>(model, params, marks);
  for (std::size_t i = 0; i < marks.records.size(); ++i)
    list.records[i].marked = marks.records[i].learns;
  return std::move(list.records);
}

}  // namespace vlpt
