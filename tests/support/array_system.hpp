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
      : services_(quiet()),
        plan_(recipe::resolve({IMBREX_SOURCE_DIR "/configs/recipes/" + recipe, overrides},
                              registry())),
        workload_(load_workload(plan_.workload, plan_.seed, services_)),
        machine_(plan_.architecture, plan_.cost, workload_, services_, plan_.seed) {}

  const Workload& workload() const { return *workload_; }
  const CostModel& cost() const { return machine_.cost(); }
  const Architecture& architecture() const { return machine_.architecture(); }
  std::vector<OperatorId> mapped() const {
    std::vector<OperatorId> ids;
    for (std::size_t i = 0; i < workload_->operators().size(); ++i) {
      if (cost().demand(operator_id(i)).mappable) {
        ids.push_back(operator_id(i));
      }
    }
    return ids;
  }
  LayerCost evaluate(OperatorId id, const Mapping& mapping, const Placement& placement = {}) const {
    LayerCost out;
    cost().evaluate(id, placement, {&mapping, 1}, {&out, 1});
    return out;
  }

 private:
  static plugin::HostOptions quiet() {
    plugin::HostOptions options;
    options.threads = 1;
    options.quiet = true;
    return options;
  }
  plugin::HostServices services_;
  recipe::ResolvedPlan plan_;
  std::shared_ptr<const Workload> workload_;
  run::BoundMachine machine_;
};

}  // namespace imbrex::test
