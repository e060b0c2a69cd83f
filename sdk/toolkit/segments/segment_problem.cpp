#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/apply_segments.hpp>
#include <imbrex/toolkit/segments/segment_problem.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace imbrex::segments {
namespace {

// Spans estimated at a time: enough to make what a call prepares cheap, few enough to stop soon.
constexpr std::size_t kSpansAtOnce = 16384;
constexpr double kImpossible = std::numeric_limits<double>::infinity();

void require_uncut(const Design& design) {
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    if (design.placement(operator_id(i)).segment != 0) {
      throw InputError(
          "an earlier stage has already cut the network into segments; use one such partitioner");
    }
  }
}

}  // namespace

Problem::Problem(const Design& design, Evaluator& evaluator, const ProblemOptions& options)
    : evaluator_(evaluator),
      sequence_(decompose(design.workload(), evaluator.architecture(), options.fit_core)),
      spans_(largest_ends(sequence_)),
      feasible_spans_(spans_.count()),
      objective_(evaluator.objective()) {
  require_uncut(design);
  sequence_.most_copies = options.most_copies;
}

std::vector<SegmentCost> Problem::estimate(std::span<const UnitSpan> spans) const {
  std::vector<SegmentCost> costs(spans.size());
  evaluator_.cost().evaluate_segments(sequence_, spans, costs);
  for (const SegmentCost& cost : costs) {
    if (cost.verdict == Verdict::unsupported) {
      throw InputError(
          "the cost model does not estimate segments; use one of crossbars, or on an array one of "
          "loop nests with memories = \"segments\"");
    }
  }
  return costs;
}

void Problem::evaluate_all(const Host* host) {
  std::vector<UnitSpan> all;
  all.reserve(spans_.count());
  for (std::int32_t begin = 0; begin < spans_.units(); ++begin) {
    for (std::int32_t end = begin + 1; end <= spans_.largest_end(begin); ++end) {
      all.push_back({begin, end});
    }
  }
  costs_.clear();
  costs_.reserve(all.size());
  for (std::span<const UnitSpan> rest = all; !rest.empty();) {
    if (host != nullptr && host->cancelled()) {
      throw CancelledError();
    }
    const auto some = rest.first(std::min(rest.size(), kSpansAtOnce));
    const std::vector<SegmentCost> costs = estimate(some);
    costs_.insert(costs_.end(), costs.begin(), costs.end());
    rest = rest.subspan(some.size());
  }
  time_.clear();
  energy_.clear();
  feasible_spans_ = 0;
  for (const SegmentCost& cost : costs_) {
    const bool feasible = cost.verdict == Verdict::feasible;
    feasible_spans_ += feasible ? 1 : 0;
    time_.push_back(feasible ? static_cast<double>(cost.latency_ps) : kImpossible);
    energy_.push_back(feasible ? cost.energy_pj : kImpossible);
  }
  const bool wants_energy = objective_ == Objective::energy || is_product();
  if (wants_energy && std::all_of(energy_.begin(), energy_.end(),
                                  [](double e) { return e == 0 || std::isinf(e); })) {
    throw InputError("the objective needs energies, but the architecture '" +
                     std::string(evaluator_.architecture().name) + "' models none");
  }
}

// Slices of a split operator are operators of their own, in order; so the operators with units
// follow one another as the spans' operators do.
void Problem::set_copies(const Ends& ends, Design& design) const {
  std::vector<std::int64_t> copies;  // of each operator of each segment
  for (const UnitSpan span : spans_of(ends)) {
    std::vector<std::int64_t> of_units(static_cast<std::size_t>(span.end - span.begin));
    evaluator_.cost().segment_copies(sequence_, span, of_units);
    for (std::int32_t i = span.begin; i < span.end; ++i) {
      const auto u = static_cast<std::size_t>(i);
      if (i == span.begin || sequence_.units[u].op != sequence_.units[u - 1].op) {
        copies.push_back(of_units[u - static_cast<std::size_t>(span.begin)]);
      }
    }
  }
  apply_segments(design, sequence_, ends);
  std::size_t next = 0;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const Operator& op = design.workload().operators()[i];
    if (op.has_macs() && (op.stationary_weights || on_array())) {
      IMBREX_ASSERT(next < copies.size());
      design.placement(operator_id(i)).copies = copies[next++];
    }
  }
  IMBREX_ASSERT(next == copies.size());
}

bool Problem::on_array() const noexcept {
  return evaluator_.architecture().units.front().kind == UnitKind::mac_array;
}

// Layers of a segment share the array in whole columns, as the estimates assume.
void Problem::share_array(const Ends& ends, Design& design) const {
  const Architecture& array = evaluator_.architecture();
  for (const UnitSpan span : spans_of(ends)) {
    std::vector<std::int64_t> work;
    for (std::int32_t i = span.begin; i < span.end; ++i) {
      work.push_back(design.workload().at(sequence_.units[static_cast<std::size_t>(i)].op).macs());
    }
    const std::vector<std::int64_t> columns = spatial::min_max_shares(work, array.grid.columns);
    std::int64_t first = 0;
    for (std::int32_t i = span.begin; i < span.end; ++i) {
      Placement& placement = design.placement(sequence_.units[static_cast<std::size_t>(i)].op);
      placement.units = columns[static_cast<std::size_t>(i - span.begin)] * array.grid.rows;
      placement.first_unit = first;
      first += placement.units;
    }
  }
}

SegmentCost Problem::apply(const Ends& ends, Design& design) {
  SegmentCost total;
  for (const SegmentCost& cost : estimate(spans_of(ends))) {
    IMBREX_ASSERT(cost.verdict == Verdict::feasible);
    total.latency_ps += cost.latency_ps;
    total.energy_pj += cost.energy_pj;
  }
  record(ends, total);
  design.forget_dealt_orders();
  set_copies(ends, design);
  if (on_array()) {
    share_array(ends, design);
  }
  return total;
}

void Problem::record(const Ends& ends, const SegmentCost& total) const {
  evaluator_.statistic("units", static_cast<std::int64_t>(spans_.units()));
  evaluator_.statistic("spans", static_cast<std::int64_t>(spans_.count()));
  if (feasible_spans_ == spans_.count()) {
    evaluator_.note("ways_to_cut", ways_to_cut());
  } else {
    evaluator_.statistic("feasible_spans", static_cast<std::int64_t>(feasible_spans_));
  }
  evaluator_.statistic("segments", static_cast<std::int64_t>(ends.size()));
  evaluator_.statistic("estimated_batch_ps", total.latency_ps);
  if (total.energy_pj > 0) {
    evaluator_.statistic("estimated_batch_energy_pj", total.energy_pj);
  }
  std::string text;
  for (const std::int32_t end : ends) {
    if (!text.empty()) {
      text += ' ';
    }
    text += std::to_string(end);
  }
  evaluator_.note("ends", text);
}

std::string Problem::ways_to_cut() const {
  std::vector<std::int32_t> largest;
  largest.reserve(static_cast<std::size_t>(spans_.units()));
  for (std::int32_t begin = 0; begin < spans_.units(); ++begin) {
    largest.push_back(spans_.largest_end(begin));
  }
  return number_of_groups(largest);
}

}  // namespace imbrex::segments
