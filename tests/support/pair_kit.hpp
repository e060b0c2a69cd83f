// Two layers, a hardware whose clocks a test sets, and the truth by painting every step of the
// producer on every output point (specification fast-overlapim, oracles O1 to O3).
#pragma once

#include "analyze_one.hpp"
#include "boxes.hpp"
#include "built_components.hpp"
#include "fakes/architecture_model.hpp"
#include "fakes/cost_model.hpp"
#include "layers.hpp"
#include "random_nest.hpp"

#include <imbrex/toolkit/analysis/edge_path.hpp>
#include <imbrex/toolkit/analysis/overlap_math.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <algorithm>
#include <vector>

namespace imbrex::test {

struct PairSystem {
  explicit PairSystem(Workload built)
      : workload(std::make_shared<const Workload>(std::move(built))),
        cost(*workload),
        design(workload) {
    cost.servers_in_lock_step = true;
    cost.clock = {};
    context.workload = workload.get();
    context.architecture = &chip.architecture;
    context.cost = &cost;
    context.host = &host();
    const std::vector<OperatorId> layers = operators_with_macs(*workload);
    producer = layers.front();
    consumer = layers.back();
  }
  PairSystem(const PairSystem&) = delete;
  PairSystem& operator=(const PairSystem&) = delete;

  const Operator& from() const { return workload->at(producer); }
  const Operator& to() const { return workload->at(consumer); }
  void clock(std::int64_t producer_ps, std::int64_t consumer_ps) {
    cost.clocks = {{producer, {producer_ps}}, {consumer, {consumer_ps}}};
  }
  PairResult pair(std::string_view component, const Mapping& first, const Mapping& second,
                  const Settings& settings = {}, std::int64_t start_ps = 0,
                  const DealingCosts* dealing = nullptr) const {
    PairBatch batch{&design, producer, consumer, false, &first, {&second, 1}, start_ps, dealing};
    PairResult result;
    make<OverlapAnalyzer>(component, settings, context)->analyze_pairs(batch, {&result, 1});
    return result;
  }
  std::int64_t makespan_ps(std::string_view component, const Mapping& first, const Mapping& second,
                           const Settings& settings = {}) const {
    return makespan_ps(component, mapped(first, second), settings);
  }
  Design mapped(const Mapping& first, const Mapping& second) const {
    Design result = design;
    result.mapping(producer) = first;
    result.mapping(consumer) = second;
    return result;
  }
  std::int64_t makespan_ps(std::string_view component, const Design& of,
                           const Settings& settings = {}) const {
    const auto analyzer = make<OverlapAnalyzer>(component, settings, context);
    return analyze_one(*analyzer, of).makespan_ps;
  }

  std::shared_ptr<const Workload> workload;
  FakeChip chip;
  FakeCostModel cost;
  Design design;
  Context context;
  OperatorId producer = OperatorId::none;
  OperatorId consumer = OperatorId::none;
};

inline constexpr std::string_view kFast = "imbrex.overlap.fast-overlapim";
inline constexpr std::string_view kPairwise = "imbrex.overlap.pairwise";

// Shape of a random pair: convolution, optionally a pool, convolution; one batch, channels first.
struct PairShape {
  std::int64_t mid_channels = 1, rows = 1, columns = 1, out_channels = 1, in_channels = 1;
  Window first, second, pool;
  bool pooled = false;
};

inline Workload build(const PairShape& shape) {
  WorkloadBuilder builder("pair");
  ConvolutionParams params;
  params.output_channels = shape.mid_channels;
  params.window = shape.first;
  TensorId at = builder.convolution(
      "first", builder.input("in", image(shape.in_channels, shape.rows, shape.columns)), params);
  if (shape.pooled) {
    at = builder.pool("pool", at, shape.pool);
  }
  params.output_channels = shape.out_channels;
  params.window = shape.second;
  builder.convolution("second", at, params);
  return builder.finish();
}

// Strides 1-3, dilations 1-2, pads 0-2, pools of 1-3 (section 8).
inline PairShape random_pair(Random& random) {
  PairShape shape;
  shape.in_channels = random.between(1, 4);
  shape.mid_channels = random.between(1, 6);
  shape.out_channels = random.between(1, 4);
  shape.rows = random.between(9, 14);
  shape.columns = random.between(1, 6);
  shape.second.kernel[0] = random.between(1, 3);
  shape.second.stride[0] = random.between(1, 3);
  shape.second.dilation[0] = random.between(1, 2);
  shape.second.pad_begin[0] = random.between(0, 2);
  shape.second.pad_end[0] = 2;
  shape.second.stride[1] = random.between(1, 2);
  shape.second.pad_begin[1] = random.between(0, 1);
  shape.pooled = random.below(2) == 0;
  shape.pool.kernel[0] = random.between(1, 3);
  shape.pool.stride[0] = random.between(1, 2);
  return shape;
}

// Last step that works on every point of the producer's output, by walking all steps.
inline std::vector<std::int64_t> painted(const PairSystem& system, const LoopNest& nest) {
  const Shape& shape = system.workload->at(system.from().output).shape;
  std::vector<std::int64_t> last(static_cast<std::size_t>(shape.elements()), -1);
  for_each_job(nest, [&](std::int64_t step, const DimBox& box) {
    for_each_output(box, [&](auto, auto, auto k, auto p, auto q) {
      last[static_cast<std::size_t>((k * shape[2] + p) * shape[3] + q)] = step;
    });
  });
  return last;
}

}  // namespace imbrex::test
