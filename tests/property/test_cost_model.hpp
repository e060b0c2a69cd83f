// Every convolution runs on servers of its own; durations and delays are whatever a test wants.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>

#include <vector>

namespace imbrex::property {

class TestCostModel final : public CostModel {
 public:
  explicit TestCostModel(const Workload& workload)
      : per_position_ps(workload.operators().size(), 1),
        movement_delay_ps(workload.operators().size(), 0),
        workload_(workload) {}

  // Durations in [1, 5], delays in [0, 7] with many zeros.
  void randomise(Random& random, bool delays) {
    for (std::size_t i = 0; i < per_position_ps.size(); ++i) {
      per_position_ps[i] = random.between(1, 5);
      movement_delay_ps[i] = delays && random.below(2) == 0 ? random.between(1, 7) : 0;
    }
    transfer_factor_ps = delays ? random.between(0, 3) : 0;
  }

  std::vector<std::int64_t> per_position_ps;
  std::vector<std::int64_t> movement_delay_ps;
  std::int64_t transfer_factor_ps = 0;
  std::int64_t completion_ps = 0;  // of every layer
  bool servers_in_lock_step = false;
  std::vector<SegmentOverhead> overheads;  // per segment; none: everything is free

  std::int64_t transfer_delay_ps(OperatorId from, OperatorId to) const noexcept {
    return transfer_factor_ps * static_cast<std::int64_t>((index(from) + 2 * index(to)) % 4);
  }

  Demand demand(OperatorId op) const noexcept override {
    return {workload_.at(op).has_macs(), 1, workload_.at(op).weight_bits()};
  }
  void evaluate(OperatorId op, const Placement&, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      out[i].latency_ps =
          JobClock{0, per_position_ps[index(op)]}.duration_ps(workload_.at(op).bounds.whole());
    }
  }
  Mapping canonical_mapping(OperatorId id, const Placement&, const JobShape& shape) const override {
    return segments::crossbar_mapping(workload_.at(id).bounds, shape, workload_.at(id).chain);
  }
  JobClock job_clock(OperatorId op, const Placement&, const Mapping&) const noexcept override {
    return {0, per_position_ps[index(op)], completion_ps};
  }
  bool lock_step() const noexcept override { return servers_in_lock_step; }
  std::int64_t movement_ps(OperatorId op) const noexcept override {
    return movement_delay_ps[index(op)];
  }
  void transfer(std::span<const Transfer> transfers, std::span<TransferCost> out) const override {
    for (std::size_t i = 0; i < transfers.size(); ++i) {
      out[i].latency_ps = transfer_delay_ps(transfers[i].from, transfers[i].to);
    }
  }
  SegmentOverhead segment_overhead(const Design&, std::int32_t segment) const override {
    const auto s = static_cast<std::size_t>(segment);
    return s < overheads.size() ? overheads[s] : SegmentOverhead();
  }
  std::int64_t lower_bound_ps(OperatorId, const Placement&) const noexcept override { return 0; }

 private:
  const Workload& workload_;
};

}  // namespace imbrex::property
