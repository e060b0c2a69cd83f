// The networks of the hand-made schedules; one output position takes 1 ps.
#pragma once

#include "analyzers.hpp"
#include "clsa_worked_examples.hpp"
#include "fakes/cost_model.hpp"

#include <imbrex/values/work_graph.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <memory>
#include <string_view>

namespace imbrex::property {

struct HandNetwork {
  std::shared_ptr<const Workload> workload;
  std::unique_ptr<test::FakeCostModel> cost;
  std::unique_ptr<Design> design;
  Architecture architecture;
  JobShape shape;

  explicit HandNetwork(Workload network)
      : workload(std::make_shared<const Workload>(std::move(network))),
        cost(std::make_unique<test::FakeCostModel>(*workload)),
        design(std::make_unique<Design>(workload)) {}

  OperatorId find(std::string_view name) const { return test::find(*workload, name); }
  Machine machine() const { return {design->workload(), architecture, *cost}; }
  WorkGraph graph() const { return {*design, machine(), {shape}}; }
  Analysis simulate(std::int64_t buffer_bytes = 0) const {
    return analyze("imbrex.overlap.simulator", {shape, "", buffer_bytes}, *design, architecture,
                   *cost);
  }
};

inline TensorId same_convolution(WorkloadBuilder& builder, std::string_view name, TensorId data,
                                 std::int64_t kernel, std::int64_t channels) {
  return builder.convolution(name, data, test::convolution(channels, kernel));
}

inline HandNetwork chain(std::int64_t channels_a, std::int64_t channels_b) {
  return HandNetwork(test::worked_chain(channels_a, channels_b));
}
inline HandNetwork branches() {
  return HandNetwork(test::worked_branches());
}

}  // namespace imbrex::property
