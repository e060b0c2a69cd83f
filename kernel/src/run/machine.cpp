// File: machine.cpp
#include "run/machine.hpp"

#include <utility>

namespace imbrex {

Machine::Machine(const PlannedComponent& architecture, const PlannedComponent& cost,
                 std::shared_ptr<const Workload> workload, HostServices& services,
                 std::uint64_t seed)
    : workload_(std::move(workload)) {
  architecture_context_.workload = workload_.get();
  architecture_context_.host = &services.host_for(architecture.id(), seed, 0);
  model_ = make_instance<ArchitectureModel>(architecture.config, architecture_context_);
  cost_context_ = architecture_context_;
  cost_context_.architecture = &model_->view();
  cost_context_.host = &services.host_for(cost.id(), seed, 0);
  cost_ = make_instance<CostModel>(cost.config, cost_context_);
}

Machine::~Machine() = default;

Context Machine::context(Host& host) const noexcept {
  Context context = cost_context_;
  context.cost = cost_.get();
  context.host = &host;
  return context;
}

}  // namespace imbrex
