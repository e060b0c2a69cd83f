#include "run/guarded_cost_model.hpp"

#include "plugin/call_mark.hpp"
#include "plugin/registry.hpp"
#include "run/value_checks.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

// A time that no cost model may return: what stays in the answer was not written.
constexpr std::int64_t kUnwrittenLatency = INT64_MIN;

// Duration of one whole job, with checks of what JobClock::duration_ps adds and multiplies.
bool job_fits(const JobClock& clock, const Operator& op, const Mapping& mapping) noexcept {
  std::int64_t work_ps = clock.per_position_ps;
  for (const Dim dim : {Dim::N, Dim::P, Dim::Q}) {
    const std::int64_t extent = std::min(mapping.job_extent[index(dim)], op.bounds[dim]);
    if (__builtin_mul_overflow(work_ps, extent, &work_ps)) {
      return false;
    }
  }
  return !__builtin_add_overflow(work_ps, clock.fixed_ps, &work_ps) && is_time(work_ps);
}

template <class Checks>
void check_clock(const Checks& checks, const JobClock& clock, const Operator& op,
                 const Mapping& mapping) {
  checks.time("fixed_ps", clock.fixed_ps);
  checks.time("per_position_ps", clock.per_position_ps);
  checks.time("completion_ps", clock.completion_ps);
  checks.time("least_ps", clock.least_ps);
  if (!job_fits(clock, op, mapping)) {
    checks.too_long(fmt::format("a job of fixed_ps = {} and per_position_ps = {}", clock.fixed_ps,
                                clock.per_position_ps));
  }
}

template <class Checks>
void check_space(const Checks& checks, const MapSpaceSpec& spec) {
  if (spec.slots.size() > kMaxLoops / 2) {
    checks.blame(fmt::format("has {} slots; there may be {}", spec.slots.size(), kMaxLoops / 2));
  }
  for (const FactorConstraint& factor : spec.factors) {
    if (factor.slot >= spec.slots.size() || index(factor.dim) >= kDimCount) {
      checks.blame(fmt::format("constrains slot {} of {}", factor.slot, spec.slots.size()));
    }
  }
  for (const OrderConstraint& order : spec.orders) {
    if (order.slot >= spec.slots.size()) {
      checks.blame(fmt::format("orders slot {} of {}", order.slot, spec.slots.size()));
    }
  }
  for (const std::int64_t bound : spec.bounds.bound) {
    checks.count("a loop bound", spec.slots.empty() ? 1 : bound, 1);
  }
}

}  // namespace

GuardedCostModel::GuardedCostModel(std::string where, const CostModel& inner,
                                   const Workload& workload)
    : where_(std::move(where)), inner_(inner), workload_(workload) {
  demands_.resize(workload.operators().size());
  for (const OperatorId op : demands_.ids()) {
    plugin::guard(where_, "demand", [&] { demands_[op] = inner_.demand(op); });
    const ValueChecks checks(where_, [&] { return asked("demand", op); });
    checks.count("units", demands_[op].units);
    checks.count("weight_bits", demands_[op].weight_bits);
  }
}

std::string GuardedCostModel::asked(std::string_view method, OperatorId op) const {
  return fmt::format("{} of operator '{}'", method, workload_.at(op).name);
}

void GuardedCostModel::require_operator(OperatorId op) const {
  if (index(op) >= demands_.size()) {
    throw Error(ErrorCode::failed,
                fmt::format("asked the cost model about operator {}; the workload has {}",
                            static_cast<std::int32_t>(op), demands_.size()));
  }
}

Demand GuardedCostModel::demand(OperatorId op) const {
  require_operator(op);
  return demands_[op];
}

std::optional<NestCounting> GuardedCostModel::nest_counting() const {
  std::optional<NestCounting> answer;
  plugin::guard(where_, "nest_counting", [&] { answer = inner_.nest_counting(); });
  return answer;
}

bool GuardedCostModel::models_energy() const {
  bool answer = false;
  plugin::guard(where_, "models_energy", [&] { answer = inner_.models_energy(); });
  return answer;
}

void GuardedCostModel::evaluate(OperatorId op, const Placement& placement,
                                std::span<const Mapping> mappings, std::span<LayerCost> out) const {
  require_operator(op);
  require_sizes("evaluate", mappings.size(), out.size());
  for (LayerCost& cost : out) {
    cost = {Verdict::feasible, kUnwrittenLatency, 0};
  }
  plugin::guard(where_, "evaluate", [&] { inner_.evaluate(op, placement, mappings, out); });
  for (std::size_t i = 0; i < out.size(); ++i) {
    const LayerCost& cost = out[i];
    const bool right = cost.verdict == Verdict::feasible
                           ? is_time(cost.latency_ps) && is_amount(cost.energy_pj)
                           : is_verdict(cost.verdict);
    if (right) {
      continue;
    }
    const ValueChecks checks(where_, [&] {
      return fmt::format("{}, mapping {} of {},", asked("evaluate", op), i + 1, out.size());
    });
    checks.verdict(cost.verdict);
    if (cost.latency_ps == kUnwrittenLatency) {
      checks.blame("was not given a cost");
    }
    checks.time("latency_ps", cost.latency_ps);
    checks.amount("energy_pj", cost.energy_pj);
  }
}

std::optional<Shortfall> GuardedCostModel::shortfall(OperatorId op, const Placement& placement,
                                                     const Mapping& mapping) const {
  require_operator(op);
  std::optional<Shortfall> answer;
  plugin::guard(where_, "shortfall", [&] { answer = inner_.shortfall(op, placement, mapping); });
  return answer;
}

