// Runs the stages of a plan, or of its baseline, one after another on a fresh design.
#pragma once

#include "run/checks.hpp"
#include "run/objective.hpp"

#include <imbrex/values/result.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace imbrex::run {

struct ChainInput {
  std::shared_ptr<const BoundMachine> machine;
  const recipe::PlannedComponent* cost = nullptr;  // what the machine's cost model was made of
  const recipe::PlannedComponent* architecture = nullptr;  // and its architecture
  std::shared_ptr<const Workload> workload;
  const std::vector<recipe::PlannedComponent>* stages = nullptr;
  plugin::HostServices* services = nullptr;
  std::uint64_t seed = 0;
  Objective objective = Objective::latency;
  Checks checks;
  bool is_baseline = false;  // for who looks on
};

struct ChainOutcome {
  explicit ChainOutcome(std::shared_ptr<const Workload> workload) : design(std::move(workload)) {}

  Design design;                                // with the timeline of the last analysis
  std::shared_ptr<const BoundMachine> machine;  // bound to the workload of the design
  Exactness exactness = Exactness::exact;
  std::vector<std::string> exactness_reasons;  // why not exact
  AnalysisRequest request;                     // of the last analysis
  std::vector<StageResult> stages;
  bool partial = false;
  // Why it is partial when a stage in a process of its own failed (isolation.hpp): the design is
  // what the stages before it left. Empty: nothing failed.
  std::string failure;
};

// After every stage what it decided must be right, and before every analysis the whole design
// (admission.hpp). A stage may leave a design of a split of the workload; the stages after it then
// work on the same chip, bound to that workload. Interrupted: the best design known so far is
// analysed once more, to its end, and marked partial; an analysis is given up only while nothing
// has been scored that would be lost with it. Errors: InfeasibleError, BlamedError naming the
// component, CancelledError when there is no design to keep.
ChainOutcome run_chain(const ChainInput& input);

// Makes the stages and runs none: what a constructor refuses is known before anything is computed.
// Errors: InputError, InfeasibleError, Error naming the stage.
void build_chain(const ChainInput& input);

}  // namespace imbrex::run
