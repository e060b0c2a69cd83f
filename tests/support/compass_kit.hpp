// The networks and chips of specification compass, as the kernel would make them.
#pragma once

#include "fakes/evaluator.hpp"
#include "plugin_system.hpp"
#include "thrown.hpp"

#include <imbrex/toolkit/segments/weight_units.hpp>
#include <imbrex/values/segments.hpp>

#include <memory>
#include <string>

namespace imbrex::test {

// configs/workloads/NAME.toml at 4 bits.
inline std::shared_ptr<const Workload> network(const std::string& name, std::int64_t batch = 1) {
  return load_workload(name, {{"bits", 4}, {"batch", batch}});
}

// A chip, its cost model and a design of one workload.
struct CompassChip : PluginSystem {
  CompassChip(std::shared_ptr<const Workload> of, const Settings& settings,
              const Settings& cost_settings = {})
      : PluginSystem(std::move(of), {"imbrex.architecture.sram-cim", settings},
                     {"imbrex.cost.crossbar", cost_settings}),
        design(shared_workload()) {}
  CompassChip(std::shared_ptr<const Workload> of, const std::string& preset)
      : CompassChip(std::move(of), Settings{{"preset", preset}}) {}

  Design design;
};

// What a partitioner says about cutting the chip's network; the chip's design stays whole.
inline FakeEvaluator partition(const CompassChip& chip, const std::string& name,
                               const Settings& settings = {},
                               Objective objective = Objective::throughput,
                               Design* result = nullptr, Host* host = nullptr) {
  FakeEvaluator evaluator(chip.cost(), chip.architecture(), objective);
  Context context = chip.context();
  context.host = host;
  Design design = chip.design;
  make<Partitioner>("imbrex.partition." + name, settings, context)->partition(design, evaluator);
  if (result != nullptr) {
    *result = std::move(design);
  }
  return evaluator;
}

}  // namespace imbrex::test
