#include "run/plugin_records.hpp"

#include <map>
#include <utility>

namespace imbrex::run {

std::vector<UsedPlugin> plugin_records(const recipe::ResolvedPlan& plan,
                                       const plugin::Registry& registry) {
  std::map<std::string, UsedPlugin> by_id;
  const auto add = [&](const recipe::PlannedComponent& component) {
    const plugin::PluginEntry& entry = registry.plugin_of(component.config.component());
    const std::string id(entry.descriptor->id);
    if (!by_id.contains(id)) {
      by_id[id] = {&entry, {id, std::string(entry.descriptor->version), registry.sha256_of(entry)}};
    }
  };
  const auto add_chain = [&](const recipe::PlannedComponent& architecture,
                             const recipe::PlannedComponent& cost,
                             const std::vector<recipe::PlannedComponent>& stages) {
    add(architecture);
    add(cost);
    for (const recipe::PlannedComponent& stage : stages) {
      add(stage);
    }
  };
  add(plan.workload);
  add_chain(plan.architecture, plan.cost, plan.stages);
  if (plan.baseline) {
    add_chain(plan.baseline->architecture, plan.baseline->cost, plan.baseline->stages);
  }
  for (const recipe::PlannedComponent& report : plan.reports) {
    add(report);
  }
  std::vector<UsedPlugin> records;
  records.reserve(by_id.size());
  for (auto& [id, record] : by_id) {
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace imbrex::run
