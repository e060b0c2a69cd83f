// The networks and chips of specification compass, as the kernel would make them.
#pragma once

#include "component_kit.hpp"
#include "cost_only_evaluator.hpp"

#include <imbrex/toolkit/segments/weight_units.hpp>
#include <imbrex/values/segments.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <map>
#include <memory>
#include <string>

namespace imbrex::testing {

inline const ComponentKit& compass_components() {
  static const ComponentKit kit{"architecture_sram_cim", "architecture_tiled_cim",
                                "architecture_dram_pim", "cost_crossbar",
                                "cost_bit_serial",       "workload_toml",
                                "partition_compass",     "partition_greedy",
                                "partition_layerwise",   "partition_optimal"};
  return kit;
}

// configs/workloads/NAME.toml at 4 bits.
inline std::shared_ptr<const Workload> network(const std::string& name, std::int64_t batch = 1) {
  WorkloadBuilder builder(name);
  const auto reader = compass_components().make<WorkloadReader>(
      "imbrex.workload.toml",
      {{"file", std::string(IMBREX_SOURCE_DIR) + "/configs/workloads/" + name + ".toml"},
       {"bits", std::int64_t{4}},
       {"batch", batch}},
      {});
  reader->read(builder);
  return std::make_shared<const Workload>(builder.finish());
}

// A chip, its cost model and a design of one workload.
struct CompassChip {
  CompassChip(std::shared_ptr<const Workload> of, const Settings& settings,
              const Settings& cost_settings = {})
      : workload(std::move(of)),
        model(compass_components().make<ArchitectureModel>("imbrex.architecture.sram-cim", settings,
                                                           {workload.get()})),
        cost(compass_components().make<CostModel>("imbrex.cost.crossbar", cost_settings,
                                                  {workload.get(), &model->view()})),
        design(workload) {}
  CompassChip(std::shared_ptr<const Workload> of, const std::string& preset)
      : CompassChip(std::move(of), Settings{{"preset", preset}}) {}

  std::shared_ptr<const Workload> workload;
  plugin::Instance<ArchitectureModel> model;
  plugin::Instance<CostModel> cost;
  Design design;
};

struct CompassEvaluator final : test::CostOnlyEvaluator {
  explicit CompassEvaluator(const CompassChip& chip, Objective wanted = Objective::throughput)
      : CostOnlyEvaluator(*chip.cost, chip.model->view(), wanted) {}
};

// What a partitioner says about cutting the chip's network; the chip's design stays whole.
inline CompassEvaluator partition(const CompassChip& chip, const std::string& name,
                                  const Settings& settings = {},
                                  Objective objective = Objective::throughput,
                                  Design* result = nullptr, Host* host = nullptr) {
  CompassEvaluator evaluator(chip, objective);
  const auto partitioner = compass_components().make<Partitioner>(
      "imbrex.partition." + name, settings,
      {chip.workload.get(), &chip.model->view(), chip.cost.get(), host});
  Design design = chip.design;
  partitioner->partition(design, evaluator);
  if (result != nullptr) {
    *result = std::move(design);
  }
  return evaluator;
}

template <class Failure, class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "nothing thrown";
}

}  // namespace imbrex::testing
