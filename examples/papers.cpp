// docs/papers.md: figures that papers print beside what vlpt counts for the same methods.
//   papers                prints the page but for its last section, which tests/reference/ writes
//   papers PAGE           fails unless PAGE begins with what is printed
//   papers PAGE --write   puts what is printed in front of the last section of PAGE
// Every figure is known to the compiler, and tests/accept/papers_*.cpp asserts it.
#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "papers/das_rows.hpp"
#include "papers/full_tuning.hpp"
#include "papers/headlines.hpp"
#include "papers/meter_rows.hpp"
#include "papers/splits.hpp"
#include "papers/towers.hpp"
#include "papers/vilt_rows.hpp"

using namespace papers;

namespace {

/// 1 916 940
std::string spaced(Index n) {
  std::string digits = std::to_string(n < 0 ? -n : n);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), " ");
  return (n < 0 ? "-" : "") + digits;
}
/// 2.308 G
std::string billions(Index n) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(3) << static_cast<double>(n) / 1e9 << " G";
  return out.str();
}
std::string percent(double value, int digits = 2) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(digits) << value << " %";
  return out.str();
}
/// vlpt's figure less the printed one, in the printed one's unit.
std::string difference(double figure, Printed const& reported) {
  double const unit = reported.text.back() == 'G' ? 1e9 : reported.text.back() == 'M' ? 1e6 : 1;
  double const d = std::round((figure - reported.value()) / unit * 1000) / 1000;
  std::ostringstream out;
  out << std::fixed << std::setprecision(3) << std::showpos << (d == 0 ? 0.0 : d) << ' '
      << reported.text.back();
  return out.str();
}
std::string reported(Row const& row) {
  if (!row.reported.given()) return "-";
  return std::string(row.reported.text) + (row.read == Read::memory ? " (?)" : "");
}
std::string difference(Row const& row) {
  return row.reported.given() ? difference(static_cast<double>(row.figure), row.reported) : "-";
}
/// The policy that is counted, or the formula where no run of a model gives the figure.
std::string counted(Row const& row) {
  if (row.formula.empty()) return '`' + std::string(row.counted) + '`';
  return "*not run:* " + std::string(row.formula);
}

template <class... Cells>
void line(std::ostream& out, Cells const&... cells) {
  ((out << "| " << cells << ' '), ...) << "|\n";
}

template <class Rows>
void parameters_of(std::ostream& out, std::string_view title, Rows const& rows) {
  out << "\n### " << title << "\n\n"
      << "| method | reported | vlpt | difference | counted | remark |\n"
      << "| --- | --: | --: | --: | --- | --- |\n";
  for (Row const& row : rows)
    line(out, row.method, reported(row), spaced(row.figure), difference(row), counted(row),
         row.why);
}
template <class Rows>
void work_of(std::ostream& out, std::string_view title, Rows const& rows) {
  out << "\n### " << title << "\n\n"
      << "| method | convention | reported | vlpt, 41 words | difference | 40 words | counted | "
         "remark |\n"
      << "| --- | --- | --: | --: | --: | --: | --- | --- |\n";
  for (Row const& row : rows)
    line(out, row.method, row.convention, reported(row), billions(row.figure), difference(row),
         billions(row.with_40_words), counted(row), row.why);
}

void introduce(std::ostream& out) {
  out << R"(# What the papers print, and what vlpt counts

Written by `examples/papers.cpp`, all but its last section; a test fails when page and program differ. The
figures are counted by running the models on null views at compile time ([design](design.md)), and
`tests/accept/papers_*.cpp` asserts each of them, to the digit that a paper prints.

- **fvcore**: the papers' convention. A multiply-accumulate is one FLOP, an element of a layer norm five;
  softmax, bias and activation nothing; every row computed, prompts projected for every sample; one sample, no
  head. **naive**: the same without norms. **reported**: a formula that no model executes.
- *Not run* marks figures that stand on no run of one model: a formula or a sum, which is named. The *reported*
  ones among them no model executes at all. Every other figure is what runs, counted where it runs.
- (?) marks a printed figure that we remember and could not read again.
- p = 200 prompts, d = 768, S = rows of both streams. METER has 577 image rows, ViLT 201. The released probe has
  40 words. Adapters, APT and shallow prompts reach the printed digits with 41, one row more (probably the row
  that replaces the first word, added instead of replacing it), so tables are of 41 and show 40 beside it.
)";
}

