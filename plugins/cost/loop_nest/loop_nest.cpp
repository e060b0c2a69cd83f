// imbrex.cost.loop-nest: tiled loop nests on a hierarchy of storage levels over an array of MACs.
// The model is in counts.hpp; here it meets the framework.
//
// A job is one iteration of the outer temporal loops; all jobs of an operator last equally long:
// the time of the operator divided by the number of jobs, rounded up to a picosecond. `evaluate`
// counts so too.
#include "account.hpp"
#include "canonical.hpp"
#include "params.hpp"
#include "segment_estimate.hpp"
#include "segment_memory.hpp"
#include "shortfall.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/mapspace/map_constraints.hpp>
#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace imbrex::loop_nest {
namespace {

using loop_nest::Config;
using loop_nest::Memories;
using loop_nest::NestCounts;

class LoopNestCost final : public CostModel {
 public:
  LoopNestCost(const Config& config, const Context& context)
      : config_(config),
        workload_(*context.workload),
        architecture_(*context.architecture),
        counting_(counting_of(config)),
        hierarchy_(loop_nest::hierarchy_of(architecture_, counting_)),
        charged_(config.memories == Memories::layers
                     ? hierarchy_
                     : loop_nest::inside_elements(hierarchy_,
                                                  loop_nest::shared_levels(hierarchy_, pes()))),
        constraints_(config.constraints, workload_, slot_names()) {
    for (std::size_t i = 0; i < workload_.operators().size(); ++i) {
      problems_.push_back(loop_nest::prepare(workload_, operator_id(i)));
      problems_.back().partial_sum_bits = config.partial_sum_bits;
    }
    if (config.memories == Memories::segments) {
      // No segment that is estimated has more layers than columns.
      memory_.emplace(workload_, architecture_,
                      segments::layer_sequence(workload_, *this, architecture_.grid.columns),
                      hierarchy_, problems_);
    }
  }

  // The whole array, unless the placement says how much of it.
  Demand demand(OperatorId id) const noexcept override {
    if (!problems_[id].mappable) {
      return {};
    }
    return {true, pes(), workload_.at(id).weight_bits()};
  }

  std::optional<NestCounting> nest_counting() const override {
    return config_.memories == Memories::layers ? std::optional(counting_) : std::nullopt;
  }

  bool models_energy() const override { return loop_nest::models_energy(architecture_); }

  void evaluate(OperatorId id, const Placement& placement, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    const bool possible = problems_[id].mappable && placement.copies == 1;
    const std::int64_t macs = owned_units(placement, demand(id)) * macs_per_pe();
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      const Mapping& mapping = mappings[i];
      out[i] = {possible ? verdict_of(id, macs, mapping) : Verdict::unsupported, 0, 0};
      if (out[i].verdict != Verdict::feasible) {
        continue;
      }
      const NestCounts counts = loop_nest::count(problems_[id], charged_, mapping);
      out[i].verdict = counts.verdict;
      if (counts.verdict == Verdict::feasible) {
        out[i].latency_ps = bounded_ps(jobs_of(mapping), job_ps(counts, mapping));
        out[i].energy_pj = counts.energy_pj;
      }
    }
  }

  std::optional<Shortfall> shortfall(OperatorId id, const Placement& placement,
                                     const Mapping& mapping) const override {
    const std::int64_t used = macs_used(mapping);
    const std::int64_t owned = owned_units(placement, demand(id)) * macs_per_pe();
    if (used > owned) {
      return Shortfall{"placement", "MAC", used, owned};
    }
    const NestCounts counts = loop_nest::count(problems_[id], hierarchy_, mapping);
    return loop_nest::shortfall_of(problems_[id], hierarchy_, counts);
  }

  // With memories of segments the levels outside the elements are the segment's, too: what they
  // exchange for this layer alone is stated, but bounds the segment only.
  std::optional<LayerAccount> account(OperatorId id, const Placement&,
                                      const Mapping& mapping) const override {
    return loop_nest::account_of(problems_[id], hierarchy_, charged_, mapping);
  }

