// A recipe's array of processing elements, its cost model and its workload, without running it.
#pragma once

#include "clsa_fixture.hpp"
#include "recipe/load_recipe.hpp"
#include "run/bound_machine.hpp"
#include "run/load_workload.hpp"

#include <string>
#include <vector>

namespace imbrex::test {

class ArraySystem {
 public:
  explicit ArraySystem(const std::string& recipe, const std::vector<std::string>& overrides = {})
      : services_(plugin::HostOptions{1, LogLevel::warning, true}),
        plan_(recipe::resolve({IMBREX_SOURCE_DIR "/configs/recipes/" + recipe, overrides},
                              registry())),
        workload_(run::load_workload(plan_.workload, plan_.seed, services_)),
        machine_(plan_.architecture, plan_.cost, workload_, services_, plan_.seed) {}

  const Workload& workload() const { return *workload_; }
  const CostModel& cost() const { return machine_.cost(); }
  const Architecture& architecture() const { return machine_.architecture(); }
  std::vector<OperatorId> mapped() const { return mapped_operators(*workload_, cost()); }
  LayerCost evaluate(OperatorId id, const Mapping& mapping, const Placement& placement = {}) const {
    LayerCost out;
    cost().evaluate(id, placement, {&mapping, 1}, {&out, 1});
    return out;
  }

 private:
  plugin::HostServices services_;
  recipe::ResolvedPlan plan_;
  std::shared_ptr<const Workload> workload_;
  run::BoundMachine machine_;
};

}  // namespace imbrex::test