void headlines_of(std::ostream& out) {
  out << R"(
## The headlines

| claim | reported | of printed figures | of counts | baseline | how |
| --- | --: | --: | --: | --- | --- |
)";
  for (Headline const& h : headlines)
    line(out, h.claim, std::string(h.reported.text) + (h.read == Read::memory ? " (?)" : ""),
         h.from_printed == 0 ? "-" : percent(h.from_printed), percent(h.from_counts),
         std::string(h.executed ? "" : "*not run:* ") + std::string(h.baseline), h.how);
  out << R"(
The two figures of APT are one method on two baselines: the second version doubled the cost of deep prompts.
With deep prompts that some model runs, 40 words, APT on METER ()"
      << billions(apt_at_40) << R"() saves:

| deep prompts on METER | add | APT against them | how |
| --- | --: | --: | --- |
)";
  for (Honest const& h : honest)
    line(out, h.baseline, billions(h.adds), percent(h.change, 1),
         (h.executed ? "" : "*not run:* ") + std::string(h.how));
  out << R"(
## DAS: which layers are skipped

Four of METER's twelve layers that cross, adapters of 96 beside the others, short-cuts of 288; 40 words, 384
pixels, against )"
      << spaced(meter_dense<40, 577>) << R"( of the dense model, in the fvcore convention.

| skipped: image, text | adds | of the model |
| --- | --: | --: |
)";
  for (Split const& s : splits)
    line(out, std::to_string(s.of_image) + ", " + std::to_string(4 - s.of_image), spaced(s.adds),
         percent(s.change));
  out << "\nThe split 2, 2 gives the published figure. With 41 words it adds "
      << billions(das_adds<2, 41>)
      << " (reported: -11.16 G (?), which 40 words\ngive: " << billions(das_adds<2>)
      << "); at NLVR2's 288 pixels it is " << percent(das_change<2, 40, 325>)
      << ". ViLT without one of its twelve layers: " << billions(das_vilt_adds) << ", "
      << percent(das_vilt_change, 1) << ".\n";
}

void page(std::ostream& out) {
  introduce(out);
  headlines_of(out);
  out << "\n## Trained parameters\n\nOf the method alone: no head, and nothing that a family "
         "trains besides.\n";
  parameters_of(out, "ViLT-B/32", vilt_parameters);
  parameters_of(out, "METER", meter_parameters);
  parameters_of(out, "DAS", das_parameters);
  parameters_of(out, "Full tuning", full_parameters);
  out << "\n## Additional FLOPs\n";
  work_of(out, "ViLT-B/32", vilt_flops);
  work_of(out, "METER", meter_flops);
  out << R"(
## Whole models

| model | convention | vlpt |
| --- | --- | --: |
)";
  line(out, "ViT-B/16, 197 rows, 1000 classes", "naive", spaced(vit_macs<1000>));
  line(out, "ViT-B/16, 197 rows, no head", "naive", spaced(vit_macs<0>));
  line(out, "ViT-B/16, 1000 classes", "parameters", spaced(vit_params));
  line(out, "CLIP B/16, both towers, one class", "fvcore", spaced(clip_macs));
  line(out, "ViLT-B/32, 40 words, 200 patches", "fvcore", spaced(vilt_macs<prompt::None, 40>));
  line(out, "METER, 40 words, 384 pixels", "fvcore", spaced(meter_dense<40, 577>));
}

/// Where two texts part, by lines; 0: the page begins with what is expected.
int first_difference(std::istream& found, std::istream& expected) {
  std::string a, b;
  for (int number = 1; std::getline(expected, b); ++number)
    if (!std::getline(found, a) || a != b) return number;
  return 0;
}

/// The last section of a page, which is not this program's.
std::string last_section(char const* path) {
  std::ifstream file(path);
  std::stringstream all;
  all << file.rdbuf();
  std::size_t const at = all.str().find("\n## An independent count\n");
  return at == std::string::npos ? "" : all.str().substr(at);
}

}  // namespace

int main(int argc, char** argv) {
  std::stringstream expected;
  page(expected);
  if (argc < 2) {
    std::cout << expected.str();
    return 0;
  }
  if (argc > 2 && std::string_view(argv[2]) == "--write") {
    std::string const last = last_section(argv[1]);
    std::ofstream out(argv[1]);
    return out << expected.str() << last ? 0 : 1;
  }
  std::ifstream found(argv[1]);
  int const line_number = first_difference(found, expected);
  if (line_number == 0) return 0;
  std::cerr << argv[1] << ':' << line_number
            << ": is not what this program prints; `papers PAGE --write` writes it anew\n";
  return 1;
}