  // Fewer elements than there are where the tiles of all of them together do not fit.
  // Errors: InfeasibleError naming the level when one element's do not either.
  Mapping canonical_mapping(OperatorId id, const Placement& placement,
                            const JobShape& shape) const override {
    const loop_nest::CanonicalMapping found =
        loop_nest::canonical_mapping(problems_[id], hierarchy_, map_space(id, placement), shape,
                                     {config_.spread, config_.imperfect});
    if (!found.fits) {
      const auto lacking = shortfall(id, placement, found.mapping);
      throw InfeasibleError(
          loop_nest::misfit_text(workload_.at(id).name, lacking.value_or(Shortfall{})));
    }
    return found.mapping;
  }

  MapSpaceSpec map_space(OperatorId id, const Placement& placement) const override {
    MapSpaceSpec spec;
    spec.bounds = problems_[id].bounds;
    const std::size_t levels = hierarchy_.levels.size();
    const std::vector<std::int64_t> fanouts = owned_fanouts(id, placement);
    for (std::size_t l = 0; l < levels; ++l) {
      const loop_nest::Level& level = hierarchy_.levels[l];
      MapSlot steps;
      steps.name = std::string(level.name) + " temporal";
      steps.level = static_cast<std::uint8_t>(l);
      steps.outer = l == 0;  // a job is the work on what the levels on chip hold at a time
      steps.ordered = l + 1 < levels;  // MACs keep nothing, so the innermost order is free
      steps.imperfect = config_.imperfect;
      spec.slots.push_back(steps);
      const std::int64_t fanout = fanouts[l];
      if (fanout > 1) {
        MapSlot spatial = steps;
        spatial.name = std::string(level.name) + " spatial";
        spatial.kind = LoopKind::spatial;
        spatial.outer = false;
        spatial.ordered = false;  // another order only numbers the instances differently
        spatial.fanout = fanout;
        spec.slots.push_back(spatial);
      }
    }
    constraints_.apply(workload_.at(id), spec);
    return spec;
  }

  JobClock job_clock(OperatorId id, const Placement&,
                     const Mapping& mapping) const noexcept override {
    const NestCounts counts = loop_nest::count(problems_[id], charged_, mapping);
    return {job_ps(counts, mapping)};
  }
  bool lock_step() const noexcept override { return true; }
  std::int64_t movement_ps(OperatorId) const noexcept override { return 0; }

  // Data passes through the storage levels, whose accesses are counted already.
  void transfer(std::span<const Transfer>, std::span<TransferCost> out) const override {
    std::fill(out.begin(), out.end(), TransferCost{});
  }
  TransferCost most_transfer(std::int64_t) const override { return {}; }

  // All MACs that the operator owns busy all the time, the array filled and drained once.
  std::int64_t lower_bound_ps(OperatorId id, const Placement& placement) const noexcept override {
    if (!problems_[id].mappable) {
      return 0;
    }
    const std::int64_t macs = owned_units(placement, demand(id)) * macs_per_pe();
    const loop_nest::Problem& problem = problems_[id];
    const auto steps = static_cast<double>(ceil_div(problem.bounds.macs(), macs));
    return loop_nest::whole_ps(steps * problem.work_share + hierarchy_.fill_drain_steps,
                               hierarchy_.cycle_ps);
  }

  // Only where layers of a segment spare memory traffic is there anything to choose.
  void evaluate_segments(const UnitSequence& units, std::span<const UnitSpan> spans,
                         std::span<SegmentCost> out) const override {
    if (memory_) {
      loop_nest::evaluate_segments(*memory_, architecture_, units, spans, out);
    } else {
      CostModel::evaluate_segments(units, spans, out);
    }
  }
  SegmentOverhead segment_overhead(const Design& design, std::int32_t segment) const override {
    return memory_ ? memory_->overhead(design, segment) : SegmentOverhead{};
  }

