// expect: class_names
// A data set knows what its classes are called.
#include "vlpt/io/dataset/few_shot.hpp"

struct Nameless {
  [[nodiscard]] vlpt::Index size() const { return 0; }
  [[nodiscard]] vlpt::Index label(vlpt::Index) const { return 0; }
  void image(vlpt::Index, vlpt::io::Image&) const {}
};

auto const drawn = vlpt::io::few_shot_split(Nameless{}, 16, 1);
