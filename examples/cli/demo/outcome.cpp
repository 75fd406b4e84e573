#include "outcome.hpp"

#include <algorithm>

#include "../split.hpp"
#include "vlpt/analysis/report/number.hpp"
#include "vlpt/analysis/report/png.hpp"

namespace vlpt::cli {

std::string verdict(Outcome const& one, std::string const& its_name, Outcome const& other,
                    std::string const& other_name) {
  double gap = 0, squares = 0;
  auto const n = static_cast<double>(one.accuracy.size());
  std::vector<double> gaps;
  for (std::size_t i = 0; i < one.accuracy.size(); ++i) {
    gaps.push_back(100 * (one.accuracy[i] - other.accuracy[i]));  // the same images, pair by pair
    gap += gaps.back() / n;
  }
  for (double g : gaps) squares += (g - gap) * (g - gap);
  auto const wins = std::count_if(gaps.begin(), gaps.end(), [](double g) { return g > 0; });
  std::string const size = report::fixed(std::abs(gap), 1) + " points";
  std::string const times = text(wins, " of ", gaps.size(), " seeds");
  double const error = n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
  if (std::abs(gap) < 2 * error || std::abs(gap) < 0.05)
    return text(its_name, " and ", other_name, " are level within the noise: ", size,
                gap > 0 ? " ahead" : " behind", " on average, ahead in ", times, ".");
  return gap > 0 ? text(its_name, " are ahead of ", other_name, " by ", size, ", in ", times, ".")
                 : text(its_name, " are NOT ahead of ", other_name, ": they are ", size,
                        " behind, and ahead in ", times, " only.");
}

std::vector<report::Prediction> shown_predictions(Images const& images,
                                                  std::vector<Index> const& indices,
                                                  Evaluation const& e) {
  std::vector<report::Prediction> out;
  auto const& names = images.class_names();
  io::Image picture;
  for (Index at : evenly(static_cast<Index>(indices.size()), 40)) {
    Index const i = indices[static_cast<std::size_t>(at)];
    images.image(i, picture);
    auto const predicted = static_cast<std::size_t>(e.predicted[static_cast<std::size_t>(at)]);
    out.push_back(
        {report::encode_png(picture.pixels, picture.width, picture.height, picture.channels),
         names[static_cast<std::size_t>(images.label(i))], names[predicted],
         probabilities(e.logits.view(), at)[predicted]});
  }
  return out;
}

}  // namespace vlpt::cli