std::optional<LayerAccount> GuardedCostModel::account(OperatorId op, const Placement& placement,
                                                      const Mapping& mapping) const {
  require_operator(op);
  std::optional<LayerAccount> answer;
  plugin::guard(where_, "account", [&] { answer = inner_.account(op, placement, mapping); });
  const ValueChecks checks(where_, [&] { return asked("account", op); });
  for (const TensorAccesses& one : answer ? answer->accesses : std::vector<TensorAccesses>{}) {
    checks.count("word_bits", one.word_bits);
    checks.count("tile_words", one.tile_words);
    checks.amount("read_words", one.read_words);
    checks.amount("written_words", one.written_words);
  }
  return answer;
}

Mapping GuardedCostModel::canonical_mapping(OperatorId op, const Placement& placement,
                                            const JobShape& shape) const {
  require_operator(op);
  Mapping mapping;
  plugin::guard(where_, "canonical_mapping",
                [&] { mapping = inner_.canonical_mapping(op, placement, shape); });
  if (mapping_verdict(workload_.at(op), mapping) != Verdict::feasible) {
    throw BlamedError(where_, asked("canonical_mapping", op) +
                                  " is no loop nest of the operator: its loops and job extents do "
                                  "not cover the loop bounds, or exceed 64 bits");
  }
  return mapping;
}

MapSpaceSpec GuardedCostModel::map_space(OperatorId op, const Placement& placement) const {
  require_operator(op);
  MapSpaceSpec spec;
  plugin::guard(where_, "map_space", [&] { spec = inner_.map_space(op, placement); });
  check_space(ValueChecks(where_, [&] { return asked("map_space", op); }), spec);
  return spec;
}

JobClock GuardedCostModel::job_clock(OperatorId op, const Placement& placement,
                                     const Mapping& mapping) const {
  require_operator(op);
  JobClock clock;
  plugin::guard(where_, "job_clock", [&] { clock = inner_.job_clock(op, placement, mapping); });
  check_clock(ValueChecks(where_, [&] { return asked("job_clock", op); }), clock, workload_.at(op),
              mapping);
  return clock;
}

bool GuardedCostModel::lock_step() const noexcept {
  const plugin::CallMark mark(where_, "lock_step");
  return inner_.lock_step();
}

std::int64_t GuardedCostModel::movement_ps(OperatorId op) const {
  require_operator(op);
  std::int64_t delay_ps = 0;
  plugin::guard(where_, "movement_ps", [&] { delay_ps = inner_.movement_ps(op); });
  ValueChecks(where_, [&] { return asked("movement", op); }).time("movement_ps", delay_ps);
  return delay_ps;
}

std::int64_t GuardedCostModel::lower_bound_ps(OperatorId op, const Placement& placement) const {
  require_operator(op);
  std::int64_t bound_ps = 0;
  plugin::guard(where_, "lower_bound_ps", [&] { bound_ps = inner_.lower_bound_ps(op, placement); });
  ValueChecks(where_, [&] { return asked("lower_bound", op); }).time("lower_bound_ps", bound_ps);
  return bound_ps;
}

void GuardedCostModel::evaluate_segments(const UnitSequence& units, std::span<const UnitSpan> spans,
                                         std::span<SegmentCost> out) const {
  require_sizes("evaluate_segments", spans.size(), out.size());
  for (SegmentCost& cost : out) {
    cost = {};
    cost.latency_ps = kUnwrittenLatency;
  }
  // A thousand layers have half a million spans: whoever asks for all of them at once must be
  // stoppable.
  constexpr std::size_t kSpans = 2048;
  for (std::size_t begin = 0; begin < spans.size(); begin += kSpans) {
    const std::size_t count = std::min(kSpans, spans.size() - begin);
    plugin::guard(where_, "evaluate_segments", [&] {
      inner_.evaluate_segments(units, spans.subspan(begin, count), out.subspan(begin, count));
    });
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const ValueChecks checks(where_, [&] {
      return fmt::format("evaluate_segments of units {} to {}", spans[i].begin, spans[i].end);
    });
    checks.verdict(out[i].verdict);
    if (out[i].verdict == Verdict::feasible) {
      checks.time("latency_ps", out[i].latency_ps);
      checks.amount("energy_pj", out[i].energy_pj);
      checks.time("weight_load_ps", out[i].weight_load_ps);
      checks.time("drain_ps", out[i].drain_ps);
    }
  }
}

void GuardedCostModel::segment_copies(const UnitSequence& units, UnitSpan span,
                                      std::span<std::int64_t> out) const {
  require_sizes("segment_copies", static_cast<std::size_t>(std::max(0, span.end - span.begin)),
                out.size());
  plugin::guard(where_, "segment_copies", [&] { inner_.segment_copies(units, span, out); });
  const ValueChecks checks(where_, [&] {
    return fmt::format("segment_copies of units {} to {}", span.begin, span.end);
  });
  for (const std::int64_t copies : out) {
    checks.count("copies", copies, 1);
  }
}

SegmentOverhead GuardedCostModel::segment_overhead(const Design& design,
                                                   std::int32_t segment) const {
  SegmentOverhead overhead;
  plugin::guard(where_, "segment_overhead",
                [&] { overhead = inner_.segment_overhead(design, segment); });
  const ValueChecks checks(where_,
                           [&] { return fmt::format("segment_overhead of segment {}", segment); });
  checks.time("weight_load_ps", overhead.weight_load_ps);
  checks.time("weight_write_ps", overhead.weight_write_ps);
  checks.time("data_ps", overhead.data_ps);
  checks.time("external_ps", overhead.external_ps);
  checks.time("buffer_ps", overhead.buffer_ps);
  checks.count("weight_bits", overhead.weight_bits);
  checks.count("load_bits", overhead.load_bits);
  checks.count("store_bits", overhead.store_bits);
  checks.amount("energy_pj", overhead.energy_pj);
  return overhead;
}

}  // namespace imbrex::run
