// The hardware side of a chain: an architecture and a cost model made for one workload, and owned.
// What both return is checked (guarded_cost_model.hpp, architecture_check.hpp), so that whoever
// gets them through here may trust the numbers.
#pragma once

#include "plugin/host_services.hpp"
#include "recipe/plan.hpp"
#include "run/guarded_cost_model.hpp"

#include <imbrex/interfaces/architecture_model.hpp>
#include <imbrex/interfaces/cost_model.hpp>

#include <memory>

namespace imbrex::run {

// Immutable; neither copied nor moved, because the components keep pointers to each other. Must not
// outlive the registry and the services. [any thread]
class BoundMachine {
 public:
  BoundMachine(const recipe::PlannedComponent& architecture, const recipe::PlannedComponent& cost,
               std::shared_ptr<const Workload> workload, plugin::HostServices& services,
               std::uint64_t seed);
  // The same chip with a cost model for another workload, e.g. one whose layers a partitioner has
  // split. The architecture is not made anew: a chip that sized itself from the network as it was
  // read keeps that size, and slices of a layer may need a crossbar more than the layer.
  BoundMachine(const BoundMachine& same_chip, const recipe::PlannedComponent& cost,
               std::shared_ptr<const Workload> workload);
  ~BoundMachine();
  BoundMachine(const BoundMachine&) = delete;
  BoundMachine& operator=(const BoundMachine&) = delete;

  const Workload& workload() const noexcept { return *workload_; }
  const ArchitectureModel& model() const noexcept { return *chip_->model; }
  const Architecture& architecture() const noexcept { return chip_->model->view(); }
  const CostModel& cost() const noexcept { return *guarded_; }
  // What components and the language see of it.
  Machine view() const noexcept { return {workload(), architecture(), cost()}; }

  // What a stage or reporter on this machine is constructed with.
  Context context(Host& host) const noexcept;

 private:
  struct Chip {
    std::shared_ptr<const Workload> workload;  // that it was made for
    Context context;
    plugin::Instance<ArchitectureModel> model;
  };

  void make_cost(const recipe::PlannedComponent& cost);

  std::shared_ptr<const Workload> workload_;
  std::shared_ptr<const Chip> chip_;
  Context cost_context_;
  plugin::Instance<CostModel> cost_;
  std::unique_ptr<const GuardedCostModel> guarded_;  // cost_, checked
};

}  // namespace imbrex::run
