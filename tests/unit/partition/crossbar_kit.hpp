// Networks, and the crossbar architecture and cost model around them, as the kernel would make
// them.
#pragma once

#include "fakes/evaluator.hpp"
#include "layers.hpp"
#include "plugin_system.hpp"
#include "thrown.hpp"

#include <memory>

namespace imbrex::test {

// Specification clsa-cim section 11.2: A has c = 1, B has c = 6, both t = 16.
inline std::shared_ptr<const Workload> example_chain() {
  WorkloadBuilder builder("chain");
  const TensorId a =
      builder.convolution("A", builder.input("x", image(16, 4, 4)), convolution(64, 3));
  builder.convolution("B", builder.activation("relu", a), convolution(300, 3));
  return std::make_shared<const Workload>(builder.finish());
}

// A chip, its cost model and a design of one workload.
struct Chip : PluginSystem {
  explicit Chip(std::shared_ptr<const Workload> network, const Settings& settings = {})
      : PluginSystem(std::move(network), {"imbrex.architecture.tiled-cim", settings},
                     {"imbrex.cost.crossbar", {}}),
        design(shared_workload()) {}
  FakeEvaluator evaluator() const { return {cost(), architecture()}; }

  Design design;
};

}  // namespace imbrex::test
