// The architecture and the cost model of hand_made.hpp, and the answers that a test can spoil.
#pragma once

#include <imbrex/plugin.hpp>

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace imbrex::test {

struct Answers {
  std::int64_t cells = 64;
  Demand demand{true, 2, 8};
  JobClock clock{0, 1000, 0, 0};
  LayerCost layer{Verdict::feasible, 4000, 1};
  TransferCost transfer;
  SegmentOverhead overhead;
  std::int64_t movement_ps = 0;
  MapSpaceSpec space;
  std::vector<Loop> canonical_loops;  // empty: one row per job
  bool writes_costs = true;
  bool lock_step = false;
  std::function<void()> when_evaluated = [] {};
  std::function<void(std::vector<TimedJob>&, std::int64_t&)> spoil = [](auto&, auto&) {};
  bool writes_results = true;
  Fidelity fidelity;
};
inline Answers& answers() {
  static Answers all;
  return all;
}

class HandMadeChip final : public ArchitectureModel {
 public:
  HandMadeChip(const NoConfig&, const Context&) : pool_{"cell", answers().cells, 1} {
    view_.name = "hand-made";
    view_.resources = {&pool_, 1};
    view_.grid = {8, 8};
  }
  const Architecture& view() const noexcept override { return view_; }
  Verdict fits(const Demand&) const noexcept override { return Verdict::feasible; }

 private:
  ResourcePool pool_;
  Architecture view_;
};

class HandMadeCost final : public CostModel {
 public:
  HandMadeCost(const NoConfig&, const Context& context) : workload_(*context.workload) {}
  Demand demand(OperatorId op) const override {
    return workload_.at(op).has_macs() ? answers().demand : Demand{};
  }
  void evaluate(OperatorId, const Placement&, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    answers().when_evaluated();
    for (std::size_t i = 0; i < mappings.size() && answers().writes_costs; ++i) {
      out[i] = answers().layer;
    }
  }
  Mapping canonical_mapping(OperatorId op, const Placement&, const JobShape& shape) const override {
    const LoopBounds& bounds = workload_.at(op).bounds;
    const auto [rows, columns] = shape.extent(bounds[Dim::P], bounds[Dim::Q]);
    Mapping mapping;
    mapping.job_extent = bounds.bound;
    mapping.job_extent[index(Dim::P)] = rows;
    mapping.job_extent[index(Dim::Q)] = columns;
    for (const auto& [dim, extent] : {std::pair(Dim::P, rows), std::pair(Dim::Q, columns)}) {
      if (extent < bounds[dim]) {
        mapping.loops[mapping.count++] = {dim, LoopKind::temporal, 0,
                                          ceil_div(bounds[dim], extent)};
      }
    }
    mapping.outer = mapping.count;
    return mapping;
  }
  MapSpaceSpec map_space(OperatorId, const Placement&) const override { return answers().space; }
  JobClock job_clock(OperatorId, const Placement&, const Mapping&) const override {
    return answers().clock;
  }
  bool lock_step() const noexcept override { return answers().lock_step; }
  std::int64_t movement_ps(OperatorId) const override { return answers().movement_ps; }
  void transfer(std::span<const Transfer>, std::span<TransferCost> out) const override {
    std::fill(out.begin(), out.end(), answers().transfer);
  }
  std::int64_t lower_bound_ps(OperatorId, const Placement&) const override { return 0; }
  SegmentOverhead segment_overhead(const Design&, std::int32_t) const override {
    return answers().overhead;
  }

 private:
  const Workload& workload_;
};

}  // namespace imbrex::test
