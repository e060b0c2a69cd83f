// A cost model with whatever delays a test asks for, and a chip of one tile per unit. Convolutions
// are mapped and take one unit and 10 ps per position; everything else is movement.
#pragma once

#include <imbrex/interfaces/cost_model.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <map>
#include <utility>
#include <vector>

namespace imbrex::testing {

class FakeCost final : public CostModel {
 public:
  explicit FakeCost(const Workload& workload) : workload_(workload) {}

  std::map<OperatorId, std::int64_t> movement;
  std::map<std::pair<OperatorId, OperatorId>, std::int64_t> transfers;
  std::map<OperatorId, JobClock> clocks;  // instead of 10 ps per position
  bool together = false;                  // servers advance in lock-step
  mutable std::vector<Transfer> asked;
  std::int64_t units = 1;

  Demand demand(OperatorId id) const noexcept override {
    return {workload_.at(id).has_macs(), workload_.at(id).has_macs() ? units : 0, 0};
  }
  void evaluate(OperatorId, const Placement&, std::span<const Mapping>,
                std::span<LayerCost>) const override {}
  Mapping canonical_mapping(OperatorId id, const Placement&, const JobShape& shape) const override {
    const LoopBounds& bounds = workload_.at(id).bounds;
    const auto [height, width] = shape.extent(bounds[Dim::P], bounds[Dim::Q]);
    Mapping mapping;
    mapping.job_extent = bounds.bound;
    mapping.job_extent[index(Dim::P)] = height;
    mapping.job_extent[index(Dim::Q)] = width;
    mapping.loops[0] = {Dim::P, LoopKind::temporal, 0, ceil_div(bounds[Dim::P], height)};
    mapping.loops[1] = {Dim::Q, LoopKind::temporal, 0, ceil_div(bounds[Dim::Q], width)};
    mapping.count = mapping.outer = 2;
    return mapping;
  }
  JobClock job_clock(OperatorId id, const Placement&, const Mapping&) const noexcept override {
    const auto found = clocks.find(id);
    return found == clocks.end() ? JobClock{0, 10} : found->second;
  }
  bool lock_step() const noexcept override { return together; }
  std::int64_t movement_ps(OperatorId id) const noexcept override {
    const auto found = movement.find(id);
    return found == movement.end() ? 0 : found->second;
  }
  void transfer(std::span<const Transfer> batch, std::span<TransferCost> out) const override {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto found = transfers.find({batch[i].from, batch[i].to});
      out[i] = {found == transfers.end() ? 0 : found->second, 0};
      asked.push_back(batch[i]);
    }
  }
  std::int64_t lower_bound_ps(OperatorId, const Placement&) const noexcept override { return 0; }

 private:
  const Workload& workload_;
};

struct FakeChip {
  ResourcePool pool{"PE", 64, 1};
  Architecture architecture{"fake", {}, {}, {}, {&pool, 1}, {8, 8}, {}, {}, {}};
};

inline Shape image(std::int64_t channels, std::int64_t rows, std::int64_t columns) {
  return {4, {1, channels, rows, columns, 1, 1}};
}

inline ConvolutionParams convolution(std::int64_t channels, std::int64_t kernel,
                                     std::int64_t stride = 1) {
  ConvolutionParams params;
  params.output_channels = channels;
  params.window.kernel = {kernel, kernel};
  params.window.stride = {stride, stride};
  params.window.pad_begin = params.window.pad_end = {kernel / 2, kernel / 2};
  return params;
}

inline OperatorId find(const Workload& workload, std::string_view name) {
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (workload.operators()[i].name == name) {
      return operator_id(i);
    }
  }
  return OperatorId::none;
}

}  // namespace imbrex::testing
