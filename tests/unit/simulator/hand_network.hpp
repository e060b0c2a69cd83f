// The networks of the hand-made schedules; one output position takes 1 ps.
#pragma once

#include "analyzers.hpp"
#include "test_cost_model.hpp"

#include <imbrex/values/work_graph.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <memory>
#include <string_view>

namespace imbrex::property {

struct HandNetwork {
  std::shared_ptr<const Workload> workload;
  std::unique_ptr<TestCostModel> cost;
  std::unique_ptr<Design> design;
  Architecture architecture;
  JobShape shape;

  explicit HandNetwork(Workload network)
      : workload(std::make_shared<const Workload>(std::move(network))),
        cost(std::make_unique<TestCostModel>(*workload)),
        design(std::make_unique<Design>(workload)) {}

  OperatorId find(std::string_view name) const {
    for (std::size_t i = 0; i < workload->operators().size(); ++i) {
      if (workload->operators()[i].name == name) {
        return operator_id(i);
      }
    }
    return OperatorId::none;
  }
  Machine machine() const { return {design->workload(), architecture, *cost}; }
  WorkGraph graph() const { return {*design, machine(), {shape}}; }
  Analysis simulate(std::int64_t buffer_bytes = 0) const {
    return analyze("imbrex.overlap.simulator", {shape, "", buffer_bytes}, *design, architecture,
                   *cost);
  }
};

inline TensorId same_convolution(WorkloadBuilder& builder, std::string_view name, TensorId data,
                                 std::int64_t kernel, std::int64_t channels) {
  ConvolutionParams params;
  params.output_channels = channels;
  params.window.kernel = {kernel, kernel};
  pad_same(params.window, builder.at(data).shape);
  return builder.convolution(name, data, params);
}

// Specification clsa-cim section 11.2: A and B, both 3 x 3, on 4 x 4 positions.
inline HandNetwork chain(std::int64_t channels_a, std::int64_t channels_b) {
  WorkloadBuilder builder("chain");
  const TensorId input = builder.input("input", {4, {1, 16, 4, 4, 1, 1}});
  const TensorId a = same_convolution(builder, "A", input, 3, channels_a);
  same_convolution(builder, "B", a, 3, channels_b);
  return HandNetwork(builder.finish());
}

// Section 11.3: A on 8 x 8, pooled 2/2, B 3 x 3 and C 1 x 1 beside each other, added, D 1 x 1.
inline HandNetwork diamond() {
  WorkloadBuilder builder("diamond");
  const TensorId input = builder.input("input", {4, {1, 8, 8, 8, 1, 1}});
  const TensorId a = same_convolution(builder, "A", input, 3, 8);
  Window halve;
  halve.kernel = {2, 2};
  halve.stride = {2, 2};
  const TensorId pooled = builder.pool("P", a, halve);
  const TensorId b = same_convolution(builder, "B", pooled, 3, 8);
  const TensorId c = same_convolution(builder, "C", pooled, 1, 8);
  const TensorId operands[] = {b, c};
  same_convolution(builder, "D", builder.elementwise("add", operands), 1, 8);
  return HandNetwork(builder.finish());
}

}  // namespace imbrex::property
