#pragma once
#include "vlpt/kernels/nothing.hpp"

namespace vlpt {

/// Does nothing, but asks for the scratch that backend B would ask for: a run on null views with
/// it is the memory plan of the same run on B.
template <class B>
class Measuring : public Nothing<typename B::Scalar> {
 public:
  using T = typename B::Scalar;
  static constexpr std::string_view name = "measuring";
  explicit Measuring(B const& like) : like_(like) {}
  [[nodiscard]] Index attention_scratch(Attention<T> const& a) const {
    return like_.attention_scratch(a);
  }

 private:
  B const& like_;
};

}  // namespace vlpt
