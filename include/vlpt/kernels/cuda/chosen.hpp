#pragma once
#include <map>
#include <utility>

#include "vlpt/kernels/cuda/column_product.hpp"

namespace vlpt::cuda {

/// What was chosen for each product that was asked for, so that nothing is chosen twice.
template <class Choice>
class Chosen {
 public:
  /// The choice for a product, made by choose() if it is the first one like that.
  template <class Choose>
  [[nodiscard]] Choice& of(ProductKey const& key, Choose const& choose) {
    auto found = choices_.lower_bound(key);
    if (found == choices_.end() || found->first != key)
      found = choices_.emplace_hint(found, key, choose());
    return found->second;
  }
  [[nodiscard]] std::size_t size() const { return choices_.size(); }

 private:
  std::map<ProductKey, Choice> choices_;
};

}  // namespace vlpt::cuda
