#include <algorithm>
#include <cmath>
#include <optional>

#include "dual.hpp"
#include "exponent.hpp"
#include "parts.hpp"
#include "picture.hpp"
#include "vision.hpp"

namespace growth {
namespace {

using Make = std::function<Subject(Index size)>;

/// One way to run one policy, at every size of an axis.
struct Series {
  std::string policy, kind;  // kind: forward, load, step
  Make make;
  std::optional<Make> at_zero{};  // the model without the policy, where the axis has a 0
};
struct AxisOf {
  std::string name, work;
  std::vector<Index> values, quick;
  std::vector<Series> series;
};

Vision with_tokens(Index tokens) {
  Vision v = Vision::b32(1, 50);
  v.facts = v.facts.with_tokens(tokens);
  return v;
}
Vision with_layers(Index batch, Index layers) {
  Vision v = Vision::b32(batch, 50);
  v.facts.depth = layers;
  return v;
}

/// `fixed`: the batch of the axes along which it does not grow.
std::vector<AxisOf> axes(Index fixed) {
  auto const along = [](auto asked, VisionMaker make) -> Make {
    return [=](Index n) { return make(asked(n)); };
  };
  auto const batch = [](Index n) { return Vision::b32(n, 50); };
  auto const prompts = [=](Index n) { return Vision::b32(fixed, n); };
  auto const layers = [=](Index n) { return with_layers(fixed, n); };
  auto const classes = [=](DualMaker make) -> Make {
    return [=](Index n) { return make({.batch = fixed, .classes = n}); };
  };
  Make const none = along(prompts, vision_none);
  return {{"batch",
           "vit-b32",
           {1, 2, 4, 8, 16, 32, 64},
           {1, 2, 8},
           {{"deep-50", "forward", along(batch, vision_deep)},
            {"deep-50", "step", along(batch, vision_deep_step)}}},
          {"tokens",
           "vit-b32",
           {50, 101, 197, 290, 401, 577, 785, 1025},
           {50, 101, 401},
           {{"deep-50", "forward", along(with_tokens, vision_deep)},
            {"deep-50", "step", along(with_tokens, vision_deep_step)}}},
          {"prompts",
           "vit-b32",
           {0, 12, 25, 50, 100, 200, 400},
           {0, 50, 200},
           {{"deep", "forward", along(prompts, vision_deep), none},
            {"shallow", "forward", along(prompts, vision_shallow), none},
            {"approximated", "forward", along(prompts, vision_approximated), none},
            {"deep", "step", along(prompts, vision_deep_step)},
            {"shallow", "step", along(prompts, vision_shallow_step)},
            {"approximated", "step", along(prompts, vision_approximated_step)}}},
          {"classes",
           "clip-b32",
           {10, 20, 50, 100, 200, 500, 1000, 2000},
           {10, 40, 80},
           {{"context-16", "forward", classes(dual_context_forward)},
            {"context-16", "load", classes(dual_context)},
            {"context-16", "step", classes(dual_context_step)}}},
          {"layers",
           "vit-b32",
           {2, 4, 6, 8, 12, 16, 24},
           {2, 6, 12},
           {{"deep-50", "forward", along(layers, vision_deep)},
            {"deep-50", "step", along(layers, vision_deep_step)}}}};
}

/// What was found for a series: a line for each quantity, in the order of `quantities`.
std::vector<std::string> const quantities{"macs", "ms", "counted_mib", "measured_mib"};
using Lines = std::vector<Line>;

class Study {
 public:
  explicit Study(Run const& run)
      : run_(run),
        points_(run.beside("sizes"), {"work", "axis", "size", "policy", "kind", "threads", "macs",
                                      "ms", "counted_mib", "measured_mib", "samples"}) {}

  Lines measure(AxisOf const& axis, Series const& series) {
    Lines lines(quantities.size());
    for (Index const n : run_.quick ? axis.quick : axis.values) {
      if (n == 0 && !series.at_zero) continue;
      Subject const s = n == 0 ? (*series.at_zero)(n) : series.make(n);
      Time const t = time_of(
          s, run_.quick ? Effort{.rounds = 3, .seconds = 0} : Effort{.rounds = 15, .seconds = 20});
      std::vector<double> const found{s.macs, t.ms, s.counted_mib, s.measured_mib};
      for (std::size_t q = 0; q < found.size(); ++q) {
        lines[q].size.push_back(static_cast<double>(n));
        lines[q].value.push_back(found[q]);
      }
      points_.row({axis.work, axis.name, std::to_string(n), series.policy, series.kind,
                   std::to_string(run_.threads), number(s.macs, 0), number(t.ms),
                   number(s.counted_mib, 1), number(s.measured_mib, 1), std::to_string(t.samples)});
    }
    return lines;
  }

 private:
  Run const& run_;
  Table points_;
};

/// What is fitted for a series, and its lines.
struct Fitted {
  AxisOf const* axis;
  Series const* series;
  Lines lines;
};

void write_exponents(Run const& run, std::vector<Fitted> const& all) {
  Table table(run.beside("exponents"),
              {"work", "axis", "policy", "kind", "quantity", "points", "exponent", "upper_half",
               "over_first", "over_first_upper_half"});
  for (Fitted const& f : all)
    for (std::size_t q = 0; q < quantities.size(); ++q) {
      Line const& line = f.lines[q];
      Line const more = line.over_first();
      table.row({f.axis->work, f.axis->name, f.series->policy, f.series->kind, quantities[q],
                 std::to_string(line.size.size()), number(exponent(line)),
                 number(exponent(line.upper_half())), number(exponent(more)),
                 number(exponent(more.upper_half()))});
    }
}

/// "deep ^0.07"; a chart has room for 13 letters.
std::string curve_name(std::string const& policy, Line const& line) {
  double const half = exponent(line.upper_half());
  return policy.substr(0, 7) + " ^" + number(std::isnan(half) ? exponent(line) : half, 2);
}

/// For each kind of run: its time beside its memory, a curve for each policy, named with its
/// exponent.
void draw_axis(Run const& run, AxisOf const& axis, std::vector<Fitted> const& all) {
  std::vector<std::string> kinds;
  for (Series const& s : axis.series)
    if (std::ranges::find(kinds, s.kind) == kinds.end()) kinds.push_back(s.kind);
  std::vector<vlpt::report::Chart> charts;
  for (std::string const& kind : kinds)
    for (std::size_t const q : {1, 3}) {
      vlpt::report::Chart chart{
          .title = axis.work + ", " + kind + ": " + (q == 1 ? "milliseconds" : "MiB measured"),
          .x_label = axis.name,
          .y_label = quantities[q],
          .curves = {}};
      for (Fitted const& f : all)
        if (f.axis == &axis && f.series->kind == kind)
          chart.curves.push_back(
              {curve_name(f.series->policy, f.lines[q]), f.lines[q].size, f.lines[q].value});
      charts.push_back(std::move(chart));
    }
  draw(run.beside(axis.name, ".svg"), charts);
}

}  // namespace

void sizes(Run const& run) {
  auto const all_axes = axes(run.quick ? 2 : 8);
  std::vector<Fitted> all;
  {
    Study study(run);
    for (AxisOf const& axis : all_axes)
      for (Series const& series : axis.series)
        all.push_back({&axis, &series, study.measure(axis, series)});
  }
  write_exponents(run, all);
  for (AxisOf const& axis : all_axes) draw_axis(run, axis, all);
}

}  // namespace growth
