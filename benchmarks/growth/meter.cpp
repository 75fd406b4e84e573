#include "meter.hpp"

#include <iostream>

#include "parts.hpp"

namespace growth {
namespace {

/// What a method adds to METER.
struct Added {
  std::string name;
  double macs = 0, fvcore = 0, ms = 0, error_ms = 0;
};

class Rows {
 public:
  explicit Rows(Run const& run)
      : table_(run.beside("meter"),
               {"method", "rows", "threads", "against", "against_macs", "against_ms", "macs", "ms",
                "error_ms", "macs_percent", "fvcore_percent", "ms_percent", "ratio", "samples",
                "idle_percent"}),
        run_(run) {}

  /// A method beside the model without one, in turns.
  Added add(std::string const& name, std::string const& rows, Subject const& base,
            Subject const& one) {
    Pair const p = compare(base, one, effort_);
    Added const added{name, one.macs - base.macs, one.fvcore - base.fvcore, p.added_ms, p.error_ms};
    write(name, rows, {"none", base.macs, base.fvcore, p.base_ms}, added, 0, p);
    return added;
  }
  /// Work that is no model's and is timed for itself, in turns with a model.
  Added alone(std::string const& name, Subject const& model, Subject const& work) const {
    return {name, work.macs, work.fvcore, compare(model, work, effort_).ms};
  }
  /// What a method adds beside what another adds.
  void against(Added const& one, std::string const& rows, Added const& other) {
    write(one.name + " / " + other.name, rows, other, one, 1, {});
  }

 private:
  void write(std::string const& method, std::string const& rows, Added const& base,
             Added const& one, double less, Pair const& p) {
    double const macs = one.macs / base.macs - less, ms = one.ms / base.ms - less;
    table_.row({method, rows, std::to_string(run_.threads), base.name, number(base.macs, 0),
                number(base.ms), number(one.macs, 0), number(one.ms), number(one.error_ms),
                number(100 * macs, 2), number(100 * (one.fvcore / base.fvcore - less), 2),
                number(100 * ms, 2), number(ms / macs),
                p.samples > 0 ? std::to_string(p.samples) : "",
                p.samples > 0 ? number(p.idle_percent, 1) : ""});
  }

  Table table_;
  Run const& run_;
  Effort effort_ =
      run_.quick ? Effort{.rounds = 3, .seconds = 6} : Effort{.rounds = 21, .seconds = 120};
};

}  // namespace

void on_meter(Run const& run) {
  Rows rows(run);
  for (bool const published : {true, false}) {
    if (run.quick && !published) break;
    std::string const how = published ? "published" : "vlpt";
    Subject const none = meter_none(published);
    rows.add("das-4", how, none, meter_das(published));
    Added const deep = rows.add("deep-200", how, none, meter_deep(published));
    Added const apt = rows.add("approximated-200", how, none, meter_approximated(published));
    if (!published) continue;
    Added const as_rows = rows.add("rows-200", how, none, meter_shallow());
    Added const table = rows.alone("deep-200-table", none, meter_table());
    rows.against(apt, how, table);
    rows.against(apt, how, deep);
    rows.against(apt, how, as_rows);
  }
  std::cout
      << "macs and ms are what a method adds, percentages are of against_macs and against_ms; "
         "A / B: what A adds against what B adds\n"
         "published: -82.30 % is approximated-200 / deep-200-table, -11.97 % is das-4\n";
}

}  // namespace growth
