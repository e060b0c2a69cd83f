// The cost model of tests that bring no plugin, the only class of the tests that implements the
// interface itself. Everything with multiply-accumulates is mapped and owns one unit per copy, a
// position of its output takes a picosecond, and whatever lies between layers is free; a test sets
// what differs.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace imbrex::test {

// What a fake cost model answers.
struct CostAnswers {
  // Of what has multiply-accumulates; nothing else is mapped.
  Demand one_copy{true, 1, 0};
  std::function<Demand(OperatorId)> demand_of;  // instead, where it is set

  JobClock clock{0, 1};
  std::map<OperatorId, JobClock> clocks;  // of operators that differ
  bool servers_in_lock_step = false;

  // Nothing: the time that one server takes for all positions, and no energy.
  std::optional<LayerCost> layer;
  bool writes_costs = true;
  bool gives_energy = false;

  std::int64_t movement_delay_ps = 0;
  std::map<OperatorId, std::int64_t> movement_delays;  // of operators that differ

  TransferCost transfer_cost;
  std::map<std::pair<OperatorId, OperatorId>, std::int64_t> transfer_delays;  // that differ
  std::optional<TransferCost> named_most;  // Nothing: what the slowest of them takes.

  SegmentOverhead overhead;
  std::vector<SegmentOverhead> overheads;  // by segment, instead

  MapSpaceSpec space;
  // What hardware without a search does: sample by sample, rows or columns as the shape says.
  std::function<Mapping(const Operator&, const JobShape&)> canonical = [](const Operator& op,
                                                                          const JobShape& shape) {
    return segments::crossbar_mapping(op.bounds, shape, op.chain);
  };

  // Called first, on whatever thread asks.
  std::function<void()> when_evaluated = [] {};
  std::function<void(std::span<const Transfer>)> when_transferred = [](auto) {};
};

class FakeCostModel : public CostModel, public CostAnswers {
 public:
  explicit FakeCostModel(const Workload& workload) : workload_(workload) {}

  const JobClock& clock_of(OperatorId op) const { return found(now().clocks, op, now().clock); }
  std::int64_t transfer_ps(OperatorId from, OperatorId to) const {
    return found(now().transfer_delays, std::pair(from, to), now().transfer_cost.latency_ps);
  }

  Demand demand(OperatorId op) const override {
    if (now().demand_of) {
      return now().demand_of(op);
    }
    return workload_.at(op).has_macs() ? now().one_copy : Demand{};
  }
  bool models_energy() const override { return now().gives_energy; }
  void evaluate(OperatorId op, const Placement&, std::span<const Mapping> mappings,
                std::span<LayerCost> out) const override {
    now().when_evaluated();
    for (std::size_t i = 0; i < mappings.size() && now().writes_costs; ++i) {
      out[i] = now().layer.value_or(
          LayerCost{Verdict::feasible, clock_of(op).duration_ps(workload_.at(op).bounds.whole())});
    }
  }
  Mapping canonical_mapping(OperatorId op, const Placement&, const JobShape& shape) const override {
    return now().canonical(workload_.at(op), shape);
  }
  MapSpaceSpec map_space(OperatorId, const Placement&) const override { return now().space; }
  JobClock job_clock(OperatorId op, const Placement&, const Mapping&) const override {
    return clock_of(op);
  }
  bool lock_step() const noexcept override { return now().servers_in_lock_step; }
  std::int64_t movement_ps(OperatorId op) const override {
    return found(now().movement_delays, op, now().movement_delay_ps);
  }
  void transfer(std::span<const Transfer> transfers, std::span<TransferCost> out) const override {
    now().when_transferred(transfers);
    for (std::size_t i = 0; i < transfers.size(); ++i) {
      out[i] = now().transfer_cost;
      out[i].latency_ps = transfer_ps(transfers[i].from, transfers[i].to);
    }
  }
  TransferCost most_transfer(std::int64_t) const override {
    if (now().named_most) {
      return *now().named_most;
    }
    TransferCost most = now().transfer_cost;
    for (const auto& [pair, delay_ps] : now().transfer_delays) {
      most.latency_ps = std::max(most.latency_ps, delay_ps);
    }
    return most;
  }
  std::int64_t lower_bound_ps(OperatorId, const Placement&) const override { return 0; }
  SegmentOverhead segment_overhead(const Design&, std::int32_t segment) const override {
    const auto s = static_cast<std::size_t>(segment);
    return s < now().overheads.size() ? now().overheads[s] : now().overhead;
  }

 protected:
  const Workload& workload() const { return workload_; }
  // Which answers hold, for a component whose answers stand outside of it.
  virtual const CostAnswers& now() const noexcept { return *this; }

 private:
  template <class Map, class Key, class Value>
  static const Value& found(const Map& map, const Key& key, const Value& otherwise) {
    const auto entry = map.find(key);
    return entry == map.end() ? otherwise : entry->second;
  }

  const Workload& workload_;
};

}  // namespace imbrex::test