 private:
  // What of each level's fan-out the operator owns: processing elements whole, then as many of the
  // outer levels as there are; together never more than the placement gives.
  std::vector<std::int64_t> owned_fanouts(OperatorId id, const Placement& placement) const {
    std::int64_t room = owned_units(placement, demand(id)) * macs_per_pe();
    std::vector<std::int64_t> fanouts(hierarchy_.levels.size(), 1);
    for (std::size_t l = fanouts.size(); l-- > 0;) {
      fanouts[l] = std::min(hierarchy_.levels[l].fanout, room);
      room = std::max<std::int64_t>(1, room / fanouts[l]);
    }
    return fanouts;
  }

  std::vector<std::string> slot_names() const {
    std::vector<std::string> names;
    for (const loop_nest::Level& level : hierarchy_.levels) {
      names.push_back(std::string(level.name) + " temporal");
      if (level.fanout > 1) {
        names.push_back(std::string(level.name) + " spatial");
      }
    }
    return names;
  }
  std::int64_t pes() const noexcept { return architecture_.resources.front().count; }
  std::int64_t macs_per_pe() const noexcept {
    const ComputeUnit& unit = architecture_.units.front();
    return unit.rows * unit.columns / pes();
  }

  std::int64_t job_ps(const NestCounts& counts, const Mapping& mapping) const noexcept {
    return ceil_div(loop_nest::whole_ps(counts.cycles, hierarchy_.cycle_ps), jobs_of(mapping));
  }

  static std::int64_t macs_used(const Mapping& mapping) noexcept {
    std::int64_t used = 1;
    for (const Loop& loop : mapping.all_loops()) {
      used *= loop.kind == LoopKind::spatial ? loop.bound : 1;
    }
    return used;
  }
  static std::int64_t jobs_of(const Mapping& mapping) noexcept {
    std::int64_t jobs = 1;
    for (const Loop& loop : mapping.outer_loops()) {
      jobs *= loop.bound;
    }
    return jobs;
  }

  // Servers of one operator would be parts of the array; the model knows only the array. Loops
  // inside a job must make at least the job, otherwise the counts would be those of another one;
  // what they make beyond it idles.
  Verdict verdict_of(OperatorId id, std::int64_t macs, const Mapping& mapping) const noexcept {
    const Verdict verdict = mapping_verdict(workload_.at(id), mapping);
    std::array<std::int64_t, kDimCount> extent;
    extent.fill(1);
    std::int64_t used = 1;
    for (std::size_t i = 0; i < mapping.count; ++i) {
      const Loop& loop = mapping.loops[i];
      if (i >= mapping.outer) {
        extent[index(loop.dim)] *= loop.bound;
        used *= loop.kind == LoopKind::spatial ? loop.bound : 1;
      } else if (loop.kind == LoopKind::spatial && loop.bound > 1) {
        return Verdict::unsupported;
      }
    }
    for (std::size_t d = 0; d < kDimCount; ++d) {
      if (extent[d] < mapping.job_extent[d]) {
        return Verdict::unsupported;
      }
    }
    return verdict == Verdict::feasible && used > macs ? Verdict::infeasible : verdict;
  }

  Config config_;
  const Workload& workload_;
  const Architecture& architecture_;
  NestCounting counting_;
  loop_nest::Hierarchy hierarchy_;
  loop_nest::Hierarchy charged_;  // what costs a layer time and energy
  mapspace::MapConstraints constraints_;
  IndexVector<OperatorId, loop_nest::Problem> problems_;
  std::optional<loop_nest::SegmentMemoryModel> memory_;
};

constexpr Component kComponents[] = {
    component<LoopNestCost, Config>(
        "imbrex.cost.loop-nest",
        "Tiled loop nests on a hierarchy of storage levels: accesses, cycles, energy",
        loop_nest::kParams)
        .requires_of_design(Trait::mac_array)
        .provides(Trait::map_space | Trait::energy)
        .cites("Parashar et al., Timeloop, ISPASS 2019")};

}  // namespace

IMBREX_PLUGIN("imbrex.cost.loop-nest", "0.1.0", "Cost of tiled loop nests", "Apache-2.0",
              kComponents)

}  // namespace imbrex::loop_nest
