// File: machine.hpp
//
// The hardware side of a chain: an architecture and a cost model bound to one workload.
#pragma once

#include "plugin/host_services.hpp"
#include "recipe/plan.hpp"

#include <imbrex/architecture_model.hpp>
#include <imbrex/cost_model.hpp>

#include <memory>

namespace imbrex {

// Immutable; neither copied nor moved, because the components keep pointers to each other. Must not
// outlive the registry and the services. [any thread]
class IMBREX_API Machine {
 public:
  Machine(const PlannedComponent& architecture, const PlannedComponent& cost,
          std::shared_ptr<const Workload> workload, HostServices& services, std::uint64_t seed);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  const Workload& workload() const noexcept { return *workload_; }
  const ArchitectureModel& model() const noexcept { return *model_; }
  const Architecture& architecture() const noexcept { return model_->view(); }
  const CostModel& cost() const noexcept { return *cost_; }

  // What a stage or reporter on this machine is constructed with.
  Context context(Host& host) const noexcept;

 private:
  std::shared_ptr<const Workload> workload_;
  Context architecture_context_;
  Context cost_context_;
  Instance<ArchitectureModel> model_;
  Instance<CostModel> cost_;
};

}  // namespace imbrex
