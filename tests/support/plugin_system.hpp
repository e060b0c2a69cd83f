// A network on hardware that the plugins of the build tree describe: an architecture model, a cost
// model, and whatever else a test makes for them.
#pragma once

#include "built_components.hpp"
#include "layers.hpp"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace imbrex::test {

class PluginSystem {
 public:
  struct Part {
    std::string_view id;
    Settings settings;
  };
  PluginSystem(std::shared_ptr<const Workload> workload, const Part& architecture, const Part& cost)
      : workload_(std::move(workload)),
        model_(make<ArchitectureModel>(architecture.id, architecture.settings,
                                       {workload_.get(), nullptr, nullptr, &host()})),
        cost_(make<CostModel>(cost.id, cost.settings,
                              {workload_.get(), &model_->view(), nullptr, &host()})) {}

  const Workload& workload() const { return *workload_; }
  const std::shared_ptr<const Workload>& shared_workload() const { return workload_; }
  const ArchitectureModel& model() const { return *model_; }
  const Architecture& architecture() const { return model_->view(); }
  const CostModel& cost() const { return *cost_; }
  Context context() const { return {workload_.get(), &architecture(), cost_.get(), &host()}; }
  plugin::Instance<OverlapAnalyzer> analyzer(std::string_view id,
                                             const Settings& settings = {}) const {
    return make<OverlapAnalyzer>(id, settings, context());
  }

  OperatorId id(std::string_view name) const { return find(*workload_, name); }
  std::vector<OperatorId> mapped() const { return mapped_operators(*workload_, *cost_); }
  LayerCost evaluate(OperatorId op, const Placement& placement, const Mapping& mapping) const {
    LayerCost out;
    cost_->evaluate(op, placement, {&mapping, 1}, {&out, 1});
    return out;
  }

 private:
  std::shared_ptr<const Workload> workload_;
  plugin::Instance<ArchitectureModel> model_;
  plugin::Instance<CostModel> cost_;
};

}  // namespace imbrex::test
