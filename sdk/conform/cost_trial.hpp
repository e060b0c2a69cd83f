// A cost model bound to one network, and what it is asked about: operators, placements, mappings.
#pragma once

#include "stand.hpp"

#include <imbrex/interfaces/cost_model.hpp>

#include <optional>
#include <string>
#include <vector>

namespace imbrex::conform {

// One operator on one placement, with mappings that are legal for the operator.
struct CostCase {
  OperatorId op = OperatorId::none;
  Placement placement;
  std::vector<Mapping> mappings;
};

class CostTrial {
 public:
  // Errors: as Stand, and as the cost model's constructor.
  explicit CostTrial(const Stand& stand);

  // As the component answers, unchecked.
  const CostModel& cost() const noexcept { return *cost_; }
  const problems::Network& network() const noexcept { return stand_.network(); }
  const Workload& workload() const noexcept { return *stand_.network(); }
  const Architecture& architecture() const noexcept { return *stand_.context().architecture; }
  Host& host() const noexcept { return *stand_.context().host; }
  const Component& component() const noexcept {
    return stand_.setting().subject.config.component();
  }

  // Of mapped operators, each alone and, where the component declares copies, with several.
  std::vector<CostCase> cases(Random& random) const;
  // The mapping of nobody's search; none where the cost model knows no legal one.
  std::optional<Mapping> canonical(OperatorId op, const Placement& placement,
                                   const JobShape& shape) const;
  std::vector<OperatorId> mapped() const;

  LayerCost evaluated(const CostCase& one, const Mapping& mapping) const;
  // "operator 'c1' (conv) on 2 copies, mapping ..."
  std::string text(const CostCase& one, const Mapping& mapping) const;

 private:
  const Stand& stand_;
  plugin::Instance<CostModel> cost_;
};

// Asks on some random networks of the examination's seed, on every setting. Errors: Skipped when
// what surrounds the cost model takes none of them.
void for_each_cost_trial(Examination& examination,
                         FunctionRef<void(const CostTrial& trial, Random& random)> ask);
// The same for each case of each trial.
void for_each_cost_case(
    Examination& examination,
    FunctionRef<void(const CostTrial& trial, const CostCase& one, Random& random)> ask);

}  // namespace imbrex::conform
