// File: machine.hpp
//
// The hardware and the network that a design is laid out on, as one value: an architecture and a
// cost model bound to one workload. Views; copied freely. Whoever owns the three outlives it.
// [any thread]
#pragma once

#include <imbrex/architecture.hpp>
#include <imbrex/cost_model.hpp>

namespace imbrex {

class Machine {
 public:
  Machine(const Workload& workload, const Architecture& architecture,
          const CostModel& cost) noexcept
      : workload_(&workload), architecture_(&architecture), cost_(&cost) {}

  const Workload& workload() const noexcept { return *workload_; }
  const Architecture& architecture() const noexcept { return *architecture_; }
  const CostModel& cost() const noexcept { return *cost_; }

 private:
  const Workload* workload_;
  const Architecture* architecture_;
  const CostModel* cost_;
};

}  // namespace imbrex
