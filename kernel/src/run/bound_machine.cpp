#include "run/bound_machine.hpp"

#include "run/architecture_check.hpp"

#include <utility>

namespace imbrex::run {

BoundMachine::BoundMachine(const recipe::PlannedComponent& architecture,
                           const recipe::PlannedComponent& cost,
                           std::shared_ptr<const Workload> workload, plugin::HostServices& services,
                           std::uint64_t seed)
    : workload_(std::move(workload)) {
  auto chip = std::make_shared<Chip>();
  chip->workload = workload_;
  chip->context.workload = workload_.get();
  chip->context.host = &services.host_for(architecture.id(), seed, 0);
  const plugin::HostServices::Output output(services, architecture.where);
  chip->model = plugin::make_instance<ArchitectureModel>(architecture.config, chip->context);
  check_architecture(architecture.where, chip->model->view());
  cost_context_.workload = workload_.get();
  cost_context_.architecture = &chip->model->view();
  cost_context_.host = &services.host_for(cost.id(), seed, 0);
  chip_ = std::move(chip);
  const plugin::HostServices::Output output_of_cost(services, cost.where);
  make_cost(cost);
}

BoundMachine::BoundMachine(const BoundMachine& same_chip, const recipe::PlannedComponent& cost,
                           std::shared_ptr<const Workload> workload)
    : workload_(std::move(workload)),
      chip_(same_chip.chip_),
      cost_context_(same_chip.cost_context_) {
  cost_context_.workload = workload_.get();
  make_cost(cost);
}

void BoundMachine::make_cost(const recipe::PlannedComponent& cost) {
  cost_ = plugin::make_instance<CostModel>(cost.config, cost_context_);
  guarded_ = std::make_unique<const GuardedCostModel>(cost.where, *cost_, *workload_);
}

BoundMachine::~BoundMachine() = default;

Context BoundMachine::context(Host& host) const noexcept {
  Context context = cost_context_;
  context.cost = guarded_.get();
  context.host = &host;
  return context;
}

}  // namespace imbrex::run
