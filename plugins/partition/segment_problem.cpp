#include "segment_problem.hpp"

#include <imbrex/apply_segments.hpp>
#include <imbrex/error.hpp>
#include <imbrex/weight_units.hpp>

#include <algorithm>
#include <string>

namespace imbrex::segmentation {
namespace {

std::vector<UnitSpan> spans_of(const Ends& ends) {
  std::vector<UnitSpan> spans;
  std::int32_t begin = 0;
  for (const std::int32_t end : ends) {
    spans.push_back({begin, end});
    begin = end;
  }
  return spans;
}

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
      objective_(evaluator.objective()) {
  require_uncut(design);
  sequence_.most_copies = options.most_copies;
}

std::vector<SegmentCost> Problem::estimate(std::span<const UnitSpan> spans) const {
  std::vector<SegmentCost> costs(spans.size());
  evaluator_.cost().evaluate_segments(sequence_, spans, costs);
  for (const SegmentCost& cost : costs) {
    if (cost.verdict == Verdict::unsupported) {
      throw InputError("the cost model does not estimate segments; use imbrex.cost.crossbar");
    }
    IMBREX_ASSERT(cost.verdict == Verdict::feasible);
  }
  return costs;
}

void Problem::evaluate_all() {
  std::vector<UnitSpan> all;
  all.reserve(spans_.count());
  for (std::int32_t begin = 0; begin < spans_.units(); ++begin) {
    for (std::int32_t end = begin + 1; end <= spans_.largest_end(begin); ++end) {
      all.push_back({begin, end});
    }
  }
  costs_ = estimate(all);
  time_.clear();
  energy_.clear();
  for (const SegmentCost& cost : costs_) {
    time_.push_back(static_cast<double>(cost.latency_ps));
    energy_.push_back(cost.energy_pj);
  }
  const bool wants_energy = objective_ == Objective::energy || is_product();
  if (wants_energy &&
      std::all_of(energy_.begin(), energy_.end(), [](double e) { return e == 0; })) {
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
    if (op.has_macs() && op.stationary_weights) {
      IMBREX_ASSERT(next < copies.size());
      design.placement(operator_id(i)).copies = copies[next++];
    }
  }
  IMBREX_ASSERT(next == copies.size());
}

SegmentCost Problem::apply(const Ends& ends, Design& design) {
  SegmentCost total;
  for (const SegmentCost& cost : estimate(spans_of(ends))) {
    total.latency_ps += cost.latency_ps;
    total.energy_pj += cost.energy_pj;
  }
  record(ends, total);
  set_copies(ends, design);
  return total;
}

void Problem::record(const Ends& ends, const SegmentCost& total) const {
  evaluator_.statistic("units", static_cast<std::int64_t>(spans_.units()));
  evaluator_.statistic("spans", static_cast<std::int64_t>(spans_.count()));
  std::vector<std::int32_t> largest;
  largest.reserve(static_cast<std::size_t>(spans_.units()));
  for (std::int32_t begin = 0; begin < spans_.units(); ++begin) {
    largest.push_back(spans_.largest_end(begin));
  }
  evaluator_.note("ways_to_cut", number_of_groups(largest));
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

}  // namespace imbrex::segmentation
